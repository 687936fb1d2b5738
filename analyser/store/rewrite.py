"""Writes a database anew beside itself and puts it in its own place: encrypted, plain, under another key, or without
identifiers. A run that is killed leaves the old file whole; the new one is checked before it takes its place.

The bytes of the old file are released to the file system, not overwritten: whoever must be sure of that encrypts from
the start, or keeps the database on an encrypted disk.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analyser.errors import BrokenSumError, UsageError
from analyser.identity import PERSONAL_CANDIDATE, holds_identifier
from analyser.keys import Key
from analyser.modes import private_files
from analyser.store import encryption
from analyser.store.audit import note
from analyser.store.database import CONFIG, Database, open_database, quoted
from analyser.store.overflow import overflow

# Of some thousand hashes one is shaped like an identifier by chance, and there are millions of them.
_HASH = re.compile(r"\b(?:[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{64})\b")


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What `forget_persons` did and proved."""

    identifiers: int
    """Identifiers that the database held."""
    columns: int
    """Text columns of all tables that were looked through afterwards."""
    left: int
    """Cells among them that still hold anything shaped like an identifier."""


def recrypt(path: Path, new: Key | None, command: str) -> None:
    """Write the database under another key, or under none. The key of the run opens it.

    Raises UsageError when it cannot be opened or written, BrokenSumError when the copy is not whole.
    """
    with open_database(path, write=True) as database:  # migrates it, and finds out whether anybody else has it
        note(database, command, {"encrypted": new is not None})
    _rewrite(path, encryption.key_for(path), new)


def forget_persons(path: Path) -> Forgotten:
    """Drop every identifier and birth date, and the key of the hashes, so that nothing leads from a person_key to a
    person. Figures stay as they are, but for breakdowns by age. Raises UsageError when that was done already."""
    with open_database(path, write=True) as database:
        if not database.secret:
            raise UsageError("store.forgotten_already")
        connection = database.connection
        (count,) = connection.execute("SELECT count(*) FROM person_identity WHERE value IS NOT NULL").fetchone() or (0,)
        connection.begin()
        try:
            # Which keys are of a henkilötunnus is kept: joined persons are shown by it, and keep their person_key.
            connection.execute(
                "UPDATE person_identity SET value = NULL, birth_date = NULL, "
                "root = CASE root WHEN '1.2.246.21' THEN root END"
            )
            connection.execute("DELETE FROM person_identity WHERE root IS NULL")
            # The key of terms is another one, and no way back to this: figures that rest on terms stay.
            connection.execute(
                "INSERT INTO meta SELECT 'text_secret', sha256('text' || value) FROM meta WHERE key = 'person_secret'"
            )
            connection.execute("DELETE FROM meta WHERE key = 'person_secret'")
            connection.execute("INSERT INTO meta VALUES ('persons_forgotten', 'yes')")
            note(database, "db forget-persons", {"identifiers": count})
        except BaseException:
            connection.rollback()
            raise
        connection.commit()
    key = encryption.key_for(path)
    _rewrite(path, key, key)
    with open_database(path, write=False) as database:
        columns, left = _shaped_like_identifiers(database)
    return Forgotten(count, columns, left)


def _shaped_like_identifiers(database: Database) -> tuple[int, int]:
    """Text columns of all tables, and how many of their cells hold anything shaped like an identifier."""
    connection = database.connection
    columns = connection.execute(
        "SELECT columns.table_name, columns.column_name, columns.data_type FROM duckdb_columns() AS columns "
        "JOIN duckdb_tables() AS tables USING (database_name, schema_name, table_name) "
        "WHERE columns.database_name = current_database() AND columns.data_type IN ('VARCHAR', 'VARCHAR[]')"
    ).fetchall()
    left = 0
    for table, column, kind in columns:
        cells = f'unnest("{column}")' if kind == "VARCHAR[]" else f'"{column}"'
        candidates = connection.execute(
            f'SELECT cell, count(*) FROM (SELECT {cells} AS cell FROM "{table}") '  # noqa: S608
            "WHERE regexp_matches(cell, $shape) GROUP BY cell",
            {"shape": PERSONAL_CANDIDATE},
        )
        while some := candidates.fetchmany(10_000):
            left += sum(count for cell, count in some if holds_identifier(_HASH.sub("", cell)))
    return len(columns), left


def _rewrite(path: Path, old: Key | None, new: Key | None) -> None:
    aside = path.with_name(f".{path.name}.rewriting")
    aside.unlink(missing_ok=True)
    try:
        with (
            private_files(),
            duckdb.connect(":memory:", config=CONFIG | {"temp_directory": overflow(path)}) as connection,
        ):
            if old is not None or new is not None:
                encryption.prepare(connection, write=True)
            _attach(connection, path, "here", old)  # for writing too: nobody else writes until the new file is in place
            _attach(connection, aside, "there", new)
            connection.execute("COPY FROM DATABASE here TO there")
            _assert_whole(connection)
            connection.execute("DETACH there")
            with aside.open("rb") as opened:
                os.fsync(opened.fileno())
            aside.replace(path)
    except duckdb.Error as error:
        raise UsageError("store.not_rewritten", file=path.name, error=type(error).__name__) from None
    finally:
        aside.unlink(missing_ok=True)


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str, key: Key | None) -> None:
    statement = f"ATTACH {quoted(str(path.absolute()))} AS {name}"
    if key is None:
        connection.execute(statement)
    else:
        connection.execute(statement + " (ENCRYPTION_KEY $key)", {"key": key.text})


def _assert_whole(connection: duckdb.DuckDBPyConnection) -> None:
    """Every table has as many rows in the copy. Raises BrokenSumError."""
    tables = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = 'here' ORDER BY table_name"
    ).fetchall()
    for (table,) in tables:
        rows = connection.execute(
            f'SELECT (SELECT count(*) FROM here."{table}"), (SELECT count(*) FROM there."{table}")'  # noqa: S608
        ).fetchone()
        if rows is None or rows[0] != rows[1]:
            raise BrokenSumError("store.copy_not_whole", table=table)
