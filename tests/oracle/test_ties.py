"""Days count once however many equal periods tell them, and the same bytes come out however the rows came in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from random import Random

import duckdb
import pytest

from analyser.coverage.measure import coverage, gaps
from analyser.coverage.model import Request
from analyser.coverage.result import Dimension, Period
from analyser.report.json import coverage_json, gaps_json
from analyser.store.database import Database, connect_memory
from tests.oracle.asked import by_oracle
from tests.oracle.county import County, date_columns, merged
from tests.oracle.generated import county_of

_ORGANISER = "1.2.246.10.99999901.10.0"


def _twenty_persons() -> County:
    """Twenty persons, each with eight equal units in one document, and a row of the whole quarter."""
    county = County()
    for n in range(20):
        key, person = f"d{n}", f"{n:016x}"
        county.add("person_identity", identity_key=person, root="1.2.246.21", value=f"made-up-{n}")
        county.add(
            "document", document_key=key, oid=f"1.2.3.{n}", set_id=f"1.2.4.{n}", version=1, kind="client-relationship",
            body="json", organiser=_ORGANISER, created_at=dt.datetime(2025, 1, 5, 12),
        )  # fmt: skip
        county.add("document_person", document_key=key, identity_key=person, slot=0, origin="header")
        county.add("service_task_block", document_key=key, ordinal=0, task_code="24")
        for unit in range(8):
            county.add(
                "client_period", document_key=key, role="unit", block=0, task_code="24", unit=f"unit {unit}",
                **date_columns("start", "2025-01-01"), **date_columns("end", "2025-02-14"),
            )  # fmt: skip
        county.add(
            "register_episode", source_id=f"R{n:02d}", identity_key=person, layer="service-task", service_task="24",
            organiser=_ORGANISER, **date_columns("start", "2025-01-01"), **date_columns("end", "2025-03-31"),
        )  # fmt: skip
    return county


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect_memory() as opened:
        yield opened


def _bytes(connection: duckdb.DuckDBPyConnection, county: County, threads: int, random: Random) -> str:
    """What gaps and coverage print, after the rows of each table came in shuffled order."""
    shuffled = deepcopy(county)
    for rows in shuffled.tables.values():
        random.shuffle(rows)
    connection.execute(f"SET threads = {threads}")
    shuffled.load(connection)
    request = Request(Period("2025Q1", county.start, county.end), county.as_of, county.organisers)
    database = Database(connection, b"", Path("memory"))
    report = coverage(database, request, [Dimension.LAYER, Dimension.SERVICE_TASK, Dimension.UNIT])
    return coverage_json(report, "en") + "".join(gaps_json(gaps(database, request)))


def test_equal_periods_of_one_block_count_their_days_once(connection: duckdb.DuckDBPyConnection) -> None:
    county, random = _twenty_persons(), Random(1)
    told = {_bytes(connection, county, threads, random) for threads in (1, 2, 4) for _ in range(2)}
    assert len(told) == 1
    rows = connection.execute("SELECT class, days_archived, days_expected FROM ledger").fetchall()
    assert rows == [("partial", 45, 90)] * 20
    assert {(row["class"], row["days_archived"], row["days_expected"]) for row in by_oracle(county)[0]} == {
        ("partial", 45, 90)
    }


def test_the_order_of_arrival_and_the_number_of_threads_change_no_byte(connection: duckdb.DuckDBPyConnection) -> None:
    county, random = merged(county_of(seed, tied=True) for seed in range(40)), Random(2)
    told = {_bytes(connection, county, threads, random) for threads in (1, 2, 4)}
    assert len(told) == 1
