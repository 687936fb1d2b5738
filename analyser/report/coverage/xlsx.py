"""The coverage report and the ledger as workbooks: what is to be mended first, in words, with the codes beside."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from analyser.coverage.condition_values import ValueKind
from analyser.coverage.mending import Mending
from analyser.coverage.result import REVEALED_COLUMNS, CoverageResult, GapsResult, Reason, RowClass
from analyser.coverage.worklist import TO_MEND
from analyser.messages.catalogue import text
from analyser.register.carried import carried_columns
from analyser.report.coverage.evidence import evidence, tables
from analyser.report.coverage.mending import unit_told, units_of
from analyser.report.coverage.reference import reference_of
from analyser.report.coverage.sources import COLUMNS, FIGURES, two_sources_of
from analyser.report.json import totals_of
from analyser.report.words import (
    beside,
    coverage_title,
    extracted,
    notes,
    place_title,
    quarantine_told,
    standings,
    unit_name,
    verdict,
    what_to_do,
)
from analyser.report.workbook import LINE, Book, on_paper, rows_of, workbook

_TOLD_WIDTH = 100
"""Characters of the verdict's widest column."""
_NARROW, _WIDE = 13, 40
"""Characters of the columns of the conditions' tables, which stand one below the other."""
_CODED = ("layer", "service_task", "municipality", "class", "reasons")
"""Columns of the ledger that are told in words; their codes stand at the end of the row."""


def coverage_xlsx(
    result: CoverageResult,
    ledger: GapsResult | None,
    quarantine: pa.Table | None,
    lang: str,
    stamp: str | None = None,
    to_mend: Mending | None = None,
) -> bytes:
    """The coverage report as a workbook. Its rows carry identifiers only if the ledger was asked for with them.

    Without ledger and quarantine (a report to be shared) it has no sheets for them.
    """
    buffer = io.BytesIO()
    with workbook(buffer, lang) as book:
        if ledger is not None:
            _to_mend(book, ledger)
        _verdict(book, result, stamp)
        if to_mend is not None:
            _who_mends(book, to_mend, result)
        places = [place.key for place in result.by]
        figures = list(totals_of(result.totals))
        book.table(
            "cells",
            [*places, *figures, "status", "status_code"],
            (
                [
                    *(place_title(result.names, key, value, lang) for key, value in cell.place),
                    *totals_of(cell.totals).values(),
                    text(lang, f"report.status.{cell.status.value}"),
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


def _who_mends(book: Book, found: Mending, result: CoverageResult) -> None:
    """Units, who mends and first reasons, a line for each that has rows, with the codes at its end."""
    lang = book.lang
    lines = [one for _, own in units_of(found) for one in own]
    columns = ["unit_name", "who_mends", "what", "todo", "rows", "unit", "fixed_by_code", "reasons_code"]
    told = (
        [
            unit_told(one, result.names, lang),
            text(lang, f"worklist.fixed_by.{one.fixed_by}"),
            *(text(lang, f"reason.{one.reason.value}.{part}") if one.reason else None for part in ("what", "todo")),
            one.rows,
            one.unit,
            one.fixed_by.value,
            one.reason.value if one.reason else None,
        ]
        for one in lines
    )
    book.table("mending", columns, told, len(lines))


def gaps_xlsx(result: GapsResult, lang: str, stamp: str | None = None) -> bytes:
    """The ledger as a workbook."""
    buffer = io.BytesIO()
    with workbook(buffer, lang, stamp) as book:
        _to_mend(book, result)
        _ledger(book, result)
        _definitions(book)
    return buffer.getvalue()


def _verdict(book: Book, result: CoverageResult, stamp: str | None) -> None:
    lang, formats, delivery = book.lang, book.formats, result.separate_delivery
    sheet = book.book.add_worksheet(book.name("verdict"))
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 1, 16)
    sheet.set_column(2, 2, _TOLD_WIDTH)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, coverage_title(result, lang), formats.title)
    sheet.write_string(1, 0, verdict(result, lang), formats.verdict)
    aside = [*beside(result, lang), extracted(result.stale, lang)]
    for place, told in enumerate(aside, 2):
        sheet.write_string(place, 0, told)
    row = max(5, len(aside) + 3)
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
        sheet.set_row(row, LINE * -(-len(told) // _TOLD_WIDTH))
    row += 2
    sheet.write_string(row, 0, text(lang, "report.note.title"), formats.verdict)
    organisers = f"{text(lang, 'report.page.organisers')}: {', '.join(result.organisers)}"
    for note in (organisers, *notes(result, lang), *([stamp] if stamp else [])):
        row += 1
        sheet.write_string(row, 0, note)
    on_paper(sheet)


def _conditions(book: Book, result: CoverageResult) -> None:
    """Every number that the three conditions rest on, table below table."""
    delivery = result.separate_delivery
    sheet = book.book.add_worksheet(book.name("conditions"))
    widths: dict[int, int] = {}
    looks = {ValueKind.SHARE: book.formats.share, ValueKind.YEAR: book.formats.year}
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
    on_paper(sheet)


def _sources(book: Book, result: CoverageResult) -> None:
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
    on_paper(sheet)


def _reference(book: Book, result: CoverageResult) -> None:
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
    on_paper(sheet)


def _to_mend(book: Book, ledger: GapsResult) -> None:
    """The rows that somebody has to mend: what lacks, what to do, who does it, by when."""
    own = carried_columns(ledger.rows.column_names)
    columns = [
        *("source_id", "person_key", *_revealed(ledger), "service_task", "layer", "unit"),
        *(["unit_name"] if ledger.names.units else []),
        *("municipality", "start", "end", "class", "days_lacking", "what", "todo", "who", "due", *own),
    ]
    due = ledger.period.deadline.isoformat() if ledger.period.deadline else None
    rows = ledger.rows.filter(pc.is_in(ledger.rows.column("class"), pa.array([one.value for one in TO_MEND])))
    whole = (row for batch in rows.to_batches(max_chunksize=20_000) for row in batch.to_pylist())

    def told(row: Mapping[str, Any]) -> list[Any]:
        words = _in_words(ledger, row, book.lang)
        expected, archived = row["days_expected"], row["days_archived"]
        words["days_lacking"] = expected - archived if row["class"] != RowClass.UNDETERMINED else None
        words |= what_to_do(row["reasons"][0] if row["reasons"] else None, book.lang)
        return [words.get(name, due if name == "due" else None) for name in columns]

    book.table("worklist", columns, (told(row) for row in whole), rows.num_rows)


def _ledger(book: Book, ledger: GapsResult) -> None:
    rows = ledger.rows
    columns = list(rows.column_names)
    if ledger.names.units:
        columns.insert(columns.index("unit") + 1, "unit_name")
    columns += [f"{name}_code" for name in _CODED]
    whole = (row for batch in rows.to_batches(max_chunksize=20_000) for row in batch.to_pylist())
    worded = (_in_words(ledger, row, book.lang) for row in whole)
    book.table("ledger", columns, ([row.get(name) for name in columns] for row in worded), rows.num_rows)
    other = ledger.archived_only
    told = (
        [_placed(ledger, name, value, book.lang) for name, value in zip(other.column_names, row, strict=True)]
        for row in rows_of(other)
    )
    book.table("archived_only", other.column_names, told, other.num_rows)


def _in_words(ledger: GapsResult, row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """A row of the ledger in words, with the codes under names of their own."""
    told = {**row, **{name: _placed(ledger, name, row[name], lang) for name in _NAMED}}
    told["class"] = text(lang, f"report.class.{row['class']}")
    told["reasons"] = "; ".join(text(lang, f"reason.{reason}.what") for reason in row["reasons"]) or None
    told["unit_name"] = unit_name(ledger.names, row["unit"], lang)
    return told | {f"{name}_code": row[name] for name in _CODED}


_NAMED = ("layer", "service_task", "municipality")


def _placed(ledger: GapsResult, name: str, value: Any, lang: str) -> Any:
    if name not in _NAMED or value is None:
        return value
    return place_title(ledger.names, name, value, lang)


def _revealed(ledger: GapsResult) -> Sequence[str]:
    return REVEALED_COLUMNS if ledger.revealed else ()


def _reasons(book: Book, result: CoverageResult) -> None:
    lang = book.lang
    rows: list[list[Any]] = [
        [
            text(lang, f"report.class.{count.row_class.value}"),
            count.reason.value,
            count.rows,
            *what_to_do(count.reason.value, lang).values(),
        ]
        for count in result.reasons
    ]
    book.table("reasons", ("class", "reason", "rows", "what", "todo", "who"), rows, len(rows))


def _definitions(book: Book) -> None:
    def told(code: str, what: str, definition: str) -> list[str]:
        return [code, what, text(book.lang, definition)]

    rows = [told(one, text(book.lang, f"report.class.{one}"), f"definition.{one}") for one in RowClass]
    rows += [told(one, book.name(one), f"definition.{one}") for one in ("archived_only", *_COVERAGES)]
    rows += [told(one, text(book.lang, f"reason.{one}.what"), f"reason.{one}.todo") for one in Reason]
    book.table("definitions", ("code", "what", "told"), rows, len(rows))


_COVERAGES = ("coverage_rows", "coverage_days", "coverage_persons")


def _quarantined(table: pa.Table, lang: str) -> Iterator[Sequence[Any]]:
    for row in table.to_pylist():
        yield list((row | {"message": quarantine_told(row["code"], row["message"], lang)}).values())
