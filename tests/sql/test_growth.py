"""No statement compares everybody with everybody: what holds two tables together by a key is joined by that key.

DuckDB joins by a key where it can. An outer, semi or anti join with a further condition that speaks of both sides is
done by comparing every row with every row, key or no key: nothing shows it in a small county, and in a large one a rule
takes minutes. The plan tells.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import duckdb
import pytest

from analyser.coverage.model import Model, Request
from analyser.coverage.result import Period
from analyser.coverage.steps import statements
from analyser.rules.catalogue import rules
from analyser.rules.policy import policies
from analyser.store.database import connect_memory
from analyser.system.resources import queries
from benchmarks.baseline import RATIOS, held, ratios, stored, table

_KEYS = re.compile(r"\((\w+) (?:=|IS NOT DISTINCT FROM) \1\)")
_PREPARED = ("$", " MACRO ", "DROP ")
"""What cannot be planned by itself."""


def _of_all_with_all(plan: dict[str, Any]) -> Iterator[str]:
    told = plan.get("extra_info", {})
    if plan.get("name") == "BLOCKWISE_NL_JOIN" and told.get("Join Type") != "INNER" and _KEYS.search(told["Condition"]):
        yield told["Condition"]
    for inner in plan.get("children", ()):
        yield from _of_all_with_all(inner)


def _slow(connection: duckdb.DuckDBPyConnection, sql: str, values: object = None) -> list[str]:
    (found,) = connection.execute(f"EXPLAIN (FORMAT JSON) {sql}", values).fetchall()
    return [told for plan in json.loads(found[1]) for told in _of_all_with_all(plan)]


@pytest.fixture
def room() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect_memory() as connection:
        # Of tables without rows it would compare all with all by choice.
        connection.execute("SET nested_loop_join_threshold = 0")
        yield connection


def test_a_join_of_all_with_all_is_found(room: duckdb.DuckDBPyConnection) -> None:
    for kind, told in (("SEMI", 1), ("LEFT", 1), ("ANTI", 1), ("INNER", 0)):
        sql = (
            f"SELECT one.oid FROM document AS one {kind} JOIN document AS other "
            "ON one.set_id = other.set_id AND coalesce(one.version, other.version) = other.version"
        )
        assert len(_slow(room, sql)) == told, kind


def test_no_statement_of_the_model_and_no_rule_compares_all_with_all(room: duckdb.DuckDBPyConnection) -> None:
    model = Model.build(room, Request(Period("2025Q1", dt.date(2025, 1, 1), dt.date(2025, 3, 31))))
    room.execute(next(sql for _, sql in statements() if "TEMP TABLE text_key AS" in sql))  # it is gone by then
    steps = [(name, sql) for name, sql in statements() if not any(word in sql for word in _PREPARED)]
    found = {name: slow for name, sql in steps if (slow := _slow(room, sql))}
    planned = set()
    for path in (
        path for folder in ("coverage", "handover", "memory") for path in sorted(queries(folder).glob("*.sql"))
    ):
        for one in duckdb.extract_statements(path.read_text(encoding="utf-8")):
            if one.named_parameters:
                continue
            with suppress(duckdb.CatalogException):  # of tables that a question makes on its way
                if slow := _slow(room, one.query):
                    found[path.name] = slow
                planned.add(path.name)
    assert {"newest-day.sql", "sources.sql", "documents.sql"} <= planned
    model.stand_alone(but=("document_standing",))  # as in the room of the rules, whose tables come one after another
    for path in sorted(queries("rules", "tables").glob("*.sql")):
        for one in duckdb.extract_statements(path.read_text(encoding="utf-8")):
            if "DROP " not in one.query and (slow := _slow(room, one.query)):
                found[path.name] = slow
            room.execute(one.query)
    room.execute("CREATE TEMP TABLE reader_now AS SELECT 0 AS reader, 0 AS register_reader")
    for policy in policies(rules([]), {}):
        for sql in (policy.rule.of_sql, policy.rule.sql):
            (one,) = duckdb.extract_statements(sql)
            values = {name: policy.parameters[name] for name in one.named_parameters} or None
            if slow := _slow(room, sql, values):
                found[policy.rule.code] = slow
    assert found == {}


def test_a_ratio_that_worsens_beyond_noise_fails_the_benchmark() -> None:
    known = stored()
    assert set(known) == {ratio.name for ratio in RATIOS}
    middle = {name: sorted(told["runs"])[len(told["runs"]) // 2] for name, told in known.items()}
    assert [one.name for one in held(middle, known) if one.worse] == []
    # Every stored run would pass, and what takes twice as long in one place is found there and nowhere else.
    for name, told in known.items():
        assert [one.name for run in told["runs"] for one in held({name: run}, known) if one.worse] == []
        slower = held(middle | {name: 2 * middle[name]}, known)
        assert [one.name for one in slower if one.worse] == [name]
        assert table(slower).count("**worse**") == 1
    # What was measured: of a ratio of which more is better, less is worse.
    run = {ratio.one[0]: {} for ratio in RATIOS} | {ratio.other[0]: {} for ratio in RATIOS if ratio.other}
    for ratio in RATIOS:
        run[ratio.one[0]][ratio.one[1]] = 8.0
        if ratio.other is not None:
            run[ratio.other[0]].setdefault(ratio.other[1], 8.0)
    told = ratios({what: {"what": what, **figures} for what, figures in run.items()})
    assert {name: round(value, 3) for name, value in told.items()} == {
        ratio.name: 0.125 if ratio.other is None else 1.0 for ratio in RATIOS
    }
    with pytest.raises(KeyError):
        ratios({})
