"""Asks the SQL and the oracle about one county, and says where they differ."""

from __future__ import annotations

import json
from typing import Any

import duckdb

from analyser.coverage.model import Model, Request
from analyser.coverage.result import Acknowledgements, Period
from tests.oracle.county import County
from tests.oracle.ledger import Oracle
from tests.oracle.minimal import minimal, told

COMPARED = (
    "source_id",
    "person_key",
    "service_task",
    "class",
    "reasons",
    "days_expected",
    "days_archived",
    "documents",
)
Answer = tuple[list[dict[str, Any]], list[tuple[str, str, str, tuple[str, ...]]], list[tuple[str, str]]]


def differ(connection: duckdb.DuckDBPyConnection, county: County) -> bool:
    """Whether SQL and oracle say different things of the county."""
    return by_sql(connection, county) != by_oracle(county)


def by_sql(connection: duckdb.DuckDBPyConnection, county: County) -> Answer:
    """Ledger, archived-only episodes and how each document stands, as the model tells them."""
    county.load(connection)
    request = Request(
        Period("generated", county.start, county.end),
        county.as_of,
        county.organisers,
        county.producer_periods_cover,
        Acknowledgements(county.acknowledgements),
    )
    Model.build(connection, request)
    columns = ", ".join(COMPARED)
    rows = connection.execute(f"SELECT {columns} FROM ledger ORDER BY source_id").to_arrow_table().to_pylist()
    only = connection.execute("SELECT person_key, layer, service_task, documents FROM archived_only").fetchall()
    known = [row for row in only if not row[2].startswith("unknown:")]
    standing = connection.execute("SELECT document_key, standing FROM document_standing ORDER BY ALL").fetchall()
    return rows, sorted((person, layer, task, tuple(documents)) for person, layer, task, documents in known), standing


def by_oracle(county: County) -> Answer:
    """The same, counted day by day."""
    oracle = Oracle(county)
    rows = [{name: row[name] for name in COMPARED} for row in oracle.rows()]
    return rows, oracle.archived_only(), sorted(oracle.standing.items())


def difference(connection: duckdb.DuckDBPyConnection, county: County) -> str | None:
    """Where SQL and oracle differ, shown on the smallest county that still differs; none when they agree."""
    if not differ(connection, county):
        return None
    small = minimal(county, lambda tried: differ(connection, tried))
    (rows, only, standing), (expected_rows, expected_only, expected_standing) = (
        by_sql(connection, small),
        by_oracle(small),
    )
    lines = [told(small)]
    for row, expected in zip(rows, expected_rows, strict=False):
        if row != expected:
            names = ["source_id", *(name for name in COMPARED if row[name] != expected[name])]
            lines.append("SQL    " + json.dumps({name: row[name] for name in names}))
            lines.append("oracle " + json.dumps({name: expected[name] for name in names}))
    if len(rows) != len(expected_rows):
        lines.append(f"rows: SQL {len(rows)}, oracle {len(expected_rows)}")
    if only != expected_only:
        lines.append(f"archived only: SQL {only}, oracle {expected_only}")
    if standing != expected_standing:
        lines.append(f"documents: SQL {standing}, oracle {expected_standing}")
    return "\n".join(lines)
