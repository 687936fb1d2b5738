"""The overview: the verdict first, then how sure it is, what lacks and why, and what became of it over time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from rich.style import Style
from rich.text import Text

from analyser.coverage.condition_values import Condition
from analyser.coverage.history import Run
from analyser.coverage.published import Plausible
from analyser.coverage.result import CoverageResult, Reason, RowClass, Totals
from analyser.dashboard.drawing.heatmap import HeatMap, change, heat_lines
from analyser.dashboard.drawing.marks import (
    BAD,
    CLASS_MARKS,
    CLASS_STYLES,
    CONDITION_MARKS,
    CONDITION_STYLES,
    DOUBTFUL,
    FAINT,
    GOOD,
    STRONG,
    bar,
)
from analyser.messages.catalogue import day, number, percent, text
from analyser.report.coverage.evidence import evidence
from analyser.report.coverage.reference import reference_of
from analyser.report.page import freed, held, printable
from analyser.report.words import (
    beside,
    days_left,
    doubtful,
    extracted,
    notes,
    of_county,
    reasons_told,
    to_be_sent,
    verdict,
)

WIDE = 120
"""Columns from which the overview stands in two columns."""
_LABEL = 20
_GAP = 3
_REASONS = 6
_FIGURES = 6
_CLASSES = (RowClass.ARCHIVED, RowClass.PARTIAL, RowClass.MISSING, RowClass.UNDETERMINED, RowClass.EXCLUDED)


@dataclass(frozen=True, slots=True)
class OverviewFrame:
    """What the overview shows."""

    result: CoverageResult
    runs: Sequence[Run] = ()
    """Remembered states of the period, oldest first."""
    before: CoverageResult | None = None
    """The period before, when it has been compared too."""
    today: dt.date | None = None
    """Days to the deadline are counted from here; without it only the deadline's day is told."""
    heat: HeatMap | None = None


def overview_lines(shown: OverviewFrame, lang: str, width: int) -> list[Text]:
    """The overview in as many lines as it takes, none wider than `width`."""
    head = verdict_lines(shown.result, lang, width)
    if width < WIDE:
        # What everybody needs stands on the first screen; the evidence, in whole sentences, below it.
        first, second = _figures(shown, lang, width), _whys(shown, lang, width)
        return [*head, *first, *second, *_behind(shown, lang, width)]
    left_width = (width - _GAP) // 2
    left = [*_figures(shown, lang, left_width), *_behind(shown, lang, left_width)]
    right = _whys(shown, lang, width - _GAP - left_width)
    return [*head, *_beside(left, right, left_width)]


def verdict_lines(result: CoverageResult, lang: str, width: int) -> list[Text]:
    """The answer, with a mark that says it without colour."""
    mark, style = ("×", BAD) if to_be_sent(result) else ("?", DOUBTFUL) if doubtful(result) else ("✓", GOOD)
    lines = wrapped(f"{mark} {verdict(result, lang)}", width, style, 2)
    for told in beside(result, lang):
        lines += wrapped(f"? {told}", width, DOUBTFUL, 2)
    return [*lines, Text("")]


def _figures(shown: OverviewFrame, lang: str, width: int) -> list[Text]:
    """How much is archived, until when there is time, and whether the conditions hold."""
    result = shown.result
    totals = result.totals
    lines = []
    for name, part, whole, share in (
        ("rows", totals.archived, totals.archived + totals.partial + totals.missing, totals.coverage_rows),
        ("days", totals.days_archived, totals.days_expected, totals.coverage_days),
        ("persons", totals.persons_archived, totals.persons_expected, totals.coverage_persons),
    ):
        figure = f" {percent(lang, share):>7}  {number(lang, part)} / {number(lang, whole)}"
        lines.append(_pair(text(lang, f"dashboard.figure.{name}"), _bar(share, figure, width), width))
    lines += _classes(totals, lang, width)
    lines.append(_deadline(shown, lang, width))
    lines.append(Text(""))
    lines.append(heading(text(lang, "report.coverage.conditions"), width))
    for name, condition in _conditions(result):
        lines.append(_condition(name, condition, lang))
    return [*lines, Text("")]


def _whys(shown: OverviewFrame, lang: str, width: int) -> list[Text]:
    """Why rows lack, how that goes on, and where."""
    lines = []
    told = reasons_told(shown.result)
    if told:
        lines.append(heading(text(lang, "dashboard.overview.reasons"), width))
        for reason, rows in told[:_REASONS]:
            words = f"{number(lang, rows):>7}  {text(lang, f'reason.{reason.value}.what')}"
            lines += wrapped(words, width, STRONG, 9)
            lines += wrapped(f"         {todo(reason, lang)}", width, FAINT, 9)
        if len(told) > _REASONS:
            lines.append(Text(f" {text(lang, 'dashboard.overview.more_reasons', count=len(told) - _REASONS)}", FAINT))
        lines.append(Text(""))
    lines += burn_down(shown.runs, lang, width)
    if shown.heat is not None and shown.heat.places:
        lines.append(heading(text(lang, f"dashboard.heat.by.{shown.heat.dimension.value}"), width))
        lines += heat_lines(shown.heat, shown.result.names, lang, width, 12)
        lines.append(Text(""))
    return lines


def _behind(shown: OverviewFrame, lang: str, width: int) -> list[Text]:
    """Against the period before, what the conditions rest on, and what one must know of the data."""
    lines = []
    if shown.before is not None:
        lines += _compared(shown.result, shown.before, lang, width)
    lines += _evidence(shown, lang, width)
    lines += _published(shown.result, lang, width)
    lines.append(heading(text(lang, "report.note.title"), width))
    reach = of_county(shown.result.county_name, extracted(shown.result.stale, lang))
    for note in (*([reach] if reach else []), *notes(shown.result, lang)):
        lines += wrapped(f"· {note}", width, FAINT, 2)
    return [*lines, Text("")]


def _deadline(shown: OverviewFrame, lang: str, width: int) -> Text:
    period = shown.result.period
    label = text(lang, "dashboard.overview.deadline")
    if period.deadline is None:
        return _pair(label, Text(text(lang, "dashboard.overview.no_deadline")), width)
    told = day(lang, period.deadline)
    if shown.today is None:
        return _pair(label, Text(told, STRONG), width)
    sources = shown.result.sources
    settled = sources is not None and sources.settled
    words = days_left(period.deadline, shown.today, lang, settled=settled)
    late = period.deadline < shown.today and shown.result.separate_delivery.needed and not settled
    style = BAD if late else STRONG
    return _pair(label, Text(f"{told} · {words}", style), width)


def _conditions(result: CoverageResult) -> list[tuple[str, Condition]]:
    delivery = result.separate_delivery
    return [
        ("period", delivery.period),
        ("service_tasks", delivery.service_tasks),
        ("population", delivery.population),
    ]


def _condition(name: str, condition: Condition, lang: str) -> Text:
    status, style = text(lang, f"report.condition.status.{condition.status.value}"), CONDITION_STYLES[condition.status]
    line = Text(" ", no_wrap=True).append(f"{CONDITION_MARKS[condition.status]} ", style)
    return line.append(text(lang, f"report.condition.{name}"), STRONG).append(f": {status}", style)


def _evidence(shown: OverviewFrame, lang: str, width: int) -> list[Text]:
    lines = [heading(text(lang, "dashboard.overview.evidence"), width)]
    for name, condition in _conditions(shown.result):
        told = f"{text(lang, f'report.condition.{name}')}: {evidence(condition, shown.result.names, lang)}"
        lines += wrapped(f"{CONDITION_MARKS[condition.status]} {told}", width, Style(), 2)
    return [*lines, Text("")]


def _published(result: CoverageResult, lang: str, width: int) -> list[Text]:
    """Published figures that the own counts lie apart from; all of them stand with the conditions."""
    found = reference_of(result, lang)
    if found is None or result.reference is None:
        return []
    lines = [heading(found.title, width)]
    for note in found.notes:
        lines += wrapped(f"· {printable(note)}", width, FAINT, 2)
    apart = [
        row
        for cell, row in zip(found.cells, found.rows, strict=True)
        if cell.plausible(result.reference.threshold) is Plausible.APART
    ]
    for layer, task, municipality, indicator, published, own, difference, source, _ in apart[:_FIGURES]:
        where = " · ".join((layer, task, municipality, source))
        lines += wrapped(f"? {printable(where)}: {indicator} {published} → {own} ({difference})", width, DOUBTFUL, 2)
    return [*lines, Text("")]


def _classes(totals: Totals, lang: str, width: int) -> list[Text]:
    """All rows as one bar of five marks, and what each mark is."""
    room = max(10, width - _LABEL - 1)
    counts = {row_class: getattr(totals, row_class.value) for row_class in _CLASSES}
    stacked = Text(no_wrap=True)
    for row_class, columns in _apportioned(counts, room).items():
        stacked.append(CLASS_MARKS[row_class] * columns, CLASS_STYLES[row_class])
    lines = [_pair(text(lang, "report.coverage.classes"), stacked, width)]
    legend, used = Text(" " * _LABEL, no_wrap=True), _LABEL
    for row_class in _CLASSES:
        words = f" {text(lang, f'report.class.{row_class.value}')} {number(lang, counts[row_class])}"
        if used + len(words) + 3 > width and used > _LABEL:
            lines.append(legend)
            legend, used = Text(" " * _LABEL, no_wrap=True), _LABEL
        legend.append(CLASS_MARKS[row_class], CLASS_STYLES[row_class]).append(words + "  ")
        used += len(words) + 3
    return [*lines, legend]


def _apportioned(counts: dict[RowClass, int], columns: int) -> dict[RowClass, int]:
    """Columns for each count: at least one where there is anything, and together exactly all."""
    whole = sum(counts.values())
    if not whole:
        return dict.fromkeys(counts, 0)
    shares = {name: max(1 if count else 0, count * columns // whole) for name, count in counts.items()}
    largest = max(counts, key=lambda name: counts[name])
    shares[largest] += columns - sum(shares.values())
    return shares


def burn_down(runs: Sequence[Run], lang: str, width: int) -> list[Text]:
    """What was still open each time somebody looked, as bars under each other; nothing before the second look."""
    if len(runs) < 2:
        return []
    shown = runs[-8:]
    most = max(run.open for run in shown) or 1
    lines = [heading(text(lang, "dashboard.overview.burn_down"), width)]
    room = max(5, width - 26)
    for run in shown:
        columns = run.open * room // most if not run.open else max(1, run.open * room // most)
        line = Text(f" {day(lang, run.seen_at.date()):>10}  ", no_wrap=True)
        line.append("█" * columns, BAD if run.open else GOOD).append(f" {number(lang, run.open)}")
        lines.append(line)
    return [*lines, Text("")]


def _compared(now: CoverageResult, before: CoverageResult, lang: str, width: int) -> list[Text]:
    lines = [heading(text(lang, "dashboard.overview.compared", period=before.period.id), width)]
    for name in ("rows", "days", "persons"):
        this, that = (getattr(result.totals, f"coverage_{name}") for result in (now, before))
        told = change(this, that, lang)
        figure = Text(f"{percent(lang, that)} → {percent(lang, this)}", no_wrap=True)
        if told is not None:
            mark, style = ("▲", GOOD) if told[0] == "+" else ("▼", BAD) if told[0] == "−" else ("=", FAINT)
            figure.append(f"  {mark} {text(lang, 'dashboard.points', points=told)}", style)
        lines.append(_pair(text(lang, f"dashboard.figure.{name}"), figure, width))
    lacking = [result.totals.partial + result.totals.missing for result in (before, now)]
    lines.append(
        _pair(text(lang, "dashboard.figure.lacking"), Text(" → ".join(number(lang, rows) for rows in lacking)), width)
    )
    return [*lines, Text("")]


def todo(reason: Reason, lang: str) -> str:
    """What to do about a reason, and who does it."""
    return f"{text(lang, f'reason.{reason.value}.todo')} ({text(lang, f'reason.{reason.value}.who')})"


def _bar(share: float | None, figure: str, width: int) -> Text:
    columns = max(5, width - _LABEL - max(30, len(figure)) - 1)
    drawn = bar(share, columns)
    filled = len(drawn.rstrip("░")) if share is not None else 0
    line = Text(no_wrap=True).append(drawn[:filled], GOOD).append(drawn[filled:], FAINT if share is None else BAD)
    return line.append(figure, Style())


def _pair(label: str, value: Text, width: int) -> Text:
    line = Text(f" {label[: _LABEL - 2]}".ljust(_LABEL), no_wrap=True).append_text(value)
    line.truncate(width, overflow="ellipsis")
    return line


def heading(words: str, width: int) -> Text:
    """A heading, and a line to the page's edge."""
    line = Text(f" {words} ", style=STRONG, no_wrap=True)
    line.truncate(width, overflow="ellipsis")
    return line.append("─" * max(0, width - line.cell_len - 1), FAINT)


def wrapped(words: str, width: int, style: Style = Style(), hang: int = 0) -> list[Text]:  # noqa: B008
    """A paragraph in lines with a margin of one column; further lines hang by `hang`."""
    lead = len(words) - len(words.lstrip())
    lines: list[Text] = []
    line = " " * (lead + 1)
    empty = True
    for word in map(freed, held(words).split()):
        if not empty and len(line) + 1 + len(word) > width:
            lines.append(Text(line, style, no_wrap=True))
            line, empty = " " * (hang + 1), True
        line += word if empty else f" {word}"
        empty = False
    lines.append(Text(line, style, no_wrap=True))
    for one in lines:
        one.truncate(width, overflow="ellipsis")
    return lines


def _beside(left: Sequence[Text], right: Sequence[Text], left_width: int) -> list[Text]:
    lines = []
    for place in range(max(len(left), len(right))):
        line = Text(no_wrap=True)
        if place < len(left):
            line.append_text(left[place])
        if place < len(right):
            line.append(" " * (left_width + _GAP - line.cell_len)).append_text(right[place])
        lines.append(line)
    return lines
