"""A register file to the columns of its table, with an error for each row that cannot be read.

Cells may be a person's, so an error tells file, row, column and reason, and never the cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import file_digest
from pathlib import Path

import polars as pl
import pyarrow as pa

from analyser.archive.records import SCHEMAS
from analyser.dates import OPEN_ENDS
from analyser.errors import UsageError
from analyser.identity import redacted
from analyser.language import Told
from analyser.limits import Limits
from analyser.register.cells import Cells
from analyser.register.files import read_file
from analyser.register.kinds import AGE_GROUPS, LAYERS, NO, RECOGNISED_BY, SERVICE_KINDS, YES, Kind
from analyser.register.refused import REFUSED, refused_table

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

    kind: Kind
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
    refusals: tuple[tuple[int, str, Told], ...] = ()
    """Row, column and reason of each error, for whoever tells it in a language."""
    open_ends: int = 0
    """Ends that were written as a day that means an open end."""
    sha256: str = ""
    """Of the file's bytes; empty for rows that came from no file."""
    refused: pa.Table = field(default_factory=REFUSED.empty_table)
    """Columns of `register_refused`: the rows behind the errors, each once."""
    repeated: int = 0
    """Rows left out because a row before them says the same word for word."""
    source: str = ""
    """Where the rows come from: the file, or the name that they are loaded under."""

    def under(self, source: str) -> RegisterLoad:
        """The same rows, loaded under a name."""
        return replace(self, source=source, table=_named(self.table, source), refused=_named(self.refused, source))


def read_register(
    path: Path,
    kind: Kind | None,
    secret: bytes,
    limits: Limits | None = None,
    open_ends: Iterable[str] = OPEN_ENDS,
) -> RegisterLoad:
    """Read a register file; its kind is recognised from its columns when not said.

    Raises UsageError when the file is no table of a known kind. `secret` keys the person hashes.
    """
    frame, odd = read_file(path, limits or Limits())
    name = redacted(path.name)
    chosen = kind_of(frame, kind, name)
    with path.open("rb") as opened:
        digest = file_digest(opened, "sha256").hexdigest()
    return replace(rows_of(frame, chosen, name, secret, odd, open_ends), sha256=digest)


def rows_of(
    frame: pl.DataFrame,
    kind: Kind,
    file: str,
    secret: bytes,
    odd: list[tuple[int, Told]] | None = None,
    open_ends: Iterable[str] = OPEN_ENDS,
) -> RegisterLoad:
    """Rows of a frame of texts with a `__row` column, wherever it came from."""
    columns = kind.columns
    unknown = tuple(redacted(name) for name in frame.columns if name not in columns.known and name != "__row")
    cells = Cells(frame, columns.known, secret, frozenset(map(dt.date.fromisoformat, open_ends)))
    for row, reason in odd or ():
        cells.refuse_row(row, "", reason)
    _READERS[kind](cells)
    cells.refuse_duplicates(columns.key)
    errors = cells.errors()
    rows = {row for row, _, _ in errors}
    load = RegisterLoad(
        kind=kind,
        file=file,
        table=cells.table(file),
        identities=cells.identities().cast(SCHEMAS["person_identity"]),
        errors=pa.table(
            {
                "file": pa.array([file] * len(errors), pa.string()),
                "kind": pa.array([kind.value] * len(errors), pa.string()),
                "row": pa.array([row for row, _, _ in errors], pa.int32()),
                "column": pa.array([column for _, column, _ in errors], pa.string()),
                "reason": pa.array([str(reason) for _, _, reason in errors], pa.string()),
            },
            schema=ERRORS,
        ),
        unknown_columns=unknown,
        hidden=tuple(sorted(cells.hidden.items())),
        rows_read=frame.height + len(odd or ()),
        refusals=tuple(errors),
        refused=refused_table(kind, file, rows, cells.given, cells.source_ids(), cells.contested),
        repeated=cells.repeated,
        open_ends=cells.open_ends,
    )
    return load.under(file)


def _named(table: pa.Table, source: str) -> pa.Table:
    named = pa.array([source] * table.num_rows, pa.string())
    if "source" not in table.column_names:
        return table.append_column("source", named)
    return table.set_column(table.column_names.index("source"), "source", named)


def kind_of(frame: pl.DataFrame, kind: Kind | None, name: str) -> Kind:
    """What a frame holds, said or recognised from its columns. Raises UsageError when columns lack."""
    present = set(frame.columns)
    if kind is None:
        kind = next((known for known, columns in RECOGNISED_BY.items() if columns <= present), None)
    if kind is None:
        # A file without a header has a person's row in its place: only names that are known are repeated.
        known = {column for one in Kind for column in one.columns.known}
        shown = ", ".join(column for column in frame.columns if column in known) or "–"
        nearest = max(Kind, key=lambda known: len(present & set(known.columns.required)))
        lacking = [column for column in nearest.columns.required if column not in present]
        raise UsageError("register.unknown_columns", file=name, known=shown, kind=nearest, lacking=list(lacking))
    lacking = [column for column in kind.columns.required if column not in present]
    if lacking:
        raise UsageError(
            "register.lacks_columns",
            file=name,
            kind=kind,
            lacking=list(lacking),
            required=list(kind.columns.required),
            optional=list(kind.columns.optional),
        )
    return kind


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
    cells.refuse(pl.col("identity_key") == pl.col("same_as_key"), "same_as_id", Told("errors.cell.joins_itself"))
    cells.keep("identity_key", "same_as_key", "valid_from")


def _codes(cells: Cells) -> None:
    for column in ("code", "key", "name_fi", "name_sv"):
        cells.text(column)
    cells.refuse(pl.col("code").is_null() & pl.col("key").is_null(), "code", Told("errors.cell.neither_code_nor_key"))
    cells.yes_no("in_register", YES, NO)
    cells.keep("code", "key", "name_fi", "name_sv", "in_register")


def _periods(cells: Cells) -> None:
    cells.text("period", required=True)
    cells.whole_date("start", into="period_start", required=True)
    cells.whole_date("end", into="period_end", required=True)
    cells.whole_date("deadline")
    cells.refuse(pl.col("period_end") < pl.col("period_start"), "end", Told("errors.cell.period_reversed"))
    cells.refuse(pl.col("deadline") < pl.col("period_end"), "deadline", Told("errors.cell.deadline_early"))
    overlaps = pl.col("period_start") <= pl.col("period_end").cum_max().shift(1).over(
        pl.lit(1), order_by="period_start"
    )
    cells.refuse(overlaps, "start", Told("errors.cell.overlap"))
    cells.keep("period", "period_start", "period_end", "deadline")


_READERS = {
    Kind.EPISODES: _episodes,
    Kind.SERVICES: _services,
    Kind.POPULATION: _population,
    Kind.IDENTITIES: _identities,
    Kind.CODES: _codes,
    Kind.PERIODS: _periods,
}
