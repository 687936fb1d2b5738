"""The tables of an export: what the comparison came to, as tables for other programs, each column with its meaning."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache

import pyarrow as pa

from analyser.coverage.measure import cells
from analyser.coverage.model import Model
from analyser.coverage.result import REVEALED_COLUMNS, Dimension, Totals
from analyser.store.arrow import arrow_table
from analyser.system.resources import queries, query

TABLES = ("ledger", "reasons", "cells", "intervals", "documents")
"""In the order in which they are told."""
_CELLS_BY = (Dimension.LAYER, Dimension.SERVICE_TASK, Dimension.MUNICIPALITY)


@dataclass(frozen=True, slots=True)
class Exported:
    """A table with its meaning."""

    name: str
    comment: str
    rows: pa.Table
    comments: Mapping[str, str]
    """By column, in the columns' order."""


def exported(model: Model, *, reveal: bool = False) -> tuple[Exported, ...]:
    """The tables of a model. `reveal`: also the identifiers that the register gave."""
    return tuple(_explained(name, _rows(model, name, reveal=reveal)) for name in TABLES)


def _rows(model: Model, name: str, *, reveal: bool) -> pa.Table:
    if name == "cells":
        return _cells(model)
    sql = query("export", name)
    rows = arrow_table(model.connection, sql, {"reveal": reveal} if name == "ledger" else None)
    return rows if reveal or name != "ledger" else rows.drop_columns(list(REVEALED_COLUMNS))


def _cells(model: Model) -> pa.Table:
    """The coverage table, as `coverage` tells it."""
    found = cells(model, _CELLS_BY)
    figures = [entry.name for entry in fields(Totals)]
    columns: dict[str, pa.Array] = {
        place.key: pa.array([dict(cell.place)[place.key] for cell in found], pa.string()) for place in _CELLS_BY
    }
    columns |= {name: pa.array([getattr(cell.totals, name) for cell in found], pa.int64()) for name in figures}
    return pa.table(columns | {"status": pa.array([cell.status.value for cell in found], pa.string())})


@cache
def _comments() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(queries("export", "comments.toml").read_text(encoding="utf-8"))


def _explained(name: str, rows: pa.Table) -> Exported:
    told = _comments()[name]
    return Exported(name, told[""], rows, {column: told[column] for column in rows.column_names})
