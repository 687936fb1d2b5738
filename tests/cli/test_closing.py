"""A closed period is told again as it was told, by the real commands, whatever was loaded, set or forgotten since."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from analyser.cli.period import csv_pieces, json_pieces
from tests.command import run_here

ORGANISER = "1.2.246.10.99999901.10.0"
_SIGNS = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def hetu(number: int) -> str:
    """A synthetic person."""
    day = "010190"
    return f"{day}-{number}{_SIGNS[int(f'{day}{number}') % 31]}"


def _register(folder: Path, *rows: tuple[str, int, str, str]) -> None:
    lines = ["source_id;person_id;service_task;start;end;organiser;x_team"]
    lines += [f'{key};{hetu(who)};24;{start};{end};{ORGANISER};"a ""b"", c"' for key, who, start, end in rows]
    (folder / "episodes.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = run_here(folder, "register", "episodes.csv", "--replace-all")
    assert done.code == 0, done.err


_ROWS = (
    ("R1", 900, "2025-01-10", ""),
    ("R2", 901, "2025-01-10", "2025-02-10"),
    ("R3", 902, "2025-03-10", "2025-02-01"),
)
_FORMS = [
    (command, form, lang)
    for command in ("coverage", "gaps")
    for form, lang in (("json", "en"), ("csv", "fi"), ("text", "fi"), ("text", "en"))
]


def _told(folder: Path, *more: str) -> dict[tuple[str, str, str], tuple[int, str]]:
    found = {}
    for command, form, lang in _FORMS:
        done = run_here(folder, command, "--period", "2025Q1", "-f", form, "--lang", lang, *more)
        found[command, form, lang] = (done.code, done.out)
    return found


@pytest.fixture
def county(tmp_path: Path) -> Path:
    _register(tmp_path, *_ROWS)
    return tmp_path


def test_what_was_told_is_told_again_byte_for_byte(county: Path) -> None:
    before = _told(county)
    closed = run_here(county, "period", "close", "2025Q1")
    assert closed.code == 3  # allowed, and told: a row is undetermined
    assert "1 undetermined row" in closed.err
    again = run_here(county, "period", "close", "2025Q1")
    assert "nothing is another since" in again.err
    assert _told(county, "--as-told") == before
    same = run_here(county, "diff", "--as-told", "--period", "2025Q1")
    assert same.code == 0, same.err
    assert (same.code, "Nothing that the comparison rests on" in same.out) == (0, True)

    _register(county, ("R1", 900, "2025-01-11", ""), ("R4", 903, "2025-01-10", ""))
    (county / "kanta-gap.toml").write_text('county_name = "Other"\n')
    assert _told(county, "--as-told") == before
    assert _told(county, "--as-told", "1") == before
    assert _told(county) != before
    found = json.loads(run_here(county, "diff", "--as-told", "--period", "2025Q1", "-f", "json").out)
    assert found["changed"] == ["register"]
    assert {row["source_id"]: (row["change"], row["causes"]) for row in found["rows"]} == {
        "R2": ("gone", ["register"]), "R3": ("gone", ["register"]), "R4": ("new", ["register"]),
    }  # fmt: skip
    assert run_here(county, "period", "close", "2025Q1").code == 0
    assert _told(county, "--as-told", "1") == before
    assert _told(county, "--as-told") == _told(county)
    listed = json.loads(run_here(county, "period", "list", "-f", "json").out)["closings"]
    assert [(one["number"], one["rows"], one["undetermined"]) for one in listed] == [(1, 3, 1), (2, 2, 0)]
    assert "2025Q1" in run_here(county, "period", "list").out
    assert run_here(county, "period", "list", "-f", "csv").out.count("\n") == 3


def test_the_cause_of_a_difference_is_named(county: Path) -> None:
    assert run_here(county, "period", "close", "2025Q1").code == 3
    (county / "identities.csv").write_text(
        f"person_id;person_id_root;same_as_id;same_as_root\n{hetu(900)};1.2.246.21;{hetu(904)};1.2.246.21\n"
    )
    assert run_here(county, "register", "identities.csv").code == 0
    (county / "kanta-gap.toml").write_text('organisers = ["1.2.246.10.99999902"]\n')
    found = json.loads(run_here(county, "diff", "--as-told", "-f", "json").out)
    assert found["changed"] == ["identities", "settings"]
    assert {row["source_id"] for row in found["rows"]} == {"R1", "R2", "R3"}
    assert all(row["causes"] == ["identities", "settings"] for row in found["rows"])


@pytest.mark.long
def test_forgotten_persons_leave_the_frozen_rows_and_figures_stay(county: Path) -> None:
    before = _told(county)
    assert run_here(county, "period", "close", "2025Q1").code == 3
    key = json.loads(run_here(county, "gaps", "--period", "2025Q1", "-f", "json").out)["rows"][0]["person_key"]
    assert run_here(county, "db", "forget-person", key, "--yes").code == 0
    after = _told(county, "--as-told")
    rows = json.loads(after["gaps", "json", "en"][1])["rows"]
    assert [row["source_id"] for row in rows] == ["R2", "R3"]
    assert key not in after["gaps", "csv", "en"][1]
    assert after["gaps", "text", "en"][0] == 2
    assert after["coverage", "json", "en"] == before["coverage", "json", "en"]
    assert run_here(county, "db", "forget-persons").code == 0
    after = _told(county, "--as-told")
    assert after["gaps", "json", "en"][0] == after["gaps", "csv", "fi"][0] == 2
    assert after["coverage", "text", "fi"] == before["coverage", "text", "fi"]
    with duckdb.connect(str(county / "kanta-gap.duckdb")) as database:
        assert database.execute("SELECT count(*) FROM period_told_row").fetchone() == (0,)


def test_what_cannot_be_closed_or_told_again_says_so(county: Path) -> None:
    def told(*arguments: str) -> tuple[int, str]:
        done = run_here(county, *arguments)
        return done.code, done.err

    assert told("gaps", "--as-told")[0] == 2
    assert told("coverage", "--period", "2025Q1", "--as-told")[0] == 2
    assert told("period", "close", "2999Q1")[0] == 2
    assert told("period", "close")[0] == 2
    assert told("period", "list", "2025Q1")[0] == 2
    assert told("period", "close", "2020Q1")[0] == 4
    assert told("period", "close", "2025Q1")[0] == 3
    assert "closed 1 time" in told("coverage", "--period", "2025Q1", "--as-told", "2")[1]
    assert "--class" in told("gaps", "--class", "missing", "--as-told")[1]
    assert "--as-of" in told("coverage", "--as-told", "--as-of", "2025-01-01")[1]
    assert told("gaps", "--as-told", "-f", "xlsx")[0] == 2
    assert told("diff", "--as-told", "a", "b")[0] == 2
    assert told("diff", "a")[0] == 2


def test_a_ledger_is_cut_into_its_rows_and_put_together_again() -> None:
    told = '{"a": 1,\n"rows": [\n{"source_id":"x\\n","person_key":"k"},\n{"source_id":"y","person_key":null}\n],\n"b": []}\n'
    assert [piece.person_key for piece in json_pieces(told)] == [None, "k", "", None]
    assert len(json_pieces('{"rows": [],\n"b": []}\n')) == 1
    lines = 'source_id,person_key\n"a\nb",k\nc,l\n'
    assert [piece.person_key for piece in csv_pieces(lines)] == [None, "k", "l"]
