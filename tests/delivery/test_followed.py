"""A delivery is followed to its end by the real commands: sent, answered, corrected, adopted, over several periods."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest

from analyser.national.dates import FINLAND
from tests.archive.build import document
from tests.command import Done, run_here

ORGANISER = "1.2.246.10.99999901.10.0"
PERSONS = {"a": "010190-900P", "b": "020290-9016", "c": "030390-902A", "d": "040490-903U"}
_SIGNS = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def _hetu(name: str) -> str:
    day = PERSONS[name]
    return day[:10] + _SIGNS[int(day[:6] + day[7:10]) % 31]


def _register(folder: Path, *rows: tuple[str, str, str, str], organiser: str = ORGANISER) -> None:
    lines = ["source_id;person_id;service_task;start;end;organiser"]
    lines += [f"{key};{_hetu(who)};24;{start};{end};{organiser}" for key, who, start, end in rows]
    (folder / "episodes.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = run_here(folder, "register", "episodes.csv", "--replace-all")
    assert done.code == 0, done.err


def _deliver(folder: Path, *arguments: str) -> Done:
    return run_here(folder, "deliver", *arguments)


def _status(folder: Path, period: str = "2025Q1") -> dict[str, str]:
    told = json.loads(_deliver(folder, "--status", "--period", period, "-f", "json").out)
    return {row["source_id"]: row["status"] for row in told["rows"]}


@pytest.fixture
def county(tmp_path: Path) -> Path:
    _register(
        tmp_path, ("R1", "a", "2025-01-10", ""), ("R2", "b", "2025-01-10", "2025-02-10"), ("R3", "c", "2025-02-01", "")
    )
    assert _deliver(tmp_path, "--period", "2025Q1", "--out", "d1").code == 0
    return tmp_path


def _sent(county: Path) -> None:
    assert _deliver(county, "--mark-sent", "d1").code == 0


def test_an_end_after_the_period_is_no_change_and_an_end_inside_is(county: Path) -> None:
    _register(
        county,
        ("R1", "a", "2025-01-10", "2025-05-20"),
        ("R2", "b", "2025-01-10", "2025-02-10"),
        ("R3", "c", "2025-02-01", "2025-03-31"),
    )
    assert _status(county) == {"R1": "ended-since", "R2": "delivered", "R3": "changed"}
    done = _deliver(county, "--period", "2025Q1", "--corrections", "--out", "c1")
    assert "0 new, 1 changed, 0 withdrawn" in done.err
    assert "ended since" in done.err
    assert "0 new, 1 changed, 0 withdrawn" in (county / "c1" / "covering-note.txt").read_text()
    assert json.loads((county / "c1" / "manifest.json").read_text())["changes"]["changed"] == 1
    # The whole delivery of the same state holds the row all the same: Kanta lacks it.
    assert _deliver(county, "--period", "2025Q1", "--out", "d2").code == 0
    assert "R1;" in (county / "d2" / "service_task_episodes.csv").read_text()


def test_a_period_that_got_other_days_keeps_its_deliveries(county: Path) -> None:
    _sent(county)
    (county / "periods.csv").write_text("period;start;end;deadline\n2025Q1;2025-01-01;2025-04-30;2025-06-15\n")
    assert run_here(county, "register", "periods.csv").code == 0
    assert set(_status(county).values()) == {"delivered"}
    with pytest.raises(AssertionError):  # a second mark of what is marked
        _sent(county)


def test_the_verdict_knows_what_was_sent(county: Path) -> None:
    before = run_here(county, "coverage", "--period", "2025Q1")
    assert "A separate delivery is needed" in before.out
    assert "--mark-sent FOLDER" in before.out
    assert "--out delivery-2025Q1" not in before.out
    _sent(county)
    after = run_here(county, "coverage", "--period", "2025Q1")
    assert after.code == before.code == 1
    assert "Delivered separately: 3 episodes, marked as sent on" in after.out
    assert "0 new, 0 changed since" in after.out
    assert "--corrections" not in after.out
    welcome = run_here(county)
    assert "--out delivery-2025Q1" not in welcome.out
    _register(county, ("R1", "a", "2025-01-11", ""), ("R3", "c", "2025-02-01", ""), ("R4", "d", "2025-02-01", ""))
    changed = run_here(county, "coverage", "--period", "2025Q1")
    assert "1 new, 1 changed since" in changed.out
    assert "1 delivered episode no longer belongs to the period" in changed.out
    assert "--corrections --out corrections-2025Q1" in changed.out
    told = json.loads(run_here(county, "coverage", "--period", "2025Q1", "-f", "json").out)["sources"]["episodes"]
    assert (told["delivered"], told["new"], told["changed"], told["withdrawn"]) == (1, 1, 1, 1)


def test_a_receipt_marks_ties_and_gives_back_what_was_not_taken(county: Path) -> None:
    never = _deliver(county, "--receipt", "d1", "--receipt-number", "THL-1")
    assert never.code == 2
    assert "not marked as sent" in never.err
    today = dt.datetime.now(FINLAND).date().isoformat()  # a day is a Finnish one, while the log tells moments in UTC
    assert _deliver(county, "--receipt", "d1", "--sent-on", "2025-01-01").code == 2
    assert _deliver(county, "--receipt", "d1", "--sent-on", "2999-01-01").code == 2
    (county / "refused.txt").write_text("R2\n")
    (county / "strange.txt").write_text("R9\n")
    strange = _deliver(county, "--receipt", "d1", "--sent-on", today, "--refused-rows", "strange.txt")
    assert strange.code == 2
    kept = _deliver(
        county, "--receipt", "d1", "--sent-on", today, "--receipt-number", "THL-1", "--accepted", "2",
        "--refused-rows", "refused.txt", "--note", "called 010190-900P",
    )  # fmt: skip
    assert kept.code == 0, kept.err
    assert _status(county) == {"R1": "delivered", "R2": "new", "R3": "delivered"}
    told = json.loads(_deliver(county, "--status", "--period", "2025Q1", "-f", "json").out)["deliveries"][0]["receipt"]
    assert (told["number"], told["accepted"], told["refused"], told["returned"]) == ("THL-1", 2, 1, 1)
    assert "010190" not in json.dumps(told)
    untied = _deliver(county, "--receipt", "d1", "--accepted", "1", "--refused", "0")
    assert untied.code == 3
    assert "says nothing of 2 rows" in untied.err
    assert set(_status(county).values()) == {"delivered"}
    fewer = _deliver(county, "--receipt", "d1", "--refused", "2", "--refused-rows", "refused.txt")
    assert (fewer.code, "1 row was not taken by --refused" in fewer.err) == (3, True), fewer.err
    assert _deliver(county, "--receipt", "d1", "--accepted", "3", "--refused", "0").code == 0
    assert _deliver(county, "--unmark-sent", "d1").code == 0
    assert _deliver(county, "--accepted", "1", "--status").code == 2


def test_all_periods_stand_beside_each_other_and_are_corrected_at_once(county: Path) -> None:
    _sent(county)
    _register(
        county, ("R1", "a", "2025-01-10", ""), ("R2", "b", "2025-01-10", "2025-02-10"), ("R3", "c", "2025-02-01", "")
    )
    assert _deliver(county, "--period", "2025Q2", "--out", "d2").code == 0
    assert _deliver(county, "--mark-sent", "d2").code == 0
    _register(county, ("R1", "a", "2025-01-12", ""), ("R2", "b", "2025-01-10", "2025-02-10"))
    told = json.loads(_deliver(county, "--status", "-f", "json").out)
    waiting = {one["period"]["id"]: one["waiting"] for one in told["periods"]}
    assert (waiting["2025Q1"], waiting["2025Q2"]) == (2, 2)
    table = list(csv.DictReader(_deliver(county, "--status", "-f", "csv").out.splitlines()))
    assert [row["withdrawn"] for row in table if row["period"].startswith("2025Q")][:2] == ["1", "1"]
    shown = _deliver(county, "--status")
    assert "--corrections --all" in shown.out
    assert _deliver(county, "--all", "--out", "x").code == 2
    assert _deliver(county, "--corrections", "--all", "--period", "2025Q1", "--out", "x").code == 2
    done = _deliver(county, "--corrections", "--all", "--out", "all", "-v")
    assert done.code == 0, done.err
    assert len(re.findall(r" compared in [\d.]+ s$", done.err, re.MULTILINE)) == 2  # each period once
    assert sorted(path.name for path in (county / "all").iterdir()) == ["2025Q1", "2025Q2"]
    assert _deliver(county, "--check", "all/2025Q1").code == 0
    assert _deliver(county, "--mark-sent", "all/2025Q1").code == 0
    again = _deliver(county, "--corrections", "--all", "--out", "again")
    assert "2025Q1: nothing to correct" in again.err
    assert [path.name for path in (county / "again").iterdir()] == ["2025Q2"]


def test_a_renamed_row_is_neither_withdrawn_nor_new(county: Path) -> None:
    _sent(county)
    _register(
        county, ("N1", "a", "2025-01-10", ""), ("N2", "b", "2025-01-10", "2025-02-15"), ("R3", "c", "2025-02-02", "")
    )
    assert _status(county) == {"N1": "renamed", "N2": "changed", "R3": "changed"}
    done = _deliver(county, "--period", "2025Q1", "--corrections", "--out", "c1")
    assert "0 new, 2 changed, 0 withdrawn" in done.err
    assert _deliver(county, "--mark-sent", "c1").code == 0
    assert _status(county) == {"N1": "renamed", "N2": "delivered", "R3": "delivered"}
    assert _deliver(county, "--period", "2025Q1", "--out", "d2").code == 0
    assert _deliver(county, "--mark-sent", "d2").code == 0
    assert set(_status(county).values()) == {"delivered"}
    _register(county, ("N1", "a", "2025-01-12", ""))  # another start: another row
    assert _status(county) == {"N1": "changed", "N2": "withdrawn", "R3": "withdrawn"}


def test_the_pace_stops_when_everything_was_sent(county: Path) -> None:
    def settled() -> tuple[bool, object]:
        done = run_here(county, "periods", "--period", "2025Q1", "--today", "2025-05-01", "-f", "json")
        (told,) = json.loads(done.out)["periods"]
        return told.get("settled"), told["pace"]

    (county / "periods.csv").write_text("period;start;end;deadline\n2025Q1;2025-01-01;2025-03-31;2025-06-15\n")
    assert run_here(county, "register", "periods.csv").code == 0
    assert settled()[0] is None
    assert settled()[1] is not None
    _sent(county)
    assert settled() == (True, None)
    assert "All that lacks was sent" in run_here(county, "periods", "--period", "2025Q1").out
    (county / "a.xml").write_text(document())  # of nobody whom the register has
    assert run_here(county, "ingest", "a.xml").code == 0
    assert "Deadline 2025-06-15: sent." in run_here(county).out
    _register(county, ("R1", "a", "2025-01-11", ""), ("R3", "c", "2025-02-01", "2025-04-20"))
    run_here(county, "coverage", "--period", "2025Q1")
    assert settled()[0] is False
    assert _deliver(county, "--period", "2025Q1", "--corrections", "--out", "c1").code == 0
    assert _deliver(county, "--mark-sent", "c1").code == 0
    assert settled() == (True, None)
    # Numbered anew, by the settings and without them, and merged: still sent.
    new = f"{ORGANISER[:-2]}.77"
    (county / "kanta-gap.toml").write_text(
        f'[succession]\norganisers = [{{ old = "{ORGANISER}", new = "{new}", from = "2025-04-01" }}]\n'
        'ids = [{ old = "R1", new = "N1" }]\n'
    )
    _register(county, ("N1", "a", "2025-01-11", ""), ("N3", "c", "2025-02-01", "2025-04-20"), organiser=new)
    run_here(county, "coverage", "--period", "2025Q1")
    assert settled() == (True, None)
    _register(county, ("N1", "a", "2025-01-11", ""), ("N3", "c", "2025-02-02", "2025-04-20"), organiser=new)
    run_here(county, "coverage", "--period", "2025Q1")
    assert settled()[0] is False
    # A load that is taken back was never so, not even when the same is loaded once more.
    last = json.loads(run_here(county, "register", "--list", "-f", "json").out)["loads"][-1]["number"]
    assert run_here(county, "register", "--undo", str(last)).code == 0
    assert settled() == (True, None)
    assert run_here(county, "register", "episodes.csv", "--replace-all").code == 0
    run_here(county, "coverage", "--period", "2025Q1")
    assert settled()[0] is False


def test_numbers_are_never_given_twice(county: Path) -> None:
    assert json.loads((county / "d1" / "manifest.json").read_text())["number"] == 1
    with duckdb.connect(str(county / "kanta-gap.duckdb")) as database:  # as a run killed before its end leaves it
        database.execute("DELETE FROM delivery")
        database.execute("DELETE FROM delivery_row")
    assert _deliver(county, "--period", "2025Q1", "--out", "d2").code == 0
    assert json.loads((county / "d2" / "manifest.json").read_text())["number"] == 2


def test_a_restored_and_a_new_database_and_one_without_persons_take_a_delivery_in(county: Path) -> None:
    database = county / "kanta-gap.duckdb"
    shutil.copy(database, county / "copy.duckdb")
    _register(
        county, ("R1", "a", "2025-01-10", ""), ("R2", "b", "2025-01-12", "2025-02-10"), ("R4", "d", "2025-02-01", "")
    )
    _sent(county)
    assert _deliver(county, "--period", "2025Q1", "--corrections", "--out", "c1").code == 0
    assert _deliver(county, "--mark-sent", "c1").code == 0
    known = _status(county)
    assert _deliver(county, "--adopt", "c1").code == 2  # known already

    def taken_in(*more: str) -> dict[str, str]:
        for name in ("d1", "c1"):
            if _deliver(county, "--check", name).code:
                done = _deliver(county, "--adopt", name, *more)
                assert done.code == 0, done.err
            assert _deliver(county, "--mark-sent", name).code == 0
        return _status(county)

    shutil.copy(county / "copy.duckdb", database)  # the copy of before the corrections
    run_here(county, "register", "episodes.csv", "--replace-all")
    assert taken_in() == known
    numbers = [
        one["number"] for one in json.loads(_deliver(county, "--status", "-f", "json").out)["periods"][0]["deliveries"]
    ]
    assert numbers == [1, 2]
    database.unlink()  # nothing is left but the folders and the register
    run_here(county, "register", "episodes.csv")
    assert taken_in() == known
    database.unlink()
    run_here(county, "register", "episodes.csv")
    assert run_here(county, "db", "forget-persons").code == 0
    assert taken_in() == known
    kept = "".join(str(row) for row in duckdb.connect(str(database)).execute("FROM delivery_row").fetchall())
    assert all(_hetu(name) not in kept for name in PERSONS)


def test_folders_of_others_are_not_taken_in(county: Path) -> None:
    other = county / "other"
    other.mkdir()
    empty = _deliver(other, "--adopt", "../d1")
    assert empty.code == 2
    _register(other, ("R1", "a", "2025-01-10", ""), organiser="1.2.246.10.99999902.10.0")
    foreign = _deliver(other, "--adopt", "../d1")
    assert foreign.code == 2
    assert "organisers that this database does not know" in foreign.err
    for name in ("plain.toml", "plain.sql"):
        source = Path(__file__).parents[2] / "queries" / "delivery" / name
        (county / name.replace("plain", "own")).write_text(source.read_text() + "\n")
    _deliver(county, "--period", "2025Q1", "--profile", "own.toml", "--out", "own")
    with duckdb.connect(str(county / "kanta-gap.duckdb")) as database:
        database.execute("DELETE FROM delivery")
        database.execute("DELETE FROM delivery_row")
    profile = _deliver(county, "--adopt", "own")
    assert profile.code == 2
    assert "was not written by the profile plain" in profile.err
    assert _deliver(county, "--adopt", "own", "--profile", "own.toml").code == 0
    (county / "d1" / "service_task_episodes.csv").write_text("x")
    assert "file-changed" in _deliver(county, "--adopt", "d1").err
