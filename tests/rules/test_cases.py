"""Every rule finds what its cases say it finds, and nothing where they say it finds nothing.

The cases of a rule stand in `cases/CODE.toml`. They are all put into one county, side by side; a case that speaks of
totals, of settings or of the whole archive says `alone = true` and has a county of its own.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from analyser.coverage.model import Request
from analyser.rules.catalogue import rules
from analyser.rules.findings import ROW
from analyser.rules.run import Outcome, Status
from analyser.store.database import connect_memory
from tests.rules.case_tables import Filler, move_rows
from tests.rules.room import ORGANISER, QUARTER, outcomes

_FOLDER = Path(__file__).parent / "cases"
_RULES = {rule.code: rule for rule in rules()}
_OF_THE_RUNNER = {"why", "finds", "alone", "parameters", "as_of", "status"}


@dataclass(frozen=True)
class Case:
    """One case of a rule."""

    code: str
    number: int
    fails: bool
    told: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What the case's things are called by."""
        return f"{self.code}.{self.number}."

    @property
    def alone(self) -> bool:
        """Whether the case needs a county of its own."""
        return bool(self.told.keys() & {"alone", "parameters", "as_of"})

    @property
    def tables(self) -> dict[str, Any]:
        """The case's small tables."""
        return {key: rows for key, rows in self.told.items() if key not in _OF_THE_RUNNER}


def _cases() -> list[Case]:
    found = []
    for path in sorted(_FOLDER.glob("*.toml")):
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        assert told.keys() <= {"fails", "passes"}, path.name
        both = [(True, case) for case in told.get("fails", [])] + [(False, case) for case in told.get("passes", [])]
        found += [Case(path.stem, number, fails, case) for number, (fails, case) in enumerate(both)]
    return found


CASES = _cases()


@cache
def _side_by_side() -> Mapping[str, Outcome]:
    with connect_memory() as connection:
        connection.execute("SET threads = 1")
        for case in CASES:
            if not case.alone:
                Filler(connection, case.name).fill(case.tables)
        move_rows(connection)
        return {outcome.rule.code: outcome for outcome in outcomes(connection, list(_RULES.values()))}


def _outcome(case: Case) -> Outcome:
    if not case.alone:
        return _side_by_side()[case.code]
    as_of = case.told.get("as_of")
    request = Request(QUARTER, dt.date.fromisoformat(as_of) if as_of else None, (ORGANISER,))
    with connect_memory() as connection:
        connection.execute("SET threads = 1")
        Filler(connection, case.name).fill(case.tables)
        settings = {case.code: case.told.get("parameters", {})}
        return outcomes(connection, [_RULES[case.code]], settings, request=request)[0]


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.code}-{'fails' if case.fails else 'passes'}-{case.number}"
)
def test_a_rule_finds_what_its_case_says(case: Case) -> None:
    found = _outcome(case)
    assert found.status is not Status.ERROR, dict(found.values)
    subjects = [dict(zip(ROW, row, strict=True))["subject"] or "" for row in found.rows]
    own = sorted(subject.replace(case.name, "") for subject in subjects if case.alone or case.name in subject)
    assert own == sorted(case.told.get("finds", [])), case.told["why"]
    if case.alone:
        assert found.status.value == case.told.get("status", "failed" if case.fails else "passed")


def test_every_rule_has_a_failing_and_a_passing_case_each_with_a_reason() -> None:
    assert {case.code for case in CASES if case.fails} == _RULES.keys()
    assert {case.code for case in CASES if not case.fails} == _RULES.keys()
    for case in CASES:
        assert case.told["why"]
        assert bool(case.told.get("finds")) == case.fails, case.name
