"""CSV for spreadsheets: a header, commas, LF, lists joined with `|`; no cell can be taken for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from analyser.coverage.result import CoverageResult, GapsResult
from analyser.report.json import totals_of

# What a spreadsheet takes for a formula, also in full width; at the start of a cell, or after a separator that a
# spreadsheet of another locale cuts at although the cell is quoted.
_STARTS = "(^|[;,\\t\\r\\n])"
_SIGNS = "[=+\\-@\\t\\r\uff1d\uff0b\uff0d\uff20]"
_FORMULA = re.compile(f"{_STARTS}(?={_SIGNS})")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_BATCH = 20_000


def coverage_csv(result: CoverageResult) -> str:
    """The cells."""
    places = [place.key for place in result.by]
    header = [*places, *totals_of(result.totals), "status"]
    rows = (
        [*(dict(cell.place)[place] for place in places), *totals_of(cell.totals).values(), cell.status.value]
        for cell in result.cells
    )
    return _written(header, rows)


def gaps_csv(result: GapsResult) -> Iterator[str]:
    """The ledger, in parts."""
    yield from table_csv(result.rows)


def table_csv(table: pa.Table) -> Iterator[str]:
    """Any table, in parts."""
    yield _written(table.column_names, ())
    for batch in table.to_batches(max_chunksize=_BATCH):
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerows(zip(*map(_cells, batch.columns), strict=True))
        yield buffer.getvalue()


def _cells(column: pa.Array) -> list[Any]:
    """`cell` of each value. Where the column as a whole shows no sign of a formula, no value is looked at alone."""
    if pa.types.is_list(column.type) and pa.types.is_string(column.type.value_type):
        column = pc.binary_join(column, "|")
    plain = pa.types.is_integer(column.type) or (
        pa.types.is_string(column.type) and not pc.any(pc.match_substring_regex(column, _STARTS + _SIGNS)).as_py()
    )
    # Nothing is written as an empty cell by the writer itself.
    return column.to_pylist() if plain else [cell(value) for value in column.to_pylist()]


def cell(value: Any) -> Any:
    """A value as a cell: a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = "|".join(map(str, value))
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        return _FORMULA.sub(r"\1'", value)
    return value


def _written(header: Iterable[str] | None, rows: Iterable[Iterable[Any]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    if header is not None:
        writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return buffer.getvalue()
