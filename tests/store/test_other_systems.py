"""What Windows and macOS lack is tried here without it: zones, the way processes start, bounds, replacing open files."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from pathlib import Path

import pytest

from analyser.cli.welcome import as_argument
from analyser.store import rewrite
from tests.archive.build import document
from tests.command import run, run_here

_BOUND = """
import sys, time
sys.modules["resource"] = None
sys.platform = "somewhere"
from analyser.system import processes
processes.resident = lambda: 10**9
processes.reading_process(10**8)
time.sleep(20)
"""


def test_days_are_finnish_where_the_system_has_no_zones(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(document())
    assert run(tmp_path, "ingest", "a.xml", PYTHONTZPATH="").code == 0
    assert "tzdata" in run_here(tmp_path, "info", PYTHONTZPATH="").out + run(tmp_path, "info", PYTHONTZPATH="").out


def test_readers_that_are_spawned_read_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        (tmp_path / "archive").mkdir(exist_ok=True)
        (tmp_path / "archive" / f"{number}.xml").write_text(document(oid=f"1.2.246.10.99999901.95.2025.{number}.1"))
    assert run_here(tmp_path, "ingest", "archive", "--workers", "2", "--db", "forked.duckdb").code == 0
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    assert run_here(tmp_path, "ingest", "archive", "--workers", "2", "--db", "spawned.duckdb").code == 0
    told = [run_here(tmp_path, "check", "-f", "json", "--db", f"{name}.duckdb").out for name in ("forked", "spawned")]
    assert told[0] == told[1] != ""


def test_a_reader_that_nobody_bounds_ends_itself() -> None:
    done = subprocess.run([sys.executable, "-c", _BOUND], timeout=15, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == 71


def test_a_database_is_replaced_where_open_files_are_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.xml").write_text(document())
    run_here(tmp_path, "ingest", "a.xml")
    monkeypatch.setattr(rewrite, "REPLACED_WHILE_OPEN", False)
    done = run_here(tmp_path, "db", "forget-persons")
    assert done.code == 0, done.err
    assert run_here(tmp_path, "db", "verify").code == 0
    assert [path.name for path in tmp_path.iterdir() if "duckdb" in path.name] == ["kanta-gap.duckdb"]


@pytest.mark.parametrize(
    ("name", "posix", "windows"),
    [
        ("arkisto", "arkisto", "arkisto"),
        ("oma arkisto", "'oma arkisto'", '"oma arkisto"'),
        ("a&b.zip", "'a&b.zip'", '"a&b.zip"'),
    ],
)
def test_a_name_in_a_hint_can_be_typed(name: str, posix: str, windows: str) -> None:
    assert (as_argument(name, "posix"), as_argument(name, "nt")) == (posix, windows)
