"""From which of its two sources, Kanta and separate delivery, the follow-up register gets its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from analyser.coverage.shares import share


class CountedDeliveries(StrEnum):
    """Which deliveries of the period the memory counts."""

    NONE = "none"
    """None was written."""
    WRITTEN = "written"
    """None is marked as sent: all that were written."""
    SENT = "sent"
    """Those marked as sent."""

    @classmethod
    def of(cls, written: int, sent: int) -> CountedDeliveries:
        """What counts when `written` deliveries were written and `sent` of them are marked."""
        return cls.SENT if sent else cls.WRITTEN if written else cls.NONE


@dataclass(frozen=True, slots=True)
class Sources:
    """From which of its two sources the follow-up register gets the rows of a service task."""

    layer: str
    service_task: str | None
    rows: int
    kanta: int
    """Archived, never delivered."""
    both: int
    """Archived, and delivered as well."""
    delivery: int
    """Delivered as the row stands now."""
    neither: int
    """Lacking in Kanta, and not delivered or delivered otherwise."""
    undetermined: int

    @property
    def share_known(self) -> float | None:
        """Rows that at least one source brings, of the rows that are decided."""
        return share(self.kanta + self.both + self.delivery, self.rows - self.undetermined)


@dataclass(frozen=True, slots=True)
class TwoSources:
    """The follow-up register is formed from Kanta and from separate deliveries: what each of them brings."""

    counted: CountedDeliveries
    written: int
    """Deliveries written for the period."""
    sent: int
    """Those of them that are marked as sent."""
    cells: tuple[Sources, ...]
    sent_on: dt.date | None = None
    """The day on which the last of them was sent, in Finland."""
    standing: Mapping[str, int] = field(default_factory=dict)
    """Episodes by where they stand to the deliveries (`delivered.DeliveryStatus`)."""

    @property
    def waiting(self) -> int:
        """Episodes that a correction would tell of."""
        return sum(self.standing.get(status, 0) for status in ("new", "changed", "withdrawn"))

    @property
    def settled(self) -> bool:
        """Whether all that lacks was sent as it stands, and nothing is left for a person to decide."""
        return self.sent > 0 and not self.waiting and not any(cell.undetermined for cell in self.cells)
