"""SQL and oracle agree on every row of generated counties: class, reasons, days, documents, and what is archived only.

A long run (KANTA_GAP_LONG=1) takes thousands of counties; the short one runs with every change.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings

from analyser.coverage.measure import assert_ties
from analyser.coverage.model import Request, build_model
from analyser.coverage.result import Period
from analyser.store.database import connect_memory
from tests.oracle.county import County
from tests.oracle.generated import counties
from tests.oracle.ledger import Oracle

_COUNTIES = int(os.environ.get("KANTA_GAP_COUNTIES", "2500" if os.environ.get("KANTA_GAP_LONG") else "120"))
_COMPARED = (
    "source_id",
    "person_key",
    "service_task",
    "class",
    "reasons",
    "days_expected",
    "days_archived",
    "documents",
)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect_memory() as opened:
        opened.execute("SET threads = 1")
        yield opened


@settings(
    max_examples=_COUNTIES,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(county=counties())
def test_sql_and_oracle_agree_row_by_row(connection: duckdb.DuckDBPyConnection, county: County) -> None:
    county.load(connection)
    period = Period("generated", county.start, county.end)
    build_model(connection, Request(period, county.as_of, county.organisers, county.producer_periods_cover))
    assert_ties(connection)
    columns = ", ".join(_COMPARED)
    found = connection.execute(f"SELECT {columns} FROM ledger ORDER BY source_id").to_arrow_table().to_pylist()
    oracle = Oracle(county)
    expected = [{name: row[name] for name in _COMPARED} for row in oracle.rows()]
    assert found == expected
    only = connection.execute("SELECT person_key, layer, service_task, documents FROM archived_only").fetchall()
    known = [row for row in only if not row[2].startswith("unknown:")]
    assert sorted((p, layer, task, tuple(documents)) for p, layer, task, documents in known) == oracle.archived_only()
