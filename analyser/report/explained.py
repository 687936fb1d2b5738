"""A register file explained, for a person and for a machine. No cell of a person's column is in either."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.text import Text

from analyser.messages.catalogue import Message, number, text
from analyser.register.causes import causes, ranges
from analyser.register.explain import Explanation, filled, sure
from analyser.report.page import Page, grid, printable

_COLUMNS = ("ours", "theirs", "why", "sure", "filled")


def explained_text(found: Sequence[Explanation], lang: str, *, width: int, color: bool) -> str:
    """Every file, one below the other."""
    page = Page(width, color)
    for one in found:
        _file(page, one, lang)
    return page.text()


def _file(page: Page, one: Explanation, lang: str) -> None:
    book = one.book
    page.heading(text(lang, "report.explain.title", file=printable(one.file), kind=one.kind.value, form=book.form))
    if book.encoding:
        separator = "TAB" if book.separator == "\t" else book.separator
        page.line(text(lang, "report.explain.encoding", encoding=book.encoding, separator=separator))
    for table in book.tables:
        sheet = f"{printable(table.sheet)}: " if table.sheet else ""
        page.heading(sheet + text(lang, "report.explain.sheet", row=table.heading.row, count=table.frame.height))
        columns = grid(
            *(text(lang, f"report.explain.column.{name}") for name in ("ours", "theirs", "why", "sure", "filled"))
        )
        for column in table.heading.columns:
            why = text(lang, f"report.explain.how.{column.how}")
            theirs = " | ".join(map(printable, column.theirs))
            columns.add_row(column.name, theirs, why, f"{sure(column.how)} %", number(lang, filled(table, column.name)))
        page.table(columns)
        for key, names in (("left", table.heading.left), ("lacking", table.heading.lacking)):
            if names:
                page.line(text(lang, f"report.explain.{key}", columns=", ".join(map(printable, names))))
        if table.heading.problem is not None:
            page.line(table.heading.problem.told(lang))
        if table.merged:
            page.line(text(lang, "report.explain.merged", count=table.merged))
        for key, rows in (
            ("totals", table.totals),
            ("repeated", table.repeated),
            ("footers", table.footers),
        ):
            if rows:
                page.line(text(lang, f"report.explain.{key}", count=len(rows), rows=ranges(rows)))
    for left in book.left:
        why_left = Message(f"narration.register.why.{left.why}")
        page.line(text(lang, "report.explain.sheet_left", sheet=printable(left.sheet), why=why_left))
    _doubts(page, one, lang)
    page.heading(text(lang, "report.explain.settings"))
    for line in one.settings.splitlines():
        page.drawn(Text(line))


def _doubts(page: Page, one: Explanation, lang: str) -> None:
    if one.unknown:
        page.heading(text(lang, "report.explain.unknown"))
        for word in one.unknown:
            shown = f"‘{printable(word.value)}’" if word.value else text(lang, "report.explain.empty")
            page.line(text(lang, "report.explain.unknown_word", column=word.column, value=shown, count=word.rows))
    if one.days:
        page.heading(text(lang, "report.explain.days"))
        for days in one.days:
            page.line(
                text(
                    lang,
                    "report.explain.day",
                    column=days.column,
                    first=days.first or "–",
                    last=days.last or "–",
                    empty=days.empty,
                    open=days.open,
                    partial=days.partial,
                    unread=days.unread,
                )
            )
    if one.organisers:
        page.heading(text(lang, "report.explain.organisers"))
        for organiser, count in one.organisers:
            page.line(text(lang, "report.explain.organiser", organiser=printable(organiser), count=count))
    page.heading(text(lang, "report.explain.refused"))
    refused = causes(one.load.refusals, one.load.labels)
    if not refused:
        page.line(text(lang, "report.explain.nothing_refused"))
    for (label, column, reason), rows in refused:
        looks = ", ".join(one.load.examples.get((column, reason), ()))
        page.line(
            text(
                lang,
                "report.explain.cause",
                file=printable(label),
                column=column or "–",
                reason=rows[0][1],
                count=len(rows),
                rows=ranges([row for row, _ in rows]),
                examples=looks or "–",
            )
        )
    if one.preview:
        page.heading(text(lang, "report.explain.preview"))
        names = list(one.preview[0])
        table = grid(*names)
        for row in one.preview:
            table.add_row(*(printable(row[name] or "") for name in names))
        page.table(table)


def explained_json(found: Sequence[Explanation]) -> dict[str, Any]:
    """The same as data."""
    return {"schema": "kanta-gap/register-explain/1", "files": [_data(one) for one in found]}


def _data(one: Explanation) -> dict[str, Any]:
    book = one.book
    return {
        "file": one.file,
        "form": book.form,
        "encoding": book.encoding or None,
        "separator": book.separator or None,
        "kind": one.kind.value,
        "rows": one.rows,
        "readable": one.readable,
        "sheets": [
            {
                "name": table.sheet or None,
                "header_row": table.heading.row,
                "rows": table.frame.height,
                "columns": [
                    {
                        "column": column.name,
                        "theirs": list(column.theirs),
                        "how": column.how.value,
                        "sure": sure(column.how),
                        "filled": filled(table, column.name),
                    }
                    for column in table.heading.columns
                ],
                "left": list(table.heading.left),
                "lacking": list(table.heading.lacking),
                "problem": table.heading.problem.told("en") if table.heading.problem else None,
                "totals": list(table.totals),
                "repeated_headers": list(table.repeated),
                "footers": list(table.footers),
                "merged_cells": table.merged,
            }
            for table in book.tables
        ],
        "sheets_left": [{"name": left.sheet, "why": left.why.value} for left in book.left],
        "not_understood": [{"column": word.column, "value": word.value, "rows": word.rows} for word in one.unknown],
        "dates": [
            {
                "column": days.column,
                "first": days.first,
                "last": days.last,
                "empty": days.empty,
                "open": days.open,
                "partial": days.partial,
                "unread": days.unread,
            }
            for days in one.days
        ],
        "organisers": [{"organiser": organiser, "rows": rows} for organiser, rows in one.organisers],
        "refused": [
            {
                "file": label,
                "column": column or None,
                "reason": reason,
                "count": len(rows),
                "rows": ranges([row for row, _ in rows]),
                "examples": list(one.load.examples.get((column, reason), ())),
            }
            for (label, column, reason), rows in causes(one.load.refusals, one.load.labels)
        ],
        "preview": [dict(row) for row in one.preview],
        "settings": one.settings,
    }
