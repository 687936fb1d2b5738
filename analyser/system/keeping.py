"""Whether comparisons are kept between questions in this run, how long one must have taken, and who is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

SLOW = 1.0
"""Seconds from which a comparison is worth being kept: keeping takes a third of the time, and taking it up again the
same however small it is."""
MEGABYTE = 1_000_000


def _untold(_key: str, **_values: object) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Keeping:
    """For one run."""

    least_seconds: float = SLOW
    """What takes less is not kept."""
    most_bytes: int = 2_000 * MEGABYTE
    """Of all that is kept beside one database."""
    settings: str = ""
    """All settings in force, as a fingerprint: what was kept under others is not taken up."""
    tell: Callable[..., None] = _untold
    """Takes the key of a text and, by name, what is put into it: for who wants to know."""


_current: list[Keeping] = []


def keep_with(keeping: Keeping | None) -> None:
    """Make this hold for the run; None: nothing is kept, nor taken up. So it is unless somebody says otherwise."""
    _current[:] = [] if keeping is None else [keeping]


def keeping() -> Keeping | None:
    """What holds for the run."""
    return _current[0] if _current else None
