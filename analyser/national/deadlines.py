"""Since when documents of a service task must be archived in Kanta: the statute's table, in every version of it.

`schemas/deadlines/archiving_deadlines.json` holds it, with the day up to which it was checked. Nothing here decides
anything about a register row: it tells beside it what the law asks.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from analyser.messages.catalogue import day, text
from analyser.system.resources import schemas

_JOINING = "from_joining"


@dataclass(frozen=True, slots=True)
class Duty:
    """When the duty to archive a service task's documents begins."""

    since: dt.date
    from_joining: bool
    """It begins when the organisation joins, and `since` is the last day for that."""
    law: str

    def told(self, lang: str) -> str:
        """In words."""
        return text(
            lang, "calendar.duty.joining" if self.from_joining else "calendar.duty.day", day=day(lang, self.since)
        )


@dataclass(frozen=True, slots=True)
class Regime:
    """One version of the statute."""

    law: str
    first: dt.date
    last: dt.date | None
    """Last day in force; None: still in force when the table was checked."""
    duties: tuple[tuple[str, Duty], ...]
    """By the service task's key."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The whole table."""

    checked_until: dt.date
    patient_data: dt.date
    """From when patient data recorded in social care go to the patient register."""
    regimes: tuple[Regime, ...]
    """Oldest first."""


@cache
def deadlines() -> Deadlines:
    """The table, as it ships."""
    told = json.loads(schemas("deadlines", "archiving_deadlines.json").read_text(encoding="utf-8"))
    return Deadlines(
        dt.date.fromisoformat(told["checked_until"]),
        dt.date.fromisoformat(told["patient_data_of_social_care"]),
        tuple(sorted(map(_regime, told["regimes"]), key=lambda regime: regime.first)),
    )


def _regime(told: dict[str, Any]) -> Regime:
    """Of what a statute says of public and of private services, what it says of public ones: they organise."""
    joining = dt.date.fromisoformat(told.get("join_public") or told["join_all_providers"])
    duties = {
        key: Duty(joining if since == _JOINING else dt.date.fromisoformat(since), since == _JOINING, told["law"])
        for key, since in (told.get("docs") or told["public_docs"]).items()
    }
    last = told.get("in_force_to")
    return Regime(
        told["law"],
        dt.date.fromisoformat(told["in_force_from"]),
        dt.date.fromisoformat(last) if last else None,
        tuple(duties.items()),
    )


def in_force(on: dt.date) -> Regime | None:
    """The version of the statute on a day; None before the first."""
    return next((regime for regime in reversed(deadlines().regimes) if regime.first <= on), None)


def duty(key: str | None, on: dt.date) -> Duty | None:
    """The duty to archive documents of the service task with this key, by the statute in force on a day."""
    regime = in_force(on)
    return dict(regime.duties).get(key) if regime and key else None
