"""What a rule found, in plain words: how a report shows findings without knowing how rules are run."""

from __future__ import annotations

from dataclasses import dataclass


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
