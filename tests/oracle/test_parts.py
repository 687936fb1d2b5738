"""A county compared in parts answers as the whole: every table of the model has the same rows, whatever joins persons.

Generated counties are put side by side and then joined at random: documents about persons of two of them, sets and ids
that two share, identities that the register joins, things in quarantine about both. A run by hand asks for more
(TESTS_COUNTIES=300).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import duckdb
import pytest

from analyser.coverage import parts
from analyser.coverage.measure import ledger, measured
from analyser.coverage.model import Model, Request
from analyser.coverage.result import Dimension, Period
from analyser.messages.notices import tell_with
from analyser.report.json import coverage_json, gaps_json
from analyser.store.database import connect_memory
from tests.oracle.county import County, merged
from tests.oracle.generated import county_of

_BESIDE = 6
_COUNTIES = int(os.environ.get("TESTS_COUNTIES", "1"))
_TORN = 3
"""The first seed of a county that parts would tear, were it not for its components."""
Rows = dict[str, tuple[int, int | None]]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect_memory() as opened:
        opened.execute("SET threads = 1")
        yield opened


def _joined(seed: int) -> County:
    """Counties side by side, some of them joined."""
    chance = Random(seed)
    county = merged(county_of(seed * _BESIDE + n) for n in range(_BESIDE))
    documents, persons = county["document"], county["person_identity"]
    for _ in range(chance.randrange(3)):  # a joint document
        one, other = chance.sample(documents, 2)
        names = [row for row in county["document_person"] if row["document_key"] == other["document_key"]]
        for row in names[:1]:
            county["document_person"].append(row | {"document_key": one["document_key"], "slot": 7})
    for name in ("set_id", "oid"):
        if chance.random() < 0.6:
            one, other = chance.sample(documents, 2)
            one[name] = other[name]
    if chance.random() < 0.5:  # one person by two identities
        one, other = chance.sample(persons, 2)
        county.add("register_identity", identity_key=one["identity_key"], same_as_key=other["identity_key"])
    for row in county["quarantine"]:
        if chance.random() < 0.5:
            county.add(
                "quarantine_person", member_key=row["member_key"], identity_key=chance.choice(persons)["identity_key"]
            )
        if chance.random() < 0.5:
            row["set_id"] = chance.choice(documents)["set_id"]
    return county


def _asked(county: County) -> Request:
    return Request(Period("2025Q1", county.start, county.end), county.as_of, county.organisers)


def _rows(connection: duckdb.DuckDBPyConnection) -> Rows:
    """Every table of the model: how many rows, and a sum of their hashes."""
    found = connection.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'temp'").fetchall()
    summed = "SELECT count(*), sum(hash(entry::VARCHAR)::HUGEINT) FROM temp.main.{} AS entry"
    return {name: connection.execute(summed.format(name)).fetchone() or (0, None) for (name,) in found}


def _answers(
    connection: duckdb.DuckDBPyConnection, request: Request, *, for_questions: bool = False
) -> tuple[str, Rows]:
    model = Model.build(connection, request, for_questions=for_questions)
    report = coverage_json(measured(model, [*Dimension]), "en")
    return report + "".join(gaps_json(ledger(model))), _rows(connection)


@pytest.mark.parametrize("seed", range(_TORN, _TORN + _COUNTIES))
def test_the_parts_of_a_county_give_what_the_whole_gives(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    county = _joined(seed)
    county.load(connection)
    request = _asked(county)
    whole, rows = _answers(connection, request)
    answer, found = _answers(connection, replace(request, parts=(3, 2, 7)[seed % 3]))
    assert {name: found.get(name) for name, told in rows.items() if found.get(name) != told} == {}
    assert (answer, found.keys()) == (whole, rows.keys())
    # For questions alone: the same, without what nobody asks of it.
    answer, found = _answers(connection, replace(request, parts=3), for_questions=True)
    assert (
        {name for name, told in rows.items() if found.get(name) != told}
        == {name for name, is_view in parts._on_the_way().items() if not is_view}
        != set()
    )
    assert answer == whole


def test_without_what_hangs_together_parts_would_answer_otherwise(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above can fail: with every person and document in a part of its own it does."""
    of_query = parts.query
    monkeypatch.setattr(
        parts,
        "query",
        lambda folder, name: (
            of_query(folder, name) + ("; DELETE FROM part_component" if name.startswith("10-") else "")
        ),
    )
    county = _joined(_TORN)
    county.load(connection)
    Model.build(connection, _asked(county))
    whole = _rows(connection)
    Model.build(connection, replace(_asked(county), parts=2))
    assert _rows(connection) != whole


def test_what_hangs_together_for_the_most_part_is_told(connection: duckdb.DuckDBPyConnection) -> None:
    county = merged(county_of(n) for n in range(2))
    for row in county["document"]:
        row["set_id"] = "one set"
    county.load(connection)
    told: list[tuple[str, object]] = []
    tell_with(lambda key, **values: told.append((key, values["percent"])))
    Model.build(connection, replace(_asked(county), parts=2))
    ((key, percent),) = told
    assert (key, 50 < int(str(percent)) <= 100) == ("narration.parts.large", True), told
