"""Forgets one person, or everybody who is past a day: what is about nobody else goes, and where others stand beside a
person, the person alone.

The database is written anew without the rows, as when all persons are forgotten (rewrite.py): a run that is killed
leaves the old file or the new one, and the next one finishes it. Afterwards a proof looks for every identifier and key
of the person in all cells and in the bytes of the file. Figures that were told stay: states of the ledger that were
remembered, what deliveries and loads counted, and the audit trail, which names nobody. What was delivered stays
remembered under a mark, so that nothing is withdrawn that the receiver has by right.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from analyser.ingest.run import fingerprint
from analyser.messages.errors import BrokenSumError, UsageError
from analyser.national.identifiers import SOURCE_ROOT, identity_key, normal_value, shown_source_id
from analyser.store import encryption
from analyser.store.audit import note
from analyser.store.database import Database, execute_all, must_exist, open_database
from analyser.store.first_row import first_number, first_row
from analyser.store.owned import real
from analyser.store.proof import Known, holding
from analyser.store.rewrite import assert_whole, copied, prove, rewriting, tables_of
from analyser.system.resources import query

_TRAIL = "audit"
_PERSONS = "person_identity"
_MARKED = ("delivery_row", "delivery_returned")
"""Rows of the forgotten that stay under a mark."""


@dataclass(frozen=True, slots=True)
class ForgottenPerson:
    """What goes with a person or several, or has gone."""

    persons: int
    identities: int
    """Identities that are the person's: joined by rows of the register."""
    documents: int
    """Documents that are about nobody else."""
    shared: int
    """Documents that stay, without the person: they are about others too, or others' documents rest on them."""
    quarantined: int
    rows: int
    """Rows of episodes and services in the register."""
    delivered: int
    """Rows of deliveries: their receiver has them still, and they stay under a mark."""
    cleaned: int = 0
    """Cells of other rows that held an identifier of the person, and hold a mark now."""


Asked = str | dt.date
"""Who is to be forgotten: one by an identifier, a person_key or a source_id; or all of whom nothing reaches a day."""


def would_go(path: Path, who: Asked) -> ForgottenPerson:
    """What would go with those whom `who` names. Raises UsageError."""
    with open_database(path, write=False) as database:
        return _found(database.connection, database.secret, who)


def forget_person(path: Path, who: Asked) -> ForgottenPerson:
    """Forget those whom `who` names.

    Raises UsageError when nobody or several persons bear that name or the database cannot be written, BrokenSumError
    when the copy is not whole or something that leads to them is left in the file.
    """
    path = real(path)
    must_exist(path)
    with open_database(path, write=True, unchanged=True) as database:
        secret = database.secret
        found = _found(database.connection, secret, who)
    if not found.persons:
        return found
    with rewriting(path, encryption.key_for(path)) as connection:
        connection.execute("USE here")
        done = _found(connection, secret, who)
        connection.execute("USE memory")
        values, keys = _leading_there(connection)
        known = Known.of(values)
        known = replace(known, others=known.others | keys)
        seen = holding(connection, "here", _PERSONS, known)
        if blind := sum(1 for value in values if known.in_text(value) and value not in seen):
            raise BrokenSumError("store.proof_blind", count=blind)
        done = replace(done, cleaned=_without_them(connection, known))
        connection.execute("USE there")
        figures: dict[str, int | str | bool | None] = {
            "identities": done.identities,
            "documents": done.documents,
            "quarantined": done.quarantined,
            "rows": done.rows,
            "archive": fingerprint(connection),
        }
        command = "db forget-person"
        if isinstance(who, dt.date):
            command = "db forget-persons"
            figures |= {"before": who.isoformat(), "persons": done.persons}
        note(Database(connection, b"", path), command, figures)
        connection.execute("USE memory")
        assert_whole(
            connection, gone={table: rows for table, rows in _counts(connection).items() if table not in _MARKED}
        )
    with open_database(path, write=False) as database:
        prove(database, known)
        if left := _naming(database.connection, keys):
            raise BrokenSumError("store.not_forgotten", count=left)
    return done


def _found(connection: duckdb.DuckDBPyConnection, secret: bytes, who: Asked) -> ForgottenPerson:
    """Find the persons, and put what goes into `gone`. Raises UsageError."""
    execute_all(connection, query("forget", "same"), {})
    if isinstance(who, dt.date):
        execute_all(connection, query("forget", "before"), {"before": who})
        execute_all(connection, query("forget", "person"), {})
    else:
        _find_one(connection, secret, who)
    identities = {key for (key,) in connection.execute("FROM forgotten_identity").fetchall()}
    gone = _counts(connection)
    persons = first_number(connection.execute(query("forget", "count")))
    shared = first_number(connection.execute(query("forget", "shared")))
    return ForgottenPerson(
        persons=persons,
        identities=len(identities),
        documents=gone.get("document", 0),
        shared=shared,
        quarantined=gone.get("quarantine", 0),
        rows=gone.get("register_episode", 0) + gone.get("register_service", 0),
        delivered=gone.get("delivery_row", 0),
    )


def _find_one(connection: duckdb.DuckDBPyConnection, secret: bytes, who: str) -> None:
    """Find the person who bears a name. Raises UsageError."""
    names = {"name": shown_source_id(secret, who) if secret else who, "value": normal_value(who)}
    execute_all(connection, query("forget", "who"), names)
    asked = connection.execute("SELECT identity_key FROM asked_identity ORDER BY identity_key").fetchall()
    if not asked:
        raise UsageError("store.nobody")
    # One leads to all others, or they are several persons.
    connection.execute("DELETE FROM asked_identity WHERE identity_key <> $first", {"first": asked[0][0]})
    execute_all(connection, query("forget", "person"), {})
    reached = {key for (key,) in connection.execute("FROM forgotten_identity").fetchall()}
    if not reached.issuperset(key for (key,) in asked):
        raise UsageError("store.several_persons")


def _counts(connection: duckdb.DuckDBPyConnection) -> Mapping[str, int]:
    """Rows that go, by table."""
    return dict(
        connection.execute("SELECT relation, count(DISTINCT row_no) FROM temp.gone GROUP BY relation").fetchall()
    )


def _leading_there(connection: duckdb.DuckDBPyConnection) -> tuple[list[str], frozenset[str]]:
    """The identifiers of the person that are nobody else's, and the keys that stand for them."""
    values = connection.execute(
        "SELECT DISTINCT value FROM here.person_identity AS identity "
        "WHERE value IS NOT NULL AND identity_key IN (FROM temp.forgotten_identity) AND NOT EXISTS ("
        "FROM here.person_identity AS other WHERE other.value = identity.value AND other.root <> $source "
        "AND other.identity_key NOT IN (FROM temp.forgotten_identity)) ORDER BY value",
        {"source": SOURCE_ROOT},
    ).fetchall()
    keys = connection.execute("FROM temp.forgotten_identity").fetchall()
    return [value for (value,) in values], frozenset(key for (key,) in keys)


def _without_them(connection: duckdb.DuckDBPyConnection, known: Known) -> int:
    """Copy all tables without the rows that go; returns how many cells of others had to be cleaned."""
    thrown_away = secrets.token_bytes(32)
    cleaned = 0
    for table in tables_of(connection):
        # The trail holds counts and hashes; to change a row of it would break its chain, so there a miss is told.
        looked = () if table in (_TRAIL, "meta") else holding(connection, "here", table, known, gone=True)
        marks = {cell: f"[id-{identity_key(thrown_away, '', cell)}]" for cell in looked}
        cleaned += len(marks)
        copied(connection, table, marks, gone=True)
    connection.execute("SET VARIABLE thrown_away = $key", {"key": secrets.token_hex(32)})
    execute_all(connection, query("forget", "delivered"), {})
    return cleaned


def _naming(connection: duckdb.DuckDBPyConnection, keys: frozenset[str]) -> int:
    """Cells of all tables in which a key of the person stands, also inside a longer text."""
    columns = connection.execute(
        "SELECT columns.table_name, columns.column_name FROM duckdb_columns() AS columns "
        "JOIN duckdb_tables() AS tables USING (database_name, schema_name, table_name) "
        "WHERE columns.database_name = current_database() AND columns.data_type IN ('VARCHAR', 'VARCHAR[]')"
    ).fetchall()
    left = 0
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE gone_key AS SELECT unnest($keys::VARCHAR[]) AS key", {"keys": sorted(keys)}
    )
    for table, column in columns:
        # Names of our own tables; a relation cannot be bound as a parameter. A key stands alone, or in a text.
        found = first_row(
            connection.execute(
                f"SELECT count(DISTINCT looked.row_no) FROM (SELECT rowid AS row_no, "  # noqa: S608
                f'unnest(regexp_extract_all("{column}"::VARCHAR, \'[0-9a-f]{{16}}\')) AS key FROM "{table}") AS looked '
                "SEMI JOIN gone_key USING (key)"
            )
        )
        left += found[0] if found else 0
    return left
