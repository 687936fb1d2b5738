"""Register intervals against archived intervals, as dates that a face can draw.

A row's bars are the register's interval and every archived interval of the same person, layer and service task;
only those that `counts` cover days of the row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from analyser.coverage.model import Model
from analyser.coverage.result import Reason, RowClass


class Side(StrEnum):
    """Where a bar comes from."""

    REGISTER = "register"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Bar:
    """One interval. Certain days lie within the possible ones; an end that is None is open."""

    side: Side
    oid: str | None
    standing: str | None
    counts: bool
    """Whether it covers days: a current document of the row's organiser. The register's own bar always counts."""
    start: str
    end: str | None
    possible_start: dt.date
    certain_start: dt.date
    certain_end: dt.date | None
    possible_end: dt.date | None


@dataclass(frozen=True, slots=True)
class Example:
    """A register row that shows how a reason looks, with how many rows the reason leads."""

    reason: Reason
    row_class: RowClass
    rows: int
    bars: tuple[Bar, ...]


def timeline(model: Model, source_ids: Sequence[str]) -> pa.Table:
    """The bars of register rows as a table."""
    return model.table("timeline", {"source_ids": list(source_ids)}, keeps=True)


def bars(table: pa.Table) -> dict[str, tuple[Bar, ...]]:
    """The bars of such a table by register row."""
    found: dict[str, list[Bar]] = {}
    for row in table.to_pylist():
        found.setdefault(row.pop("source_id"), []).append(Bar(**row | {"side": Side(row["side"])}))
    return {source_id: tuple(own) for source_id, own in found.items()}


def examples(model: Model, most: int) -> tuple[Example, ...]:
    """One row for each of the commonest leading reasons."""
    chosen = model.rows("examples", {"most": most})
    drawn = bars(timeline(model, [source_id for _, source_id, _, _ in chosen]))
    return tuple(
        Example(Reason(reason), RowClass(row_class), rows, drawn[source_id])
        for reason, source_id, row_class, rows in chosen
    )
