"""Typed columns, of Parquet and of databases, as a person would write their cells: whole numbers without `.0`, days as
ISO dates. A moment beyond the calendar (`infinity`, the year 290000, a year before 1) becomes a text that is no date,
so that it costs its own row and is told there.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from analyser.messages.errors import UsageError
from analyser.national.dates import FINLAND
from analyser.national.identifiers import redacted

_FIRST, _LAST = -719_162, 2_932_896
"""0001-01-01 and 9999-12-31, as days since 1970-01-01."""
_A_DAY = 86_400
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_WHOLE = 9.2e18
"""Below this a number with a fraction of nothing fits into 64 bits."""


def texts(column: pa.ChunkedArray, called: str, name: str) -> pl.Series:
    """The cells as text. Raises UsageError for a column that holds no plain values."""
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        chunks = [chunk.storage for chunk in column.chunks]
        return texts(pa.chunked_array(chunks, kind.storage_type), called, name)
    if pa.types.is_dictionary(kind):
        return texts(column.cast(kind.value_type), called, name)
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return _days(column)
    if pa.types.is_floating(kind):
        return _numbers(column.cast(pa.float64()))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or kind in _views():
        # Spreadsheets give mixed columns as text, whole numbers among them with a decimal.
        cells = _plain(column.cast(pa.large_string())).str.replace(r"^(\d+)\.0$", "$1")
        return cells.str.replace(r"^(\d{4}-\d{2}-\d{2})[ T]00:00:00(?:\.0+)?$", "$1")
    if pa.types.is_null(kind) or pa.types.is_boolean(kind) or _is_plain(kind):
        return _plain(column.cast(pa.large_string()))
    raise UsageError("register.no_plain_column", column=redacted(called), file=name)


def _is_plain(kind: pa.DataType) -> bool:
    return any((pa.types.is_integer(kind), pa.types.is_decimal(kind), pa.types.is_time(kind)))


def _views() -> tuple[pa.DataType, ...]:
    return (pa.string_view(),) if hasattr(pa, "string_view") else ()


def _plain(column: pa.ChunkedArray) -> pl.Series:
    found = pl.from_arrow(column)
    assert isinstance(found, pl.Series)
    return found


def _numbers(column: pa.ChunkedArray) -> pl.Series:
    # What is not a number stands for a cell that is empty, as data frames write it.
    cell = pl.col("cell").fill_nan(None)
    whole = (cell == cell.round(0)) & (cell.abs() < _WHOLE)
    return (
        _plain(column)
        .to_frame("cell")
        .select(
            pl.when(whole)
            .then(pl.when(whole).then(cell).cast(pl.Int64, strict=False).cast(pl.String))
            .otherwise(cell.cast(pl.String))
        )
        .to_series()
    )


def _days(column: pa.ChunkedArray) -> pl.Series:
    """A moment with a zone is its day in Finland, wherever this runs; one without is Finnish time."""
    kind = column.type
    if pa.types.is_date32(kind):
        counted, per_day = column.cast(pa.int32()).cast(pa.int64()), 1
    else:
        counted = column.cast(pa.int64())
        per_day = _A_DAY * _PER_SECOND[kind.unit if pa.types.is_timestamp(kind) else "ms"]
    number = pl.col("cell")
    day = number // per_day
    known = day.is_between(_FIRST, _LAST)
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        seconds = pl.when(known).then(number // (per_day // _A_DAY))
        moment = pl.from_epoch(seconds, "s").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
        written = moment.dt.convert_time_zone(FINLAND.key).dt.date().cast(pl.String)
    else:
        written = pl.when(known).then(day).cast(pl.Int32).cast(pl.Date).cast(pl.String)
    beyond = pl.when(number > 0).then(pl.lit("infinity")).otherwise(pl.lit("-infinity"))
    return (
        _plain(counted)
        .to_frame("cell")
        .select(pl.when(number.is_null()).then(None).when(known).then(written).otherwise(beyond))
        .to_series()
    )
