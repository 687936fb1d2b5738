"""One self-contained HTML file: no network, no script, prints to A4, dark and light."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined

from analyser import __version__
from analyser.coverage.evidence import ConditionStatus
from analyser.coverage.result import Cell, CellStatus, CoverageResult, RowClass
from analyser.language import number, percent, text
from analyser.report.evidence import evidence, tables
from analyser.report.words import notes, period_title, task_title, undecided, verdict

_COUNTS = ("archived", "partial", "missing", "undetermined", "excluded", "archived_only")
_TONES = {ConditionStatus.MET: "covered", ConditionStatus.NOT_MET: "gap", ConditionStatus.UNKNOWN: "undetermined"}
_BAR = 80


def coverage_html(result: CoverageResult, lang: str, stamp: str | None = None) -> str:
    """The coverage report as a page."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=False)
    template = environment.from_string(
        (files("analyser.report") / "templates" / "coverage.html").read_text(encoding="utf-8")
    )
    delivery = result.separate_delivery
    return template.render(_facts(result, lang), stamp=stamp, undecided=_undecided(delivery.undetermined, lang)) + "\n"


def _undecided(rows: int, lang: str) -> str:
    return undecided(rows, lang) if rows else ""


def _facts(result: CoverageResult, lang: str) -> dict[str, Any]:
    totals, delivery = result.totals, result.separate_delivery
    tone = "gap" if delivery.needed else "undetermined" if delivery.undetermined else "covered"
    shares = (
        ("rows", totals.coverage_rows, totals.archived, totals.archived + totals.partial + totals.missing),
        ("days", totals.coverage_days, totals.days_archived, totals.days_expected),
        ("persons", totals.coverage_persons, totals.persons_archived, totals.persons_expected),
    )
    column = {
        name: text(lang, f"report.column.{name}") for name in ("share", "status", "rows", "reason", "todo", *_COUNTS)
    }
    return {
        "lang": lang,
        "version": __version__,
        "title": text(lang, "report.coverage.title", period=period_title(result.period, lang)),
        "verdict": verdict(result, lang),
        "tone": tone,
        "figures": [
            (
                text(lang, f"report.coverage.{name}"),
                percent(lang, part),
                f"{number(lang, some)} / {number(lang, whole)}",
            )
            for name, part, some, whole in shares
        ],
        "headings": {name: text(lang, f"report.coverage.{name}") for name in ("cells", "conditions", "reasons")}
        | {"notes": text(lang, "report.note.title")},
        "places": [text(lang, f"report.column.{place.key}") for place in result.by],
        "share_name": column["share"],
        "status_name": column["status"],
        "rows_name": column["rows"],
        "reason_name": column["reason"],
        "todo_name": column["todo"],
        "counts": [column[name] for name in _COUNTS],
        "cells": [_cell(cell, result, lang) for cell in result.cells],
        "conditions": [
            (
                text(lang, f"report.condition.{name}"),
                text(lang, f"report.condition.status.{condition.status.value}"),
                _TONES[condition.status],
                evidence(condition, result.task_names, lang),
                tables(condition, result.task_names, lang),
            )
            for name, condition in (
                ("period", delivery.period),
                ("service_tasks", delivery.service_tasks),
                ("population", delivery.population),
            )
        ],
        "reasons": _reasons(result, lang),
        "notes": notes(result, lang),
    }


def _cell(cell: Cell, result: CoverageResult, lang: str) -> dict[str, Any]:
    share = cell.totals.coverage_rows
    places = [
        task_title(result.task_names, value, lang)
        if key == "service_task"
        else text(lang, f"report.layer.{value}")
        if key == "layer"
        else value or "–"
        for key, value in cell.place
    ]
    return {
        "places": places,
        "share": percent(lang, share),
        "width": None if share is None else int(share * _BAR),
        "counts": [number(lang, getattr(cell.totals, name)) for name in _COUNTS],
        "status": text(lang, f"report.status.{cell.status.value}"),
        "tone": cell.status.value if cell.status is not CellStatus.NO_BASIS else "",
    }


def _reasons(result: CoverageResult, lang: str) -> list[tuple[str, int, str, str]]:
    told: dict[str, int] = {}
    for count in result.reasons:
        if count.row_class in (RowClass.PARTIAL, RowClass.MISSING, RowClass.UNDETERMINED):
            told[count.reason.value] = told.get(count.reason.value, 0) + count.rows
    most = max(told.values(), default=1)
    return [
        (
            number(lang, rows),
            max(1, rows * _BAR // most),
            text(lang, f"reason.{reason}.what"),
            text(lang, f"reason.{reason}.todo"),
        )
        for reason, rows in sorted(told.items(), key=lambda item: -item[1])
    ]
