"""An encrypted database is of use to all commands and of none to whoever lacks the key."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from analyser.cli.commands import COMMANDS
from analyser.coverage.model import Model, Request
from analyser.coverage.periods import parse_period
from analyser.messages.errors import UsageError
from analyser.rules.sandbox import apart
from analyser.store.database import open_database
from analyser.store.encryption import extension, is_encrypted
from analyser.store.shared import SharedDatabase
from analyser.system import keys
from tests.archive.build import NATIONAL, ORGANISER, TEMPORARY, document, frame
from tests.command import Done
from tests.command import run as run_apart
from tests.command import run_here as run
from tests.privacy.files import everything_in

_KEY = "k" * 16 + "0123456789abcdef" * 2
_ROW = f"R1,{NATIONAL},24,2025-01-01,,{ORGANISER},092\nR2,010190-901X,24,2025-02-01,,{ORGANISER},092\n"
needs_extra = pytest.mark.skipif(extension() is None, reason="the extra ‘encryption’ is not installed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A document, its frame, a register and a key file; no database."""
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "one.xml").write_text(document())
    (tmp_path / "archive" / "one.frame.xml").write_text(frame())
    (tmp_path / "archive" / "broken.xml").write_text(document("***", oid="1.2.3.9"))
    (tmp_path / "episodes.csv").write_text("source_id,person_id,service_task,start,end,organiser,municipality\n" + _ROW)
    (tmp_path / "county.key").write_text(_KEY)
    (tmp_path / "county.key").chmod(0o600)
    (tmp_path / "own").mkdir()
    with closing(sqlite3.connect(tmp_path / "lite.db")) as lite:
        lite.execute("CREATE TABLE codes (code TEXT, key TEXT)")
    (tmp_path / "kanta-gap.toml").write_text(
        '[source.lite]\nengine = "sqlite"\nfile = "lite.db"\nquery = "SELECT code, key FROM codes"\n'
    )
    return tmp_path


def _keyed(folder: Path, line: str, **environment: str) -> Done:
    done = run(folder, *line.split(), "--key-file", "county.key", **environment)
    assert _KEY not in done.out + done.err
    return done


def _loaded(folder: Path) -> Path:
    assert _keyed(folder, "ingest archive").code == 3
    assert _keyed(folder, "register episodes.csv").code == 0
    return folder


def _error(done: Done) -> str:
    assert done.code == 2
    assert done.out == ""
    first = done.err.splitlines()[0]
    assert first.startswith("kanta-gap: error: ")
    return done.err


_COMMANDS = {
    "coverage --period 2025Q1 -f json": 3,
    "coverage --period 2025Q1 --share": 3,
    "register --source lite": 0,
    "check --period 2025Q1 --rules own": 3,
    "gaps --period 2025Q1 -f json": 3,
    "gaps --period 2025Q1 -f csv --reveal-ids": 3,
    "deliver --period 2025Q1 --out d": 3,
    "deliver --check d": 0,
    "deliver --mark-sent d": 0,
    "deliver --status --period 2025Q1": 3,
    "worklist --period 2025Q1 --split-by unit --out lists": 0,
    "combine kanta-gap.duckdb --period 2025Q1": 0,
    "export tables --period 2025Q1": 0,
    "period close 2025Q1": 3,
    "handover": 0,
    "info": 0,
    "deliver --unmark-sent d": 0,
    "check --period 2025Q1 -f json": 3,
    "trace R1": 0,
    "quarantine": 0,
    "dashboard --once --period 2025Q1": 0,
    "periods": 0,
    "log": 0,
    "diff kanta-gap.duckdb kanta-gap.duckdb --period 2025Q1": 0,
    "config": 0,
    "rules": 0,
    "explain G01": 0,
    "": 0,
}


@needs_extra
def test_every_command_works_with_the_key_and_none_without(folder: Path) -> None:
    _loaded(folder)
    path = folder / "kanta-gap.duckdb"
    assert is_encrypted(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for line, code in _COMMANDS.items():
        done = _keyed(folder, line)
        assert done.code == code, (line, done.err)
    raw = path.read_bytes()
    assert NATIONAL.encode() not in raw
    assert b"register_episode" not in raw
    for line in ("coverage --period 2025Q1", "gaps --period 2025Q1 --reveal-ids", "deliver --period 2025Q1 --out e",
                 "check", "trace R1", "quarantine", "log", "dashboard --once", "ingest archive",
                 "register episodes.csv", "register --source lite", "diff kanta-gap.duckdb kanta-gap.duckdb", "periods"):  # fmt: skip
        assert "is encrypted, and no key is given" in _error(run(folder, *line.split()))
    told = _error(run(folder, "log", KANTA_GAP_KEY="x" * 40))
    assert "the key does not open the database" in told
    assert "x" * 40 not in told


@needs_extra
def test_every_command_that_opens_the_database_is_among_them() -> None:
    """A new command does not go by: it is run on an encrypted database, or opens none."""
    without = {
        "demo",
        "selftest",
        "synth",
        "man",
        "completion",
        "db",
        "ingest",
        "forget",
        "schema",
    }  # ingest fills it, forget empties it; db has tests of its own below
    assert {line.split()[0] for line in _COMMANDS if line} | without == set(COMMANDS)


@needs_extra
def test_the_dashboard_reads_an_encrypted_database_beside_others_and_asks_for_the_key(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _loaded(folder)
    shared = SharedDatabase(folder / "kanta-gap.duckdb")
    cursor = shared.cursor()
    try:
        monkeypatch.setattr(keys, "_provider", [])
        with pytest.raises(UsageError, match="encrypted"), shared.reading(cursor):
            pass
        monkeypatch.setattr(keys, "_provider", [lambda: keys.DatabaseKey(_KEY, "test")])
        with shared.reading(cursor) as reading:
            Model.build(reading, Request(parse_period("2025Q1")))
            room = apart(reading, Request(parse_period("2025Q1")))
        assert room.execute("SELECT count(*) FROM register_row").fetchone() == (2,)
        overflow = "SELECT current_setting('temp_file_encryption'), current_setting('temp_directory')"
        assert cursor.execute(overflow).fetchone()[0] is True  # type: ignore[index]
        assert room.execute(overflow).fetchone()[1] == "", "rules keep theirs in memory"  # type: ignore[index]
    finally:
        shared.close()


@needs_extra
def test_the_figures_of_an_encrypted_and_a_plain_database_are_the_same(folder: Path) -> None:
    _loaded(folder)
    run(folder, "ingest", "archive", "--db", "plain.duckdb")
    run(folder, "register", "episodes.csv", "--db", "plain.duckdb")
    question = ("coverage", "--period", "2025Q1", "-f", "json", "--by", "municipality,age-group")
    assert _keyed(folder, " ".join(question)).out == run(folder, *question, "--db", "plain.duckdb").out


@needs_extra
def test_a_database_is_encrypted_given_another_key_and_opened_again(folder: Path) -> None:
    run(folder, "ingest", "archive")
    run(folder, "register", "episodes.csv")
    path = folder / "kanta-gap.duckdb"
    before = run(folder, "gaps", "--period", "2025Q1", "-f", "json").out
    assert _keyed(folder, "db encrypt").code == 0
    assert is_encrypted(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert _keyed(folder, "gaps --period 2025Q1 -f json").out == before
    assert run(folder, "db", "key", "new.key").code == 0
    assert stat.S_IMODE((folder / "new.key").stat().st_mode) == 0o600
    assert _keyed(folder, "db rekey --new-key-file new.key").code == 0
    assert "does not open" in _error(_keyed(folder, "gaps --period 2025Q1"))
    new = ("--key-file", "new.key")
    assert run(folder, "gaps", "--period", "2025Q1", "-f", "json", *new).out == before
    assert run(folder, "db", "decrypt", *new).code == 0
    assert not is_encrypted(path)
    assert run(folder, "gaps", "--period", "2025Q1", "-f", "json").out == before
    told = [row["command"] for row in json.loads(run(folder, "log", "-f", "json").out)["rows"]]
    assert [name for name in told if name.startswith("db ")] == ["db encrypt", "db rekey", "db decrypt"]
    assert not list(folder.glob(".kanta-gap*")) + list(folder.glob("*.wal"))


_REFUSED = {
    "db encrypt": "encrypted already",
    "db rekey": "needs --new-key-file",
    "db rekey --new-key-file none.key": "cannot be read",
    "db melt": "none of key, encrypt",
    "db key county.key": "never written over",
    "db encrypt more": "only ‘db key’ takes a file",
}


@needs_extra
def test_what_cannot_be_done_to_a_database_is_told(folder: Path) -> None:
    assert _keyed(folder, "ingest archive").code == 3
    for line, told in _REFUSED.items():
        assert told in _error(_keyed(folder, line))


def test_a_key_and_a_plain_database_do_not_go_together(folder: Path) -> None:
    assert "not encrypted" in run(folder, "ingest", "archive").err
    assert "not encrypted" not in run(folder, "ingest", "archive").err, "told once, when the database is made"
    assert "is not encrypted" in _error(_keyed(folder, "coverage --period 2025Q1"))


@pytest.mark.parametrize(
    ("key", "mode", "told"),
    [("short", 0o600, "shorter than 32"), (_KEY, 0o644, "others may read"), (None, 0, "cannot")],
)
def test_a_key_file_must_be_long_and_private(folder: Path, key: str | None, mode: int, told: str) -> None:
    path = folder / "county.key"
    path.unlink()
    if key is not None:
        path.write_text(key)
        path.chmod(mode)
    assert told in _error(_keyed(folder, "ingest archive"))
    assert not (folder / "kanta-gap.duckdb").exists()


@pytest.mark.parametrize("typed", [f"--key={_KEY}", f"--key {_KEY}", f"--passphrase {_KEY}"])
def test_a_key_on_the_command_line_is_refused_and_not_repeated(folder: Path, typed: str) -> None:
    told = _error(run(folder, "coverage", *typed.split()))
    assert "never stands on the command line" in told
    assert _KEY not in told


def test_the_settings_tell_whether_there_is_a_key_and_never_which(folder: Path) -> None:
    for output in ("text", "json"):
        done = run(folder, "config", "-f", output, KANTA_GAP_KEY=_KEY)
        assert _KEY not in done.out + done.err
    assert json.loads(done.out)["settings"]["key"] == {"value": "set", "origin": "KANTA_GAP_KEY"}
    assert json.loads(run(folder, "config", "-f", "json").out)["settings"]["key"]["value"] == "not set"
    (folder / "kanta-gap.toml").write_text(f'key = "{_KEY}"\n')
    assert _KEY not in _error(run(folder, "config"))


@needs_extra
def test_the_keyring_of_the_operating_system_gives_the_key(folder: Path) -> None:
    package = folder / "path" / "keyring"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(
        "from . import errors\ndef get_password(service, name):\n"
        f"    return {{('kanta-gap', 'county'): {_KEY!r}}}.get((service, name))\n"
    )
    (package / "errors.py").write_text("class KeyringError(Exception): pass\n")
    path = f"{folder / 'path'}{os.pathsep}{Path(__file__).parents[2]}"
    found = run_apart(folder, "ingest", "archive", KANTA_GAP_KEYRING="county", PYTHONPATH=path)
    assert found.code == 3
    assert is_encrypted(folder / "kanta-gap.duckdb")
    assert "holds no entry" in _error(run_apart(folder, "log", KANTA_GAP_KEYRING="other", PYTHONPATH=path))


def test_without_the_extra_the_error_names_what_to_install(folder: Path) -> None:
    code = (
        "import analyser.store.encryption as e; e._PACKAGE = 'not_there'\n"
        "import sys; from analyser.cli.app import run\n"
        "sys.exit(run(['ingest', 'archive', '--key-file', 'county.key']))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pip install 'kanta-gap[encryption]'" in done.stderr
    assert "Traceback" not in done.stderr


@needs_extra
def test_without_the_extra_an_encrypted_database_can_still_be_read(folder: Path) -> None:
    _loaded(folder)
    code = (
        "import analyser.store.encryption as e; e._PACKAGE = 'not_there'\n"
        "import sys; from analyser.cli.app import run\n"
        "sys.exit(run(['quarantine', '-f', 'json', '--key-file', 'county.key']))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "bad-base64" in done.stdout


@needs_extra
def test_what_does_not_fit_into_memory_is_encrypted_on_the_disk_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _loaded(folder)
    monkeypatch.setattr(keys, "_provider", [lambda: keys.DatabaseKey(_KEY, "test")])
    before = os.umask(0o022)
    try:
        with open_database(folder / "kanta-gap.duckdb", write=False) as database:
            for setting in ("SET threads = 1", "SET memory_limit = '40MB'"):
                database.connection.execute(setting)
            database.connection.execute(
                "CREATE TEMP TABLE big AS SELECT 'SPILLED' || range || repeat('x', 90) AS a FROM range(800000)"
            )
            spilled = list(folder.glob("kanta-gap.duckdb.*.tmp/*"))
            assert spilled
            for path in spilled:
                assert b"SPILLED" not in path.read_bytes()
                assert stat.S_IMODE(path.stat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_a_users_sql_reaches_no_file_and_no_network(folder: Path) -> None:
    import duckdb

    run(folder, "ingest", "archive")
    with open_database(folder / "kanta-gap.duckdb", write=False) as database:
        for sql in (
            "SELECT * FROM read_csv('episodes.csv')",
            "COPY (SELECT 1) TO 'stolen.csv'",
            "ATTACH 'other.duckdb' AS other",
            "SELECT * FROM read_text('county.key')",
            "LOAD httpfs",
            "SET enable_external_access = true",
            "SELECT * FROM folder",
        ):
            with pytest.raises(duckdb.Error):
                database.connection.execute(sql)


def test_the_log_of_a_database_is_for_its_owner_alone(folder: Path) -> None:
    before = os.umask(0o000)
    try:
        with open_database(folder / "k.duckdb", write=True) as database:
            database.connection.execute("INSERT INTO meta VALUES ('a', 'b')")
            assert stat.S_IMODE((folder / "k.duckdb.wal").stat().st_mode) == 0o600
    finally:
        os.umask(before)


@pytest.mark.parametrize(
    ("cell", "left"),
    [
        ("aaaaf010112a955b", "0"),  # a hash that happens to be shaped so
        ("aaaaf010112a955b" * 2, "0"),
        ('{"archive": "aaaaf010112a955b"}', "0"),
        ("aaaf010112a955b", "1"),
        ("AS-010112A955B", "1"),
        ('{"aaaaf010112a955b": "010112a955b"}', "1"),
    ],
)
def test_what_may_still_be_somebodys_identifier_is_counted_and_a_hash_is_not(
    folder: Path, cell: str, left: str
) -> None:
    with open_database(folder / "kanta-gap.duckdb", write=True) as database:
        database.connection.execute("INSERT INTO meta VALUES ('left', $cell)", {"cell": cell})
    done = run(folder, "db", "forget-persons")
    assert f" {left} cell" in done.err
    assert done.code == (3 if int(left) else 0)


def test_forgotten_persons_are_gone_and_the_figures_stay(folder: Path) -> None:
    run(folder, "ingest", "archive")
    run(folder, "register", "episodes.csv")
    (folder / "identities.csv").write_text(
        f"person_id,person_id_root,same_as_id,same_as_root\n{NATIONAL},,{TEMPORARY},1.2.246.10.1.22.2024\n"
    )
    run(folder, "register", "identities.csv")
    questions = [
        ("coverage", "--period", "2025Q1", "-f", "json", "--by", "service-task,municipality"),
        ("gaps", "--period", "2025Q1", "-f", "json"),
        ("trace", "R1", "-f", "json"),
    ]
    before = [run(folder, *question).out for question in questions]
    path = folder / "kanta-gap.duckdb"
    with open_database(path, write=False) as database:
        secret = database.secret
    done = run(folder, "db", "forget-persons")
    assert done.code == 0
    assert "3 identifiers" in done.err
    assert [run(folder, *question).out for question in questions] == before
    with open_database(path, write=False) as database:
        told = everything_in(database)
        assert database.secret == b""
    for canary in (NATIONAL, TEMPORARY, "010190-901X", "2012-03-14", secret.hex()):
        assert canary not in told
    assert secret not in path.read_bytes()
    assert secret.hex().encode() not in path.read_bytes()
    for line in ("gaps --period 2025Q1 --reveal-ids", "deliver --period 2025Q1 --out d", "ingest archive",
                 "register episodes.csv"):  # fmt: skip
        assert "were forgotten" in _error(run(folder, *line.split()))
    assert "forgotten already" in _error(run(folder, "db", "forget-persons"))
    done = [row["command"] for row in json.loads(run(folder, "log", "-f", "json").out)["rows"]]
    assert [command for command in done if command.startswith("db ")][-1] == "db forget-persons"
