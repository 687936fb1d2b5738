"""Two processes at one database: who comes second waits for a while, and is told for whom, or why not."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from analyser.store.database import open_database
from tests.archive.build import NATIONAL, ORGANISER, document
from tests.command import run, run_here
from tests.store.dump import dump

_HOLDS = """
import sys
from pathlib import Path
from analyser.store.database import open_database
with open_database(Path(sys.argv[1]), write=True):
    print("held", flush=True)
    sys.stdin.readline()
"""
_PROJECT = Path(__file__).parents[2]


@contextmanager
def _held(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The database, held by a process that looks like an ingest of somebody's folder."""
    looks = ("kanta-gap", "ingest", f"/home/{NATIONAL}")
    command = [sys.executable, "-c", _HOLDS, str(folder / "kanta-gap.duckdb"), *looks]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=_PROJECT) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder
        holder.communicate("\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.xml").write_text(document())
    assert run(tmp_path, "ingest", "one.xml").code == 0
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [("ingest", "one.xml"), ("coverage",), ("gaps", "--period", "2025Q1"), ("quarantine",), ("trace", "1.2.3.4")],
)
def test_who_comes_second_is_told_who_holds_the_database_and_what_to_do(folder: Path, command: tuple[str, ...]) -> None:
    with _held(folder) as holder:
        done = run(folder, *command, "--wait", "0")
    assert done.code == 2
    assert done.out == ""
    told, hint = done.err.splitlines()
    assert (
        told
        == f"kanta-gap: error: the database ‘kanta-gap.duckdb’ is in use by process {holder.pid} (kanta-gap ingest)"
    )
    assert "--wait" in hint


def test_who_waits_says_for_whom_and_then_does_its_work(folder: Path) -> None:
    command = [sys.executable, "-m", "analyser", "quarantine", "--lang", "en", "--wait", "200"]
    with _held(folder) as holder:
        waiting = subprocess.Popen(command, cwd=folder, env=_environment(), stderr=subprocess.PIPE, text=True)
        assert waiting.stderr is not None
        told = waiting.stderr.readline()
        assert told == f"waiting for process {holder.pid} (kanta-gap ingest), which holds the database\n"
        assert waiting.poll() is None
    assert waiting.communicate()[1] == ""
    assert waiting.returncode == 0


def test_how_long_to_wait_is_a_setting(folder: Path) -> None:
    shown = json.loads(run(folder, "config", "-f", "json", "--wait", "7").out)["settings"]["wait"]
    assert shown == {"value": 7.0, "origin": "command line"}
    assert run(folder, "quarantine", "--wait", "soon").code == 2


def test_two_ingests_at_once_end_in_the_database_of_one_after_the_other(tmp_path: Path) -> None:
    for half in ("a", "b"):
        (tmp_path / half).mkdir()
        for number in range(40):
            (tmp_path / half / f"{number}.xml").write_text(document(oid=f"1.2.3.{ord(half)}.{number}"))
    for half in ("a", "b"):
        assert run(tmp_path, "ingest", half, "--db", "apart.duckdb").code == 0
    command = [sys.executable, "-m", "analyser", "ingest", "--db", "together.duckdb", "--wait", "200"]
    both = [subprocess.Popen([*command, half], cwd=tmp_path, env=_environment()) for half in ("a", "b", "a")]
    assert [one.wait() for one in both] == [0, 0, 0]
    assert dump(tmp_path / "together.duckdb") == dump(tmp_path / "apart.duckdb")


def test_readers_stand_side_by_side(folder: Path) -> None:
    command = [sys.executable, "-m", "analyser", "quarantine", "--wait", "0"]
    several = [subprocess.Popen(command, cwd=folder, env=_environment()) for _ in range(3)]
    assert [one.wait() for one in several] == [0, 0, 0]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(_PROJECT)}


def _without_room(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command where no file may grow."""

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    return subprocess.run(
        [sys.executable, "-m", "analyser", *arguments], cwd=folder, env=_environment(), capture_output=True, text=True,
        check=False, preexec_fn=little_room,
    )  # fmt: skip


def test_what_is_not_remembered_or_forgotten_is_told_by_its_reason(folder: Path) -> None:
    """A full disk is told at once, and the answer stands; that somebody holds the file, or that it is protected, is told
    with -v alone, for whoever asks next remembers."""
    (folder / "e.csv").write_text(
        f"source_id,person_id,service_task,start,end,organiser\nR1,{NATIONAL},24,2025-01-01,,{ORGANISER}\n"
    )
    assert run_here(folder, "register", "e.csv").code == 0
    asked = ("coverage", "--period", "2025Q1", "-f", "json")
    full = _without_room(folder, *asked)
    assert "is not remembered: the database ‘kanta-gap.duckdb’ cannot be written" in full.stderr
    gone = _without_room(folder, "db", "forget-persons")
    assert gone.returncode == 2
    assert "the disk is full" in gone.stderr
    assert NATIONAL.encode() in (folder / "kanta-gap.duckdb").read_bytes()
    with open_database(folder / "kanta-gap.duckdb", write=False):
        busy, told = run(folder, *asked), run(folder, *asked, "-v")
        forgotten = run(folder, "db", "forget-persons", "--wait", "0")
    assert "not remembered" not in busy.err
    assert "not remembered: another process has" in told.err
    assert "in use by process" in forgotten.err
    (folder / "kanta-gap.duckdb").chmod(0o400)
    assert "not remembered" not in run_here(folder, *asked).err
    assert "may not be written" in run_here(folder, *asked, "-v").err
    assert full.stdout == busy.out == run_here(folder, *asked).out
