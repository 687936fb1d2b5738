"""The tables of an export as files: Parquet and CSV. The same tables give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from analyser.coverage.exported import Exported
from analyser.report.csv import for_excel, table_csv

COLUMNS = "columns.csv"
"""What every table and column means, beside the tables."""
_ROW_GROUP = 100_000


def parquet_bytes(table: Exported) -> bytes:
    """Parquet; the meaning of the table and of each column stands in the metadata under `comment`."""
    fields = [
        field.with_metadata({"comment": table.comments[field.name]}).with_type(_plain(field.type))
        for field in table.rows.schema
    ]
    schema = pa.schema(fields, {"comment": table.comment})
    out = io.BytesIO()
    pq.write_table(table.rows.cast(schema), out, compression="zstd", row_group_size=_ROW_GROUP)
    return out.getvalue()


def csv_bytes(table: Exported, *, excel: bool = False) -> bytes:
    """CSV, lists joined with `|`; no cell can be taken for a formula."""
    return _written(table.rows, excel=excel)


def _written(rows: pa.Table, *, excel: bool) -> bytes:
    told = table_csv(rows)
    return "".join(for_excel(told) if excel else told).encode()


def columns_bytes(tables: Sequence[Exported], *, excel: bool = False) -> bytes:
    """A row for each table (with an empty column) and for each column: name, type, meaning."""
    told = [
        (table.name, column, kind, words)
        for table in tables
        for column, kind, words in [
            ("", "", table.comment),
            *((field.name, str(field.type), table.comments[field.name]) for field in table.rows.schema),
        ]
    ]
    names = ("table", "column", "type", "meaning")
    rows = pa.table(
        {name: pa.array(values, pa.string()) for name, values in zip(names, zip(*told, strict=True), strict=True)}
    )
    return _written(rows, excel=excel)


def _plain(kind: pa.DataType) -> pa.DataType:
    """Lists whose items have one name, whatever DuckDB calls them."""
    return pa.list_(pa.string()) if pa.types.is_list(kind) else kind
