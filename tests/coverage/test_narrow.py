"""The ledger narrowed to what somebody works on: which rows are listed, and what stays that of the whole ledger."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command import run_here as run
from tests.register.lists import ORGANISER, OTHER, PERSON

UNIT, PRODUCER = f"{ORGANISER}.21", f"{ORGANISER}.31"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("narrow")
    (folder / "e.csv").write_text(
        "source_id;person_id;service_task;start;end;organiser;unit;producer;municipality;x_team\n"
        f"A;{PERSON};24;2025-01-01;;{ORGANISER};{UNIT};{PRODUCER};092;Pohjoinen, ilta\n"
        f"B;{OTHER};10;2025-01-01;;{ORGANISER};;;091;Etelä\n"
        f"C;{OTHER};24;2025-02-01;2025-01-01;{ORGANISER};{UNIT};;;\n"
    )
    (folder / "u.csv").write_text(f"oid;name_fi;kind\n{UNIT};Perhetiimi, pohjoinen;unit\n")
    assert run(folder, "register", "e.csv", "u.csv").code == 0
    return folder


@pytest.fixture(scope="module")
def columns(county: Path) -> set[str]:
    """What the whole list tells of a row."""
    return set(json.loads(run(county, "gaps", "--period", "2025Q1", "-f", "json").out)["rows"][0])


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        (["--unit", UNIT], "AC"),
        (["--unit", "perhetiimi, pohjoinen"], "AC"),
        (["--unit", "none"], "B"),
        (["--unit", "nowhere"], ""),
        (["--producer", PRODUCER], "A"),
        (["--producer", f"none,{PRODUCER}"], "ABC"),
        (["--service-task", "families"], "AC"),
        (["--service-task", "24,10"], "ABC"),
        (["--municipality", "Vantaa"], "A"),
        (["--municipality", "91,none"], "BC"),
        (["--reason", "end-before-start"], "C"),
        (["--fixed-by", "service-unit"], "AB"),
        (["--fixed-by", "register"], "C"),
        (["--where", "x_team = Pohjoinen, ilta"], "A"),
        (["--where", "x_team != Etelä"], "AC"),
        (["--where", "X_TEAM = none"], "C"),
        (["--where", "class = missing", "--where", "service-task = 24"], "A"),
        (["--unit", UNIT, "--reason", "no-document"], "A"),
        (["--class", "undetermined", "--unit", UNIT], "C"),
    ],
)
def test_a_row_is_listed_when_all_that_is_asked_holds(
    county: Path, columns: set[str], filters: list[str], rows: str
) -> None:
    done = run(county, "gaps", "--period", "2025Q1", "-f", "json", *filters)
    told = json.loads(done.out)
    assert "".join(row["source_id"] for row in told["rows"]) == rows
    assert told["filters"]
    assert set(told["rows"][0] if rows else ()) <= columns
    assert done.code == 3, "the exit code is that of the whole ledger"
    assert f"{len(rows)} row" in done.err


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        (["--where", "quite_other = A"], "fixed_by"),
        (["--where", "x_tean = A"], "x_team"),
        (["--where", "x_team"], "condition"),
        (["--where", "= A"], "condition"),
        (["--reason", "no-documnet"], "no-document"),
        (["--fixed-by", "me"], "me"),
        (["--service-task", "familie"], "families"),
        (["--unit", "perhetimi"], "Perhetiimi, pohjoinen"),
        (["--municipality", "Utopia"], "Utopia"),
        (["--where", f"person_id = {PERSON}"], "person_id"),
        (["--services", "--unit", UNIT], "--services"),
        (["--as-told", "--unit", UNIT], "--unit"),
    ],
)
def test_what_does_not_exist_is_refused_with_what_may_be_meant(county: Path, filters: list[str], told: str) -> None:
    done = run(county, "gaps", "--period", "2025Q1", *filters, "--reveal-ids")
    assert (done.code, told in done.err, PERSON in done.err) == (2, True, False), done.err


def test_no_identifier_is_repeated_and_a_narrowed_list_is_not_compared(county: Path) -> None:
    done = run(county, "gaps", "--period", "2025Q1", "--where", f"source_id = {PERSON}", "-f", "json", "-o", "n.json")
    assert PERSON not in (county / "n.json").read_text() + done.err
    run(county, "gaps", "--period", "2025Q1", "-f", "json", "-o", "whole.json")
    done = run(county, "diff", "whole.json", "n.json")
    assert (done.code, "narrowed" in done.err) == (2, True)
    assert PERSON not in run(county, "gaps", "--period", "2025Q1", "--where", f"source_id = {PERSON}").out
    assert "x_team = Etelä" in run(county, "gaps", "--period", "2025Q1", "--where", "x_team=Etelä").out
