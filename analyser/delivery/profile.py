"""What a delivery profile is: files, columns and how their rows become bytes.

The authority's file format is not public, so a profile is data that the user writes from its guide: a description in
TOML, read by `reading.py`, and its SQL beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from analyser.coverage.select import Asker, SelectError
from analyser.messages.errors import UsageError
from analyser.messages.suggestion import suggestion


class Format(StrEnum):
    """How the rows of a file are written."""

    CSV = "csv"
    FIXED = "fixed"
    """Columns of fixed width, one row a line."""
    JSON = "json"
    """One array, or one object that holds it."""
    JSONL = "jsonl"
    """One object a line."""
    XML = "xml"
    XLSX = "xlsx"
    """A workbook: dates as dates, whole numbers as numbers, everything else as text."""


class Type(StrEnum):
    """What a column may hold."""

    ID = "id"
    """A key of the register."""
    TEXT = "text"
    """Any text without control characters."""
    CODE = "code"
    """Letters, digits and `. _ : / -`."""
    OID = "oid"
    """An object identifier."""
    DATE = "date"
    """A whole day; a partial one only with `partial = true`."""
    INTEGER = "integer"
    """A whole number."""
    PERSON_ID = "person-id"
    """A person's identifier."""


class Part(StrEnum):
    """What the rows of a file are."""

    EPISODES = "episodes"
    SERVICES = "services"
    """Written only with --with-services."""
    CORRECTIONS = "corrections"
    """Written only with --corrections: each row that is new, changed or withdrawn."""


PERSON_COLUMNS = ("person_id", "person_id_root", "birth_date")
"""Columns that are joined to a profile's rows at the very end."""


@dataclass(frozen=True, slots=True)
class ProfileColumn:
    """One column of a file, or one path of a JSON or XML row."""

    name: str
    """Header name; with dots a path (`person.id`), in XML `@name` an attribute."""
    source: str
    """Column of the profile's SQL, or one of PERSON_COLUMNS."""
    type: Type
    required: bool = True
    width: int = 0
    """Characters of a fixed-width column; 0 elsewhere."""
    align: str = "left"
    pad: str = " "
    format: str = "%Y-%m-%d"
    """Pattern of a date, of %Y %y %m %d %j and plain characters."""
    partial: bool = False
    """Whether a partial date may stand as it is."""
    codes: Mapping[str, str] | None = None
    """Own key or code to the receiver's; a value outside it cannot be expressed."""
    empty: str = ""
    """What stands for no value."""
    constant: str | None = None
    """A value that every row has."""


@dataclass(frozen=True, slots=True)
class File:
    """One kind of file. `name` may hold {period} and, when it is split, {value}."""

    name: str
    rows: str
    """Name of the statement that gives its rows."""
    part: Part
    columns: tuple[ProfileColumn, ...]
    split_by: str | None = None
    """Column each of whose values gets a file of its own."""
    root: str = ""
    """XML root element, or the key that holds a JSON array (empty: the array alone)."""
    row: str = "row"
    """XML element of a row."""
    namespace: str = ""
    xsd: Path | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile, read and found to be whole."""

    name: str
    format: Format
    files: tuple[File, ...]
    statements: Mapping[str, str]
    digest: str
    """SHA-256 of the description and the SQL."""
    encoding: str = "utf-8"
    line_end: str = "\n"
    separator: str = ";"
    quoting: str = "minimal"
    """minimal, all or never."""
    header: bool = True
    person: str = "any"
    """any, or henkilotunnus: a person without a valid one cannot be expressed."""
    formulas: str = "keep"
    """keep, or refuse: a value that a spreadsheet would take for a formula cannot be expressed."""
    neutral: bool = False
    """The project's own plain form, not the authority's."""


TABLES = ("episode_to_deliver", "service_to_deliver", "correction_to_deliver")
"""What a profile's SQL reads. None of them holds an identifier."""


def assert_columns(profile: Profile, asker: Asker) -> None:
    """Each statement can be asked and gives what its files' columns are made from. Needs the tables to deliver.

    Raises UsageError with the file, the column and the nearest name there is.
    """
    for file in profile.files:
        try:
            given = asker.ask(profile.statements[file.rows]).column_names
        except SelectError as error:
            raise UsageError("profile.sql_refused", profile=profile.name, rows=file.rows, told=error.told) from None
        made = [c.source for c in file.columns if c.constant is None and c.source not in PERSON_COLUMNS]
        tied = ["source_id", "identity_key", *(["part"] if file.part is Part.CORRECTIONS else [])]
        for name in [*tied, *made]:
            if name not in given:
                raise UsageError(
                    "profile.column_missing",
                    hint=suggestion(name, [*given, *PERSON_COLUMNS]),
                    profile=profile.name,
                    file=file.name,
                    column=name,
                    rows=file.rows,
                )
        own = sorted(set(PERSON_COLUMNS) & set(given))
        if own:
            raise UsageError("profile.person_column", profile=profile.name, rows=file.rows, columns=list(own))
