"""Whoever writes to the database or is shown identifiers leaves a row, and no row goes unseen."""

from __future__ import annotations

import csv
import io
import json
import os
import pwd
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from analyser.store.database import open_database
from tests.archive.build import NATIONAL, ORGANISER, document
from tests.command import run as run_apart
from tests.command import run_here as run


@pytest.fixture
def loaded(tmp_path: Path) -> Path:
    """One document and one row of the register, in the database."""
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "one.xml").write_text(document())
    (tmp_path / "episodes.csv").write_text(
        f"source_id,person_id,service_task,start,end,organiser\nR1,{NATIONAL},24,2025-01-01,,{ORGANISER}\n"
    )
    assert run(tmp_path, "ingest", "archive").code == 0
    assert run(tmp_path, "register", "episodes.csv").code == 0
    return tmp_path


def _log(folder: Path, *more: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(run(folder, "log", "-f", "json", *more).out)["rows"]
    return rows


def test_every_write_and_every_reveal_leaves_a_row_with_counts_and_hashes(loaded: Path) -> None:
    run(loaded, "gaps", "--period", "2025Q1", "--reveal-ids", "-f", "csv")
    assert run(loaded, "deliver", "--period", "2025Q1", "--out", "d").code in (0, 1)
    assert run(loaded, "deliver", "--mark-sent", "d").code == 0
    assert run(loaded, "deliver", "--unmark-sent", "d").code == 0
    rows = _log(loaded)
    assert [row["command"] for row in rows] == [
        "ingest",
        "ingest",
        "register",
        "gaps --reveal-ids",
        "deliver",
        "deliver --mark-sent",
        "deliver --unmark-sent",
    ]
    begun, done, register, reveal, deliver, *_ = (row["detail"] for row in rows)
    assert begun == {"state": "begun", "sources": 1}
    assert (done["documents"], done["documents_held"], len(done["archive"])) == (1, 1, 16)
    assert (register["loaded"], len(register["sha256"])) == (1, 64)
    assert (reveal["rows"], reveal["persons"], reveal["format"]) == (1, 1, "csv")
    assert len(deliver["manifest"]) == 64
    assert all(row["sound"] and row["at"].endswith("Z") for row in rows)


def test_the_user_is_who_runs_the_process_and_not_who_the_environment_says(loaded: Path) -> None:
    run(loaded, "register", "episodes.csv", USER="somebody", LOGNAME="somebody")
    assert {row["user"] for row in _log(loaded)} == {pwd.getpwuid(os.getuid()).pw_name}


def test_the_formats_tell_the_same_rows(loaded: Path) -> None:
    rows = _log(loaded)
    table = list(csv.DictReader(io.StringIO(run(loaded, "log", "-f", "csv").out)))
    assert [row["command"] for row in table] == [row["command"] for row in rows]
    text = run(loaded, "log").out
    assert all(str(row["number"]) in text for row in rows)
    assert _log(loaded, "--since", "2999-01-01") == []
    assert _log(loaded, "--since", "2000-01-01") == rows


def test_identifiers_are_not_shown_while_the_trail_cannot_be_written(loaded: Path) -> None:
    reader = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from analyser.store.database import open_database\n"
            "with open_database(Path(sys.argv[1]), write=False): print('held', flush=True); sys.stdin.read()",
            str(loaded / "kanta-gap.duckdb"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "held\n"
        done = run(loaded, "gaps", "--period", "2025Q1", "--reveal-ids", "-f", "csv", "-o", "out.csv")
    finally:
        reader.communicate("")
    assert done.code == 2
    assert "identifiers are not shown" in done.err
    assert NATIONAL not in done.out + done.err
    assert not (loaded / "out.csv").exists()
    assert "gaps --reveal-ids" not in [row["command"] for row in _log(loaded)]


def test_whoever_reads_of_single_persons_leaves_a_row_that_names_nobody(loaded: Path) -> None:
    """In the trail; beside the database while that cannot be written, and taken in later; told where nothing can be."""
    key = json.loads(run(loaded, "gaps", *_P.split(), "-f", "json").out)["rows"][0]["person_key"]
    run(loaded, "trace", key, *_P.split())
    run(loaded, "gaps", *_P.split(), "--services")
    run(loaded, "check", *_P.split(), "--tables", "tables.duckdb")
    run(loaded, "export", "e", *_P.split())
    run(loaded, "coverage", *_P.split())
    told = [row["command"] for row in _log(loaded)][3:]
    assert told == ["gaps", "trace", "gaps --services", "check --tables", "export"]
    before = _log(loaded)
    path = loaded / "kanta-gap.duckdb"
    path.chmod(0o400)
    held = path.read_bytes()
    done = run(loaded, "trace", "R1", *_P.split(), "-v")
    assert (done.code, "kanta-gap.duckdb.readings" in done.err) == (0, True)
    quiet = run(loaded, "trace", "R1", *_P.split())
    assert quiet.out == done.out
    assert "readings" not in quiet.err
    assert path.read_bytes() == held
    aside = loaded / "kanta-gap.duckdb.readings"
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600
    assert "2 readings" in run(loaded, "log").err
    with aside.open("a") as opened:
        opened.write('{"half a li\n[]\n')
    path.chmod(0o600)
    run(loaded, "trace", "R1", *_P.split())
    assert not aside.exists()
    after = _log(loaded)[len(before) :]
    assert [(row["command"], row["detail"].get("beside", False)) for row in after] == [
        ("trace", True), ("trace", True), ("trace", False),
    ]  # fmt: skip
    told = repr(_log(loaded))
    assert NATIONAL not in told
    assert key not in told
    assert "R1" not in told
    assert run(loaded, "log").code == 0
    path.chmod(0o400)
    aside.mkdir()
    nowhere = run(loaded, "trace", "R1", *_P.split(), "-q")
    assert (nowhere.code, nowhere.out) == (0, quiet.out)
    assert "kept in no log" in nowhere.err


def test_what_writes_tells_the_end_of_the_trail_and_what_reads_does_not(loaded: Path) -> None:
    """Whoever keeps that line can tell later that the trail was cut."""
    (row,) = [row for row in _log(loaded) if row["command"] == "register"]
    told = run(loaded, "register", "episodes.csv").err
    assert f"entry {row['number'] + 1} is the last one" in told
    assert "is the last one" not in run(loaded, "register", "episodes.csv", "-q").err
    assert "is the last one" not in run(loaded, "gaps", *_P.split()).err
    assert "is the last one" in run(loaded, "gaps", *_P.split(), "-v").err
    assert "is the last one" not in run(loaded, "coverage", *_P.split(), "-v").err


def test_a_reading_waits_for_nobody_and_holds_nobody_up(loaded: Path) -> None:
    """While another process reads, the database is left alone."""
    with open_database(loaded / "kanta-gap.duckdb", write=False):
        done = run_apart(loaded, "trace", "R1", *_P.split())
    assert done.code == 0, done.err
    assert len((loaded / "kanta-gap.duckdb.readings").read_text().splitlines()) == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET detail = '{}' WHERE number = 2",
        "UPDATE audit SET os_user = 'x' WHERE number = 1",
        "DELETE FROM audit WHERE number = 2",
        "UPDATE audit SET chain = NULL WHERE number = 2",
    ],
)
def test_a_row_that_was_changed_or_taken_out_is_told(loaded: Path, change: str) -> None:
    assert run(loaded, "log").code == 0
    with open_database(loaded / "kanta-gap.duckdb", write=True) as database:
        database.connection.execute(change)
    done = run(loaded, "log", "-f", "json")
    assert done.code == 1
    assert "changed by hand" in done.err
    assert not all(row["sound"] for row in json.loads(done.out)["rows"])


def test_a_trail_from_before_the_chain_is_taken_as_it_is(loaded: Path) -> None:
    with open_database(loaded / "kanta-gap.duckdb", write=True) as database:
        database.connection.execute("UPDATE audit SET chain = NULL")
    assert run(loaded, "register", "episodes.csv").code == 0
    assert run(loaded, "log").code == 0


_P = "--period 2025Q1"
_REPORTS = [
    *(f"coverage {_P} -f {name}" for name in ("text", "json", "csv", "markdown", "html", "xlsx")),
    *(f"gaps {_P} -f {name}" for name in ("text", "json", "csv", "xlsx")),
    *(f"check {_P} -f {name}" for name in ("text", "json", "sarif", "junit")),
]


@pytest.mark.parametrize(("umask", "reports"), [(0o022, _REPORTS[:2]), (0o027, _REPORTS[::2]), (0o077, _REPORTS[:2])])
def test_a_file_has_the_mode_of_the_umask_and_with_identifiers_it_is_for_its_owner_alone(
    loaded: Path, umask: int, reports: list[str]
) -> None:
    before = os.umask(umask)
    try:
        for number, line in enumerate(reports):
            assert run(loaded, *line.split(), "-o", f"open.{number}").code in (0, 1, 3), line
        run(loaded, "gaps", "--period", "2025Q1", "-f", "csv", "-o", "revealed.csv", "--reveal-ids")
    finally:
        os.umask(before)
    modes = {line: stat.S_IMODE((loaded / f"open.{number}").stat().st_mode) for number, line in enumerate(reports)}
    assert modes == dict.fromkeys(reports, 0o666 & ~umask)
    assert stat.S_IMODE((loaded / "revealed.csv").stat().st_mode) == 0o600


def test_rows_taken_off_the_end_are_missed_and_a_command_tells_what_it_wrote_last(loaded: Path) -> None:
    told = run(loaded, "register", "episodes.csv", "-v").err
    end = next(line for line in told.splitlines() if line.startswith("audit trail: entry 4 is the last one, "))
    assert end.split(", ")[1] in run(loaded, "log", "-f", "csv").out or len(end.split(", ")[1]) == 64
    with open_database(loaded / "kanta-gap.duckdb", write=True) as database:
        database.connection.execute("DELETE FROM audit WHERE number > 2")
    done = run(loaded, "log")
    assert (done.code, "2 rows that were written last are missing" in done.err) == (1, True)
    assert run(loaded, "db", "verify").code == 1
    assert run(loaded, "register", "episodes.csv").code == 0
    done = run(loaded, "log", "-f", "json")
    assert (done.code, "rows 5 do not fit" in done.err) == (1, True)
    with open_database(loaded / "kanta-gap.duckdb", write=True) as database:
        database.connection.execute("DELETE FROM audit")
    assert "5 rows that were written last are missing" in run(loaded, "log").err
