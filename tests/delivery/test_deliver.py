"""A delivery holds exactly what the ledger says Kanta lacks, and never looks whole when it is not."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import stat
from pathlib import Path

import pytest

from tests.command import run_here as run
from tests.fixtures.make_county import COUNTY


@pytest.fixture
def county(tmp_path: Path) -> Path:
    shutil.copy(COUNTY / "kanta-gap.toml", tmp_path)
    run(tmp_path, "ingest", str(COUNTY / "archive"))
    run(tmp_path, "register", *(str(COUNTY / f"{n}.csv") for n in ("episodes-1", "episodes-2", "identities", "codes")))
    return tmp_path


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter=";"))


def test_what_is_delivered_is_what_the_ledger_lacks(county: Path) -> None:
    done = run(county, "deliver", "--period", "2025Q1", "--out", "out")
    assert done.code == 3  # four rows are undetermined: what was sent is whole as far as anybody could tell
    ledger = json.loads(run(county, "gaps", "--period", "2025Q1", "-f", "json").out)["rows"]
    lacking = {row["source_id"]: row for row in ledger if row["class"] in ("missing", "partial")}
    tasks = _rows(county / "out" / "service_task_episodes.csv")
    protection = _rows(county / "out" / "child_protection_episodes.csv")
    assert list(tasks[0]) == ["source_id", "person_id", "person_id_root", "organiser", "service_task", "start", "end"]
    assert "service_task" not in protection[0]
    assert sorted(row["source_id"] for row in tasks + protection) == sorted(lacking)
    for row in tasks + protection:
        assert (row["start"], row["end"] or None) == (
            lacking[row["source_id"]]["start"],
            lacking[row["source_id"]]["end"],
        )
    assert [row["source_id"] for row in tasks] == sorted(row["source_id"] for row in tasks)


def test_the_manifest_ties_and_the_files_are_private(county: Path) -> None:
    run(county, "deliver", "--period", "2025Q1", "--out", "out", "--with-services")
    manifest = json.loads((county / "out" / "manifest.json").read_text())
    report = json.loads(run(county, "coverage", "--period", "2025Q1", "-f", "json").out)
    assert (
        sum(f["rows"] for f in manifest["files"] if "episodes" in f["name"]) == report["separate_delivery"]["episodes"]
    )
    for entry in manifest["files"]:
        path = county / "out" / entry["name"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
        assert len(_rows(path)) == entry["rows"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (county / "out").iterdir()} == {0o600}


def test_an_existing_folder_is_refused_and_left_as_it_was(county: Path) -> None:
    (county / "out").mkdir()
    (county / "out" / "mine.txt").write_text("mine")
    assert run(county, "deliver", "--period", "2025Q1", "--out", "out").code == 2
    assert [path.name for path in (county / "out").iterdir()] == ["mine.txt"]


def test_a_row_that_cannot_be_expressed_is_set_apart_and_the_others_are_delivered(county: Path) -> None:
    (county / "more.csv").write_text(
        "source_id,person_id,service_task,start,organiser\nZ1,010190-901X,24,2025-02,1.2.246.10.99999901.10.0\n"
    )
    run(county, "register", "more.csv")
    told = run(county, "deliver", "--period", "2025Q1", "--out", "out")
    assert told.code == 3
    assert "Z1 (start: partial-date)" in told.err
    assert run(county, "deliver", "--period", "2025Q1", "--out", "again", "--reject", "--exit-zero").code == 0
    for name in ("rejected.csv", "service_task_episodes.csv"):
        assert (county / "again" / name).read_bytes() == (county / "out" / name).read_bytes()
    assert len((county / "out" / "service_task_episodes.csv").read_text().splitlines()) > 1
    assert "service_task_episodes.csv;Z1;start;partial-date" in (county / "out" / "rejected.csv").read_text()
    assert [p.name for p in county.iterdir() if p.name.endswith(".unfinished")] == []


def test_a_period_without_rows_has_nothing_to_deliver(county: Path) -> None:
    assert run(county, "deliver", "--period", "2019Q1", "--out", "out").code == 4
    assert not (county / "out").exists()
