"""What a client document tells of services that were decided or received, by the table schemas/content/evidence.toml.

A definition is known by the root key of its content. A content that no published definition has is judged by the
general document type of its header, which is why that is asked for.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from analyser.archive.documents.content import Coded, DateColumns, Object, coded, date_of
from analyser.archive.quarantine import Code, Trouble
from analyser.system.resources import schemas

_NOT_CODED = Coded(None, None, None)
_NO_DATE: DateColumns = (None, None, None)
_PAIRS = 1_000
"""Pairs of task and service of one document: far more than any definition means."""


class Path(NamedTuple):
    """Where a fact stands."""

    at_root: bool
    """Below the root key, and not below the base."""
    way: tuple[str, ...]
    last: str
    shown: str
    """The way, each of its keys behind a slash."""


class Evidence(NamedTuple):
    """A service decided or received, with its task and service (one row for each pair that is told)."""

    kind: str
    outcome: str | None
    task: Coded
    service: Coded
    decided: DateColumns
    start: DateColumns
    end: DateColumns
    pointer: str


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the table."""

    kind: str
    of: str | None
    """General type of the definitions it holds for, and of contents that no definition has."""
    only: frozenset[str]
    """Codes of the definitions it holds for; empty: all of the type."""
    but: frozenset[str]
    unknown: bool
    """Also for contents that no definition has, whatever their header says."""
    base: tuple[str, ...]
    sign: str
    unless: str | None
    paths: dict[str, tuple[Path, ...]]
    """By fact."""


class _Definition(NamedTuple):
    code: str
    general_type: str


def evidence_of(content: Object, place: str, general_code: str | None = None) -> Iterator[Evidence]:
    """What the content at `place` (a slash and its root key) tells of services.

    `general_code` is the general document type of the header (code system 1506), for contents without a definition.
    Raises Trouble for a value of another kind than its definition says.
    """
    for row in _rows_for(place.removeprefix("/"), general_code):
        for base in row.base:
            holder = content.get(base) if base else content
            if isinstance(holder, dict) and holder.get(row.sign) and not holder.get(row.unless or ""):
                yield from _read(row, holder, content, f"{place}/{base}" if base else place, place)
                break


@cache
def _rows() -> tuple[_Row, ...]:
    table = tomllib.loads(schemas("content", "evidence.toml").read_text(encoding="utf-8"))
    facts = ("outcome", "task", "service", "decided", "start", "end")
    return tuple(
        _Row(
            row["kind"],
            row.get("of"),
            frozenset(row.get("in", ())),
            frozenset(row.get("but", ())),
            row.get("unknown", False),
            tuple(row["base"]),
            row["sign"],
            row.get("unless"),
            {fact: tuple(_path(text) for text in row.get(fact, ())) for fact in facts},
        )
        for row in table["evidence"]
    )


def _path(text: str) -> Path:
    *way, last = text.removeprefix("/").split(".")
    return Path(text.startswith("/"), tuple(way), last, "".join(f"/{key}" for key in way))


@cache
def _definitions() -> dict[str, _Definition]:
    """Code and general type of each published definition of a client document, by the root key of its content."""
    with schemas("content", "document_types.csv").open(encoding="utf-8") as table:
        return {
            row["json_root"]: _Definition(row["code"], row["general_type"])
            for row in csv.DictReader(table)
            if row["classification"] == "1506"
        }


@cache
def _general_types() -> dict[str, str]:
    """General types by their code: the code of a definition begins with that of its type."""
    return {
        known.code[:2]: known.general_type
        for known in _definitions().values()
        if known.general_type in {row.of for row in _rows()}
    }


@cache
def _rows_for(root: str, general_code: str | None) -> tuple[_Row, ...]:
    known = _definitions().get(root)
    if known is None:
        general_type = _general_types().get(general_code or "")
        return tuple(row for row in _rows() if row.unknown or (row.of and row.of == general_type))
    return tuple(
        row
        for row in _rows()
        if known.code not in row.but and (known.code in row.only if row.only else known.general_type == row.of)
    )


def _read(row: _Row, holder: Object, content: Object, pointer: str, place: str) -> Iterator[Evidence]:
    paths = row.paths
    tasks = _coded_values(paths["task"], holder, content)
    services = _coded_values(paths["service"], holder, content)
    if len(tasks) * len(services) > _PAIRS:
        raise Trouble(Code.UNKNOWN_CONTENT, pointer)
    bases = (holder, pointer), (content, place)
    decided = _date_at(paths["decided"], bases, latest=False)
    start = _date_at(paths["start"], bases, latest=False)
    end = _date_at(paths["end"], bases, latest=True)
    outcome = _coded_values(paths["outcome"], holder, content)[0].code
    for task in tasks:
        for service in services:
            yield Evidence(row.kind, outcome, task, service, decided, start, end, pointer)


def _coded_values(paths: tuple[Path, ...], holder: Object, content: Object) -> list[Coded]:
    """The coded values that the paths lead to, each once, lists on the way gone through; else none, as one."""
    told: dict[Coded, None] = {}
    for path in paths:
        value: Any = content if path.at_root else holder
        for key in path.way:
            value = value.get(key)
            if not isinstance(value, dict):
                break
        else:
            value = value.get(path.last)
            if isinstance(value, dict) and (one := coded(value)) != _NOT_CODED:
                told[one] = None
        if isinstance(value, list):
            told |= dict.fromkeys(_in_lists(path, content if path.at_root else holder))
    return list(told) or [_NOT_CODED]


def _in_lists(path: Path, holder: Object) -> Iterator[Coded]:
    """The coded values that a path with lists on its way, or at its end, leads to."""
    found: list[Any] = [holder]
    for key in (*path.way, path.last):
        found = [value[key] for value in _flat(found) if isinstance(value, dict) and key in value]
    return (value for item in _flat(found) if (value := coded(item)) != _NOT_CODED)


def _flat(values: list[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value


def _date_at(
    paths: tuple[Path, ...], bases: tuple[tuple[Object, str], tuple[Object, str]], *, latest: bool
) -> DateColumns:
    """The date that the first path leads to; of several in a list the earliest, or the latest."""
    for path in paths:
        holder, pointer = bases[path.at_root]
        value: Any = holder
        for key in path.way:
            value = value.get(key)
            if not isinstance(value, dict):
                break
        if isinstance(value, list):
            dates = sorted(_dates(holder, pointer, path), key=lambda date: (date[1:], date[0]))
            if dates:
                return dates[-1 if latest else 0]
        elif isinstance(value, dict) and value.get(path.last) is not None:
            date = date_of(value, path.last, f"{pointer}{path.shown}")
            if date != _NO_DATE:
                return date
    return _NO_DATE


def _dates(holder: Object, pointer: str, path: Path) -> Iterator[DateColumns]:
    """All dates that a path with lists on its way leads to."""
    way, last = path.way, path.last
    places: list[tuple[str, Any]] = [(pointer, holder)]
    for key in way:
        places = [
            (f"{place}/{key}{number}", inner)
            for place, value in places
            if isinstance(value, dict)
            for number, inner in _listed(value.get(key))
        ]
    for place, value in places:
        if isinstance(value, dict) and value.get(last) is not None:
            date = date_of(value, last, place)
            if date != _NO_DATE:
                yield date


def _listed(value: Any) -> Iterator[tuple[str, Any]]:
    """The value, or each of a list, and what that adds to its place."""
    if isinstance(value, list):
        yield from ((f"/{number}", inner) for number, inner in enumerate(value))
    else:
        yield "", value
