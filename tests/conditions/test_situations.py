"""Four counties, each lacking one thing or nothing, through the real command: judged right, and with a known truth."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.command import run_here as run


def _county(folder: Path, situation: str, *without: str) -> None:
    assert run(folder, "synth", "county", "--persons", "60", "--defects", situation, "--container", "zip").code == 0
    assert run(folder, "ingest", "county/archive", "--workers", "1").code == 0
    files = sorted(path.name for path in (folder / "county").glob("*.csv") if path.name not in without)
    assert run(folder, "register", *(f"county/{name}" for name in files)).code == 0


def _conditions(folder: Path) -> dict[str, Any]:
    told = json.loads(run(folder, "coverage", "--period", "2025Q1", "-f", "json").out)
    found: dict[str, Any] = told["separate_delivery"]["conditions"]
    return found


_LONG = pytest.mark.skipif(not os.environ.get("TESTS_LONG"), reason="a run of minutes, only with TESTS_LONG=1")


@pytest.mark.parametrize(
    ("situation", "statuses", "table", "findings"),
    [
        ("conditions-met", ("met", "met", "met"), ("population", "municipalities"), []),
        ("silent-unit", ("not-met", "met", "met"), ("period", "units"), ["none", "none"]),
        ("missing-task", ("met", "not-met", "not-met"), ("service_tasks", "service_tasks"), ["short"]),
        ("missing-municipality", ("met", "not-met", "not-met"), ("population", "municipalities"), ["short"]),
    ],
)
def test_a_situation_is_judged_right(
    tmp_path: Path, situation: str, statuses: tuple[str, ...], table: tuple[str, str], findings: list[str]
) -> None:
    _county(tmp_path, situation)
    found = _conditions(tmp_path)
    assert tuple(found[name]["status"] for name in ("period", "service_tasks", "population")) == statuses
    condition, name = table
    lines = [row for row in found[condition]["details"][name] if row["finding"] not in ("met", "no-level")]
    assert [row["finding"] for row in lines] == findings
    if situation == "missing-task":
        assert (lines[0]["service_task"], lines[0]["archived"], lines[0]["rows"]) == ("20", 0, 10)
        weighted = {row["service_task"]: row for row in found["population"]["details"]["population_weighted"]}
        assert (weighted["20"]["comprehensive"], weighted["24"]["population_share"] > 0) == (0, True)
    if situation == "missing-municipality":
        assert (lines[0]["municipality"], lines[0]["archived_clients"]) == ("753", 0)
    if situation == "silent-unit":
        assert {row["unit"] for row in lines} == {"1.2.246.10.99999901.10.22"}
        assert [row["month"] for row in lines] == ["2025-02", "2025-03"]
    truth = json.loads((tmp_path / "county" / "truth.json").read_text(encoding="utf-8"))
    ledger = json.loads(run(tmp_path, "gaps", "--period", "2025Q1", "-f", "json").out)
    told = ("class", "reasons", "days_expected", "days_archived")
    assert {row["source_id"]: {key: row[key] for key in told} for row in ledger["rows"]} == truth["rows"]


@_LONG
def test_what_the_data_do_not_decide_is_unknown_and_the_tables_are_there_on_request(tmp_path: Path) -> None:
    _county(tmp_path, "conditions-met", "population.csv")
    found = _conditions(tmp_path)
    assert found["population"] | {"details": None} == {
        "status": "unknown",
        "evidence": "No population file is loaded: the data do not tell.",
        "thresholds": {
            "service_task_share": 1.0,
            "municipality_share": 1.0,
            "sparse_share": 0.25,
            "least_expected": 5.0,
        },
        "numbers": found["population"]["numbers"],
        "details": None,
    }
    short = run(tmp_path, "coverage", "--period", "2025Q1").out
    whole = run(tmp_path, "coverage", "--period", "2025Q1", "--conditions").out
    assert "Period: documents by document group, unit and month" not in short
    assert "Period: documents by document group, unit and month" in whole
    assert "1.2.246.10.99999901.10.22" in whole
    assert whole == run(tmp_path, "coverage", "--period", "2025Q1", "-v").out
    page = run(tmp_path, "coverage", "--period", "2025Q1", "-f", "html", "--lang", "sv").out
    assert "Period: handlingar per handlingsgrupp, enhet och månad" in page
    # The quarter before has no year before it, and the county's own setting tells what a population base lacks.
    earlier = run(tmp_path, "coverage", "--period", "2024Q1", "-f", "json").out
    assert json.loads(earlier)["separate_delivery"]["conditions"]["period"]["evidence"].startswith("Every month has")
    assert json.loads(earlier)["separate_delivery"]["conditions"]["period"]["status"] == "unknown"
    run(tmp_path, "register", "county/population.csv")
    (tmp_path / "kanta-gap.toml").write_text('county = "1"\n', encoding="utf-8")
    lacking = _conditions(tmp_path)["population"]
    assert (lacking["status"], lacking["numbers"]["without_population"]) == ("unknown", 5)
    assert "018 Askola" in lacking["evidence"]
    (tmp_path / "kanta-gap.toml").write_text('county = "77"\n', encoding="utf-8")
    assert "names no county: 77" in run(tmp_path, "coverage", "--period", "2025Q1").err


@_LONG
def test_thresholds_are_settings_and_change_the_judgement_without_a_new_ingest(tmp_path: Path) -> None:
    _county(tmp_path, "silent-unit")
    assert _conditions(tmp_path)["period"]["status"] == "not-met"
    (tmp_path / "kanta-gap.toml").write_text("month_share = 0\nedge_month_share = 0.0\n", encoding="utf-8")
    found = _conditions(tmp_path)["period"]
    assert (found["status"], found["thresholds"]["month_share"]) == ("met", 0.0)
