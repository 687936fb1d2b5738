"""Bulk loading of Arrow tables: one statement a table, never a row at a time.

DuckDB cannot bind a table's name, so statements are composed here, and only from the closed set of names that
`archive/records.py` and the migrations declare.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from analyser.archive.quarantine import PASSING
from analyser.archive.reader import READER
from analyser.archive.records import SCHEMAS
from analyser.archive.settings import Strictness
from analyser.register.reader import REGISTER_READER
from analyser.store.database import execute_all
from analyser.store.first_row import first_number, first_row
from analyser.store.keeping import close_read, make_room
from analyser.store.transaction import transaction
from analyser.system.resources import query

# Tables whose rows follow from a document's bytes alone, with the document first.
OF_DOCUMENTS = (
    "document",
    "document_person",
    "service_task_block",
    "client_period",
    "case_fact",
    "service_evidence",
    "document_task",
    "content_identity",
    "unit_name",
)
# Tables whose rows belong to one member.
OF_MEMBERS = ("member", "frame", "acknowledgement", "acknowledgement_detail", "quarantine", "quarantine_person")

_UNCHECKED = Strictness(None, None)
_BY = {name: f", {READER} AS reader" if name in ("member", "document") else "" for name in SCHEMAS}
_INSERT = {name: f"INSERT INTO {name} BY NAME SELECT *{_BY[name]} FROM batch_{name}" for name in SCHEMAS}  # noqa: S608
_INSERT_NEW = {
    name: f"INSERT INTO {name} BY NAME "  # noqa: S608
    f"SELECT *{_BY[name]} FROM batch_{name} SEMI JOIN new_document USING (document_key)"
    for name in OF_DOCUMENTS
}
_INSERT_NEW_ONCE = {
    name: f"INSERT INTO {name} BY NAME "  # noqa: S608
    f"SELECT DISTINCT *{_BY[name]} FROM batch_{name} SEMI JOIN new_document USING (document_key)"
    for name in OF_DOCUMENTS
}
_DELETE_OUTDATED = {
    name: f"DELETE FROM {name} WHERE document_key IN (SELECT document_key FROM outdated_document)"  # noqa: S608
    for name in OF_DOCUMENTS
}
_DELETE_ORPHANED = {
    name: f"DELETE FROM {name} WHERE document_key NOT IN "  # noqa: S608
    "(SELECT content_hash FROM member WHERE outcome = 'document')"
    for name in OF_DOCUMENTS
}


@contextmanager
def batch_views(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table]) -> Iterator[None]:
    """Arrow tables as `batch_NAME`, readable by SQL for as long as the context lasts."""
    for name, table in tables.items():
        connection.register(f"batch_{name}", table)
    try:
        yield
    finally:
        for name in tables:
            connection.unregister(f"batch_{name}")


def load_batch(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table], strictness: Strictness = _UNCHECKED
) -> None:
    """Load what shards gave, in one transaction. Known documents are not repeated, and stay when their file changes."""
    with batch_views(connection, tables), transaction(connection):
        again = make_room(connection)
        _add_documents(connection)
        _add_identities(connection)
        for name in OF_MEMBERS:
            if tables[name].num_rows:
                connection.execute(_INSERT[name])
        if again:
            close_read(connection)
        _note_strictness(connection, strictness)


def merge_identities(connection: duckdb.DuckDBPyConnection, identities: pa.Table) -> None:
    """Add identifiers (schema `person_identity`), without birth dates: these stand with what told them."""
    with batch_views(connection, {"person_identity": identities}):
        _add_identities(connection)


def remove_orphans(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop documents that no member holds any more: the same bytes were judged anew and put aside, or let go."""
    with transaction(connection):
        delete_orphans(connection)
        connection.execute("DELETE FROM meta WHERE key = 'orphans_possible'")


def place_documents(connection: duckdb.DuckDBPyConnection) -> None:
    """Give documents that do not say their set or version the one that follows from what they replace."""
    with transaction(connection):
        find_places(connection)


def find_places(connection: duckdb.DuckDBPyConnection) -> None:
    """The same inside a transaction."""
    execute_all(connection, query("store", "placed-documents"), {})


def drop_refused(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop documents of older readers whose bytes this one has put aside, wherever else they were read."""
    if first_row(connection.execute("SELECT 1 FROM quarantine WHERE content_hash IS NOT NULL LIMIT 1")) is None:
        return
    with transaction(connection):
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE outdated_document AS SELECT DISTINCT document.document_key "
            "FROM document JOIN quarantine ON quarantine.content_hash = document.document_key "
            "JOIN member ON member.member_key = quarantine.member_key AND member.reader = $reader "
            "WHERE coalesce(document.reader, 0) < $reader AND NOT list_contains($passing, quarantine.code)",
            {"reader": READER, "passing": [code.value for code in PASSING]},
        )
        if first_row(connection.execute("SELECT 1 FROM outdated_document LIMIT 1")) is not None:
            for name in OF_DOCUMENTS:
                connection.execute(_DELETE_OUTDATED[name])
            connection.execute(
                "DELETE FROM member WHERE outcome = 'document' AND standing IS NOT NULL "
                "AND content_hash IN (SELECT document_key FROM outdated_document)"
            )


def drop_lone_identities(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop identifiers that no table names any more, whichever tables there are.

    A source_id that holds an identifier is kept as written beside them: its key is the source_id as shown.
    """
    columns = connection.execute(
        "SELECT columns.table_name, columns.column_name FROM duckdb_columns() AS columns "
        "JOIN duckdb_tables() AS tables USING (database_name, schema_name, table_name) "
        "WHERE columns.database_name = current_database() AND columns.table_name <> 'person_identity' "
        "AND (columns.column_name IN ('same_as_key', 'person_key', 'source_id') "
        "OR ends_with(columns.column_name, 'identity_key')) "
        "ORDER BY ALL"
    ).fetchall()
    connection.execute("CREATE OR REPLACE TEMP TABLE named_identity (identity_key VARCHAR)")
    for table, column in columns:
        # Names come from the catalogue of our own schema; DuckDB cannot bind them.
        connection.execute(f'INSERT INTO named_identity SELECT DISTINCT "{column}" FROM "{table}"')  # noqa: S608
    connection.execute(
        "DELETE FROM person_identity WHERE identity_key NOT IN "
        "(SELECT identity_key FROM named_identity WHERE identity_key IS NOT NULL)"
    )


def outdated(connection: duckdb.DuckDBPyConnection) -> int:
    """How many documents stand as an older reader understood them."""
    return first_number(
        connection.execute("SELECT count(*) FROM document WHERE coalesce(reader, 0) < $reader", {"reader": READER})
    )


def outdated_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Files whose rows stand as an older version of the register's reader understood them, with how many there are."""
    found = connection.execute(query("store", "older-rows"), {"reader": REGISTER_READER}).fetchall()
    return {str(file or "?"): rows for file, rows in found}


def delete_orphans(connection: duckdb.DuckDBPyConnection) -> None:
    """The same inside a transaction of the caller."""
    for name in OF_DOCUMENTS:
        connection.execute(_DELETE_ORPHANED[name])


def orphans_possible(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether some document lost a member since orphans were last removed, in this run or one that was killed."""
    return first_row(connection.execute("SELECT 1 FROM meta WHERE key = 'orphans_possible'")) is not None


def _add_documents(connection: duckdb.DuckDBPyConnection) -> None:
    # What an older reader made of the same bytes gives way to what this one makes of them.
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE outdated_document AS SELECT document_key FROM document "
        "SEMI JOIN batch_document USING (document_key) WHERE coalesce(document.reader, 0) < $reader",
        {"reader": READER},
    )
    if first_row(connection.execute("SELECT 1 FROM outdated_document LIMIT 1")) is not None:
        for name in OF_DOCUMENTS:
            connection.execute(_DELETE_OUTDATED[name])
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE new_document AS "
        "SELECT document_key, count(*) AS times FROM batch_document "
        "ANTI JOIN document USING (document_key) GROUP BY document_key"
    )
    (repeated,) = first_row(connection.execute("SELECT coalesce(max(times), 1) > 1 FROM new_document")) or (False,)
    for name in OF_DOCUMENTS:
        connection.execute(_INSERT_NEW_ONCE[name] if repeated else _INSERT_NEW[name])


def _note_strictness(connection: duckdb.DuckDBPyConnection, strictness: Strictness) -> None:
    connection.execute("DELETE FROM file_validation WHERE file_key IN (SELECT file_key FROM batch_member)")
    if strictness.structure is None:
        return
    connection.execute(
        "INSERT INTO file_validation "
        "SELECT DISTINCT file_key, $structure, $content FROM batch_member WHERE mtime_ns IS NOT NULL",
        {"structure": strictness.structure, "content": strictness.content},
    )
    if strictness.content is None:
        return
    # A document that was known before was perhaps read without the check: whether it could be made stands with it.
    connection.execute(
        "UPDATE document SET problems = batch_document.problems FROM batch_document "
        "WHERE document.document_key = batch_document.document_key "
        "AND document.problems IS DISTINCT FROM batch_document.problems"
    )


def _add_identities(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE batch_identity AS "
        "SELECT identity_key, any_value(root) AS root, any_value(value) AS value "
        "FROM batch_person_identity GROUP BY identity_key"
    )
    connection.execute(
        "INSERT INTO person_identity BY NAME "
        "SELECT * FROM batch_identity ANTI JOIN person_identity USING (identity_key)"
    )
