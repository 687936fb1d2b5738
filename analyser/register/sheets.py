"""Parquet and XLSX, read in a process of its own.

Both are read by libraries in other languages that end the process, or print what they were reading, over a file made
to harm: a sheet of two cells a million rows apart, a page that says it has a billion values. What happens there costs
one file, and is told as one line.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

import polars as pl

from analyser.messages.errors import UsageError
from analyser.national.dates import FINLAND
from analyser.national.identifiers import redacted
from analyser.register.headings import Heading, find_heading, lacking_columns
from analyser.register.kinds import RegisterKind
from analyser.register.layout import Layout
from analyser.register.names import column_names
from analyser.register.table import FileRead, SheetRead, taken
from analyser.register.workbook import OLE, read_workbook
from analyser.system.limits import Limits
from analyser.system.processes import main_left_out, reading_process, silence


def read_sheet(path: Path, name: str, layout: Layout, kind: RegisterKind | None, limits: Limits) -> FileRead:
    """The cells of our columns as text. Raises UsageError."""
    # A server process may have been started before; a fresh one has nothing of this process in it.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=(limits.process_memory,)) as pool:
        try:
            with main_left_out():
                asked = pool.submit(_read, path, name, layout, kind, limits)
            found = asked.result()
        except BrokenProcessPool:
            raise _too_much(name) from None
    if isinstance(found, UsageError):
        raise found
    return found


def _too_much(name: str) -> UsageError:
    return UsageError("register.too_much_memory", file=name)


def _begin(memory: int) -> None:
    silence()
    reading_process(memory)


def _read(path: Path, name: str, layout: Layout, kind: RegisterKind | None, limits: Limits) -> FileRead | UsageError:
    """What the file gives, or the UsageError that says why it gives nothing."""
    with path.open("rb") as opened:
        head = opened.read(len(OLE))
    parquet = head.startswith(b"PAR1")
    form = "Parquet" if parquet else "XLS" if head == OLE else "XLSX"
    try:
        return (_parquet if parquet else read_workbook)(path, name, layout, kind, limits)
    except UsageError as refusal:
        return refusal
    except (MemoryError, ImportError):  # without memory a library cannot even be loaded
        return _too_much(name)
    except BaseException:  # noqa: BLE001  a library that panics raises what is no Exception; all of it ends here
        return UsageError("register.not_readable", file=name, form=form)


def _parquet(path: Path, name: str, layout: Layout, kind: RegisterKind | None, limits: Limits) -> FileRead:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        _bounded_rows(file.metadata.num_rows, name, limits)
        columns = file.schema_arrow.names
        heading = heading_of(columns, layout, kind, name, limits)
        places = sorted({place for column in heading.columns for place in column.places})
        table = file.read(columns=[columns[place] for place in places])
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    _bounded_rows(frame.height, name, limits)
    frame = frame.rename(dict(zip(frame.columns, map(str, places), strict=True)))
    return FileRead("Parquet", (plain_table(frame, heading, name),))


def _bounded_rows(rows: int, name: str, limits: Limits) -> None:
    if rows > limits.register_rows:
        raise UsageError("register.too_many_rows", file=name, limit=limits.register_rows)


def heading_of(names: Sequence[str], layout: Layout, kind: RegisterKind | None, file: str, limits: Limits) -> Heading:
    """The header of a table whose columns have names of their own. Raises UsageError when rows cannot be read by it."""
    column_names(names, file, limits)
    heading = find_heading([(1, names)], replace(layout, header_row=None), kind, file, limits)
    if heading is None or not heading.complete:
        raise lacking_columns([heading] if heading else [], kind or layout.kind, layout, file)
    return heading


def plain_table(frame: pl.DataFrame, heading: Heading, name: str) -> SheetRead:
    """Typed cells, in columns named by their place, as a person would write them: whole numbers without `.0`, days as
    ISO dates."""
    called = {
        str(place): theirs
        for column in heading.columns
        for place, theirs in zip(column.places, column.theirs, strict=True)
    }
    texts = []
    for column, dtype in frame.schema.items():
        cell = pl.col(column)
        if column not in called:
            continue
        if dtype == pl.Datetime:
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
            raise UsageError("register.no_plain_column", column=redacted(called[column]), file=name)
        else:
            cell = cell.cast(pl.String)
        texts.append(cell.alias(column))
    rows = frame.select(texts).with_columns(pl.int_range(2, frame.height + 2, dtype=pl.Int64).alias("__row"))
    return SheetRead("", heading, taken(rows, heading), ())
