"""What was delivered before, and where every row stands now: archived, delivered, changed, double, to be withdrawn.

All of it is SQL over the model (`queries/delivery/steps/`). The functions need a connection in which the model
of the period stands (`coverage.model.build_model`) and `recall` has run; none of them writes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import duckdb
import pyarrow as pa

from analyser.coverage.result import CountedDeliveries, Sources, TwoSources
from analyser.coverage.statements import step


class DeliveryStatus(StrEnum):
    """Where a row stands between the register, the archive and the deliveries."""

    ARCHIVED = "archived"
    """In Kanta, never delivered."""
    NEW = "new"
    """Lacking in Kanta and not delivered yet."""
    DELIVERED = "delivered"
    """Lacking in Kanta and delivered as it stands now."""
    CHANGED = "changed"
    """Lacking in Kanta and delivered, but otherwise: needs a correction."""
    DOUBLE = "double"
    """Delivered, and in Kanta since."""
    WITHDRAWN = "withdrawn"
    """Delivered, and no longer a row of the register's period: to be withdrawn."""
    REFUSED = "refused"
    """Delivered, and its row cannot be read now: neither withdrawn nor delivered again, until it is read."""
    UNDETERMINED = "undetermined"
    """A person decides; never delivered silently."""
    EXCLUDED = "excluded"
    """Not of the register, never delivered."""


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


def recall(connection: duckdb.DuckDBPyConnection) -> None:
    """Build the memory: the view `delivery_status` and what it rests on."""
    for name in ("10-candidates", "20-memory", "30-status"):
        connection.execute(step(name))


def statuses(connection: duckdb.DuckDBPyConnection) -> Mapping[tuple[str, DeliveryStatus], int]:
    """Rows by part (episodes, services) and status."""
    found = connection.execute(step("statuses")).fetchall()
    return {(part, DeliveryStatus(status)): rows for part, status, rows in found}


def status_rows(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Each row with its status and what differs from its delivery, without identifiers."""
    return connection.execute(step("status-rows")).to_arrow_table()


def two_sources(connection: duckdb.DuckDBPyConnection) -> TwoSources:
    """Coverage by Kanta, by separate delivery, by both and by neither, for each layer and service task."""
    known = deliveries(connection)
    sent = sum(one.sent_at is not None for one in known)
    return TwoSources(
        counted=CountedDeliveries.of(len(known), sent),
        written=len(known),
        sent=sent,
        cells=tuple(Sources(*row) for row in connection.execute(step("two-sources")).fetchall()),
    )


def deliveries(connection: duckdb.DuckDBPyConnection) -> tuple[WrittenDelivery, ...]:
    """The deliveries written for the period, oldest first."""
    return tuple(WrittenDelivery(*row) for row in connection.execute(step("deliveries")).fetchall())
