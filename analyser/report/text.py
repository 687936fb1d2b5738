"""Text for a person: the verdict first, then the cells, then what to do next. Made for a terminal and for a mail."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from analyser.coverage.result import (
    Cell,
    CellStatus,
    Condition,
    ConditionStatus,
    CoverageResult,
    Period,
    Reason,
    RowClass,
    TaskName,
    Totals,
)
from analyser.language import counted, day, has_text, number, percent, text
from analyser.report.json import evidence
from analyser.report.page import Page, grid, printable

_STYLES = {
    CellStatus.COVERED: "green",
    CellStatus.GAP: "bold red",
    CellStatus.NO_BASIS: "dim",
    CellStatus.UNDETERMINED: "yellow",
}
_CONDITIONS = {
    ConditionStatus.MET: "green",
    ConditionStatus.NOT_MET: "bold red",
    ConditionStatus.UNKNOWN: "yellow",
}
_BAR_WIDE, _BAR_NARROW, _WIDE = 10, 5, 120
"""Marks in a full bar on a wide page and on a narrow one, and the columns from which a page is wide."""


def coverage_text(result: CoverageResult, lang: str, *, width: int, color: bool) -> str:
    """The coverage report."""
    page = Page(width, color)
    totals, delivery = result.totals, result.separate_delivery
    page.heading(text(lang, "report.coverage.title", period=period_title(result.period, lang)))
    page.line(
        verdict(result, lang),
        "bold red" if delivery.needed else "bold yellow" if delivery.undetermined else "bold green",
    )
    if delivery.undetermined:
        page.line(undecided(delivery.undetermined, lang))
    page.gap()
    page.pairs(
        [
            (
                text(lang, "report.coverage.rows"),
                text(
                    lang,
                    "report.coverage.rows_told",
                    percent=percent(lang, totals.coverage_rows),
                    archived=number(lang, totals.archived),
                    whole=number(lang, totals.archived + totals.partial + totals.missing),
                ),
            ),
            (
                text(lang, "report.coverage.days"),
                text(
                    lang,
                    "report.coverage.days_told",
                    percent=percent(lang, totals.coverage_days),
                    archived=number(lang, totals.days_archived),
                    whole=number(lang, totals.days_expected),
                ),
            ),
            (
                text(lang, "report.coverage.persons"),
                text(
                    lang,
                    "report.coverage.persons_told",
                    percent=percent(lang, totals.coverage_persons),
                    archived=number(lang, totals.persons_archived),
                    whole=number(lang, totals.persons_expected),
                ),
            ),
            (text(lang, "report.coverage.classes"), _classes(totals, lang)),
            (
                text(lang, "report.coverage.documents"),
                text(
                    lang,
                    "report.coverage.documents_told",
                    **{
                        name: number(lang, getattr(result.documents, name))
                        for name in ("ingested", "current", "superseded", "voided", "quarantined")
                    },
                ),
            ),
        ]
    )
    if result.cells:
        page.heading(text(lang, "report.coverage.cells"))
        page.table(_cells(result, lang, _BAR_WIDE if width >= _WIDE else _BAR_NARROW))
    page.heading(text(lang, "report.coverage.conditions"))
    for name, condition in (
        ("period", delivery.period),
        ("service_tasks", delivery.service_tasks),
        ("population", delivery.population),
    ):
        page.line(_condition(name, condition, lang), _CONDITIONS[condition.status], hang=2)
    _reasons(page, result, lang)
    _next_steps(page, result, lang)
    _notes(page, result, lang)
    return page.text()


def period_title(period: Period, lang: str) -> str:
    """A period with its days."""
    return f"{period.id} ({day(lang, period.start)} – {day(lang, period.end)})"


def verdict(result: CoverageResult, lang: str) -> str:
    """The answer in one sentence."""
    delivery = result.separate_delivery
    if not result.totals.rows:
        return text(lang, "report.verdict.no_rows")
    if delivery.needed:
        return counted(lang, "report.verdict.needed", delivery.episodes)
    if delivery.undetermined:
        return text(lang, "report.verdict.undetermined")
    if not result.totals.archived:
        return text(lang, "report.verdict.no_basis")
    return text(lang, "report.verdict.not_needed")


def undecided(rows: int, lang: str) -> str:
    """What is left for a person to decide, in one sentence."""
    return counted(lang, "report.coverage.undecided", rows)


def _classes(totals: Totals, lang: str) -> str:
    return ", ".join(
        f"{text(lang, f'report.class.{row_class.value}')} {number(lang, getattr(totals, row_class.value))}"
        for row_class in (
            RowClass.ARCHIVED,
            RowClass.PARTIAL,
            RowClass.MISSING,
            RowClass.UNDETERMINED,
            RowClass.EXCLUDED,
        )
    )


def task_title(names: Iterable[TaskName], service_task: str | None, lang: str) -> str:
    """A service task by code and name, as far as it has one."""
    for name in names:
        if name.service_task == service_task:
            told = name.name_sv if lang == "sv" else name.name_fi
            if lang == "en" and name.key and has_text(lang, f"report.task.{name.key}"):
                told = text(lang, f"report.task.{name.key}")
            return f"{service_task} {told}" if told and service_task != name.key else told or service_task or ""
    return service_task or "–"


def _cells(result: CoverageResult, lang: str, bar: int) -> Table:
    places = [text(lang, f"report.column.{place.key}") for place in result.by]
    figures = (
        "share",
        "archived",
        "partial",
        "missing",
        "undetermined",
        "excluded",
        "archived_only",
        "status",
    )
    first = len(places)
    table = grid(
        *places,
        *(text(lang, f"report.column.{name}") for name in figures),
        right=range(first + 1, first + 7),
        whole=range(first, first + 7),
    )
    for cell in result.cells:
        table.add_row(*_cell(cell, result, lang, bar))
    return table


def _cell(cell: Cell, result: CoverageResult, lang: str, bar: int) -> list[Text | str]:
    totals = cell.totals
    shown: list[Text | str] = []
    for key, value in cell.place:
        if key == "service_task":
            shown.append(printable(task_title(result.task_names, value, lang)))
        elif key == "layer":
            shown.append(text(lang, f"report.layer.{value}"))
        else:
            shown.append(printable(value or "–"))
    share = totals.coverage_rows
    filled = 0 if share is None else max(1 if share else 0, int(share * bar))
    marks = "█" * filled + "░" * (bar - filled) if share is not None else " " * bar
    shown.append(f"{marks} {percent(lang, share):>7}")
    shown.extend(
        number(lang, getattr(totals, name))
        for name in ("archived", "partial", "missing", "undetermined", "excluded", "archived_only")
    )
    shown.append(Text(text(lang, f"report.status.{cell.status.value}"), style=_STYLES[cell.status]))
    return shown


def _condition(name: str, condition: Condition, lang: str) -> str:
    return (
        f"{text(lang, f'report.condition.{name}')}: {text(lang, f'report.condition.status.{condition.status.value}')}. "
        f"{evidence(condition, lang)}"
    )


def _reasons(page: Page, result: CoverageResult, lang: str) -> None:
    wanted = [c for c in result.reasons if c.row_class in (RowClass.PARTIAL, RowClass.MISSING, RowClass.UNDETERMINED)]
    if not wanted:
        return
    rows: dict[Reason, int] = {}
    for count in wanted:
        rows[count.reason] = rows.get(count.reason, 0) + count.rows
    page.heading(text(lang, "report.coverage.reasons"))
    table = grid(*(text(lang, f"report.column.{name}") for name in ("rows", "reason", "todo")), right=(0,))
    for reason, count_ in sorted(rows.items(), key=lambda item: (-item[1], list(Reason).index(item[0]))):
        table.add_row(
            number(lang, count_),
            text(lang, f"reason.{reason.value}.what"),
            text(lang, f"reason.{reason.value}.todo"),
        )
    page.table(table)


def _next_steps(page: Page, result: CoverageResult, lang: str) -> None:
    period = result.period.id
    steps = []
    if result.documents.quarantined:
        steps.append(("kanta-gap quarantine", "report.next.quarantine"))
    if result.separate_delivery.undetermined:
        steps.append((f"kanta-gap gaps --period {period} --class undetermined", "report.next.undetermined"))
    if result.separate_delivery.needed:
        steps.append((f"kanta-gap gaps --period {period} --class missing,partial", "report.next.gaps"))
        steps.append((f"kanta-gap deliver --period {period} --out DIR", "report.next.deliver"))
    if not result.totals.rows:
        steps.append(("kanta-gap register episodes.csv", "report.next.register"))
    if steps:
        page.heading(text(lang, "report.next.title"))
        page.pairs([(command, text(lang, key)) for command, key in steps])


def notes(result: CoverageResult, lang: str) -> list[str]:
    """What a reader must know of the data."""
    told = []
    if result.period.assumed:
        told.append(text(lang, "report.note.assumed_period"))
    if result.period.deadline:
        told.append(text(lang, "report.note.deadline", day=day(lang, result.period.deadline)))
    else:
        told.append(text(lang, "report.note.no_deadline"))
    if result.as_of:
        told.append(text(lang, "report.note.as_of", day=day(lang, result.as_of)))
    for name, count in (
        ("quarantined", result.documents.quarantined),
        ("register_errors", result.register_errors),
        ("archived_only", result.totals.archived_only),
    ):
        if count:
            told.append(counted(lang, f"report.note.{name}", count))
    told.append(text(lang, "report.note.thresholds"))
    return told


def _notes(page: Page, result: CoverageResult, lang: str) -> None:
    page.heading(text(lang, "report.note.title"))
    for note in notes(result, lang):
        page.line(f"- {note}", hang=2)
