"""What a period looked like when it was asked about, to be remembered: figures and rows of the ledger.

Reading and remembering are two steps. Commands that ask open the database for reading, so that several may ask at once;
`seen` tells there what is worth remembering, and `store.remember` writes it when the database is free.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import duckdb

from analyser.coverage.model import Request, succession_of, told_of
from analyser.coverage.result import Period
from analyser.coverage.statements import step
from analyser.store.arrow import arrow_table
from analyser.store.first_row import first_row
from analyser.store.remember import Seen
from analyser.succession import Link
from analyser.system.resources import query


@dataclass(frozen=True, slots=True)
class Run:
    """One remembered state of a period's ledger."""

    number: int
    seen_at: dt.datetime
    """UTC."""
    rows: int
    undetermined: int
    archived: int
    partial: int
    missing: int

    @property
    def open(self) -> int:
        """Rows that are still to be dealt with: missing, partial, or to be decided."""
        return self.missing + self.partial + self.undetermined


_BATCH = 122_880
"""Rows of a batch: a row group of DuckDB, so that it can write several at once."""


def seen(connection: duckdb.DuckDBPyConnection, request: Request) -> Seen | None:
    """The ledger that stands in `connection` or was told of there, if it differs from what was last remembered of its
    period.

    None as well when the question was about the past (`as_of`), and when the period has no rows or no ledger stands.
    """
    period = request.period
    standing = (
        "SELECT 1 FROM duckdb_tables() WHERE table_name = 'ledger_row' AND temporary "
        "UNION ALL SELECT 1 FROM duckdb_views() WHERE view_name = 'ledger_row' AND temporary"  # of a kept model
    )
    told = told_of(connection, request)
    if told is None and first_row(connection.execute(standing)) is None:
        return None
    sql = query("memory", "figures")
    figures = first_row(connection.execute(sql)) if told is None else told.answer(sql)[0]
    if request.as_of is not None or figures is None or not figures[1]:
        return None
    days = {"period_start": period.start, "period_end": period.end}
    newest = first_row(connection.execute(query("memory", "newest"), days))
    if newest is not None and newest[1] == figures[0]:
        return None
    if told is not None:
        connection = told.connection  # there it stands
    changed = arrow_table(connection, query("memory", "rows"), days, _BATCH)
    gone = arrow_table(connection, query("memory", "gone"), days)
    return Seen(
        period=period.id,
        start=period.start,
        end=period.end,
        ledger=figures[0],
        figures=dict(
            zip(
                ("rows", "excluded", "undetermined", "archived", "partial", "missing", "archived_only"),
                figures[1:],
                strict=True,
            )
        ),
        after=None if newest is None else newest[0],
        changed=changed,
        gone=gone,
    )


def runs(connection: duckdb.DuckDBPyConnection, period: Period) -> tuple[Run, ...]:
    """The remembered states of a period, oldest first."""
    found = connection.execute(
        query("memory", "runs"), {"period_start": period.start, "period_end": period.end}
    ).fetchall()
    return tuple(Run(*row) for row in found)


def unsent(connection: duckdb.DuckDBPyConnection, period: Period, links: tuple[Link, ...] = ()) -> int | None:
    """Rows that lack in the state remembered last and were not sent as they stand there; None before anything was.

    `links`: who came after whom, by the settings.
    """
    after = succession_of(connection, links, period.end)
    connection.execute(step("05-periods"))
    row = first_row(
        connection.execute(
            query("memory", "unsent"),
            {
                "period": period.id,
                "period_start": period.start,
                "period_end": period.end,
                "kinds": after["kinds"],
                "olds": after["olds"],
                "news": after["news"],
            },
        )
    )
    return None if row is None else row[0]
