"""SQL and oracle agree on every row of generated counties: class, reasons, days, documents, and what is archived only.

The run of every change puts some counties side by side, because the SQL takes as long for one as for ten. A long run
(TESTS_LONG=1, or TESTS_COUNTIES=n) asks thousands of them, each alone.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from analyser.store.database import connect_memory
from tests.oracle.asked import by_oracle, difference
from tests.oracle.county import County
from tests.oracle.generated import counties, county_of

_LONG = os.environ.get("TESTS_COUNTIES", "3000" if os.environ.get("TESTS_LONG") else None)
_BESIDE = 1 if _LONG else 8


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect_memory() as opened:
        opened.execute("SET threads = 1")
        yield opened


@settings(
    max_examples=int(_LONG or 25),
    deadline=None,
    # A county that differs is made small row by row, which knows counties better than shrinking its seed.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(county=counties(_BESIDE))
def test_sql_and_oracle_agree_row_by_row(connection: duckdb.DuckDBPyConnection, county: County) -> None:
    found = difference(connection, county)
    assert found is None, found


def test_generated_counties_reach_what_the_contract_names() -> None:
    """A generator that seldom covers a row, or never ties, would let the agreement say little."""
    classes: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    tied = 0
    for seed in range(200):
        county = county_of(seed)
        periods = [
            (row["document_key"], row["role"], row["start_text"], row["end_text"]) for row in county["client_period"]
        ]
        tied += any(count > 1 for count in Counter(period[1:] for period in periods).values())
        for row in by_oracle(county)[0]:
            classes[row["class"]] += 1
            reasons.update(row["reasons"])
    assert tied * 3 >= 200
    assert min(classes[name] for name in ("excluded", "undetermined", "archived", "partial", "missing")) >= 20, classes
    assert len(reasons) >= 19, reasons
