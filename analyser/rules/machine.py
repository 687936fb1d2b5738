"""What a check found, for machines: JSON, JUnit XML and SARIF 2.1.0. The same bytes for the same input."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from analyser import __version__
from analyser.language import text
from analyser.report.json import dump, fingerprints_of, period_of
from analyser.report.page import printable
from analyser.rules.catalogue import FILE, LINE, Severity
from analyser.rules.check import Check, Reached
from analyser.rules.faces import GOALS, coverage_told, reason, row_told, told
from analyser.rules.findings import ROW, Row, machine_fields
from analyser.rules.folding import followers
from analyser.rules.policy import Policy
from analyser.rules.run import Outcome, Status
from analyser.rules.written import NONE, rows_json

CHECK_SCHEMA = "kanta-gap/check/1"
_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_SARIF = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


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
        "too_many": policy.too_many(len(outcome.rows), outcome.of),
        "parameters": dict(sorted(policy.parameters.items())),
        "thresholds": {f"{severity.value}_above": str(limit) for severity, limit in sorted(policy.limits.items())},
        "rows": [],
    }


def check_junit(check: Check, lang: str) -> str:
    """JUnit XML: failed is a failure, could not run an error, not applicable skipped with its reason."""
    suites = ElementTree.Element("testsuites")
    cases = [_case(outcome, lang) for outcome in check.outcomes]
    if check.reached is not Reached.NOT_ASKED:
        cases.append(_coverage_case(check, lang))
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
    suite.extend(cases)
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"


def _case(outcome: Outcome, lang: str) -> ElementTree.Element:
    rule = outcome.rule
    case = ElementTree.Element("testcase", classname=f"kanta-gap.{rule.code[:1]}", name=f"{rule.code} {rule.name}")
    match outcome.status:
        case Status.FAILED:
            message = f"{told(outcome.policy, 'title', lang)}: {len(outcome.rows)} / {outcome.of}"
            level = outcome.level or outcome.policy.severity
            failure = ElementTree.SubElement(case, "failure", message=printable(message), type=level.value)
            lines = [told(outcome.policy, "guidance", lang), *(row_told(row, persons=False) for row in outcome.rows)]
            failure.text = "\n".join(map(printable, lines))
        case Status.ERROR:
            ElementTree.SubElement(case, "error", message=printable(reason(outcome, lang)), type="error")
        case Status.NOT_APPLICABLE:
            ElementTree.SubElement(case, "skipped", message=printable(reason(outcome, lang)))
        case Status.PASSED:
            pass
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
    results = [
        _result(outcome, place, row, lang, whole)
        for place, outcome in enumerate(check.outcomes)
        if outcome.status is Status.FAILED
        for row in outcome.rows
    ]
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


def fingerprint(code: str, fields: Mapping[str, str | None]) -> str:
    """The same for the same finding in any database: what follows a database's secret plays no part."""
    told = machine_fields(fields)
    parts = (code, *(told[name] for name in ("subject", "service_task", "municipality", "document", "place")))
    return sha256("\x1f".join(part or "" for part in parts).encode()).hexdigest()[:16]


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
