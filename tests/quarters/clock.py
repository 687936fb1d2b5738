"""The clock of a simulated county: the commands of this process see the day that the story is at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from unittest.mock import patch


class _Any(type):
    """Every moment is one of the class, whoever made it."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, dt.datetime)


@contextmanager
def clock(day: dt.date) -> Iterator[None]:
    """It is noon of the day, in UTC, for as long as the context lasts."""
    noon = dt.datetime.combine(day, dt.time(12), dt.UTC)

    class Clock(dt.datetime, metaclass=_Any):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return noon.astimezone(tz) if tz is not None else noon.replace(tzinfo=None)

    told = ModuleType("datetime")
    told.__dict__.update(dt.__dict__)
    told.__dict__["datetime"] = Clock
    with patch("analyser.national.dates.dt", told), patch("analyser.cli.session.dt", told):
        yield
