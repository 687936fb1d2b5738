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
from analyser.messages.formulas import INVISIBLE, SIGNS
from analyser.report.json import totals_of

# What a spreadsheet takes for a formula; at the start of a cell, or after a separator that a
# spreadsheet of another locale cuts at although the cell is quoted.
_STARTS = "(^|[;,\\t\\r\\n])"
_SIGNS = INVISIBLE + SIGNS
_FORMULA = re.compile(f"{_STARTS}(?={_SIGNS})")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_QUOTED = r'[",\r\n]'
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
        cells = [_cells(column) for column in batch.columns]
        lines = _lines(cells)
        if not _as_it_is(lines, len(cells), batch.num_rows):
            lines = _lines([_quoted(column, alone=len(cells) == 1) for column in cells])
        yield lines.decode()


BOM = "\ufeff"
"""Without it Excel takes UTF-8 for the code page of the machine."""
_DECIMAL = re.compile(r"-?\d+\.\d+")


def for_excel(told: str | Iterable[str]) -> Iterator[str]:
    """The same CSV as Excel opens it where a comma is the decimal sign: byte order mark, semicolons, CR LF, 0,5.

    Excel would take 12.5 for a day of May. Cells are guarded behind semicolons already.
    """
    parts = [told] if isinstance(told, str) else told
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    buffer.write(BOM)
    for row in csv.reader(_physical_lines(parts)):
        writer.writerow(one.replace(".", ",") if _DECIMAL.fullmatch(one) else one for one in row)
        if buffer.tell() > _PIECE:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


_PIECE = 1_000_000
"""Characters written at a time."""


def _physical_lines(parts: Iterable[str]) -> Iterator[str]:
    """Lines with their ends, whatever the parts are cut at."""
    left = ""
    for part in parts:
        *lines, left = (left + part).split("\n")
        yield from (f"{line}\n" for line in lines)
    if left:
        yield left


def _cells(column: pa.Array) -> pa.Array:
    """`cell` of each value, as texts. Where a column as a whole shows no sign of a formula, none is looked at alone."""
    if pa.types.is_list(column.type) and pa.types.is_string(column.type.value_type):
        column = pc.binary_join(column, "|")
    plain = pa.types.is_integer(column.type) or (
        pa.types.is_string(column.type) and not pc.any(pc.match_substring_regex(column, _STARTS + _SIGNS)).as_py()
    )
    if plain:
        return pc.fill_null(column.cast(pa.string()), "")
    return pa.array([str(cell(value)) for value in column.to_pylist()], pa.string())


def _lines(cells: list[pa.Array]) -> bytes:
    """All cells of some rows put together at once: a cell at a time would take most of the time of a large listing."""
    ended = pc.binary_join_element_wise(cells[-1], "", "\n")
    lines = pc.binary_join_element_wise(*cells[:-1], ended, ",")
    size = pc.sum(pc.binary_length(lines)).as_py() or 0
    return lines.buffers()[2][:size].to_pybytes() if size else b""


def _as_it_is(lines: bytes, columns: int, rows: int) -> bool:
    """Whether no cell has a character that would have to be quoted: then commas and ends of lines are ours alone."""
    return (
        columns > 1
        and b'"' not in lines
        and b"\r" not in lines
        and lines.count(b",") == (columns - 1) * rows
        and lines.count(b"\n") == rows
    )


def _quoted(cells: pa.Array, *, alone: bool) -> pa.Array:
    """Cells as the csv module writes them: in quotation marks where need be, also an empty one that is all of a row."""
    special = pc.match_substring_regex(cells, _QUOTED + "|^$" if alone else _QUOTED)
    marked = pc.replace_substring(cells, '"', '""')
    return pc.if_else(special, pc.binary_join_element_wise('"', marked, '"', ""), cells)


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
        writer.writerow(map(cell, header))
    writer.writerows([cell(value) for value in row] for row in rows)
    return buffer.getvalue()
