"""A county as plain rows, at the level of the store's tables, and its way into a database."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb
import pyarrow as pa

Row = dict[str, Any]

TABLES = (
    "document",
    "document_person",
    "service_task_block",
    "client_period",
    "case_fact",
    "frame",
    "acknowledgement",
    "quarantine",
    "quarantine_person",
    "person_identity",
    "register_episode",
    "register_identity",
    "register_code",
)

_TOLD_BY_DOCUMENTS = ("document", "document_person", "service_task_block", "client_period", "case_fact")
_OF_THE_BYTES = ("document_key", "size", "problems", "pointer")


@dataclass
class County:
    """Rows by table, and what is asked of them."""

    tables: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in TABLES})
    start: dt.date = dt.date(2025, 1, 1)
    end: dt.date = dt.date(2025, 3, 31)
    as_of: dt.date | None = None
    organisers: tuple[str, ...] = ()
    producer_periods_cover: bool = False
    acknowledgements: str = "when-present"

    def add(self, table: str, **row: Any) -> None:
        """Add a row."""
        self.tables[table].append(row)

    def __getitem__(self, table: str) -> list[Row]:
        return self.tables[table]

    def told_once(self) -> County:
        """Without the copies: of documents that differ in their bytes alone, the one whose hash is the smallest."""
        first: dict[str, str] = {}
        copies: set[str] = set()
        for document in sorted(self["document"], key=lambda row: row["document_key"]):
            said = sorted(
                (name, sorted((k, repr(v)) for k, v in row.items() if k not in _OF_THE_BYTES and v is not None))
                for name in _TOLD_BY_DOCUMENTS
                for row in self[name]
                if row["document_key"] == document["document_key"]
            )
            if first.setdefault(repr(said), document["document_key"]) != document["document_key"]:
                copies.add(document["document_key"])
        kept = {
            name: [row for row in rows if row.get("document_key") not in copies] for name, rows in self.tables.items()
        }
        return replace(self, tables=kept)

    def load(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Put the rows into the store's tables, in place of what was there."""
        for name, rows in self.tables.items():
            connection.execute(f"DELETE FROM {name}")
            if not rows:
                continue
            columns = {column for row in rows for column in row}
            types = dict(
                connection.execute(
                    "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = $name",
                    {"name": name},
                ).fetchall()
            )
            arrow = pa.table(
                {column: pa.array([row.get(column) for row in rows], _ARROW[types[column]]) for column in columns}
            )
            connection.register("rows_to_load", arrow)
            connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM rows_to_load")
            connection.unregister("rows_to_load")


_ARROW = {
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP_S": pa.timestamp("s"),
    "VARCHAR[]": pa.list_(pa.string()),
}


def date_columns(name: str, text: str | None) -> Row:
    """A date's three columns."""
    if text is None:
        return {f"{name}_text": None, f"{name}_lo": None, f"{name}_hi": None}
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        first, last = dt.date(parts[0], 1, 1), dt.date(parts[0], 12, 31)
    elif len(parts) == 2:
        first = dt.date(parts[0], parts[1], 1)
        last = dt.date(parts[0], parts[1], monthrange(parts[0], parts[1])[1])
    else:
        first = last = dt.date(*parts)
    return {f"{name}_text": text, f"{name}_lo": first, f"{name}_hi": last}


_NAMES = (
    "document_key",
    "identity_key",
    "same_as_key",
    "member_key",
    "frame_key",
    "set_id",
    "oid",
    "source_id",
    "answer_key",
    "message_root",
    "target_root",
    "sender",
)


def merged(counties: Iterable[County]) -> County:
    """Counties side by side in one, asked as the first is asked. Nothing of one meets anything of another, but codes.

    Code lists speak to all of a county; only those of the first are taken.
    """
    found: County | None = None
    for number, county in enumerate(counties):
        if found is None:
            found = County(
                start=county.start, end=county.end, as_of=county.as_of, organisers=county.organisers,
                producer_periods_cover=county.producer_periods_cover, acknowledgements=county.acknowledgements,
            )  # fmt: skip
        for table, rows in county.tables.items():
            if table == "register_code" and number > 0:
                continue
            for row in rows:
                own = {name: f"{number}-{row[name]}" for name in _NAMES if row.get(name) is not None}
                found.add(table, **(row | own))
    if found is None:
        raise ValueError("no county to merge")
    return found
