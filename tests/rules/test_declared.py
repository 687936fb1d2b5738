"""What rules say of themselves holds: which material they look at, and whether parts of a county answer for the whole."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping

import pytest

from analyser.coverage.model import Request
from analyser.coverage.result import Period
from analyser.messages.languages import LANGUAGES
from analyser.rules.catalogue import WHY_ALL, Rule, RuleScope, rules
from analyser.rules.findings import ROW
from analyser.rules.run import Outcome
from analyser.store.database import connect_memory
from analyser.system.resources import queries
from tests.rules.case_tables import Filler
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
# What a rule of one person's material may not read: it is dated, counted or compared by the whole county.
_OF_THE_WHOLE = (
    "reference_day", "unit_month", "register_population", "register_error", "archived_municipality", "archived_month",
    "register_identity", "quarantine", "frame",
)  # fmt: skip


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


def _read_by(rule: Rule) -> str:
    """The SQL of a rule, with that of the populations that it names, and that they name."""
    files = sorted((queries("rules", "tables")).glob("5?-*populations.sql"))
    assert len(files) > 1
    written = "\n".join(path.read_text(encoding="utf-8") for path in files)
    views = dict(re.findall(r"TEMP (?:VIEW|TABLE) (\w+) AS\n(.*?);", written, re.DOTALL))
    assert len(views) == written.count("CREATE")
    read = rule.sql + rule.of_sql
    while named := [name for name in views if re.search(rf"\b{name}\b", read)]:
        read = "\n".join([read, *(views.pop(name) for name in named)])
    return read


def test_a_rule_of_persons_reads_nothing_of_the_whole_county() -> None:
    told = {
        (rule.code, table)
        for rule in RULES
        if rule.scope is RuleScope.PERSON
        for table in _OF_THE_WHOLE
        if re.search(rf"\b(FROM|JOIN) {table}\b", _read_by(rule))
    }
    assert told == {("D08", "frame")}  # of a document its own frames
    windows = {
        rule.code
        for rule in RULES
        if rule.scope is RuleScope.PERSON
        for window in re.findall(r"OVER \(([^)]*)", _read_by(rule))
        if not re.search(r"PARTITION BY (person_key|person_no|document_key)", window)
    }
    assert windows == set()
