"""Real commands, killed, interrupted, or without disk or memory: run again, they end where an undisturbed run ends."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from analyser.synth import synthesise
from tests.archive.build import document
from tests.command import run as run_apart
from tests.command import run_here as run
from tests.store.dump import dump

_PROJECT = Path(__file__).parents[2]
_LONG = os.environ.get("TESTS_LONG") == "1"
_REGISTERS = ("episodes.csv", "services.csv", "population.csv", "identities.csv", "codes.csv", "periods.csv")


def _start(folder: Path, *arguments: str, before: Callable[[], None] | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "analyser", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(_PROJECT), "LANG": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=before,
    )


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthetic county, read without disturbance: `whole.duckdb` holds its archive and register."""
    folder = tmp_path_factory.mktemp("county")
    synthesise(folder / "county", 400 if _LONG else 60)
    assert run(folder, "ingest", "county/archive", "--db", "archive.duckdb", "--workers", "2").code in (0, 3)
    (folder / "whole.duckdb").write_bytes((folder / "archive.duckdb").read_bytes())
    assert run(folder, "register", *_registers(folder), "--db", "whole.duckdb").code in (0, 3)
    return folder


def _registers(folder: Path) -> list[str]:
    return [f"county/{name}" for name in _REGISTERS if (folder / "county" / name).exists()]


def _moments(count: int, seconds: float) -> list[float]:
    """Random moments of a run, the same ones each time; the first of them while the database comes into being."""
    chance = random.Random(count)
    return [chance.uniform(0, seconds) for _ in range(count)]


def _duration(folder: Path, *arguments: str) -> float:
    began = time.monotonic()
    assert run_apart(folder, *arguments).code in (0, 3)
    return time.monotonic() - began


def _kill_and_repeat(folder: Path, arguments: Sequence[str], moment: float) -> bool:
    """Kill the command at a moment, run it again to its end; whether the kill came in time."""
    process = _start(folder, *arguments)
    time.sleep(moment)
    process.kill()
    killed = process.wait() == -signal.SIGKILL
    process.communicate()
    again = run(folder, *arguments)
    assert again.code in (0, 3), again.err
    return killed


def _wait_for_orphans(session: int) -> list[int]:
    """Processes of a session that still live ten seconds after its first one died."""
    for _ in range(100):
        living = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    fields = (entry / "stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                if int(fields[3]) == session and fields[0] != "Z":
                    living.append(int(entry.name))
        if not living:
            return []
        time.sleep(0.1)
    return living


def test_a_killed_ingest_run_again_equals_an_undisturbed_one(county: Path, tmp_path: Path) -> None:
    archive = str(county / "county" / "archive")
    expected = dump(county / "archive.duckdb")
    took = _duration(tmp_path, "ingest", archive, "--db", "timed.duckdb", "--workers", "2")
    moments = _moments(60 if _LONG else 3, took)
    killed = 0
    for number, moment in enumerate(moments):
        database = f"{number}.duckdb"
        killed += _kill_and_repeat(tmp_path, ("ingest", archive, "--db", database, "--workers", "2"), moment)
        assert dump(tmp_path / database) == expected, f"killed after {moment} of {took} seconds"
    print(f"ingest: {len(moments)} moments, {killed} kills, {len(moments)} databases equal")


def test_a_killed_register_run_again_equals_an_undisturbed_one(county: Path, tmp_path: Path) -> None:
    files = [str(county / name) for name in _registers(county)]
    expected = dump(county / "whole.duckdb")
    before = (county / "archive.duckdb").read_bytes()
    (tmp_path / "timed.duckdb").write_bytes(before)
    took = _duration(tmp_path, "register", *files, "--db", "timed.duckdb")
    moments = _moments(40 if _LONG else 2, took)
    killed = 0
    for number, moment in enumerate(moments):
        database = f"{number}.duckdb"
        (tmp_path / database).write_bytes(before)
        killed += _kill_and_repeat(tmp_path, ("register", *files, "--db", database), moment)
        assert dump(tmp_path / database) == expected, f"killed after {moment} of {took} seconds"
    print(f"register: {len(moments)} moments, {killed} kills, {len(moments)} databases equal")


def test_a_killed_delivery_is_whole_or_not_there(county: Path, tmp_path: Path) -> None:
    before = (county / "whole.duckdb").read_bytes()
    expected = dump(county / "whole.duckdb")
    (tmp_path / "timed.duckdb").write_bytes(before)
    period = "2025Q1"
    took = _duration(tmp_path, "deliver", "--period", period, "--db", "timed.duckdb", "--out", "timed")
    whole = {path.name: path.read_bytes() for path in (tmp_path / "timed").iterdir() if path.suffix == ".csv"}
    moments = _moments(40 if _LONG else 2, took)
    killed = placed = 0
    for number, moment in enumerate(moments):
        database, out = f"{number}.duckdb", tmp_path / f"out{number}"
        (tmp_path / database).write_bytes(before)
        process = _start(tmp_path, "deliver", "--period", period, "--db", database, "--out", out.name)
        time.sleep(moment)
        process.kill()
        killed += process.wait() == -signal.SIGKILL
        process.communicate()
        if out.exists():
            placed += 1
            assert json.loads((out / "manifest.json").read_text())["files"]
            assert {path.name: path.read_bytes() for path in out.iterdir() if path.suffix == ".csv"} == whole
        again = run(tmp_path, "deliver", "--period", period, "--db", database, "--out", f"again{number}")
        assert again.code == 3, again.err  # undetermined rows are told, and not delivered
        found = {
            path.name: path.read_bytes() for path in (tmp_path / f"again{number}").iterdir() if path.suffix == ".csv"
        }
        assert found == whole
        after = dump(tmp_path / database)
        # A delivery leaves itself and what it saw of its period, and touches nothing else.
        left = ("deliver", "remembered")
        assert {name: rows for name, rows in after.items() if not name.startswith(left)} == {
            name: rows for name, rows in expected.items() if not name.startswith(left)
        }
    print(f"deliver: {len(moments)} moments, {killed} kills, {placed} folders in place, all of them whole")


def test_nothing_outlives_a_killed_ingest(county: Path, tmp_path: Path) -> None:
    process = _start(tmp_path, "ingest", str(county / "county" / "archive"), "--db", "k.duckdb", "--workers", "2")
    time.sleep(1.5)
    process.kill()
    process.wait()
    assert _wait_for_orphans(process.pid) == []
    process.communicate()


def test_an_interrupted_ingest_says_so_in_a_line_and_goes_on_when_run_again(county: Path, tmp_path: Path) -> None:
    archive = str(county / "county" / "archive")
    arguments = ("ingest", archive, "--db", "k.duckdb", "--workers", "2")
    for moment in _moments(20 if _LONG else 2, 3.0):
        process = _start(tmp_path, *arguments)
        time.sleep(moment)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
        _, told = process.communicate()
        assert process.returncode in (130, -signal.SIGINT, 0, 3)
        assert "Traceback" not in told or moment < 0.3  # before the program's first line Python itself speaks
        if process.returncode == 130:
            assert told.splitlines()[:1] in ([], ["kanta-gap: error: interrupted"])
    assert run(tmp_path, *arguments).code in (0, 3)
    assert dump(tmp_path / "k.duckdb") == dump(county / "archive.duckdb")


@pytest.mark.parametrize("megabytes", [0.002, 0.01, 0.2, 0.4])
def test_an_ingest_without_room_on_the_disk_is_told_and_goes_on_once_there_is(
    county: Path, tmp_path: Path, megabytes: float
) -> None:
    def little_room() -> None:
        most = int(megabytes * 2**20)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    arguments = ("ingest", str(county / "county" / "archive"), "--db", "k.duckdb", "--workers", "2")
    process = _start(tmp_path, *arguments, before=little_room)
    _, told = process.communicate()
    assert process.returncode == 2, told
    assert "Traceback" not in told
    assert "kanta-gap: error: the database ‘k.duckdb’" in told
    assert run(tmp_path, *arguments).code in (0, 3)
    assert dump(tmp_path / "k.duckdb") == dump(county / "archive.duckdb")


def test_an_ingest_whose_readers_get_no_memory_names_what_it_could_not_read_and_reads_it_the_next_time(
    tmp_path: Path,
) -> None:
    (tmp_path / "in").mkdir()
    for number in range(3):
        padding = "A" * 30_000_000
        (tmp_path / "in" / f"{number}.xml").write_text(document(oid=f"1.2.3.{number}").replace("PGRpdi8+", padding))
    (tmp_path / "kanta-gap.toml").write_text("[limits]\nprocess_memory = 60000000\n")
    arguments = ("ingest", "in", "--workers", "2")
    assert run(tmp_path, *arguments).code == 3
    listed = json.loads(run(tmp_path, "quarantine", "-f", "json").out)["rows"]
    assert {row["code"] for row in listed} <= {"too-much-memory", "worker-died"}
    assert len(listed) == 3
    (tmp_path / "kanta-gap.toml").unlink()
    assert run(tmp_path, *arguments).code == 0
    assert json.loads(run(tmp_path, "quarantine", "-f", "json").out)["rows"] == []
