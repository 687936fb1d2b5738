"""A data manager's quarters by the real commands, against what the county knows of itself.

What is sent is what Kanta lacks, each row once; it is corrected when it becomes another, withdrawn when it is gone, and
told again when the receiver did not take it; what was told stays so, also in a database that was lost and restored.
"""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import duckdb

from tests.command import Done, run_here
from tests.quarters.clock import clock
from tests.quarters.county import NEW, OLD, County, Quarter, Row, quarters

Held = dict[str, tuple[str, str]]
"""What the receiver holds of a period: start and end by person, each of whom has one episode."""
_DATABASE = "kanta-gap.duckdb"
_OF_RUNNING = ("audit", "register_load")
"""Tables that tell what was done: they grow with every command."""


@dataclass(slots=True)
class Figures:
    """What a quarter came to."""

    documents: int = 0
    rows: int = 0
    delivered: int = 0
    told: Counter[str] = field(default_factory=Counter)
    """Rows of corrections by their change."""
    refused: int = 0
    """Rows that the receiver did not take."""
    size: int = 0
    """Bytes of the database."""
    seconds: float = 0.0


class Work:
    """The data manager at work, and what the receiver holds after it."""

    def __init__(
        self, folder: Path, county: County, seed: int, *, every: bool, lost: int | None, refusing: float
    ) -> None:
        """`every`: each quarter is closed, not the first alone. `lost`: number of the quarter after which the database
        is lost. `refusing`: share of the rows that the receiver does not take."""
        self.folder, self.county, self.every, self.lost, self.refusing = folder, county, every, lost, refusing
        self.random = Random(seed)
        self.held: dict[str, Held] = {}
        self.pending: dict[str, set[str]] = {}
        """Persons whose rows the receiver did not take and was not told of again."""
        self.told: dict[str, tuple[str, str]] = {}
        self.read_until = dt.date(2000, 1, 1)
        self.today = dt.date(2000, 1, 1)
        self.persons = {one.number: one.person for one in county.episodes}
        self.numbers = {one.person: one for one in county.episodes}
        self.figures: dict[str, Figures] = {}
        self._folders: list[str] = []
        """What was sent since the last copy of the database."""

    def run(self, *arguments: str, codes: tuple[int, ...] = (0, 1, 3)) -> Done:
        with clock(self.today):
            done = run_here(self.folder, *arguments)
        assert done.code in codes, (arguments, done.err)
        return done

    def quarter(self, quarter: Quarter, before: list[Quarter]) -> None:
        """One quarter by the recipe: read, load, deliver, mark, close, correct what was told of earlier ones."""
        county, self.today = self.county, quarter.today
        figures = self.figures[quarter.name] = Figures()
        began = time.perf_counter()
        figures.documents = county.write_archive(self.folder / "kanta.zip", self.read_until, self.today)
        self.read_until = self.today
        county.write_register(self.folder / "episodes.csv", self.today)
        self._merger()
        self._read()
        figures.rows = len(county.rows(self.today))
        self.run("deliver", "--period", quarter.name, "--out", quarter.name, codes=(0,))
        self.held[quarter.name] = {}
        self._received(quarter, quarter.name, corrections=False, of=figures)
        if self.every or not before:
            self._close(quarter)
        self._correct([*before, quarter], f"corrections-{quarter.name}", figures)
        if quarter.number == self.lost:
            self._lose([*before, quarter])
        for earlier in [*before, quarter]:
            self._assert_held(earlier)
        shutil.copy(self.folder / _DATABASE, self.folder / "backup.duckdb")
        self._folders.clear()
        figures.size = (self.folder / _DATABASE).stat().st_size
        figures.seconds = time.perf_counter() - began

    def _read(self) -> None:
        self.run("ingest", "kanta.zip", "--workers", "1", codes=(0,))
        self.run("register", "episodes.csv", "--whole", "--yes", codes=(0,))

    def _close(self, quarter: Quarter) -> None:
        asked = ("--period", quarter.name, "-f")
        told = (self.run("gaps", *asked, "csv").out, self.run("coverage", *asked, "json").out)
        known = {row["source_id"] for row in csv.DictReader(told[0].splitlines()) if row["class"]}
        there = {row.source_id for row in self.county.rows(self.today).values() if row.of(quarter)}
        assert known == there, quarter.name  # no ghosts, and nobody lacks
        assert self.told.setdefault(quarter.name, told) == told, quarter.name
        self.run("period", "close", quarter.name, codes=(0,))

    def _correct(self, periods: list[Quarter], name: str, figures: Figures) -> None:
        self.run("deliver", "--corrections", "--all", "--out", name, codes=(0,))
        for one in periods:
            self.pending[one.name] = set()
            if (self.folder / name / one.name).exists():
                self._received(one, f"{name}/{one.name}", corrections=True, of=figures)

    def _lose(self, periods: list[Quarter]) -> None:
        """The database is lost: the copy of the quarter before is put in its place, what was sent since is taken in,
        and the quarter's files are read once more. Reading them again and again then changes nothing."""
        shutil.copy(self.folder / "backup.duckdb", self.folder / _DATABASE)
        for name in self._folders:
            self.run("deliver", "--adopt", name, codes=(0,))
            self._answer(name)
            if name == periods[-1].name:
                self._read()
                self._close(periods[-1])
        before = _rows_of(self.folder / _DATABASE)
        self._read()
        self.run("gaps", "--period", periods[-1].name, "-f", "csv")
        assert _rows_of(self.folder / _DATABASE) == before

    def _merger(self) -> None:
        if self.county.merged is None or self.county.merged > self.today:
            return
        before = {one.number: one.row(self.county.merged - dt.timedelta(days=1), None) for one in self.county.episodes}
        pairs = [f"E{number};M{number}\nN{number};M{number}" for number in before]
        (self.folder / "ids.csv").write_text("\n".join(["old;new", *pairs]) + "\n")
        link = f'{{ old = "{OLD}", new = "{NEW}", from = "{self.county.merged}" }}'
        settings = f'[succession]\norganisers = [{link}]\nids = "ids.csv"\n'
        (self.folder / "kanta-gap.toml").write_text(settings)

    def _received(self, quarter: Quarter, name: str, *, corrections: bool, of: Figures) -> None:
        """The receiver takes a folder in, but for some rows. Nothing in it is in Kanta, nothing is new to the receiver
        twice, and what is withdrawn is gone from the register."""
        held, folder = self.held[quarter.name], self.folder / name
        rows = {row.person: row for row in self.county.rows(self.today).values() if row.of(quarter)}
        changes = {row["source_id"]: row["change"] for row in _rows(folder / "corrections.csv")}
        refused: list[str] = []
        for row in _rows(folder / "service_task_episodes.csv"):
            who = row["person_id"]
            known = rows[who]
            assert (row["start"], row["end"]) == (known.start.isoformat(), _day(known.end)), quarter.name
            assert self._lacking(known, quarter) != "archived", (quarter.name, row["source_id"])
            change = changes.get(row["source_id"], "new")
            assert (change == "new") == (who not in held), (quarter.name, row["source_id"], change)
            of.told[change] += corrections
            of.delivered += not corrections
            if self.random.random() < self.refusing:
                refused.append(row["source_id"])
                self.pending.setdefault(quarter.name, set()).add(who)
            else:
                held[who] = (row["start"], row["end"])
        for source_id, change in changes.items():
            if change == "withdrawn":
                who = self.persons[int(source_id[1:])]
                assert who not in rows, (quarter.name, source_id)
                of.told[change] += 1
                del held[who]
        of.refused += len(refused)
        (self.folder / f"{name}-refused.txt").write_text("".join(f"{source_id}\n" for source_id in refused))
        self._answer(name)
        self._folders.append(name)

    def _answer(self, name: str) -> None:
        """The receipt of a folder, which marks it as sent."""
        refused = f"{name}-refused.txt"
        which = ("--refused-rows", refused) if (self.folder / refused).read_text() else ()
        self.run("deliver", "--receipt", name, "--sent-on", self.today.isoformat(), *which, codes=(0,))

    def _lacking(self, row: Row, quarter: Quarter) -> str:
        return self.numbers[row.person].lacking(row, quarter, self.today)

    def _assert_held(self, quarter: Quarter) -> None:
        """Each row that Kanta lacks is held as it stands, and no row that is gone is."""
        held, pending = self.held[quarter.name], self.pending.get(quarter.name, set())
        rows = {row.person: row for row in self.county.rows(self.today).values() if row.of(quarter)}
        assert held.keys() <= rows.keys(), quarter.name
        for who, row in rows.items():
            if self._lacking(row, quarter) != "archived" and who not in pending:
                start, end = held[who]
                assert start == row.start.isoformat(), quarter.name
                assert _end(end, quarter) == _end(_day(row.end), quarter), quarter.name

    def assert_told(self) -> None:
        """Closed periods are told as they were."""
        for name, told in self.told.items():
            asked = ("--period", name, "--as-told", "-f")
            assert (self.run("gaps", *asked, "csv").out, self.run("coverage", *asked, "json").out) == told, name

    def standing(self) -> Counter[str]:
        """Episodes of all periods by status, as `deliver --status` tells them."""
        found: Counter[str] = Counter()
        for row in csv.DictReader(self.run("deliver", "--status", "-f", "csv").out.splitlines()):
            found.update({name: int(cell) for name, cell in row.items() if name != "last_sent" and cell.isdigit()})
        return found


def _rows_of(database: Path) -> dict[str, int]:
    """Rows of each table but for those that tell what was done."""
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = [table for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {
            table: (connection.execute(f'SELECT count(*) FROM "{table}"').fetchone() or (0,))[0]
            for table in tables
            if table not in _OF_RUNNING
        }


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _end(end: str, quarter: Quarter) -> str:
    """An end as far as the period sees it."""
    return end if end and end <= quarter.end.isoformat() else "later"


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter=";")) if path.exists() else []


def years(
    folder: Path,
    seed: int,
    persons: int,
    span: int,
    merged: dt.date | None,
    *,
    lost: int | None = None,
    refusing: float = 0.05,
    tell: Callable[[str, Figures], None] = lambda _name, _figures: None,
) -> Work:
    """So many quarters of a county; `tell` is told of each when it is done."""
    work = Work(folder, County(seed, persons, span, merged), seed, every=span > 3, lost=lost, refusing=refusing)
    done: list[Quarter] = []
    for quarter in quarters(span):
        work.quarter(quarter, done)
        done.append(quarter)
        tell(quarter.name, work.figures[quarter.name])
    work.assert_told()
    return work
