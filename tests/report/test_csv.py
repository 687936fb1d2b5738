"""A table as CSV is the same whether its columns are looked at as a whole or cell by cell."""

from __future__ import annotations

import csv
import io

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
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([cell(value) for value in row] for row in rows)
    assert "".join(table_csv(table)) == buffer.getvalue()
