"""What a colleague who takes over has to know: who loaded, read, delivered, sent and closed what, and what waits.

A record of events, so that moments and users are its facts; persons, identifiers and places of the machine are not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analyser.coverage.delivered import DeliveryStatus
from analyser.coverage.result import Period
from analyser.coverage.statements import step
from analyser.delivery.overview import TO_DO, Overview
from analyser.store.audit import trail
from analyser.store.closing import Closing, closings
from analyser.store.database import Database
from analyser.store.quarantine import quarantined
from analyser.store.register_versions import Load, loads
from analyser.system.resources import query


@dataclass(frozen=True, slots=True)
class Reading:
    """One run of `ingest` that came to its end."""

    at: dt.datetime
    """UTC."""
    user: str
    files: int
    new_documents: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class ReadSource:
    """Where documents were read from."""

    source: str
    documents: int
    newest: dt.date | None
    """Day on which the newest of them was stored."""


@dataclass(frozen=True, slots=True)
class ListedKind:
    """A list of the register, as it was loaded last."""

    kind: str
    source: str
    load: int
    loaded_at: dt.datetime
    """UTC."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer of the receiver."""

    number: int
    """Of the delivery."""
    kept_at: dt.datetime
    """UTC."""
    user: str
    sent_on: dt.date
    receipt: str | None
    accepted: int | None
    refused: int | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery, and what became of it."""

    number: int
    period: str
    corrections: bool
    profile: str
    written_at: dt.datetime
    """UTC."""
    written_by: str | None
    adopted_at: dt.datetime | None
    sent_at: dt.datetime | None
    sent_by: str | None
    rows: int
    new: int
    changed: int
    withdrawn: int
    unsent: bool
    """It waits to be sent, or to be marked as sent."""
    refused: int
    """Rows that the receiver did not take, while nothing was sent since."""
    receipts: tuple[Answered, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is to be done about a period."""

    period: Period
    new: int
    """Episodes that Kanta lacks and that were not delivered."""
    changed: int
    withdrawn: int
    undetermined: int
    """Episodes for a person to decide on."""
    refused: int
    """Rows of the register that could not be read."""
    closed: bool

    @property
    def to_deliver(self) -> int:
        """Episodes that a delivery or a correction would tell of."""
        return self.new + self.changed + self.withdrawn

    @property
    def nothing(self) -> bool:
        """Whether nothing of the period waits."""
        return not (self.to_deliver or self.undetermined or self.refused)


@dataclass(frozen=True, slots=True)
class Handover:
    """The whole page."""

    period: Period | None
    """None: all periods."""
    waiting: tuple[Waiting, ...]
    quarantined: int
    """Documents and frames that could not be used."""
    loads: tuple[Load, ...]
    lists: tuple[ListedKind, ...]
    readings: tuple[Reading, ...]
    sources: tuple[ReadSource, ...]
    deliveries: tuple[Delivered, ...]
    closings: tuple[Closing, ...]


def waiting_of(standing: Overview, refused: int, closed: Sequence[Closing]) -> Waiting:
    """What waits of a period whose rows stand so. `refused`: rows of the register that could not be read."""
    period = standing.period
    new, changed, withdrawn = (standing.rows(status) for status in TO_DO)
    return Waiting(
        period=period,
        new=new,
        changed=changed,
        withdrawn=withdrawn,
        undetermined=standing.rows(DeliveryStatus.UNDETERMINED),
        refused=refused,
        closed=any(one.period == period.id or (one.start, one.end) == (period.start, period.end) for one in closed),
    )


def handover(database: Database, period: Period | None, waiting: Sequence[Waiting]) -> Handover:
    """Everything that was done with the database; deliveries and closings of the period alone where there is one."""
    connection = database.connection
    connection.execute(query("model", "07-copies"))
    asked = (period.id, (period.start, period.end)) if period is not None else (None, None)
    return Handover(
        period=period,
        waiting=tuple(waiting),
        quarantined=quarantined(database),
        loads=tuple(loads(connection)),
        lists=tuple(ListedKind(*row) for row in connection.execute(query("handover", "lists")).fetchall()),
        readings=_readings(database),
        sources=tuple(ReadSource(*row) for row in connection.execute(query("handover", "sources")).fetchall()),
        deliveries=_deliveries(database, period),
        closings=tuple(closings(connection, *asked)),
    )


def _readings(database: Database) -> tuple[Reading, ...]:
    """From the trail: a reading that was interrupted has no end there, and is gone on with by the next."""
    done = [one for one in trail(database) if one.command == "ingest" and one.detail.get("state") == "done"]
    return tuple(Reading(one.happened_at, one.os_user, *_counts(one.detail)) for one in done)


def _counts(detail: Mapping[str, Any]) -> tuple[int, int, int]:
    return (int(detail.get("files", 0)), int(detail.get("new_documents", 0)), int(detail.get("quarantined", 0)))


def _deliveries(database: Database, period: Period | None) -> tuple[Delivered, ...]:
    connection = database.connection
    connection.execute(step("05-periods"))
    answers: dict[int, list[Answered]] = {}
    for row in connection.execute(query("handover", "receipts")).fetchall():
        answers.setdefault(row[0], []).append(Answered(*row))
    asked = {
        "period": period.id if period else None,
        "period_start": period.start if period else None,
        "period_end": period.end if period else None,
    }
    rows = connection.execute(query("handover", "deliveries"), asked).fetchall()
    return tuple(replace(Delivered(*row), receipts=tuple(answers.get(row[0], ()))) for row in rows)
