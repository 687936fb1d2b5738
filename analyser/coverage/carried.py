"""Columns of the county's own that lists of rows carry (`x_…`), beside the contract's columns."""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa

from analyser.coverage.model import Model
from analyser.coverage.result import RowClass
from analyser.messages.errors import BrokenSumError


def with_carried(model: Model, rows: pa.Table, classes: Collection[RowClass], listed: str = "") -> pa.Table:
    """The rows with a text column for each name that any row of the period carries, in the order of the names.

    `rows`: a listing of `classes`, by source_id. `listed`: `services` for those, empty for episodes.
    """
    what = f"carried-{listed}" if listed else "carried"
    names = [name for (name,) in model.rows(f"{what}-names")]
    if not names:
        return rows
    told = model.table(what, {"classes": [str(one) for one in classes]})
    if told.num_rows != rows.num_rows:
        raise BrokenSumError("coverage.figures", what="rows-carried", one=told.num_rows, other=rows.num_rows)
    import polars as pl  # few lists carry columns, and everybody waits for it

    cells = pl.Series(pl.from_arrow(told.column("carried"))).cast(pl.String)
    columns = cells.str.json_decode(pl.Struct(dict.fromkeys(names, pl.String))).struct.unnest()
    for name in names:
        rows = rows.append_column(name, pa.array(columns[name].to_list(), pa.string()))
    return rows
