"""A register file to the columns of its table, with an error for each row that cannot be read.

Cells may be a person's, so an error tells file, row, column and reason, and never the cell.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import file_digest
from pathlib import Path

import polars as pl
import pyarrow as pa

from analyser.archive.records import SCHEMAS
from analyser.messages.catalogue import Message
from analyser.national.dates import OPEN_ENDS
from analyser.national.identifiers import redacted
from analyser.register.carried import KINDS as CARRYING
from analyser.register.carried import carried_columns
from analyser.register.cells import Cells
from analyser.register.examples import examples_of
from analyser.register.files import read_file
from analyser.register.kinds import AGE_GROUPS, INDICATORS, LAYERS, NO, SERVICE_KINDS, UNIT_KINDS, YES, RegisterKind
from analyser.register.layout import PLAIN, Layout
from analyser.register.refused import REFUSED, refused_table
from analyser.register.shaping import shaped
from analyser.register.table import SHEET_STEP, FileRead
from analyser.system.limits import Limits

ERRORS = pa.schema(
    [
        ("file", pa.string()),
        ("kind", pa.string()),
        ("row", pa.int32()),
        ("column", pa.string()),
        ("reason", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class RegisterLoad:
    """One file, read: rows for the store, identifiers, and what could not be read."""

    kind: RegisterKind
    file: str
    """File name without its path."""
    table: pa.Table
    """Columns of the kind's register table."""
    identities: pa.Table
    """Columns of `person_identity`."""
    errors: pa.Table
    """file, kind, row (1-based, the header is row 1), column, reason."""
    unknown_columns: tuple[str, ...]
    rows_read: int
    hidden: tuple[tuple[str, int], ...] = ()
    """Columns with cells that held the shape of an identifier where none belongs, and how many."""
    refusals: tuple[tuple[int, str, Message], ...] = ()
    """Row (of the second sheet from SHEET_STEP on), column and reason of each error, for whoever tells it."""
    examples: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """By column and reason: how cells that were refused look, their digits as 9 and their letters as a."""
    labels: tuple[str, ...] = ()
    """What the rows of each sheet are said to come from."""
    book: FileRead | None = None
    """What was found in the file, when there was one."""
    open_ends: int = 0
    """Ends that were written as a day that means an open end."""
    sha256: str = ""
    """Of the file's bytes; empty for rows that came from no file."""
    changed_at: dt.datetime | None = None
    """When the file was changed last, UTC; None for rows that came from no file."""
    whole: bool = False
    """Whether the settings of its source say that it is a whole extract."""
    refused: pa.Table = field(default_factory=REFUSED.empty_table)
    """Columns of `register_refused`: the rows behind the errors, each once."""
    repeated: int = 0
    """Rows left out because a row before them says the same word for word."""
    unshown: int = 0
    """Cells of carried columns that stand otherwise than they were written."""
    source: str = ""
    """Where the rows come from: the file, or the name that they are loaded under."""
    apart: bool = False
    """Whether a row of the list may be several here, one for each service task."""

    def under(self, source: str) -> RegisterLoad:
        """The same rows, loaded under a name."""
        return replace(self, source=source, table=_named(self.table, source), refused=_named(self.refused, source))


def read_register(
    path: Path,
    kind: RegisterKind | None,
    secret: bytes,
    limits: Limits | None = None,
    open_ends: Iterable[str] = OPEN_ENDS,
    layout: Layout = PLAIN,
) -> RegisterLoad:
    """Read a register file; its kind is recognised from its columns when not said.

    Raises UsageError when the file is no table of a known kind. `secret` keys the person hashes.
    """
    book = read_file(path, limits or Limits(), layout, kind)
    with path.open("rb") as opened:
        digest = file_digest(opened, "sha256").hexdigest()
        changed = dt.datetime.fromtimestamp(int(os.fstat(opened.fileno()).st_mtime), dt.UTC).replace(tzinfo=None)
    return replace(load_of(book, redacted(path.name), secret, open_ends, layout), sha256=digest, changed_at=changed)


def load_of(
    book: FileRead, file: str, secret: bytes, open_ends: Iterable[str] = OPEN_ENDS, layout: Layout = PLAIN
) -> RegisterLoad:
    """What can be read of a file or a source. Rows of one key that contradict each other are still in it: whether they
    do is said of all that a command reads (`several_files.agreed`)."""
    kind = kind_of(book)
    odd = [
        (row + number * SHEET_STEP, column, reason)
        for number, table in enumerate(book.tables)
        for row, column, reason in table.odd
    ]
    labels = (file,) if len(book.tables) == 1 else tuple(f"{file} ({table.sheet})" for table in book.tables)
    frame = joined(book)
    lost = [
        shaped(table.lost.with_columns(pl.col("__row") + number * SHEET_STEP), kind, layout)
        for number, table in enumerate(book.tables)
        if table.lost is not None
    ]
    load = rows_of(shaped(frame, kind, layout), kind, file, secret, odd, open_ends, labels, lost)
    unknown = dict.fromkeys(redacted(name) for table in book.tables for name in table.heading.left)
    read = frame.height + len({row for row, _, _ in odd})
    unshown = load.unshown + sum(table.unshown for table in book.tables)
    apart = bool(layout.task_separator)
    return replace(
        load,
        unknown_columns=tuple(unknown),
        book=book,
        rows_read=read,
        unshown=unshown,
        apart=apart,
        whole=layout.whole,
    )


def kind_of(book: FileRead) -> RegisterKind:
    """What the rows of a file are."""
    kind = book.tables[0].heading.kind
    assert kind is not None  # a table is only read by a complete header
    return kind


def joined(book: FileRead) -> pl.DataFrame:
    """The rows of all sheets, each under a number of its own."""
    frames = [
        table.frame.with_columns(pl.col("__row") + number * SHEET_STEP) for number, table in enumerate(book.tables)
    ]
    return pl.concat(frames, how="diagonal") if len(frames) > 1 else frames[0]


def rows_of(
    frame: pl.DataFrame,
    kind: RegisterKind,
    file: str,
    secret: bytes,
    odd: Sequence[tuple[int, str, Message]] = (),
    open_ends: Iterable[str] = OPEN_ENDS,
    labels: tuple[str, ...] = (),
    lost: Sequence[pl.DataFrame] = (),
) -> RegisterLoad:
    """Rows of a frame of texts with a `__row` column, wherever it came from.

    `labels`: what the rows of each sheet are said to come from, when that is more than the file. `lost`: what can be
    read of rows that are refused as they stand (`odd`).
    """
    columns = kind.columns
    passed = ("__row", *(carried_columns(frame.columns) if kind in CARRYING else ()))
    unknown = tuple(redacted(name) for name in frame.columns if name not in columns.known and name not in passed)
    cells = Cells(frame, columns.known, secret, frozenset(map(dt.date.fromisoformat, open_ends)))
    for row, column, reason in odd:
        cells.refuse_row(row, column, reason)
    for rest in lost:
        cells.remember(rest)
    _READERS[kind](cells)
    cells.drop_repeated()
    errors = cells.errors()
    rows = {row for row, _, _ in errors}
    labels = labels or (file,)
    load = RegisterLoad(
        kind=kind,
        file=file,
        table=cells.table(labels),
        identities=cells.identities().cast(SCHEMAS["person_identity"]),
        errors=pa.table(
            {
                "file": pa.array([labels[row // SHEET_STEP] for row, _, _ in errors], pa.string()),
                "kind": pa.array([kind.value] * len(errors), pa.string()),
                "row": pa.array([row % SHEET_STEP for row, _, _ in errors], pa.int32()),
                "column": pa.array([column for _, column, _ in errors], pa.string()),
                "reason": pa.array([str(reason) for _, _, reason in errors], pa.string()),
            },
            schema=ERRORS,
        ),
        unknown_columns=unknown,
        hidden=tuple(sorted(cells.hidden.items())),
        rows_read=frame.height + len(odd),
        refusals=tuple(errors),
        refused=refused_table(kind, labels, rows, cells.given, cells.source_ids(), secret),
        repeated=cells.repeated,
        unshown=cells.unshown,
        open_ends=cells.open_ends,
        labels=labels,
        examples=examples_of(errors, cells.given),
    )
    return load.under(file)


def _named(table: pa.Table, source: str) -> pa.Table:
    named = pa.array([source] * table.num_rows, pa.string())
    if "source" not in table.column_names:
        return table.append_column("source", named)
    return table.set_column(table.column_names.index("source"), "source", named)


def _episodes(cells: Cells) -> None:
    cells.source_id()
    cells.identity("identity_key", "person_id", "person_id_root", birth_date="birth_date")
    cells.choice("layer", LAYERS, default="service-task")
    cells.text("service_task")
    cells.date("start", required=True)
    cells.date("end", end=True)
    cells.oid("organiser", required=True)
    cells.text("unit")
    cells.text("producer")
    cells.municipality("municipality")
    cells.yes_no("safety_restricted", YES, NO)
    cells.carry()
    cells.keep(
        "source_id",
        "identity_key",
        "layer",
        "service_task",
        "start",
        "end",
        "organiser",
        "unit",
        "producer",
        "municipality",
        "safety_restricted",
        "birth_date",
        "carried",
    )


def _services(cells: Cells) -> None:
    cells.source_id()
    cells.identity("identity_key", "person_id", "person_id_root")
    cells.choice("kind", SERVICE_KINDS)
    cells.text("service_task")
    cells.text("social_service")
    for column in ("decided", "start", "end"):
        cells.date(column, end=column == "end")
    cells.oid("organiser", required=True)
    cells.carry()
    cells.keep(
        "source_id",
        "identity_key",
        "kind",
        "service_task",
        "social_service",
        "decided",
        "start",
        "end",
        "organiser",
        "carried",
    )


def _population(cells: Cells) -> None:
    cells.municipality("municipality", required=True)
    cells.number("year", lowest=1900, highest=2999)
    cells.choice("age_group", AGE_GROUPS, optional=True)
    cells.number("population", lowest=0, highest=100_000_000)
    cells.keep("municipality", "year", "age_group", "population")


def _identities(cells: Cells) -> None:
    cells.identity("identity_key", "person_id", "person_id_root")
    cells.identity("same_as_key", "same_as_id", "same_as_root")
    cells.whole_date("from", into="valid_from")
    cells.refuse(pl.col("identity_key") == pl.col("same_as_key"), "same_as_id", Message("errors.cell.joins_itself"))
    cells.keep("identity_key", "same_as_key", "valid_from")


def _codes(cells: Cells) -> None:
    for column in ("code", "key", "name_fi", "name_sv"):
        cells.text(column)
    cells.refuse(
        pl.col("code").is_null() & pl.col("key").is_null(), "code", Message("errors.cell.neither_code_nor_key")
    )
    cells.yes_no("in_register", YES, NO)
    cells.keep("code", "key", "name_fi", "name_sv", "in_register")


def _periods(cells: Cells) -> None:
    cells.text("period", required=True)
    cells.whole_date("start", into="period_start", required=True)
    cells.whole_date("end", into="period_end", required=True)
    cells.whole_date("deadline")
    cells.refuse(pl.col("period_end") < pl.col("period_start"), "end", Message("errors.cell.period_reversed"))
    cells.refuse(pl.col("deadline") < pl.col("period_end"), "deadline", Message("errors.cell.deadline_early"))
    overlaps = pl.col("period_start") <= pl.col("period_end").cum_max().shift(1).over(
        pl.lit(1), order_by=["period_start", "period"]
    )
    # Two rows of one period are no overlap: they say the same, or contradict each other.
    cells.refuse(overlaps & ~pl.col("period").is_duplicated(), "start", Message("errors.cell.overlap"))
    cells.keep("period", "period_start", "period_end", "deadline")


def _units(cells: Cells) -> None:
    cells.oid("oid", required=True)
    for column in ("name_fi", "name_sv", "contact"):
        cells.text(column)
    cells.choice("kind", UNIT_KINDS, optional=True)
    cells.whole_date("start", into="valid_from")
    cells.whole_date("end", into="valid_to", end=True)
    cells.refuse(pl.col("valid_to") < pl.col("valid_from"), "end", Message("errors.cell.unit_reversed"))
    cells.keep("oid", "name_fi", "name_sv", "kind", "contact", "valid_from", "valid_to")


def _reference(cells: Cells) -> None:
    cells.text("period", required=True)
    cells.choice("layer", LAYERS, default="service-task")
    cells.text("service_task")
    cells.municipality("municipality")
    cells.choice("indicator", INDICATORS)
    cells.thousands("value")
    cells.number("value", lowest=0, highest=100_000_000)
    cells.text("source")
    cells.rename("source", "origin")  # where a row was loaded from is another thing
    cells.keep("period", "layer", "service_task", "municipality", "indicator", "value", "origin")


_READERS = {
    RegisterKind.EPISODES: _episodes,
    RegisterKind.SERVICES: _services,
    RegisterKind.POPULATION: _population,
    RegisterKind.IDENTITIES: _identities,
    RegisterKind.CODES: _codes,
    RegisterKind.PERIODS: _periods,
    RegisterKind.UNITS: _units,
    RegisterKind.REFERENCE: _reference,
}
