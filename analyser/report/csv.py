"""CSV for spreadsheets: a header, commas, LF, lists joined with `|`; no cell can be taken for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from analyser.coverage.result import CoverageResult, GapsResult
from analyser.report.json import totals_of

# What a spreadsheet takes for a formula, also in full width; at the start of a cell, or after a separator that a
# spreadsheet of another locale cuts at although the cell is quoted.
_FORMULA = re.compile(r"(^|[;,\t\r\n])(?=[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])")
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
        yield _written(None, (row.values() for row in batch.to_pylist()))


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
