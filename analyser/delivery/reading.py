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
from analyser.delivery.profile import PERSON_COLUMNS, Column, File, Format, Part, Profile, Type, near
from analyser.errors import UsageError
from analyser.resources import queries

_NEUTRAL = "plain"
_LINE_ENDS = {"lf": "\n", "crlf": "\r\n"}
_TOP = (
    "name", "format", "encoding", "line_end", "separator", "quoting", "header", "person", "formulas", "codes", "file",
)  # fmt: skip
_FILE = ("name", "rows", "part", "column", "split_by", "root", "row", "namespace", "xsd")
_COLUMN = ("name", "from", "type", "required", "width", "align", "pad", "format", "partial", "codes", "empty", "value")
_OF_FORMAT: Mapping[str, tuple[Format, ...]] = {
    "separator": (Format.CSV,),
    "quoting": (Format.CSV,),
    "header": (Format.CSV, Format.FIXED),
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
    if path.stem == _NEUTRAL and name != _NEUTRAL:
        raise UsageError(f"‘{_NEUTRAL}’ is the name of the neutral profile", "give your own another name")
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
                raise UsageError(f"{self._at()}: unknown key ‘{key}’", near(key, known))

    def fits(self, kind: Format) -> None:
        for key in self.entries:
            if kind not in _OF_FORMAT.get(key, (kind,)):
                raise self.wrong(key, f"does not belong to the format {kind}")

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

    def plain_text(self, key: str, encoding: str, default: str | None = None) -> str:
        """A text that goes into the files: without control characters, and inside the encoding."""
        value = self.text(key, default)
        if any(unicodedata.category(character) == "Cc" for character in value):
            raise self.wrong(key, "holds a control character")
        try:
            value.encode(encoding)
        except UnicodeEncodeError:
            raise self.wrong(key, f"holds a character that {encoding} does not have") from None
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
    table.fits(kind)
    encoding = _encoding(table, kind)
    separator = table.plain_text("separator", encoding, ";")
    if len(separator) != 1 or separator == '"':
        raise table.wrong("separator", "must be one character, not a quote")
    codes = table.entries.get("codes", {})
    if not isinstance(codes, dict) or not all(
        isinstance(one, dict) and all(isinstance(code, str) for code in one.values()) for one in codes.values()
    ):
        raise table.wrong("codes", "must hold tables of texts")
    for name, one in codes.items():
        inside = _Table(one, table.path, f"codes.{name}")
        for code in one:
            inside.plain_text(code, encoding)
    files = tuple(_file(entry, kind, encoding, statements, codes) for entry in table.tables("file"))
    if len({file.name.casefold() for file in files}) < len(files):
        raise table.wrong("file", "has one name twice")
    if not any(file.part is Part.EPISODES for file in files):
        raise table.wrong("file", "has no part ‘episodes’: nothing that is mandatory would be delivered")
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
        header=table.flag("header", kind is Format.CSV),
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
        raise table.wrong("encoding", "is not a known encoding") from None
    if kind is Format.XML and not xml_knows(encoding):
        raise table.wrong("encoding", "is none that readers of XML know")
    return encoding


def _assert_header(table: _Table, profile: Profile) -> None:
    for file in profile.files:
        for column in file.columns:
            if profile.format is Format.FIXED and len(column.name) > column.width:
                raise table.wrong("header", f"of ‘{column.name}’ is wider than its column in {file.name}")
            if profile.quoting == "never" and (profile.separator in column.name or '"' in column.name):
                raise table.wrong("header", f"of ‘{column.name}’ would need a quote in {file.name}")


def _file(table: _Table, kind: Format, encoding: str, statements: Mapping[str, str], codes: Mapping[str, Any]) -> File:
    table.only(_FILE)
    table.fits(kind)
    name = table.text("name")
    if not is_file_name(name.replace("{period}", "p").replace("{value}", "v")):
        raise table.wrong("name", "must be a plain file name of its own, with {period} and {value} at most")
    rows = table.one_of("rows", statements)
    columns = tuple(_column(entry, kind, encoding, codes) for entry in table.tables("column"))
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
    root = table.text("root", "rows" if kind is Format.XML else "")
    row = table.text("row", "row")
    if kind is Format.XML and not (_ELEMENT.fullmatch(root) and _ELEMENT.fullmatch(row)):
        raise table.wrong("root", "and ‘row’ must be names of elements")
    namespace = table.plain_text("namespace", encoding, "")
    if any(character.isspace() for character in namespace):
        raise table.wrong("namespace", "holds white space")
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


def _column(table: _Table, kind: Format, encoding: str, codes: Mapping[str, Any]) -> Column:
    table.only(_COLUMN)
    table.fits(kind)
    type_ = Type(table.one_of("type", list(Type)))
    for key in _OF_DATES:
        if key in table.entries and type_ is not Type.DATE:
            raise table.wrong(key, "belongs to the type date")
    name = table.plain_text("name", encoding)
    width = table.entries.get("width", 0)
    if not isinstance(width, int) or isinstance(width, bool) or (width > 0) != (kind is Format.FIXED):
        raise table.wrong("width", "must be a number from 1 in the format fixed, and absent elsewhere")
    pad = table.plain_text("pad", encoding, " ")
    if len(pad) != 1:
        raise table.wrong("pad", "must be one character")
    mapped = table.text("codes", "")
    if mapped and mapped not in codes:
        raise table.wrong("codes", f"names no table of [codes]; there are: {', '.join(codes) or 'none'}")
    if mapped and type_ is Type.DATE:
        raise table.wrong("codes", "does not go with a date")
    date_format = table.plain_text("format", encoding, "%Y-%m-%d")
    if not _DATE_FORMAT.fullmatch(date_format) or not _tells_a_day(date_format):
        raise table.wrong("format", "must tell year, month and day by %Y or %y, %m, %d (or %j), and nothing else")
    column = Column(
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
            raise table.wrong(key, "is wider than the column")
        if type_ is Type.INTEGER and not all(value.isdecimal() and value.isascii() for value in values if value):
            raise table.wrong(key, "must be a whole number, as its column is")
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
