"""Quarter after quarter by the real commands: what is sent is what Kanta lacks, each row once; it is corrected when it
becomes another, withdrawn when it is gone, and what was told stays so; against a county that knows its own truth.

A short one runs in every build, more with `make long`: `KANTA_GAP_SEEDS` counties of twelve quarters, 5 unless said.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
from pathlib import Path

import pytest

from tests.command import Done, run_here
from tests.quarters.county import NEW, OLD, County, Quarter, quarters

Held = dict[str, tuple[str, str]]
"""What the receiver holds of a period: start and end by person, each of whom has one episode."""


class Work:
    """The data manager at work, and what the receiver holds after it."""

    def __init__(self, folder: Path, county: County, *, every: bool) -> None:
        """`every`: each quarter is closed, not the first alone."""
        self.folder, self.county, self.every = folder, county, every
        self.held: dict[str, Held] = {}
        self.told: dict[str, str] = {}
        self.read_until = dt.date(2000, 1, 1)
        self.persons = {one.number: one.person for one in county.episodes}
        self.numbers = {one.person: one for one in county.episodes}

    def run(self, *arguments: str, codes: tuple[int, ...] = (0, 1, 3)) -> Done:
        done = run_here(self.folder, *arguments)
        assert done.code in codes, (arguments, done.err)
        return done

    def quarter(self, quarter: Quarter, before: list[Quarter]) -> None:
        """One quarter by the recipe: read, load, deliver, mark, close, correct what was told of earlier ones."""
        county, today = self.county, quarter.today
        county.write_archive(self.folder / "kanta.zip", self.read_until, today)
        self.read_until = today
        self.run("ingest", "kanta.zip", "--workers", "1", codes=(0,))
        county.write_register(self.folder / "episodes.csv", today)
        self._merger(today)
        self.run("register", "episodes.csv", "--whole", "--yes", codes=(0,))
        assert not (self.folder / quarter.name).exists()
        self.run("deliver", "--period", quarter.name, "--out", quarter.name, codes=(0,))
        self.held[quarter.name] = {}
        self._received(quarter, self.folder / quarter.name, corrections=False)
        self.run("deliver", "--mark-sent", quarter.name, codes=(0,))
        if self.every or not before:
            self.told[quarter.name] = self.run("gaps", "--period", quarter.name, "-f", "csv").out
            self.run("period", "close", quarter.name, codes=(0,))
        name = f"corrections-{quarter.name}"
        self.run("deliver", "--corrections", "--all", "--out", name, codes=(0,))
        for earlier in [*before, quarter]:
            written = self.folder / name / earlier.name
            if written.exists():
                self._received(earlier, written, corrections=True)
                self.run("deliver", "--mark-sent", str(written.relative_to(self.folder)), codes=(0,))
        for earlier in [*before, quarter]:
            self._assert_held(earlier, today)

    def _merger(self, today: dt.date) -> None:
        if self.county.merged is None or self.county.merged > today:
            return
        before = {one.number: one.row(self.county.merged - dt.timedelta(days=1), None) for one in self.county.episodes}
        pairs = [f"E{number};M{number}\nN{number};M{number}" for number in before]
        (self.folder / "ids.csv").write_text("\n".join(["old;new", *pairs]) + "\n")
        link = f'{{ old = "{OLD}", new = "{NEW}", from = "{self.county.merged}" }}'
        settings = f'[succession]\norganisers = [{link}]\nids = "ids.csv"\n'
        (self.folder / "kanta-gap.toml").write_text(settings)

    def _received(self, quarter: Quarter, folder: Path, *, corrections: bool) -> None:
        """The receiver takes a folder in. Nothing in it is in Kanta; what is withdrawn is gone from the register."""
        held, today = self.held[quarter.name], quarter.today if not corrections else self.read_until
        rows = {row.person: row for row in self.county.rows(today).values() if row.of(quarter)}
        for row in _rows(folder / "service_task_episodes.csv"):
            known = rows[row["person_id"]]
            assert (row["start"], row["end"]) == (known.start.isoformat(), known.end.isoformat() if known.end else "")
            assert self.numbers[known.person].lacking(known, quarter, today) != "archived", (
                quarter.name,
                row["source_id"],
            )
            held[row["person_id"]] = (row["start"], row["end"])
        if not corrections:
            return
        for row in _rows(folder / "corrections.csv"):
            if row["change"] == "withdrawn":
                who = self.persons[int(row["source_id"][1:])]
                assert who not in rows, (quarter.name, row["source_id"])
                del held[who]

    def _assert_held(self, quarter: Quarter, today: dt.date) -> None:
        """Each row that Kanta lacks is held as it stands, and no row that is gone is."""
        held = self.held[quarter.name]
        rows = {row.person: row for row in self.county.rows(today).values() if row.of(quarter)}
        assert held.keys() <= rows.keys(), quarter.name
        for who, row in rows.items():
            if self.numbers[who].lacking(row, quarter, today) != "archived":
                start, end = held[who]
                assert start == row.start.isoformat(), quarter.name
                assert _end(end, quarter) == _end(row.end.isoformat() if row.end else "", quarter), quarter.name

    def assert_told(self) -> None:
        """Closed periods are told as they were."""
        for name, told in self.told.items():
            assert self.run("gaps", "--period", name, "-f", "csv", "--as-told").out == told, name


def _end(end: str, quarter: Quarter) -> str:
    """An end as far as the period sees it."""
    return end if end and end <= quarter.end.isoformat() else "later"


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter=";")) if path.exists() else []


def _years(folder: Path, seed: int, persons: int, span: int, merged: dt.date | None) -> Work:
    work = Work(folder, County(seed, persons, span, merged), every=span > 3)
    done: list[Quarter] = []
    for quarter in quarters(span):
        work.quarter(quarter, done)
        done.append(quarter)
    work.assert_told()
    return work


def test_three_quarters_with_a_merger(tmp_path: Path) -> None:
    work = _years(tmp_path, 1, 40, 3, dt.date(2022, 7, 1))
    assert any(work.held.values())


_SEEDS = int(os.environ.get("KANTA_GAP_SEEDS", "5"))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 2 + _SEEDS))
def test_three_years(tmp_path: Path, seed: int) -> None:
    _years(tmp_path, seed, 300, 12, dt.date(2023, 10, 1) if seed % 2 else None)
