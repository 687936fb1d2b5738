"""No answer of the queries depends on how DuckDB breaks ties."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyser.rules.catalogue import rules
from analyser.store.schema import migrations
from analyser.system.resources import queries
from tests.sql.order import doubtful

_FILES = sorted(queries().rglob("*.sql"))


@pytest.mark.parametrize("path", _FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_order_dependent_place_has_a_total_order_or_says_why(path: Path) -> None:
    assert doubtful(path.read_text(encoding="utf-8")) == []


def test_so_have_the_denominators_in_the_headers_of_rules() -> None:
    assert {rule.code: found for rule in rules() if (found := doubtful(rule.of_sql))} == {}


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("SELECT sum(n) OVER (PARTITION BY p ORDER BY s ROWS UNBOUNDED PRECEDING) FROM t", "window sum"),
        ("SELECT row_number() OVER () FROM t", "window row_number"),
        ("SELECT lag(n) OVER (PARTITION BY p ORDER BY s) FROM t", "window lag"),
        ("SELECT p FROM t QUALIFY row_number() OVER (PARTITION BY p ORDER BY s) = 1", "window row_number"),
        ("CREATE OR REPLACE TEMP TABLE x AS\nWITH a AS (SELECT any_value(n) AS n FROM t) FROM a", "any_value"),
        ("CREATE OR REPLACE TEMP MACRO m(a) AS arg_min(a, b)", "arg_min"),
        ("INSERT INTO x BY NAME SELECT first(n ORDER BY s) AS n FROM t RETURNING n", "first"),
        ("SELECT arg_max(n, (s, e)) FROM t", "arg_max"),
        ("SELECT list(n) FROM t", "list"),
        ("SELECT string_agg(n, '; ' ORDER BY s) FROM t", "string_agg"),
        ("SELECT n FROM t ORDER BY n LIMIT 5", "LIMIT"),
        ("SELECT n FROM t LIMIT $page", "LIMIT without an order"),
        ("SELECT DISTINCT ON (p) n FROM t", "DISTINCT ON"),
    ],
)
def test_an_order_that_ties_may_break_is_found(sql: str, what: str) -> None:
    assert [place.what for place in doubtful(sql)] == [what]
    assert doubtful(f"-- total: because\n{sql}") == [] or "\n" in sql


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT max(n) OVER (PARTITION BY p), count(*) OVER () FROM t",
        "SELECT dense_rank() OVER (PARTITION BY p ORDER BY s) FROM t",
        "SELECT arg_min(n, (s, n)), first(n ORDER BY s, n), string_agg(n, '; ' ORDER BY n) FROM t",
        "SELECT list_sort(list(DISTINCT n)), list_sort(list_distinct(list(n))) FROM t",
        "SELECT sum(n) OVER (  -- total: s is unique\n PARTITION BY p ORDER BY s ROWS UNBOUNDED PRECEDING) FROM t",
    ],
)
def test_what_is_total_by_its_form_or_says_why_is_left_alone(sql: str) -> None:
    assert doubtful(sql) == []


def test_every_step_of_the_schema_has_a_number_of_its_own() -> None:
    # Of two steps with one number a database that has taken one would never take the other.
    numbers = [number for number, _ in migrations()]
    assert numbers == list(range(1, len(numbers) + 1))
