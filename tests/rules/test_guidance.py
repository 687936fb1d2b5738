"""Guidance leads out: who does what a rule's guidance says is not told the same again."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

from analyser.rules.catalogue import rules
from analyser.rules.run import Status
from analyser.store.database import connect_memory
from tests.rules.case_tables import Filler
from tests.rules.room import outcomes
from tests.rules.test_cases import CASES

_MENDED = tomllib.loads((Path(__file__).parent / "guidance.toml").read_text(encoding="utf-8"))
_RULES = {rule.code: rule for rule in rules()}


_WITH_CODES = sorted(code for code, tables in _MENDED.items() if "code" in tables)
"""A codes file speaks for everybody: those have counties of their own."""


def _found(codes: Sequence[str]) -> dict[str, list[str]]:
    """What each rule still finds of its case, after the mending."""
    cases = {code: next(case for case in CASES if case.code == code and case.fails) for code in codes}
    with connect_memory() as connection:
        connection.execute("SET threads = 1")
        for code, case in cases.items():
            Filler(connection, case.name).fill({**case.tables, **_MENDED[code]})
        found = outcomes(connection, [_RULES[code] for code in codes])
    assert Status.ERROR not in {outcome.status for outcome in found}
    return {
        outcome.rule.code: [str(row[0]) for row in outcome.rows if cases[outcome.rule.code].name in str(row[0])]
        for outcome in found
    }


def test_doing_what_the_guidance_says_clears_the_finding() -> None:
    left = _found([code for code in _MENDED if code not in _WITH_CODES])
    for code in _WITH_CODES:
        left |= _found([code])
    assert {code: rows for code, rows in left.items() if rows} == {}
    assert len(left) == len(_MENDED)
