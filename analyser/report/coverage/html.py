"""One self-contained HTML file: no network, prints to A4, dark and light; its script only sorts and filters."""

from __future__ import annotations

from typing import Any

from analyser import __version__
from analyser.coverage.condition_values import ConditionStatus
from analyser.coverage.outlook import Outlook
from analyser.coverage.result import Cell, CellStatus, CoverageResult, Dimension, Reason, RowClass, Totals
from analyser.coverage.shares import share
from analyser.coverage.timeline import Example
from analyser.messages.catalogue import number, percent, text
from analyser.report.coverage.cells import MARKS, dimensions, ordered
from analyser.report.coverage.drawing import drawn, line
from analyser.report.coverage.evidence import STEPS, evidence, tables
from analyser.report.coverage.findings import Findings
from analyser.report.coverage.mending import anchor_of, mending_told
from analyser.report.coverage.reference import RIGHT, reference_of
from analyser.report.coverage.sources import two_sources_of
from analyser.report.template import filled
from analyser.report.words import (
    beside,
    coverage_title,
    doubtful,
    extracted,
    municipality_title,
    notes,
    period_title,
    place_title,
    reasons_told,
    standings,
    to_be_sent,
    verdict,
)

_COUNTS = ("archived", "partial", "missing", "undetermined", "excluded", "archived_only")
_CLASSES = (RowClass.ARCHIVED, RowClass.PARTIAL, RowClass.MISSING, RowClass.UNDETERMINED, RowClass.EXCLUDED)
_TONES = {ConditionStatus.MET: "covered", ConditionStatus.NOT_MET: "gap", ConditionStatus.UNKNOWN: "undetermined"}
_SIGNS = {ConditionStatus.MET: "✓", ConditionStatus.NOT_MET: "✗", ConditionStatus.UNKNOWN: "?"}
_BAR = 80
"""Units across a small bar."""


def coverage_html(
    result: CoverageResult,
    outlook: Outlook,
    findings: Findings | None,
    lang: str,
    stamp: str | None = None,
) -> str:
    """The coverage report as a page. Without `findings` the rules were not run, and the page says nothing of them."""

    def words(key: str, **values: object) -> str:
        return text(lang, f"report.{key}", **values)

    return (
        filled(
            "coverage.html",
            words=words,
            lang=lang,
            version=__version__,
            stamp=stamp,
            findings=findings,
            counted=lambda value: number(lang, value),
            period_id=result.period.id,
            mending=mending_told(outlook.mending, result.names, result.period, lang),
            **_facts(result, lang),
            **_pictures(result, outlook, lang),
        )
        + "\n"
    )


def _facts(result: CoverageResult, lang: str) -> dict[str, Any]:
    totals, delivery = result.totals, result.separate_delivery
    shares = (
        ("rows", totals.coverage_rows, totals.archived, totals.archived + totals.partial + totals.missing),
        ("days", totals.coverage_days, totals.days_archived, totals.days_expected),
        ("persons", totals.coverage_persons, totals.persons_archived, totals.persons_expected),
    )
    conditions = (
        ("period", delivery.period),
        ("service_tasks", delivery.service_tasks),
        ("population", delivery.population),
    )
    return {
        "title": coverage_title(result, lang),
        "verdict": verdict(result, lang),
        "tone": "gap" if to_be_sent(result) else "undetermined" if doubtful(result) else "covered",
        "beside": beside(result, lang),
        "extracted": extracted(result.stale, lang),
        "organisers": result.organisers,
        "figures": [
            (
                text(lang, f"report.coverage.{name}"),
                percent(lang, share),
                text(lang, f"report.page.{name}_told", archived=some, whole=whole),
            )
            for name, share, some, whole in shares
        ],
        "classes": [
            (text(lang, f"report.class.{one}"), number(lang, getattr(totals, one)), _percent_of(totals, one, lang))
            for one in _CLASSES
        ],
        "documents": [
            (text(lang, f"report.document.{name}"), number(lang, getattr(result.documents, name)))
            for name in standings(result.documents)
        ],
        "conditions": [
            (
                text(lang, f"report.condition.{name}"),
                f"{_SIGNS[one.status]} {text(lang, f'report.condition.status.{one.status.value}')}",
                _TONES[one.status],
                evidence(one, result.names, lang),
                tables(one, result.names, lang),
            )
            for name, one in conditions
        ],
        "evidence": any(tables(one, result.names, lang) for _, one in conditions),
        "reasons": _reasons(result, lang),
        "sources": two_sources_of(result, lang),
        "reference": reference_of(result, lang),
        "reference_right": RIGHT,
        "notes": notes(result, lang),
        "definitions": [
            *((text(lang, f"report.class.{one}"), text(lang, f"definition.{one}")) for one in _CLASSES),
            (text(lang, "report.column.archived_only"), text(lang, "definition.archived_only")),
            *(
                (text(lang, f"report.coverage.{one}"), text(lang, f"definition.coverage_{one}"))
                for one in ("rows", "days", "persons")
            ),
        ],
        "reason_definitions": [
            (one.value, text(lang, f"reason.{one.value}.what")) for one in Reason if one in _told(result)
        ],
    }


def _told(result: CoverageResult) -> set[Reason]:
    return {count.reason for count in result.reasons}


def _percent_of(totals: Totals, row_class: str, lang: str) -> str:
    return percent(lang, share(getattr(totals, row_class), totals.rows))


def _pictures(result: CoverageResult, outlook: Outlook, lang: str) -> dict[str, Any]:
    places = dimensions(result)
    return {
        "table_places": [text(lang, f"report.column.{key}") for key in places],
        "count_names": [
            (
                text(lang, f"report.column.{name}"),
                text(lang, f"definition.{name}"),
            )
            for name in _COUNTS
        ],
        "table": [
            (
                text(lang, f"report.layers.{layer}") if layer else "",
                [_row(values, cell, places, result, lang) for values, cell in own],
            )
            for layer, own in ordered(result)
        ],
        "map": _map(outlook, result, lang),
        "legend": _legend(lang),
        "line": line(outlook.history, lang),
        "history": [
            (
                period_title(entry.period, lang),
                number(lang, entry.totals.archived),
                number(lang, entry.totals.partial + entry.totals.missing),
                number(lang, entry.totals.undetermined),
                percent(lang, entry.totals.coverage_rows),
            )
            for entry in outlook.history
        ],
        "examples": [_example(one, result, lang) for one in outlook.examples],
    }


def _row(values: tuple[str, ...], cell: Cell, places: list[str], result: CoverageResult, lang: str) -> dict[str, Any]:
    share = cell.totals.coverage_rows
    return {
        "places": [
            place_title(result.names, key, value or None, lang) for key, value in zip(places, values, strict=True)
        ],
        "share": percent(lang, share),
        "width": None if share is None else int(share * _BAR),
        "counts": [number(lang, getattr(cell.totals, name)) for name in _COUNTS],
        "status": f"{MARKS[cell.status]} {text(lang, f'report.status.{cell.status.value}')}",
        "tone": cell.status.value,
    }


def _map(outlook: Outlook, result: CoverageResult, lang: str) -> dict[str, Any]:
    """Service tasks down, municipalities across, layer by layer; a tile with rows to mend leads to their reasons."""
    cells = outlook.places
    told = {anchor_of(one.layer, one.service_task, one.municipality) for one in outlook.mending.places}
    across = sorted(
        {dict(cell.place)[Dimension.MUNICIPALITY.key] or "" for cell in cells}, key=lambda value: (not value, value)
    )
    layers: dict[str, dict[str, dict[str, Cell]]] = {}
    for cell in cells:
        place = {key: value or "" for key, value in cell.place}
        rows = layers.setdefault(place[Dimension.LAYER.key], {})
        rows.setdefault(place[Dimension.SERVICE_TASK.key], {})[place[Dimension.MUNICIPALITY.key]] = cell
    return {
        "across": [municipality_title(value, lang) if value else text(lang, "report.page.nowhere") for value in across],
        "layers": [
            (
                text(lang, f"report.layers.{layer}"),
                [
                    (
                        place_title(result.names, Dimension.SERVICE_TASK.key, task or None, lang),
                        [_tile(found.get(value), told, lang) for value in across],
                    )
                    for task, found in rows.items()
                ],
            )
            for layer, rows in sorted(layers.items(), reverse=True)
        ],
    }


_SHOWN = (
    RowClass.ARCHIVED.value,
    RowClass.PARTIAL.value,
    RowClass.MISSING.value,
    RowClass.UNDETERMINED.value,
    RowClass.EXCLUDED.value,
)


def _tile(cell: Cell | None, places: set[str], lang: str) -> dict[str, str]:
    """A tile's look, its share, how many rows are archived of how many, all its counts, and where its reasons stand."""
    if cell is None:
        return {"look": "none", "share": "", "counts": "", "told": "", "anchor": ""}
    totals, share = cell.totals, cell.totals.coverage_rows
    place = dict(cell.place)
    anchor = anchor_of(place["layer"] or "", place["service_task"], place["municipality"])
    tile = {
        "look": cell.status.value,
        "share": MARKS[cell.status],
        "counts": "",
        "told": ", ".join(
            f"{text(lang, f'report.class.{one}')} {number(lang, getattr(totals, one))}"
            for one in _SHOWN
            if getattr(totals, one)
        ),
        "anchor": anchor if anchor in places else "",
    }
    if share is None:
        return tile
    counts = f"{number(lang, totals.archived)}/{number(lang, totals.archived + totals.partial + totals.missing)}"
    strength = sum(share < step for step in STEPS)
    look = f"gap{strength}" if cell.status is CellStatus.GAP else cell.status.value
    return tile | {"look": look, "share": f"{MARKS[cell.status]} {percent(lang, share)}", "counts": counts}


def _legend(lang: str) -> list[tuple[str, str]]:
    """What the colours of the map say."""
    bounds = [percent(lang, step) for step in STEPS]
    gaps = [
        ("gap0", text(lang, "report.page.legend_from", least=bounds[0])),
        ("gap1", text(lang, "report.page.legend_between", least=bounds[1], most=bounds[0])),
        ("gap2", text(lang, "report.page.legend_between", least=bounds[2], most=bounds[1])),
        ("gap3", text(lang, "report.page.legend_below", most=bounds[2])),
    ]
    plain = [(status.value, text(lang, f"report.status.{status.value}")) for status in _PLAIN]
    return [plain[0], *gaps, *plain[1:]]


_PLAIN = (CellStatus.COVERED, CellStatus.UNDETERMINED, CellStatus.NO_BASIS)
"""Looks of a tile that have no share."""


def _reasons(result: CoverageResult, lang: str) -> list[dict[str, Any]]:
    told = reasons_told(result)
    most = max((rows for _, rows in told), default=1)
    return [
        {
            "code": reason.value,
            "rows": number(lang, rows),
            "width": max(1, rows * _BAR // most),
            **{part: text(lang, f"reason.{reason.value}.{part}") for part in ("what", "todo", "who")},
        }
        for reason, rows in told
    ]


def _example(one: Example, result: CoverageResult, lang: str) -> dict[str, Any]:
    """A row without its name and its dates outside the period: the report goes to people who need no single client."""
    return {
        "what": text(lang, f"reason.{one.reason.value}.what"),
        "row_class": text(lang, f"report.class.{one.row_class.value}"),
        "rows": one.rows,
        "bars": [
            (
                text(lang, f"report.timeline.{bar.side.value}"),
                drawn(bar, result.period),
                _bar_told(bar.standing, bar.counts, lang),
            )
            for bar in one.bars
        ],
    }


def _bar_told(standing: str | None, counts: bool, lang: str) -> str:
    if standing is None:
        return ""
    if standing == "current" and not counts:
        return text(lang, "report.timeline.other_organiser")
    return text(lang, f"report.standing.{standing}")
