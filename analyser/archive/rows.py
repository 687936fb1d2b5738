"""Rows in the making: tuples by table, turned into Arrow tables at the end of a shard."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from analyser.archive.records import SCHEMAS


class Rows:
    """Collects rows of the tables in `records.py`; a member that fails half-way can be taken back."""

    def __init__(self) -> None:
        self._rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in SCHEMAS}

    def add(self, table: str, row: tuple[Any, ...]) -> None:
        """Add one row, with a value for each column of the table."""
        self._rows[table].append(row)

    def mark(self) -> tuple[int, ...]:
        """How many rows each table has, for `take_back`."""
        return tuple(map(len, self._rows.values()))

    def take_back(self, mark: tuple[int, ...]) -> None:
        """Drop the rows that were added since the mark."""
        for rows, length in zip(self._rows.values(), mark, strict=True):
            del rows[length:]

    def tables(self) -> dict[str, pa.Table]:
        """All rows as Arrow tables, one for every schema."""
        return {
            name: pa.Table.from_arrays(
                [pa.array(column, field.type) for column, field in zip(zip(*rows, strict=True), schema, strict=True)],
                schema=schema,
            )
            if (rows := self._rows[name])
            else schema.empty_table()
            for name, schema in SCHEMAS.items()
        }
