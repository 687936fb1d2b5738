"""Working days, deadlines and the burn-down: from the user's periods file and from what was remembered."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from analyser.national.working_days import holidays, is_working_day, working_days
from tests.command import run_here as run

_EPISODES = "source_id;person_id;service_task;start;organiser\n"
_ORGANISER = "1.2.246.10.99999901.10.0"


def test_holidays_of_a_year_are_those_of_the_almanac() -> None:
    # The almanac's list for 2026, with the two eves.
    almanac = "01-01 01-06 04-03 04-05 04-06 05-01 05-14 05-24 06-19 06-20 10-31 12-06 12-24 12-25 12-26"
    assert sorted(day.strftime("%m-%d") for day in holidays(2026)) == almanac.split()


def test_working_days_are_counted_as_one_by_one() -> None:
    first = dt.date(2025, 12, 20)
    for length in range(0, 420, 7 * 3 + 2):
        last = first + dt.timedelta(days=length)
        one_by_one = sum(is_working_day(first + dt.timedelta(days=n)) for n in range(length + 1))
        assert working_days(first, last) == one_by_one
    assert working_days(first, first - dt.timedelta(days=1)) == 0


def _episodes(folder: Path, *persons: str) -> None:
    rows = "".join(f"R{n};{person};24;2025-01-10;{_ORGANISER}\n" for n, person in enumerate(persons))
    (folder / "episodes.csv").write_text(_EPISODES + rows)
    assert run(folder, "register", "episodes.csv", "--replace-all").code == 0


def test_the_burn_down_has_a_point_for_each_state_and_the_pace_to_reach_zero(tmp_path: Path) -> None:
    _episodes(tmp_path, "010190-900P", "020290-9016", "030390-902M")
    for _ in range(2):
        assert run(tmp_path, "coverage", "--period", "2025Q1").code == 1
    _episodes(tmp_path, "010190-900P", "020290-9016")
    run(tmp_path, "gaps", "--period", "2025Q1")
    run(tmp_path, "coverage", "--period", "2025Q1", "--as-of", "2025-02-01")
    (tmp_path / "periods.csv").write_text("period;start;end;deadline\n2025Q1;2025-01-01;2025-03-31;2025-04-23\n")
    run(tmp_path, "register", "periods.csv")
    told = json.loads(run(tmp_path, "periods", "-f", "json", "--today", "2025-04-17").out)
    (quarter,) = [period for period in told["periods"] if period["id"] == "2025Q1"]
    assert [(point["run"], point["missing"], point["undetermined"]) for point in quarter["burn_down"]] == [
        (1, 3, 0),
        (2, 2, 0),
    ]
    # Thursday 17, then Good Friday and Easter Monday are free: 17, 22 and 23 April are left.
    assert (quarter["days_left"], quarter["working_days_left"], quarter["pace"]) == (6, 3, 0.7)
    text = run(tmp_path, "periods", "--today", "2025-04-17").out
    assert "Rows left: 2. Working days left, today included: 3." in text
    assert "Rows left: 2. The deadline has passed." in run(tmp_path, "periods", "--today", "2025-04-24").out
    assert "No working day is left" not in text


def test_without_a_deadline_nothing_is_guessed(tmp_path: Path) -> None:
    _episodes(tmp_path, "010190-900P")
    run(tmp_path, "coverage", "--period", "2025Q1")
    done = run(tmp_path, "periods", "--today", "2025-04-17")
    assert "The deadline is unknown, so no pace can be told" in done.out
    first = run(tmp_path, "periods", "-f", "json").out
    assert "pace" not in first
    assert "today" not in first


def test_remembering_can_be_switched_off(tmp_path: Path) -> None:
    _episodes(tmp_path, "010190-900P")
    run(tmp_path, "coverage", "--period", "2025Q1", KANTA_GAP_REMEMBER_RUNS="no")
    assert "Burn-down" not in run(tmp_path, "periods").out


def test_what_is_remembered_changes_no_output(tmp_path: Path) -> None:
    _episodes(tmp_path, "010190-900P")
    database = tmp_path / "kanta-gap.duckdb"
    before = database.read_bytes()
    without = run(tmp_path, "coverage", "--period", "2025Q1", "-f", "json", KANTA_GAP_REMEMBER_RUNS="no")
    assert database.read_bytes() == before
    assert without.out == run(tmp_path, "coverage", "--period", "2025Q1", "-f", "json").out


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("2025Q1;2025-01-01;2025-03-31;2025-03-01\n", "the deadline is before the period's end"),
        ("A;2025-01-01;2025-03-31;\nB;2025-03-31;2025-06-30;\n", "overlaps another period"),
        ("A;2025-03-31;2025-01-01;\n", "the period ends before it starts"),
    ],
)
def test_a_period_that_cannot_be_is_rejected_with_its_place(tmp_path: Path, rows: str, told: str) -> None:
    (tmp_path / "periods.csv").write_text("period;start;end;deadline\n" + rows)
    done = run(tmp_path, "register", "periods.csv")
    assert done.code == 3
    assert told in done.err


def test_periods_of_two_files_that_overlap_are_told(tmp_path: Path) -> None:
    for name, row in (("a", "A;2025-01-01;2025-03-31;"), ("b", "B;2025-03-01;2025-05-31;")):
        (tmp_path / f"{name}.csv").write_text(f"period;start;end;deadline\n{row}\n")
        done = run(tmp_path, "register", f"{name}.csv")
    assert done.code == 3
    assert "the periods A and B share days" in done.err


def test_a_municipality_that_does_not_exist_is_told_and_kept(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("municipality;year;population\n092;2024;100\n998;2024;5\n")
    done = run(tmp_path, "register", "p.csv")
    assert done.code == 0
    assert "in no list of municipalities since 2023 (1): 998" in done.err


def test_the_period_by_itself_is_the_newest_that_the_data_speak_of(tmp_path: Path) -> None:
    """An open row belongs to every later quarter, of which nobody has told anything yet."""

    def told() -> str:
        return str(json.loads(run(tmp_path, "coverage", "-f", "json").out)["period"]["id"])

    (tmp_path / "e.csv").write_text(f"{_EPISODES}R1;010190-900P;24;2025-01-01;{_ORGANISER}\n")
    run(tmp_path, "register", "e.csv")
    assert told() == "2025Q1"
    (tmp_path / "f.csv").write_text(f"{_EPISODES}R2;010190-900P;24;2025-07-01;{_ORGANISER}\n")
    run(tmp_path, "register", "f.csv")
    assert told() == "2025Q3"
    (tmp_path / "p.csv").write_text("period;start;end;deadline\nalku;2025-01-01;2025-03-31;2025-05-31\n")
    run(tmp_path, "register", "p.csv")
    assert told() == "alku"


@pytest.mark.parametrize(
    ("written", "asked"),
    [pytest.param("2025Q1", "2025q1", marks=pytest.mark.long), ("2025q1", "2025 Q1"), ("Kevät 25", "KEVÄT  25")],
)
def test_a_period_of_the_file_is_meant_however_it_is_spelled(tmp_path: Path, written: str, asked: str) -> None:
    _episodes(tmp_path, "010190-900P")
    (tmp_path / "periods.csv").write_text(f"period;start;end;deadline\n{written};2025-01-01;2025-02-28;2025-04-15\n")
    assert run(tmp_path, "register", "periods.csv").code == 0

    def told(period: str) -> dict[str, object]:
        done = run(tmp_path, "gaps", "--period", period, "-f", "json")
        return dict(json.loads(done.out)["period"])

    assert told(asked) == told(written)
    assert told(asked)["end"] == "2025-02-28" and not told(asked)["assumed"]
    # The calendar's quarter may be asked for by its days, and never bears the name that the file gives to others.
    whole = told("2025-01-01..2025-03-31")
    assert (whole["end"], whole["assumed"]) == ("2025-03-31", True)
    assert whole["id"] == ("2025Q1" if written.startswith("Kev") else "2025-01-01..2025-03-31")


def test_two_periods_of_the_file_whose_names_differ_by_spelling_are_asked_for_as_written(tmp_path: Path) -> None:
    _episodes(tmp_path, "010190-900P")
    rows = "2025Q1;2025-01-01;2025-02-28\n2025q1;2025-03-01;2025-03-31\n"
    (tmp_path / "periods.csv").write_text(f"period;start;end\n{rows}")
    assert run(tmp_path, "register", "periods.csv").code == 0
    asked = [run(tmp_path, "gaps", "--period", name, "-f", "json") for name in ("2025Q1", "2025q1", "2025-Q1")]
    assert [json.loads(one.out)["period"]["end"] for one in asked[:2]] == ["2025-02-28", "2025-03-31"]
    assert (asked[2].code, "2025q1" in asked[2].err) == (2, True)
