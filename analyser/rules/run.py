"""Runs rules against a model that stands: read-only, with a time limit, one status a rule, never absent."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import duckdb

from analyser.rules.catalogue import COLUMNS, Rule


class Status(StrEnum):
    """How a rule ends for a period."""

    PASSED = "passed"
    """It looked at something and found nothing wrong."""
    FAILED = "failed"
    """It found rows."""
    NOT_APPLICABLE = "not-applicable"
    """There was nothing to look at."""
    ERROR = "error"
    """It could not be run."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A rule's end: its status and reason, the failing rows, and of how many."""

    rule: Rule
    status: Status
    reason: str
    of: int
    rows: tuple[tuple[str | None, ...], ...] = ()
    """Failing rows with the columns of the protocol, sorted."""


def run_rules(connection: duckdb.DuckDBPyConnection, rules: Sequence[Rule], seconds: float) -> list[Outcome]:
    """Run the rules one after another; none can stop the others."""
    restricted = {key for (key,) in connection.execute("SELECT person_key FROM restricted_person").fetchall()}
    return [_run(connection, rule, seconds, restricted) for rule in rules]


def _run(connection: duckdb.DuckDBPyConnection, rule: Rule, seconds: float, restricted: set[str]) -> Outcome:
    if rule.broken is not None:
        return Outcome(rule, Status.ERROR, rule.broken, 0)
    problem = _objection(connection, rule.sql) or _objection(connection, rule.of_sql)
    if problem is not None:
        return Outcome(rule, Status.ERROR, problem, 0)
    timer = threading.Timer(seconds, connection.interrupt)
    timer.start()
    try:
        (of,) = connection.execute(rule.of_sql).fetchone() or (0,)
        cursor = connection.execute(rule.sql)
        columns = tuple(column[0] for column in cursor.description or ())
        if columns != COLUMNS:
            return Outcome(rule, Status.ERROR, f"returns the columns {', '.join(columns)}, not {', '.join(COLUMNS)}", 0)
        rows = cursor.fetchall()
    except duckdb.InterruptException:
        return Outcome(rule, Status.ERROR, f"ran longer than {seconds:g} seconds (setting rule_time_limit)", 0)
    except duckdb.Error as error:
        return Outcome(rule, Status.ERROR, f"the database refused it: {type(error).__name__}", 0)
    finally:
        timer.cancel()
    shown = sorted((_shown(row, restricted) for row in rows), key=lambda row: tuple(value or "" for value in row))
    if shown:
        return Outcome(rule, Status.FAILED, "", max(of, len(shown)), tuple(shown))
    if not of:
        return Outcome(rule, Status.NOT_APPLICABLE, "nothing to look at", 0)
    return Outcome(rule, Status.PASSED, "", of)


def _shown(row: tuple[Any, ...], restricted: set[str]) -> tuple[str | None, ...]:
    """Where a safety-restricted person lives is not told."""
    texts = [None if value is None else str(value) for value in row]
    if texts[1] in restricted:
        texts[3] = None
    return tuple(texts)


def _objection(connection: duckdb.DuckDBPyConnection, sql: str) -> str | None:
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error:
        return "is not SQL that the database understands"
    if len(statements) != 1:
        return f"must be one statement, is {len(statements)}"
    if statements[0].type != duckdb.StatementType.SELECT:
        return "must be a SELECT: rules read and never write"
    return None
