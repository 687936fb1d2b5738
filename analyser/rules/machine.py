"""What a check found, for machines: JSON, JUnit XML and SARIF 2.1.0. The same bytes for the same input."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import asdict
from itertools import islice
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from analyser import __version__
from analyser.language import text
from analyser.report.json import dump, fingerprints_of, period_of
from analyser.report.page import printable
from analyser.rules.catalogue import FILE, LINE, Severity
from analyser.rules.check import Check, Reached
from analyser.rules.faces import GOALS, aside_counts, coverage_told, expired_told, reason, row_told, told
from analyser.rules.findings import ROW, Row, fingerprint, machine_fields
from analyser.rules.folding import followers
from analyser.rules.policy import Policy
from analyser.rules.run import Gone, Outcome, State, Status
from analyser.rules.written import NONE, rows_json

CHECK_SCHEMA = "kanta-gap/check/1"
_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_SARIF = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 25_000
"""Results of one run that code scanning takes."""


def check_json(check: Check, lang: str) -> Iterator[bytes]:
    """Everything: all outcomes with all failing rows, and the counts that thresholds can be applied to again."""
    # No text holds a line end as it is, and nothing else stands as deep under this name.
    first, *others = _without_rows(check, lang).encode().split(NONE)
    yield first
    for outcome, other in zip(check.outcomes, others, strict=True):
        yield from rows_json(outcome.rows)
        yield other


def _without_rows(check: Check, lang: str) -> str:
    counted = check.counted
    return dump(
        {
            "schema": CHECK_SCHEMA,
            "tool_version": __version__,
            "period": period_of(check.period),
            "as_of": check.as_of,
            **fingerprints_of(check.fingerprints),
            "coverage": {
                "rows": counted.rows,
                "judged": counted.judged,
                "archived": counted.archived,
                "undetermined": counted.undetermined,
                "refused": counted.refused,
                "coverage_rows": counted.coverage,
                "required": check.min_coverage,
                "status": check.reached.value,
                "needed": {f"{goal:g}": counted.needed(goal) for goal in GOALS},
            },
            "documents": {"ingested": counted.documents, "quarantined": counted.quarantined},
            "allowed": asdict(check.allowed),
            "baseline": _counts_aside(check),
            "waivers": [asdict(waiver) for waiver in check.waivers],
            "rules": [_outcome(outcome, lang) for outcome in check.outcomes],
        }
    )


def _outcome(outcome: Outcome, lang: str) -> dict[str, Any]:
    rule, policy = outcome.rule, outcome.policy
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": policy.severity.value,
        "hash": rule.hash,
        "status": outcome.status.value,
        "level": outcome.level.value if outcome.level else None,
        "reason_code": outcome.reason.value if outcome.reason else None,
        "reason": reason(outcome, lang),
        "reason_values": {name: str(value) for name, value in sorted(outcome.values.items())},
        "title": told(policy, "title", lang),
        "failed": len(outcome.rows),
        "of": outcome.of,
        "follows_from": dict(followers(outcome.rows)),
        "new": outcome.count(State.NEW),
        "known": outcome.count(State.KNOWN),
        "waived": outcome.count(State.WAIVED),
        "gone": [asdict(gone) for gone in outcome.gone],
        "too_many": policy.too_many(len(outcome.open), outcome.of),
        "parameters": dict(sorted(policy.parameters.items())),
        "thresholds": {f"{severity.value}_above": str(limit) for severity, limit in sorted(policy.limits.items())},
        "rows": [],
    }


def _counts_aside(check: Check) -> dict[str, int] | None:
    """What a baseline came to; None without one."""
    return aside_counts(check) if check.compared else None


def check_junit(check: Check, lang: str) -> str:
    """JUnit XML: failed is a failure, could not run an error, not applicable skipped with its reason."""
    suites = ElementTree.Element("testsuites")
    cases = [_case(outcome, lang, check.failing) for outcome in check.outcomes]
    if check.reached is not Reached.NOT_ASKED:
        cases.append(_coverage_case(check, lang))
    if (expired := expired_told(check, lang)) and check.failing:
        case = ElementTree.Element("testcase", classname="kanta-gap.waivers", name=text(lang, "rules.check.waivers"))
        ElementTree.SubElement(case, "failure", message=printable(expired[0]), type="waiver").text = "\n".join(
            map(printable, expired)
        )
        cases.append(case)
    ends = Counter(case[0].tag for case in cases if len(case))
    suite = ElementTree.SubElement(
        suites,
        "testsuite",
        name=f"kanta-gap {check.period.id}",
        tests=str(len(cases)),
        failures=str(ends["failure"]),
        errors=str(ends["error"]),
        skipped=str(ends["skipped"]),
    )
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in _thresholds(check):
        ElementTree.SubElement(properties, "property", name=name, value=value)
    suite.extend(cases)
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"


def _thresholds(check: Check) -> Iterator[tuple[str, str]]:
    """What the suite was judged by, and what a baseline and waivers took out of it."""
    yield "fail_on", ",".join(severity.value for severity in check.failing) or "never"
    if check.min_coverage is not None:
        yield "min_coverage", f"{check.min_coverage:g}"
    for name, count in asdict(check.allowed).items():
        yield f"allowed.{name}", str(count)
    if check.compared:
        yield from ((f"baseline.{name}", str(count)) for name, count in aside_counts(check).items())
    for waiver in check.waivers:
        yield (
            f"waiver.{waiver.number}",
            printable(f"{waiver.rule} {waiver.subject} {waiver.expires}: {waiver.findings}"),
        )
    for outcome in check.outcomes:
        for severity, limit in sorted(outcome.policy.limits.items()):
            if str(limit) != "0":
                yield f"{outcome.rule.code}.{severity.value}_above", str(limit)


def _case(outcome: Outcome, lang: str, failing: Collection[Severity]) -> ElementTree.Element:
    rule = outcome.rule
    case = ElementTree.Element("testcase", classname=f"kanta-gap.{rule.code[:1]}", name=f"{rule.code} {rule.name}")
    match outcome.status:
        case Status.FAILED:
            message = f"{told(outcome.policy, 'title', lang)}: {len(outcome.open)} / {outcome.of}"
            level = outcome.level or outcome.policy.severity
            lines = [told(outcome.policy, "guidance", lang), *(row_told(row, persons=False) for row in outcome.open)]
            if level in failing:
                failure = ElementTree.SubElement(case, "failure", message=printable(message), type=level.value)
                failure.text = "\n".join(map(printable, lines))
            else:
                # Beneath what the check fails on: told, and no failure.
                written = ElementTree.SubElement(case, "system-out")
                written.text = "\n".join(map(printable, [f"{level.value}: {message}", *lines]))
        case Status.ERROR:
            ElementTree.SubElement(case, "error", message=printable(reason(outcome, lang)), type="error")
        case Status.NOT_APPLICABLE:
            ElementTree.SubElement(case, "skipped", message=printable(reason(outcome, lang)))
        case Status.PASSED:
            if outcome.rows:
                ElementTree.SubElement(case, "system-out").text = printable(reason(outcome, lang))
    return case


def _coverage_case(check: Check, lang: str) -> ElementTree.Element:
    name = text(lang, "rules.check.coverage_case")
    case = ElementTree.Element("testcase", classname="kanta-gap.coverage", name=name)
    message = " ".join(coverage_told(check, lang)[:2])
    if check.reached is Reached.FAILED:
        ElementTree.SubElement(case, "failure", message=message, type="coverage")
    elif check.reached is Reached.NO_BASIS:
        ElementTree.SubElement(case, "error", message=message, type="coverage")
    return case


def check_sarif(check: Check, lang: str) -> str:
    """SARIF 2.1.0: a result for every failing row, a notification for every rule that could not be run."""
    whole = _whole(check)
    told_of = [
        (place, outcome)
        for place, outcome in enumerate(check.outcomes)
        if outcome.status is Status.FAILED or State.WAIVED in outcome.states or State.KNOWN in outcome.states
    ]
    found = sum(len(outcome.rows) for _, outcome in told_of)
    rows = (
        (place, outcome, row, state)
        for place, outcome in (told_of if found <= MOST_RESULTS else sorted(told_of, key=_weight))
        for row, state in zip(outcome.rows, outcome.states or (State.NEW,) * len(outcome.rows), strict=True)
    )
    results = [
        _result(outcome, place, row, lang, whole) | _standing(check, outcome, state)
        for place, outcome, row, state in islice(rows, MOST_RESULTS)
    ]
    if check.compared:
        results += [
            _gone(outcome, place, gone, lang, whole)
            for place, outcome in enumerate(check.outcomes)
            for gone in outcome.gone
        ][: MOST_RESULTS - len(results)]
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


def _standing(check: Check, outcome: Outcome, state: State) -> dict[str, Any]:
    """How a result stands to the baseline, and which waiver suppresses it."""
    told: dict[str, Any] = {}
    if check.compared:
        told["baselineState"] = "new" if state is State.NEW else "unchanged"
    if state is State.WAIVED:
        reasons = "; ".join(one.reason for one in check.waivers if one.rule == outcome.rule.code and not one.expired)
        told["suppressions"] = [{"kind": "external", "status": "accepted", "justification": printable(reasons)}]
    return told


def _gone(outcome: Outcome, place: int, gone: Gone, lang: str, whole: str) -> dict[str, Any]:
    """A finding of the baseline that is not there any more."""
    region = {"startLine": 1, "startColumn": 1}
    location = {"physicalLocation": {"artifactLocation": {"uri": quote(whole, safe="/")}, "region": region}}
    return {
        "ruleId": outcome.rule.code,
        "ruleIndex": place,
        "level": "none",
        "message": {"text": printable(f"{told(outcome.policy, 'title', lang)}: {gone.subject}")},
        "locations": [location],
        "partialFingerprints": {"kantaGapFinding/v1": gone.fingerprint},
        "baselineState": "absent",
    }


def _whole(check: Check) -> str:
    """The file that stands for what is about no one document or row: of the register, as far as findings name one."""
    files = {(row[ROW.index(LINE)] is None, row[ROW.index(FILE)] or "") for o in check.outcomes for row in o.rows}
    named = sorted(place for place in files if place[1])
    return named[0][1] if named else "register"


def _result(outcome: Outcome, place: int, row: Row, lang: str, whole: str) -> dict[str, Any]:
    fields = machine_fields(dict(zip(ROW, row, strict=True)))
    # Where findings are shown beside code, one without an artifact and a place in it is refused. What is about no one
    # document or row is about the register as a whole.
    region = {"startLine": int(fields[LINE] or 1), "startColumn": 1}
    artifact = {"uri": quote(fields[FILE] or whole, safe="/")}
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": artifact, "region": region}}
    logical = {"name": fields["subject"] or outcome.rule.code}
    if fields["place"]:
        logical["fullyQualifiedName"] = fields["place"]
    location["logicalLocations"] = [logical]
    level = outcome.level or outcome.policy.severity
    return {
        "ruleId": outcome.rule.code,
        "ruleIndex": place,
        "level": _LEVEL[level],
        "message": {"text": printable(f"{told(outcome.policy, 'title', lang)}: {fields['subject'] or ''}")},
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
        "shortDescription": {"text": told(policy, "title", lang)},
        "fullDescription": {"text": told(policy, "why", lang) or told(policy, "title", lang)},
        "help": {"text": help_text},
        "defaultConfiguration": {"level": _LEVEL[policy.severity]},
        "properties": {"hash": rule.hash, "basis": told(policy, "basis", lang), "of": told(policy, "of", lang)},
    }
    if rule.aliases:
        found["deprecatedIds"] = list(rule.aliases)
    return found
