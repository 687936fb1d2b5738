"""Loads what the register room read: each load is a version, and what it takes the place of is kept beside it.

Rows with a known key are replaced, the rest is kept, but for a whole extract: what that lacks ends. Table and column
names come from the closed set of kinds and from the database itself, never from a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from analyser.national.dates import utc_now
from analyser.register.kinds import RegisterKind
from analyser.register.load import RegisterLoad
from analyser.register.reader import REGISTER_READER
from analyser.register.refused import OF_THE_VERDICT
from analyser.store.audit import note, os_user
from analyser.store.database import Database, assert_persons_known, execute_all
from analyser.store.first_row import first_number, first_row
from analyser.store.tables import batch_views, merge_identities
from analyser.store.transaction import transaction
from analyser.system.resources import query

_OF_THE_LOAD = ("file", "row", "source", "load", "seen")
"""Columns that tell where a row came from, not what it says."""
_IDS = pa.schema([("source_id", pa.string())])
_KEPT = """json_merge_patch(to_json(told), '{"birth_date": null}')"""
"""What is kept of a row that a load takes the place of: a birth date stands nowhere but with the row in force."""
_SAME_ROW = {
    RegisterKind.EPISODES: ("identity_key", "layer", "service_task", "start_text"),
    RegisterKind.SERVICES: (
        "identity_key",
        "kind",
        "service_task",
        "social_service",
        "decided_text",
        "start_text",
    ),
}
"""What a row says that got another source_id: the same person and matter, begun on the same day; the organiser stands
beside, because it may have been merged."""


@dataclass(frozen=True, slots=True)
class LoadScope:
    """What a load takes the place of, beside the rows that it names."""

    whole: bool = False
    """Rows of these sources that the extract lacks end."""
    sources: tuple[str, ...] = ()
    everything: bool = False
    """The kind is started anew: rows of every source."""
    succession: tuple[tuple[str, str], ...] = ()
    """Old and new OID of merged organisers: a row of the one is still the same row as one of the other."""
    renumbered: tuple[tuple[str, str], ...] = ()
    """Old and new source_id of rows that the register calls otherwise now."""

    @property
    def ends(self) -> bool:
        """Whether rows may end that no file names."""
        return self.whole or self.everything


@dataclass(frozen=True, slots=True)
class RegisterSummary:
    """What a load did to the database."""

    number: int
    kind: RegisterKind
    file: str
    read: int
    """Data rows of the file."""
    loaded: int
    new: int
    changed: int
    same: int
    gone: int
    """Rows that the extract lacks, and whose part in the comparison ended."""
    errors: int
    """Rows (or cells) that could not be loaded."""
    refused: int
    """Rows that could not be loaded."""
    set_apart: int
    """Rows of an earlier load that a row which cannot be read now takes out of the comparison."""
    others: int
    """Changed rows that name another person or another organiser now."""
    left: int
    """Rows of earlier loads that are not in this file and stay."""
    total: int
    """Rows of the kind in the database afterwards."""

    @property
    def replaced(self) -> int:
        """Rows of an earlier load that these took the place of."""
        return self.changed + self.same


@dataclass(slots=True)
class Together:
    """The loads of one command of one kind and source: one extract may come in several files."""

    loads: Sequence[RegisterLoad]
    scope: LoadScope = field(default_factory=LoadScope)
    first: int | None = None
    """Number of the first of them, once it is loaded."""

    @property
    def kind(self) -> RegisterKind:
        """What all of them hold."""
        return self.loads[0].kind


def load_register(database: Database, load: RegisterLoad, together: Together | None = None) -> RegisterSummary:
    """Load one file in one transaction. `together`: the files of its extract, and what they take the place of."""
    assert_persons_known(database, "no_register")
    together = together or Together([load])
    connection = database.connection
    with _batch(connection, load, together), transaction(connection):
        summary = _loaded(connection, load, together)
        _keep(database, load, together, summary)
    return summary


def ids_of(together: Together) -> pa.Table:
    """The source_ids that any file of an extract holds, read or refused; rows of other kinds have none."""
    parts = [load.refused.select(["source_id"]) for load in together.loads]
    if together.kind in OF_THE_VERDICT:
        parts += [load.table.select(["source_id"]) for load in together.loads]
    return pa.concat_tables(part.cast(_IDS) for part in parts)


def joins_of(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Pairs of identities that are one person's by the identities rows in force."""
    return connection.execute("SELECT identity_key, same_as_key FROM register_identity ORDER BY ALL").fetchall()


def value_columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """What a row of a register table says, without where it came from."""
    found = connection.execute(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = $table AND NOT internal "
        "AND database_name = current_database() ORDER BY column_index",
        {"table": table},
    ).fetchall()
    return [name for (name,) in found if name not in _OF_THE_LOAD]


@contextmanager
def _batch(connection: duckdb.DuckDBPyConnection, load: RegisterLoad, together: Together) -> Iterator[None]:
    tables = {"rows": load.table, "errors": load.errors, "refused": load.refused, "together": ids_of(together)}
    with batch_views(connection, tables):
        yield


def _loaded(connection: duckdb.DuckDBPyConnection, load: RegisterLoad, together: Together) -> RegisterSummary:
    table, scope = load.kind.table, together.scope
    (number,) = first_row(connection.execute("SELECT coalesce(max(number), 0) + 1 FROM register_load")) or (1,)
    if together.first is None:
        together.first = number
    last = load is together.loads[-1]
    _ended(connection, load.kind, scope)
    compared(connection, load)
    place = "ended" if scope.ends else "own"
    values = {
        "kind": load.kind.value,
        "source": load.source,
        "file": load.file,
        "load": number,
        "first_load": together.first,
        "last": last,
        "relation": table,
        "named": _is_named(connection, load),
        "place": place,
        "apart": load.apart,
        "old_organisers": [old for old, _ in scope.succession],
        "new_organisers": [new for _, new in scope.succession],
    }
    connection.execute(query("model", "08-joined-identities"))  # who is one person, as when it is compared
    for step in ("refused-rows", "load-change"):
        execute_all(connection, query("store", step), values)
    connection.execute(
        f"UPDATE {table} SET source = load_change.source, file = load_change.file, row = load_change.row, "  # noqa: S608
        "seen = $load FROM load_change "
        f"WHERE load_change.row_no = {table}.rowid AND load_change.change = 'same'",
        {"load": number},
    )
    connection.execute(
        f"DELETE FROM {table} WHERE rowid IN (SELECT row_no FROM load_change WHERE change <> 'same')"  # noqa: S608
    )
    connection.execute(
        f"INSERT INTO {table} BY NAME SELECT batch_rows.*, $load AS load, $load AS seen FROM batch_rows "  # noqa: S608
        "SEMI JOIN (SELECT file, row FROM read_row ANTI JOIN standing_row USING (key)) AS added USING (file, row)",
        {"load": number},
    )
    connection.execute("INSERT INTO register_error BY NAME SELECT * FROM batch_errors")
    merge_identities(connection, load.identities)
    counts = dict(connection.execute("SELECT change, count(*) FROM load_change GROUP BY change").fetchall())
    others = first_number(connection.execute("SELECT count(*) FILTER (other) FROM load_change"))
    total = first_number(connection.execute(f"SELECT count(*) FROM {table}"))  # noqa: S608
    changed, same = counts.get("changed", 0), counts.get("same", 0) + counts.get("moved", 0)
    return RegisterSummary(
        number=number,
        kind=load.kind,
        file=load.file,
        read=load.rows_read,
        loaded=load.table.num_rows,
        new=load.table.num_rows - changed - same,
        changed=changed,
        same=same,
        gone=counts.get("gone", 0),
        errors=load.errors.num_rows,
        refused=load.refused.num_rows,
        set_apart=counts.get("refused", 0),
        others=others,
        left=_left(connection, together) if last and not scope.ends else 0,
        total=total,
    )


def _ended(connection: duckdb.DuckDBPyConnection, kind: RegisterKind, scope: LoadScope) -> None:
    """The sources whose rows end where the extract lacks them."""
    connection.execute("CREATE OR REPLACE TEMP TABLE ended_source (source VARCHAR)")
    if scope.everything:
        connection.execute(f"INSERT INTO ended_source SELECT DISTINCT source FROM {kind.table}")  # noqa: S608
        connection.execute(
            "INSERT INTO ended_source SELECT DISTINCT source FROM register_refused WHERE kind = $kind "
            "AND source NOT IN (FROM ended_source)",
            {"kind": kind.value},
        )
    elif scope.whole:
        connection.execute("INSERT INTO ended_source SELECT unnest($sources)", {"sources": list(scope.sources)})


def compared(connection: duckdb.DuckDBPyConnection, load: RegisterLoad) -> None:
    """`standing_row` and `read_row`: the kind's rows and the file's (`batch_rows`), with their key and what they say as
    texts that can be compared. What a kind has no column for is null."""
    table = load.kind.table
    words = value_columns(connection, table)
    lacking = [name for name in (*words, "source") if name not in load.table.column_names]
    batch = ", ".join(["*", *(f'NULL AS "{name}"' for name in lacking)])
    for view, rows, place in (
        ("standing_row", f"(SELECT rowid AS row_no, * FROM {table})", f"row_no, load, seen, {_KEPT} AS content"),  # noqa: S608
        ("read_row", f"(SELECT {batch} FROM batch_rows)", "NULL AS row_no"),  # noqa: S608
    ):
        subject = ", ".join(
            name if name in words else f"NULL::VARCHAR AS {name}" for name in ("source_id", "identity_key", "organiser")
        )
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {view} AS "  # noqa: S608
            f"SELECT {place}, {_text(load.kind.key)} AS key, {_text(words)} AS words, source, file, row, {subject}, "
            f"{_text(_SAME_ROW.get(load.kind, load.kind.key))} AS same_row "
            f"FROM {rows} AS told"
        )


def _text(columns: Sequence[str]) -> str:
    """SQL for the values of some columns as one text."""
    return "to_json([{}])".format(", ".join(f'to_json("{name}")' for name in columns))


def _left(connection: duckdb.DuckDBPyConnection, together: Together) -> int:
    """Rows of the same sources that no file of the command names."""
    if together.kind not in OF_THE_VERDICT:
        return 0
    found = first_row(
        connection.execute(
            f"SELECT count(*) FROM {together.kind.table} ANTI JOIN batch_together USING (source_id) "  # noqa: S608
            "WHERE list_contains($sources, source)",
            {"sources": list(together.scope.sources)},
        )
    )
    return found[0] if found else 0


def _is_named(connection: duckdb.DuckDBPyConnection, load: RegisterLoad) -> bool:
    """Whether the source is a NAME, and not a file that was once loaded without one."""
    before = first_row(
        connection.execute(
            "SELECT bool_or(NOT named) FROM register_load WHERE kind = $kind AND source = $source",
            {"kind": load.kind.value, "source": load.source},
        )
    )
    return load.source != load.file and not (before and before[0])


def _keep(database: Database, load: RegisterLoad, together: Together, summary: RegisterSummary) -> None:
    """The load in the list of loads, and in the audit trail."""
    counts = {
        "read": summary.read,
        "new": summary.new,
        "changed": summary.changed,
        "same": summary.same,
        "gone": summary.gone,
        "refused": summary.refused,
    }
    database.connection.execute(
        "INSERT INTO register_load BY NAME SELECT $number AS number, $kind AS kind, $source AS source, "
        "$named AS named, $file AS file, $sha256 AS sha256, $whole AS whole, $read AS read, $new AS new, "
        "$changed AS changed, $same AS same, $gone AS gone, $refused AS refused, "
        "$changed_at::TIMESTAMP_S AS changed_at, $now::TIMESTAMP_S AS loaded_at, $user AS os_user, $reader AS reader",
        counts
        | {
            "number": summary.number,
            "kind": load.kind.value,
            "source": load.source,
            "named": _is_named(database.connection, load),
            "file": load.file,
            "sha256": load.sha256 or None,
            "changed_at": load.changed_at,
            "whole": together.scope.ends,
            "now": utc_now(),
            "user": os_user(),
            "reader": REGISTER_READER,
        },
    )
    note(
        database,
        "register",
        counts
        | {
            "number": summary.number,
            "kind": load.kind.value,
            "loaded": summary.loaded,
            "replaced": summary.replaced,
            "errors": summary.errors,
            "set_apart": summary.set_apart,
            "replace_all": together.scope.everything,
            "sha256": load.sha256 or None,
        },
    )
