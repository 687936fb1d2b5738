"""Keeps what a period looked like when it was asked about: figures as they are, rows as changes to the run before."""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pyarrow as pa

from analyser.messages.errors import UsageError
from analyser.store.database import Database, DatabaseInUseError, execute_all, open_database
from analyser.store.first_row import first_number, first_row
from analyser.store.tables import batch_views
from analyser.store.transaction import transaction
from analyser.system.resources import query


@dataclass(frozen=True, slots=True)
class Seen:
    """The ledger of a period as it was seen."""

    period: str
    start: dt.date
    end: dt.date
    ledger: str
    """Fingerprint of the rows."""
    figures: Mapping[str, int]
    """Rows and the five classes."""
    after: int | None
    """Number of the run of the period that was remembered last."""
    changed: pa.Table
    """Rows that are not the same in that run: columns of `remembered_row` that are a row's own."""
    gone: pa.Table
    """`source_id` of the rows of that run that are no more."""


class NotKept(StrEnum):
    """Why a state is not remembered, where nothing is wrong: whoever asks next of the same state remembers it."""

    BUSY = "busy"
    """Another process has the database, or was first."""
    PROTECTED = "protected"
    """Whoever asks may not write it."""


def remember(path: Path, seen: Seen, now: dt.datetime) -> NotKept | None:
    """Keep it in the database at `path`, if that may be written now; else why it is not kept.

    Raises UsageError when something is wrong with the database, the disk or the memory.
    """
    try:
        with open_database(path, write=True, patience=0, unchanged=True) as database:
            return None if keep(database, seen, now) is not None else NotKept.BUSY
    except DatabaseInUseError:
        return NotKept.BUSY
    except UsageError:
        if os.access(path, os.W_OK) and path.stat().st_mode & stat.S_IWUSR:
            raise
        return NotKept.PROTECTED


def keep(database: Database, seen: Seen, now: dt.datetime) -> int | None:
    """Keep it as the newest run of its period, in one transaction; returns the number of the run in which it stands.

    None when another state was remembered since it was seen: the changes are not those to the newest run.
    """
    connection = database.connection
    period = {"period_start": seen.start, "period_end": seen.end}
    newest = first_row(connection.execute(query("memory", "newest"), period))
    if newest is not None and newest[1] == seen.ledger:  # another process was first
        return int(newest[0])
    if (None if newest is None else newest[0]) != seen.after:
        return None
    with batch_views(connection, {"changed": seen.changed, "gone": seen.gone}), transaction(connection):
        number = first_number(
            connection.execute(
                query("memory", "remember-run"),
                {"period": seen.period, "seen_at": now, "ledger": seen.ledger, **period, **seen.figures},
            )
        )
        execute_all(connection, query("memory", "remember-rows"), {"number": number, **period})
    return number


def keep_state(database: Database, delivery: int, start: dt.date, end: dt.date) -> None:
    """Keep from which remembered state of its period a delivery was made: the one remembered last."""
    newest = first_row(
        database.connection.execute(query("memory", "newest"), {"period_start": start, "period_end": end})
    )
    if newest is not None:
        database.connection.execute(
            "UPDATE delivery SET run = $run WHERE number = $number", {"run": newest[0], "number": delivery}
        )
