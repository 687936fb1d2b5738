"""Whether and how a profile can express a value. What it cannot is told with a reason, never bent to fit.

Delivery files are data for the receiver's machine, so a value stays as the register has it, also when a spreadsheet
would take it for a formula: an apostrophe before it would make another key of it. Such rows are counted and told; a
profile that says `formulas = "refuse"` takes none of them.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from analyser.delivery.profile import PERSON_COLUMNS, File, Format, Part, Profile, ProfileColumn, Type
from analyser.messages.formulas import like_a_formula
from analyser.national.identifiers import HENKILOTUNNUS_ROOT, henkilotunnus_is_valid

Key = tuple[str, str]
"""Part (episodes or services) and source_id of a row."""

Row = tuple[str | None, ...]
"""The texts of one row, in the order of the file's columns; None where the row has no value."""


class Objection(StrEnum):
    """Why a profile cannot express a value."""

    NO_IDENTIFIER = "no-identifier"
    NO_HENKILOTUNNUS = "no-henkilotunnus"
    PARTIAL_DATE = "partial-date"
    NO_VALUE = "no-value"
    UNMAPPED_CODE = "unmapped-code"
    NOT_A_CODE = "not-a-code"
    NOT_AN_OID = "not-an-oid"
    NOT_A_DATE = "not-a-date"
    NOT_A_NUMBER = "not-a-number"
    CONTROL_CHARACTER = "control-character"
    NOT_IN_ENCODING = "not-in-encoding"
    TOO_LONG = "too-long"
    SEPARATOR = "separator-in-value"
    FORMULA = "like-a-formula"
    NOT_A_FILE_NAME = "not-a-file-name"
    """The file is split by this value."""
    SCHEMA = "against-the-schema"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that the profile cannot express, and the first column that is to blame."""

    file: str
    part: str
    """episodes or services."""
    source_id: str
    column: str
    objection: Objection


class InexpressibleError(ValueError):
    """A value that the profile cannot express."""

    def __init__(self, objection: Objection) -> None:
        super().__init__(objection.value)
        self.objection = objection


_SHAPES = {
    Type.CODE: (re.compile(r"\w[\w.:/-]*"), Objection.NOT_A_CODE),
    Type.OID: (re.compile(r"[0-2](\.(0|[1-9]\d*))+", re.ASCII), Objection.NOT_AN_OID),
    Type.INTEGER: (re.compile(r"\d+", re.ASCII), Objection.NOT_A_NUMBER),
}
_PARTIAL = re.compile(r"\d{4}(-\d{2})?")
_FILE_NAME_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_CELL = 32_767
"""Characters of a cell of a workbook."""
_NO_CHARACTERS = "\ufffe\uffff"
"""Not allowed in XML, and characters nowhere."""


def key_of(file: File, row: Mapping[str, Any]) -> Key:
    """Which row of a delivery a row of a file tells of."""
    part = row["part"] if file.part is Part.CORRECTIONS else file.part.value
    return str(part), str(row.get("shown_source_id", row["source_id"]))


def express(
    profile: Profile, file: File, rows: Sequence[Mapping[str, Any]]
) -> tuple[list[tuple[int, Row]], list[Rejected]]:
    """The rows that can be expressed, each with its ordinal in `rows`, and those that cannot."""
    good: list[tuple[int, Row]] = []
    rejected: list[Rejected] = []
    for ordinal, row in enumerate(rows):
        values: list[str | None] = []
        try:
            for column in file.columns:
                value = _value(profile, column, row)
                if column.name == file.split_by and not _FILE_NAME_PART.fullmatch(value or ""):
                    raise InexpressibleError(Objection.NOT_A_FILE_NAME)
                values.append(value)
        except InexpressibleError as refusal:
            at_fault = file.columns[len(values)].name
            part, source_id = key_of(file, row)
            rejected.append(Rejected(file.name, part, source_id, at_fault, refusal.objection))
        else:
            good.append((ordinal, tuple(values)))
    return good, rejected


def _value(profile: Profile, column: ProfileColumn, row: Mapping[str, Any]) -> str | None:
    if column.constant is not None:
        return _written(profile, column, column.constant)
    if column.source in PERSON_COLUMNS:
        _assert_person(profile, row)
    raw = row[column.source]
    if raw is None or raw == "":
        if column.required:
            raise InexpressibleError(Objection.NO_VALUE)
        return _written(profile, column, column.empty) if column.empty else None
    told = "|".join(map(str, raw)) if isinstance(raw, list) else str(raw)
    return _written(profile, column, _typed(profile, column, told))


def _assert_person(profile: Profile, row: Mapping[str, Any]) -> None:
    if not row["person_id"]:
        raise InexpressibleError(Objection.NO_IDENTIFIER)
    if profile.person == "henkilotunnus" and (
        row["person_id_root"] != HENKILOTUNNUS_ROOT or not henkilotunnus_is_valid(row["person_id"])
    ):
        raise InexpressibleError(Objection.NO_HENKILOTUNNUS)


def _typed(profile: Profile, column: ProfileColumn, value: str) -> str:
    if profile.formulas == "refuse" and like_a_formula(value):
        raise InexpressibleError(Objection.FORMULA)
    if any(unicodedata.category(character) == "Cc" or character in _NO_CHARACTERS for character in value):
        raise InexpressibleError(Objection.CONTROL_CHARACTER)
    if column.codes is not None:
        if value not in column.codes:
            raise InexpressibleError(Objection.UNMAPPED_CODE)
        return column.codes[value]
    if column.type is Type.DATE:
        day = _day(column, value)
        # In a workbook a date is a date, which its cell shows by the pattern.
        return value if profile.format is Format.XLSX else day
    if column.type in _SHAPES:
        shape, objection = _SHAPES[column.type]
        if not shape.fullmatch(value):
            raise InexpressibleError(objection)
    return value


def _day(column: ProfileColumn, value: str) -> str:
    if _PARTIAL.fullmatch(value):
        if column.partial:
            return value
        raise InexpressibleError(Objection.PARTIAL_DATE)
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        raise InexpressibleError(Objection.NOT_A_DATE) from None
    # Not by strftime: it drops leading zeros of early years on some systems.
    told = {
        "Y": f"{day.year:04}",
        "y": f"{day.year % 100:02}",
        "m": f"{day.month:02}",
        "d": f"{day.day:02}",
        "j": f"{day.timetuple().tm_yday:03}",
        "%": "%",
    }
    return re.sub("%(.)", lambda mark: told[mark[1]], column.format)


def _written(profile: Profile, column: ProfileColumn, value: str) -> str:
    try:
        value.encode(profile.encoding)
    except UnicodeEncodeError:
        raise InexpressibleError(Objection.NOT_IN_ENCODING) from None
    if (column.width and len(value) > column.width) or (profile.format is Format.XLSX and len(value) > _CELL):
        raise InexpressibleError(Objection.TOO_LONG)
    if profile.format is Format.CSV and profile.quoting == "never" and (profile.separator in value or '"' in value):
        raise InexpressibleError(Objection.SEPARATOR)
    return value
