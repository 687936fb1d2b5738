"""The schema of a database: its steps, how far one has come, and the words for its tables and columns."""

from __future__ import annotations

import re
import secrets
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import duckdb

from analyser.messages.errors import UsageError
from analyser.messages.notices import notice
from analyser.store.first_row import first_row
from analyser.store.transaction import transaction
from analyser.system.resources import query

_NUMBER = re.compile(r"[1-9][0-9]{0,4}")
_REGARDED = "-reader.sql"
"""Steps with such a name: the reader keeps less from then on, and what is stored is looked at again."""
_RENUMBERED = 14
"""Up to here steps got other numbers as branches met: a database of these may lack a lower one, or have a higher one.
They are taken once more; each finds what is there."""


def migrations() -> list[tuple[int, str]]:
    """The schema's steps in order: (number, SQL)."""
    return sorted((int(step.name.split("-")[0]), step.read_text(encoding="utf-8")) for step in _steps())


def _steps() -> list[Traversable]:
    folder = files("analyser.store") / "migrations"
    return [entry for entry in folder.iterdir() if entry.name.endswith(".sql")]


def schema_version(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Number of the last step taken; 0 for an empty database, -1 for another's. Raises UsageError where it is none."""
    tables = {
        name
        for (name,) in connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()"
        ).fetchall()
    }
    if not tables:
        return 0
    if not {"meta", "member", "document"} <= tables:
        return -1
    row = first_row(connection.execute("SELECT value FROM meta WHERE key = 'schema_version'"))
    if row and not _NUMBER.fullmatch(row[0]):
        raise UsageError("store.bad_version", file=path.name)
    return int(row[0]) if row else -1


def migrate(connection: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Take the steps that the database lacks, each whole or not at all; a new one takes them all at once. Whether
    there were any.

    Raises UsageError when it is another program's.
    """
    version = schema_version(connection, path)
    if version < 0:
        raise UsageError("store.not_ours", file=path.name)
    regarded = max(int(step.name.split("-")[0]) for step in _steps() if step.name.endswith(_REGARDED))
    if version == 0:
        create_all(connection)
    taken = 1 if 1 < version <= _RENUMBERED else version
    for number, sql in migrations():
        if number <= taken or version == 0:
            continue
        with transaction(connection):
            connection.execute(sql)
            _note_version(connection, number)
            if number == regarded:
                # Only a database of an older version needs it, and with it the readers of documents; once is enough.
                from analyser.store.regard import regard_anew

                regard_anew(connection, secret_of(connection))
    newest = migrations()[-1][0]
    if 0 < version < newest:
        notice("narration.db.upgrade", file=path.name, before=version, after=newest)
    _explain(connection)
    return version < newest


def create_all(connection: duckdb.DuckDBPyConnection) -> None:
    """A new database takes all steps in one transaction: nothing is there to be brought along, and each costs time."""
    steps = migrations()
    with transaction(connection):
        for _, sql in steps:
            connection.execute(sql)
        _note_version(connection, steps[-1][0])
        _keep_secret(connection, secrets.token_bytes(32))


def _explain(connection: duckdb.DuckDBPyConnection) -> None:
    """Put the meaning of every table and column into the database, unless these words stand there already."""
    sql = query("store", "comments")
    words = sha256(sql.encode()).hexdigest()[:16]
    if first_row(connection.execute("SELECT value FROM meta WHERE key = 'comments'")) == (words,):
        return
    with transaction(connection):
        connection.execute(sql)
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('comments', $words)", {"words": words})


def assert_current(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Raise UsageError when the schema is another's, older or newer than that of this program."""
    version, newest = schema_version(connection, path), migrations()[-1][0]
    if version <= 0:
        raise UsageError("store.not_ours", file=path.name)
    if version > newest:
        raise UsageError("store.newer", file=path.name, version=version, newest=newest)
    if version < newest:
        raise UsageError("store.older", file=path.name, version=version, newest=newest)


def _note_version(connection: duckdb.DuckDBPyConnection, number: int) -> None:
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('schema_version', $version)", {"version": str(number)})


def _keep_secret(connection: duckdb.DuckDBPyConnection, secret: bytes) -> None:
    connection.execute("INSERT INTO meta VALUES ('person_secret', $secret)", {"secret": secret.hex()})
    connection.execute("INSERT INTO meta VALUES ('database_id', $id)", {"id": secrets.token_hex(8)})


def secret_of(connection: duckdb.DuckDBPyConnection) -> bytes:
    """What keys the hashes of persons; empty once they were forgotten. Raises UsageError where it is lacking."""
    row = first_row(connection.execute("SELECT value FROM meta WHERE key = 'person_secret'"))
    if row is None and first_row(connection.execute("SELECT 1 FROM meta WHERE key = 'persons_forgotten'")):
        return b""
    if row is None:
        raise UsageError("store.no_secret")
    return bytes.fromhex(row[0])
