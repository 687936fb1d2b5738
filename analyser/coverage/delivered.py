"""What was delivered before, and where every row stands now: archived, delivered, changed, double, to be withdrawn.

All of it is SQL over the model (`queries/delivery/steps/`); none of it writes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import duckdb
import pyarrow as pa

from analyser.coverage.model import Model
from analyser.coverage.statements import step
from analyser.coverage.two_sources import CountedDeliveries, Sources, TwoSources
from analyser.national.dates import FINLAND
from analyser.store.arrow import arrow_table


class DeliveryStatus(StrEnum):
    """Where a row stands between the register, the archive and the deliveries."""

    ARCHIVED = "archived"
    """In Kanta, never delivered."""
    NEW = "new"
    """Lacking in Kanta and not delivered yet."""
    DELIVERED = "delivered"
    """Lacking in Kanta and delivered as it stands now."""
    RENAMED = "renamed"
    """Lacking in Kanta and delivered as it stands, but the register calls the row otherwise now: no correction."""
    ENDED_SINCE = "ended-since"
    """Lacking in Kanta and delivered, only its end is another now, and both lie after the period: no correction."""
    CHANGED = "changed"
    """Lacking in Kanta and delivered, but otherwise: needs a correction."""
    DOUBLE = "double"
    """Delivered, and in Kanta since."""
    DOUBLE_DIFFERS = "double-differs"
    """Delivered, and in Kanta since, but not as it was delivered; a setting says whether that is corrected."""
    WITHDRAWN = "withdrawn"
    """Delivered, and no longer a row of the register's period: to be withdrawn."""
    REFUSED = "refused"
    """Delivered, and its row cannot be read now: neither withdrawn nor delivered again, until it is read."""
    FORGOTTEN = "forgotten"
    """Delivered, and the person was forgotten since: neither withdrawn nor corrected, the receiver has it."""
    UNDETERMINED = "undetermined"
    """A person decides; never delivered silently."""
    EXCLUDED = "excluded"
    """Not of the register, never delivered."""


TOLD_OF_DELIVERIES = tuple(
    status
    for status in DeliveryStatus
    if status not in (DeliveryStatus.ARCHIVED, DeliveryStatus.UNDETERMINED, DeliveryStatus.EXCLUDED)
)
"""What a report tells of the episodes beside the two sources."""


@dataclass(frozen=True, slots=True)
class WrittenDelivery:
    """One delivery of the period; in their order they are the burn-down."""

    number: int
    written_at: dt.datetime
    sent_at: dt.datetime | None
    profile: str
    corrections: bool
    rows: int
    missing: int
    """Missing rows of the ledger at that moment."""
    partial: int
    counts: bool
    """Whether the memory counts it: it is marked as sent, or none of the period is."""
    adopted_at: dt.datetime | None = None
    """UTC; None when this database wrote it."""
    sent_on: dt.date | None = None
    """By the receipt; None without one."""
    receipt: str | None = None
    """The receiver's own number."""
    accepted: int | None = None
    """Rows that the receiver took, by its receipt."""
    refused: int | None = None
    """Rows that it did not take."""
    note: str | None = None
    returned: int = 0
    """Rows that it did not take and that are known by name: they count as not delivered."""

    @property
    def sent_day(self) -> dt.date | None:
        """The day on which it was sent in Finland: that of the receipt, else that of the mark."""
        if self.sent_at is None:
            return None
        return self.sent_on or self.sent_at.replace(tzinfo=dt.UTC).astimezone(FINLAND).date()


@dataclass(frozen=True, slots=True)
class Recalled:
    """The memory of what was delivered of a model's period, beside the model. Made by `recall`."""

    model: Model

    def deliveries(self) -> tuple[WrittenDelivery, ...]:
        """The deliveries written for the period, oldest first."""
        return tuple(WrittenDelivery(*row) for row in self._all("deliveries"))

    def statuses(self) -> Mapping[tuple[str, DeliveryStatus], int]:
        """Rows by part (episodes, services) and status."""
        return {(part, DeliveryStatus(status)): rows for part, status, rows in self._all("statuses")}

    def rows(self) -> pa.Table:
        """Each row with its status and what differs from its delivery, without identifiers."""
        if self.model.answers is not None:
            self.model.prepare(_memory)
        return arrow_table(self.model.connection, step("status-rows"))

    def two_sources(self) -> TwoSources:
        """Coverage by Kanta, by separate delivery, by both and by neither, for each layer and service task."""
        known = self.deliveries()
        sent = sum(one.sent_at is not None for one in known)
        episodes = {status: rows for (part, status), rows in self.statuses().items() if part == "episodes"}
        return TwoSources(
            counted=CountedDeliveries.of(len(known), sent),
            written=len(known),
            sent=sent,
            sent_on=max((one.sent_day for one in known if one.sent_day is not None), default=None),
            standing={status.value: episodes.get(status, 0) for status in TOLD_OF_DELIVERIES},
            cells=tuple(Sources(*row) for row in self._all("two-sources")),
        )

    def _all(self, name: str) -> list[Any]:
        return self.model.answer(step(name), beside=_memory if self.model.answers is not None else None)


def recall(model: Model) -> Recalled:
    """Build the memory beside the model: the view `delivery_status` and what it rests on. Nothing is written.

    Beside a model with answers it is built when something is asked that was not told before."""
    if model.answers is None:
        _memory(model.connection)
    return Recalled(model)


def _memory(connection: duckdb.DuckDBPyConnection) -> None:
    for name in ("05-periods", "10-candidates", "20-memory", "30-status"):
        connection.execute(step(name))


def periods_delivered(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, dt.date, dt.date]]:
    """Name and days of each period of which something was delivered, as it is called now."""
    connection.execute(step("05-periods"))
    return connection.execute(
        "SELECT DISTINCT period_now, period_now_start, period_now_end FROM delivery_of_period ORDER BY ALL"
    ).fetchall()
