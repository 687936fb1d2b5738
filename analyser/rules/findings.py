"""Failing rows of a rule, kept as a table: a million of them take a tenth of the memory of a million Python tuples.

Who shows a few of them reads them like a sequence of tuples all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import overload

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from analyser.rules.catalogue import COLUMNS, FILE, LINE
from analyser.store.arrow import arrow_table
from analyser.store.tables import batch_views
from analyser.system.resources import query

NEUTRAL = "neutral"
FOLLOWS = "follows_from"
ROW = (*COLUMNS, FILE, LINE, NEUTRAL, FOLLOWS)
"""Columns of a failing row as it is told; `line` is the row of a register file, `neutral` the subject for machines
where the subject itself holds what follows the database's secret, `follows_from` the code of the rule whose finding
explains this one."""
MACHINE_ROW = tuple(name for name in ROW if name not in ("person_key", NEUTRAL))
"""What machine formats hold: a person_key follows the database's secret, and the same input gives the same bytes."""
Row = tuple[str | None, ...]
BATCH = 20_480
"""Rows that are read or written at a time."""
_SCHEMA = pa.schema([pa.field(name, pa.string()) for name in ROW])
_MARK = re.compile("text-[0-9a-f]{16}")
_TEXT = "[text]"
"""What stands for a text that may name somebody: its mark follows the database's secret."""
_RULE = "rule"
_MARKED = ("subject", "service_task", "place")
_REPEATED = ("service_task", "municipality", "place")
"""Columns of few different texts, each of which is kept once."""
_PLAIN = frozenset({"VARCHAR", "TINYINT", "SMALLINT", "INTEGER", "BIGINT"})
"""DuckDB's types whose text is the same in Arrow and in Python."""


class FindingRows(Sequence[Row]):
    """Failing rows with the columns of ROW."""

    __slots__ = ("_table",)

    def __init__(self, table: pa.Table) -> None:
        for name in _REPEATED:
            column = table.column(name).combine_chunks().dictionary_encode()
            table = table.set_column(table.schema.get_field_index(name), name, column)
        self._table = table

    @property
    def table(self) -> pa.Table:
        """The rows as they are kept."""
        return self._table

    def __len__(self) -> int:
        return int(self._table.num_rows)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, place: int | slice) -> Row | tuple[Row, ...]:
        if isinstance(place, int):
            return next(_tuples(self._table.take([range(len(self))[place]])))
        return tuple(_tuples(self._table.take(pa.array(range(len(self))[place], pa.int64()))))

    def __iter__(self) -> Iterator[Row]:
        for batch in self.batches():
            yield from _tuples(batch)

    def batches(self) -> Iterator[pa.Table]:
        """The rows in tables of no more than BATCH, all columns plain texts."""
        for start in range(0, len(self), BATCH):
            yield self._table.slice(start, BATCH).cast(_SCHEMA)


def rows_of(rows: Iterable[Row]) -> FindingRows:
    """The same rows, kept as a table."""
    return rows if isinstance(rows, FindingRows) else FindingRows(_table(rows))


def machine_fields(fields: Mapping[str, str | None]) -> dict[str, str | None]:
    """A row as machine formats tell it."""
    told = {name: fields.get(name) for name in MACHINE_ROW} | {"subject": fields.get(NEUTRAL) or fields.get("subject")}
    return told | {name: _MARK.sub(_TEXT, value) for name in _MARKED if (value := told[name]) is not None}


def fingerprint(code: str, fields: Mapping[str, str | None]) -> str:
    """The same for the same finding in any database: what follows a database's secret plays no part."""
    told = machine_fields(fields)
    parts = (code, *(told[name] for name in ("subject", "service_task", "municipality", "document", "place")))
    return sha256("\x1f".join(part or "" for part in parts).encode()).hexdigest()[:16]


def machine_table(rows: pa.Table) -> pa.Table:
    """The same of a table of rows."""
    told = pc.coalesce(rows.column(NEUTRAL), rows.column("subject"))
    rows = rows.set_column(rows.schema.get_field_index("subject"), "subject", told)
    for name in _MARKED:
        plain = pc.replace_substring_regex(rows.column(name).cast(pa.string()), _MARK.pattern, _TEXT)
        rows = rows.set_column(rows.schema.get_field_index(name), name, plain)
    return rows.select(MACHINE_ROW)


def told_rows(room: duckdb.DuckDBPyConnection, found: Sequence[pa.Table]) -> list[FindingRows]:
    """What rules found, each as it is told: one question for all of them, which costs more than what few rows add."""
    marked = [
        table.append_column(_RULE, pa.array([place] * table.num_rows, pa.int32())) for place, table in enumerate(found)
    ]
    if not marked:
        return []
    with batch_views(room, {"found": pa.concat_tables(marked)}):
        told = arrow_table(room, query("rules/told", "rows"))
    rules = told.column(_RULE)
    told = told.drop_columns([_RULE])
    firsts = [pc.index(rules, pa.scalar(place, pa.int32())).as_py() for place in range(len(found))]
    ends = [*firsts[1:], told.num_rows]
    return [FindingRows(told.slice(first, end - first)) for first, end in zip(firsts, ends, strict=True)]


def fetched(cursor: duckdb.DuckDBPyConnection, most: int) -> pa.Table:
    """Rows of a query that stands, as texts, with the columns of ROW; of more than `most` one more."""
    described = cursor.description or []
    if all(str(column[1]) in _PLAIN for column in described):
        batches: list[pa.RecordBatch] = []
        reader = cursor.to_arrow_reader(BATCH)
        while sum(batch.num_rows for batch in batches) <= most:
            try:
                batches.append(reader.read_next_batch())
            except StopIteration:
                break
        table = pa.Table.from_batches(batches, reader.schema)
        for name in ROW[len(described) :]:
            table = table.append_column(name, pa.nulls(table.num_rows))
        return table.cast(_SCHEMA).slice(0, most + 1)
    absent = (None,) * (len(ROW) - len(described))
    return _table((*_texts(row), *absent) for row in cursor.fetchmany(most + 1))


def _texts(row: tuple[object, ...]) -> Row:
    return tuple(None if value is None else str(value) for value in row)


def _table(rows: Iterable[Row]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(ROW)
    return pa.table([pa.array(column, pa.string()) for column in columns], schema=_SCHEMA)


def _tuples(table: pa.Table) -> Iterator[Row]:
    return zip(*(column.to_pylist() for column in table.columns), strict=True)
