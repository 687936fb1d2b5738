"""What an older reader left in the store, passed through what today's reader would let through.

The bytes may be gone, the columns are here: a code, an OID or a term that has not the form of one becomes a mark, and
what is shaped like an identifier in any other text is taken out. A source_id that holds an identifier gets the name
that today's reader would give it, so that the row is found again when its file is loaded anew; an identifier of a
person that today's reader writes otherwise gets that key. Dates cannot be judged anew without the bytes.
"""

from __future__ import annotations

import json
import re
import secrets
from typing import Any

import duckdb
import pyarrow as pa

from analyser.archive.documents.document import shown_root
from analyser.archive.documents.pseudonyms import CODES, LISTS, TERMS, guarded
from analyser.archive.records import SCHEMAS
from analyser.national.identifiers import (
    PERSONAL_CANDIDATE,
    SOURCE_ROOT,
    holds_identifier,
    identity_key,
    normal_root,
    normal_value,
    redacted,
    shown_source_id,
)
from analyser.store.first_row import first_row
from analyser.store.tables import batch_views

# Of a person's own, delivered as written, or no text from outside.
_KEPT_TABLES = ("meta", "audit", "person_identity")
_KEPT_COLUMNS = ("source_id", "former_source_id", "content_hash", "ledger", "manifest", "terms", "structure", "content")
_NAMES = ("source_id", "former_source_id")
_WITH_NAMES = (("register_history", "content"), ("period_told_row", "told"))
"""Columns of longer texts in which source_ids stand."""
_POINTERS = ("pointer", "place")
_PLAIN = r"[0-9]+(?:\.[0-9]+){4,}|[A-Za-z0-9][A-Za-z0-9._:/\-]{0,6}|text-[0-9a-f]{16}"
"""What needs no look: OIDs, short codes, marks."""
_MARK = re.compile(r"\[id-[0-9a-f]{16}\]|text-[0-9a-f]{16}")
"""Hashes that stand in the place of something: by chance one has the shape of an identifier."""
_STEP = re.compile(r"[a-z0-9_]{1,100}|…")
"""A step of a pointer as contents have them: any other key may be a person's."""


def regard_anew(connection: duckdb.DuckDBPyConnection, secret: bytes) -> int:
    """Redact what is stored as today's reader would; returns how many different values were changed.

    Without a secret (the persons were forgotten) marks cannot agree with those of the codes file; nobody can read them.
    """
    changed = 0
    columns = _columns(connection)
    if secret:
        changed += _persons(connection, secret, columns)
    known = bool(secret)
    secret = secret or secrets.token_bytes(32)
    changed += _source_ids(connection, secret, columns, known=known)
    for table, column, kind in columns:
        if table in _KEPT_TABLES or column in _KEPT_COLUMNS or column.endswith("_key"):
            continue
        if column == "json_root" or (column in _POINTERS and kind == "VARCHAR"):
            changed += _replace(connection, table, column, kind, _roots(connection, table, column))
        by_form = table in SCHEMAS and table != "member" and column in (*CODES, *TERMS, *LISTS)
        changed += _replace(connection, table, column, kind, _told(connection, table, column, kind, secret, by_form))
    return changed


def _columns(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    """Columns of texts in tables that hold anything: table, name, type."""
    found = connection.execute(
        "SELECT columns.table_name, columns.column_name, columns.data_type FROM duckdb_columns() AS columns "
        "JOIN duckdb_tables() AS tables USING (database_name, schema_name, table_name) "
        "WHERE columns.database_name = current_database() AND columns.data_type IN ('VARCHAR', 'VARCHAR[]') "
        "ORDER BY ALL"
    ).fetchall()
    held = {
        table: first_row(connection.execute(f'SELECT 1 FROM "{table}" LIMIT 1')) is not None  # noqa: S608
        for table in {table for table, *_ in found}
    }
    return [column for column in found if held[column[0]]]


def _persons(connection: duckdb.DuckDBPyConnection, secret: bytes, columns: list[tuple[str, str, str]]) -> int:
    """Give identities that today's reader writes otherwise (a dash of print, an invisible character) today's key."""
    rows = connection.execute(
        "SELECT DISTINCT identity_key, root, value FROM person_identity WHERE root <> $source ORDER BY ALL",
        {"source": SOURCE_ROOT},
    ).fetchall()
    told = [
        (key, (identity_key(secret, *now), *now))
        for key, root, value in rows
        if value is not None
        and not _MARK.fullmatch(value)
        and (now := (normal_root(root), normal_value(value))) != (root, value)
    ]
    if not told:
        return 0
    new = [(before, after[0]) for before, after in told]
    for table, column, kind in columns:
        if kind == "VARCHAR" and column.endswith(("identity_key", "person_key", "same_as_key")):
            _replace(connection, table, column, kind, list(new))
    columns_of = [pa.array([after[place] for _, after in told]) for place in range(3)]
    with batch_views(connection, {"regarded": pa.table(columns_of, ["identity_key", "root", "value"])}):
        connection.execute(
            "UPDATE person_identity SET root = regarded.root, value = regarded.value "
            "FROM batch_regarded AS regarded WHERE person_identity.identity_key = regarded.identity_key"
        )
    # The same person may have had a key by today's writing already.
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE told_once AS "
        "SELECT identity_key, root, value, min(birth_date) AS birth_date FROM person_identity GROUP BY ALL"
    )
    connection.execute("DELETE FROM person_identity")
    connection.execute("INSERT INTO person_identity BY NAME FROM told_once ORDER BY identity_key")
    connection.execute("DROP TABLE told_once")
    return len(told)


def _source_ids(
    connection: duckdb.DuckDBPyConnection, secret: bytes, texts: list[tuple[str, str, str]], *, known: bool
) -> int:
    """Name rows as today's reader would; `known`: the source_id as written is kept beside the identifiers."""
    columns = [found for found in texts if found[1] in _NAMES and found[2] == "VARCHAR"]
    written: set[str] = set()
    for table, column, _ in columns:
        candidates = _candidates(connection, table, column)
        written.update(value for value in candidates if holds_identifier(_MARK.sub("", value)))
    named = {value: shown_source_id(secret, value) for value in sorted(written)}
    told: list[tuple[object, object]] = [(value, name) for value, name in named.items() if value != name]
    if not told:
        return 0
    for table, column, kind in columns:
        _replace(connection, table, column, kind, told)
    for table, column, kind in texts:
        if (table, column) in _WITH_NAMES:
            _replace(connection, table, column, kind, _renamed(connection, table, column, named))
    if known:
        names = pa.table([pa.array(list(named.values())), pa.array(list(named))], ["identity_key", "value"])
        with batch_views(connection, {"regarded": names}):
            connection.execute(
                "INSERT INTO person_identity BY NAME SELECT identity_key, $source AS root, value FROM batch_regarded "
                "WHERE identity_key NOT IN (SELECT identity_key FROM person_identity)",
                {"source": SOURCE_ROOT},
            )
    return len(told)


def _renamed(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, named: dict[str, str]
) -> list[tuple[object, object]]:
    """Texts of a column in which rows stand by name, longer names first: one may be the beginning of another."""
    told: list[tuple[object, object]] = []
    for value in _candidates(connection, table, column):
        after = value
        for name in sorted(named, key=lambda name: (-len(name), name)):
            after = after.replace(json.dumps(name, ensure_ascii=False)[1:-1], named[name]).replace(name, named[name])
        if after != value:
            told.append((value, after))
    return told


def _roots(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> list[tuple[object, object]]:
    """Root keys and pointers of contents with a key that today's reader would not show."""
    told: list[tuple[object, object]] = []
    for value in _distinct(connection, table, column, f'"{column}" IS NOT NULL'):
        if column == "json_root":
            after = shown_root(value)
        elif value.startswith("/"):
            first, *steps = value[1:].split("/")
            after = "/".join(["", shown_root(first), *(step if _STEP.fullmatch(step) else "…" for step in steps)])
        else:
            continue
        if after != value:
            told.append((value, after))
    return told


def _candidates(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> list[str]:
    """The values of a column that may hold an identifier."""
    return _distinct(connection, table, column, f'regexp_matches("{column}", $shape)', PERSONAL_CANDIDATE)


def _distinct(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, where: str, shape: str | None = None
) -> list[Any]:
    """The different values of a column for which `where` holds. Names come from the catalogue of our own schema."""
    found = connection.execute(
        f'SELECT DISTINCT "{column}" FROM "{table}" WHERE {where}',  # noqa: S608
        None if shape is None else {"shape": shape},
    )
    return [value for (value,) in found.fetchall()]


def _told(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, kind: str, secret: bytes, by_form: bool
) -> list[tuple[object, object]]:
    """Values of a column that are not shown as they are, and what stands in their place."""
    values: list[Any]
    if kind == "VARCHAR[]":
        values = _distinct(connection, table, column, f'len("{column}") > 0')
    elif by_form:
        values = _distinct(connection, table, column, f'NOT regexp_full_match("{column}", $shape)', _PLAIN)
    else:
        values = _candidates(connection, table, column)
    if not values:
        return []
    if by_form:
        field = SCHEMAS[table].field(column)
        told = guarded({table: pa.table([pa.array(values, field.type)], [column])}, secret)[table].column(0).to_pylist()
    else:
        told = [[redacted(part) for part in value] if isinstance(value, list) else redacted(value) for value in values]
    return [(value, other) for value, other in zip(values, told, strict=True) if value != other]


def _replace(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, kind: str, told: list[tuple[object, object]]
) -> int:
    if not told:
        return 0
    type_ = pa.list_(pa.string()) if kind == "VARCHAR[]" else pa.string()
    before, after = (pa.array(list(part), type_) for part in zip(*told, strict=True))
    with batch_views(connection, {"regarded": pa.table([before, after], ["before", "after"])}):
        connection.execute(
            f'UPDATE "{table}" SET "{column}" = regarded.after FROM batch_regarded AS regarded '  # noqa: S608
            f'WHERE "{table}"."{column}" = regarded.before'
        )
    return len(told)
