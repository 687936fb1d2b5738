"""Text for a person: the verdict first, then the cells, then what to do next. Made for a terminal and for a mail."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analyser.coverage.periods import CalendarEntry
from analyser.coverage.result import (
    Cell,
    CellStatus,
    Condition,
    ConditionStatus,
    CoverageResult,
    GapsResult,
    Period,
    Reason,
    RowClass,
    TaskName,
    Totals,
)
from analyser.coverage.trace import Trace
from analyser.language import day, has_text, number, percent, text
from analyser.report.json import evidence

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
_BAR = 10


def coverage_text(result: CoverageResult, lang: str, *, width: int, color: bool) -> str:
    """The coverage report."""
    page = _Page(width, color)
    totals, delivery = result.totals, result.separate_delivery
    page.heading(text(lang, "report.coverage.title", period=period_title(result.period, lang)))
    page.line(
        verdict(result, lang),
        "bold red" if delivery.needed else "bold yellow" if delivery.undetermined else "bold green",
    )
    if delivery.undetermined:
        page.line(text(lang, "report.coverage.undecided", rows=number(lang, delivery.undetermined)))
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
        page.table(_cells(result, lang))
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


def gaps_text(result: GapsResult, lang: str, *, width: int, color: bool, limit: int) -> str:
    """The ledger, class by class, with a legend of the reasons told."""
    page = _Page(width, color)
    page.heading(text(lang, "report.gaps.title", period=period_title(result.period, lang)))
    classes = result.rows.column("class").to_pylist()
    met: set[str] = set()
    for row_class in (
        RowClass.MISSING,
        RowClass.PARTIAL,
        RowClass.UNDETERMINED,
        RowClass.ARCHIVED,
        RowClass.EXCLUDED,
    ):
        count = classes.count(row_class.value)
        if not count:
            continue
        page.heading(f"{text(lang, f'report.class.{row_class.value}')} ({number(lang, count)})")
        chosen = result.rows.filter(pc.equal(result.rows.column("class"), row_class.value)).slice(0, limit)
        table = _grid(
            *(text(lang, f"report.column.{name}") for name in ("source_id", "task", "start", "end", "days", "reasons"))
        )
        for row in chosen.to_pylist():
            met.update(row["reasons"])
            days = f"{row['days_archived']}/{row['days_expected']}" if row["days_expected"] else "–"
            task = (
                f"{row['layer']}:{row['service_task']}" if row["layer"] != "service-task" else row["service_task"] or ""
            )
            table.add_row(
                row["source_id"], task, row["start"] or "", row["end"] or "…", days, ", ".join(row["reasons"])
            )
        page.table(table)
        if count > limit:
            page.line(text(lang, "report.gaps.more", count=number(lang, count - limit)))
    if result.archived_only.num_rows:
        page.heading(f"{text(lang, 'report.gaps.archived_only')} ({number(lang, result.archived_only.num_rows)})")
        table = _grid(
            *(text(lang, f"report.column.{name}") for name in ("person_key", "task", "start", "end", "documents"))
        )
        for row in result.archived_only.slice(0, limit).to_pylist():
            task = f"{row['layer']}:{row['service_task']}" if row["layer"] != "service-task" else row["service_task"]
            table.add_row(row["person_key"], task, row["start"] or "", row["end"] or "…", ", ".join(row["documents"]))
        page.table(table)
        if result.archived_only.num_rows > limit:
            page.line(text(lang, "report.gaps.more", count=number(lang, result.archived_only.num_rows - limit)))
    if met:
        page.heading(text(lang, "report.gaps.legend"))
        page.pairs(
            [(reason.value, text(lang, f"reason.{reason.value}.what")) for reason in Reason if reason.value in met]
        )
    return page.text()


def quarantine_text(table: pa.Table, lang: str, *, width: int, color: bool) -> str:
    """The quarantine listing, by code."""
    page = _Page(width, color)
    page.heading(text(lang, "report.quarantine.title", count=number(lang, table.num_rows)))
    if not table.num_rows:
        page.line(text(lang, "report.quarantine.empty"))
        return page.text()
    rows = table.to_pylist()
    for code in sorted({row["code"] for row in rows}):
        own = [row for row in rows if row["code"] == code]
        page.heading(f"{code} ({number(lang, len(own))})")
        page.line(own[0]["message"])
        for row in own:
            place = f"  {row['place']}" if row["place"] else ""
            page.line(f"{row['source']}: {row['member']}{place}", hang=4)
    return page.text()


def trace_text(trace: Trace, lang: str, *, width: int, color: bool) -> str:
    """Everything known about one ID."""
    page = _Page(width, color)
    page.heading(text(lang, "report.trace.title", kind=text(lang, f"report.trace.{trace.kind.value}"), id=trace.id))
    for name, table in trace.sections:
        page.heading(f"{text(lang, f'report.trace.section.{name}')} ({table.num_rows})")
        for row in table.to_pylist():
            told = [
                f"{key}={', '.join(map(str, value)) if isinstance(value, list) else value}"
                for key, value in row.items()
                if value not in (None, [], "", False)
            ]
            page.line("  ".join(told), hang=4)
    return page.text()


def periods_text(entries: Iterable[CalendarEntry], today: dt.date, lang: str, *, width: int, color: bool) -> str:
    """The calendar, with the days left to each known deadline."""
    page = _Page(width, color)
    page.heading(text(lang, "report.periods.title"))
    table = _grid(
        *(text(lang, f"report.column.{name}") for name in ("period", "start", "end", "deadline", "left", "rows"))
    )
    for entry in entries:
        period = entry.period
        left = text(lang, "report.periods.unknown")
        if period.deadline:
            days = (period.deadline - today).days
            left = text(lang, "report.periods.left" if days >= 0 else "report.periods.over", days=abs(days))
        table.add_row(
            period.id + (" *" if period.assumed else ""),
            day(lang, period.start),
            day(lang, period.end),
            day(lang, period.deadline) if period.deadline else "–",
            left,
            number(lang, entry.rows),
        )
    page.table(table)
    page.line(text(lang, "report.note.assumed"))
    return page.text()


class _Page:
    """Text under way: plain unless colour is wanted, never wider than its width."""

    def __init__(self, width: int, color: bool) -> None:
        self._buffer = io.StringIO()
        self._width = width
        self._console = Console(
            file=self._buffer,
            width=width,
            force_terminal=color,
            no_color=not color,
            color_system="standard" if color else None,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )
        self._started = False

    def heading(self, words: str) -> None:
        """A heading with a line of space above it."""
        if self._started:
            self._console.print()
        self._started = True
        self._console.print(Text(words, style="bold"))

    def gap(self) -> None:
        """A line of space."""
        self._console.print()

    def line(self, words: str, style: str = "", hang: int = 0) -> None:
        """A paragraph; further lines hang by `hang` columns."""
        wrapped = Text(words, style=style).wrap(self._console, max(20, self._width - hang))
        for number_, part in enumerate(wrapped):
            part.rstrip()
            self._console.print(Text(" " * (hang if number_ else 0)) + part, soft_wrap=True)

    def pairs(self, rows: Iterable[tuple[str, str]]) -> None:
        """Two columns, the first as wide as its longest word."""
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for first, second in rows:
            table.add_row(first, second)
        self._console.print(table)

    def table(self, table: Table) -> None:
        """A table."""
        self._console.print(table)

    def text(self) -> str:
        """The page, without white space at line ends."""
        return "\n".join(line.rstrip() for line in self._buffer.getvalue().splitlines()) + "\n"


def _grid(*columns: str, right: tuple[int, ...] = ()) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place in right else "left", overflow="fold")
    return table


def period_title(period: Period, lang: str) -> str:
    """A period with its days."""
    return f"{period.id} ({day(lang, period.start)} – {day(lang, period.end)})"


def verdict(result: CoverageResult, lang: str) -> str:
    """The answer in one sentence."""
    delivery = result.separate_delivery
    if not result.totals.rows:
        return text(lang, "report.verdict.no_rows")
    if delivery.needed:
        return text(lang, "report.verdict.needed", episodes=number(lang, delivery.episodes))
    if delivery.undetermined:
        return text(lang, "report.verdict.undetermined")
    if not result.totals.archived:
        return text(lang, "report.verdict.no_basis")
    return text(lang, "report.verdict.not_needed")


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


def _cells(result: CoverageResult, lang: str) -> Table:
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
    table = _grid(
        *places,
        *(text(lang, f"report.column.{name}") for name in figures),
        right=tuple(range(first + 1, first + 7)),
    )
    for cell in result.cells:
        table.add_row(*_cell(cell, result, lang))
    return table


def _cell(cell: Cell, result: CoverageResult, lang: str) -> list[Text | str]:
    totals = cell.totals
    shown: list[Text | str] = []
    for key, value in cell.place:
        if key == "service_task":
            shown.append(task_title(result.task_names, value, lang))
        elif key == "layer":
            shown.append(text(lang, f"report.layer.{value}"))
        else:
            shown.append(value or "–")
    share = totals.coverage_rows
    filled = 0 if share is None else max(1 if share else 0, int(share * _BAR))
    bar = "█" * filled + "░" * (_BAR - filled) if share is not None else " " * _BAR
    shown.append(f"{bar} {percent(lang, share):>7}")
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


def _reasons(page: _Page, result: CoverageResult, lang: str) -> None:
    wanted = [c for c in result.reasons if c.row_class in (RowClass.PARTIAL, RowClass.MISSING, RowClass.UNDETERMINED)]
    if not wanted:
        return
    rows: dict[Reason, int] = {}
    for count in wanted:
        rows[count.reason] = rows.get(count.reason, 0) + count.rows
    page.heading(text(lang, "report.coverage.reasons"))
    table = _grid(*(text(lang, f"report.column.{name}") for name in ("rows", "reason", "todo")), right=(0,))
    for reason, count_ in sorted(rows.items(), key=lambda item: (-item[1], list(Reason).index(item[0]))):
        table.add_row(
            number(lang, count_),
            text(lang, f"reason.{reason.value}.what"),
            text(lang, f"reason.{reason.value}.todo"),
        )
    page.table(table)


def _next_steps(page: _Page, result: CoverageResult, lang: str) -> None:
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
    if result.documents.quarantined:
        told.append(text(lang, "report.note.quarantined", count=number(lang, result.documents.quarantined)))
    if result.register_errors:
        told.append(text(lang, "report.note.register_errors", count=number(lang, result.register_errors)))
    if result.totals.archived_only:
        told.append(text(lang, "report.note.archived_only", count=number(lang, result.totals.archived_only)))
    return told


def _notes(page: _Page, result: CoverageResult, lang: str) -> None:
    page.heading(text(lang, "report.note.title"))
    for note in notes(result, lang):
        page.line(f"- {note}", hang=2)
