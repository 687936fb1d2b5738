"""What an older reader left in the store, passed through what today's reader would let through.

The bytes may be gone, the columns are here: a code, an OID or a term that has not the form of one becomes a mark, and
what is shaped like an identifier in any other text is taken out. Dates and persons cannot be judged anew without the
bytes.
"""

from __future__ import annotations

import secrets

import duckdb
import pyarrow as pa

from analyser.archive.documents.pseudonyms import CODES, LISTS, TERMS, guarded
from analyser.archive.records import SCHEMAS
from analyser.national.identifiers import PERSONAL_CANDIDATE, redacted

# Of a person's own, delivered as written, or no text from outside.
_KEPT_TABLES = ("meta", "audit", "person_identity")
_KEPT_COLUMNS = ("source_id", "content_hash", "ledger", "manifest", "terms", "structure", "content")
_PLAIN = r"[0-9]+(?:\.[0-9]+){4,}|[A-Za-z0-9][A-Za-z0-9._:/\-]{0,6}|text-[0-9a-f]{16}"
"""What needs no look: OIDs, short codes, marks."""


def regard_anew(connection: duckdb.DuckDBPyConnection, secret: bytes) -> int:
    """Redact what is stored as today's reader would; returns how many different values were changed.

    Without a secret (the persons were forgotten) marks cannot agree with those of the codes file; nobody can read them.
    """
    secret = secret or secrets.token_bytes(32)
    columns = connection.execute(
        "SELECT columns.table_name, columns.column_name, columns.data_type FROM duckdb_columns() AS columns "
        "JOIN duckdb_tables() AS tables USING (database_name, schema_name, table_name) "
        "WHERE columns.database_name = current_database() AND columns.data_type IN ('VARCHAR', 'VARCHAR[]') "
        "AND NOT list_contains($tables, columns.table_name) AND NOT list_contains($columns, columns.column_name) "
        "AND NOT ends_with(columns.column_name, '_key') ORDER BY ALL",
        {"tables": [*_KEPT_TABLES], "columns": [*_KEPT_COLUMNS]},
    ).fetchall()
    changed = 0
    for table, column, kind in columns:
        by_form = table in SCHEMAS and table != "member" and column in (*CODES, *TERMS, *LISTS)
        changed += _replace(connection, table, column, kind, _told(connection, table, column, kind, secret, by_form))
    return changed


def _told(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, kind: str, secret: bytes, by_form: bool
) -> list[tuple[object, object]]:
    """Values of a column that are not shown as they are, and what stands in their place."""
    # Names come from the catalogue of our own schema; DuckDB cannot bind them.
    if kind == "VARCHAR[]":
        found = connection.execute(f'SELECT DISTINCT "{column}" FROM "{table}" WHERE len("{column}") > 0').fetchall()  # noqa: S608
    elif by_form:
        found = connection.execute(
            f'SELECT DISTINCT "{column}" FROM "{table}" WHERE NOT regexp_full_match("{column}", $plain)',  # noqa: S608
            {"plain": _PLAIN},
        ).fetchall()
    else:
        found = connection.execute(
            f'SELECT DISTINCT "{column}" FROM "{table}" WHERE regexp_matches("{column}", $shape)',  # noqa: S608
            {"shape": PERSONAL_CANDIDATE},
        ).fetchall()
    values = [value for (value,) in found]
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
    connection.register("regarded", pa.table([before, after], ["before", "after"]))
    connection.execute(
        f'UPDATE "{table}" SET "{column}" = regarded.after FROM regarded WHERE "{table}"."{column}" = regarded.before'  # noqa: S608
    )
    connection.unregister("regarded")
    return len(told)
