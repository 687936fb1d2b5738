"""Who and what came after whom: organisers and units that were merged, rows of the register that were numbered anew.

`[succession]` of the settings says so; the comparison then counts what the old one has for the new one. A chain leads
to its end. What leads in a circle, or to two places, is refused.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyser.messages.errors import UsageError
from analyser.system.ordinary_files import NoOrdinaryFileError, ordinary_text

KINDS = ("organisers", "units", "ids")
"""What can be followed: organisers and units by OID, rows of the register by source_id."""
_OID = re.compile(r"[0-2](\.(0|[1-9]\d*))+")


@dataclass(frozen=True, slots=True)
class Link:
    """One came after another."""

    kind: str
    old: str
    new: str
    since: dt.date | None
    """From which day the new one answers; None for ids, which have no day."""


@dataclass(frozen=True, slots=True)
class Followed:
    """Where a name leads, for one period."""

    kind: str
    old: str
    new: str
    """The end of its chain."""
    told: str
    """What it is called in the period: the last of the chain that answers on its last day."""


def followed(links: tuple[Link, ...], period_end: dt.date) -> tuple[Followed, ...]:
    """Every old name with where it leads; sorted."""
    known = {(link.kind, link.old): link for link in links}
    found = []
    for kind, old in sorted(known):
        new = told = old
        answers = True
        while (link := known.get((kind, new))) is not None:
            answers = answers and (link.since is None or link.since <= period_end)
            new = link.new
            told = new if answers else told
        found.append(Followed(kind, old, new, told))
    return tuple(found)


def succession(table: Mapping[str, Any], place: str, folder: Path) -> tuple[Link, ...]:
    """The links that the settings name; an `ids` file lies in `folder`.

    Raises UsageError for what cannot be followed: another shape, no OID, no day, two successors of one, a circle.
    """
    links: list[Link] = []
    for kind, entries in table.items():
        if kind not in KINDS:
            raise UsageError("settings.unknown", key=f"succession.{kind}", place=place)
        if kind == "ids" and isinstance(entries, str):
            links += _listed(folder / entries)
            continue
        if not isinstance(entries, list):
            raise UsageError("settings.succession_shape", kind=kind, place=place)
        links += [_link(kind, number, entry, place) for number, entry in enumerate(entries, 1)]
    _assert_leads_somewhere(links, place)
    return tuple(sorted(set(links), key=lambda link: (link.kind, link.old)))


def _link(kind: str, number: int, entry: Any, place: str) -> Link:
    dated = kind != "ids"
    names = {"old", "new", "from"} if dated else {"old", "new"}
    if not isinstance(entry, dict) or set(entry) != names:
        raise UsageError("settings.succession_shape", kind=kind, place=place)
    old, new = str(entry["old"]).strip(), str(entry["new"]).strip()
    if not old or not new or (dated and not (_OID.fullmatch(old) and _OID.fullmatch(new))):
        raise UsageError("settings.succession_name", kind=kind, number=number, place=place)
    return Link(kind, old, new, _day(kind, number, entry["from"], place) if dated else None)


def _day(kind: str, number: int, written: Any, place: str) -> dt.date:
    if isinstance(written, dt.date) and not isinstance(written, dt.datetime):
        return written
    try:
        return dt.date.fromisoformat(str(written))
    except ValueError:
        raise UsageError("settings.succession_day", kind=kind, number=number, place=place) from None


def _listed(path: Path) -> list[Link]:
    """Old and new source_id, a row each, under the heading `old;new` (comma and tab do as well)."""
    try:
        written = ordinary_text(path).removeprefix("\ufeff")
    except FileNotFoundError:
        raise UsageError("settings.succession_no_file", file=path.name) from None
    except (NoOrdinaryFileError, UnicodeDecodeError):
        raise UsageError("settings.succession_file", file=path.name, row=1) from None
    lines = written.splitlines()
    sign = next((sign for sign in ";\t," if lines and sign in lines[0]), ";")
    rows = list(csv.reader(lines, delimiter=sign))
    if not rows or [cell.strip().lower() for cell in rows[0]] != ["old", "new"]:
        raise UsageError("settings.succession_file", file=path.name, row=1)
    links = []
    for number, row in enumerate(rows[1:], 2):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if len(cells) != 2 or not all(cells):
            raise UsageError("settings.succession_file", file=path.name, row=number)
        links.append(Link("ids", cells[0], cells[1], None))
    return links


def _assert_leads_somewhere(links: list[Link], place: str) -> None:
    ways: dict[tuple[str, str], Link] = {}
    for link in links:
        before = ways.setdefault((link.kind, link.old), link)
        if before.new != link.new or before.since != link.since:
            raise UsageError("settings.succession_two", kind=link.kind, old=link.old, place=place)
    for kind, start in ways:
        seen, here = {start}, start
        while (next_ := ways.get((kind, here))) is not None:
            here = next_.new
            if here in seen:
                raise UsageError("settings.succession_circle", kind=kind, old=start, place=place)
            seen.add(here)
    for link in links:
        # A part of what it comes from leads back into itself.
        if link.kind != "ids" and link.new.startswith(f"{link.old}."):
            raise UsageError("settings.succession_circle", kind=link.kind, old=link.old, place=place)
