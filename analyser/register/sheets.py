"""Parquet and XLSX, read in a process of its own.

Both are read by libraries in other languages that end the process, or print what they were reading, over a file made
to harm: a sheet of two cells a million rows apart, a page that says it has a billion values. What happens there costs
one file, and is told as one line.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

import polars as pl
import pyarrow as pa

from analyser.messages.errors import UsageError
from analyser.register.headings import Heading, find_heading, lacking_columns
from analyser.register.kinds import RegisterKind
from analyser.register.layout import Layout
from analyser.register.names import column_names
from analyser.register.table import FileRead, SheetRead, taken
from analyser.register.typed import texts
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
    _bounded_rows(table.num_rows, name, limits)
    return FileRead("Parquet", (plain_table(dict(zip(places, table.columns, strict=True)), heading, name),))


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


def plain_table(columns: Mapping[int, pa.ChunkedArray], heading: Heading, name: str) -> SheetRead:
    """Typed columns, by their place, with the cells as a person would write them. Raises UsageError."""
    cells = {
        str(place): texts(columns[place], theirs, name)
        for column in heading.columns
        for place, theirs in zip(column.places, column.theirs, strict=True)
    }
    rows = pl.DataFrame(cells)
    numbered = rows.with_columns(pl.int_range(2, rows.height + 2, dtype=pl.Int64).alias("__row"))
    return SheetRead("", heading, taken(numbered, heading), ())
