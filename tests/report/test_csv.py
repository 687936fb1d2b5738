"""A table as CSV is the same whether its columns are looked at as a whole or cell by cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from analyser.report.csv import cell, table_csv

_TEXT = st.text("=+-@;,|\t\r\n\uff1d1aä. \"'", max_size=4)
_ROWS = st.lists(
    st.tuples(
        st.none() | _TEXT,
        st.none() | st.lists(_TEXT, max_size=3),
        st.none() | st.integers(-9, 9),
        st.none() | st.booleans(),
        st.none() | st.dates(),
    ),
    max_size=5,
)


@given(_ROWS)
def test_columns_are_written_as_their_cells(rows: list[tuple[object, ...]]) -> None:
    types = [pa.string(), pa.list_(pa.string()), pa.int64(), pa.bool_(), pa.date32()]
    columns = zip(*rows, strict=True) if rows else [[]] * len(types)
    names = [str(place) for place in range(len(types))]
    table = pa.table(
        [pa.array(list(column), kind) for column, kind in zip(columns, types, strict=True)], schema=None, names=names
    )
    _assert_written(table, names, rows)


@given(st.lists(st.none() | _TEXT, max_size=5))
def test_a_row_of_one_cell_is_a_row_even_if_it_is_empty(texts: list[str | None]) -> None:
    _assert_written(pa.table({"only": pa.array(texts, pa.string())}), ["only"], [(text,) for text in texts])


def _assert_written(table: pa.Table, names: list[str], rows: Sequence[tuple[object, ...]]) -> None:
    """As the csv module would have it, and as it reads it."""
    cells = [[cell(value) for value in row] for row in rows]
    written = "".join(table_csv(table))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(cells)
    # From Python 3.13 on the module puts carriage returns into quotation marks, as is done here.
    if "\r" not in written:
        assert written == buffer.getvalue()
    assert list(csv.reader(io.StringIO(written, newline=""))) == [names, *([str(one) for one in row] for row in cells)]
