"""What rules counted, kept between checks: the same findings without running a rule, and never of another state.

What it holds for beside is what a kept comparison holds for: `tests/coverage/test_kept.py` tries each ingredient."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analyser.coverage.answers import gathering
from analyser.coverage.model import Request
from analyser.coverage.result import Period
from analyser.rules import check as checking
from analyser.rules import kept
from analyser.rules.catalogue import rules
from analyser.rules.check import Check, run_check
from analyser.rules.policy import Policy, policies
from analyser.rules.run import Measured, OutcomeReason
from analyser.store import kept as beside
from analyser.store.database import open_database
from analyser.system.keeping import Keeping, keep_with

_PROJECT = Path(__file__).parents[2]
_WRITER = """
import sys
from pathlib import Path
from analyser.store.database import open_database
with open_database(Path(sys.argv[1]), write=True) as database:
    database.connection.execute("DELETE FROM register_service")
"""
_REQUEST = Request(Period("2025Q1", dt.date(2025, 1, 1), dt.date(2025, 3, 31)))
_BEFORE = """
INSERT INTO remembered_run BY NAME
SELECT 1 AS number, '2024Q4' AS period, DATE '2024-10-01' AS period_start, DATE '2024-12-31' AS period_end;
INSERT INTO remembered_row BY NAME
SELECT DATE '2024-10-01' AS period_start, DATE '2024-12-31' AS period_end, 1 AS since_run, 'archived' AS class,
       'GONE' AS source_id, 'feedfeedfeedfeed' AS identity_key, layer, service_task, organiser, start_text, start_lo, start_hi
FROM register_episode WHERE source_id = (SELECT min(source_id) FROM register_episode)
"""


pytestmark = pytest.mark.usefixtures("keeps_all")


_RULES = [policy for policy in policies(rules([]), {}) if policy.rule.code in ("G02", "G21", "R07", "R12")]


def _checked(path: Path, chosen: Sequence[Policy] = _RULES) -> tuple[Any, ...]:
    with open_database(path, write=False) as database, gathering(database.connection):
        return _told(run_check(database, _REQUEST, chosen, 60.0))


def _told(check: Check) -> tuple[Any, ...]:
    ends = [(one.rule.code, one.status, one.of, [*one.rows], one.reason, dict(one.values)) for one in check.outcomes]
    return ends, check.counted, check.stale, check.fingerprints


def _written(path: Path, sql: str, *, secretly: bool = False) -> None:
    with open_database(path, write=True, unchanged=secretly) as database:
        database.connection.execute(sql)


def _files(path: Path) -> list[Path]:
    return list(beside.folder(path).glob(f"*{beside.RULES}"))


def test_rules_are_run_once_for_one_state_one_text_and_what_is_remembered(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[int] = []
    measure = checking.measure
    monkeypatch.setattr(checking, "measure", lambda *given: (ran.append(len(given[1])), measure(*given))[1])

    def checked(chosen: Sequence[Policy] = _RULES) -> tuple[bool, tuple[Any, ...]]:
        ran.clear()
        told = _checked(store, chosen)
        return bool(ran), told

    first = checked()
    assert first[0]
    assert any(rows for _, _, _, rows, _, _ in first[1][0]), "nothing was found: the test shows little"
    assert checked() == (False, first[1])
    some = checked(_RULES[::-2])
    keep_with(None)
    assert some == (False, checked(_RULES[::-2])[1])
    keep_with(Keeping(0.0))
    # A rule of another text, or with other parameters, is another rule; one of a user's own is never kept.
    (one, *others) = _RULES
    changed = replace(one, rule=replace(one.rule, sql=f"SELECT * FROM ({one.rule.sql}) LIMIT 0"))
    with open_database(store, write=False) as database, gathering(database.connection):
        as_it_is = kept.expected(database.connection, _REQUEST, [one])
        assert as_it_is is not None
        assert kept.taken_up(database.connection, as_it_is)
        for other in (changed, replace(one, parameters={"days": 3})):
            wanted = kept.expected(database.connection, _REQUEST, [other, *others])
            assert wanted is not None
            assert kept.taken_up(database.connection, wanted) is None
        own = replace(one, rule=replace(one.rule, own=True))
        assert kept.expected(database.connection, _REQUEST, [own]) is None
    # What is remembered changes no state of the database, and rules read it.
    _written(store, _BEFORE, secretly=True)
    again = checked()
    assert again[0]
    assert again[1] != first[1], "R12 tells of a row that is gone"
    assert checked() == (False, again[1])
    with monkeypatch.context() as patch:
        patch.setattr(kept, "_remembered", lambda *_: "")
        checked()
        _written(store, "DELETE FROM remembered_row; DELETE FROM remembered_run", secretly=True)
        assert checked() == (False, again[1]), "the guard can fail"
    assert checked() == (True, first[1])
    (file,) = _files(store)
    data = file.read_bytes()
    file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert checked() == (True, first[1])
    _written(store, "DELETE FROM register_episode")
    assert not _files(store)
    assert checked()[0]


def test_nothing_is_kept_of_a_database_that_was_written_meanwhile_nor_of_a_rule_that_was_not_run(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure = checking.measure

    def meanwhile(*given: Any) -> list[Measured]:
        found = measure(*given)
        # The room of rules has let go of the database: another process may write it.
        done = subprocess.run([sys.executable, "-c", _WRITER, str(store)], cwd=_PROJECT, check=False)
        assert done.returncode == 0
        return found

    def too_slow(*given: Any) -> list[Measured]:
        return [replace(one, reason=OutcomeReason.TIME) for one in measure(*given)]

    for changed in (too_slow, meanwhile):
        with monkeypatch.context() as patch:
            patch.setattr(checking, "measure", changed)
            _checked(store)
        assert not _files(store), changed.__name__
    keep_with(Keeping(1_000.0))
    _checked(store)
    assert not _files(store)
    keep_with(Keeping(0.0))
    _checked(store)
    assert _files(store)
