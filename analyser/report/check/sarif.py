"""What a check found as SARIF 2.1.0, for code scanning. The same bytes for the same input and files at hand."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import quote

from analyser import __version__
from analyser.messages.catalogue import text
from analyser.report.check.text import coverage_told, reason, told
from analyser.report.json import dump
from analyser.report.page import printable
from analyser.rules.catalogue import FILE, LINE, Severity
from analyser.rules.check import Check, Reached
from analyser.rules.findings import ROW, Row, fingerprint, machine_fields
from analyser.rules.lines import NO_FILES, Base, Lines
from analyser.rules.policy import Policy
from analyser.rules.run import FindingState, Gone, Outcome, Status

_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_SARIF = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 25_000
"""Results of one run that code scanning takes."""
_MOST_TEXT = 1_024
"""Characters of a rule's descriptions that code scanning takes."""


class _Found(NamedTuple):
    """A failing row, with its rule's number among all."""

    place: int
    outcome: Outcome
    row: Row
    state: FindingState


def check_sarif(
    check: Check, lang: str, base: Base = NO_FILES, not_at_hand: Callable[[list[str]], None] | None = None
) -> str:
    """SARIF 2.1.0: a result for every failing row, a notification for every rule that could not be run.

    `base`: where the sources lie, for the lines of findings; `not_at_hand` is told the files that do not lie there.
    """
    whole = _whole(check)
    told_of = [
        (place, outcome)
        for place, outcome in enumerate(check.outcomes)
        if outcome.status is Status.FAILED
        or FindingState.WAIVED in outcome.states
        or FindingState.KNOWN in outcome.states
    ]
    gone = [(place, outcome, one) for place, outcome in enumerate(check.outcomes) for one in outcome.gone]
    found = sum(len(outcome.rows) for _, outcome in told_of) + (len(gone) if check.compared else 0)
    rows = (
        _Found(place, outcome, row, state)
        for place, outcome in (told_of if found <= MOST_RESULTS else sorted(told_of, key=_weight))
        for row, state in zip(outcome.rows, outcome.states or (FindingState.NEW,) * len(outcome.rows), strict=True)
    )
    chosen = list(islice(rows, MOST_RESULTS))
    lines = Lines(base, (one.row for one in chosen))
    if lines.absent and not_at_hand is not None:
        not_at_hand(lines.absent)
    results = [_result(one, lang, whole, lines) | _standing(check, one.outcome, one.state) for one in chosen]
    if check.compared:
        results += [_gone(*one, lang, base.uri(whole)) for one in gone[: MOST_RESULTS - len(results)]]
    notifications = [
        {
            "level": "error",
            "associatedRule": {"id": outcome.rule.code, "index": place},
            "message": {"text": printable(reason(outcome, lang))},
        }
        for place, outcome in enumerate(check.outcomes)
        if outcome.status is Status.ERROR
    ]
    if check.reached in (Reached.FAILED, Reached.NO_BASIS):
        notifications.append({"level": "error", "message": {"text": " ".join(coverage_told(check, lang)[:2])}})
    if found > MOST_RESULTS:
        left = text(lang, "rules.check.left_out", count=found - MOST_RESULTS, most=MOST_RESULTS)
        notifications.append({"level": "warning", "message": {"text": left}})
    driver = {
        "name": "kanta-gap",
        "version": __version__,
        "rules": [_descriptor(outcome.policy, lang) for outcome in check.outcomes],
    }
    unrun = any(outcome.status is Status.ERROR for outcome in check.outcomes)
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"kanta-gap/{check.period.id}/"},
        "invocations": [{"executionSuccessful": not unrun, "toolExecutionNotifications": notifications}],
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": {"period": check.period.id, "coverage_rows": check.counted.coverage},
    }
    return dump({"$schema": _SARIF, "version": "2.1.0", "runs": [run]})


def _weight(told_of: tuple[int, Outcome]) -> tuple[int, int]:
    """Errors first: what is left out is what weighs least."""
    place, outcome = told_of
    return list(Severity).index(outcome.level or Severity.INFO), place


def _standing(check: Check, outcome: Outcome, state: FindingState) -> dict[str, Any]:
    """How a result stands to the baseline, and which waiver suppresses it."""
    told: dict[str, Any] = {}
    if check.compared:
        told["baselineState"] = "new" if state is FindingState.NEW else "unchanged"
    if state is FindingState.WAIVED:
        reasons = "; ".join(one.reason for one in check.waivers if one.rule == outcome.rule.code and not one.expired)
        told["suppressions"] = [{"kind": "external", "status": "accepted", "justification": printable(reasons)}]
    return told


def _gone(place: int, outcome: Outcome, gone: Gone, lang: str, whole: str) -> dict[str, Any]:
    """A finding of the baseline that is not there any more."""
    return {
        "ruleId": outcome.rule.code,
        "ruleIndex": place,
        "level": "none",
        "message": {"text": printable(f"{told(outcome.policy, 'title', lang)}: {gone.subject}")},
        "locations": [_location(whole, 1, 1)],
        "partialFingerprints": {"kantaGapFinding/v1": gone.fingerprint},
        "baselineState": "absent",
    }


def _location(uri: str, line: int, column: int) -> dict[str, Any]:
    region = {"startLine": line, "startColumn": column}
    return {"physicalLocation": {"artifactLocation": {"uri": quote(uri, safe="/")}, "region": region}}


def _whole(check: Check) -> str:
    """The file that stands for what is about no one document or row: of the register, as far as findings name one."""
    files = {(row[ROW.index(LINE)] is None, row[ROW.index(FILE)] or "") for o in check.outcomes for row in o.rows}
    named = sorted(place for place in files if place[1])
    return named[0][1] if named else "register"


def _result(found: _Found, lang: str, whole: str, lines: Lines) -> dict[str, Any]:
    outcome, row = found.outcome, found.row
    fields = machine_fields(dict(zip(ROW, row, strict=True)))
    # Where findings are shown beside code, one without an artifact and a place in it is refused. What is about no one
    # document or row is about the register as a whole.
    location = _location(lines.base.uri(fields[FILE] or whole), *lines.position(row))
    logical = {"name": fields["subject"] or outcome.rule.code}
    message = f"{told(outcome.policy, 'title', lang)}: {fields['subject'] or ''}"
    if place := fields["place"]:
        logical["fullyQualifiedName"] = place
        if place.startswith("/"):  # inside the content, which lies in one element of the document
            message += f" ({place})"
    location["logicalLocations"] = [logical]
    level = outcome.level or outcome.policy.severity
    return {
        "ruleId": outcome.rule.code,
        "ruleIndex": found.place,
        "level": _LEVEL[level],
        "message": {"text": printable(message)},
        "locations": [location],
        "partialFingerprints": {"kantaGapFinding/v1": fingerprint(outcome.rule.code, fields)},
        "properties": {key: value for key, value in fields.items() if value},
    }


def _descriptor(policy: Policy, lang: str) -> dict[str, Any]:
    rule = policy.rule
    help_text = f"{told(policy, 'guidance', lang)} ({told(policy, 'fixed_by', lang)})"
    found: dict[str, Any] = {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": _bounded(told(policy, "title", lang))},
        "fullDescription": {"text": _bounded(told(policy, "why", lang) or told(policy, "title", lang))},
        "help": {"text": help_text},
        "defaultConfiguration": {"level": _LEVEL[policy.severity]},
        "properties": {"hash": rule.hash, "basis": told(policy, "basis", lang), "of": told(policy, "of", lang)},
    }
    if rule.aliases:
        found["deprecatedIds"] = list(rule.aliases)
    return found


def _bounded(words: str) -> str:
    return words if len(words) <= _MOST_TEXT else f"{words[: _MOST_TEXT - 1]}…"
