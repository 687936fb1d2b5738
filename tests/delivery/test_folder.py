"""A delivery's folder is whole or it is not there: disks fill, runs are interrupted and killed."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from analyser.delivery import folder as folder_room
from analyser.delivery.folder import MARK, put_folder
from analyser.delivery.write import DeliveryWanted, deliver
from analyser.messages.errors import UsageError
from tests.command import run_here as run
from tests.delivery.store import NOW, REQUEST, episode, store
from tests.fixtures.make_county import COUNTY

FILES = {"manifest.json": b"{}", "b.csv": b"b", "a.csv": b"a"}


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_manifest_is_written_last_and_the_folder_appears_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    put = folder_room._put

    def told(path: Path, data: bytes) -> None:
        assert not (tmp_path / "out").exists()
        order.append(path.name)
        put(path, data)

    monkeypatch.setattr(folder_room, "_put", told)
    put_folder(tmp_path / "out", FILES, "manifest.json")
    assert order == [MARK, "a.csv", "b.csv", "manifest.json"]
    assert _names(tmp_path / "out") == ["a.csv", "b.csv", "manifest.json"]
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


@pytest.mark.parametrize("after", range(4))
def test_an_interrupted_folder_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    put, done = folder_room._put, [0]

    def stopped(path: Path, data: bytes) -> None:
        if done[0] == after:
            raise KeyboardInterrupt
        done[0] += 1
        put(path, data)

    monkeypatch.setattr(folder_room, "_put", stopped)
    with pytest.raises(KeyboardInterrupt):
        put_folder(tmp_path / "out", FILES, "manifest.json")
    assert _names(tmp_path) == []


@pytest.mark.parametrize("left", [[], [MARK], [MARK, "a.csv"], ["a.csv", "b.csv", "manifest.json"]])
def test_what_a_killed_run_left_aside_is_replaced(tmp_path: Path, left: list[str]) -> None:
    aside = tmp_path / ".out.unfinished"
    aside.mkdir()
    for name in left:
        (aside / name).write_bytes(b"old")
    put_folder(tmp_path / "out", FILES, "manifest.json")
    assert _names(tmp_path) == ["out"]
    assert (tmp_path / "out" / "a.csv").read_bytes() == b"a"


def test_somebody_elses_folder_aside_is_left_alone(tmp_path: Path) -> None:
    aside = tmp_path / ".out.unfinished"
    aside.mkdir()
    (aside / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="not ours"):
        put_folder(tmp_path / "out", FILES, "manifest.json")
    assert _names(aside) == ["mine.txt"]


def test_a_folder_that_appears_meanwhile_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put = folder_room._put

    def raced(path: Path, data: bytes) -> None:
        (tmp_path / "out").mkdir(exist_ok=True)
        put(path, data)

    monkeypatch.setattr(folder_room, "_put", raced)
    with pytest.raises(UsageError, match="exists"):
        put_folder(tmp_path / "out", FILES, "manifest.json")
    assert _names(tmp_path) == ["out"]
    assert _names(tmp_path / "out") == []


def test_a_delivery_whose_memory_cannot_be_kept_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with store() as database:
        episode(database, "R1")
        monkeypatch.setattr(folder_room, "_put", full)
        with pytest.raises(OSError, match="No space"):
            deliver(database, REQUEST, tmp_path / "out", DeliveryWanted(), NOW)
        assert database.connection.execute("SELECT count(*) FROM delivery").fetchone() == (0,)
        assert database.connection.execute("SELECT count(*) FROM audit").fetchone() == (0,)
        monkeypatch.undo()
        deliver(database, REQUEST, tmp_path / "out", DeliveryWanted(), NOW)
    assert _names(tmp_path) == ["out"]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("county")
    shutil.copy(COUNTY / "kanta-gap.toml", place)
    run(place, "ingest", str(COUNTY / "archive"))
    run(place, "register", *(str(COUNTY / f"{n}.csv") for n in ("episodes-1", "episodes-2", "identities", "codes")))
    return place


@pytest.mark.skipif(os.name != "posix", reason="limits of a process are POSIX")
def test_a_full_disk_is_one_line_and_no_folder(county: Path, tmp_path: Path) -> None:
    import resource

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))

    work = shutil.copytree(county, tmp_path / "work")
    done = subprocess.run(
        [sys.executable, "-m", "analyser", "deliver", "--period", "2025Q1", "--out", "out"],
        cwd=work,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "LANG": "C.UTF-8"},
        preexec_fn=small_files,
    )
    assert done.returncode == 2, done.stderr
    # What is met first: the database takes note that it is being written, before the folder is.
    assert re.search("error: (the operating system refused|the database .* the disk is full)", done.stderr)
    assert "Traceback" not in done.stderr
    assert not [name for name in _names(work) if "out" in name]
    assert run(work, "deliver", "--period", "2025Q1", "--out", "out").code == 3
    assert run(work, "deliver", "--check", "out").code == 0


def test_a_folder_that_no_delivery_remembers_is_told(county: Path, tmp_path: Path) -> None:
    """As after a kill between placing the folder and committing its memory."""
    work = shutil.copytree(county, tmp_path / "work")
    shutil.copy(work / "kanta-gap.duckdb", work / "before.duckdb")
    assert run(work, "deliver", "--period", "2025Q1", "--out", "out").code == 3
    checked = run(work, "deliver", "--check", "out", "--db", "before.duckdb")
    assert (checked.code, checked.out) == (1, "unknown-to-database: manifest.json\n")
    refused = run(work, "deliver", "--mark-sent", "out", "--db", "before.duckdb")
    assert refused.code == 2
    assert "unknown-to-database" in refused.err


def test_an_interrupt_leaves_neither_folder_nor_memory(county: Path, tmp_path: Path) -> None:
    work = shutil.copytree(county, tmp_path / "work")
    code = (
        "import os, signal, analyser.delivery.folder as f; put = f._put\n"
        "def stopped(path, data):\n"
        "    put(path, data); os.kill(os.getpid(), signal.SIGINT) if path.suffix == '.csv' else None\n"
        "f._put = stopped\n"
        "from analyser.cli.app import run; import sys\n"
        "sys.exit(run(['deliver', '--period', '2025Q1', '--out', 'out']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=work,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "LANG": "C.UTF-8"},
    )
    assert done.returncode == 130, done.stderr
    assert not [name for name in _names(work) if "out" in name]
    assert '"deliveries": []' in run(work, "deliver", "--status", "--period", "2025Q1", "-f", "json").out


@pytest.mark.parametrize("target", ["empty", "file", "link", "nowhere/out", "."])
def test_only_a_new_folder_in_a_folder_that_exists_is_taken(county: Path, tmp_path: Path, target: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    before = _names(tmp_path)
    refused = run(tmp_path, "deliver", "--period", "2025Q1", "--out", target, "--db", str(county / "kanta-gap.duckdb"))
    assert refused.code == 2
    assert refused.err.startswith("kanta-gap: error: ")
    assert _names(tmp_path) == before
    assert _names(tmp_path / "empty") == []
