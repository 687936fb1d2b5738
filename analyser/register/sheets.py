"""Parquet and XLSX, read in a process of its own.

Both are read by libraries in other languages that end the process, or print what they were reading, over a file made
to harm: a sheet of two cells a million rows apart, a page that says it has a billion values. What happens there costs
one file, and is told as one line.
"""

from __future__ import annotations

import multiprocessing
import zipfile
from collections.abc import Collection
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from analyser.dates import FINLAND
from analyser.errors import UsageError
from analyser.identity import redacted
from analyser.limits import Limits
from analyser.processes import reading_process, silence
from analyser.register.names import column_names


def read_sheet(path: Path, name: str, wanted: Collection[str], limits: Limits) -> pl.DataFrame:
    """The cells of the wanted columns as text; the others stand there empty. Raises UsageError."""
    # A server process may have been started before; a fresh one has nothing of this process in it.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=(limits.process_memory,)) as pool:
        try:
            found = pool.submit(_read, path, name, frozenset(wanted), limits).result()
        except BrokenProcessPool:
            raise _too_much(name) from None
    if isinstance(found, UsageError):
        raise found
    with pa.ipc.open_stream(found) as stream:
        frame = pl.from_arrow(stream.read_all())
    assert isinstance(frame, pl.DataFrame)
    return frame


def _too_much(name: str) -> UsageError:
    return UsageError("register.too_much_memory", file=name)


def _begin(memory: int) -> None:
    silence()
    reading_process(memory)


def _read(path: Path, name: str, wanted: frozenset[str], limits: Limits) -> Any:
    """Arrow bytes, or the UsageError that says why there are none."""
    with path.open("rb") as opened:
        parquet = opened.read(4) == b"PAR1"
    form = "Parquet" if parquet else "XLSX"
    try:
        frame = _parquet(path, name, wanted, limits) if parquet else _xlsx(path, name, limits)
        texts = plain_texts(frame, name, wanted, limits).to_arrow(compat_level=pl.CompatLevel.oldest())
    except UsageError as refusal:
        return refusal
    except (MemoryError, ImportError):  # without memory a library cannot even be loaded
        return _too_much(name)
    except BaseException:  # noqa: BLE001  a library that panics raises what is no Exception; all of it ends here
        return UsageError("register.not_readable", file=name, form=form)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, texts.schema) as stream:
        stream.write_table(texts)
    return sink.getvalue().to_pybytes()


def _parquet(path: Path, name: str, wanted: frozenset[str], limits: Limits) -> pl.DataFrame:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        _bounded_rows(file.metadata.num_rows, name, limits)
        columns = file.schema_arrow.names
        own = column_names(columns, name, limits)
        known = [column for column, shown in zip(columns, own, strict=True) if shown in wanted]
        table = file.read(columns=known)
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    _bounded_rows(frame.height, name, limits)
    return frame.with_columns(pl.lit(None, pl.String).alias(column) for column in columns if column not in known)


def _xlsx(path: Path, name: str, limits: Limits) -> pl.DataFrame:
    with zipfile.ZipFile(path) as parts:
        if sum(part.file_size for part in parts.infolist()) > limits.register_bytes:
            raise UsageError("register.unpacks_too_large", file=name, limit=limits.register_bytes)
    frame = pl.read_excel(path, engine="calamine", infer_schema_length=None)
    _bounded_rows(frame.height, name, limits)
    return frame


def _bounded_rows(rows: int, name: str, limits: Limits) -> None:
    if rows > limits.register_rows:
        raise UsageError("register.too_many_rows", file=name, limit=limits.register_rows)


def plain_texts(frame: pl.DataFrame, name: str, wanted: frozenset[str], limits: Limits) -> pl.DataFrame:
    """Typed cells as a person would write them: whole numbers without `.0`, days as ISO dates."""
    frame = frame.rename(dict(zip(frame.columns, column_names(frame.columns, name, limits), strict=True)))
    texts = []
    for column, dtype in frame.schema.items():
        cell = pl.col(column)
        if column not in wanted:
            cell = pl.lit(None, pl.String)
        elif dtype == pl.Datetime:
            # A moment with a zone is its day in Finland, wherever this runs; one without is Finnish time.
            zoned = isinstance(dtype, pl.Datetime) and dtype.time_zone is not None
            cell = (cell.dt.convert_time_zone(FINLAND.key) if zoned else cell).dt.date().cast(pl.String)
        elif dtype.is_float():
            cell = (
                pl.when(cell == cell.round(0))
                .then(cell.cast(pl.Int64, strict=False).cast(pl.String))
                .otherwise(cell.cast(pl.String))
            )
        elif dtype == pl.String:
            # Spreadsheets give mixed columns as text, whole numbers among them with a decimal.
            cell = cell.str.replace(r"^(\d+)\.0$", "$1").str.replace(
                r"^(\d{4}-\d{2}-\d{2})[ T]00:00:00(?:\.0+)?$", "$1"
            )
        elif dtype.is_nested() or dtype == pl.Binary:
            raise UsageError("register.no_plain_column", column=redacted(column), file=name)
        else:
            cell = cell.cast(pl.String)
        texts.append(cell.alias(column))
    return frame.select(texts).with_columns(pl.int_range(2, frame.height + 2, dtype=pl.Int32).alias("__row"))
