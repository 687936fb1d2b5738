"""What rules say of themselves holds: which material they look at, and whether parts of a county answer for the whole."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping

import pytest

from analyser.coverage.model import Request
from analyser.coverage.result import Period
from analyser.messages.languages import LANGUAGES
from analyser.rules.catalogue import WHY_ALL, RuleScope, rules
from analyser.rules.findings import ROW
from analyser.rules.run import Outcome
from analyser.store.database import connect_memory
from analyser.system.resources import queries
from tests.rules.case_tables import Filler
from tests.rules.reach import beyond
from tests.rules.room import ORGANISER, QUARTER, outcomes
from tests.rules.test_cases import CASES, Case

RULES = rules()
BEFORE = Period("1801Q1", dt.date(1801, 1, 1), dt.date(1801, 3, 31))
AFTER = Period("2035Q1", dt.date(2035, 1, 1), dt.date(2035, 3, 31))
# Whatever is open ends before the later period begins.
_ENDED = [
    f"UPDATE {table} SET {name}_text = '2025-12-31', {name}_lo = DATE '2025-12-31', {name}_hi = DATE '2025-12-31' "
    f"WHERE {name}_lo IS NULL OR {name}_hi > DATE '2025-12-31'"
    for table, name in (
        ("client_period", "end"), ("document", "relationship_end"), ("case_fact", "closed"), ("service_evidence", "end"),
        ("register_episode", "end"), ("register_service", "end"),
    )
]  # fmt: skip


def _found(cases: Iterable[Case], period: Period = QUARTER, then: Iterable[str] = ()) -> Mapping[str, Outcome]:
    with connect_memory() as connection:
        connection.execute("SET threads = 1")
        for case in cases:
            Filler(connection, case.name).fill(case.tables)
        for sql in then:
            connection.execute(sql)
        request = Request(period, organisers=(ORGANISER,))
        return {outcome.rule.code: outcome for outcome in outcomes(connection, RULES, request=request)}


def test_every_rule_says_its_scope_and_why_it_is_not_limited_to_the_period() -> None:
    for rule in RULES:
        assert re.search(r"^scope = ", (queries("rules") / rule.file).read_text(), re.MULTILINE), rule.code
        told = {lang for lang in LANGUAGES if rule.texts[WHY_ALL].get(lang)}
        assert told == (set(LANGUAGES) if rule.all else set()), rule.code


@pytest.mark.parametrize(("period", "then"), [(BEFORE, []), (AFTER, _ENDED)], ids=["before", "after"])
def test_a_rule_of_the_period_repeats_nothing_of_another_period(period: Period, then: list[str]) -> None:
    found = _found([case for case in CASES if not case.alone], period, then)
    repeated = {
        code: [row[0] for row in outcome.rows]
        for code, outcome in found.items()
        if outcome.rows and not outcome.rule.all
    }
    assert repeated == {}
    assert [code for code, outcome in found.items() if outcome.rows], "rules of all periods find what they found"


@pytest.mark.long
def test_parts_of_a_county_answer_a_rule_of_persons_as_the_whole_does() -> None:
    cases = [case for case in CASES if not case.alone]
    whole = _found(cases)
    parts = [_found(case for case in cases if case.number % 2 == part) for part in (0, 1)]
    subject = ROW.index("subject")
    for rule in RULES:
        if rule.scope is RuleScope.PERSON:
            together = sorted(str(row[subject]) for part in parts for row in part[rule.code].rows)
            assert together == sorted(str(row[subject]) for row in whole[rule.code].rows), rule.code
            assert sum(part[rule.code].of for part in parts) == whole[rule.code].of, rule.code


def test_a_rule_of_persons_reads_nothing_of_the_whole_county() -> None:
    told = {rule.code: found for rule in RULES if rule.scope is RuleScope.PERSON and (found := beyond(rule))}
    # A11 takes the first of what is beside a row of one person; D08 the frames of a document.
    assert told == {"A11": {"aggregate of all"}, "D08": {"frame"}}


def test_a_rule_of_the_whole_county_that_said_otherwise_would_be_refused() -> None:
    assert [rule.code for rule in RULES if rule.scope is RuleScope.WHOLE and not beyond(rule)] == []
