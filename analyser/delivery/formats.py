"""From expressed rows to the bytes of a file: CSV, fixed width, JSON, JSON lines, XML, workbooks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from lxml import etree

from analyser.delivery.profile import File, Format, Profile, ProfileColumn, Type
from analyser.delivery.values import Row
from analyser.delivery.workbook import workbook
from analyser.messages.errors import UsageError


def file_bytes(profile: Profile, file: File, rows: Sequence[Row]) -> bytes:
    """The whole file. Values are already known to be expressible."""
    match profile.format:
        case Format.CSV:
            return _lines(profile, _csv(profile, file, rows))
        case Format.FIXED:
            return _lines(profile, _fixed(profile, file, rows))
        case Format.JSONL:
            return _lines(profile, (_json(_tree(file.columns, row)) for row in rows))
        case Format.JSON:
            array: Any = [_tree(file.columns, row) for row in rows]
            return _lines(profile, [_json({file.root: array} if file.root else array)])
        case Format.XML:
            return _xml(profile, file, rows)
        case Format.XLSX:
            return workbook(profile, file, rows)


def xml_knows(encoding: str) -> bool:
    """Whether a document in this encoding can be declared so that readers of XML understand it."""
    try:
        etree.fromstring(f'<?xml version="1.0" encoding="{_declared(encoding)}"?><a/>'.encode(encoding))
    except etree.XMLSyntaxError:
        return False
    return True


def _declared(encoding: str) -> str:
    """The name of an encoding in XML, from its name in Python."""
    if encoding == "utf-8-sig":
        return "UTF-8"
    return re.sub(r"^cp(125\d)$", r"windows-\1", re.sub(r"^iso8859", "ISO-8859", encoding))


def load_schema(path: Path) -> Any:
    """The XSD of a profile, without any access to the network. Raises UsageError when it cannot be used."""
    parser = etree.XMLParser(no_network=True, resolve_entities=False, load_dtd=False)
    try:
        return etree.XMLSchema(etree.parse(str(path), parser))
    except OSError:
        raise UsageError("profile.schema_unreadable", file=path.name) from None
    except (etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
        told = str(error).splitlines()[0][:200]
        raise UsageError("profile.no_xsd", file=path.name, told=told) from None


def schema_faults(schema: Any, data: bytes) -> list[tuple[int | None, str]]:
    """What the schema objects to: 0-based row (None: the file as a whole) and the element's name.

    The validator's own words are not passed on: they repeat the value.
    """
    document = etree.fromstring(data, etree.XMLParser(no_network=True, resolve_entities=False, huge_tree=True))
    if schema.validate(document):
        return []
    ordinals = {row: ordinal for ordinal, row in enumerate(document)}
    found = []
    for error in schema.error_log:
        element = _element(document, error.path)
        above = [element, *element.iterancestors()]
        row = ordinals[above[-2]] if len(above) > 1 else None
        found.append((row, etree.QName(element).localname))
    return found


def _element(document: Any, path: str | None) -> Any:
    """What an error is about; of an attribute its element."""
    found = next(iter(document.xpath(path)), document) if path else document
    return found if etree.iselement(found) else found.getparent()


def _lines(profile: Profile, lines: Iterable[str]) -> bytes:
    return "".join(f"{line}{profile.line_end}" for line in lines).encode(profile.encoding)


def _csv(profile: Profile, file: File, rows: Sequence[Row]) -> Iterable[str]:
    def cell(value: str | None) -> str:
        text = value or ""
        quoted = profile.quoting == "all" or (
            profile.quoting == "minimal" and (profile.separator in text or '"' in text)
        )
        return '"' + text.replace('"', '""') + '"' if quoted else text

    if profile.header:
        yield profile.separator.join(cell(column.name) for column in file.columns)
    for row in rows:
        yield profile.separator.join(map(cell, row))


def _fixed(profile: Profile, file: File, rows: Sequence[Row]) -> Iterable[str]:
    def cell(column: ProfileColumn, value: str) -> str:
        if column.align == "right":
            return value.rjust(column.width, column.pad)
        return value.ljust(column.width, column.pad)

    if profile.header:
        yield "".join(cell(column, column.name) for column in file.columns)
    for row in rows:
        yield "".join(cell(column, value or "") for column, value in zip(file.columns, row, strict=True))


def _tree(columns: Sequence[ProfileColumn], row: Row) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for column, value in zip(columns, row, strict=True):
        *path, last = column.name.split(".")
        place = tree
        for name in path:
            place = place.setdefault(name, {})
        place[last] = int(value) if column.type is Type.INTEGER and value else value
    return tree


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _xml(profile: Profile, file: File, rows: Sequence[Row]) -> bytes:
    space = f"{{{file.namespace}}}" if file.namespace else ""
    root = etree.Element(f"{space}{file.root}", nsmap={None: file.namespace} if file.namespace else None)
    for row in rows:
        _grow(etree.SubElement(root, f"{space}{file.row}"), _tree(file.columns, row), space)
    etree.indent(root, "")
    written: str = etree.tostring(root, encoding="unicode")
    whole = f'<?xml version="1.0" encoding="{_declared(profile.encoding)}"?>\n{written}\n'
    return whole.replace("\n", profile.line_end).encode(profile.encoding)


def _grow(parent: Any, tree: dict[str, Any], space: str) -> None:
    for name, value in tree.items():
        if value is None:
            continue
        if name.startswith("@"):
            parent.set(name[1:], str(value))
            continue
        child = etree.SubElement(parent, f"{space}{name}")
        if isinstance(value, dict):
            _grow(child, value, space)
        else:
            child.text = str(value)
