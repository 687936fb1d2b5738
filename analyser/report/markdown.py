"""Markdown for a wiki or a pull request."""

from __future__ import annotations

from analyser.coverage.result import CoverageResult
from analyser.language import number, percent, text
from analyser.report.evidence import evidence
from analyser.report.words import period_title, task_title, verdict


def coverage_markdown(result: CoverageResult, lang: str) -> str:
    """The coverage report."""
    lines = [
        f"# {text(lang, 'report.coverage.title', period=period_title(result.period, lang))}",
        "",
        f"**{verdict(result, lang)}**",
        "",
        f"## {text(lang, 'report.coverage.cells')}",
        "",
    ]
    figures = ("archived", "partial", "missing", "undetermined", "excluded", "archived_only")
    header = [text(lang, f"report.column.{place.key}") for place in result.by]
    header += [text(lang, f"report.column.{name}") for name in ("share", *figures, "status")]
    lines += ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    for cell in result.cells:
        places = [
            task_title(result.task_names, value, lang) if key == "service_task" else (value or "–")
            for key, value in cell.place
        ]
        counts = [number(lang, getattr(cell.totals, name)) for name in figures]
        status = text(lang, f"report.status.{cell.status.value}")
        row = [*places, percent(lang, cell.totals.coverage_rows), *counts, status]
        lines.append("| " + " | ".join(value.replace("|", "\\|") for value in row) + " |")
    delivery = result.separate_delivery
    lines += ["", f"## {text(lang, 'report.coverage.conditions')}", ""]
    for name, condition in (
        ("period", delivery.period),
        ("service_tasks", delivery.service_tasks),
        ("population", delivery.population),
    ):
        status = text(lang, f"report.condition.status.{condition.status.value}")
        lines.append(
            f"- **{text(lang, f'report.condition.{name}')}**: {status}. {evidence(condition, result.task_names, lang)}"
        )
    if result.reasons:
        lines += ["", f"## {text(lang, 'report.coverage.reasons')}", ""]
        lines += [
            f"- {number(lang, count.rows)} × {text(lang, f'report.class.{count.row_class.value}')}: "
            f"{text(lang, f'reason.{count.reason.value}.what')}"
            for count in result.reasons
        ]
    return "\n".join(lines) + "\n"
