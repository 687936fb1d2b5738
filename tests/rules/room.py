"""Runs single rules, ours or a test's own, over a model built from whatever a test put into the store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from analyser.coverage.model import Model, Request
from analyser.coverage.result import Period
from analyser.rules.catalogue import Rule, read_rule
from analyser.rules.policy import policies
from analyser.rules.run import Outcome, judge, measure
from analyser.rules.sandbox import furnish, shut
from analyser.store.database import connect_memory

ORGANISER = "1.2.246.10.99999901.10.0"
QUARTER = Period("2025Q1", dt.date(2025, 1, 1), dt.date(2025, 3, 31))


def outcomes(
    connection: duckdb.DuckDBPyConnection,
    rules: Sequence[Rule],
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    request: Request | None = None,
    seconds: float = 20,
) -> list[Outcome]:
    """What the rules end as, in the closed room that `check` runs them in."""
    asked = request or Request(QUARTER, organisers=(ORGANISER,))
    chosen = policies(rules, settings or {})
    furnish(Model.build(connection, asked))
    shut(connection)
    measured = measure(connection, chosen, asked.period, seconds)
    return [judge(policy, counted) for policy, counted in zip(chosen, measured, strict=True)]


def outcome_of(folder: Path, text: str, name: str = "X01-own", seconds: float = 20, *, apart: bool = False) -> Outcome:
    """What a rule file of a test ends as, over an empty county with one identifier in it; `apart`: in a process of its
    own, as a user's rules are run."""
    path = folder / f"{name}.sql"
    path.write_text(text, encoding="utf-8")
    with connect_memory() as connection:
        connection.execute("INSERT INTO person_identity VALUES ('k', '1.2.246.21', '010190-900P', DATE '1990-01-01')")
        return outcomes(connection, [replace(read_rule(path), own=apart)], seconds=seconds)[0]
