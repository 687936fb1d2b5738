"""The coverage report to hand on: what its page needs beside the Result, in the order that the model allows."""

from __future__ import annotations

from collections.abc import Sequence

from analyser.cli.asking import thresholds
from analyser.cli.check import chosen_rules
from analyser.cli.session import Session
from analyser.coverage.measure import coverage
from analyser.coverage.model import Request
from analyser.coverage.outlook import Outlook, history, outlook
from analyser.coverage.result import CoverageResult, Dimension
from analyser.report.finding import Finding, Findings
from analyser.rules.run import Outcome, Status, run_rules
from analyser.store.database import Database


def gathered(
    run: Session, database: Database, request: Request, by: Sequence[Dimension]
) -> tuple[CoverageResult, Outlook, Findings]:
    """The Result, the periods before with examples, and what the rules found."""
    past = history(database, request)
    result = coverage(database, request, by, thresholds(run))
    outcomes = run_rules(database.connection, chosen_rules(run, (), None, None), run.settings.rule_time_limit)
    return result, outlook(database, past), _findings(outcomes, run.lang)


def _findings(outcomes: Sequence[Outcome], lang: str) -> Findings:
    told = tuple(
        Finding(
            code=outcome.rule.code,
            severity=outcome.rule.severity.value,
            title=outcome.rule.text("title", lang),
            guidance=outcome.rule.text("guidance", lang) if outcome.status is Status.FAILED else "",
            fixed_by=outcome.rule.fixed_by,
            rows=len(outcome.rows),
            of=outcome.of,
            of_what=outcome.rule.text("of", lang),
            problem=outcome.reason if outcome.status is Status.ERROR else "",
        )
        for outcome in outcomes
        if outcome.status in (Status.FAILED, Status.ERROR)
    )
    ended = [outcome.status for outcome in outcomes]
    return Findings(told, ended.count(Status.PASSED), ended.count(Status.NOT_APPLICABLE))
