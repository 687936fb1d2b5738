"""Markdown for a wiki or a pull request. What data say is text: no character of it is markup."""

from __future__ import annotations

import re

from analyser.coverage.result import CoverageResult
from analyser.messages.catalogue import number, percent, text
from analyser.report.coverage.cells import MARKS, dimensions, ordered
from analyser.report.coverage.evidence import evidence
from analyser.report.coverage.reference import RIGHT, reference_of
from analyser.report.coverage.sources import two_sources_of
from analyser.report.words import beside, coverage_title, extracted, notes, place_title, reasons_told, verdict

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~$@])")
_COUNTS = ("archived", "partial", "missing", "undetermined", "excluded", "archived_only")


def plain(value: str) -> str:
    """A text from data as Markdown that shows it as it is, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(value.split()))


def coverage_markdown(result: CoverageResult, lang: str) -> str:
    """The coverage report."""
    delivery = result.separate_delivery
    lines = [
        f"# {coverage_title(result, lang)}",
        "",
        *((told, "") if (told := extracted(result.stale, lang)) else ()),
        f"**{verdict(result, lang)}**",
        *(line for told in beside(result, lang) for line in ("", told)),
        "",
        f"## {text(lang, 'report.coverage.cells')}",
    ]
    places = dimensions(result)
    for layer, own in ordered(result):
        heads = [text(lang, f"report.column.{key}") for key in places]
        if layer is not None:
            heads[0] = text(lang, f"report.layers.{layer}")
        figures = [text(lang, f"report.column.{name}") for name in ("share", *_COUNTS)]
        lines += ["", _row([*heads, *figures, text(lang, "report.column.status")])]
        lines.append(_row([":--"] * len(heads) + ["--:"] * len(figures) + [":--"]))
        for values, cell in own:
            named = [
                plain(place_title(result.names, key, value or None, lang))
                for key, value in zip(places, values, strict=True)
            ]
            counts = [number(lang, getattr(cell.totals, name)) for name in _COUNTS]
            status = f"{MARKS[cell.status]} {text(lang, f'report.status.{cell.status.value}')}"
            lines.append(_row([*named, percent(lang, cell.totals.coverage_rows), *counts, status]))
    lines += ["", f"## {text(lang, 'report.coverage.conditions')}", ""]
    for name, condition in (
        ("period", delivery.period),
        ("service_tasks", delivery.service_tasks),
        ("population", delivery.population),
    ):
        status = text(lang, f"report.condition.status.{condition.status.value}")
        told = plain(evidence(condition, result.names, lang))
        lines.append(f"- **{text(lang, f'report.condition.{name}')}: {status}.** {told}")
    if told_reasons := reasons_told(result):
        heads = [text(lang, f"report.column.{name}") for name in ("rows", "reason", "todo", "who")]
        lines += [
            "",
            f"## {text(lang, 'report.coverage.reasons')}",
            "",
            _row(heads),
            _row(["--:", ":--", ":--", ":--"]),
        ]
        for reason, rows in told_reasons:
            what, todo, who = (plain(text(lang, f"reason.{reason.value}.{part}")) for part in ("what", "todo", "who"))
            lines.append(_row([number(lang, rows), f"{what} (`{reason.value}`)", todo, who]))
    if (sources := two_sources_of(result, lang)) is not None:
        lines += ["", f"## {sources.title}", "", plain(sources.counted), "", _row([*map(plain, sources.columns)])]
        lines.append(_row([":--", ":--", *["--:"] * (len(sources.columns) - 2)]))
        lines += [_row([*map(plain, row)]) for row in sources.rows]
    if (published := reference_of(result, lang)) is not None:
        lines += ["", f"## {published.title}", "", *(f"{plain(note)}  " for note in published.notes)]
        if published.rows:
            sides = ["--:" if place in RIGHT else ":--" for place in range(len(published.columns))]
            lines += ["", _row([*map(plain, published.columns)]), _row(sides)]
            lines += [_row([*map(plain, row)]) for row in published.rows]
    lines += ["", f"## {text(lang, 'report.note.title')}", ""]
    lines += [f"- {plain(note)}" for note in notes(result, lang)]
    return "\n".join(lines) + "\n"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
