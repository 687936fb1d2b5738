"""Loads are versions: told, compared before, held back when they look wrong, and taken back as if they had not been."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.command import Done, run_here

_ORGANISER = "1.2.246.10.99999901.10.0"
_HEAD = "source_id;person_id;service_task;start;end;organiser"
_PEOPLE = [f"{day:02}0190-9{day:02}X" for day in range(1, 29)]


def _row(name: str, person: int = 1, start: str = "2025-01-10", **more: str) -> str:
    cells = {"person": _PEOPLE[person], "task": "24", "end": "", "organiser": _ORGANISER} | more
    return f"{name};{cells['person']};{cells['task']};{start};{cells['end']};{cells['organiser']}"


def _load(folder: Path, *rows: str, name: str = "e.csv", more: tuple[str, ...] = ()) -> Done:
    (folder / name).write_text("\n".join([_HEAD, *rows]) + "\n")
    return run_here(folder, "register", name, *more)


def _ids(folder: Path) -> list[str]:
    done = run_here(folder, "gaps", "--period", "2025Q1", "-f", "json")
    return [row["source_id"] for row in json.loads(done.out)["rows"]] if done.out else []


def _refused(folder: Path) -> int:
    done = run_here(folder, "coverage", "--period", "2025Q1", "-f", "json")
    return int(json.loads(done.out)["separate_delivery"]["refused"])


def _loads(folder: Path) -> list[dict[str, Any]]:
    done = run_here(folder, "register", "--list", "-f", "json")
    assert done.code == 0
    return list(json.loads(done.out)["loads"])


def _tables(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything that the register's rows and refusals say."""
    with duckdb.connect(str(folder / "kanta-gap.duckdb"), read_only=True) as connection:
        return {
            table: connection.execute(f"SELECT * EXCLUDE ({without}) FROM {table} ORDER BY ALL").fetchall()
            for table, without in (
                ("register_episode", "row, seen"),
                ("register_refused", "row"),
                ("register_error", "row"),
            )
        }


_TEN = [_row(f"R{n:02}", n) for n in range(10)]


def test_each_load_tells_what_it_changed_and_undoing_it_leaves_no_trace(tmp_path: Path) -> None:
    assert _load(tmp_path, *_TEN, _row("X", 11, "2025-13-01")).code == 3
    before = _tables(tmp_path)
    changed = [_row("R00", 0, "2025-01-11"), _row("R01", 1, "no day"), *_TEN[2:8], _row("R99", 12)]
    done = _load(tmp_path, *changed, more=("--whole", "--yes"))
    assert done.code == 3
    assert _ids(tmp_path) == ["R00", *(f"R0{n}" for n in range(2, 8)), "R99"]
    assert _refused(tmp_path) == 1
    first, second = _loads(tmp_path)
    counts = ("read", "new", "changed", "same", "gone", "refused", "whole")
    assert [first[name] for name in counts] == [11, 10, 0, 0, 0, 1, False]
    assert [second[name] for name in counts] == [9, 1, 1, 6, 2, 1, True]
    assert (first["number"], first["file"], first["kind"], first["source"]) == (1, "e.csv", "episodes", "e.csv")
    assert len(first["sha256"]) == 64 and first["loaded_at"] and first["os_user"] and not first["undone_at"]
    assert "e.csv" in run_here(tmp_path, "register", "--list", COLUMNS="160").out

    refused = run_here(tmp_path, "register", "--undo", "1")
    assert (refused.code, "load 2 rests on it" in refused.err) == (2, True)
    assert run_here(tmp_path, "register", "--undo", "2").code == 0
    assert _tables(tmp_path) == before
    assert run_here(tmp_path, "register", "--undo", "2").code == 2
    unknown = run_here(tmp_path, "register", "--undo", "1007")
    assert (unknown.code, unknown.err.splitlines()[0]) == (2, "kanta-gap: error: there is no load 1007; there are 1, 2")
    assert run_here(tmp_path, "register", "--undo", "1").code == 0
    assert not any(_tables(tmp_path).values())
    assert [bool(load["undone_at"]) for load in _loads(tmp_path)] == [True, True]
    # A load that another source's later load took rows from is not the last word either.
    _load(tmp_path, *_TEN[:2], name="a.csv")
    _load(tmp_path, *_TEN[1:3], name="b.csv")
    assert run_here(tmp_path, "register", "--undo", "3").code == 2
    assert [run_here(tmp_path, "register", "--undo", n).code for n in ("4", "3")] == [0, 0]


def test_a_whole_extract_ends_what_it_lacks_and_no_other_source(tmp_path: Path) -> None:
    assert _load(tmp_path, *_TEN, name="effica.csv").code == 0
    assert _load(tmp_path, _row("L1", 20), name="lifecare.csv").code == 0
    whole = _load(tmp_path, *_TEN[1:], name="effica.csv", more=("--whole",))
    assert (whole.code, "1 row of earlier loads is not in it" in whole.err) == (0, True)
    assert _ids(tmp_path) == ["L1", *(f"R0{n}" for n in range(1, 10))]
    # A refused row is in the extract: it is no withdrawal, also when nobody can read its name.
    assert run_here(tmp_path, "deliver", "--period", "2025Q1", "--out", "d", "-q").code == 0
    assert (
        _load(tmp_path, *_TEN[4:], _row("R03", 3, "?"), _row("", 2), name="effica.csv", more=("--whole", "--yes")).code
        == 3
    )
    assert _refused(tmp_path) == 2
    done = run_here(tmp_path, "deliver", "--period", "2025Q1", "--status", "-f", "json")
    statuses = {row["source_id"]: row["status"] for row in json.loads(done.out)["rows"]}
    # R01 and R02 are lacking and one row has no name: either may be it.
    assert {name: statuses[name] for name in ("R01", "R02", "R03", "R04", "L1")} == {
        "R01": "refused", "R02": "refused", "R03": "refused", "R04": "delivered", "L1": "delivered",
    }  # fmt: skip
    # Read whole and well, what is gone is gone.
    assert _load(tmp_path, *_TEN[4:], name="effica.csv", more=("--whole", "--yes")).code == 0
    done = run_here(tmp_path, "deliver", "--period", "2025Q1", "--status", "-f", "json")
    statuses = {row["source_id"]: row["status"] for row in json.loads(done.out)["rows"]}
    assert (_refused(tmp_path), {statuses[name] for name in ("R01", "R02", "R03")}) == (0, {"withdrawn"})


def test_a_file_of_a_new_name_is_told_against_all_that_was_loaded_without_one(tmp_path: Path) -> None:
    assert _load(tmp_path, *_TEN, name="2025Q1.csv").code == 0
    partial = _load(tmp_path, *_TEN[:3], name="2025Q2.csv")
    assert (partial.code, "7 rows of earlier loads are not in 2025Q2.csv, and stay" in partial.err) == (0, True)
    assert len(_ids(tmp_path)) == 10
    assert _load(tmp_path, *_TEN[:9], name="2025Q3.csv", more=("--whole",)).code == 0
    assert len(_ids(tmp_path)) == 9
    # Two extracts of one list in one command are not one: nobody could say which rows have left.
    for files in (("2025Q1.csv", "2025Q3.csv"), ("2025Q2.csv", "2025Q1.csv")):
        held = run_here(tmp_path, "register", *files, "--whole")
        assert (held.code, "two extracts of one list" in held.err, len(_ids(tmp_path))) == (3, True, 9)
    # One extract in two files.
    (tmp_path / "rest.csv").write_text("\n".join([_HEAD, *_TEN[4:8]]) + "\n")
    assert _load(tmp_path, *_TEN[:4], name="first.csv", more=("rest.csv", "--whole")).code == 0
    assert _ids(tmp_path) == [f"R0{n}" for n in range(8)]
    assert [load["gone"] for load in _loads(tmp_path)][-2:] == [0, 1]


@pytest.mark.parametrize("what", ["empty", "drop", "again", "older"])
def test_a_whole_extract_that_looks_wrong_writes_nothing_without_yes(tmp_path: Path, what: str) -> None:
    assert _load(tmp_path, *_TEN).code == 0
    rows = {"empty": [], "drop": _TEN[:7], "again": _TEN, "older": _TEN[:9]}[what]
    words = {
        "empty": "there is no row in it",
        "drop": "3 of 10 rows are not in it",
        "again": "as load 1",
        "older": "changed before that of load 1",
    }[what]
    if what == "older":
        (tmp_path / "older.csv").write_text("\n".join([_HEAD, *rows]) + "\n")
        os.utime(tmp_path / "older.csv", (1_700_000_000, 1_700_000_000))
        done = run_here(tmp_path, "register", "older.csv", "--whole")
    else:
        done = _load(tmp_path, *rows, more=("--whole",))
    assert (done.code, words in done.err, "--yes" in done.err) == (3, True, True)
    assert (len(_ids(tmp_path)), len(_loads(tmp_path))) == (10, 1)
    if what == "drop":
        (tmp_path / "kanta-gap.toml").write_text("register_drop = 0.3\n")
        assert _load(tmp_path, *rows, more=("--whole",)).code == 0
    else:
        assert _load(tmp_path, *rows, more=("--whole", "--yes")).code == 0
    assert len(_ids(tmp_path)) == len(rows)


def test_the_settings_of_a_source_say_that_it_is_whole(tmp_path: Path) -> None:
    (tmp_path / "kanta-gap.toml").write_text('[register.effica]\nkind = "episodes"\nwhole = true\n')
    assert _load(tmp_path, _row("L1", 20), name="other.csv").code == 0
    assert _load(tmp_path, *_TEN, more=("--as", "effica")).code == 0
    assert _load(tmp_path, *_TEN[:9], more=("--as", "effica")).code == 0
    assert _ids(tmp_path) == ["L1", *(f"R{n:02}" for n in range(9))]
    held = _load(tmp_path, *_TEN[:4], more=("--as", "effica"))
    assert (held.code, "5 of 9 rows are not in it" in held.err, len(_ids(tmp_path))) == (3, True, 10)
    assert _load(tmp_path, *_TEN[:4], more=("--as", "effica", "--yes")).code == 0
    assert [load["whole"] for load in _loads(tmp_path)] == [False, True, True, True]
    (tmp_path / "kanta-gap.toml").write_text('[register.effica]\nwhole = "yes"\n')
    assert _load(tmp_path, *_TEN, more=("--as", "effica")).code == 2


def test_comparing_tells_what_would_change_and_writes_nothing(tmp_path: Path) -> None:
    assert _load(tmp_path, *_TEN).code == 0
    before = (tmp_path / "kanta-gap.duckdb").read_bytes()
    rows = [
        *_TEN[:6],
        _row("R06", 6, "2025-01-11", end="2025-02-01"),
        _row("N7", 7),
        _row("NEW", 13),
        _row("R09", 9, "?"),
    ]
    done = _load(tmp_path, *rows, more=("--compare", "-f", "json"))
    assert done.code == 3
    (told,) = json.loads(done.out)["files"]
    found = {(row["change"], row["was"], row["source_id"]): row["differs"] for row in told["rows"]}
    assert found == {
        ("changed", None, "R06"): ["start", "end"],
        ("renamed", "R07", "N7"): [],
        ("new", None, "NEW"): [],
        ("gone", None, "R08"): [],
        ("refused", None, "R09"): [],
    }
    assert (told["same"], told["read"], told["whole"]) == (6, 10, False)
    text = _load(tmp_path, *rows, more=("--compare", "--whole")).out
    # What the settings say of new numbers and of a merger makes renamed what had another start, too.
    merged = f"{_ORGANISER[:-1]}9"
    (tmp_path / "kanta-gap.toml").write_text(
        f'[succession]\norganisers = [{{ old = "{_ORGANISER}", new = "{merged}", from = "2025-04-01" }}]\n'
        'ids = [{ old = "R01", new = "N1" }]\n'
    )
    anew = [_row("N1", 1, "2025-01-12"), *(_row(f"N{n}", n, organiser=merged) for n in (0, *range(2, 10)))]
    (one,) = json.loads(_load(tmp_path, *anew, more=("--compare", "--whole", "-f", "json")).out)["files"]
    assert {(row["change"], row["was"]) for row in one["rows"]} == {("renamed", f"R{n:02}") for n in range(10)}
    assert _load(tmp_path, *anew, more=("--whole", "--compare")).code == 0
    (tmp_path / "population.csv").write_text("municipality;year;population\n092;2025;250000\n")
    assert "R07 → N7" in text and "R06: start, end" in text and _PEOPLE[6] not in text
    assert (tmp_path / "kanta-gap.duckdb").read_bytes() == before
    # Rows that go on under another name have not left: nothing speaks against the extract.
    done = _load(tmp_path, *anew, more=("--whole",))
    assert (done.code, "10 of them go on under a new source_id" in done.err) == (0, True), done.err
    for _ in range(2):
        assert run_here(tmp_path, "register", "population.csv", "-q").code == 0
        told = json.loads(run_here(tmp_path, "register", "population.csv", "--compare", "-f", "json").out)
        assert (told["files"][0]["rows"], told["files"][0]["same"]) == ([], 1)


def test_a_row_that_names_another_person_or_organiser_is_told(tmp_path: Path) -> None:
    assert _load(tmp_path, *_TEN[:4]).code == 0
    (tmp_path / "ids.csv").write_text(f"person_id;same_as_id\n{_PEOPLE[3]};{_PEOPLE[23]}\n")
    assert run_here(tmp_path, "register", "ids.csv").code == 0
    other = [_row("R00", 20), _row("R01", 1, organiser=f"{_ORGANISER}.1"), _TEN[2], _row("R03", 23)]
    done = _load(tmp_path, *other, name="other.csv")
    assert (done.code, "2 rows with a known source_id name another person or organiser" in done.err) == (3, True)
    assert _load(tmp_path, *other, name="other.csv").code == 0


def test_replacing_a_source_touches_no_other(tmp_path: Path) -> None:
    assert _load(tmp_path, *_TEN[:3], name="effica.csv", more=("--replace", "effica")).code == 0
    assert _load(tmp_path, *_TEN[5:7], name="lifecare.csv").code == 0
    assert _load(tmp_path, _TEN[1], _row("R08", 8, "?"), name="e2.csv", more=("--replace", "effica")).code == 3
    assert (_ids(tmp_path), _refused(tmp_path)) == (["R01", "R05", "R06"], 1)
    assert _load(tmp_path, _TEN[0], name="e3.csv", more=("--replace", "effica")).code == 0
    assert (_ids(tmp_path), _refused(tmp_path)) == (["R00", "R05", "R06"], 0)
    assert [load["source"] for load in _loads(tmp_path)] == ["effica", "lifecare.csv", "effica", "effica"]
    misspelt = _load(tmp_path, _TEN[0], name="e3.csv", more=("--replace", "efica"))
    assert (misspelt.code, "did you mean ‘effica’" in misspelt.err, len(_loads(tmp_path))) == (2, True, 4), misspelt.err
    (tmp_path / "kanta-gap.toml").write_text('[register.new]\nkind = "episodes"\n')
    assert _load(tmp_path, _TEN[0], name="e4.csv", more=("--replace", "new")).code == 0


def test_repeating_an_extract_grows_nothing_and_every_kind_can_be_taken_back(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("municipality;year;population\n092;2025;250000\n049;2025;320000\n")
    for _ in range(3):
        assert run_here(tmp_path, "register", "p.csv").code == 0
        assert _load(tmp_path, *_TEN).code == 0
    (tmp_path / "p.csv").write_text("municipality;year;population\n092;2025;250001\n")
    assert run_here(tmp_path, "register", "p.csv").code == 0
    with duckdb.connect(str(tmp_path / "kanta-gap.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT relation, change FROM register_history").fetchall() == [
            ("register_population", "changed")
        ]
    assert run_here(tmp_path, "register", "--undo", "7").code == 0
    with duckdb.connect(str(tmp_path / "kanta-gap.duckdb"), read_only=True) as connection:
        told = connection.execute("SELECT municipality, population FROM register_population ORDER BY ALL").fetchall()
    assert told == [("049", 320000), ("092", 250000)]
    assert run_here(tmp_path, "db", "forget-persons").code == 0
    assert run_here(tmp_path, "register", "--undo", "6").code == 0
