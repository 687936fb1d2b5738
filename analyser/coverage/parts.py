"""Builds the model part by part: what hangs together is compared in one part, and nothing is compared between two.

The first steps of `queries/model/` are reckoned of the whole (who is one person, who organises, what tasks are called,
what the archive answered), and so are the last ones, which ask for the whole. Those between them run, as they are
written, in a database in memory for each part, whose rows keep the numbers of the whole; what they give is put
together. After that the model stands as if it had been built at once, and everybody asks it the same questions.
Only as much memory is needed beside the result as the largest part takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import duckdb

from analyser.coverage.steps import made_by, statements
from analyser.store.database import execute_all
from analyser.store.first_row import first_row
from analyser.system.resources import query

_FIRST, _WHOLE_AGAIN = "40-", "95-"
"""The first step that goes by parts, and the first after them that asks for the whole again."""
_OF_ALL = ("65-",)
"""Steps between the two that read lists of the county and no person's rows."""
_CONSTANT = ("reason_order",)
"""Tables of the steps by parts that hold the same in each."""
_TEMPORARY = "CREATE OR REPLACE TEMP TABLE "
_PASSING = ("part_thing", "part_edge", "part_component", "part_of", "part_person", "part_document", "part_quarantine",
            "part_identity", "part_service")  # fmt: skip


def by_parts(step: str) -> bool:
    """Whether the model's step, by its file's name, and all after it are left to `compare_in_parts`."""
    return step >= _FIRST


def compare_in_parts(connection: duckdb.DuckDBPyConnection, parts: int) -> float:
    """Make the tables and views of all steps from 40 on, where those before them stand. Returns the share of the county
    that its largest component holds, which no number of parts can divide."""
    execute_all(connection, query("parts", "10-components"), {})
    execute_all(connection, query("parts", "20-division"), {"parts": parts})
    (largest,) = first_row(connection.execute("SELECT max(share) FROM part_of")) or (None,)
    merged = dict.fromkeys(name for sql in _by_parts() for name, is_view in made_by(sql) if not is_view)
    for name in _CONSTANT:
        del merged[name]
    for part in range(1, parts + 1):
        connection.execute("ATTACH ':memory:' AS part_of_county (READ_WRITE)")
        try:
            _add(connection, part, tuple(merged))
        finally:
            connection.execute("DETACH part_of_county")
    for sql in _after():
        if not any(name in merged for name, _ in made_by(sql)):
            connection.execute(sql)
    for name in _PASSING:
        connection.execute(f"DROP TABLE temp.main.{name}")
    return float(largest or 0)


def _add(connection: duckdb.DuckDBPyConnection, part: int, names: tuple[str, ...]) -> None:
    """Compare one part, and put what it gives to what the parts before it gave."""
    execute_all(connection, query("parts", "30-cut"), {"part": part})
    with connection.cursor() as own:  # it has temporary views and macros of its own
        own.execute("USE part_of_county")
        for sql in _of_part():
            own.execute(sql)
    for name in names:
        # Names of the model's own making; a relation cannot be bound as a parameter.
        put = f"CREATE OR REPLACE TEMP TABLE {name} AS" if part == 1 else f"INSERT INTO temp.main.{name}"
        connection.execute(f"{put} FROM part_of_county.main.{name}")
        connection.execute(f"DROP TABLE part_of_county.main.{name}")


@cache
def _of_part() -> tuple[str, ...]:
    """What runs in each part: macros of the steps before, and the steps that go by parts, but for what they drop."""
    macros = [sql for name, sql in statements() if name < _FIRST and " MACRO " in _head(sql)]
    # Their tables stand in the part's database, where whoever puts them together can see them.
    kept = [sql for sql in _by_parts() if not _head(sql).startswith("DROP ")]
    return (*macros, *(sql.replace(_TEMPORARY, "CREATE OR REPLACE TABLE ") for sql in kept))


def _by_parts() -> Iterator[str]:
    """The statements of the steps that go by parts."""
    for name, sql in statements():
        if _FIRST <= name < _WHOLE_AGAIN and not name.startswith(_OF_ALL):
            yield sql


@cache
def _after() -> tuple[str, ...]:
    """What makes the model whole: all statements from step 40 on."""
    return tuple(sql for name, sql in statements() if name >= _FIRST)


def _head(sql: str) -> str:
    """The first line of a statement that is no comment."""
    return next((line for line in sql.splitlines() if line.strip() and not line.startswith("--")), "")
