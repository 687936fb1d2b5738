"""Answers kept between questions: told again to the byte without a model, and never of another state.

What they hold for is what a kept model holds for (`test_kept.py` tries each ingredient of it); here are what is an
answer's own: the statement and its values, what is remembered of the period, the file."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analyser.coverage import answers
from analyser.coverage.answers import gathering
from analyser.coverage.history import seen
from analyser.coverage.measure import totals
from analyser.coverage.model import Model, Request
from analyser.coverage.result import Period
from analyser.national.dates import utc_now
from analyser.store import kept as beside
from analyser.store.database import open_database
from analyser.store.remember import remember
from analyser.system.keeping import Keeping, keep_with
from analyser.system.resources import queries, query
from tests.command import run_here as here
from tests.coverage.test_stand_alone import _STORE

_COUNTY = Path(__file__).parents[2] / "fixtures" / "county"
_P = ("--period", "2025Q1")
_ALWAYS = {"KANTA_GAP_KEEP_COMPARISON": "always"}
_REQUEST = Request(Period("2025Q1", dt.date(2025, 1, 1), dt.date(2025, 3, 31)))
_DAYS = {"period_start": _REQUEST.period.start, "period_end": _REQUEST.period.end}
_CELLS = ("layer", "service_task", "municipality", "unit", "producer", "age_group")


pytestmark = pytest.mark.usefixtures("keeps_all")


def _asked(path: Path, by: tuple[str, ...] = _CELLS) -> tuple[bool, list[Any]]:
    """Whether a model had to stand, and what was answered."""
    with open_database(path, write=False) as database, gathering(database.connection):
        model = Model.asked(database.connection, _REQUEST)
        told = model.rows("cells", {place: place in by for place in _CELLS})
        found = [told, model.rows("stale"), model.answer(query("memory", "mended"), _DAYS)]
        assert model.answers is not None
        return model.answers.gathered.standing is not None, found


def _written(path: Path, sql: str) -> None:
    with open_database(path, write=True) as database:
        database.connection.execute(sql)


def test_what_was_told_is_told_again_without_a_model_and_of_that_state_alone(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stood, cold = _asked(store)
    assert stood
    assert _asked(store) == (False, cold)
    assert _asked(store, ("layer",)) != (False, cold), "another value is another question"
    assert _asked(store, ("layer",))[0] is False, "added to what was kept"
    assert _asked(store) == (False, cold)
    # What is remembered meanwhile changes no state of the database, and what rests on it is asked anew.
    with open_database(store, write=False) as database:
        Model.asked(database.connection, _REQUEST)
        found = seen(database.connection, _REQUEST)
    assert found is not None
    assert remember(store, found, utc_now()) is None
    stood, looked = _asked(store)
    assert stood
    assert looked[2]
    assert not cold[2]
    _written_secretly(store, "DELETE FROM remembered_run")
    assert _asked(store) == (False, cold)
    with monkeypatch.context() as patch:
        patch.setattr(answers, "_REMEMBERED", "SELECT $period_start::VARCHAR || $period_end::VARCHAR")
        assert remember(store, found, utc_now()) is None
        assert _asked(store)[1] == looked
        _written_secretly(store, "DELETE FROM remembered_run")
        assert _asked(store)[1] == looked, "the guard can fail"
    # Every writing ends it …
    _written(store, "DELETE FROM register_episode")
    assert not beside.folder(store).exists()
    fresh = _asked(store)
    assert fresh[0]
    assert fresh[1] != cold
    # … and without that the answer would be stale.
    monkeypatch.setattr(beside, "remove", lambda _: None)
    monkeypatch.setattr(beside, "renew", lambda _: None)
    _written(store, _STORE[_STORE.index("INSERT INTO register_episode") :])
    assert _asked(store) == (False, fresh[1])


def _written_secretly(path: Path, sql: str) -> None:
    with open_database(path, write=True, unchanged=True) as database:
        database.connection.execute(sql)


def test_damaged_answers_are_asked_anew_and_an_error_keeps_none(store: Path) -> None:
    before = _asked(store)[1]
    for damage in ("short", "bit", "empty", "folder"):
        (file,) = beside.folder(store).glob(f"*{beside.ANSWERS}")
        data = file.read_bytes()
        place = data.index(b"stale") if b"stale" in data else len(data) // 2
        match damage:
            case "short":
                file.write_bytes(data[:-1])
            case "bit":
                file.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
            case "empty":
                file.write_bytes(b"")
            case _:
                file.unlink()
                file.mkdir()
        assert _asked(store) == (True, before), damage
        assert _asked(store) == (False, before), damage
    shutil.rmtree(beside.folder(store))
    with (
        pytest.raises(duckdb.CatalogException),
        open_database(store, write=False) as database,
        gathering(database.connection),
    ):
        totals(Model.asked(database.connection, _REQUEST))
        database.connection.execute("FROM nothing")
    assert not list(beside.folder(store).glob(f"*{beside.ANSWERS}"))
    keep_with(Keeping(60.0))
    shutil.rmtree(beside.folder(store))
    _asked(store)
    assert not beside.folder(store).exists(), "what took no time is not worth it"


def test_one_model_stands_and_what_is_lacking_is_asked_of_the_right_one(store: Path) -> None:
    """Questions about two periods in turn, of which some were answered before."""
    later = replace(_REQUEST, period=Period("2025Q2", dt.date(2025, 4, 1), dt.date(2025, 6, 30)))
    every = dict.fromkeys(_CELLS, True)

    def told(*, kept_answers: bool) -> list[Any]:
        keep_with(Keeping(0.0) if kept_answers else None)
        with open_database(store, write=False) as database, gathering(database.connection):
            first = Model.told(database.connection, _REQUEST)
            one = [totals(first), first.rows("reasons")]
            second = first.for_period(later.period, ledger_only=True)
            two = [totals(second)]
            third = second.for_period(_REQUEST.period, whole=True)
            if not kept_answers:
                return [*one, *two, third.rows("cells", every), third.rows("ledger", {"classes": []})]
            third.connection.execute("FROM previous_run")  # all of it stands, also after answers alone
            # An older question of another period: its model stands again.
            assert second.answer("SELECT period_id FROM run") == [("2025Q2",)]
            assert third.answer("SELECT period_id FROM run") == [("2025Q1",)]
            return [*one, *two, third.rows("cells", every), third.rows("ledger", {"classes": []})]

    cold = told(kept_answers=False)
    assert told(kept_answers=True) == cold
    assert told(kept_answers=True) == cold
    assert len(list(beside.folder(store).glob(f"*{beside.ANSWERS}"))) == 2


def test_a_value_comes_back_as_it_was_and_what_else_there_is_is_not_kept() -> None:
    told = [
        None, True, 1, 2**70, 0.1, float("inf"), "ä", Decimal("1.20"), dt.date(2025, 1, 2),
        dt.datetime(2025, 1, 2, 3, 4, 5, 6), (1, "a"), [1, [None]], {"n": [1], "d": dt.date(2025, 1, 2), "o": {}},
    ]  # fmt: skip
    found = answers._unpacked(answers._packed(told))
    assert found == told
    assert [type(one) for one in found] == [type(one) for one in told]
    for value in (b"x", dt.time(1), dt.datetime(2025, 1, 2, tzinfo=dt.UTC), {1}):
        with pytest.raises(answers._Unkept):
            answers._packed(value)


def test_no_answer_rests_on_a_moment_or_on_the_trail_behind_a_view() -> None:
    """The words of a statement tell what it rests on: what stands behind a view that it names is looked at here."""
    for room in ("coverage", "delivery/steps"):
        for file in queries(*room.split("/")).glob("*.sql"):
            sql = re.sub(r"--[^\n]*", "", file.read_text(encoding="utf-8"))
            assert not set(re.findall(r"\w+", sql)) & {*beside.UNCHANGING, "previous_run", "previous_row"}, file.name
            assert not re.search(r"\b(now\(|current_|today\(|random\()", sql), file.name


def test_one_question_builds_each_period_once_and_none_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked, and however it is told; when it was asked before, nothing is built."""
    assert here(tmp_path, "ingest", str(_COUNTY / "archive"), "-q").code == 3
    here(tmp_path, "register", str(_COUNTY / "episodes-1.csv"), "-q")
    here(tmp_path, "coverage", *_P, "-q")  # what is remembered then is the same afterwards
    shutil.copy(tmp_path / "kanta-gap.duckdb", tmp_path / "other.duckdb")
    built: list[str] = []
    build, then = Model.build.__func__, Model._then  # type: ignore[attr-defined]
    monkeypatch.setattr(Model, "build", classmethod(lambda cls, c, request, **more: (
        built.append(request.period.id), build(cls, c, request, **more))[1]))  # fmt: skip
    monkeypatch.setattr(Model, "_then", lambda self, request, **more: (
        built.append(f"then {request.period.id}"), then(self, request, **more))[1])  # fmt: skip
    questions: list[tuple[tuple[str, ...], int, int | None]] = [
        (("coverage", *_P, "-f", "xlsx", "-o", "book"), 1, 0),
        (("coverage", "--periods", "2024Q4..2025Q1", "-f", "csv"), 2, 0),
        (("deliver", *_P, "--status", "-f", "json"), 1, 0),
        (("check", *_P, "--select", "G07"), 1, None),
        (("diff", "kanta-gap.duckdb", "other.duckdb", *_P), 2, None),
    ]
    if os.environ.get("TESTS_LONG") == "1":
        questions += [
            (("coverage", *_P, "-f", "markdown"), 1, 0),
            (("handover", *_P, "-f", "json"), 1, 0),
            (("gaps", *_P, "-f", "csv"), 1, 0),
            (("coverage", *_P, "-f", "html", "-o", "page"), 3, 0),
        ]
    for words, first, second in questions:
        shutil.rmtree(tmp_path / "kanta-gap.duckdb.kept", ignore_errors=True)
        told = []
        for expected in (first, second):
            if expected is None:
                continue
            built.clear()
            done = here(tmp_path, *words, **_ALWAYS)
            book = tmp_path / words[-1]
            told.append((done.code, done.out, book.read_bytes() if book.is_file() else b""))
            assert len(built) == expected, (words, built, done)
            assert len(set(built)) == expected or words[0] == "diff", (words, built)
        assert told[0] == told[-1], words
