"""One person's part of the county: the ids, days and documents that stories put together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from analyser.coverage.result import Layer
from analyser.synth.contents import Block, Client, Content, Span, Style
from analyser.synth.contents import case as case_content
from analyser.synth.contents import relationship as relationship_content
from analyser.synth.county import (
    CASE,
    COUNTY_ARC,
    ORGANISER,
    RELATIONSHIP,
    Definition,
    Quarter,
    Task,
)
from analyser.synth.envelope import Body, Document, Request
from analyser.synth.people import Person, person
from analyser.synth.truth import Days, Row


@dataclass(frozen=True, slots=True)
class Frame:
    """A transfer frame of its own: one that voids, or one whose document is not there."""

    document: Document
    request: Request
    at: dt.datetime
    orphan: bool = False


@dataclass(frozen=True, slots=True)
class ArchivedOnly:
    """An archived episode that the register lacks."""

    layer: Layer
    task: str
    days: Days
    documents: tuple[str, ...]


@dataclass(slots=True)
class Story:
    """What one person adds to the county. Register rows are dictionaries of the contract's columns."""

    documents: list[Document] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    files: list[tuple[str, bytes, str]] = field(default_factory=list)
    """Other files: name, bytes, the quarantine code they end with."""
    episodes: list[dict[str, str]] = field(default_factory=list)
    services: list[dict[str, str]] = field(default_factory=list)
    identities: list[dict[str, str]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    archived_only: list[ArchivedOnly] = field(default_factory=list)
    late: bool = False
    """Its documents were stored after the as-of date of the truth."""


@dataclass(slots=True)
class Scene:
    """Makes ids, days and documents for one person. Deterministic in (seed, index)."""

    index: int
    seed: int
    quarters: Sequence[Quarter]
    rng: Random
    style: Style
    story: Story = field(default_factory=Story)
    _serial: int = 0
    _persons: int = 0

    @property
    def main(self) -> Quarter:
        """The period that the county is made for."""
        return self.quarters[2]

    def person(self, band: str) -> Person:
        """Another person; four at most."""
        self._persons += 1
        return person(self.index * 4 + self._persons - 1, self.seed, band, self.rng)

    def oid(self, year: int) -> str:
        """An OID of a document, client relationship or case."""
        self._serial += 1
        return f"{COUNTY_ARC}.95.{year}.{self.index + 1}.{self._serial}"

    def day(self, first: dt.date, last: dt.date) -> dt.date:
        """A day between two days, both included."""
        return first + dt.timedelta(days=self.rng.randrange((last - first).days + 1))

    def before(self) -> dt.date:
        """A start before the main period, so that the row spans several quarters."""
        return self.day(
            self.quarters[0].start - dt.timedelta(days=300), self.main.start - dt.timedelta(days=20)
        )

    def at(self, day: dt.date) -> dt.datetime:
        """A moment of office hours on the day."""
        clock = dt.time(self.rng.randrange(8, 16), self.rng.randrange(60), self.rng.randrange(60))
        return dt.datetime.combine(day, clock)

    def add(
        self,
        definition: Definition,
        clients: Sequence[Client],
        task: Task,
        day: dt.date,
        content: Content,
        *,
        standing: str = "current",
        previous: Document | None = None,
        skip_version: bool = False,
        sent: dt.datetime | None = None,
        framed: bool = True,
        **more: Any,
    ) -> Document:
        """Add a document authored on `day`, as the next version of `previous` when that is given."""
        oid = self.oid(day.year)
        authored = self.at(day)
        version, replaces = 1, None
        if previous is not None:
            version = previous.version + (2 if skip_version else 1)
            replaces = (self.oid(day.year) if skip_version else previous.oid, version - 1)
        document = Document(
            oid=oid,
            set_id=previous.set_id if previous else oid,
            version=version,
            group={RELATIONSHIP.root: "1", CASE.root: "2"}.get(definition.root, "5"),
            definition=definition,
            clients=tuple(clients),
            task=task,
            content=content,
            authored=authored,
            sent=(sent or authored + dt.timedelta(seconds=self.rng.randrange(2, 90))) if framed else None,
            standing=standing,
            replaces=replaces,
            **{"unit": task.unit} | more,
        )
        self.story.documents.append(document)
        return document

    def relationship(
        self,
        client: Client,
        task: Task,
        start: dt.date,
        end: dt.date | None,
        blocks: Sequence[Block],
        *,
        on: dt.date | None = None,
        standing: str = "current",
        body: Body = Body.JSON,
        previous: Document | None = None,
        content: dict[str, Any] | None = None,
        **more: Any,
    ) -> Document:
        """Add a client-relationship document, authored on `on` (else its start)."""
        day = on or start
        number = previous.relationship if previous else self.oid(start.year)
        organiser = {"organiser": more["organiser"]} if "organiser" in more else {}
        told = relationship_content(
            client,
            self.style,
            number,
            start.isoformat(),
            end.isoformat() if end else None,
            blocks,
            **(content or {}) | organiser,
        )
        return self.add(
            RELATIONSHIP,
            [client],
            task,
            day,
            told,
            standing=standing,
            body=body,
            relationship=number,
            previous=previous,
            **more,
        )

    def case(
        self,
        clients: Sequence[Client],
        task: Task,
        opened: dt.date,
        closed: dt.date | None = None,
        **more: Any,
    ) -> Document:
        """Add a case document of the service task, authored on its opening."""
        number = self.oid(opened.year)
        told = case_content(
            clients, self.style, number, task, opened.isoformat(), closed.isoformat() if closed else None
        )
        return self.add(CASE, clients, task, opened, told, case=number, **more)

    def row(
        self,
        someone: Person,
        task: Task,
        start: dt.date,
        end: dt.date | None,
        *,
        layer: Layer = Layer.SERVICE_TASK,
        identifier: tuple[str, str] | None = None,
        organiser: str = ORGANISER,
        unit: str | None = None,
        producer: str = "",
        written: str | None = None,
        **known: Any,
    ) -> Row:
        """Add a register episode; `known` is what the story knows of its days (fields of `truth.Row`)."""
        number = len(self.story.episodes) + 1
        source_id = f"R{self.index + 1:06}-{number}"
        root, value = identifier or someone.identity
        if written is None:
            written = self.rng.choice(
                (task.code, task.code, task.name) if task.code else (task.key, task.name)
            )
        self.story.episodes.append(
            {
                "source_id": source_id,
                "person_id": value,
                "person_id_root": root if root != someone.identity[0] else "",
                "layer": layer.value,
                "service_task": "" if layer is Layer.CHILD_PROTECTION else written,
                "start": start.isoformat(),
                "end": end.isoformat() if end else "",
                "organiser": organiser,
                "unit": unit if unit is not None else task.unit[0],
                "producer": producer,
                "municipality": someone.municipality[0],
                "birth_date": someone.birth.isoformat(),
            }
        )
        row = Row(source_id, layer, task.result_name, start, end, **known)
        self.story.rows.append(row)
        return row

    def service(
        self,
        someone: Person,
        kind: str,
        task: Task,
        start: dt.date,
        end: dt.date | None,
        decided: dt.date | None,
    ) -> None:
        """Add a row of the supplementary register of services."""
        number = len(self.story.services) + 1
        self.story.services.append(
            {
                "source_id": f"S{self.index + 1:06}-{number}",
                "person_id": someone.henkilotunnus,
                "person_id_root": "",
                "kind": kind,
                "service_task": task.code or task.key,
                "social_service": task.service[0],
                "decided": decided.isoformat() if decided else "",
                "start": start.isoformat(),
                "end": end.isoformat() if end else "",
                "organiser": ORGANISER,
            }
        )


def block(task: Task, start: dt.date, end: dt.date | None, unit: tuple[str, str] | None = None) -> Block:
    """A service-task block with one period at the task's unit (or another)."""
    span = Span(unit or task.unit, start.isoformat(), end.isoformat() if end else None)
    return Block(task, (span,))
