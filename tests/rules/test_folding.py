"""One defect is one piece of work: what follows from it stays counted, and says what it follows from."""

from __future__ import annotations

from analyser.coverage.model import Request
from analyser.report.check.machine import check_json
from analyser.report.check.text import check_markdown, check_text
from analyser.rules.catalogue import rules
from analyser.rules.check import Check, CountedCoverage
from analyser.rules.findings import FOLLOWS, ROW, rows_of
from analyser.rules.folding import fold, followers, own
from analyser.rules.policy import policies
from analyser.rules.run import Measured, judge
from analyser.store.database import connect_memory
from tests.rules.case_tables import Filler
from tests.rules.room import ORGANISER, QUARTER, outcomes

RULES = rules()
_VOIDED = {
    "episode": [{"task": "24"}, {"id": "R2", "person": "q", "task": "24"}],
    "archived": [{"task": "24"}],
    "frame": [{"voiding": True, "stored": "2025-01-05"}],
    "evidence": [{"kind": "entry", "task": "24", "start": "2025-02-01"}],
}


def _check() -> Check:
    with connect_memory() as connection:
        connection.execute("SET threads = 1")
        Filler(connection, "v").fill(_VOIDED)
        found = outcomes(connection, RULES, request=Request(QUARTER, organisers=(ORGANISER,)))
    chosen = policies(RULES, {})
    counted = [Measured(one.of, one.rows, one.reason, one.values) for one in found]
    judged = tuple(judge(policy, one) for policy, one in zip(chosen, fold(chosen, counted), strict=True))
    return Check(QUARTER, None, judged, CountedCoverage(rows=2, judged=2))


def test_one_voided_relationship_is_one_finding_and_what_follows_from_it_is_folded() -> None:
    check = _check()
    found = {outcome.rule.code: outcome for outcome in check.outcomes}
    assert [row[0] for row in own(found["G06"].rows)] == ["vR1"]
    assert {"A05": followers(found["A05"].rows), "S05": followers(found["S05"].rows)} == {
        "A05": {"G06": 1}, "S05": {"G06": 1},
    }  # fmt: skip
    # Somebody of whom there is no document at all is another matter.
    assert (len(own(found["G01"].rows)), followers(found["R06"].rows)) == (1, {"G01": 1})

    page = check_text(check, "en", width=200, color=False, limit=10)
    above, folded = page.split("Follow from the findings above")
    assert "G06 voided" in above
    assert "A05 " not in above
    assert "A05 document-without-relationship" in folded
    markdown = check_markdown(check, "en")
    data = b"".join(check_json(check, "en")).decode()
    for outcome in check.outcomes:
        rows = rows_of(outcome.rows)
        assert len(own(rows)) + sum(followers(rows).values()) == len(rows)
        for code, count in followers(rows).items():
            assert f"{code} {count}" in markdown
            assert f'"follows_from": "{code}"' in data


def test_rules_that_follow_from_others_name_rules_and_lead_to_no_circle() -> None:
    graph = {rule.code: rule.follows_from for rule in RULES}
    assert {root for roots in graph.values() for root in roots} <= graph.keys()

    def above(code: str, seen: tuple[str, ...] = ()) -> None:
        assert code not in seen, seen
        for root in graph[code]:
            above(root, (*seen, code))

    for code in graph:
        above(code)


def test_what_is_about_another_person_task_or_document_follows_from_nothing() -> None:
    chosen = [policy for policy in policies(RULES, {}) if policy.rule.code in ("G06", "G07")]

    def row(subject: str, person: str, task: str | None) -> tuple[str | None, ...]:
        told = {"subject": subject, "person_key": person, "service_task": task}
        return tuple(told.get(name) for name in ROW)

    rows = [row("R1", "p", "24"), row("R2", "p", "10"), row("R3", "q", "24"), row("R4", "p", None)]
    root, following = fold(chosen, [Measured(9, rows_of(rows[:1])), Measured(9, rows_of(rows))])
    assert [told[ROW.index(FOLLOWS)] for told in root.rows] == [None]
    assert [told[ROW.index(FOLLOWS)] for told in following.rows] == ["G06", None, None, "G06"]
