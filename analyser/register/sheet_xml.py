"""What a sheet's own XML tells and the library that reads its cells does not, read a piece at a time.

A formula whose value was never stored reads as an empty cell, and an empty end would be an open episode. A length of
time reads as a day.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

import polars as pl

from analyser.messages.catalogue import Message
from analyser.messages.errors import UsageError
from analyser.register.headings import Heading

_BLOCK = 2**20
_TELLING = re.compile(rb"<(?:[A-Za-z]+:)?f[\s/>]")
"""A formula; without any, an XLSX sheet says nothing that its cells do not say."""
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
"""A number format that shows a length of time."""
_ELAPSED_BUILT_IN = "46"
"""`[h]:mm:ss`, which a workbook need not write out."""
_OVERLAP = 32
"""Bytes of a block that are looked at again with the next."""
_ODS_TELLING = re.compile(rb"value-type=[\"']error[\"']|table:formula=")


def sheet_parts(path: Path) -> dict[str, str]:
    """The member that holds each sheet of an XLSX workbook."""
    relations = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    with zipfile.ZipFile(path) as parts:
        names = set(parts.namelist())
        if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
            return {}  # a binary workbook stores every value
        related = _elements(parts, "xl/_rels/workbook.xml.rels", "Relationship")
        targets = {one.get("Id"): one.get("Target") or "" for one in related}
        found = {}
        for sheet in _elements(parts, "xl/workbook.xml", "sheet"):
            attributes = dict(sheet)
            reference = attributes.get(relations) or next(
                (value for key, value in attributes.items() if key.endswith("}id")), None
            )
            target = targets.get(reference, "")
            member = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
            if member in names:
                found[attributes.get("name", "")] = member
    return found


def _elements(parts: zipfile.ZipFile, member: str, tag: str) -> list[Any]:
    """The attributes of all elements of a name in a small part."""
    from lxml import etree

    with parts.open(member) as opened:
        found = etree.iterparse(opened, events=("end",), resolve_entities=False, no_network=True, load_dtd=False)
        return [dict(element.attrib) for _, element in found if etree.QName(element).localname == tag]


def unstored(
    path: Path, form: str, member: str | None, cells: pl.DataFrame, heading: Heading, name: str
) -> list[tuple[int, int, Message]]:
    """Cells of formulas whose value was never stored, and lengths of time: row, place among the cells, reason.

    `member`: where the sheet lies in an XLSX workbook, None where that is not known. Raises UsageError for an .ods
    workbook that shows errors or holds what was never computed.
    """
    reason = Message("errors.cell.no_stored_value")
    if form == "XLS":
        # An .xls file stores a value with each formula; a writer that computes nothing stores an empty text.
        return [
            (row + 1, int(place), reason)
            for place in cells.columns
            for row in cells.select((pl.col(place) == "").arg_true()).to_series().to_list()
        ]
    if form == "ODS":
        _whole_ods(path, name)
        return []
    if member is None:
        return []
    with zipfile.ZipFile(path) as parts:
        elapsed = _elapsed_styles(parts)
        telling = re.compile(b"|".join([_TELLING.pattern, *(rb"\ss=[\"']%s[\"']" % one.encode() for one in elapsed)]))
        if not _holds(parts, member, telling):
            return []
        empty, lengths, first, header = _formulas(parts, member, heading.row, elapsed)
    # The library's first column is the first that holds anything; the header's cells say which that is.
    places = [place for place, cell in enumerate(cells.row(heading.row - 1)) if cell is not None]
    offset = header[0] - places[0] if len(header) == len(places) else first
    length = Message("errors.cell.elapsed")
    return [
        *((row, column - offset, reason) for row, column in empty),
        *((row, column - offset, length) for row, column in lengths),
    ]


def _holds(parts: zipfile.ZipFile, member: str, telling: re.Pattern[bytes]) -> bool:
    with parts.open(member) as opened:
        tail = b""
        while block := opened.read(_BLOCK):
            if telling.search(tail + block):
                return True
            tail = block[-_OVERLAP:]
    return False


def _elapsed_styles(parts: zipfile.ZipFile) -> frozenset[str]:
    """Numbers of the cell styles that show a length of time: `[h]:mm` shows a day and a half as 36:00."""
    from lxml import etree

    if "xl/styles.xml" not in parts.namelist():
        return frozenset()
    formats: set[str] = {_ELAPSED_BUILT_IN}
    styles: list[str] = []
    inside = False
    with parts.open("xl/styles.xml") as opened:
        for event, element in etree.iterparse(
            opened, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
        ):
            name = etree.QName(element).localname
            if name == "cellXfs":
                inside = event == "start"
            elif event == "end" and name == "numFmt" and _ELAPSED.search(element.get("formatCode") or ""):
                formats.add(element.get("numFmtId") or "")
            elif event == "end" and name == "xf" and inside:
                styles.append(element.get("numFmtId") or "")
    return frozenset(str(number) for number, one in enumerate(styles) if one in formats)


def _formulas(
    parts: zipfile.ZipFile, member: str, header_row: int, elapsed: frozenset[str]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]], int, list[int]]:
    """(row, column) of formulas without a value and of lengths of time, the first column that holds anything, and the
    header's columns. `elapsed`: styles that show a length of time."""
    from lxml import etree

    empty: list[tuple[int, int]] = []
    lengths: list[tuple[int, int]] = []
    header: list[int] = []
    first = 2**14
    row = 0
    with parts.open(member) as opened:
        for _, element in etree.iterparse(
            opened, events=("end",), tag="{*}row", resolve_entities=False, no_network=True, load_dtd=False
        ):
            row = int(element.get("r") or row + 1)
            column = -1
            for cell in element:
                column = _column(cell.get("r")) if cell.get("r") else column + 1
                formula = stored = False
                for part in cell:
                    local = part.tag.rpartition("}")[2] if isinstance(part.tag, str) else ""
                    formula = formula or local == "f"
                    stored = stored or (local == "v" and (bool(part.text) or cell.get("t") == "str")) or local == "is"
                if stored:
                    first = min(first, column)
                    if row == header_row:
                        header.append(column)
                    if cell.get("s") in elapsed and cell.get("t") in (None, "n"):
                        lengths.append((row, column))
                elif formula:
                    empty.append((row, column))
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return empty, lengths, first, header


def _column(reference: str) -> int:
    """The column of `AB12`, from 0."""
    number = 0
    for letter in reference:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter.upper()) - 64
    return number - 1


def _whole_ods(path: Path, name: str) -> None:
    """Raise UsageError for cells that an .ods file shows as errors or never computed, and that read as nothing."""
    from lxml import etree

    with zipfile.ZipFile(path) as parts:
        if not _holds(parts, "content.xml", _ODS_TELLING):
            return
        with parts.open("content.xml") as opened:
            for _, cell in etree.iterparse(
                opened, events=("end",), tag="{*}table-cell", resolve_entities=False, no_network=True, load_dtd=False
            ):
                told = {key.rpartition("}")[2]: value for key, value in cell.attrib.items()}
                kinds = [value for key, value in cell.attrib.items() if key.endswith("}value-type")]
                if ("formula" in told and not kinds) or "error" in kinds:
                    raise UsageError("register.ods_errors", file=name)
                cell.clear()
