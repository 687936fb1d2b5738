"""Persons whose documents and register rows agree: the greater part of every county."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from analyser.coverage.result import Layer
from analyser.synth import contents
from analyser.synth.contents import Block, Client, Span
from analyser.synth.county import (
    CHILD_PROTECTION,
    COLLECTED,
    DISABILITY,
    ELDERLY,
    FAMILIES,
    MEETING,
    SERVICE_ENDED,
    SERVICE_STARTED,
    SUBSTANCE,
    WORKING_AGE,
    Task,
)
from analyser.synth.scene import Scene
from analyser.synth.truth import OPEN

_SHARES = dict(
    zip(
        (FAMILIES, CHILD_PROTECTION, DISABILITY, ELDERLY, WORKING_AGE, SUBSTANCE),
        (25, 12, 15, 28, 14, 6),
        strict=True,
    )
)
_SECOND = {
    FAMILIES: CHILD_PROTECTION,
    CHILD_PROTECTION: FAMILIES,
    DISABILITY: WORKING_AGE,
    WORKING_AGE: SUBSTANCE,
    SUBSTANCE: WORKING_AGE,
}
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Episode:
    """A client's time in a service task; `end` None is open."""

    task: Task
    start: dt.date
    end: dt.date | None


def any_task(scene: Scene) -> Task:
    """One of the collected service tasks, in realistic shares."""
    return scene.rng.choices(COLLECTED, [_SHARES[task] for task in COLLECTED])[0]


def any_episode(scene: Scene, task: Task) -> Episode:
    """An episode that touches the county's quarters and has ended by the last of them, or is open."""
    first, last = scene.quarters[0], scene.quarters[3]
    start = scene.day(first.start - dt.timedelta(days=300), last.start + dt.timedelta(days=40))
    if scene.rng.random() < 0.55:
        return Episode(task, start, None)
    earliest = max(start + dt.timedelta(days=30), first.start + dt.timedelta(days=10))
    return Episode(task, start, scene.day(earliest, last.end - dt.timedelta(days=5)))


def archive(
    scene: Scene, client: Client, episodes: Sequence[Episode], unit: tuple[str, str] | None = None
) -> None:
    """Archive a client relationship with these episodes in one set of documents, newest version complete."""
    ordered = sorted(episodes, key=lambda episode: episode.start)
    first = ordered[0]
    start = first.start
    end = None if any(episode.end is None for episode in ordered) else max(e.end for e in ordered if e.end)
    changes = [episode.start for episode in ordered[1:]] + [e.end for e in ordered if e.end]
    opening = [_block(scene, Episode(first.task, first.start, None), unit, moved=False)]
    protection = next((episode for episode in ordered if episode.task is CHILD_PROTECTION), None)
    at_first = {"protection": (first.start.isoformat(), None)} if first is protection else {}
    known = scene.relationship(
        client,
        first.task,
        start,
        None,
        opening,
        content=at_first,
        standing="superseded" if changes else "current",
    )
    if changes:
        final = {}
        if protection is not None:
            ended = protection.end.isoformat() if protection.end else None
            final = {"protection": (protection.start.isoformat(), ended)}
        blocks = [_block(scene, episode, unit, moved=scene.rng.random() < 0.1) for episode in ordered]
        scene.relationship(
            client, first.task, start, end, blocks, on=max(changes), previous=known, content=final
        )


def _block(scene: Scene, episode: Episode, unit: tuple[str, str] | None, *, moved: bool) -> Block:
    """The episode's block; `moved`: the client changed units in its middle, without a day between."""
    task, start, end = episode.task, episode.start, episode.end
    here = unit or task.unit
    ended = end.isoformat() if end else None
    if not moved:
        return Block(task, (Span(here, start.isoformat(), ended),))
    day = scene.day(start, (end or start + dt.timedelta(days=60)) - _DAY)
    other = f"{here[0]}9", f"Uusi yksikkö, {here[1]}"
    return Block(
        task,
        (
            Span(here, start.isoformat(), day.isoformat()),
            Span(other, (day + _DAY).isoformat(), ended),
        ),
    )


def care(scene: Scene, client: Client, episode: Episode) -> None:
    """What a service leaves behind besides: decision, start and end of the service, entries, a plan."""
    task, start, end = episode.task, episode.start, episode.end
    until = end or scene.quarters[3].end - dt.timedelta(days=10)
    style, rng = scene.style, scene.rng
    positive = rng.random() < 0.92
    decided = scene.day(start, min(start + dt.timedelta(days=10), until))
    if task.decision is not None:
        told = contents.decision(
            task.decision,
            client,
            style,
            scene.oid(decided.year),
            task,
            decided,
            start.isoformat(),
            end.isoformat() if end else None,
            positive=positive,
        )
        scene.add(task.decision, [client], task, decided, told)
        kind = "decision-positive" if positive else "decision-negative"
        scene.service(
            client.person, kind, task, start if positive else decided, end if positive else decided, decided
        )
    if not positive:
        return
    scene.add(SERVICE_STARTED, [client], task, start, contents.service_started(client, style, task, start))
    scene.service(client.person, "service", task, start, end, None)
    for _ in range(rng.randrange(3)):
        day = scene.day(start, until)
        scene.add(MEETING, [client], task, day, contents.meeting(client, style, task, day))
    if task.plan is not None and rng.random() < 0.4:
        day = scene.day(start, until)
        scene.add(task.plan, [client], task, day, contents.plan(client, style, task, day))
    if end is not None:
        scene.add(SERVICE_ENDED, [client], task, end, contents.service_ended(client, style, task, end))


def enrol(scene: Scene, client: Client, episode: Episode, unit: tuple[str, str] | None = None) -> None:
    """Register rows of an episode that is archived to the day."""
    covered = ((episode.start, episode.end or OPEN),)
    where = unit[0] if unit else None
    scene.row(client.person, episode.task, episode.start, episode.end, covered=covered, unit=where)
    if episode.task is CHILD_PROTECTION:
        scene.row(
            client.person,
            episode.task,
            episode.start,
            episode.end,
            layer=Layer.CHILD_PROTECTION,
            covered=covered,
            unit=where,
        )


def in_order(
    scene: Scene, *, temporary: bool = False, unit: tuple[str, str] | None = None
) -> tuple[Client, Episode]:
    """Someone with everything in order: one or two service tasks, now and then a sibling in the same case."""
    task = any_task(scene)
    client = Client(scene.person(task.band), temporary=temporary)
    episodes = [any_episode(scene, task)]
    if task in _SECOND and scene.rng.random() < 0.24:
        episodes.append(any_episode(scene, _SECOND[task]))
    archive(scene, client, episodes, unit)
    sibling = None
    if task.band == "child" and scene.rng.random() < 0.15:
        sibling = Client(scene.person("child"), joined=f"{episodes[0].start.isoformat()}T10:00:00+02:00")
        archive(scene, sibling, episodes[:1])
        enrol(scene, sibling, episodes[0])
    for episode in episodes:
        together = [client, sibling] if sibling and episode is episodes[0] else [client]
        closing = episode.end is not None and scene.rng.random() < 0.3
        opened = scene.case(
            together, episode.task, episode.start, standing="superseded" if closing else "current"
        )
        if closing and episode.end is not None:
            _close(scene, together, episode, opened.case or "", opened)
        care(scene, client, episode)
        enrol(scene, client, episode, unit)
    return client, episodes[0]


def _close(
    scene: Scene, clients: Sequence[Client], episode: Episode, number: str, opened: object
) -> None: ...
