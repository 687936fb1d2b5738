"""What stands on the pages of one row, one document and one rule."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

from rich.style import Style
from rich.text import Text

from analyser.coverage.browse import RowDetail
from analyser.coverage.names import Names
from analyser.coverage.result import CoverageResult, Dimension, Period, RowClass
from analyser.coverage.trace import Trace
from analyser.dashboard.drawing.marks import (
    BAD,
    CLASS_MARKS,
    CLASS_STYLES,
    CONDITION_MARKS,
    DOUBTFUL,
    FAINT,
    GOOD,
    STRONG,
)
from analyser.dashboard.drawing.overview import todo, wrapped
from analyser.dashboard.drawing.timeline import timeline, uncovered
from analyser.messages.catalogue import date_text, day, number, text
from analyser.report.check.text import told as rule_text
from analyser.report.coverage.evidence import details, evidence
from analyser.report.coverage.reference import reference_of, reference_page
from analyser.report.page import Page, printable
from analyser.report.trace import trace_text
from analyser.report.words import municipality_title, task_title, unit_title
from analyser.rules.policy import Policy
from analyser.rules.run import Status

_LABEL = 20
RULE_MARKS = {Status.PASSED: "✓", Status.FAILED: "×", Status.NOT_APPLICABLE: "·", Status.ERROR: "!"}
RULE_STYLES = {Status.PASSED: GOOD, Status.FAILED: BAD, Status.NOT_APPLICABLE: FAINT, Status.ERROR: DOUBTFUL}


def grouped_title(column: str, lang: str) -> str:
    """The column that rows are put together by, as it is called."""
    if column == "class":
        return text(lang, "dashboard.column.class")
    if column == "reasons":
        return text(lang, "report.page.first_reason")
    if column == "organiser":
        return text(lang, "report.fact.organiser").capitalize()
    told = text(lang, f"report.column.{column}")
    return text(lang, "dashboard.groups.month", column=told) if column in ("start", "end") else told


def group_title(column: str, value: str | None, names: Names, lang: str) -> str:
    """A group of rows, as it is called; dates by their month."""
    if value is None:
        return "…" if column == "end" else text(lang, "dashboard.heat.no_place")
    match column:
        case "class":
            return text(lang, f"report.class.{value}")
        case "task":
            layer, _, task = value.partition(" ")
            told = task_title(names, task or None, lang)
            if layer == "child-protection":
                told = f"{text(lang, f'report.layer.{layer}')} · {told}"
        case "reasons":
            return text(lang, f"reason.{value}.what")
        case "municipality":
            told = municipality_title(value, lang)
        case "unit" | "producer":
            told = unit_title(names, value, lang)
        case "start" | "end":
            told = date_text(lang, value)
        case _:
            told = value
    return printable(told)


def row_lines(detail: RowDetail, period: Period, names: Names, lang: str, width: int) -> list[Text]:
    """One register row: its class, its days drawn, why, and what to do."""
    row = detail.row
    head = Text(" ", no_wrap=True)
    head.append(f"{CLASS_MARKS[row.row_class]} ", CLASS_STYLES[row.row_class])
    head.append(printable(row.source_id), STRONG)
    head.append("  " + text(lang, f"report.class.{row.row_class.value}"), CLASS_STYLES[row.row_class])
    if row.days_expected:
        told = text(
            lang,
            "dashboard.row.days",
            archived=row.days_archived,
            expected=row.days_expected,
        )
        head.append(f"  {told}")
    lines = [head, *wrapped(_facts(detail, names, lang), width, FAINT)]
    if row.hidden:
        lines += wrapped(text(lang, "dashboard.row.hidden"), width, DOUBTFUL)
    lines += [*_reasons(detail, lang, width), Text(""), *timeline(detail, period, lang, width), Text("")]
    if detail.holes:
        lines += wrapped(text(lang, "dashboard.row.uncovered", days=uncovered(detail.holes, lang)), width, BAD, 2)
    if detail.file:
        place = text(lang, "dashboard.row.from", file=printable(detail.file), row=detail.line or 0)
        lines += wrapped(place, width, FAINT)
    return lines


def _facts(detail: RowDetail, names: Names, lang: str) -> str:
    row = detail.row
    parts = [
        text(lang, f"report.layer.{row.layer}"),
        task_title(names, row.service_task, lang),
        *(
            f"{text(lang, f'report.column.{name}')} {value}"
            for name, value in (
                ("person_key", row.person_key),
                ("municipality", municipality_title(row.municipality, lang) if row.municipality else None),
                ("unit", unit_title(names, row.unit, lang) if row.unit else None),
                ("producer", unit_title(names, row.producer, lang) if row.producer else None),
                ("age_group", row.age_group),
            )
            if value
        ),
    ]
    return " · ".join(printable(part) for part in parts)


def _reasons(detail: RowDetail, lang: str, width: int) -> list[Text]:
    if not detail.row.reasons:
        return wrapped(text(lang, "dashboard.row.no_reason"), width, GOOD)
    lines = []
    for reason in detail.row.reasons:
        lines += wrapped(f"• {text(lang, f'reason.{reason.value}.what')}", width, STRONG, 2)
        lines += wrapped(f"  → {todo(reason, lang)}", width, Style(), 4)
    return lines


def document_lines(trace: Trace, lang: str, width: int) -> list[Text]:
    """Everything about an ID as `trace` tells it: rows, then documents with their facts, files and places."""
    return _coloured(trace_text(trace, lang, width=width - 1, color=True))


def condition_lines(result: CoverageResult, lang: str, width: int) -> list[Text]:
    """What the three conditions rest on: a sentence each, and every number in tables; below, published figures."""
    page = Page(width - 1, color=True)
    delivery = result.separate_delivery
    for name, condition in (
        ("period", delivery.period),
        ("service_tasks", delivery.service_tasks),
        ("population", delivery.population),
    ):
        status = text(lang, f"report.condition.status.{condition.status.value}")
        page.heading(f"{CONDITION_MARKS[condition.status]} {text(lang, f'report.condition.{name}')}: {status}")
        page.line(evidence(condition, result.names, lang))
        details(page, condition, result.names, lang)
    if (published := reference_of(result, lang)) is not None:
        reference_page(page, published)
    return _coloured(page.text())


def _coloured(told: str) -> list[Text]:
    """Text with colours as lines with a margin."""
    return [Text(" ", no_wrap=True).append_text(line) for line in Text.from_ansi(told).split("\n", allow_blank=True)]


def rule_lines(policy: Policy, told: str, lang: str, width: int) -> list[Text]:
    """A rule: what and why, who mends it, and its SQL."""
    rule = policy.rule
    lines = wrapped(f"{rule.code} {rule.text('title', lang)}", width, STRONG)
    lines += wrapped(told, width)
    lines.append(Text(""))
    for name in ("guidance", "of", "basis", "fixed_by"):
        if words := rule_text(policy, name, lang):
            lines += _labelled(text(lang, f"dashboard.rule.{name}"), " ".join(printable_lines(words)), width)
    lines += [Text(""), _heading("SQL", width)]
    for line in printable_lines(rule.sql):
        lines += _code(line, width)
    return lines


def printable_lines(words: str) -> list[str]:
    """Lines without characters that would steer a terminal."""
    return [printable(line) for line in words.expandtabs(4).splitlines()]


def _code(line: str, width: int) -> list[Text]:
    """A line of SQL; what is too long for the page goes on below, two columns deeper."""
    style = FAINT if line.lstrip().startswith("--") else Style()
    indent = len(line) - len(line.lstrip())
    parts = textwrap.wrap(
        line.strip(),
        max(20, width - indent - 2),
        subsequent_indent="  ",
        break_long_words=True,
        break_on_hyphens=False,
    )
    return [Text(" " * (indent + 1) + part, style, no_wrap=True) for part in parts or [""]]


def _labelled(label: str, words: str, width: int) -> list[Text]:
    lines = wrapped(words, max(20, width - _LABEL))
    for place, line in enumerate(lines):
        head = Text(f" {label}".ljust(_LABEL) if not place else " " * _LABEL, FAINT, no_wrap=True)
        lines[place] = head.append_text(line)
    return lines


def counts_line(counts: dict[RowClass, int], lang: str, width: int) -> Text:
    """How many rows are listed, by class."""
    line = Text(f" {text(lang, 'dashboard.rows.count', count=sum(counts.values()))}", STRONG, no_wrap=True)
    for row_class, rows in counts.items():
        line.append("  ").append(CLASS_MARKS[row_class], CLASS_STYLES[row_class])
        line.append(f" {text(lang, f'report.class.{row_class.value}')} {number(lang, rows)}", Style(bold=False))
    line.truncate(width, overflow="ellipsis")
    return line


def choice_title(parts: Iterable[str]) -> str:
    """What is chosen, in one line."""
    return " · ".join(printable(part) for part in parts if part)


def dimension_title(dimension: Dimension, lang: str) -> str:
    """A dimension as it is called."""
    return text(lang, f"report.column.{dimension.key}")


def stored(value: Any, lang: str) -> str:
    """A day, or a dash."""
    return day(lang, value) if value else "–"


def _heading(words: str, width: int) -> Text:
    line = Text(f" {words} ", STRONG, no_wrap=True)
    line.truncate(width, overflow="ellipsis")
    return line.append("─" * max(0, width - line.cell_len - 1), FAINT)
