"""Reads a profile's description and SQL, and refuses what is not whole, with its place: before anything is written.

The SQL file holds a SELECT for each kind of file, each under a line `-- file: NAME`.
"""

from __future__ import annotations

import codecs
import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyser.coverage.select import SelectError, one_select
from analyser.delivery.folder import is_file_name
from analyser.delivery.formats import xml_knows
from analyser.delivery.profile import PERSON_COLUMNS, File, Format, Part, Profile, ProfileColumn, Type
from analyser.delivery.workbook import shows_days
from analyser.messages.catalogue import Message
from analyser.messages.errors import UsageError
from analyser.messages.suggestion import suggestion
from analyser.system.ordinary_files import NoOrdinaryFileError, ordinary_text
from analyser.system.resources import queries

_NEUTRAL = "plain"
_LINE_ENDS = {"lf": "\n", "crlf": "\r\n"}
_TOP = (
    "name", "format", "encoding", "line_end", "separator", "quoting", "header", "person", "formulas", "codes", "file",
)  # fmt: skip
_FILE = ("name", "rows", "part", "column", "split_by", "root", "row", "namespace", "xsd")
_COLUMN = ("name", "from", "type", "required", "width", "align", "pad", "format", "partial", "codes", "empty", "value")
_OF_TEXT = tuple(kind for kind in Format if kind is not Format.XLSX)
_OF_FORMAT: Mapping[str, tuple[Format, ...]] = {
    "encoding": _OF_TEXT,
    "line_end": _OF_TEXT,
    "separator": (Format.CSV,),
    "quoting": (Format.CSV,),
    "header": (Format.CSV, Format.FIXED, Format.XLSX),
    "root": (Format.JSON, Format.XML),
    "row": (Format.XML,),
    "namespace": (Format.XML,),
    "xsd": (Format.XML,),
    "width": (Format.FIXED,),
    "align": (Format.FIXED,),
    "pad": (Format.FIXED,),
}
"""Keys that belong to some formats only."""
_OF_DATES = ("format", "partial")
_NO_TEXT = ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined")
"""Encodings of Python that stand for no file's encoding."""
_MARK = re.compile(r"^--\s*file:\s*(\S+)\s*$", re.MULTILINE)
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_ELEMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_PATH = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*\.)*@?[A-Za-z_][A-Za-z0-9_-]*")
_DATE_FORMAT = re.compile(r"([^%\x00-\x1f]|%[Yymdj%])+")


def read_profile(name: str) -> Profile:
    """A profile by the name of a shipped one, or by the path of a .toml file. Raises UsageError with the place."""
    if name.endswith(".toml"):
        path = Path(name)
    elif _PLAIN.fullmatch(name):
        path = queries("delivery", f"{name}.toml")
    else:
        raise UsageError("profile.not_a_name")
    if not path.is_file():
        shipped = sorted(entry.stem for entry in queries("delivery").glob("*.toml"))
        raise UsageError("profile.unknown", hint=suggestion(path.stem, shipped), name=path.stem)
    description, sql = _text(path), _text(path.with_suffix(".sql"))
    try:
        table = tomllib.loads(description)
    except tomllib.TOMLDecodeError as error:
        raise UsageError("profile.not_toml", file=path.name, error=error) from None
    statements = _statements(sql, path.with_suffix(".sql").name)
    if path.stem == _NEUTRAL and name != _NEUTRAL:
        raise UsageError("profile.neutral_name", name=_NEUTRAL)
    digest = hashlib.sha256(f"{description}\0{sql}".encode()).hexdigest()
    return _profile(_Table(table, path), statements, digest, neutral=name == _NEUTRAL)


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of the description, and where it stands."""

    entries: Mapping[str, Any]
    path: Path
    place: str = ""

    def only(self, known: Collection[str]) -> None:
        for key in self.entries:
            if key not in known:
                raise UsageError("profile.unknown_key", hint=suggestion(key, known), place=self._at(), key=key)

    def fits(self, kind: Format) -> None:
        for key in self.entries:
            if kind not in _OF_FORMAT.get(key, (kind,)):
                raise self.wrong(key, "other_format", format=kind)

    def text(self, key: str, default: str | None = None) -> str:
        value = self.entries.get(key, default)
        if not isinstance(value, str) or (default is None and not value):
            raise self.wrong(key, "text")
        return value

    def flag(self, key: str, default: bool) -> bool:
        value = self.entries.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "flag")
        return value

    def plain_text(self, key: str, encoding: str, default: str | None = None) -> str:
        """A text that goes into the files: without control characters, and inside the encoding."""
        value = self.text(key, default)
        if any(unicodedata.category(character) == "Cc" for character in value):
            raise self.wrong(key, "control_character")
        try:
            value.encode(encoding)
        except UnicodeEncodeError:
            raise self.wrong(key, "not_in_encoding", encoding=encoding) from None
        return value

    def one_of(self, key: str, known: Collection[str], default: str | None = None) -> str:
        value = self.entries.get(key, default)
        if not isinstance(value, str) or value not in known:
            raise self.wrong(key, "one_of", known=list(known))
        return value

    def tables(self, key: str) -> list[_Table]:
        entries = self.entries.get(key)
        if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
            raise self.wrong(key, "tables")
        inside = f"{self.place}, {key}" if self.place else key
        return [_Table(entry, self.path, f"{inside} {n}") for n, entry in enumerate(entries, 1)]

    def wrong(self, key: str, objection: str, /, **values: object) -> UsageError:
        told = Message(f"errors.profile.wrong.{objection}", values)
        return UsageError("profile.wrong_key", place=self._at(), key=key, told=told)

    def _at(self) -> str:
        return f"{self.path.name}, {self.place}" if self.place else self.path.name


def _profile(table: _Table, statements: Mapping[str, str], digest: str, *, neutral: bool) -> Profile:
    table.only(_TOP)
    kind = Format(table.one_of("format", list(Format)))
    table.fits(kind)
    encoding = _encoding(table, kind)
    separator = table.plain_text("separator", encoding, ";")
    if len(separator) != 1 or separator == '"':
        raise table.wrong("separator", "separator")
    codes = table.entries.get("codes", {})
    if not isinstance(codes, dict) or not all(
        isinstance(one, dict) and all(isinstance(code, str) for code in one.values()) for one in codes.values()
    ):
        raise table.wrong("codes", "tables_of_texts")
    for name, one in codes.items():
        inside = _Table(one, table.path, f"codes.{name}")
        for code in one:
            inside.plain_text(code, encoding)
    files = tuple(_file(entry, kind, encoding, statements, codes) for entry in table.tables("file"))
    if len({file.name.casefold() for file in files}) < len(files):
        raise table.wrong("file", "name_twice")
    if not any(file.part is Part.EPISODES for file in files):
        raise table.wrong("file", "no_episodes")
    profile = Profile(
        name=table.plain_text("name", "utf-8", table.path.stem),
        format=kind,
        files=files,
        statements=statements,
        digest=digest,
        encoding=encoding,
        line_end=_LINE_ENDS[table.one_of("line_end", _LINE_ENDS, "lf")],
        separator=separator,
        quoting=table.one_of("quoting", ("minimal", "all", "never"), "minimal"),
        header=table.flag("header", kind in (Format.CSV, Format.XLSX)),
        person=table.one_of("person", ("any", "henkilotunnus"), "any"),
        formulas=table.one_of("formulas", ("keep", "refuse"), "keep"),
        neutral=neutral,
    )
    if profile.header:
        _assert_header(table, profile)
    return profile


def _encoding(table: _Table, kind: Format) -> str:
    """The encoding, by the name that Python gives it: it writes plain characters, and readers of XML know it."""
    name = table.text("encoding", "utf-8")
    try:
        encoding = codecs.lookup(name).name
        if encoding.replace("-", "_") in _NO_TEXT or "Aa0;".encode(encoding).decode(encoding) != "Aa0;":
            raise LookupError
    except (LookupError, UnicodeError):
        raise table.wrong("encoding", "encoding") from None
    if kind is Format.XML and not xml_knows(encoding):
        raise table.wrong("encoding", "encoding_of_xml")
    return encoding


def _assert_header(table: _Table, profile: Profile) -> None:
    for file in profile.files:
        for column in file.columns:
            if profile.format is Format.FIXED and len(column.name) > column.width:
                raise table.wrong("header", "header_too_wide", column=column.name, file=file.name)
            if profile.quoting == "never" and (profile.separator in column.name or '"' in column.name):
                raise table.wrong("header", "header_quote", column=column.name, file=file.name)


def _file(table: _Table, kind: Format, encoding: str, statements: Mapping[str, str], codes: Mapping[str, Any]) -> File:
    table.only(_FILE)
    table.fits(kind)
    name = table.text("name")
    if not is_file_name(name.replace("{period}", "p").replace("{value}", "v")):
        raise table.wrong("name", "file_name")
    rows = table.one_of("rows", statements)
    columns = tuple(_column(entry, kind, encoding, codes) for entry in table.tables("column"))
    names = [column.name for column in columns]
    if len(set(names)) < len(names):
        raise table.wrong("column", "name_twice")
    if kind in (Format.JSON, Format.JSONL, Format.XML):
        for path in names:
            if not _PATH.fullmatch(path) or any(other.startswith(f"{path}.") for other in names):
                raise table.wrong("column", "path", path=path)
    split_by = table.text("split_by", "") or None
    split = next((column for column in columns if column.name == split_by), None)
    if split_by and (split is None or split.type not in (Type.CODE, Type.OID) or split.source in PERSON_COLUMNS):
        raise table.wrong("split_by", "split_by")
    if (split_by is not None) != ("{value}" in name):
        raise table.wrong("name", "value_mark")
    xsd = table.text("xsd", "")
    root = table.text("root", "rows" if kind is Format.XML else "")
    row = table.text("row", "row")
    if kind is Format.XML and not (_ELEMENT.fullmatch(root) and _ELEMENT.fullmatch(row)):
        raise table.wrong("root", "elements")
    namespace = table.plain_text("namespace", encoding, "")
    if any(character.isspace() for character in namespace):
        raise table.wrong("namespace", "white_space")
    return File(
        name=name,
        rows=rows,
        part=Part(table.one_of("part", list(Part))),
        columns=columns,
        split_by=split_by,
        root=root,
        row=row,
        namespace=namespace,
        xsd=table.path.parent / xsd if xsd else None,
    )


def _column(table: _Table, kind: Format, encoding: str, codes: Mapping[str, Any]) -> ProfileColumn:
    table.only(_COLUMN)
    table.fits(kind)
    type_ = Type(table.one_of("type", list(Type)))
    for key in _OF_DATES:
        if key in table.entries and type_ is not Type.DATE:
            raise table.wrong(key, "only_of_date")
    name = table.plain_text("name", encoding)
    width = table.entries.get("width", 0)
    if not isinstance(width, int) or isinstance(width, bool) or (width > 0) != (kind is Format.FIXED):
        raise table.wrong("width", "width")
    pad = table.plain_text("pad", encoding, " ")
    if len(pad) != 1:
        raise table.wrong("pad", "one_character")
    mapped = table.text("codes", "")
    if mapped and mapped not in codes:
        raise table.wrong("codes", "no_codes", known=list(codes) or "–")
    if mapped and type_ is Type.DATE:
        raise table.wrong("codes", "codes_of_date")
    date_format = table.plain_text("format", encoding, "%Y-%m-%d")
    if not _DATE_FORMAT.fullmatch(date_format) or not _tells_a_day(date_format):
        raise table.wrong("format", "date_format")
    if kind is Format.XLSX and not shows_days(date_format):
        raise table.wrong("format", "date_of_xlsx")
    column = ProfileColumn(
        name=name,
        source=table.text("from", name),
        type=type_,
        required=table.flag("required", True),
        width=width,
        align=table.one_of("align", ("left", "right"), "left"),
        pad=pad,
        format=date_format,
        partial=table.flag("partial", False),
        codes=codes[mapped] if mapped else None,
        empty=table.plain_text("empty", encoding, ""),
        constant=table.plain_text("value", encoding) if "value" in table.entries else None,
    )
    own = {"empty": (column.empty,), "value": (column.constant or "",), "codes": (column.codes or {}).values()}
    for key, values in own.items():
        if width and any(len(value) > width for value in values):
            raise table.wrong(key, "too_wide")
        if type_ is Type.INTEGER and not all(value.isdecimal() and value.isascii() for value in values if value):
            raise table.wrong(key, "whole_number")
    return column


def _tells_a_day(date_format: str) -> bool:
    marks = set(re.findall("%(.)", date_format))
    return bool(marks & {"Y", "y"}) and ({"m", "d"} <= marks or "j" in marks)


def _statements(sql: str, file: str) -> dict[str, str]:
    marks = list(_MARK.finditer(sql))
    found: dict[str, str] = {}
    for mark, following in zip(marks, [*marks[1:], None][: len(marks)], strict=True):
        body = sql[mark.end() : following.start() if following else len(sql)]
        try:
            statement = one_select(body)
        except SelectError as error:
            raise UsageError("profile.bad_statement", file=file, name=mark[1], told=error.told) from None
        if mark[1] in found:
            raise UsageError("profile.statement_twice", file=file, name=mark[1])
        found[mark[1]] = statement
    if not found:
        raise UsageError("profile.no_statement", file=file)
    return found


def _text(path: Path) -> str:
    try:
        return ordinary_text(path)
    except FileNotFoundError:
        raise UsageError("profile.file_missing", file=path.name) from None
    except NoOrdinaryFileError:
        raise UsageError("profile.no_ordinary_file", file=path.name) from None
    except UnicodeDecodeError:
        raise UsageError("profile.not_utf8", file=path.name) from None
