"""Only what is ours is opened, written or replaced; whatever else stands under the name stays as it is, and is told."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from analyser.messages.errors import UsageError
from analyser.store.database import open_database
from tests.archive.build import NATIONAL, ORGANISER, document
from tests.command import run_here as run

_COMMANDS = (
    ("ingest", "one.xml"), ("log",), ("coverage", "--period", "2025Q1"), ("db", "forget-persons"), ("db", "verify"),
    ("dashboard", "--once"),
)  # fmt: skip


def _device(path: Path) -> None:
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3))  # a null device of its own, not the machine's
    except PermissionError:
        pytest.skip("only root makes devices")


def _cut(path: Path) -> None:
    with open_database(path, write=True) as database:
        database.connection.execute("INSERT INTO meta SELECT 'k' || range, repeat('x', 500) FROM range(2000)")
    os.truncate(path, 14_000)


_STRANGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a device": (_device, "a device or a pipe"),
    "a pipe": (os.mkfifo, "a device or a pipe"),
    "a folder": (Path.mkdir, "is a folder"),
    "an empty file": (Path.touch, "an empty file"),
    "zeros": (lambda path: path.write_bytes(b"\0" * 9000), "no database of kanta-gap"),
    "a letter": (lambda path: path.write_text("Dear county,\n" * 3000), "no database of kanta-gap"),
    "another's database": (lambda path: duckdb.connect(str(path)).execute("CREATE TABLE t (a INT)").close(), "not one of kanta-gap"),
    "a database that was cut": (_cut, "is damaged"),
}  # fmt: skip


@pytest.mark.parametrize("strange", _STRANGE)
def test_what_is_no_database_of_ours_is_refused_in_words_and_stays(tmp_path: Path, strange: str) -> None:
    make, told = _STRANGE[strange]
    (tmp_path / "one.xml").write_text(document())
    path = tmp_path / "strange"
    make(path)
    before = path.lstat()
    held = path.read_bytes() if path.is_file() else b""
    for command in _COMMANDS:
        done = run(tmp_path, *command, "--db", "strange")
        assert done.code == 2, (command, done.err)
        assert told in done.err, (command, done.err)
        after = path.lstat()
        assert (after.st_ino, after.st_mode, after.st_rdev, after.st_size) == (
            before.st_ino, before.st_mode, before.st_rdev, before.st_size
        )  # fmt: skip
        assert held == (path.read_bytes() if path.is_file() else b"")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["one.xml", "strange"]


def test_a_damaged_page_is_told_as_damage_and_verify_names_the_table(tmp_path: Path) -> None:
    (tmp_path / "one.xml").write_text(document())
    assert run(tmp_path, "ingest", "one.xml").code == 0
    path = tmp_path / "kanta-gap.duckdb"
    with open_database(path, write=True) as database:
        database.connection.execute("INSERT INTO member (member_key) SELECT sha256(range::VARCHAR) FROM range(60000)")
    done = run(tmp_path, "db", "verify")
    assert done.code == 0, done.err
    assert "read to the end" in done.err
    raw = bytearray(path.read_bytes())
    with open_database(path, write=False) as database:
        (block,) = database.connection.execute(
            "SELECT max(block_id) FROM pragma_storage_info('member') WHERE column_name = 'member_key' AND block_id >= 0"
        ).fetchone() or (0,)
    raw[3 * 4096 + block * 262_144 + 1000] ^= 0xFF
    path.write_bytes(raw)
    done = run(tmp_path, "db", "verify")
    assert done.code == 3, done.err
    assert "1 table cannot be read (member)" in done.err
    with (
        pytest.raises(UsageError, match="is damaged") as told,
        open_database(path, write=False) as database,
    ):
        database.connection.execute("SELECT max(member_key) FROM member").fetchall()
    assert "db verify" in told.value.hint("en")


def test_a_database_that_others_may_read_is_told_and_kept_from_them(tmp_path: Path) -> None:
    (tmp_path / "one.xml").write_text(document())
    assert run(tmp_path, "ingest", "one.xml").code == 0
    path = tmp_path / "kanta-gap.duckdb"
    for command in (("log",), ("ingest", "one.xml")):
        path.chmod(0o644)
        done = run(tmp_path, *command)
        assert done.code == 0
        assert "could be read by others" in done.err
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "could be read" not in run(tmp_path, "log").err


def test_a_log_without_its_database_is_not_played_into_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "one.xml").write_text(document())
    (tmp_path / "kanta-gap.duckdb.wal").write_bytes(b"the log of another database")
    done = run(tmp_path, "ingest", "one.xml")
    assert done.code == 2
    assert "lies the log of another database" in done.err
    assert (tmp_path / "kanta-gap.duckdb.wal").read_bytes() == b"the log of another database"


def test_a_write_protected_database_is_read_and_never_written_by_root_either(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(b"<a/>")
    path = tmp_path / "kept.duckdb"
    assert run(tmp_path, "ingest", "a.xml", "--db", path.name).code == 3
    path.chmod(0o444)
    before = path.read_bytes()
    for command in (
        "ingest a.xml",
        "register a.xml",
        "db upgrade",
        "db verify",
        "quarantine",
        "coverage --period 2025Q1",
    ):
        done = run(tmp_path, *command.split(), "--db", path.name)
        reads = command.startswith(("quarantine", "coverage", "db verify"))
        assert ("is write-protected" in done.err) == (not reads), (command, done)
        assert reads or done.code == 2
        assert path.read_bytes() == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o400


@pytest.mark.parametrize("why", ["a folder that nobody may write", "a name that DuckDB reads otherwise"])
def test_where_no_log_can_lie_questions_are_answered_and_writing_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    (tmp_path / "one.xml").write_text(document())
    row = f"R1;{NATIONAL};24;2025-01-17;;{ORGANISER}"
    (tmp_path / "e.csv").write_text(f"source_id;person_id;service_task;start;end;organiser\n{row}\n")
    for command in ("ingest one.xml", "register e.csv"):
        assert run(tmp_path, *command.split()).code == 0
    folder = tmp_path / ("what?" if "name" in why else "there")
    folder.mkdir()
    database = shutil.move(tmp_path / "kanta-gap.duckdb", folder / "x.duckdb")
    if "name" in why:
        told = "has a ‘?’"
    else:
        # What the system says to whoever is not root.
        allowed = os.access
        monkeypatch.setattr(os, "access", lambda at, mode: Path(at) != folder and allowed(at, mode))
        told = "nothing can be written beside the database"
    for command in ("gaps -f csv", "coverage", "dashboard --once"):
        done = run(tmp_path, *command.split(), "--period", "2025Q1", "--db", str(database))
        assert (done.code, "defect" in done.err, bool(done.out)) == (0, False, True), (command, done.err)
    before = Path(database).read_bytes()
    for command in ("ingest one.xml", "register e.csv", "deliver --period 2025Q1 --out d"):
        done = run(tmp_path, *command.split(), "--db", str(database))
        assert (done.code, told in done.err) == (2, True), (command, done.err)
    assert Path(database).read_bytes() == before
