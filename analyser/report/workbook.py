"""A workbook of tables: real dates and numbers, filters, a frozen header; no text is taken for a formula or a link."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyarrow as pa
import xlsxwriter

from analyser.coverage.result import CellStatus, RowClass
from analyser.coverage.suppressed import SIGN, Suppressed
from analyser.messages.catalogue import text
from analyser.register.carried import PREFIX as OWN

_FIXED = dt.datetime(2000, 1, 1)
"""A clock in the file would make every file another."""
_SHEET_ROWS = 1_048_576
"""Rows of a sheet, the header among them; more go to further sheets."""
_CELL = 32_767
"""Characters of a cell; what is longer is cut, and ends in the number that is left out."""
_COLOURS = {
    RowClass.ARCHIVED: "#D5EAF6",
    RowClass.PARTIAL: "#FBDCAE",
    RowClass.MISSING: "#F5B96D",
    RowClass.UNDETERMINED: "#E9E3F3",
    CellStatus.COVERED: "#D5EAF6",
    CellStatus.GAP: "#F5B96D",
}
"""The same colours as on the page: blue and orange, told apart by everybody."""
_WIDTHS = {
    "source_id": 18,
    "person_key": 19,
    "service_task": 26,
    "layer": 17,
    "organiser": 30,
    "unit": 30,
    "unit_name": 30,
    "producer": 30,
    "reasons": 45,
    "documents": 45,
    "reason": 24,
    "code": 24,
    "member": 34,
    "place": 48,
    "what": 60,
    "todo": 60,
    "who": 40,
    "message": 80,
    "told": 100,
}
LINE = 15
"""Points of a line of text: a workbook does not fit rows to wrapped text by itself everywhere."""
_DATES = ("start", "end", "decided")


@dataclass(frozen=True, slots=True)
class Formats:
    head: Any
    head_right: Any
    title: Any
    verdict: Any
    wrapped: Any
    share: Any
    whole: Any
    date: Any
    number: Any
    year: Any


class Book:
    """A workbook under way."""

    def __init__(self, book: Any, lang: str) -> None:
        self.book, self.lang = book, lang
        look = book.add_format
        head = {"bold": True, "bg_color": "#1F3B57", "font_color": "#FFFFFF", "text_wrap": True, "valign": "top"}
        self.formats = Formats(
            look(head),
            look(head | {"align": "right"}),
            look({"bold": True, "font_size": 16}),
            look({"bold": True, "font_size": 12}),
            look({"text_wrap": True, "valign": "top"}),
            look({"num_format": "0.0%"}),
            look({"num_format": "#,##0"}),
            look({"num_format": "d.m.yyyy" if lang != "en" else "yyyy-mm-dd", "align": "left"}),
            look({"num_format": "#,##0.##"}),
            look({"num_format": "0"}),
        )

    def name(self, key: str) -> str:
        """What a column or a sheet is called. A column of the county's own keeps its name."""
        return key if key.startswith(OWN) else text(self.lang, f"sheet.{key}")

    def table(self, key: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], total: int) -> None:
        """A sheet with a header, filters and one row a line; as many sheets as the rows need."""
        remaining = iter(rows)
        for number in range(1, max(1, -(-total // (_SHEET_ROWS - 1))) + 1):
            sheet = self.book.add_worksheet(self.name(key) if number == 1 else f"{self.name(key)} {number}")
            for place, column in enumerate(columns):
                sheet.set_column(place, place, _WIDTHS.get(column, 14))
                sheet.write_string(0, place, self.name(column), self.formats.head)
            sheet.set_row(0, 2 * LINE)
            count = 0
            for count, row in enumerate(remaining, 1):
                for place, value in enumerate(row):
                    self.write(sheet, count, place, value, date=columns[place] in _DATES)
                if count == _SHEET_ROWS - 1:
                    break
            sheet.autofilter(0, 0, max(1, count), len(columns) - 1)
            sheet.freeze_panes(1, 1)
            on_paper(sheet)
            sheet.repeat_rows(0)
            self._colour(sheet, columns, max(1, count))

    def write(self, sheet: Any, row: int, place: int, value: Any, *, date: bool = False) -> None:
        """A value as what it is. Text goes through `write_string` alone, so nothing in it is ever run."""
        if value is None or value == []:
            return
        if isinstance(value, list):
            value = "|".join(map(str, value))
        if isinstance(value, Suppressed):
            sheet.write_string(row, place, SIGN)
        elif isinstance(value, bool):
            sheet.write_boolean(row, place, value)
        elif isinstance(value, float):
            sheet.write_number(row, place, value, self.formats.share)
        elif isinstance(value, int):
            sheet.write_number(row, place, value, self.formats.whole)
        elif date and (day := _whole_day(value)) is not None:
            sheet.write_datetime(row, place, day, self.formats.date)
        else:
            sheet.write_string(row, place, _fitting(str(value)))

    def _colour(self, sheet: Any, columns: Sequence[str], last: int) -> None:
        for name, kinds in (("class", RowClass), ("status", CellStatus)):
            if name not in columns:
                continue
            place = columns.index(name)
            for member in kinds:
                if colour := _COLOURS.get(member):
                    look = self.book.add_format({"bg_color": colour})
                    told = text(self.lang, f"report.{name}.{member.value}")
                    rule = {"type": "cell", "criteria": "==", "value": f'"{told}"', "format": look}
                    sheet.conditional_format(1, place, last, place, rule)
        for name in ("coverage_rows", "coverage_days", "coverage_persons"):
            if name in columns:
                place = columns.index(name)
                bar = {"type": "data_bar", "bar_color": "#7FB2EE", "bar_solid": True}
                scale = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
                sheet.conditional_format(1, place, last, place, bar | scale)


def on_paper(sheet: Any) -> None:
    """A4 across, and no wider than the page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def table_xlsx(key: str, table: pa.Table, lang: str) -> bytes:
    """Any table as a workbook of one sheet; `key`: what it is called."""
    return tables_xlsx([(key, table)], lang)


def tables_xlsx(tables: Iterable[tuple[str, pa.Table]], lang: str) -> bytes:
    """Several tables, a sheet each."""
    buffer = io.BytesIO()
    with workbook(buffer, lang) as book:
        for key, table in tables:
            book.table(key, table.column_names, rows_of(table), table.num_rows)
    return buffer.getvalue()


@contextmanager
def workbook(buffer: io.BytesIO, lang: str, stamp: str | None = None) -> Iterator[Book]:
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": "kanta-gap", "created": _FIXED, "comments": stamp or ""})
        yield Book(book, lang)


def rows_of(table: pa.Table) -> Iterator[Sequence[Any]]:
    for batch in table.to_batches(max_chunksize=20_000):
        yield from (list(row.values()) for row in batch.to_pylist())


@lru_cache(maxsize=100_000)  # a few thousand days, each many times
def _whole_day(value: str) -> dt.datetime | None:
    """A day, if the text is a whole one that a workbook can hold; a partial date stays the text it is."""
    try:
        day = dt.datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=None)  # noqa: DTZ007  a day has no zone
    except ValueError:
        return None
    return day if day.year >= 1901 and len(value) == 10 else None


def _fitting(value: str) -> str:
    if len(value) <= _CELL:
        return value
    told = f" … (+{len(value) - _CELL + 24})"
    return value[: _CELL - 24] + told
