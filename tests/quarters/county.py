"""A made-up county over many quarters: what happened, what was archived when, what the register said when.

It knows by itself, day by day and without the program's code for comparing, which rows Kanta lacks at a moment.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from dataclasses import dataclass
from pathlib import Path
from random import Random

from analyser.synth.content import Block, Unit
from analyser.synth.envelope import Printer
from analyser.synth.frames import frame
from analyser.synth.people import person
from analyser.synth.story import Teller, written_at

OLD, NEW = "1.2.246.10.99999901.10.0", "1.2.246.10.99999902.10.0"
TASKS = ("24", "15", "20")
FIRST = dt.date(2022, 1, 1)


@dataclass(frozen=True, slots=True)
class Quarter:
    """A follow-up period and the day on which it is worked on."""

    number: int
    start: dt.date
    end: dt.date
    today: dt.date

    @property
    def name(self) -> str:
        """As the program calls it."""
        return f"{self.start.year}Q{(self.start.month + 2) // 3}"


def quarters(count: int) -> list[Quarter]:
    """The first so many."""
    found = []
    for number in range(count):
        month = number * 3
        start = dt.date(FIRST.year + month // 12, month % 12 + 1, 1)
        later = month + 3
        end = dt.date(FIRST.year + later // 12, later % 12 + 1, 1) - dt.timedelta(days=1)
        found.append(Quarter(number, start, end, end + dt.timedelta(days=20)))
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """What the register says of an episode on a day."""

    source_id: str
    person: str
    task: str
    start: dt.date
    end: dt.date | None

    def of(self, quarter: Quarter) -> bool:
        """Whether it belongs to the period."""
        return self.start <= quarter.end and (self.end is None or self.end >= quarter.start)


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode and everything that happens to it; None: never."""

    number: int
    task: str
    start: dt.date
    end: dt.date | None
    listed: dt.date
    """First day on which the register has it."""
    end_listed: dt.date | None
    moved: tuple[dt.date, dt.date] | None
    """From which day the register tells another start, and which."""
    renumbered: dt.date | None
    deleted: dt.date | None
    archived: dt.date | None
    end_archived: dt.date | None

    @property
    def person(self) -> str:
        """Identifier of the client: everybody has one episode."""
        return person(self.number, child=False).henkilotunnus

    def row(self, today: dt.date, merged: dt.date | None) -> Row | None:
        """What the register says on a day. `merged`: the day on which all rows get new numbers."""
        if self.listed > today or (self.deleted is not None and self.deleted <= today):
            return None
        name = f"E{self.number}"
        if self.renumbered is not None and self.renumbered <= today:
            name = f"N{self.number}"
        if merged is not None and merged <= today:
            name = f"M{self.number}"
        start = self.moved[1] if self.moved is not None and self.moved[0] <= today else self.start
        end = self.end if self.end_listed is not None and self.end_listed <= today else None
        return Row(name, self.person, self.task, start, end)

    def lacking(self, row: Row, quarter: Quarter, today: dt.date) -> str:
        """Class of the row in the period: archived, partial or missing."""
        first = max(row.start, quarter.start)
        days = [
            first + dt.timedelta(days=n) for n in range((min(row.end or quarter.end, quarter.end) - first).days + 1)
        ]
        if self.archived is None or self.archived > today:
            return "missing"
        ended = self.end if self.end_archived is not None and self.end_archived <= today else None
        covered = sum(self.start <= day and (ended is None or day <= ended) for day in days)
        return "archived" if covered == len(days) else "partial" if covered else "missing"


class County:
    """All of it, from a seed."""

    def __init__(self, seed: int, persons: int, span: int, merged: dt.date | None) -> None:
        """`span`: quarters. `merged`: from which day another organiser answers, and all rows have new numbers."""
        self.random = Random(seed)
        self.merged = merged
        self.days = span * 91
        self.episodes = [self._episode(number) for number in range(1, persons + 1)]
        self._printer = Printer(seed, brief=True)

    def _episode(self, number: int) -> Episode:
        pick = self.random
        start = FIRST + dt.timedelta(days=pick.randint(-200, self.days - 30))
        end = start + dt.timedelta(days=pick.randint(10, 500)) if pick.random() < 0.6 else None
        listed = start + dt.timedelta(days=pick.choice((0, 0, 3, 10, 120)))
        late = pick.choice((0, 5, 15, 15, 150))
        end_listed = max(end + dt.timedelta(days=late), listed) if end is not None else None
        moved = None
        if pick.random() < 0.08:
            moved = (listed + dt.timedelta(days=pick.randint(60, 300)), start + dt.timedelta(days=pick.choice((-9, 4))))
        renumbered = (
            listed + dt.timedelta(days=pick.randint(60, 400)) if moved is None and pick.random() < 0.1 else None
        )
        deleted = listed + dt.timedelta(days=pick.randint(60, 400)) if pick.random() < 0.05 else None
        kind = pick.random()
        lag = pick.randint(1, 40) if kind < 0.75 else pick.randint(100, 400)
        archived = start + dt.timedelta(days=lag) if kind < 0.92 else None
        end_archived = None
        if end is not None and archived is not None:
            end_archived = max(end + dt.timedelta(days=pick.choice((2, 20, 200))), archived + dt.timedelta(days=1))
        return Episode(
            number,
            TASKS[number % 3],
            start,
            end,
            listed,
            end_listed,
            moved,
            renumbered,
            deleted,
            archived,
            end_archived,
        )

    def rows(self, today: dt.date) -> dict[int, Row]:
        """The register on a day, by the number of the episode."""
        found = {one.number: one.row(today, self.merged) for one in self.episodes}
        return {number: row for number, row in found.items() if row is not None}

    def organiser(self, day: dt.date) -> str:
        """Who answers."""
        return NEW if self.merged is not None and self.merged <= day else OLD

    def write_register(self, path: Path, today: dt.date) -> None:
        """The whole extract of the day."""
        lines = ["source_id;person_id;service_task;start;end;organiser"]
        for row in self.rows(today).values():
            end = row.end.isoformat() if row.end else ""
            lines.append(f"{row.source_id};{row.person};{row.task};{row.start};{end};{self.organiser(today)}")
        path.write_text("\n".join(lines) + "\n")

    def write_archive(self, path: Path, after: dt.date, until: dt.date) -> int:
        """A zip of what was archived in between; returns how many documents."""
        count = 0
        with zipfile.ZipFile(path, "w") as packed:
            for one in self.episodes:
                for draft, day in self._drafts(one):
                    if after < day <= until:
                        packed.writestr(f"{draft.oid}.xml", self._printer.document(draft, 0))
                        packed.writestr(f"{draft.oid}.frame.xml", frame(draft))
                        count += 1
        return count

    def _drafts(self, one: Episode):  # type: ignore[no-untyped-def]
        if one.archived is None:
            return
        teller = Teller(one.number, brief=True)
        teller.started = one.start
        first = teller.archive(
            Block(one.task, [Unit(one.start.isoformat())]),
            on=written_at(one.archived),
            organiser=self.organiser(one.archived),
        )
        yield first, one.archived
        if one.end_archived is not None and one.end is not None:
            second = teller.archive(
                Block(one.task, [Unit(one.start.isoformat(), one.end.isoformat())]),
                version=2,
                of=first,
                on=written_at(one.end_archived),
                organiser=self.organiser(one.end_archived),
            )
            yield second, one.end_archived
