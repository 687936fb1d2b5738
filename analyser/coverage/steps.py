"""The steps of the SQL model, as they are read by analysts: files of `queries/model/` in their order."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import duckdb

from analyser.system.resources import queries


@cache
def steps() -> tuple[tuple[str, str], ...]:
    """The model's steps in order: (file name, SQL)."""
    return tuple((path.name, path.read_text(encoding="utf-8")) for path in sorted(queries("model").glob("[0-9]*.sql")))


@cache
def statements() -> tuple[tuple[str, str], ...]:
    """Their statements in order: (file name, SQL)."""
    return tuple((name, one.query) for name, sql in steps() for one in duckdb.extract_statements(sql))


def made_by(sql: str) -> Iterator[tuple[str, bool]]:
    """Names of the tables and views that the SQL makes, and whether each is a view."""
    for line in sql.splitlines():
        if line.startswith(("CREATE OR REPLACE TEMP TABLE ", "CREATE OR REPLACE TEMP VIEW ")):
            words = line.split()
            yield words[5], words[4] == "VIEW"


_SHARE = {
    "10": 13, "15": 4, "20": 1, "30": 4, "35": 10, "40": 10, "45": 7, "50": 10, "60": 3, "70": 9, "80": 16, "90": 4,
    "91": 9, "95": 3,
}  # fmt: skip
"""What the steps take of a model, per cent of processor time, in a synthetic county of 6,000 persons. For telling how
far a comparison is; nothing else rests on it."""


@cache
def weights() -> tuple[float, ...]:
    """How much of a comparison each step is."""
    return tuple(_SHARE.get(name[:2], 0.5) for name, _ in steps())
