"""Several counties side by side: the matrix of organisers and service tasks, and the measure of each task over all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from analyser import __version__
from analyser.coverage.combined import COMBINED_SCHEMA, Combined, County, Measure, TaskCell
from analyser.coverage.names import Names
from analyser.messages.catalogue import number, percent, text
from analyser.national.redaction import plain
from analyser.report.csv import table_csv
from analyser.report.json import dump
from analyser.report.page import Page, grid
from analyser.report.template import filled
from analyser.report.words import place_title
from analyser.report.workbook import tables_xlsx

_MATRIX = pa.schema(
    [
        *((name, pa.string()) for name in ("period", "county", "organiser", "layer", "service_task")),
        *((name, pa.int64()) for name in ("rows", "excluded", "undetermined", "archived", "partial", "missing")),
        ("coverage_rows", pa.float64()),
        ("comprehensive", pa.bool_()),
        ("population", pa.int64()),
    ]
)
_MEASURES = pa.schema(
    [
        *((name, pa.string()) for name in ("period", "layer", "service_task")),
        *((name, pa.int64()) for name in ("counties", "comprehensive", "not_comprehensive", "unknown", "without_rows")),
        *((name, pa.int64()) for name in ("population", "population_comprehensive")),
        ("population_share", pa.float64()),
    ]
)


def combined_json(found: Combined) -> str:
    """The matrix for other programs; no text of a language in it."""
    return dump(
        {
            "schema": COMBINED_SCHEMA,
            "tool_version": __version__,
            "as_of": found.as_of,
            "threshold": found.threshold,
            "counties": [
                {
                    "name": county.name,
                    "organisers": list(county.organisers),
                    "period": county.period,
                    "population": county.population,
                    "refused": county.refused,
                    "quarantined": county.quarantined,
                    "other_organiser": {"rows": county.elsewhere, "knowable": False},
                    "cells": [_cell(cell) for cell in county.cells],
                }
                for county in found.counties
            ],
            "service_tasks": [_measure(one) for one in found.measures],
        }
    )


def _cell(cell: TaskCell) -> dict[str, Any]:
    told = {"layer": cell.layer, "service_task": cell.service_task, **cell.counts}
    return told | {"coverage_rows": cell.coverage_rows, "comprehensive": cell.comprehensive}


def _measure(one: Measure) -> dict[str, Any]:
    return asdict(one) | {"population_share": one.population_share}


def _matrix(found: Combined) -> pa.Table:
    rows = [
        {
            "period": county.period,
            "county": county.name,
            "organiser": "|".join(county.organisers),
            "population": county.population,
            **_cell(cell),
        }
        for county in found.counties
        for cell in county.cells
    ]
    return pa.Table.from_pylist(rows, schema=_MATRIX)


def combined_csv(found: Combined) -> Iterator[str]:
    """One line for each county, period and service task."""
    return table_csv(_matrix(found))


def combined_xlsx(found: Combined, names: Names, lang: str) -> bytes:
    """Two sheets: the matrix, and the measure of each service task. Tasks by code and name."""
    measures = pa.Table.from_pylist([_measure(one) for one in found.measures], schema=_MEASURES)
    tables = (("matrix", _matrix(found)), ("measures", measures))
    return tables_xlsx([(key, _titled(table, names, lang)) for key, table in tables], lang)


def _titled(table: pa.Table, names: Names, lang: str) -> pa.Table:
    place = table.column_names.index("service_task")
    titles = [place_title(names, "service_task", value.as_py(), lang) for value in table.column(place)]
    return table.set_column(place, "service_task", pa.array(titles, pa.string()))


def county_title(county: County) -> str:
    """A county by the name that it was given, else by its organisers."""
    return plain(county.name) if county.name else " ".join(county.organisers)


def task_of(names: Names, cell: TaskCell | Measure, lang: str) -> str:
    """A service task by name, or the layer of its own."""
    if cell.layer == "service-task":
        return place_title(names, "service_task", cell.service_task, lang)
    return place_title(names, "layer", cell.layer, lang)


def _share(cell: TaskCell | None, lang: str) -> str:
    """A cell of the matrix: its share, with a mark where rows are undetermined; a dash where there is no basis."""
    if cell is None or cell.coverage_rows is None:
        return "–" if cell is None or cell.counts["rows"] is not None else "•"
    return percent(lang, cell.coverage_rows) + ("?" if cell.counts["undetermined"] else "")


def _shown(cell: TaskCell | None, lang: str) -> tuple[TaskCell | None, str]:
    return cell, _share(cell, lang)


def _judged(one: Measure, lang: str) -> tuple[str, ...]:
    share = percent(lang, one.population_share) if one.population_share is not None else "–"
    counts = (one.comprehensive, one.not_comprehensive, one.unknown, one.without_rows)
    return (*(number(lang, count) for count in counts), share)


def notes(found: Combined, lang: str) -> list[str]:
    """What a reader has to know beside the figures."""
    told = [text(lang, "combined.threshold", share=percent(lang, found.threshold))]
    without = sum(county.population is None for county in found.counties)
    elsewhere = sum(county.elsewhere or 0 for county in found.counties)
    refused = sum(county.refused for county in found.counties)
    quarantined = sum(county.quarantined or 0 for county in found.counties)
    if without:
        told.append(text(lang, "combined.without_population", count=without))
    if elsewhere:
        told.append(text(lang, "combined.elsewhere", count=elsewhere))
    if refused:
        told.append(text(lang, "combined.refused", count=refused))
    if quarantined:
        told.append(text(lang, "combined.quarantined", count=quarantined))
    return told


def _places(found: Combined, period: str) -> list[tuple[str, str]]:
    return [(one.layer, one.service_task) for one in found.measures if one.period == period]


def _periods(found: Combined) -> list[str]:
    return sorted({one.period for one in found.measures} | {county.period for county in found.counties})


def combined_text(found: Combined, names: Names, lang: str, *, width: int, color: bool) -> str:
    """For each period the measure of each service task, and under it what each county has archived of it."""
    page = Page(width, color)
    for period in _periods(found):
        page.heading(text(lang, "combined.title", period=period))
        table = grid(
            *(text(lang, f"combined.column.{name}") for name in ("task", "met", "short", "unknown", "none", "share")),
            right=range(1, 6),
            whole=range(1, 6),
        )
        for one in found.measures:
            if one.period == period:
                table.add_row(task_of(names, one, lang), *_judged(one, lang))
        page.table(table)
        page.gap()
        by_county = grid(
            *(text(lang, f"combined.column.{name}") for name in ("county", "task", "rows", "archived")), right=(2, 3)
        )
        for county in found.counties:
            if county.period != period:
                continue
            for place in _places(found, period):
                if (cell := county.cell(*place)) is not None:
                    rows = cell.counts["rows"]
                    told = number(lang, rows) if rows is not None else "•"
                    by_county.add_row(county_title(county), task_of(names, cell, lang), told, _share(cell, lang))
        page.table(by_county)
    page.heading(text(lang, "report.note.title"))
    for note in notes(found, lang):
        page.line(f"- {note}", hang=2)
    return page.text()


def combined_html(found: Combined, names: Names, lang: str) -> str:
    """One page that fetches nothing: a matrix a period, its service tasks across, its counties down."""
    periods = []
    for period in _periods(found):
        measures = [one for one in found.measures if one.period == period]
        rows = [
            (county_title(county), [_shown(county.cell(*place), lang) for place in _places(found, period)])
            for county in found.counties
            if county.period == period
        ]
        shares = [_judged(one, lang)[-1] for one in measures]
        periods.append((period, [task_of(names, one, lang) for one in measures], rows, shares))
    return filled(
        "combined.html",
        lang=lang,
        periods=periods,
        notes=notes(found, lang),
        say=lambda key, **values: text(lang, key, **values),
    )
