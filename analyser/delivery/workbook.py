"""A delivery file as a workbook: dates are dates, whole numbers are numbers, and every other value is a text.

A text is written as a text whatever it looks like, so that a spreadsheet runs nothing and drops no leading zero. The
bytes are the same each time: no clock stands in the file.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import PurePath
from typing import Any

from analyser.delivery.profile import File, Profile, ProfileColumn, Type
from analyser.delivery.values import Row

_SHEET_ROWS = 1_048_576
"""Rows of a sheet, the header among them; more go to further sheets."""
_NAME = 31
"""Characters of a sheet's name."""
_DIGITS = 15
"""Digits that a number of a spreadsheet keeps; a longer one is a text."""
_FIRST_DAY = dt.date(1900, 3, 1)
"""Spreadsheets disagree about the days before it, for there was no 29 February 1900; an earlier day is a text."""
_FIXED = dt.datetime(2000, 1, 1)
_MARKS = {"Y": "yyyy", "y": "yy", "m": "mm", "d": "dd", "%": '"%"'}
"""How a spreadsheet's number format says what a date pattern says."""


def shows_days(date_format: str) -> bool:
    """Whether a spreadsheet can show days by this pattern: it knows no day of the year."""
    return set(re.findall("%(.)", date_format)) <= set(_MARKS)


def workbook(profile: Profile, file: File, rows: Sequence[Row]) -> bytes:
    """The whole file; dates among the rows are ISO texts."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": _FIXED})
        looks = [
            book.add_format({"num_format": _number_format(c)}) if c.type is Type.DATE else None for c in file.columns
        ]
        head = 1 if profile.header else 0
        remaining = iter(rows)
        for number, some in enumerate(_parts(remaining, _SHEET_ROWS - head), 1):
            sheet = book.add_worksheet(_sheet_name(file.name, number))
            for place, column in enumerate(file.columns):
                if head:
                    sheet.write_string(0, place, column.name)
                sheet.set_column(place, place, max(12, min(30, len(column.name) + 2)))
            for line, row in enumerate(some, head):
                for place, (column, value) in enumerate(zip(file.columns, row, strict=True)):
                    _write(sheet, line, place, column, value, looks[place])
    return buffer.getvalue()


def _parts(rows: Iterator[Row], most: int) -> Iterator[list[Row]]:
    """The rows, sheet by sheet; one without rows when there are none."""
    some = list(islice(rows, most))
    yield some
    while some := list(islice(rows, most)):
        yield some


def _sheet_name(file: str, number: int) -> str:
    suffix = "" if number == 1 else f" {number}"
    stem = re.sub(r"[-_. ]*\{(?:period|value)\}", "", PurePath(file).stem).strip("-_. ") or "rows"
    name = re.sub(r"[\[\]:*?/\\']", "_", stem)[: _NAME - len(suffix)]
    return f"{name}{suffix}"


def _number_format(column: ProfileColumn) -> str:
    """`%d.%m.%Y` as `dd"."mm"."yyyy`: what is no mark is a text, whatever it means to a spreadsheet."""
    parts = re.split("%(.)", column.format)
    return "".join(_MARKS[part] if place % 2 else f'"{part}"' if part else "" for place, part in enumerate(parts))


def _write(sheet: Any, line: int, place: int, column: ProfileColumn, value: str | None, look: Any) -> None:
    if value is None:
        return
    if column.type is Type.DATE and column.constant is None and (day := _day(value)) is not None:
        sheet.write_datetime(line, place, day, look)
    elif column.type is Type.INTEGER and value.isdecimal() and len(value) <= _DIGITS:
        sheet.write_number(line, place, int(value))
    else:
        sheet.write_string(line, place, value)


def _day(value: str) -> dt.datetime | None:
    try:
        day = dt.date.fromisoformat(value) if len(value) == len("2025-01-31") else None
    except ValueError:
        return None
    return dt.datetime(day.year, day.month, day.day) if day is not None and day >= _FIRST_DAY else None
