"""Whoever works long says here how far it is, also in rooms that know no terminal; whoever follows the run shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """The step that begins, of something long that is done step by step."""

    key: str
    """What is done: the key of a text under narration.working."""
    values: Mapping[str, object]
    """What is put into the text."""
    place: int
    """Its number, from 1."""
    of: int
    done: float
    """Share of the work that the steps before it were, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What was being done is done, or was left with an error."""

    key: str
    values: Mapping[str, object]
    done: bool


Follow = Callable[[Step | Ended], None]
_followers: list[Follow] = []


def follow_with(follow: Follow | None) -> None:
    """Let this follow the run, which begins now; None: nobody."""
    _followers[:] = [] if follow is None else [follow]


@contextmanager
def stretch(key: str, weights: Sequence[float], **values: object) -> Iterator[Callable[[int], None]]:
    """Something long of as many steps as there are weights: how much of the whole each one is, in any unit.

    Yields what is to be told the number of each step, from 1, when it begins.
    """
    whole = sum(weights)

    def begins(place: int) -> None:
        for follow in _followers:
            follow(Step(key, values, place, len(weights), sum(weights[: place - 1]) / whole))

    done = False
    try:
        yield begins
        done = True
    finally:
        for follow in _followers:
            follow(Ended(key, values, done))
