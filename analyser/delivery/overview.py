"""All periods of which something was delivered, beside each other: what was sent, what was answered, what waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analyser.coverage.delivered import DeliveryStatus, Recalled, WrittenDelivery
from analyser.coverage.result import Period

TO_DO = (DeliveryStatus.NEW, DeliveryStatus.CHANGED, DeliveryStatus.WITHDRAWN)
"""What a correction tells of."""


@dataclass(frozen=True, slots=True)
class Overview:
    """A period with its deliveries."""

    period: Period
    deliveries: tuple[WrittenDelivery, ...]
    statuses: Mapping[tuple[str, DeliveryStatus], int]

    def rows(self, status: DeliveryStatus) -> int:
        """Episodes with that status."""
        return self.statuses.get(("episodes", status), 0)

    @property
    def waiting(self) -> int:
        """Episodes that a delivery or a correction would tell of."""
        return sum(map(self.rows, TO_DO))

    @property
    def sent(self) -> tuple[WrittenDelivery, ...]:
        """Its deliveries that are marked as sent."""
        return tuple(one for one in self.deliveries if one.sent_at is not None)


def standing_of(found: Recalled) -> Overview:
    """The period of the model beside which its deliveries were recalled."""
    return Overview(found.model.period, found.deliveries(), found.statuses())
