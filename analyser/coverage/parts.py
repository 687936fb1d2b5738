"""Compares part by part: what hangs together is compared in one part, and nothing is compared between two.

What is read off the store (whose documents there are, what stands, which days they tell, the register's rows) is one
row for one: that goes through the database as a stream, of the whole, and what does not fit lies on the disk. What puts
the rows of a person beside their documents, in each reading, is the steps 70 and 80 of `queries/model/`: these run, as
they are written, in a database in memory for each part, which holds numbers and days and whose rows keep the numbers of
the whole; what they give is put together. The steps after them ask for the whole again. After that the model stands as
if it had been built at once, and everybody asks it the same questions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache

import duckdb

from analyser.coverage.kept import not_there
from analyser.coverage.steps import made_by, statements
from analyser.store.database import execute_all
from analyser.store.first_row import first_row
from analyser.system.resources import query

_FIRST, _WHOLE_AGAIN = "70-", "90-"
"""The first step that goes by parts, and the first after them that asks for the whole again."""
_READ_OFF = frozenset(
    ("person_document", "relationship_kept_out", "person_archive", "numbered_relationship", "numbered_task",
     "voided_relationship", "set_without_periods", "numbered_case", "conflict_candidate", "person_conflict")
)  # fmt: skip
"""Tables of these steps that are read off the store, one row for one, or have rows of few documents: made of the whole
before it is cut."""
_CUT, _PART = "county_in_parts", "part_of_county"
"""Databases in memory: what is cut, in the order of the parts, and what the part under way gives."""
_TEMPORARY = "CREATE OR REPLACE TEMP TABLE "
_PASSING = ("part_thing", "part_edge", "part_component", "part_of", "part_person", "part_document", "part_quarantine")


def by_parts(step: str) -> bool:
    """Whether the model's step, by its file's name, and all after it are left to `compare_in_parts`."""
    return step >= _FIRST


def compare_in_parts(
    connection: duckdb.DuckDBPyConnection, parts: int, begins: Callable[[str], None] = lambda step: None, *,
    for_questions: bool = False,
) -> float:  # fmt: skip
    """Make the tables and views of all steps from 70 on, where those before them stand. Returns the share of the county
    that its largest component holds, which no number of parts can divide. `begins` is told each step after the parts.

    `for_questions`: without the tables on the way that no question and no later step asks, a third of what parts give.
    """
    for sql in _read_off():
        connection.execute(sql)
    execute_all(connection, query("parts", "10-components"), {})
    execute_all(connection, query("parts", "20-division"), {"parts": parts})
    (largest,) = first_row(connection.execute("SELECT max(share) FROM part_of")) or (None,)
    merged = [name for name in _compared() if not (for_questions and name in _on_the_way())]
    for database in (_CUT, _PART):
        connection.execute(f"ATTACH ':memory:' AS {database} (READ_WRITE)")
    try:
        execute_all(connection, query("parts", "30-cut"), {})
        for part in range(1, parts + 1):
            _add(connection, part, merged)
    finally:
        for database in (_CUT, _PART):
            connection.execute(f"DETACH {database}")
    lacking, under_way = _on_the_way() if for_questions else {}, ""
    for name, is_view in (dict.fromkeys(_PASSING, False) | dict(lacking)).items():  # also of a model that stood here
        connection.execute(f"DROP {'VIEW' if is_view else 'TABLE'} IF EXISTS temp.main.{name}")
    for step, sql in statements():
        if step < _FIRST or {name for name, _ in made_by(sql)} & (set(_compared()) | _READ_OFF | lacking.keys()):
            continue
        if step >= _WHOLE_AGAIN and step != under_way:
            begins(step)
            under_way = step
        connection.execute(sql)
    return float(largest or 0)


def _add(connection: duckdb.DuckDBPyConnection, part: int, names: Iterable[str]) -> None:
    """Compare one part, and put what it gives to what the parts before it gave."""
    with connection.cursor() as own:  # it has temporary views and macros of its own
        own.execute(f"USE {_PART}")
        own.execute("SET VARIABLE part = $1", [part])
        execute_all(own, query("parts", "40-part"), {})
        for sql in _of_part():
            own.execute(sql)
    for name in names:
        # Names of the model's own making; a relation cannot be bound as a parameter.
        put = f"CREATE OR REPLACE TEMP TABLE {name} AS" if part == 1 else f"INSERT INTO temp.main.{name}"
        connection.execute(f"{put} FROM {_PART}.main.{name}")
    for name in _compared():
        connection.execute(f"DROP TABLE {_PART}.main.{name}")


@cache
def _read_off() -> tuple[str, ...]:
    """The statements of the steps by parts that are made of the whole."""
    return tuple(
        sql for step, sql in statements() if _by_parts(step) and any(name in _READ_OFF for name, _ in made_by(sql))
    )


@cache
def _compared() -> tuple[str, ...]:
    """The tables that parts give."""
    return tuple(
        name
        for step, sql in statements()
        if _by_parts(step)
        for name, is_view in made_by(sql)
        if not is_view and name not in _READ_OFF
    )


@cache
def _on_the_way() -> Mapping[str, bool]:
    """Those of them that only statements of parts ask, and no question, with the views on them: name, and if a view."""
    asked: set[str] = set()
    for step, sql in reversed(statements()):
        made = dict(made_by(sql))
        if step >= _WHOLE_AGAIN or any(is_view and name in asked for name, is_view in made.items()):
            asked |= _words(sql)
    lacking = dict.fromkeys((set(_compared()) & not_there()) - asked, False)
    for step, sql in statements():
        if _by_parts(step) and _words(sql) & lacking.keys():
            lacking |= {name: True for name, is_view in made_by(sql) if is_view}
    return lacking


@cache
def _of_part() -> tuple[str, ...]:
    """What runs in each part: the statements that make its tables, with those views and macros that these name."""
    wanted: set[str] = set()
    kept: list[str] = []
    for step, sql in reversed(statements()):
        made = {name for name, _ in made_by(sql)} | set(_MACRO.findall(sql))
        if not _by_parts(step) or made & _READ_OFF or not made & (wanted | set(_compared())):
            continue
        kept.append(sql.replace(_TEMPORARY, "CREATE OR REPLACE TABLE "))
        wanted |= _words(sql)
    return tuple(reversed(kept))


_MACRO = re.compile(r"^CREATE OR REPLACE TEMP MACRO (\w+)\(", re.MULTILINE)


def _words(sql: str) -> set[str]:
    return set(re.findall(r"\w+", re.sub(r"--[^\n]*", "", sql)))


def _by_parts(step: str) -> bool:
    return _FIRST <= step < _WHOLE_AGAIN
