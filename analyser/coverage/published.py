"""Published figures beside own counts, as the report tells them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Plausible(StrEnum):
    """What a published figure says of the own count."""

    NEAR = "near"
    """The two lie no farther apart than the threshold."""
    APART = "apart"
    UNKNOWN_TASK = "unknown-task"
    """Nothing was counted: nobody knows the service task that the figure names."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A published figure of the period, and what was counted here."""

    period: str
    layer: str
    service_task: str | None
    """None: every one."""
    municipality: str | None
    """None: every one."""
    indicator: str
    """clients or episodes."""
    published: int
    own: int | None
    """Of the register's rows of the period that are not excluded; None when nothing could be counted."""
    source: str | None

    @property
    def share(self) -> float | None:
        """By how much the own count is larger, as a share of the published figure."""
        return None if self.own is None or not self.published else round(self.own / self.published - 1, 6)

    def plausible(self, threshold: float) -> Plausible:
        """Whether the own count lies near the published figure."""
        if self.own is None:
            return Plausible.UNKNOWN_TASK
        near = abs(self.own - self.published) <= threshold * self.published
        return Plausible.NEAR if near else Plausible.APART


@dataclass(frozen=True, slots=True)
class References:
    """Published figures beside own counts. They decide nothing."""

    threshold: float
    """Share of a published figure up to which a difference is small."""
    rows: tuple[Reference, ...]
    not_compared: tuple[tuple[str, int], ...]
    """Figures of other periods, by the period as it was written, and how many."""
