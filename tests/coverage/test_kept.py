"""A model kept between questions: the next answer is the same to the byte, and never one of another state.

Every ingredient of the key is tried twice: with it, what was kept before is not taken up; without it, it is. So each
of them is seen to be what guards."""

from __future__ import annotations

import datetime as dt
import os
import random
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analyser.coverage import kept
from analyser.coverage.history import seen
from analyser.coverage.model import Model, Request
from analyser.coverage.result import Acknowledgements, Period
from analyser.coverage.steps import statements
from analyser.national.dates import FINLAND, utc_now
from analyser.store import kept as beside
from analyser.store.audit import note_reveal
from analyser.store.database import open_database
from analyser.store.encryption import extension, is_encrypted
from analyser.store.readings import note_reading
from analyser.store.remember import remember
from analyser.succession import Link
from analyser.system.keeping import Keeping, keep_with, keeping
from analyser.system.resources import queries
from tests.command import Done
from tests.command import run_here as here

_PROJECT = Path(__file__).parents[2]
_COUNTY = _PROJECT / "fixtures" / "county"
_P = ("--period", "2025Q1")
_ALWAYS = {"KANTA_GAP_KEEP_COMPARISON": "always"}
_NEVER = {"KANTA_GAP_KEEP_COMPARISON": "never"}
_TAKEN_UP = "kept from an earlier question still holds"
_REQUEST = Request(Period("2025Q1", dt.date(2025, 1, 1), dt.date(2025, 3, 31)))
_LONG = os.environ.get("TESTS_LONG") == "1"


pytestmark = pytest.mark.usefixtures("keeps_all")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    assert here(folder, "ingest", str(_COUNTY / "archive"), "-q").code == 3
    lists = [str(_COUNTY / f"{name}.csv") for name in ("episodes-1", "identities", "codes")]
    assert here(folder, "register", *lists, "-q").code == 0
    return folder


@pytest.fixture
def county(whole: Path, tmp_path: Path) -> Path:
    shutil.copy(whole / "kanta-gap.duckdb", tmp_path)
    return tmp_path


def _asked(path: Path, request: Request = _REQUEST) -> tuple[bool, list[Any]]:
    """Whether a kept model was taken up, and what it answered."""
    with open_database(path, write=False) as database:
        model = Model.asked(database.connection, request)
        rows = [model.rows("cells", dict.fromkeys(_CELLS, True)), model.rows("ledger", {"classes": []})]
        return kept.taken_up(model.connection), rows


_CELLS = ("layer", "service_task", "municipality", "unit", "producer", "age_group")


def _cold(path: Path, request: Request = _REQUEST) -> list[Any]:
    keep_with(None)
    try:
        return _asked(path, request)[1]
    finally:
        keep_with(Keeping(0.0))


def _written(path: Path, sql: str, *, secretly: bool = False) -> None:
    """Write the database as every command does; `secretly`: as none may, with the state left as it is."""
    with open_database(path, write=True, unchanged=secretly) as database:
        database.connection.execute(sql)


def _told_alike(folder: Path, *words: str, **environment: str) -> Done:
    """Ask one that keeps until it takes up what it kept, and one that does not: the same bytes and code. The last
    answer of the first, told with -v."""
    if "dashboard" in words:  # it tells of states seen before: this one is among them from now on
        here(folder, *words, **_NEVER, **environment)
    first = second = here(folder, *words, "-v", **_ALWAYS, **environment)
    if _TAKEN_UP not in first.err:
        second = here(folder, *words, "-v", **_ALWAYS, **environment)
    cold = here(folder, *words, **_NEVER, **environment)
    assert (first.code, first.out) == (second.code, second.out) == (cold.code, cold.out), words
    return second


_ANOTHER = "INSERT INTO register_episode BY NAME SELECT * REPLACE ('X' AS source_id) FROM register_episode LIMIT 1"


def test_a_kept_model_answers_every_question_to_the_byte_and_is_for_its_owner_alone(county: Path) -> None:
    ledger = here(county, "gaps", *_P, "-f", "json").out
    (oid,) = re.findall(r'"documents":\s*\["([^"]+)"', ledger)[:1]
    (person,) = re.findall(r'"person_key":\s*"([0-9a-f]{16})"', ledger)[:1]
    (row,) = re.findall(r'"source_id":\s*"([^"]+)"', ledger)[:1]
    for words in (
        ("coverage", "-f", "json", "--by", "service-task,municipality,unit,producer,age-group,layer"),
        ("gaps", "--class", "missing,partial", "--where", "municipality = 092", "-f", "csv"),
        ("gaps", "--services", "-f", "json"),
        *([("trace", id_, "-f", "json") for id_ in (oid, row)] if _LONG else []),
        ("trace", person, "-f", "json"),
        ("dashboard", "--once"),
    ):
        told = _told_alike(county, *words, *_P)
        assert _TAKEN_UP in told.err, words
    place = county / "kanta-gap.duckdb.kept"
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    modes = {stat.S_IMODE(file.stat().st_mode) for file in place.iterdir()}
    assert modes == {0o600}
    assert "900" not in "".join(file.name for file in place.iterdir())
    info = here(county, "info", "-f", "json").out
    assert f'"kept_bytes": {sum(file.stat().st_size for file in place.iterdir())}' in info


def test_every_table_that_a_question_asks_stands_when_a_model_is_taken_up() -> None:
    lacking = kept.not_there()
    asked = re.compile(r"\b(?:FROM|JOIN)\s+(?:temp\.main\.)?(\w+)")
    rooms = ("model", "parts", "rules", "forget")  # the model itself, and what always builds it or has none
    for file in [*queries().rglob("*.sql"), *(_PROJECT / "analyser").rglob("*.py")]:
        if file.is_relative_to(queries()) and file.relative_to(queries()).parts[0] in rooms:
            continue
        found = set(asked.findall(re.sub(r"--[^\n]*", "", file.read_text(encoding="utf-8")))) & lacking
        assert not found, f"{file.name} asks {found}: put them into kept.KEPT or kept.ANEW"
    assert "numbered_birth" in lacking, "a birth date is kept in no second place"


def _not_bound_to(ingredient: str) -> Callable[..., dict[str, str] | None]:
    whole_key = kept.ingredients

    def ingredients(*arguments: Any) -> dict[str, str] | None:
        told = whole_key(*arguments)
        return told and {name: value for name, value in told.items() if name != ingredient}

    return ingredients


def test_what_is_kept_holds_for_one_of_each_ingredient_alone(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changes: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
        "sql": lambda patch: patch.setattr(kept, "_sql", lambda: "other"),
        "tool": lambda patch: patch.setattr(kept, "__version__", "99"),
        "readers": lambda patch: patch.setattr(kept, "READER", 99),
        "duckdb": lambda patch: patch.setattr(duckdb, "__version__", "99"),
        "settings": lambda _: keep_with(Keeping(0.0, settings="other")),
        "day": lambda patch: patch.setattr(kept, "dt", _Tomorrow),
        "kept": lambda patch: patch.setattr(kept, "ANEW", (*kept.ANEW, "other")),
        **{
            name: lambda _, name=name: _written(store, _RENAMED + f"'{name}'", secretly=True)
            for name in ("database_id", "state")
        },
        "schema_version": lambda patch: patch.setattr(
            kept, "_FACTS", kept._FACTS.replace(" value", " if(key = 'schema_version', '7', value)", 1)
        ),
    }
    with open_database(store, write=False) as database:
        told = kept.ingredients(database.connection, _REQUEST, "")
    assert told is not None
    assert set(changes) | {"request"} == set(told), "each is tried; questions have a test of their own"
    for ingredient, change in changes.items():
        for guarded in (True, False):
            with monkeypatch.context() as patch:
                if not guarded:  # nothing else tells the two apart
                    patch.setattr(kept, "ingredients", _not_bound_to(ingredient))
                before = _name(store)
                change(patch)
                assert (_name(store) != before) is guarded, ingredient
            keep_with(Keeping(0.0))
            _written(store, "UPDATE meta SET value = 'y' WHERE value = 'x'", secretly=True)
    _asked(store)
    assert _asked(store)[0]
    monkeypatch.setattr(kept, "_sql", lambda: "other")
    assert not _asked(store)[0]
    assert len(beside.files(store)) == 1, "what cannot be asked any more is removed"


def _name(path: Path) -> str:
    with open_database(path, write=False) as database:
        policy = keeping()
        assert policy is not None
        place = kept.place_of(database.connection, _REQUEST, policy)
        assert place is not None
        return place.name


_RENAMED = "UPDATE meta SET value = 'x' WHERE key = "


class _Tomorrow:
    """The clock of tomorrow."""

    class datetime(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
            assert tz is FINLAND, "a day is Finland's"
            return dt.datetime.now(tz) + dt.timedelta(days=1)


def test_every_writing_ends_it_and_without_that_the_answer_would_be_stale(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _asked(store)
    before = _asked(store)
    assert before[0]
    _written(store, "SELECT 1")
    assert not beside.folder(store).exists(), "opened for writing is enough"
    _asked(store)
    _written(store, _ANOTHER)
    fresh = _asked(store)
    assert not fresh[0]
    assert fresh[1] == _cold(store) != before[1]
    # The name of the state alone, when nothing is removed …
    monkeypatch.setattr(beside, "remove", lambda _: None)
    _written(store, "DELETE FROM register_episode WHERE source_id = 'X'")
    again = _asked(store)
    assert not again[0]
    assert again[1] == _cold(store) == before[1]
    # … and neither: the guard can fail.
    monkeypatch.setattr(beside, "renew", lambda _: None)
    _written(store, "UPDATE document SET kind = 'case'")
    stale = _asked(store)
    assert stale[0]
    assert stale[1] != _cold(store)


def test_another_question_is_another_model_and_the_last_few_are_kept(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = Period("2025Q2", dt.date(2025, 4, 1), dt.date(2025, 6, 30))
    questions = [
        _REQUEST,
        replace(_REQUEST, period=later),
        replace(_REQUEST, as_of=dt.date(2025, 1, 1)),
        replace(_REQUEST, organisers=("1.2.3",)),
        replace(_REQUEST, acknowledgements=Acknowledgements.REQUIRED),
        replace(_REQUEST, succession=(Link("units", "unit 3", "unit 4", dt.date(2025, 1, 1)),)),
    ]
    for question in questions:
        cold = _cold(store, question)
        for taken in (False, True):
            assert _asked(store, question) == (taken, cold), question
    assert [_asked(store, question)[0] for question in (questions[-4], questions[0])] == [True, False], "the last four"
    assert len(beside.files(store)) == 4
    keep_with(Keeping(0.0, most_bytes=sum(file.stat().st_size for file in beside.files(store)[:2]) + 1))
    _asked(store, questions[1])
    assert len(beside.files(store)) <= 2, "the size of all is bounded"
    keep_with(Keeping(0.0, most_bytes=1))
    shutil.rmtree(beside.folder(store))
    _asked(store)
    assert not beside.files(store)
    keep_with(Keeping(60.0))
    _asked(store)
    assert not beside.files(store), "what took no time is not worth it"
    keep_with(Keeping(0.0))
    monkeypatch.setattr(kept, "ingredients", _not_bound_to("request"))
    assert _asked(store)[1] != _cold(store, questions[1])
    assert _asked(store, questions[1])[0], "nothing else guards against it"


def _disk_full(_: object) -> str:
    raise duckdb.IOException("No space left")


def test_rows_that_moved_a_damaged_file_and_a_copy_in_its_place_are_noticed(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _asked(store)[1]
    copy = tmp_path / "copy"
    shutil.copy(store, copy)
    # A row of the same contents in another place: what a checkpoint of DuckDB may do.
    _written(store, "CREATE TEMP TABLE moved AS FROM document; DELETE FROM document; INSERT INTO document FROM moved",
             secretly=True)  # fmt: skip
    assert _asked(store) == (False, before)
    assert _asked(store)[0]
    chance = random.Random(5)
    for damage in ("empty", "other", "short", "bit", "blocks", "link", "folder"):
        (file,) = beside.files(store)
        data = file.read_bytes()
        place = chance.randrange(len(data) // 4096)
        match damage:
            case "empty":
                file.write_bytes(b"")
            case "other":
                file.write_bytes(b"no database")
            case "short":
                file.write_bytes(data[:-1])
            case "bit":
                file.write_bytes(data[: place * 4096] + bytes([data[place * 4096] ^ 1]) + data[place * 4096 + 1 :])
            case "blocks":  # with the checksum of each as it was
                first, second = 0x3000, 0x3000 + (1 << 18)
                file.write_bytes(data[:first] + data[second : second + (1 << 18)] + data[first:second])
            case "link":
                file.rename(tmp_path / "kept")
                file.symlink_to(tmp_path / "kept")
            case _:
                file.unlink()
                file.mkdir()
        assert _asked(store) == (False, before), damage
        assert _asked(store) == (True, before), "made anew, it is kept again"
    monkeypatch.setattr(kept, "_places", _disk_full)
    _written(store, "SELECT 1")
    assert _asked(store) == (False, before), "an answer needs no room on the disk"
    assert not list(beside.folder(store).iterdir())
    monkeypatch.undo()
    _written(store, _ANOTHER)
    _asked(store)
    shutil.copyfile(copy, store)  # an older copy, in the same file
    assert _asked(store) == (False, before)
    # Another's folder, or one that others may write, is left alone.
    shutil.rmtree(beside.folder(store))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    beside.folder(store).symlink_to(elsewhere)
    assert not _asked(store)[0]
    assert not list(elsewhere.iterdir())
    _written(store, "SELECT 1")
    assert not beside.folder(store).is_symlink()
    beside.folder(store).mkdir()
    beside.folder(store).chmod(0o777)
    assert not _asked(store)[0]
    assert not list(beside.folder(store).iterdir())


def test_what_may_be_written_while_the_state_stays_changes_no_answer(store: Path) -> None:
    def contents() -> dict[str, list[Any]]:
        with open_database(store, write=False) as database:
            names = database.connection.execute(
                "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()"
            ).fetchall()
            told = {name: database.connection.execute(f"FROM {name}").fetchall() for (name,) in names}
        told["meta"] = [row for row in told["meta"] if row[0] not in ("trail_rows", "trail_last")]
        return {name: rows for name, rows in told.items() if name not in beside.UNCHANGING}

    before = contents()
    with open_database(store, write=False) as database:
        Model.asked(database.connection, _REQUEST)
        found = seen(database.connection, _REQUEST)
    assert found is not None
    with open_database(store, write=False) as database:  # whoever asks next remembers what could not be remembered now
        assert kept.taken_up(Model.asked(database.connection, _REQUEST).connection)
        assert seen(database.connection, _REQUEST) == found
    assert remember(store, found, utc_now()) is None
    note_reading(store, "gaps", {})
    note_reveal(store, "gaps", {})
    assert contents() == before
    assert _asked(store)[0]
    # Of what they may change the kept tables hold nothing that is not compared.
    reads: set[str] = set()
    for _, sql in statements():
        if kept._asks(sql) & (reads | set(beside.UNCHANGING)):
            reads.add(str(kept._made(sql)))
    direct = {kept._made(sql) for _, sql in statements() if kept._words(sql) & set(beside.UNCHANGING)}
    compared = {name for name, sql in kept._standing() if name and kept._words(sql) & set(beside.UNCHANGING)}
    assert {name for name in direct if name in kept.KEPT} == compared == {"organiser_of"}
    assert direct - compared == {"previous_run", "previous_row"}
    assert not {"continuity", *direct - compared} & {name or kept._made(sql) for name, sql in kept._standing()}
    # An organiser of a remembered row that the settings give a successor: the model would be another.
    merged = replace(_REQUEST, succession=(Link("organisers", "1.2.246.10.5", "1.2.246.10.6", dt.date(2025, 1, 1)),))
    _asked(store, merged)
    assert _asked(store, merged)[0]
    _written(store, "UPDATE remembered_row SET organiser = '1.2.246.10.5'", secretly=True)
    assert _asked(store, merged) == (False, _cold(store, merged))


def test_a_model_that_was_taken_up_is_made_whole_for_who_wants_more_of_it(store: Path) -> None:
    other = Period("2025Q2", dt.date(2025, 4, 1), dt.date(2025, 6, 30))
    expected = _cold(store, replace(_REQUEST, period=other))
    _asked(store)
    with open_database(store, write=False) as database:
        model = Model.asked(database.connection, _REQUEST)
        assert kept.taken_up(model.connection)
        model = model.for_period(other)
        assert not kept.taken_up(model.connection)
        found = [model.rows("cells", dict.fromkeys(_CELLS, True)), model.rows("ledger", {"classes": []})]
        assert found == expected
        model = Model.asked(database.connection, _REQUEST)
        assert kept.taken_up(model.connection)
        model.stand_alone()
        assert not kept.taken_up(model.connection)


_SLOW_KEEPING = (
    "import sys, time; from analyser.coverage import kept; write = kept._write; "
    "kept._write = lambda *given: (write(*given), print('keeping', file=sys.stderr, flush=True), time.sleep(60)); "
    "from analyser.cli.app import run; run(sys.argv[1:])"
)


def test_others_ask_while_one_keeps_and_a_killed_one_leaves_nothing(county: Path) -> None:
    cold = here(county, "coverage", *_P, "-f", "json", **_NEVER)
    keeping = subprocess.Popen(
        [sys.executable, "-c", _SLOW_KEEPING, "coverage", *_P, "-q"],
        cwd=county, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        env={name: told for name, told in os.environ.items() if not name.startswith("KANTA_GAP_")}
        | {"PYTHONPATH": str(_PROJECT), **_ALWAYS},
    )  # fmt: skip
    assert keeping.stderr is not None
    try:
        assert keeping.stderr.readline() == "keeping\n"
        other = here(county, "coverage", *_P, "-f", "json", **_ALWAYS)
        assert (other.code, other.out) == (cold.code, cold.out)
        assert "in use" in here(county, "forget", "nothing", "--wait", "0").err, "nobody writes meanwhile"
    finally:
        keeping.send_signal(signal.SIGKILL)
        keeping.communicate()
    place = beside.folder(county / "kanta-gap.duckdb")
    assert [file for file in place.iterdir() if file.name.startswith(".making")]
    again = here(county, "gaps", *_P, "-f", "json", **_ALWAYS)
    assert again.out == here(county, "gaps", *_P, "-f", "json", **_NEVER).out
    assert here(county, "register", str(_COUNTY / "episodes-2.csv"), "-q").code == 0
    assert not place.exists()


@pytest.mark.skipif(extension() is None, reason="the extra ‘encryption’ is not installed")
def test_beside_an_encrypted_database_what_is_kept_is_encrypted(county: Path) -> None:
    (county / "county.key").write_text("k" * 48)
    (county / "county.key").chmod(0o600)
    keyed = ("--key-file", "county.key")
    here(county, "coverage", *_P, **_ALWAYS)
    place = beside.folder(county / "kanta-gap.duckdb")
    assert list(place.iterdir())
    assert here(county, "db", "encrypt", *keyed).code == 0
    assert not place.exists()
    assert _TAKEN_UP in _told_alike(county, "gaps", *_P, "-f", "json", *keyed).err
    assert all(is_encrypted(file) for file in place.iterdir())
    assert here(county, "db", "forget-persons", *keyed).code == 0
    assert not place.exists()


_DOCUMENTS = sorted((_COUNTY / "archive").iterdir())


_DONE = ("ingest", "register", "forget", "deliver", "close", "settings", "nothing", "person", "undo")


def _sequence(folder: Path, chance: random.Random, steps: int) -> int:
    """Do what comes, and ask after each; returns how many answers came of a kept model."""
    taken = 0
    settings: dict[str, str] = {}
    for step in range(steps):
        match chance.choice(_DONE):
            case "ingest":
                here(folder, "ingest", str(chance.choice(_DOCUMENTS)), "-q")
            case "register":
                name = chance.choice(("episodes-1", "episodes-2", "identities", "codes"))
                here(folder, "register", str(_COUNTY / f"{name}.csv"), "-q")
            case "forget":
                here(folder, "forget", str(chance.choice(_DOCUMENTS)), "-q")
            case "deliver":
                here(folder, "deliver", *_P, "--out", f"delivery-{step}", "-q")
            case "close":
                here(folder, "period", "close", "2025Q1", "-q")
            case "person":
                found = re.findall(r'"person_key":\s*"([0-9a-f]{16})"', here(folder, "gaps", *_P, "-f", "json").out)
                if found and chance.random() < 0.3:
                    here(folder, "db", "forget-person", chance.choice(found), "--yes", "-q")
            case "undo":
                here(folder, "register", "--undo", str(chance.randint(1, 4)), "--yes", "-q")
            case "settings":
                settings = {
                    "KANTA_GAP_ACKNOWLEDGEMENTS": chance.choice(("when-present", "required", "ignore")),
                    "KANTA_GAP_PRODUCER_PERIODS_COVER": chance.choice(("true", "false")),
                }
            case "nothing":
                pass
        words = chance.choice(
            (
                ("coverage", "-f", "json"), ("gaps", "-f", "json"), ("gaps", "--services", "-f", "json"),
                ("coverage", "--as-of", "2025-02-10", "-f", "json"), ("dashboard", "--once"),
                ("handover", "-f", "json"), ("deliver", "--status", "-f", "csv"), ("coverage", "-f", "markdown"),
            )
        )  # fmt: skip
        period = chance.choice(("2025Q1", "2025Q1", "2025Q2", "2024Q4"))
        taken += _TAKEN_UP in _told_alike(folder, *words, "--period", period, **settings).err
    return taken


@pytest.mark.long
@pytest.mark.parametrize("seed", range(int(os.environ.get("TESTS_SEQUENCES", "12"))))
def test_random_sequences_of_commands_answer_as_a_cold_database(county: Path, seed: int) -> None:
    began = time.monotonic()
    taken = _sequence(county, random.Random(seed), 12)
    print(f"sequence {seed}: {taken} answers of 12 from what was kept, {time.monotonic() - began:.0f} s")
