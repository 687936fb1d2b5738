"""What rules found, in the formats of `check`: text, JSON, JUnit, SARIF, GitHub annotations, Markdown."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

import orjson

from analyser import __version__
from analyser.coverage.result import Period
from analyser.report.json import period_of
from analyser.rules.catalogue import COLUMNS, Rule, Severity
from analyser.rules.run import Outcome, Status

CHECK_SCHEMA = "kanta-gap/check/1"
RULES_SCHEMA = "kanta-gap/rules/1"
_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_TEXT_ROWS = 10


def check_json(outcomes: Sequence[Outcome], period: Period, lang: str) -> str:
    """All outcomes with all failing rows."""
    return _dump(
        {
            "schema": CHECK_SCHEMA,
            "tool_version": __version__,
            "period": period_of(period),
            "rules": [
                {
                    "code": outcome.rule.code,
                    "name": outcome.rule.name,
                    "severity": outcome.rule.severity.value,
                    "hash": outcome.rule.hash,
                    "status": outcome.status.value,
                    "reason": outcome.reason,
                    "title": outcome.rule.text("title", lang),
                    "failed": len(outcome.rows),
                    "of": outcome.of,
                    "rows": [dict(zip(COLUMNS, row, strict=True)) for row in outcome.rows],
                }
                for outcome in outcomes
            ],
        }
    )


def check_text(outcomes: Sequence[Outcome], period: Period, lang: str) -> str:
    """Findings first, then what could not be run, then a line of counts."""
    out = io.StringIO()
    out.write(f"kanta-gap check {period.id}\n")
    for outcome in outcomes:
        rule = outcome.rule
        if outcome.status is Status.FAILED:
            out.write(
                f"\n{rule.code} {rule.severity.value}: {rule.text('title', lang)} "
                f"({len(outcome.rows)} / {outcome.of} {rule.text('of', lang)})\n  → {rule.text('guidance', lang)}\n"
            )
            for row in outcome.rows[:_TEXT_ROWS]:
                out.write("  " + "  ".join(value for value in row if value) + "\n")
            if len(outcome.rows) > _TEXT_ROWS:
                out.write(f"  … + {len(outcome.rows) - _TEXT_ROWS} (-f json)\n")
        elif outcome.status is Status.ERROR:
            out.write(f"\n{rule.code} could not be run: {outcome.reason}\n")
    counts = Counter(outcome.status for outcome in outcomes)
    out.write("\n" + ", ".join(f"{status.value} {counts[status]}" for status in Status) + "\n")
    return out.getvalue()


def check_junit(outcomes: Sequence[Outcome], period: Period, lang: str) -> str:
    """JUnit XML: failed is a failure, could not run an error, not applicable skipped with its reason."""
    counts = Counter(outcome.status for outcome in outcomes)
    suite = ElementTree.Element(
        "testsuite",
        name=f"kanta-gap {period.id}",
        tests=str(len(outcomes)),
        failures=str(counts[Status.FAILED]),
        errors=str(counts[Status.ERROR]),
        skipped=str(counts[Status.NOT_APPLICABLE]),
    )
    for outcome in outcomes:
        rule = outcome.rule
        case = ElementTree.SubElement(
            suite, "testcase", classname=f"kanta-gap.{rule.code[0]}", name=f"{rule.code} {rule.name}"
        )
        match outcome.status:
            case Status.FAILED:
                told = f"{rule.text('title', lang)}: {len(outcome.rows)} / {outcome.of}"
                failure = ElementTree.SubElement(case, "failure", message=told, type=rule.severity.value)
                failure.text = "\n".join("  ".join(value for value in row if value) for row in outcome.rows)
            case Status.ERROR:
                ElementTree.SubElement(case, "error", message=outcome.reason)
            case Status.NOT_APPLICABLE:
                ElementTree.SubElement(case, "skipped", message=outcome.reason)
            case Status.PASSED:
                pass
    suites = ElementTree.Element("testsuites")
    suites.append(suite)
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"


def check_sarif(outcomes: Sequence[Outcome], period: Period, lang: str) -> str:
    """SARIF 2.1.0: a result for every failing row, a notification for every rule that could not be run."""
    rules = [outcome.rule for outcome in outcomes]
    results: list[dict[str, Any]] = []
    for place, outcome in enumerate(outcomes):
        for row in outcome.rows:
            told = dict(zip(COLUMNS, row, strict=True))
            logical = {"name": told["subject"] or "", "fullyQualifiedName": told["place"] or told["subject"] or ""}
            results.append(
                {
                    "ruleId": outcome.rule.code,
                    "ruleIndex": place,
                    "level": _LEVEL[outcome.rule.severity],
                    "message": {"text": f"{outcome.rule.text('title', lang)}: {told['subject']}"},
                    "locations": [{"logicalLocations": [logical]}],
                    "properties": {key: value for key, value in told.items() if value},
                }
            )
    notifications = [
        {"level": "error", "descriptor": {"id": o.rule.code}, "message": {"text": o.reason}}
        for o in outcomes
        if o.status is Status.ERROR
    ]
    return _dump(
        {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {
                        "driver": {
                            "name": "kanta-gap",
                            "version": __version__,
                            "rules": [_descriptor(rule, lang) for rule in rules],
                        }
                    },
                    "invocations": [
                        {"executionSuccessful": not notifications, "toolExecutionNotifications": notifications}
                    ],
                    "results": results,
                    "properties": {"period": period.id},
                }
            ],
        }
    )


def check_github(outcomes: Sequence[Outcome], _period: Period, lang: str) -> str:
    """Workflow commands: one annotation a rule."""
    lines = []
    for outcome in outcomes:
        if outcome.status in (Status.FAILED, Status.ERROR):
            level = (
                "error" if outcome.status is Status.ERROR else _LEVEL[outcome.rule.severity].replace("note", "notice")
            )
            told = outcome.reason or f"{outcome.rule.text('title', lang)}: {len(outcome.rows)} / {outcome.of}"
            escaped = told.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
            lines.append(f"::{level} title={outcome.rule.code} {outcome.rule.name}::{escaped}")
    return "\n".join(lines) + ("\n" if lines else "")


def check_markdown(outcomes: Sequence[Outcome], period: Period, lang: str) -> str:
    """A table for a step summary."""
    lines = [f"## kanta-gap check {period.id}", "", "| rule | status | rows | of | |", "|---|---|---:|---:|---|"]
    for outcome in outcomes:
        told = (outcome.reason or outcome.rule.text("title", lang)).replace("|", "\\|")
        lines.append(
            f"| {outcome.rule.code} {outcome.rule.name} | {outcome.status.value} | {len(outcome.rows)} | {outcome.of} | {told} |"
        )
    return "\n".join(lines) + "\n"


def rules_json(rules: Sequence[Rule], lang: str) -> str:
    """The catalogue."""
    return _dump(
        {
            "schema": RULES_SCHEMA,
            "rules": [
                {
                    "code": rule.code,
                    "name": rule.name,
                    "severity": rule.severity.value,
                    "title": rule.text("title", lang),
                    "guidance": rule.text("guidance", lang),
                    "of": rule.text("of", lang),
                    "basis": rule.basis,
                    "fixed_by": rule.fixed_by,
                    "hash": rule.hash,
                }
                for rule in rules
            ],
        }
    )


def rules_markdown(rules: Sequence[Rule], lang: str) -> str:
    """The catalogue as a page: docs/rules.md is this."""
    lines = ["# Rules", "", "Written by `kanta-gap rules -f markdown`.", ""]
    for rule in rules:
        lines += [
            f"## {rule.code} {rule.name}",
            "",
            f"{rule.text('title', lang)} ({rule.severity.value})",
            "",
            f"- of: {rule.text('of', lang)}",
            f"- what to do: {rule.text('guidance', lang)}",
            f"- basis: {rule.basis}",
            f"- fixed by: {rule.fixed_by}",
            "",
        ]
    return "\n".join(lines)


def rule_text(rule: Rule, lang: str) -> str:
    """One rule as a page, with its SQL."""
    return (
        f"{rule.code} {rule.name} ({rule.severity.value})\n\n{rule.text('title', lang)}\n\n"
        f"numerator:   rows of the query below\ndenominator: {rule.text('of', lang)}\nbasis:       {rule.basis}\n"
        f"fixed by:    {rule.fixed_by}\nwhat to do:  {rule.text('guidance', lang)}\n\n"
        f"-- rows; the tables are those of queries/model/\n{rule.sql};\n\n-- of how many\n{rule.of_sql};\n"
    )


def _descriptor(rule: Rule, lang: str) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": rule.text("title", lang)},
        "fullDescription": {"text": rule.text("guidance", lang)},
        "defaultConfiguration": {"level": _LEVEL[rule.severity]},
    }


def _dump(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n"
