"""The coverage report to hand on: what its page needs beside the Result, in the order that the model allows."""

from __future__ import annotations

from analyser.cli.rulebook import chosen
from analyser.cli.session import Session
from analyser.coverage.model import Request
from analyser.report.check.text import follows_told, reason, told
from analyser.report.finding import Finding, Findings
from analyser.rules.check import run_check
from analyser.rules.run import Status
from analyser.store.database import Database


def findings(run: Session, database: Database, request: Request) -> Findings:
    """What the rules found, for the page, where the model stands. The database is of no use afterwards."""
    policies, _ = chosen(run, ())
    outcomes = run_check(database, request, policies, run.settings.rule_time_limit, standing=True).outcomes
    listed = tuple(
        Finding(
            code=outcome.rule.code,
            severity=(outcome.level or outcome.policy.severity).value,
            title=told(outcome.policy, "title", run.lang),
            guidance=told(outcome.policy, "guidance", run.lang) if outcome.status is Status.FAILED else "",
            fixed_by=told(outcome.policy, "fixed_by", run.lang),
            rows=len(outcome.rows),
            of=outcome.of,
            of_what=told(outcome.policy, "of", run.lang),
            follows=follows_told(outcome),
            problem=reason(outcome, run.lang) if outcome.status is Status.ERROR else "",
        )
        for outcome in outcomes
        if outcome.status in (Status.FAILED, Status.ERROR)
    )
    ended = [outcome.status for outcome in outcomes]
    return Findings(listed, ended.count(Status.PASSED), ended.count(Status.NOT_APPLICABLE))
