"""What a check found, for machines: JSON and JUnit XML. The same bytes for the same input."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import asdict
from typing import Any
from xml.etree import ElementTree

from analyser import __version__
from analyser.messages.catalogue import text
from analyser.report.check.rows_json import NONE, rows_json
from analyser.report.check.text import GOALS, aside_counts, coverage_told, expired_told, reason, row_told, told
from analyser.report.json import dump, extraction_of, fingerprints_of, period_of
from analyser.report.page import printable
from analyser.rules.catalogue import Severity
from analyser.rules.check import CHECK_SCHEMA, Check, Reached
from analyser.rules.folding import followers
from analyser.rules.run import FindingState, Outcome, Status


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
            "extraction": extraction_of(check.stale),
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
            "elsewhere": asdict(check.elsewhere) if check.elsewhere is not None else None,
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
        "new": outcome.count(FindingState.NEW),
        "known": outcome.count(FindingState.KNOWN),
        "waived": outcome.count(FindingState.WAIVED),
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
    if check.elsewhere is not None:
        yield "elsewhere.findings", str(check.elsewhere.findings)
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
