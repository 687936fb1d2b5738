"""SQL statements of `queries/coverage/` and `queries/delivery/steps/`, read once by name."""

from __future__ import annotations

from analyser.system.resources import query


def statement(name: str) -> str:
    """The SQL of `queries/coverage/NAME.sql`."""
    return query("coverage", name)


def step(name: str) -> str:
    """The SQL of `queries/delivery/steps/NAME.sql`."""
    return query("delivery/steps", name)
