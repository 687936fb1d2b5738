"""A workbook: verdict, cells and reasons with real numbers; no text is ever taken for a formula or a link."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import xlsxwriter

from analyser.coverage.result import CoverageResult
from analyser.language import text
from analyser.report.evidence import evidence
from analyser.report.json import totals_of
from analyser.report.words import notes, period_title, task_title, verdict

_FIXED = dt.datetime(2000, 1, 1)  # a clock in the file would make every file another


def coverage_xlsx(result: CoverageResult, lang: str, stamp: str | None = None) -> bytes:
    """The coverage report as a workbook."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": "kanta-gap", "created": _FIXED})
        bold = book.add_format({"bold": True})
        share = book.add_format({"num_format": "0.0%"})
        _verdict(book.add_worksheet("verdict"), result, lang, stamp, bold)
        _cells(book.add_worksheet("cells"), book, result, lang, bold, share)
        _reasons(book.add_worksheet("reasons"), result, lang, bold)
    return buffer.getvalue()


def _verdict(sheet: Any, result: CoverageResult, lang: str, stamp: str | None, bold: Any) -> None:
    delivery = result.separate_delivery
    lines = [
        text(lang, "report.coverage.title", period=period_title(result.period, lang)),
        verdict(result, lang),
        *(evidence(c, result.task_names, lang) for c in (delivery.period, delivery.service_tasks, delivery.population)),
        *notes(result, lang),
        *([stamp] if stamp else []),
    ]
    sheet.set_column(0, 0, 110)
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, bold if row < 2 else None)


def _cells(sheet: Any, book: Any, result: CoverageResult, lang: str, bold: Any, share: Any) -> None:
    header = [place.key for place in result.by] + [*totals_of(result.totals), "status"]
    for column, name in enumerate(header):
        sheet.write_string(0, column, name, bold)
    for row, cell in enumerate(result.cells, 1):
        values: list[Any] = [
            task_title(result.task_names, value, lang) if key == "service_task" else value for key, value in cell.place
        ]
        values += [*totals_of(cell.totals).values(), cell.status.value]
        for column, value in enumerate(values):
            if isinstance(value, str):
                sheet.write_string(row, column, value)
            elif value is not None:
                sheet.write_number(row, column, value, share if isinstance(value, float) else None)
    last = len(header) - 1
    sheet.autofilter(0, 0, max(1, len(result.cells)), last)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, last, 16)
    red = book.add_format({"font_color": "#B3261E", "bold": True})
    rule = {"type": "cell", "criteria": "==", "value": '"gap"', "format": red}
    sheet.conditional_format(1, last, max(1, len(result.cells)), last, rule)


def _reasons(sheet: Any, result: CoverageResult, lang: str, bold: Any) -> None:
    for column, name in enumerate(("class", "reason", "rows", "what", "todo")):
        sheet.write_string(0, column, name, bold)
    for row, count in enumerate(result.reasons, 1):
        sheet.write_string(row, 0, count.row_class.value)
        sheet.write_string(row, 1, count.reason.value)
        sheet.write_number(row, 2, count.rows)
        sheet.write_string(row, 3, text(lang, f"reason.{count.reason.value}.what"))
        sheet.write_string(row, 4, text(lang, f"reason.{count.reason.value}.todo"))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 4, 30)
