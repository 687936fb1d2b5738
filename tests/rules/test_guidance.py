"""Guidance leads out: who does what a rule's guidance says is not told the same again."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

from analyser.coverage.model import Request
from analyser.rules.catalogue import rules
from analyser.rules.run import Status
from analyser.store.database import connect_memory
from tests.rules.case_tables import Filler
from tests.rules.room import ORGANISER, QUARTER, outcomes
from tests.rules.test_cases import CASES

_MENDED = tomllib.loads((Path(__file__).parent / "guidance.toml").read_text(encoding="utf-8"))
_RULES = {rule.code: rule for rule in rules()}
_FIRST = {code: next(case for case in CASES if case.code == code and case.fails) for code in _RULES}


_ALONE = sorted(code for code, tables in _MENDED.items() if "code" in tables or _FIRST[code].alone)
"""Those that speak of totals, of settings or of everybody have counties of their own."""


def _found(codes: Sequence[str]) -> dict[str, list[str]]:
    """What each rule still finds of its case, after the mending."""
    as_of = _FIRST[codes[0]].told.get("as_of") if len(codes) == 1 else None
    request = Request(QUARTER, dt.date.fromisoformat(as_of) if as_of else None, (ORGANISER,))
    with connect_memory() as connection:
        connection.execute("SET threads = 1")
        for code in codes:
            Filler(connection, _FIRST[code].name).fill({**_FIRST[code].tables, **_MENDED[code]})
        settings = {code: _FIRST[code].told.get("parameters", {}) for code in codes}
        found = outcomes(connection, [_RULES[code] for code in codes], settings, request=request)
    assert Status.ERROR not in {outcome.status for outcome in found}
    return {
        outcome.rule.code: [
            str(row[0]) for row in outcome.rows if len(codes) == 1 or _FIRST[outcome.rule.code].name in str(row[0])
        ]
        for outcome in found
    }


def test_doing_what_the_guidance_says_clears_the_finding() -> None:
    left = _found([code for code in _MENDED if code not in _ALONE])
    assert {code: rows for code, rows in left.items() if rows} == {}


@pytest.mark.long
@pytest.mark.parametrize("code", _ALONE)
def test_doing_what_the_guidance_says_clears_the_finding_of_a_whole_county(code: str) -> None:
    assert _found([code]) == {code: []}


def test_every_rule_has_its_guidance_tried() -> None:
    assert _MENDED.keys() == _RULES.keys()
