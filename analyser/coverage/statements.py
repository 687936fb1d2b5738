"""SQL statements of `queries/coverage/` and `queries/delivery/steps/`, read once by name."""

from __future__ import annotations

from functools import cache

from analyser.system.resources import queries


@cache
def statement(name: str) -> str:
    """The SQL of `queries/coverage/NAME.sql`."""
    return queries("coverage", f"{name}.sql").read_text(encoding="utf-8")


@cache
def step(name: str) -> str:
    """The SQL of `queries/delivery/steps/NAME.sql`."""
    return queries("delivery", "steps", f"{name}.sql").read_text(encoding="utf-8")
