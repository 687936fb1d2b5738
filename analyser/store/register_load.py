"""Loads what the register room read: rows with a known key are replaced, the rest is kept.

Table and key names come from the closed set of kinds, never from a file.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from analyser.register.kinds import Kind
from analyser.register.load import RegisterLoad
from analyser.register.refused import OF_THE_VERDICT
from analyser.resources import queries
from analyser.store.audit import note
from analyser.store.database import Database, assert_persons_known, execute_all
from analyser.store.tables import batch_views, merge_identities


@dataclass(frozen=True, slots=True)
class RegisterSummary:
    """What a load did to the database."""

    kind: Kind
    file: str
    read: int
    """Data rows of the file."""
    loaded: int
    replaced: int
    """Rows of an earlier load that these took the place of."""
    errors: int
    """Rows (or cells) that could not be loaded."""
    refused: int
    """Rows that could not be loaded."""
    set_apart: int
    """Rows of an earlier load that a row which cannot be read now takes out of the comparison."""
    total: int
    """Rows of the kind in the database afterwards."""


def load_register(database: Database, load: RegisterLoad, *, replace_all: bool = False) -> RegisterSummary:
    """Load one file in one transaction. `replace_all` empties the kind first."""
    assert_persons_known(database, "no_register")
    connection = database.connection
    table = load.kind.table
    same = " AND ".join(f"{table}.{column} IS NOT DISTINCT FROM batch_rows.{column}" for column in load.kind.key)
    batch = {"rows": load.table, "errors": load.errors, "refused": load.refused}
    with batch_views(connection, batch):
        connection.begin()
        try:
            if replace_all:
                replaced = _changed(connection.execute(f"DELETE FROM {table}"))  # noqa: S608
                for refusals in ("register_error", "register_refused"):
                    connection.execute(f"DELETE FROM {refusals} WHERE kind = $kind", {"kind": load.kind.value})  # noqa: S608
            set_apart = _set_apart(connection, load)
            if not replace_all:
                replaced = _changed(
                    connection.execute(f"DELETE FROM {table} WHERE EXISTS (SELECT 1 FROM batch_rows WHERE {same})")  # noqa: S608
                )
            connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM batch_rows")  # noqa: S608
            connection.execute("INSERT INTO register_error BY NAME SELECT * FROM batch_errors")
            merge_identities(connection, load.identities)
            (total,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)  # noqa: S608
            summary = RegisterSummary(
                load.kind,
                load.file,
                load.rows_read,
                load.table.num_rows,
                replaced,
                load.errors.num_rows,
                load.refused.num_rows,
                set_apart,
                total,
            )
            note(
                database,
                "register",
                {
                    "kind": load.kind.value,
                    "read": summary.read,
                    "loaded": summary.loaded,
                    "replaced": replaced,
                    "errors": summary.errors,
                    "refused": summary.refused,
                    "set_apart": set_apart,
                    "replace_all": replace_all,
                    "sha256": load.sha256 or None,
                },
            )
        except BaseException:
            connection.rollback()
            raise
        connection.commit()
    return summary


def _set_apart(connection: duckdb.DuckDBPyConnection, load: RegisterLoad) -> int:
    """Note which rows are refused, and take their earlier versions out; returns how many those were."""
    table = load.kind.table
    named = load.kind in OF_THE_VERDICT
    for view, columns, rows in (
        ("read_row", "source_id, identity_key", "batch_rows"),
        ("standing_row", "source_id, source, file, row", table),
    ):
        # Rows of other kinds have no name of their own: nothing of them is found again.
        chosen = columns if named else ", ".join(f"NULL AS {column}" for column in columns.split(", "))
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT {chosen} FROM {rows} WHERE {named}")  # noqa: S608
    place = {"kind": load.kind.value, "source": load.source, "file": load.file}
    execute_all(connection, queries("store", "refused-rows.sql").read_text(encoding="utf-8"), place)
    if not named:
        return 0
    return _changed(
        connection.execute(
            f"DELETE FROM {table} WHERE source_id IN (SELECT source_id FROM refused_now) "  # noqa: S608
            "AND source_id NOT IN (SELECT source_id FROM batch_rows)"
        )
    )


def _changed(result: object) -> int:
    row = result.fetchone()  # type: ignore[attr-defined]
    return int(row[0]) if row else 0
