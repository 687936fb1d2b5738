"""What rules found, in plain words, for the page to hand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analyser.report.check.text import follows_told, reason, told
from analyser.rules.run import Outcome, Status


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that found rows, or could not be run (then `problem` says why)."""

    code: str
    severity: str
    title: str
    guidance: str
    fixed_by: str
    rows: int
    of: int
    of_what: str
    problem: str = ""
    follows: str = ""
    """How many of the rows follow from which rules' findings, as `G06 3`."""


@dataclass(frozen=True, slots=True)
class Findings:
    """The rules that have something to tell, and how many ended otherwise."""

    told: tuple[Finding, ...]
    passed: int
    not_applicable: int


def findings_of(outcomes: Sequence[Outcome], lang: str) -> Findings:
    """The outcomes of a check, in its order."""
    listed = tuple(
        Finding(
            code=outcome.rule.code,
            severity=(outcome.level or outcome.policy.severity).value,
            title=told(outcome.policy, "title", lang),
            guidance=told(outcome.policy, "guidance", lang) if outcome.status is Status.FAILED else "",
            fixed_by=told(outcome.policy, "fixed_by", lang),
            rows=len(outcome.rows),
            of=outcome.of,
            of_what=told(outcome.policy, "of", lang),
            follows=follows_told(outcome),
            problem=reason(outcome, lang) if outcome.status is Status.ERROR else "",
        )
        for outcome in outcomes
        if outcome.status in (Status.FAILED, Status.ERROR)
    )
    ended = [outcome.status for outcome in outcomes]
    return Findings(listed, ended.count(Status.PASSED), ended.count(Status.NOT_APPLICABLE))
