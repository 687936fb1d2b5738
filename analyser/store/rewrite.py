"""Writes a database anew beside itself and puts it in its own place: encrypted, plain, under another key, or without
identifiers.

What is wanted is written into the new file and nowhere else, and the file takes its place in one step when it is whole:
a run that is killed leaves the old file as it was, or the new one, and never one that says more than was done. What it
leaves beside it is removed by the next command. The file is held from the first look to the last.

The bytes of the old file are released to the file system, not overwritten: whoever must be sure of that encrypts from
the start, or keeps the database on an encrypted disk.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from analyser.messages.errors import BrokenSumError, UsageError
from analyser.national.identifiers import PERSONAL_CANDIDATE, holds_identifier, identity_key
from analyser.register.carried import COLUMN as CARRIED
from analyser.store import encryption, kept
from analyser.store.audit import note
from analyser.store.database import CONFIG, Database, gave_out, must_exist, open_database, quoted
from analyser.store.first_row import first_row
from analyser.store.overflow import overflow
from analyser.store.owned import PARTS, aside, assert_one_name, real, remove_parts, sync_file, sync_folder
from analyser.store.proof import Known, holding
from analyser.system.keys import DatabaseKey
from analyser.system.private_files import private_files
from analyser.system.resources import query

# Of some thousand hashes one is shaped like an identifier by chance, and there are millions of them.
_HASH = re.compile(r"\b(?:[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{64})\b")
_DISK = (errno.ENOSPC, errno.EFBIG, errno.EIO, getattr(errno, "EDQUOT", errno.ENOSPC))
_PERSONS = "person_identity"
_BORN = "birth_date"
_OF_A_NAME = (".source_key", ".file_key", ".member_key")
"""Columns with hashes of names of files, which may hold an identifier or a name: whoever tries finds them."""
REPLACED_WHILE_OPEN = os.name == "posix"
"""Whether a file may be replaced that is open: then nobody else gets hold of it meanwhile. Where it may not, it is let
go first, and whoever takes it in that moment makes the replacing fail, and the old file stays."""
_TRAIL = "audit"
_TOLD_ROWS = "period_told_row"
"""Rows that were told of closed periods: their figures stay, the rows themselves go."""
_HISTORY = "register_history.content"


@dataclass(frozen=True, slots=True)
class ForgottenPersons:
    """What `forget_persons` did and proved."""

    identifiers: int
    """Identifiers that the database held."""
    columns: int
    """Text columns of all tables that were looked through afterwards."""
    left: int
    """Cells among them that still hold anything shaped like an identifier."""
    cleaned: int
    """Cells of other tables that held an identifier, in whatever spelling, and hold a mark now."""


def recrypt(path: Path, new: DatabaseKey | None, command: str) -> None:
    """Write the database under another key, or under none. The key of the run opens it.

    Raises UsageError when it cannot be opened or written, BrokenSumError when the copy is not whole.
    """
    path = real(path)
    must_exist(path)
    with rewriting(path, new) as connection:
        for table in tables_of(connection):
            copied(connection, table)
        connection.execute("USE there")
        note(Database(connection, b"", path), command, {"encrypted": new is not None})
        connection.execute("USE memory")
        assert_whole(connection)


def forget_persons(path: Path) -> ForgottenPersons:
    """Drop every identifier and birth date, and the keys of hashes and marks, so that nothing leads from a person_key
    or a mark to a person. Figures stay as they are, but for breakdowns by age.

    Raises UsageError when it cannot be opened or written or that was done already, BrokenSumError when the copy is not
    whole or an identifier that was known is left in the file.
    """
    path = real(path)
    must_exist(path)
    with open_database(path, write=True, unchanged=True) as database:
        if not database.secret and _meta(database.connection, "text_secret") is None:
            raise UsageError("store.forgotten_already")
    with rewriting(path, encryption.key_for(path)) as connection:
        known = _known(connection)
        cleaned = _without_identifiers(connection, known)
        connection.execute(query("forget", "persons"))
        connection.execute("USE there")
        note(Database(connection, b"", path), "db forget-persons", {"identifiers": len(known[0])})
        connection.execute("USE memory")
        assert_whole(connection, but=(_PERSONS, "meta", _TOLD_ROWS))
    with open_database(path, write=False) as database:
        columns, left = _shaped_like_identifiers(database)
        prove(database, Known.of(*known))
    return ForgottenPersons(len(known[0]), columns, left, cleaned)


def _known(connection: duckdb.DuckDBPyConnection) -> tuple[list[str], list[bytes]]:
    """Every identifier of the database, and the keys of its hashes and marks as they stand in the file."""
    values = connection.execute(
        f"SELECT DISTINCT value FROM here.{_PERSONS} WHERE value IS NOT NULL ORDER BY value"  # noqa: S608
    ).fetchall()
    keys = connection.execute(
        "SELECT value FROM here.meta WHERE key IN ('person_secret', 'text_secret') ORDER BY value"
    ).fetchall()
    raw = [bytes.fromhex(key) for (key,) in keys]
    return [value for (value,) in values], [*raw, *(key.encode() for (key,) in keys)]


def _without_identifiers(connection: duckdb.DuckDBPyConnection, values: tuple[list[str], list[bytes]]) -> int:
    """Copy all tables but for the identifiers; returns how many cells of other tables had to be cleaned."""
    known = Known.of(*values)
    seen = holding(connection, "here", _PERSONS, known)
    if blind := sum(1 for value in values[0] if known.in_text(value) and value not in seen):
        raise BrokenSumError("store.proof_blind", count=blind)
    thrown_away = secrets.token_bytes(32)
    connection.execute("SET VARIABLE thrown_away = $key", {"key": secrets.token_hex(32)})
    cleaned = 0
    for table in tables_of(connection):
        if table in (_PERSONS, "meta", _TOLD_ROWS):
            continue
        # The trail holds counts and hashes; to change a row of it would break its chain, so there a miss is told.
        cells = {} if table == _TRAIL else holding(connection, "here", table, known)
        marks = {cell: f"[id-{identity_key(thrown_away, '', cell)}]" for cell in cells}
        cleaned += len(marks)
        copied(connection, table, marks, persons=False)
    return cleaned


def copied(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    marks: Mapping[str, str] | None = None,
    *,
    persons: bool = True,
    gone: bool = False,
) -> None:
    """Copy a table's rows in their order; cells that have a mark give way to it. Without `persons` birth dates stay
    behind, with `gone` the rows that the table of that name lists."""
    if not marks and persons and not gone:
        connection.execute(f'INSERT INTO there."{table}" FROM here."{table}"')
        return
    columns = connection.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = 'here' AND table_name = $table "
        "ORDER BY column_index",
        {"table": table},
    ).fetchall()
    forgotten = (lambda _column, told: told) if persons else _forgotten
    told = ", ".join(forgotten(f"{table}.{column}", _told(column, kind)) for column, kind in columns)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE told AS "
        "SELECT unnest($cells::VARCHAR[]) AS cell, unnest($marks::VARCHAR[]) AS mark",
        {"cells": list(marks or ()), "marks": list((marks or {}).values())},
    )
    connection.execute("SET VARIABLE told = (SELECT map(list(cell ORDER BY cell), list(mark ORDER BY cell)) FROM told)")
    which = f"WHERE rowid NOT IN (SELECT row_no FROM temp.gone WHERE relation = '{table}')" if gone else ""  # noqa: S608
    connection.execute(f'INSERT INTO there."{table}" SELECT {told} FROM here."{table}" AS kept {which}')  # noqa: S608


def _forgotten(column: str, told: str) -> str:
    """What is kept of a column when persons are forgotten: no birth dates, no free text beside rows, which may name
    anybody, and of hashes of paths nothing that could be found by trying."""
    if column.endswith(_OF_A_NAME):
        return f"md5(getvariable('thrown_away') || {told})"
    if column.endswith((f".{_BORN}", f".{CARRIED}")):
        return "NULL"
    if column == _HISTORY:
        return f"CASE WHEN json_valid({told}) THEN json_merge_patch({told}, '{{\"{CARRIED}\": null}}') ELSE {told} END"
    return told


def _told(column: str, kind: str) -> str:
    match kind:
        case "VARCHAR":
            return f'coalesce((SELECT mark FROM temp.told WHERE told.cell = kept."{column}"), kept."{column}")'  # noqa: S608
        case "VARCHAR[]":
            return f"""list_transform("{column}", lambda cell: coalesce(getvariable('told')[cell], cell))"""
        case _:
            return f'"{column}"'


def prove(database: Database, known: Known) -> None:
    """Raise BrokenSumError when a known identifier or key stands in a cell, or in the bytes of the file or its log."""
    left: set[str] = set()
    connection = database.connection
    (catalog,) = first_row(connection.execute("SELECT current_database()")) or ("",)
    # It must see one text that does stand there, or it would prove nothing.
    seen = _meta(connection, "database_id") or ""
    for (table,) in connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() ORDER BY table_name"
    ).fetchall():
        for identifiers in holding(connection, catalog, table, replace(known, others=known.others | {seen})).values():
            left |= identifiers
    if seen not in left:
        raise BrokenSumError("store.proof_blind", count=1)
    left.remove(seen)
    for file in (*(database.path.with_name(database.path.name + part) for part in PARTS), *kept.files(database.path)):
        if file.exists():
            left |= known.in_file(file)
    if left:
        raise BrokenSumError("store.not_forgotten", count=len(left))


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


def _meta(connection: duckdb.DuckDBPyConnection, key: str) -> str | None:
    row = first_row(connection.execute("SELECT value FROM meta WHERE key = $key", {"key": key}))
    return None if row is None else str(row[0])


@contextmanager
def rewriting(path: Path, new: DatabaseKey | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the database as `here` and an empty copy of its tables as `there`, which takes its place when
    the context ends well. Nobody else has the file meanwhile."""
    with open_database(path, write=True, unchanged=True):  # migrates it, and finds out whether anybody else has it
        pass
    assert_one_name(path)
    old = encryption.key_for(path)
    made = aside(path)
    remove_parts(made)
    try:
        with (
            private_files(),
            duckdb.connect(":memory:", config=CONFIG | {"temp_directory": overflow(path)}) as connection,
        ):
            if old is not None or new is not None:
                encryption.prepare(connection, write=True)
            _attach(connection, path, "here", old)  # for writing too: nobody else writes until the new file is in place
            _attach(connection, made, "there", new)
            connection.execute("COPY FROM DATABASE here TO there (SCHEMA)")
            yield connection
            # Somebody may have asked between the two openings, and places of rows are others now.
            connection.execute("USE there")
            kept.renew(connection)
            connection.execute("USE memory")
            kept.remove(path)
            connection.execute("CHECKPOINT there")
            connection.execute("DETACH there")
            sync_file(made)
            # What the old file's log holds is in the copy. Left behind it would be played into the new file.
            connection.execute("CHECKPOINT here")
            if not REPLACED_WHILE_OPEN:
                connection.execute("DETACH here")
            for part in PARTS[1:]:
                path.with_name(path.name + part).unlink(missing_ok=True)
            made.replace(path)
            sync_folder(path)
    except duckdb.Error as error:
        if (told := gave_out(error, path)) is None:
            raise
        if isinstance(told, UsageError) and told.key == "store.no_room":
            raise UsageError("store.not_rewritten", file=path.name) from None
        raise told from None
    except OSError as error:
        if error.errno not in _DISK:
            raise
        raise UsageError("store.not_rewritten", file=path.name) from None
    finally:
        remove_parts(made)


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str, key: DatabaseKey | None) -> None:
    statement = f"ATTACH {quoted(str(path.absolute()))} AS {name}"
    if key is None:
        connection.execute(statement)
    else:
        connection.execute(statement + " (ENCRYPTION_KEY $key)", {"key": key.text})


def tables_of(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = 'here' ORDER BY table_name"
    ).fetchall()
    return [table for (table,) in found]


def assert_whole(
    connection: duckdb.DuckDBPyConnection, but: tuple[str, ...] = (), gone: Mapping[str, int] | None = None
) -> None:
    """Every table has as many rows in the copy but for those that are `gone`, and the trail one more.

    Raises BrokenSumError.
    """
    for table in tables_of(connection):
        rows = first_row(
            connection.execute(
                f'SELECT (SELECT count(*) FROM here."{table}"), (SELECT count(*) FROM there."{table}")'  # noqa: S608
            )
        )
        left_out = (gone or {}).get(table, 0)
        if table not in but and (rows is None or rows[0] - left_out + (table == _TRAIL) != rows[1]):
            raise BrokenSumError("store.copy_not_whole", table=table)
