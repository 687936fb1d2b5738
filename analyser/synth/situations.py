"""Situations of a whole county, for the three conditions: a year of documents before the quarter, every service task,
and then one thing that is missing. The story defects are about single persons; these are about a unit, a task, a place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from enum import StrEnum

from analyser.synth.content import Block, Unit
from analyser.synth.envelope import Draft
from analyser.synth.heading import unit_of
from analyser.synth.people import MUNICIPALITIES
from analyser.synth.records import entry
from analyser.synth.story import QUARTER_DAYS, Story, Teller, written_at

_TASKS = ("24", "15", "20", "working_age", "elderly", "10")
_SILENT_UNIT = 1
"""Place of the unit that falls silent."""
_MISSING_TASK = "20"
_MISSING_PLACE = MUNICIPALITIES[-1][0]


class Situation(StrEnum):
    """What the archive of a whole county lacks."""

    CONDITIONS_MET = "conditions-met"
    """Nothing: every month, every task, every municipality."""
    SILENT_UNIT = "silent-unit"
    """One unit archives no client documents after the first month of the quarter."""
    MISSING_TASK = "missing-task"
    """No client-relationship document of disability services."""
    MISSING_MUNICIPALITY = "missing-municipality"
    """No document at all of the clients of one municipality."""


def situated(number: int, situations: Collection[Situation]) -> Story:
    """The story of the person with this number in such a county."""
    task = _TASKS[number % len(_TASKS)]
    teller = Teller(number, child=task == "10")
    teller.started = dt.date(2023, 7, 1) + dt.timedelta(days=number * 13 % 150)
    story = teller.story
    for month in range(1, 13):
        _meet(teller, task, dt.date(2024, month, 2 + number % 25))
    teller.case(task)
    nowhere = Situation.MISSING_MUNICIPALITY in situations and story.person.municipality == _MISSING_PLACE
    unrelated = Situation.MISSING_TASK in situations and task == _MISSING_TASK
    if not unrelated:
        teller.archive(
            Block(task, [Unit(teller.start)]),
            protection=(teller.start, None) if task == "10" else None,
        )
    reasons = ["no-document", "no-case-document"] if nowhere else ["no-client-document"] if unrelated else []
    verdict = "missing" if reasons else "archived"
    archived = 0 if reasons else QUARTER_DAYS
    teller.row(task, verdict, reasons, archived)
    if task == "10":
        teller.row("", verdict, reasons, archived, layer="child-protection")
    story.withheld = {
        place
        for place, draft in enumerate(story.drafts)
        if nowhere or (Situation.SILENT_UNIT in situations and _silent(number, place, draft))
    }
    return story


def _meet(teller: Teller, task: str, day: dt.date) -> None:
    oid = teller.oid()
    person = teller.story.person
    told = entry(person, task, day)
    teller.story.drafts.append(Draft(oid, oid, 1, written_at(day), [person], told, task=task))


def _silent(number: int, place: int, draft: Draft) -> bool:
    root = next(iter(draft.content or {}), "")
    later = draft.moment >= "20250201"
    return (
        later and root not in ("asiakkuusasiakirja", "asia_asiakirja") and unit_of(number * 7 + place) == _SILENT_UNIT
    )
