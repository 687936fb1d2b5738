"""Loads what the register room read: rows with a known key are replaced, the rest is kept.

Table and key names come from the closed set of kinds, never from a file.
"""

from __future__ import annotations

from dataclasses import dataclass

from analyser.register.kinds import Kind
from analyser.register.load import RegisterLoad
from analyser.store.audit import note
from analyser.store.database import Database, assert_persons_known
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
    total: int
    """Rows of the kind in the database afterwards."""


def load_register(database: Database, load: RegisterLoad, *, replace_all: bool = False) -> RegisterSummary:
    """Load one file in one transaction. `replace_all` empties the kind first."""
    assert_persons_known(database, "no_register")
    connection = database.connection
    table = load.kind.table
    same = " AND ".join(f"{table}.{column} IS NOT DISTINCT FROM batch_rows.{column}" for column in load.kind.key)
    batch = {"rows": load.table, "errors": load.errors}
    with batch_views(connection, batch):
        connection.begin()
        try:
            if replace_all:
                replaced = _changed(connection.execute(f"DELETE FROM {table}"))  # noqa: S608
                connection.execute("DELETE FROM register_error WHERE kind = $kind", {"kind": load.kind.value})
            else:
                replaced = _changed(
                    connection.execute(f"DELETE FROM {table} WHERE EXISTS (SELECT 1 FROM batch_rows WHERE {same})")  # noqa: S608
                )
                connection.execute(
                    "DELETE FROM register_error WHERE kind = $kind AND file = $file",
                    {"kind": load.kind.value, "file": load.file},
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
                    "replace_all": replace_all,
                    "sha256": load.sha256 or None,
                },
            )
        except BaseException:
            connection.rollback()
            raise
        connection.commit()
    return summary


def _changed(result: object) -> int:
    row = result.fetchone()  # type: ignore[attr-defined]
    return int(row[0]) if row else 0
