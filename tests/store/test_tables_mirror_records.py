"""The store's tables and the records of the archive room are one vocabulary."""

from __future__ import annotations

import pyarrow as pa
import pytest

from analyser.archive.records import SCHEMAS
from analyser.store.database import connect_memory

_TYPES = {
    pa.string(): "VARCHAR",
    pa.date32(): "DATE",
    pa.timestamp("s"): "TIMESTAMP_S",
    pa.bool_(): "BOOLEAN",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.list_(pa.string()): "VARCHAR[]",
}


# What the store knows of a row beside what was read: whether it lies there still, and which reader read it.
_OF_THE_STORE = {"member": ["standing", "reader"], "document": ["reader"]}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_table_has_the_columns_of_its_record(name: str) -> None:
    with connect_memory() as connection:
        columns = connection.execute(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = $name ORDER BY column_index",
            {"name": name},
        ).fetchall()
    own = _OF_THE_STORE.get(name, [])
    assert [column for column, _ in columns if column in own] == own
    assert [told for told in columns if told[0] not in own] == [
        (field.name, _TYPES[field.type]) for field in SCHEMAS[name]
    ]


def test_identifiers_stand_in_one_table_and_birth_dates_beside_what_told_them() -> None:
    with connect_memory() as connection:
        holders = connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() "
            "WHERE column_name IN ('value', 'birth_date', 'person_id', 'name', 'address') AND table_name <> 'meta' "
            "AND schema_name = 'main' AND NOT internal ORDER BY ALL"
        ).fetchall()
    assert holders == [
        ("document_person", "birth_date"),
        ("person_identity", "birth_date"),
        ("person_identity", "value"),
        ("register_episode", "birth_date"),
        ("register_reference", "value"),  # a published figure
        ("unit_name", "name"),  # an organisation's
    ]
