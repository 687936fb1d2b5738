"""A made-up person's story while it is told: documents and register rows, and beside them the truth."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from analyser.synth.content import (
    ORGANISER,
    TEMPORARY_ROOT,
    UNITS,
    Block,
    Json,
    case,
    relationship,
    unit_of_client,
)
from analyser.synth.envelope import Draft
from analyser.synth.people import Person, person
from analyser.synth.records import (
    assessment,
    cancelled,
    decision,
    entry,
    family_work,
    meeting,
    placement,
    plan,
    service_started,
)

QUARTER_DAYS = 90
"""Days of the quarter that truth is told of."""


@dataclass(slots=True)
class Story:
    """One person's documents, register rows and truth."""

    person: Person
    drafts: list[Draft] = field(default_factory=list)
    files: list[tuple[str, bytes]] = field(default_factory=list)
    """Other files: name and bytes."""
    rows: list[tuple[str, ...]] = field(default_factory=list)
    """source_id, person_id, root, layer, task, start, end, organiser, unit, municipality, birth date."""
    services: list[tuple[str, ...]] = field(default_factory=list)
    identities: list[tuple[str, ...]] = field(default_factory=list)
    truth: dict[str, tuple[str, list[str], int, int]] = field(default_factory=dict)
    """Class, reasons, expected days, archived days by source_id."""
    archived_only: int = 0
    quarantined: int = 0
    withheld: set[int] = field(default_factory=set)
    """Places of documents that are made up but not archived."""


class Teller:
    """Tells one story: numbers its documents and rows."""

    def __init__(self, number: int, *, child: bool = False, brief: bool = False) -> None:
        """`brief`: a case document without the entries and decisions that go with it."""
        self.brief = brief
        self.story = Story(person(number, child=child))
        self.number = number
        self._documents = 0
        self._rows = 0
        self.started = dt.date(2024, 7, 1) + dt.timedelta(days=number * 13 % 150)
        self.relationship_id = f"1.2.246.10.99999901.95.2024.9{number}.3"

    @property
    def start(self) -> str:
        """When the person became a client."""
        return self.started.isoformat()

    def oid(self) -> str:
        """A new document OID."""
        self._documents += 1
        return f"1.2.246.10.99999901.95.2025.{self.number}.{self._documents}"

    def archive(
        self, *blocks: Block, version: int = 1, of: Draft | None = None, on: str | None = None, **told: object
    ) -> Draft:
        """Archive a client-relationship document; `of`: as a new version of another."""
        moment = on or written_at(self.started + dt.timedelta(days=1))
        oid = self.oid()
        temporary = bool(told.pop("under_temporary", False))
        organiser = str(told.pop("organiser", ORGANISER))
        body = told.pop("body", None)
        empty = bool(told.pop("empty", False))
        sendings: Any = told.pop("sendings", ())
        content = relationship(
            self.story.person,
            blocks,
            relationship_id=self.relationship_id,
            start=self.start,
            national=not temporary,
            temporary=temporary or self.number % 9 == 0,
            organiser=organiser,
            restricted=self.number % 50 == 7,
            **told,  # type: ignore[arg-type]
        )
        draft = Draft(
            oid,
            of.set_id if of else oid,
            version,
            moment,
            [self.story.person],
            None if empty or body else content,
            relationship_id=self.relationship_id,
            organiser=organiser,
            under_temporary=temporary,
            replaces=of.oid if of else None,
            body=str(body) if body else None,
            sendings=sendings,
        )
        self.story.drafts.append(draft)
        return draft

    def case(self, task: str, *others: Person, sendings: Any = ()) -> None:
        """Archive a case document of the task, and the client documents that go with it."""
        oid, person_ = self.oid(), self.story.person
        case_id = f"1.2.246.10.99999901.96.2024.{self.number}"
        opened = written_at(self.started)
        content = case([person_, *others], task, case_id=case_id, opened=self.start)
        self.story.drafts.append(
            Draft(oid, oid, 1, opened, [person_, *others], content, case_id=case_id, sendings=sendings)
        )
        if self.brief:
            return
        for month in (1, 2, 3):
            day = dt.date(2025, month, 2 + self.number % 25)
            self._client_document(self._of_month(task, day), task, written_at(day), case_id)
        self._client_document(service_started(person_, task, start=self.start), task, opened, case_id)
        if task == "24":
            told = decision(person_, task, decided=self.start, start=self.start, positive=self.number % 8 > 0)
            self._client_document(told, task, opened, case_id)
            kind = "decision-positive" if self.number % 8 else "decision-negative"
            source = f"S{self.number}"
            self.story.services.append(
                (source, person_.henkilotunnus, "", kind, task, "45", self.start, self.start, "", ORGANISER)
            )

    def _client_document(self, content: Json, task: str, moment: str, case_id: str) -> None:
        oid = self.oid()
        self.story.drafts.append(Draft(oid, oid, 1, moment, [self.story.person], content, case_id=case_id, task=task))

    def _of_month(self, task: str, day: dt.date) -> Json:
        """What is written of the client in a month: a meeting at first, then one thing or another."""
        number, who, on = self.number, self.story.person, day.isoformat()
        if day.month == 1:
            return meeting(who, task, day)
        if day.month == 2 and number % 3 == 0:
            if task == "24":
                return assessment(who, task, written=on)
            if task == "10" and number % 2:
                return placement(who, decided=on, start=on)
            return decision(who, task, decided=on, start=self.start)
        if day.month == 3 and number % 3 == 1:
            if task == "24" and number % 2:
                return family_work(who, task, written=on, start=self.start)
            return plan(who, task, written=on, start=self.start)
        if day.month == 3 and number % 16 == 8:
            return cancelled(who, task, day)
        return entry(who, task, day)

    def row(
        self, task: str, verdict: str, reasons: list[str], archived: int = 0, *, expected: int = QUARTER_DAYS,
        start: str | None = None, end: str = "", layer: str = "service-task", temporary: bool = False,
    ) -> None:  # fmt: skip
        """A register row and how it ends."""
        self._rows += 1
        source_id = f"R{self.number:06}-{self._rows}"
        who = self.story.person
        identifier = (who.temporary, TEMPORARY_ROOT) if temporary else (who.henkilotunnus, "")
        self.story.rows.append(
            (source_id, *identifier, layer, task, start or self.start, end, ORGANISER,
             UNITS[unit_of_client(self.number)], who.municipality, who.birth_date.isoformat())
        )  # fmt: skip
        if verdict in ("excluded", "undetermined"):
            expected = archived = 0
        self.story.truth[source_id] = (verdict, reasons, expected, archived)


def written_at(day: dt.date) -> str:
    """A time of day in Finland, as documents write it."""
    offset = "+0300" if dt.date(day.year, 4, 1) <= day <= dt.date(day.year, 10, 25) else "+0200"
    return f"{day:%Y%m%d}{9 + day.day % 8:02}0652{offset}"
