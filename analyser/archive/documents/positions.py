"""Where in the text of a document or frame the element of a place stands: its line and column.

Places are kept as paths, which hold in every copy of a document; a line is asked for only where somebody is to click on
it, and found then. What was read once is read again by a parser that gives no tree, only where each element begins.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from typing import NamedTuple
from xml.parsers import expat

from analyser.archive.documents.header import DOCUMENT

_STEP = re.compile(r"([^\[\]/]+)(?:\[(\d+)\])?")
_TOLD = re.compile(r"line (\d+)(?:, column (\d+))?")
_WHOLE = DOCUMENT.rpartition("}")[2]
_BODY = ("nonXMLBody", "json")
"""Where the content lies: a pointer into it leads to the element that holds it, in Base64 or as text."""


class Position(NamedTuple):
    """A place in a text; both numbers begin with 1, columns are counted in characters."""

    line: int = 1
    column: int = 1


class Sought(NamedTuple):
    """A place, and of which document where a file holds several."""

    place: str | None
    oid: str | None


class _Best:
    """The element that most of a place's steps lead to, in the document that is meant as far as one is."""

    __slots__ = ("depth", "known", "position", "steps")

    def __init__(self, place: str | None) -> None:
        self.steps = _steps(place)
        self.depth = -1
        self.position = Position()
        self.known = False
        """Whether it lies in the document that is meant."""


def positions(data: bytes, sought: Collection[Sought]) -> dict[Sought, Position]:
    """The line and column of each place; of one that the text does not have, those of the element nearest above it.

    Bytes that are no XML, or are only as far as they go, give what stood before the fault, at worst the beginning.
    """
    told = {one: found for one in sought if (found := _told(one.place)) is not None}
    marked = data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    search = _Search(marked, {one: _Best(one.place) for one in sought if one not in told})
    if search.best and data.lstrip(b" \t\r\n\xef\xbb\xbf\xff\xfe\0").startswith((b"<", b"\x00<")):
        with suppress(expat.ExpatError, _Enough, LookupError, ValueError):
            search.parser.Parse(data, True)
    while search.scopes:  # of a text that breaks off
        search.fold()
    return told | {one: best.position for one, best in search.best.items()}


def _told(place: str | None) -> Position | None:
    """A place that is a line already."""
    found = _TOLD.match(place or "")
    return Position(int(found[1]), max(1, int(found[2] or 1))) if found else None


def _steps(place: str | None) -> tuple[tuple[str, int | None], ...]:
    if not place:
        return ()
    if place.startswith("/"):
        return tuple((name, None) for name in _BODY)
    path = place.partition(",")[0].partition(" ")[0]
    return tuple((name, int(number) if number else None) for name, number in _STEP.findall(path))


class _Enough(Exception):
    """What is left of the text is of no use."""


class _Search:
    """One way through a text, for all places at once."""

    def __init__(self, marked: bool, best: dict[Sought, _Best]) -> None:
        self.marked = marked
        """Whether a mark stands before the first line, which is no column of it."""
        self.best = best
        self.chain: list[str] = []
        self.numbers: list[int] = []
        """Of each element of the chain, which of its name under its parent it is."""
        self.counts: list[dict[str, int]] = [{}]
        self.scopes: list[tuple[int, dict[Sought, _Best]]] = []
        """Documents that are open: how deep each began, and what was found in it alone."""
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._stop

    def _stop(self, *_: object) -> None:
        raise _Enough

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        counts = self.counts[-1]
        counts[name] = counts.get(name, 0) + 1
        self.chain.append(name)
        self.numbers.append(counts[name])
        self.counts.append({})
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber
        here = Position(line, column if line == 1 and self.marked else column + 1)
        if name == _WHOLE:
            self.scopes.append((len(self.chain), {one: _Best(one.place) for one in self.best}))
        finds = self.scopes[-1][1] if self.scopes else self.best
        for best in finds.values():
            self._weigh(best, here)
        if name == "id" and self.scopes and len(self.chain) == self.scopes[-1][0] + 1:
            for one, best in finds.items():
                best.known = best.known or (one.oid is not None and attributes.get("root") == one.oid)

    def _weigh(self, best: _Best, here: Position) -> None:
        steps = best.steps
        if best.depth < 0:
            best.depth, best.position = 0, here
        for depth in range(min(len(steps), len(self.chain)), best.depth, -1):
            tail = zip(steps[:depth], self.chain[-depth:], self.numbers[-depth:], strict=True)
            if all(step == name and wanted in (None, number) for (step, wanted), name, number in tail):
                best.depth, best.position = depth, here
                return

    def _end(self, _: str) -> None:
        if self.scopes and self.scopes[-1][0] == len(self.chain):
            self.fold()
        self.chain.pop()
        self.numbers.pop()
        self.counts.pop()

    def fold(self) -> None:
        """A document ends: what was found in it counts if it is the one that is meant, or more than was found yet."""
        for one, best in self.scopes.pop()[1].items():
            before = self.best[one]
            if not before.known and (best.known, best.depth) > (before.known, before.depth):
                self.best[one] = best
