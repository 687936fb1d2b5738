"""Forgets one person: what is about nobody else goes, and where others stand beside the person, the person alone.

The database is written anew without the rows, as when all persons are forgotten (rewrite.py): a run that is killed
leaves the old file or the new one, and the next one finishes it. Afterwards a proof looks for every identifier and key
of the person in all cells and in the bytes of the file. Figures that were told stay: states of the ledger that were
remembered, what deliveries and loads counted, and the audit trail, which names nobody.
"""

from __future__ import annotations

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
from analyser.store.owned import real
from analyser.store.proof import Known, holding
from analyser.store.rewrite import assert_whole, copied, prove, rewriting, tables_of
from analyser.system.resources import query

_TRAIL = "audit"
_PERSONS = "person_identity"


@dataclass(frozen=True, slots=True)
class ForgottenPerson:
    """What goes with a person, or has gone."""

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
    """Rows of deliveries: their receiver has them still."""
    cleaned: int = 0
    """Cells of other rows that held an identifier of the person, and hold a mark now."""


def would_go(path: Path, who: str) -> ForgottenPerson:
    """What would go with the person whom `who` names. Raises UsageError."""
    with open_database(path, write=False) as database:
        return _found(database.connection, database.secret, who)


def forget_person(path: Path, who: str) -> ForgottenPerson:
    """Forget the person whom `who` names: an identifier, a person_key or a source_id.

    Raises UsageError when nobody or several persons bear that name or the database cannot be written, BrokenSumError
    when the copy is not whole or something that leads to the person is left in the file.
    """
    path = real(path)
    must_exist(path)
    with open_database(path, write=True) as database:
        secret = database.secret
        _found(database.connection, secret, who)
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
        note(Database(connection, b"", path), "db forget-person", figures)
        connection.execute("USE memory")
        assert_whole(connection, gone=_counts(connection))
    with open_database(path, write=False) as database:
        prove(database, known)
        if left := _naming(database.connection, keys):
            raise BrokenSumError("store.not_forgotten", count=left)
    return done


def _found(connection: duckdb.DuckDBPyConnection, secret: bytes, who: str) -> ForgottenPerson:
    """Find the person, and put what goes into `gone`. Raises UsageError."""
    names = {"name": shown_source_id(secret, who) if secret else who, "value": normal_value(who)}
    execute_all(connection, query("forget", "who"), names)
    asked = connection.execute("SELECT identity_key FROM asked_identity ORDER BY identity_key").fetchall()
    if not asked:
        raise UsageError("store.nobody")
    # One leads to all others, or they are several persons.
    connection.execute("DELETE FROM asked_identity WHERE identity_key <> $first", {"first": asked[0][0]})
    execute_all(connection, query("forget", "person"), {})
    identities = {key for (key,) in connection.execute("FROM forgotten_identity").fetchall()}
    if not identities.issuperset(key for (key,) in asked):
        raise UsageError("store.several_persons")
    gone = _counts(connection)
    (shared,) = connection.execute(query("forget", "shared")).fetchone() or (0,)
    return ForgottenPerson(
        identities=len(identities),
        documents=gone.get("document", 0),
        shared=shared,
        quarantined=gone.get("quarantine", 0),
        rows=gone.get("register_episode", 0) + gone.get("register_service", 0),
        delivered=gone.get("delivery_row", 0),
    )


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
    return cleaned


def _naming(connection: duckdb.DuckDBPyConnection, keys: frozenset[str]) -> int:
    """Cells of all tables in which a key of the person stands, also inside a longer text."""
    columns = connection.execute(
        "SELECT columns.table_name, columns.column_name FROM duckdb_columns() AS columns "
        "JOIN duckdb_tables() AS tables USING (database_name, schema_name, table_name) "
        "WHERE columns.database_name = current_database() AND columns.data_type IN ('VARCHAR', 'VARCHAR[]')"
    ).fetchall()
    left = 0
    for table, column in columns:
        # Names of our own tables; a relation cannot be bound as a parameter.
        found = connection.execute(
            f'SELECT count(*) FROM "{table}" AS looked, unnest($keys::VARCHAR[]) AS one(key) '  # noqa: S608
            f'WHERE contains(looked."{column}"::VARCHAR, one.key)',
            {"keys": sorted(keys)},
        ).fetchone()
        left += found[0] if found else 0
    return left
