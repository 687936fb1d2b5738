"""Workbooks: real dates and numbers, filters, a frozen header; no text is ever taken for a formula or a link."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import xlsxwriter

from analyser.coverage.evidence import Kind
from analyser.coverage.result import CellStatus, CoverageResult, GapsResult, Reason, RowClass
from analyser.coverage.suppressed import SIGN, Suppressed
from analyser.language import text
from analyser.register.carried import PREFIX as OWN
from analyser.report.evidence import evidence, tables
from analyser.report.json import totals_of
from analyser.report.reference import reference_of
from analyser.report.sources import COLUMNS, FIGURES, two_sources_of
from analyser.report.words import (
    beside,
    coverage_title,
    notes,
    place_title,
    quarantine_told,
    standings,
    unit_name,
    verdict,
)

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
_LINE = 15
"""Points of a line of text: a workbook does not fit rows to wrapped text by itself everywhere."""
_TOLD_WIDTH = 100
"""Characters of the verdict's widest column."""
_NARROW, _WIDE = 13, 40
"""Characters of the columns of the conditions' tables, which stand one below the other."""
_DATES = ("start", "end")


@dataclass(frozen=True, slots=True)
class _Formats:
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


class _Book:
    """A workbook under way."""

    def __init__(self, book: Any, lang: str) -> None:
        self.book, self.lang = book, lang
        look = book.add_format
        head = {"bold": True, "bg_color": "#1F3B57", "font_color": "#FFFFFF", "text_wrap": True, "valign": "top"}
        self.formats = _Formats(
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
            sheet.set_row(0, 2 * _LINE)
            count = 0
            for count, row in enumerate(remaining, 1):
                for place, value in enumerate(row):
                    self.write(sheet, count, place, value, date=columns[place] in _DATES)
                if count == _SHEET_ROWS - 1:
                    break
            sheet.autofilter(0, 0, max(1, count), len(columns) - 1)
            sheet.freeze_panes(1, 1)
            _on_paper(sheet)
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
                    rule = {"type": "cell", "criteria": "==", "value": f'"{member.value}"', "format": look}
                    sheet.conditional_format(1, place, last, place, rule)
        for name in ("coverage_rows", "coverage_days", "coverage_persons"):
            if name in columns:
                place = columns.index(name)
                bar = {"type": "data_bar", "bar_color": "#7FB2EE", "bar_solid": True}
                scale = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
                sheet.conditional_format(1, place, last, place, bar | scale)


def _on_paper(sheet: Any) -> None:
    """A4 across, and no wider than the page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def coverage_xlsx(
    result: CoverageResult,
    ledger: GapsResult | None,
    quarantine: pa.Table | None,
    lang: str,
    stamp: str | None = None,
) -> bytes:
    """The coverage report as a workbook. Its rows carry identifiers only if the ledger was asked for with them.

    Without ledger and quarantine (a report to be shared) it has no sheets for them.
    """
    buffer = io.BytesIO()
    with _workbook(buffer, lang) as book:
        _verdict(book, result, stamp)
        places = [place.key for place in result.by]
        figures = list(totals_of(result.totals))
        book.table(
            "cells",
            [*places, *figures, "status"],
            (
                [
                    *(place_title(result.names, key, value, lang) for key, value in cell.place),
                    *totals_of(cell.totals).values(),
                    cell.status.value,
                ]
                for cell in result.cells
            ),
            len(result.cells),
        )
        _conditions(book, result)
        _sources(book, result)
        _reference(book, result)
        if ledger is not None:
            _ledger(book, ledger)
        _reasons(book, result)
        if quarantine is not None:
            book.table("quarantine", quarantine.column_names, _quarantined(quarantine, lang), quarantine.num_rows)
        _definitions(book)
    return buffer.getvalue()


def gaps_xlsx(result: GapsResult, lang: str, stamp: str | None = None) -> bytes:
    """The ledger as a workbook."""
    buffer = io.BytesIO()
    with _workbook(buffer, lang, stamp) as book:
        _ledger(book, result)
        _definitions(book)
    return buffer.getvalue()


def table_xlsx(key: str, table: pa.Table, lang: str) -> bytes:
    """Any table as a workbook of one sheet; `key`: what it is called."""
    return tables_xlsx([(key, table)], lang)


def tables_xlsx(tables: Iterable[tuple[str, pa.Table]], lang: str) -> bytes:
    """Several tables, a sheet each."""
    buffer = io.BytesIO()
    with _workbook(buffer, lang) as book:
        for key, table in tables:
            book.table(key, table.column_names, _rows(table), table.num_rows)
    return buffer.getvalue()


@contextmanager
def _workbook(buffer: io.BytesIO, lang: str, stamp: str | None = None) -> Iterator[_Book]:
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": "kanta-gap", "created": _FIXED, "comments": stamp or ""})
        yield _Book(book, lang)


def _verdict(book: _Book, result: CoverageResult, stamp: str | None) -> None:
    lang, formats, delivery = book.lang, book.formats, result.separate_delivery
    sheet = book.book.add_worksheet(book.name("verdict"))
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 1, 16)
    sheet.set_column(2, 2, _TOLD_WIDTH)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, coverage_title(result, lang), formats.title)
    sheet.write_string(1, 0, verdict(result, lang), formats.verdict)
    for place, told in enumerate(beside(result, lang), 2):
        sheet.write_string(place, 0, told)
    row = 5
    for name, value in totals_of(result.totals).items():
        sheet.write_string(row, 0, book.name(name))
        book.write(sheet, row, 1, value)
        row += 1
    for name in standings(result.documents):
        told = text(lang, f"report.document.{name}")
        sheet.write_string(row, 0, f"{text(lang, 'report.coverage.documents')}: {told}")
        book.write(sheet, row, 1, getattr(result.documents, name))
        row += 1
    row += 1
    sheet.write_string(row, 0, text(lang, "report.coverage.conditions"), formats.verdict)
    for name, condition in (
        ("period", delivery.period),
        ("service_tasks", delivery.service_tasks),
        ("population", delivery.population),
    ):
        row += 1
        sheet.write_string(row, 0, text(lang, f"report.condition.{name}"), formats.wrapped)
        status = text(lang, f"report.condition.status.{condition.status.value}")
        sheet.write_string(row, 1, status, formats.wrapped)
        told = evidence(condition, result.names, lang)
        sheet.write_string(row, 2, told, formats.wrapped)
        sheet.set_row(row, _LINE * -(-len(told) // _TOLD_WIDTH))
    row += 2
    sheet.write_string(row, 0, text(lang, "report.note.title"), formats.verdict)
    organisers = f"{text(lang, 'report.page.organisers')}: {', '.join(result.organisers)}"
    for note in (organisers, *notes(result, lang), *([stamp] if stamp else [])):
        row += 1
        sheet.write_string(row, 0, note)
    _on_paper(sheet)


def _conditions(book: _Book, result: CoverageResult) -> None:
    """Every number that the three conditions rest on, table below table."""
    delivery = result.separate_delivery
    sheet = book.book.add_worksheet(book.name("conditions"))
    widths: dict[int, int] = {}
    looks = {Kind.SHARE: book.formats.share, Kind.YEAR: book.formats.year}
    row = 0
    for condition in (delivery.period, delivery.service_tasks, delivery.population):
        for table in tables(condition, result.names, book.lang):
            sheet.write_string(row, 0, table.title, book.formats.verdict)
            for place, column in enumerate(table.columns):
                head = book.formats.head_right if place in table.right else book.formats.head
                sheet.write_string(row + 1, place, column, head)
                cells = (line[place] for line in table.rows)
                widths[place] = max(widths.get(place, _NARROW), *(len(cell) + 2 for cell in cells))
            row += 2
            for line, figures in zip(table.rows, table.figures, strict=True):
                for place, (cell, figure) in enumerate(zip(line, figures, strict=True)):
                    if figure is None:
                        book.write(sheet, row, place, cell)
                    else:
                        look = looks.get(table.kinds[place], book.formats.number)
                        sheet.write_number(row, place, figure, look)
                row += 1
            row += 1
    for place, width in widths.items():
        sheet.set_column(place, place, min(width, _WIDE))
    _on_paper(sheet)


def _sources(book: _Book, result: CoverageResult) -> None:
    """What Kanta and the separate deliveries bring, once something was delivered."""
    told = two_sources_of(result, book.lang)
    if told is None:
        return
    sheet = book.book.add_worksheet(book.name("sources"))
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 44)
    sheet.set_column(2, len(COLUMNS), 14)
    sheet.write_string(0, 0, told.title, book.formats.verdict)
    sheet.write_string(1, 0, told.counted)
    for place, column in enumerate(told.columns):
        sheet.write_string(3, place, column, book.formats.head)
    for row, (cell, words) in enumerate(zip(told.cells, told.rows, strict=True), 4):
        for place, value in enumerate((*words[:2], *(getattr(cell, name) for name in FIGURES), cell.share_known)):
            book.write(sheet, row, place, value)
    _on_paper(sheet)


def _reference(book: _Book, result: CoverageResult) -> None:
    """Published figures beside own counts, where any are loaded."""
    told = reference_of(result, book.lang)
    if told is None:
        return
    sheet = book.book.add_worksheet(book.name("reference"))
    sheet.set_column(0, len(told.columns), 18)
    sheet.write_string(0, 0, told.title, book.formats.verdict)
    for row, note in enumerate(told.notes, 1):
        sheet.write_string(row, 0, note)
    head = len(told.notes) + 2
    for place, column in enumerate(told.columns if told.rows else ()):
        sheet.write_string(head, place, column, book.formats.head)
    for row, (cell, words) in enumerate(zip(told.cells, told.rows, strict=True), head + 1):
        for place, value in enumerate((*words[:4], cell.published, cell.own, cell.share, *words[7:])):
            book.write(sheet, row, place, value)
    _on_paper(sheet)


def _ledger(book: _Book, ledger: GapsResult) -> None:
    rows = _with_names(ledger, book.lang)
    book.table("ledger", rows.column_names, _rows(rows), rows.num_rows)
    other = ledger.archived_only
    book.table("archived_only", other.column_names, _rows(other), other.num_rows)


def _with_names(ledger: GapsResult, lang: str) -> pa.Table:
    """The rows, with the names of units beside their codes where any unit has one."""
    rows = ledger.rows
    if not ledger.names.units:
        return rows
    called = [unit_name(ledger.names, oid, lang) for oid in rows.column("unit").to_pylist()]
    return rows.add_column(rows.column_names.index("unit") + 1, "unit_name", pa.array(called, pa.string()))


def _reasons(book: _Book, result: CoverageResult) -> None:
    lang = book.lang
    rows = [
        [count.row_class.value, count.reason.value, count.rows]
        + [text(lang, f"reason.{count.reason.value}.{part}") for part in ("what", "todo", "who")]
        for count in result.reasons
    ]
    book.table("reasons", ("class", "reason", "rows", "what", "todo", "who"), rows, len(rows))


def _definitions(book: _Book) -> None:
    def told(code: str, what: str, definition: str) -> list[str]:
        return [code, what, text(book.lang, definition)]

    rows = [told(one, text(book.lang, f"report.class.{one}"), f"definition.{one}") for one in RowClass]
    rows += [told(one, book.name(one), f"definition.{one}") for one in ("archived_only", *_COVERAGES)]
    rows += [told(one, text(book.lang, f"reason.{one}.what"), f"reason.{one}.todo") for one in Reason]
    book.table("definitions", ("code", "what", "told"), rows, len(rows))


_COVERAGES = ("coverage_rows", "coverage_days", "coverage_persons")


def _rows(table: pa.Table) -> Iterator[Sequence[Any]]:
    for batch in table.to_batches(max_chunksize=20_000):
        yield from (list(row.values()) for row in batch.to_pylist())


def _quarantined(table: pa.Table, lang: str) -> Iterator[Sequence[Any]]:
    for row in table.to_pylist():
        yield list((row | {"message": quarantine_told(row["code"], row["message"], lang)}).values())


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
