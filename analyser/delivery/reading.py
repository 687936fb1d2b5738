"""Reads a profile's description and SQL, and refuses what is not whole, with its place: before anything is written.

The SQL file holds a SELECT for each kind of file, each under a line `-- file: NAME`.
"""

from __future__ import annotations

import codecs
import hashlib
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyser.coverage.select import SelectError, one_select
from analyser.delivery.profile import PERSON_COLUMNS, Column, File, Format, Part, Profile, Type, near
from analyser.errors import UsageError
from analyser.resources import queries

RESERVED = ("manifest.json", "covering-note.txt", "rejected.csv")
"""Names of files that every delivery may hold beside the profile's own."""

_LINE_ENDS = {"lf": "\n", "crlf": "\r\n"}
_TOP = ("name", "format", "encoding", "line_end", "separator", "quoting", "header", "person", "codes", "file")
_FILE = ("name", "rows", "part", "column", "split_by", "root", "row", "namespace", "xsd")
_COLUMN = ("name", "from", "type", "required", "width", "align", "pad", "format", "partial", "codes", "empty", "value")
_MARK = re.compile(r"^--\s*file:\s*(\S+)\s*$", re.MULTILINE)
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_ELEMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_PATH = re.compile(r"@?[A-Za-z_][A-Za-z0-9_-]*(\.@?[A-Za-z_][A-Za-z0-9_-]*)*")


def read_profile(name: str) -> Profile:
    """A profile by the name of a shipped one, or by the path of a .toml file. Raises UsageError with the place."""
    if name.endswith(".toml"):
        path = Path(name)
    elif _PLAIN.fullmatch(name):
        path = queries("delivery", f"{name}.toml")
    else:
        raise UsageError("that is not a delivery profile", "give a profile's name, or a file that ends with .toml")
    if not path.is_file():
        shipped = sorted(entry.stem for entry in queries("delivery").glob("*.toml"))
        raise UsageError(f"the profile ‘{path.stem}’ is not known", near(path.stem, shipped))
    description, sql = _text(path), _text(path.with_suffix(".sql"))
    try:
        table = tomllib.loads(description)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"the profile {path.name} is not TOML: {error}", "correct it") from None
    statements = _statements(sql, path.with_suffix(".sql").name)
    digest = hashlib.sha256(f"{description}\0{sql}".encode()).hexdigest()
    return _profile(_Table(table, path), statements, digest, neutral=name == "plain")


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of the description, and where it stands."""

    entries: Mapping[str, Any]
    path: Path
    place: str = ""

    def only(self, known: Collection[str]) -> None:
        for key in self.entries:
            if key not in known:
                raise UsageError(f"{self._at()}: unknown key ‘{key}’", near(key, known))

    def text(self, key: str, default: str | None = None) -> str:
        value = self.entries.get(key, default)
        if not isinstance(value, str) or (default is None and not value):
            raise self.wrong(key, "must be a text")
        return value

    def flag(self, key: str, default: bool) -> bool:
        value = self.entries.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "must be true or false")
        return value

    def one_of(self, key: str, known: Collection[str], default: str | None = None) -> str:
        value = self.entries.get(key, default)
        if not isinstance(value, str) or value not in known:
            raise self.wrong(key, f"must be one of {', '.join(known)}")
        return value

    def tables(self, key: str) -> list[_Table]:
        entries = self.entries.get(key)
        if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
            raise self.wrong(key, "must be a list of tables, at least one")
        inside = f"{self.place}, {key}" if self.place else key
        return [_Table(entry, self.path, f"{inside} {n}") for n, entry in enumerate(entries, 1)]

    def wrong(self, key: str, told: str) -> UsageError:
        return UsageError(f"{self._at()}: ‘{key}’ {told}", "see docs/delivery.md")

    def _at(self) -> str:
        return f"the profile {self.path.name}, {self.place}" if self.place else f"the profile {self.path.name}"


def _profile(table: _Table, statements: Mapping[str, str], digest: str, *, neutral: bool) -> Profile:
    table.only(_TOP)
    kind = Format(table.one_of("format", list(Format)))
    encoding = table.text("encoding", "utf-8")
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise table.wrong("encoding", "is not a known encoding") from None
    separator = table.text("separator", ";")
    if len(separator) != 1 or separator in '"\r\n':
        raise table.wrong("separator", "must be one character, not a quote or a line end")
    codes = table.entries.get("codes", {})
    if not isinstance(codes, dict) or not all(
        isinstance(one, dict) and all(isinstance(code, str) for code in one.values()) for one in codes.values()
    ):
        raise table.wrong("codes", "must hold tables of texts")
    files = tuple(_file(entry, kind, statements, codes) for entry in table.tables("file"))
    if len({file.name for file in files}) < len(files):
        raise table.wrong("file", "has one name twice")
    if not any(file.part is Part.EPISODES for file in files):
        raise table.wrong("file", "has no part ‘episodes’: nothing that is mandatory would be delivered")
    return Profile(
        name=table.text("name", table.path.stem),
        format=kind,
        files=files,
        statements=statements,
        digest=digest,
        encoding=encoding,
        line_end=_LINE_ENDS[table.one_of("line_end", _LINE_ENDS, "lf")],
        separator=separator,
        quoting=table.one_of("quoting", ("minimal", "all", "never"), "minimal"),
        header=table.flag("header", kind is Format.CSV),
        person=table.one_of("person", ("any", "henkilotunnus"), "any"),
        neutral=neutral,
    )


def _file(table: _Table, kind: Format, statements: Mapping[str, str], codes: Mapping[str, Any]) -> File:
    table.only(_FILE)
    name = table.text("name")
    bare = name.replace("{period}", "p").replace("{value}", "v")
    if not _PLAIN.fullmatch(bare) or name in RESERVED:
        raise table.wrong("name", "must be a plain file name, with {period} and {value} at most")
    rows = table.one_of("rows", statements)
    columns = tuple(_column(entry, kind, codes) for entry in table.tables("column"))
    names = [column.name for column in columns]
    if len(set(names)) < len(names):
        raise table.wrong("column", "has one name twice")
    if kind in (Format.JSON, Format.JSONL, Format.XML):
        for path in names:
            if not _PATH.fullmatch(path) or any(other.startswith(f"{path}.") for other in names):
                raise table.wrong("column", f"has ‘{path}’, which is no path of names, or holds another")
    split_by = table.text("split_by", "") or None
    split = next((column for column in columns if column.name == split_by), None)
    if split_by and (split is None or split.type not in (Type.CODE, Type.OID) or split.source in PERSON_COLUMNS):
        raise table.wrong(
            "split_by", "must name a column of the file, of the type code or oid, that is not about the person"
        )
    if (split_by is not None) != ("{value}" in name):
        raise table.wrong("name", "holds {value} exactly when the file is split")
    xsd = table.text("xsd", "")
    if xsd and kind is not Format.XML:
        raise table.wrong("xsd", "belongs to the format xml")
    root = table.text("root", "rows" if kind is Format.XML else "")
    row = table.text("row", "row")
    if kind is Format.XML and not (_ELEMENT.fullmatch(root) and _ELEMENT.fullmatch(row)):
        raise table.wrong("root", "and ‘row’ must be names of elements")
    return File(
        name=name,
        rows=rows,
        part=Part(table.one_of("part", list(Part))),
        columns=columns,
        split_by=split_by,
        root=root,
        row=row,
        namespace=table.text("namespace", ""),
        xsd=table.path.parent / xsd if xsd else None,
    )


def _column(table: _Table, kind: Format, codes: Mapping[str, Any]) -> Column:
    table.only(_COLUMN)
    name = table.text("name")
    width = table.entries.get("width", 0)
    if not isinstance(width, int) or isinstance(width, bool) or (width > 0) != (kind is Format.FIXED):
        raise table.wrong("width", "must be a number from 1 in the format fixed, and absent elsewhere")
    pad = table.text("pad", " ")
    if len(pad) != 1 or not pad.isprintable():
        raise table.wrong("pad", "must be one character")
    mapped = table.text("codes", "")
    if mapped and mapped not in codes:
        raise table.wrong("codes", f"names no table of [codes]; there are: {', '.join(codes) or 'none'}")
    return Column(
        name=name,
        source=table.text("from", name),
        type=Type(table.one_of("type", list(Type))),
        required=table.flag("required", True),
        width=width,
        align=table.one_of("align", ("left", "right"), "left"),
        pad=pad,
        format=table.text("format", "%Y-%m-%d"),
        partial=table.flag("partial", False),
        codes=codes[mapped] if mapped else None,
        empty=table.text("empty", ""),
        constant=table.text("value") if "value" in table.entries else None,
    )


def _statements(sql: str, file: str) -> dict[str, str]:
    marks = list(_MARK.finditer(sql))
    found: dict[str, str] = {}
    for mark, following in zip(marks, [*marks[1:], None][: len(marks)], strict=True):
        body = sql[mark.end() : following.start() if following else len(sql)]
        try:
            statement = one_select(body)
        except SelectError as error:
            raise UsageError(f"{file}: ‘{mark[1]}’ {error}", "correct it") from None
        if mark[1] in found:
            raise UsageError(f"{file}: ‘{mark[1]}’ stands there twice", "correct it")
        found[mark[1]] = statement
    if not found:
        raise UsageError(f"{file} has no statement under a line ‘-- file: NAME’", "see docs/delivery.md")
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(f"the profile's file {path.name} does not exist", "it stands beside the .toml") from None
    except UnicodeDecodeError:
        raise UsageError(f"the profile's file {path.name} is not UTF-8", "save it as UTF-8") from None
