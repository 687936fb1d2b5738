"""The statute's deadlines are told as they stood in the period, with the day up to which they were checked."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from analyser.national.deadlines import deadlines, duty, in_force
from tests.command import run_here as run
from tests.fixtures.make_county import COUNTY

SHARED = Path(__file__).parents[3] / "shared" / "data" / "archiving_deadlines.json"


@pytest.mark.parametrize(
    ("key", "on", "since", "joining"),
    [
        ("families", "2023-12-31", "2024-09-01", False),
        ("child_protection", "2024-06-30", "2025-03-01", False),
        ("families", "2024-06-30", "2024-09-01", True),
        ("child_protection", "2024-07-01", "2026-09-01", True),
        ("family_law", "2025-03-31", "2026-09-01", False),
    ],
)
def test_the_statute_in_force_on_the_day_decides(key: str, on: str, since: str, joining: bool) -> None:
    found = duty(key, dt.date.fromisoformat(on))
    assert found is not None
    assert (found.since.isoformat(), found.from_joining) == (since, joining)


def test_nothing_is_told_of_what_the_statute_does_not_know() -> None:
    assert in_force(dt.date(2021, 10, 31)) is None
    assert duty("own_task", dt.date(2025, 3, 31)) is None
    assert deadlines().checked_until == dt.date(2026, 8, 17)


@pytest.mark.skipif(not SHARED.is_file(), reason="the published table is not here")
def test_the_table_that_ships_is_the_published_one() -> None:
    shipped = Path(__file__).parents[2] / "schemas" / "deadlines" / "archiving_deadlines.json"
    published = json.loads(SHARED.read_text(encoding="utf-8"))
    assert json.loads(shipped.read_text(encoding="utf-8"))["regimes"] == published["regimes"]


def test_periods_rules_rows_and_lists_tell_them(tmp_path: Path) -> None:
    run(tmp_path, "register", str(COUNTY / "episodes-1.csv"))
    law, latest = "703/2023 as amended by 307/2024", "from joining Kanta, at the latest 2026-09-01"
    told = json.loads(run(tmp_path, "periods", "-f", "json").out)
    assert told["archiving"]["checked_until"] == "2026-08-17"
    assert {period["archiving_law"] for period in told["periods"] if period["id"] == "2025Q1"} == {law}
    assert "from 2027-03-01" in run(tmp_path, "periods", "--today", "2026-09-01").out
    for command in (("periods",), ("explain", "G01"), ("gaps", "--period", "2025Q1"), ("trace", "R000106-1")):
        out = " ".join(run(tmp_path, *command).out.split())
        assert law in out
        assert latest in out
    traced = json.loads(run(tmp_path, "trace", "R000106-1", "--period", "2025Q1", "-f", "json").out)
    assert "2026-09-01" in json.dumps(traced)
    assert "archiving" not in json.loads(run(tmp_path, "explain", "D01", "-f", "json").out)["rule"]
