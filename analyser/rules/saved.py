"""Saved results, read back: a check whose thresholds are judged again, and what a difference needs of any result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from analyser.coverage.result import COVERAGE_SCHEMA, GAPS_SCHEMA, Fingerprints, Period, Stale
from analyser.messages.errors import UsageError
from analyser.rules.catalogue import Rule, Severity
from analyser.rules.check import CHECK_SCHEMA, Check, CountedCoverage, Elsewhere
from analyser.rules.findings import ROW
from analyser.rules.policy import Limit, Policy
from analyser.rules.run import Measured, OutcomeReason, judge
from analyser.store.owned import is_database

KNOWN = (CHECK_SCHEMA, GAPS_SCHEMA, COVERAGE_SCHEMA)


def is_saved(path: Path) -> bool:
    """Whether the file is JSON rather than a database. Raises UsageError when there is none."""
    if not path.is_file():
        raise UsageError("rules.nothing_to_compare", file=path.name)
    with path.open("rb") as opened:
        head = opened.read(64)
    # A database begins with a checksum, which may look like anything: its own sign comes first.
    return not is_database(head) and head.lstrip()[:1] in (b"{", b"[", b'"')


def read_saved(path: Path, known: Sequence[str] = KNOWN) -> dict[str, Any]:
    """The document of one of these schemas. Raises UsageError for anything else."""
    if not path.is_file():
        raise UsageError("rules.no_result", file=path.name)
    try:
        document = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError:
        raise UsageError("rules.not_json", file=path.name) from None
    schema = document.get("schema") if isinstance(document, dict) else None
    if schema in known:
        return dict(document)
    names = ", ".join(known)
    kind = str(schema).rpartition("/")[0] if isinstance(schema, str) else ""
    if any(kind == name.rpartition("/")[0] for name in known):
        raise UsageError("rules.other_version", file=path.name, schema=schema, known=names)
    raise UsageError("rules.no_saved", file=path.name, known=names)


def saved_check(
    path: Path, policies: Sequence[Policy], everything: Sequence[Rule], min_coverage: float | None
) -> tuple[Check, list[str]]:
    """A saved check, judged by the policies of today, and the codes of the rules that have changed since.

    Only rules among `policies` are told; a rule that exists no longer is told as it was saved.
    """
    document = read_saved(path, (CHECK_SCHEMA,))
    known = {rule.code for rule in everything}
    chosen = {policy.rule.code: policy for policy in policies}
    outcomes, changed = [], []
    try:
        for entry in document["rules"]:
            policy = chosen.get(entry["code"])
            if policy is None and entry["code"] in known:
                continue
            policy = policy or _of_old(entry)
            if policy.rule.sql and policy.rule.hash != entry["hash"]:
                changed.append(policy.rule.code)
            outcomes.append(judge(policy, _measured(entry, policy)))
        told, period = document["coverage"], document["period"]
        check = Check(
            Period(
                period["id"],
                dt.date.fromisoformat(period["start"]),
                dt.date.fromisoformat(period["end"]),
                dt.date.fromisoformat(period["deadline"]) if period["deadline"] else None,
                period["assumed"],
            ),
            document["as_of"],
            tuple(outcomes),
            CountedCoverage(
                told["rows"],
                told["judged"],
                told["archived"],
                told["undetermined"],
                told.get("refused", 0),
                document["documents"]["ingested"],
                document["documents"]["quarantined"],
            ),
            min_coverage,
            came_from(document),
            elsewhere=_elsewhere(document.get("elsewhere")),
            stale=_reach(document.get("extraction")),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UsageError("rules.not_whole_check", file=path.name) from None
    return check, changed


def _elsewhere(told: Mapping[str, Any] | None) -> Elsewhere | None:
    if told is None:
        return None
    return Elsewhere(
        tuple(told["paths"]),
        tuple(told["sources"]),
        told["findings"],
        told["quarantined"],
        told["undetermined"],
        told["refused"],
    )


def _reach(told: Mapping[str, Any] | None) -> Stale:
    """How far the data reached; not whether they end before the period, which was told when the check was made."""
    days = {name: dt.date.fromisoformat(day) for name, day in (told or {}).items() if day is not None}
    return Stale(newest=days.get("documents"), begun=days.get("register"))


def came_from(document: Mapping[str, Any]) -> Fingerprints | None:
    """The fingerprints of a saved result; None when it is of a version that told none."""
    told = document.get("fingerprints")
    return Fingerprints(told["tool"], told["settings"], told["data"]) if told is not None else None


def _of_old(entry: Mapping[str, Any]) -> Policy:
    """A rule that this version does not have: retired, or of a folder that is not named today."""
    rule = Rule(entry["code"], entry["name"], Severity(entry["severity"]), texts={"title": {"en": entry["title"]}})
    level = Severity(entry["level"] or entry["severity"])
    return Policy(rule, rule.severity, dict(entry["parameters"]), {level: Limit(count=0)})


def _measured(entry: Mapping[str, Any], policy: Policy) -> Measured:
    reason = OutcomeReason(entry["reason_code"]) if entry["reason_code"] else None
    if reason is not None and reason not in (OutcomeReason.TOLERATED, OutcomeReason.ASIDE):
        return Measured(entry["of"], (), reason, dict(entry["reason_values"]))
    rows = tuple(tuple(row.get(name) for name in ROW) for row in entry["rows"])
    if len(rows) != entry["failed"]:
        raise ValueError("counts and rows do not tie")
    if dict(entry["parameters"]) != dict(policy.parameters):
        return Measured(
            reason=OutcomeReason.CHANGED, values={"then": _set(entry["parameters"]), "now": _set(policy.parameters)}
        )
    return Measured(entry["of"], rows)


def _set(parameters: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {value:.12g}" for name, value in sorted(parameters.items())) or "–"
