"""A database that is written anew: nothing is left of what was to go, nothing else is touched, and no kill changes that."""

from __future__ import annotations

import json
import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from analyser.archive.files.discover import hashed
from analyser.messages.errors import BrokenSumError
from analyser.store import rewrite
from analyser.store.database import open_database
from analyser.store.encryption import extension, is_encrypted
from analyser.store.proof import Known
from analyser.store.schema import migrations
from tests.archive.build import NATIONAL, ORGANISER, document
from tests.command import Done
from tests.command import run as run_apart
from tests.command import run_here as run

_LONG = os.environ.get("TESTS_LONG") == "1"
_PEOPLE = [f"0101{year:02}-9{number:02}X" for year, number in zip(range(40, 76), range(1, 37), strict=True)]
_KEY = "k" * 16 + "0123456789abcdef" * 2
_TEMPORARY = "KUNTA-TEMP-0001"
_P = ("--period", "2025Q1")


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A document, whose task is known by a name of the codes file alone, and a register of 38 persons."""
    folder = tmp_path_factory.mktemp("origin")
    (folder / "archive").mkdir()
    (folder / "archive" / "one.xml").write_text(document())
    rows = [NATIONAL, *_PEOPLE, _TEMPORARY]
    (folder / "episodes.csv").write_text(
        "source_id,person_id,person_id_root,service_task,start,end,organiser\n"
        + "".join(
            f"R{place},{who},{'1.2.246.10.7.22' if who == _TEMPORARY else ''},24,2025-01-01,,{ORGANISER}\n"
            for place, who in enumerate(rows)
        )
    )
    assert run(folder, "ingest", "archive").code == 0
    assert run(folder, "register", "episodes.csv").code == 0
    for name in ("old.key", "new.key"):
        (folder / name).write_text(_KEY if name == "old.key" else _KEY[::-1])
        (folder / name).chmod(0o600)
    return folder


@pytest.fixture
def folder(origin: Path, tmp_path: Path) -> Path:
    """The database and the keys alone."""
    for name in ("kanta-gap.duckdb", "old.key", "new.key"):
        (tmp_path / name).write_bytes((origin / name).read_bytes())
        (tmp_path / name).chmod(0o600)
    return tmp_path


def _left(folder: Path, whose: Sequence[str] = (NATIONAL, *_PEOPLE, _TEMPORARY)) -> int:
    """Identifiers in the bytes of anything in the folder, its cells or names."""
    raw = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    path = folder / "kanta-gap.duckdb"
    if not is_encrypted(path):
        with open_database(path, write=False) as database:
            raw += repr(database.connection.execute("FROM person_identity").fetchall()).encode()
    return sum(1 for who in whose if who.encode() in raw)


def test_a_link_stays_a_link_and_the_file_behind_it_is_written_anew(folder: Path) -> None:
    (folder / "real").mkdir()
    (folder / "kanta-gap.duckdb").rename(folder / "real" / "file.duckdb")
    link = folder / "kanta-gap.duckdb"
    link.symlink_to("real/file.duckdb")
    before = run(folder, "gaps", *_P, "-f", "json").out
    steps: list[tuple[str, ...]] = [("forget-persons",)]
    if extension() is not None:
        steps = [
            ("encrypt", "--key-file", "old.key"),
            ("rekey", "--key-file", "old.key", "--new-key-file", "new.key"),
            ("decrypt", "--key-file", "new.key"),
            ("forget-persons",),
        ]
    for step in steps:
        done = run(folder, "db", *step)
        assert done.code == 0, done.err
        assert link.is_symlink()
        assert is_encrypted(folder / "real" / "file.duckdb") == (step[0] in ("encrypt", "rekey"))
        assert stat.S_IMODE((folder / "real" / "file.duckdb").stat().st_mode) == 0o600
    assert sorted(path.name for path in (folder / "real").iterdir()) == ["file.duckdb"]
    assert _left(folder) == 0
    assert run(folder, "gaps", *_P, "-f", "json").out == before


def test_a_second_name_of_the_file_is_refused_and_nothing_is_done(folder: Path) -> None:
    os.link(folder / "kanta-gap.duckdb", folder / "second.duckdb")
    for step in (("forget-persons",), ("encrypt", "--key-file", "old.key")):
        done = run(folder, "db", *step)
        assert done.code == 2
        assert "2 in all" in done.err
    assert _left(folder) > 30
    assert "no database" in run(folder, "db", "forget-persons", "--db", "none.duckdb").err
    assert not (folder / "none.duckdb").exists()


_SPELLINGS = (
    "{0}", "x{0}y", "20250131{0}", "{1}\u2010{2}", "{1}\u2212{2}", "{1}\uff0d{2}", "{1}_{2}", "{1}%2D{2}", "{1} - {2}",
    "{1}\u200b-\u200b{2}", "{1}{2}", "doc {1}{2}.xml",
)  # fmt: skip


def test_an_identifier_in_any_spelling_in_any_table_gives_way_and_keys_go_with_it(folder: Path) -> None:
    path = folder / "kanta-gap.duckdb"
    with open_database(path, write=True) as database:
        for place, spelling in enumerate(_SPELLINGS):
            who = _PEOPLE[place]
            told = spelling.format(who, who[:6], who[7:])
            database.connection.execute(
                "INSERT INTO member (member_key, member) VALUES ($key, $told)", {"key": f"k{place}", "told": told}
            )
        database.connection.execute("UPDATE document SET problems = $told", {"told": [f"at {_PEOPLE[20]}", "fine"]})
        secret = database.secret
        marks = database.connection.execute("SELECT sha256('text' || $key)", {"key": secret.hex()}).fetchone()
        database.connection.execute(
            "UPDATE register_episode SET unit = $told WHERE source_id = 'R1'", {"told": f"x{_TEMPORARY}y"}
        )
        database.connection.execute("UPDATE register_episode SET unit = '1.2.246.10.7.22' WHERE source_id = 'R2'")
    done = run(folder, "db", "forget-persons")
    assert done.code == 0, done.err
    assert f"{len(_SPELLINGS) + 2} cells of other tables" in done.err
    with open_database(path, write=False) as database:
        members = [name for (name,) in database.connection.execute("SELECT member FROM member").fetchall()]
        assert sum("[id-" in name for name in members) == len(_SPELLINGS)
        assert "fine" in repr(database.connection.execute("SELECT problems FROM document").fetchall())
    raw = path.read_bytes()
    assert marks is not None
    for canary in (secret, secret.hex().encode(), marks[0].encode()):
        assert canary not in raw
    assert _left(folder) == 0


def test_no_hash_of_a_path_leads_to_a_name_of_a_file_after_forgetting(tmp_path: Path) -> None:
    """A path can be tried as an identifier can: its hashes go too. A source is forgotten by its name then."""
    name = f"{NATIONAL}-Esimerkki.xml"
    (tmp_path / "archive").mkdir()
    for place in (name, "bad.xml"):
        (tmp_path / "archive" / place).write_text(document() if place == name else "<x")
    assert run(tmp_path, "ingest", "archive").code == 3
    source = hashed(str((tmp_path / "archive").resolve()))
    tried = [source, hashed(f"{source}\x1f{name}"), hashed(f"{source}\x1fbad.xml")]

    def found() -> int:
        with open_database(tmp_path / "kanta-gap.duckdb", write=False) as database:
            tables = [row[0] for row in database.connection.execute("SHOW TABLES").fetchall()]
            told = repr([database.connection.execute(f'FROM "{table}"').fetchall() for table in tables])
        return sum(one in told for one in tried)

    assert found() == 3
    listed = run(tmp_path, "quarantine", "-f", "json").out
    assert run(tmp_path, "db", "forget-persons").code == 0
    assert found() == 0
    assert run(tmp_path, "quarantine", "-f", "json").out == listed
    assert run(tmp_path, "forget", "archive/bad.xml").code == 0
    assert json.loads(run(tmp_path, "quarantine", "-f", "json").out)["rows"] == []
    assert "documents in the database: 1 before, 0 after" in run(tmp_path, "forget", "archive").err


def test_a_miss_of_the_proof_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen by its cells, by its bytes, and before anything is lost when it cannot see at all."""
    path = folder / "kanta-gap.duckdb"
    before = path.read_bytes()
    monkeypatch.setattr(Known, "in_text", lambda _self, text: {text} if text == _PEOPLE[0] else set())
    monkeypatch.setattr(rewrite, "holding", lambda *_: {})
    with pytest.raises(BrokenSumError, match="does not see"):
        rewrite.forget_persons(path)
    assert path.stat().st_size == len(before)
    monkeypatch.undo()
    with open_database(path, write=True) as database:  # a row of the trail is not changed, so it tells of the miss
        database.connection.execute("UPDATE audit SET detail = $told", {"told": json.dumps({"x": _PEOPLE[0]})})
    done = run(folder, "db", "forget-persons")
    assert done.code == 3
    assert "1 identifier that the database held can still be found" in done.err
    known = Known.of([*_PEOPLE, _TEMPORARY], [b"0123456789abcdef" * 2])
    (folder / "bytes").write_bytes(
        os.urandom(2**20) + _PEOPLE[3].replace("-", "\u2011").encode() + b"\0" + b"0123456789abcdef" * 2
    )
    assert len(known.in_file(folder / "bytes")) == 2


def test_terms_of_the_register_are_known_by_their_marks_after_forgetting_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "one.xml").write_text(document())
    (tmp_path / "codes.csv").write_text("code,key,name_fi,in_register\n90,own,Oma palvelu,yes\n")
    assert run(tmp_path, "ingest", "archive").code == 0
    assert run(tmp_path, "register", "codes.csv").code == 0
    path = tmp_path / "kanta-gap.duckdb"
    sql = (
        "SELECT text_mark('  OMA  palvelu'), text_mark('Maija Meikäläinen'), (SELECT count(*) FROM service_task_alias)"
    )

    def asked() -> object:
        from analyser.system.resources import queries

        with open_database(path, write=False) as database:
            text = (queries("model") / "30-service-tasks.sql").read_text()
            database.connection.execute(text)
            return database.connection.execute(sql).fetchone()

    before = asked()
    with open_database(path, write=True) as database:  # as an earlier version left it
        connection = database.connection
        connection.execute(
            "INSERT INTO meta SELECT 'text_secret', sha256('text' || value) FROM meta WHERE key = 'person_secret'"
        )
        connection.execute("DELETE FROM meta WHERE key = 'person_secret'")
        connection.execute("INSERT INTO meta VALUES ('persons_forgotten', 'yes')")
    assert asked() == before
    done = run(tmp_path, "db", "forget-persons")
    assert done.code == 0, done.err
    after = asked()
    assert isinstance(before, tuple)
    assert isinstance(after, tuple)
    assert after == (before[0], None, before[2])
    assert "forgotten already" in run(tmp_path, "db", "forget-persons").err


# Kills the process before the n-th call that a module of ours makes into the system or into DuckDB.
_KILLER = """
import os, signal, sys
from pathlib import Path
modules, number, arguments = sys.argv[1].split(","), int(sys.argv[2]), sys.argv[3:]
left = [number]
def watch(frame, event, argument):
    if event == "c_call" and Path(frame.f_code.co_filename).name in modules:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
from analyser.cli.app import run
import analyser.store.rewrite, analyser.cli.db
sys.setprofile(watch)
code = run(arguments)
sys.setprofile(None)
print("calls", number - left[0])
sys.exit(code)
"""
_ACTIONS: dict[str, tuple[str, ...]] = {
    "forget-persons": (),
    "forget-person": ("R0",),
    "encrypt": ("--key-file", "old.key"),
    "rekey": ("--key-file", "old.key", "--new-key-file", "new.key"),
    "decrypt": ("--key-file", "old.key"),
}
_EVERYBODY = (NATIONAL, *_PEOPLE, _TEMPORARY)
_WHOSE = {"forget-person": (NATIONAL,), **dict.fromkeys(("forget-persons", "encrypt", "rekey"), _EVERYBODY)}
"""Whose identifiers are in no byte of the file when it is done."""
_MODULES = "rewrite.py,forget_person.py,owned.py,database.py,audit.py"


def _killed(folder: Path, modules: str, number: int, *arguments: str) -> tuple[bool, int]:
    """Whether the process was killed at that call; else how many there are."""
    done = subprocess.run(
        [sys.executable, "-c", _KILLER, modules, str(number), *arguments],
        cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "LANG": "C.UTF-8"},
    )  # fmt: skip
    if done.returncode == -signal.SIGKILL:
        return True, number
    assert done.returncode == 0, done.stderr
    return False, int(done.stdout.split("calls ")[1])


def _prepared(folder: Path, action: str, plain: bytes, origin: Path) -> None:
    path = folder / "kanta-gap.duckdb"
    if action in ("rekey", "decrypt"):
        if not (origin / "encrypted").exists():
            path.write_bytes(plain)
            assert run(folder, "db", "encrypt", "--key-file", "old.key").code == 0
            (origin / "encrypted").write_bytes(path.read_bytes())
        path.write_bytes((origin / "encrypted").read_bytes())
    else:
        path.write_bytes(plain)


def _finished(folder: Path, action: str) -> Done:
    """The same command again; what the killed run had done already is told so."""
    done = run(folder, "db", action, *_ACTIONS[action])
    assert done.code in (0, 2), done.err
    if done.code == 2:
        assert any(told in done.err for told in ("already", "does not open", "not encrypted", "nobody")), done.err
    return done


_OTHERWISE_KILLED = {"forget-persons", "decrypt"}
"""Rewritings that another action stands for: forget-person and encrypt go the same way."""


@pytest.mark.parametrize(
    "action", [pytest.param(one, marks=pytest.mark.long if one in _OTHERWISE_KILLED else ()) for one in _ACTIONS]
)
def test_a_killed_rewrite_is_whole_before_or_after_and_the_next_run_finishes_it(
    folder: Path, origin: Path, action: str
) -> None:
    if not action.startswith("forget") and extension() is None:
        pytest.skip("the extra ‘encryption’ is not installed")
    path = folder / "kanta-gap.duckdb"
    plain = path.read_bytes()
    asked = ("gaps", *_P, "-f", "json")
    expected = {run(folder, *asked).out}
    _prepared(folder, action, plain, origin)
    _, calls = _killed(folder, _MODULES, 10**9, "db", action, *_ACTIONS[action])
    if action == "forget-person":
        expected.add(run(folder, *asked).out)
    chance = random.Random(action)
    numbers = range(1, calls + 1, max(1, calls // 55)) if _LONG else [chance.randint(calls // 2, calls)]
    kills = left = 0
    for number in numbers:
        for other in folder.glob("*kanta-gap*"):
            other.unlink()
        _prepared(folder, action, plain, origin)
        kills += _killed(folder, _MODULES, number, "db", action, *_ACTIONS[action])[0]
        key: tuple[str, ...] = ()
        if is_encrypted(path):  # killed before or after: usable under one of the keys, with every figure
            key = ("--key-file", "old.key")
            if run(folder, *asked, *key).code == 2:
                key = ("--key-file", "new.key")
        assert run(folder, *asked, *key).out in expected, number
        _finished(folder, action)
        assert [entry.name for entry in folder.iterdir() if "kanta-gap" in entry.name] == ["kanta-gap.duckdb"], number
        left += _left(folder, _WHOSE.get(action, ()))
    print(f"db {action}: {kills} kills of {calls} calls, {left} identifiers left")
    assert left == 0
    assert kills == len(numbers)


@pytest.mark.parametrize("action", _ACTIONS)
@pytest.mark.skipif(not _LONG, reason="minutes; only with TESTS_LONG=1")
def test_rewrites_killed_at_any_time(folder: Path, origin: Path, action: str) -> None:
    """The same with a clock, so that a kill also comes while DuckDB writes."""
    path = folder / "kanta-gap.duckdb"
    plain = path.read_bytes()
    _prepared(folder, action, plain, origin)
    began = time.monotonic()
    assert run_apart(folder, "db", action, *_ACTIONS[action]).code == 0
    took = time.monotonic() - began
    kills = left = 0
    for moment in (random.Random(action).uniform(took * 0.4, took) for _ in range(50)):
        for other in folder.glob("*kanta-gap*"):
            other.unlink()
        _prepared(folder, action, plain, origin)
        process = subprocess.Popen(
            [sys.executable, "-m", "analyser", "db", action, *_ACTIONS[action]], cwd=folder,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(moment)
        process.kill()
        kills += process.wait() == -signal.SIGKILL
        _finished(folder, action)
        left += _left(folder, _WHOSE.get(action, ()))
    print(f"db {action}: {kills} kills by the clock, {left} identifiers left")
    assert left == 0


def test_a_killed_creation_or_migration_is_finished_by_the_next_command(tmp_path: Path) -> None:
    (tmp_path / "codes.csv").write_text("code,key,name_fi,in_register\n90,own,Oma palvelu,yes\n")

    def old() -> None:
        """A database of the first version, with a row."""
        with duckdb.connect(str(tmp_path / "kanta-gap.duckdb")) as connection:
            connection.execute(migrations()[0][1])
            connection.execute(
                "INSERT INTO meta VALUES ('schema_version', '1'), ('person_secret', 'aa'), ('database_id', 'bb')"
            )
            connection.execute("INSERT INTO register_code (code) VALUES ('77')")

    load = ("register", "codes.csv", "--kind", "codes")
    for state, rows, command in ((None, 1, load), (old, 2, load), (old, 1, ("db", "upgrade"))):
        numbers: list[int] = [10**9]
        kills = 0
        while numbers:
            number = numbers.pop()
            for entry in tmp_path.glob("*kanta-gap*"):
                entry.unlink()
            if state is not None:
                state()
            killed, calls = _killed(tmp_path, "database.py,owned.py,upgrade.py", number, *command)
            kills += killed
            if number == 10**9:
                chance = random.Random(calls)
                numbers = list(range(1, calls + 1, max(1, calls // 55))) if _LONG else [chance.randint(1, calls)]
            done = run(tmp_path, *command)
            assert done.code == 0, (number, done.err)
            with open_database(tmp_path / "kanta-gap.duckdb", write=False) as database:
                assert database.connection.execute("SELECT count(*) FROM register_code").fetchone() == (rows,)
            left = sorted(entry.name for entry in tmp_path.glob("*kanta-gap*"))
            # A copy of before is whole and stays, whenever the run was killed that made it.
            assert [name for name in left if ".schema-" not in name] == ["kanta-gap.duckdb"], number
            for name in left[1:]:
                with duckdb.connect(str(tmp_path / name), read_only=True) as copy:
                    assert copy.execute("SELECT code FROM register_code").fetchall() == [("77",)], (number, name)
        print(f"{' '.join(command[:2])} on {'an older database' if state else 'none'}: {kills} kills")
