"""What changed between two results: findings by rule, ledger rows by class, cells by their counts, and why.

A finding is the same in both when rule, subject, task, municipality, document and place are: person keys differ
between databases and play no part. What only one of the two results tells is not compared, and said so.

Results carry fingerprints of the tool's comparison, of the settings and of the data. What has one fingerprint in both
is no cause, whatever version numbers say; when several have changed, and the row itself does not tell, all are named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from analyser import __version__
from analyser.coverage.result import Fingerprints
from analyser.messages.errors import UsageError
from analyser.rules.catalogue import Severity
from analyser.rules.check import CHECK_SCHEMA, Check
from analyser.rules.findings import ROW, fingerprint
from analyser.rules.run import Status
from analyser.rules.saved import came_from

# How much a row lacks: to a higher rank, a finding was added.
_RANK = {"excluded": 0, "archived": 0, "partial": 1, "undetermined": 2, "missing": 3}


class Cause(StrEnum):
    """Why a finding came or went, most telling first."""

    RULE = "rule"
    """Header or SQL of the rule is another."""
    SETTINGS = "settings"
    """Something else was asked, or the rule ran with other parameters."""
    VERSION = "version"
    """Another version of the tool, which compares or reads otherwise."""
    DATA = "data"
    """Other documents, or other rows of the county's lists."""


@dataclass(frozen=True, slots=True)
class RuleFindings:
    """What one result tells of one rule."""

    name: str
    hash: str
    parameters: Mapping[str, Any]
    compared: bool
    """False when the rule could not be run."""
    rows: Mapping[str, tuple[dict[str, str | None], ...]]
    """Failing rows by fingerprint."""
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A row of the ledger, as far as differences are concerned."""

    row_class: str
    reasons: tuple[str, ...]
    register: tuple[str | None, ...] = ()
    """What the county's list says of it."""


# What of a row is told as the county's list has it.
OF_THE_LIST = ("layer", "start", "end")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One result, as far as differences are concerned. None: the result does not tell it."""

    period: str
    as_of: str | None
    version: str | None
    rules: Mapping[str, RuleFindings] | None = None
    ledger: Mapping[str, LedgerRow] | None = None
    """By source_id."""
    cells: Mapping[str, Mapping[str, int]] | None = None
    """Rows of each class by the cell's place."""
    fingerprints: Fingerprints | None = None


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """What changed of one rule."""

    code: str
    name: str
    new: tuple[dict[str, str | None], ...]
    gone: tuple[dict[str, str | None], ...]
    causes: tuple[Cause, ...]
    """One, or all that may be it, most telling first."""
    severity: Severity = Severity.ERROR
    """What the rule's findings weigh."""


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A ledger row, or a cell, before and after; None where it is not there."""

    subject: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    added: bool
    """It lacks more than before."""
    causes: tuple[Cause, ...]
    """One, or all that may be it, most telling first."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that changed."""

    before: Snapshot
    after: Snapshot
    rules: tuple[RuleDifference, ...]
    ledger: tuple[RowDifference, ...]
    cells: tuple[RowDifference, ...]
    uncompared: tuple[str, ...] = field(default=())
    """Rules that ran, or exist, on one side only."""

    @property
    def sure(self) -> bool:
        """Whether both sides tell what they came from, so that nothing else can be the cause."""
        return self.before.fingerprints is not None and self.after.fingerprints is not None

    @property
    def added(self) -> bool:
        """Whether findings were added."""
        return self.added_of(tuple(Severity))

    def added_of(self, severities: Collection[Severity]) -> bool:
        """Whether findings that weigh so much were added. A row that lacks more than before weighs as an error."""
        if Severity.ERROR in severities and any(row.added for row in (*self.ledger, *self.cells)):
            return True
        return any(rule.new and rule.severity in severities for rule in self.rules)


def snapshot_of_check(check: Check, ledger: Mapping[str, LedgerRow] | None) -> Snapshot:
    """What a check of today tells."""
    rules = {}
    for outcome in check.outcomes:
        rows = [dict(zip(ROW, row, strict=True)) for row in outcome.rows]
        compared = outcome.status is not Status.ERROR
        rules[outcome.rule.code] = _findings(
            outcome.rule.code,
            outcome.rule.name,
            outcome.rule.hash,
            outcome.policy.parameters,
            compared,
            rows,
            outcome.policy.severity,
        )
    return Snapshot(check.period.id, check.as_of, __version__, rules, ledger, fingerprints=check.fingerprints)


def snapshot_of_saved(document: Mapping[str, Any]) -> Snapshot:
    """What a saved result tells. Raises KeyError, TypeError or ValueError when it is not whole."""
    period, as_of, version = document["period"]["id"], document.get("as_of"), document.get("tool_version")
    prints = came_from(document)
    if document["schema"] == CHECK_SCHEMA:
        rules = {
            entry["code"]: _findings(
                entry["code"],
                entry["name"],
                entry["hash"],
                entry["parameters"],
                entry["status"] != Status.ERROR,
                [{name: row.get(name) for name in ROW} for row in entry["rows"]],
                Severity(entry["severity"]),
            )
            for entry in document["rules"]
        }
        return Snapshot(period, as_of, version, rules=rules, fingerprints=prints)
    if "cells" in document:
        cells = {_place(cell): {name: int(cell[name]) for name in _RANK} for cell in document["cells"]}
        return Snapshot(period, as_of, version, cells=cells, fingerprints=prints)
    if document.get("filters"):
        raise UsageError("rules.narrowed")
    ledger = {
        row["source_id"]: LedgerRow(row["class"], tuple(row["reasons"]), tuple(row[name] for name in OF_THE_LIST))
        for row in document["rows"]
    }
    return Snapshot(period, as_of, version, ledger=ledger, fingerprints=prints)


def difference(before: Snapshot, after: Snapshot) -> Difference | None:
    """What changed; None when the two have nothing that can be compared."""
    if before.period != after.period:
        return None
    rules: list[RuleDifference] = []
    uncompared: list[str] = []
    compared = False
    if before.rules is not None and after.rules is not None:
        compared = True
        for code in sorted(before.rules.keys() | after.rules.keys()):
            one, other = before.rules.get(code), after.rules.get(code)
            if one is None or other is None or not (one.compared and other.compared):
                uncompared.append(code)
                continue
            new, gone = _minus(other.rows, one.rows), _minus(one.rows, other.rows)
            if new or gone:
                causes = _causes(one, other, before, after)
                rules.append(RuleDifference(code, other.name, new, gone, causes, other.severity))
    ledger: tuple[RowDifference, ...] = ()
    if before.ledger is not None and after.ledger is not None:
        compared = True
        ledger = _rows(before, after)
    cells: tuple[RowDifference, ...] = ()
    if before.cells is not None and after.cells is not None:
        compared = True
        cells = _cells(before, after)
    if not compared:
        return None
    return Difference(before, after, tuple(rules), ledger, cells, tuple(uncompared))


def _findings(
    code: str,
    name: str,
    hash_: str,
    parameters: Mapping[str, Any],
    compared: bool,
    rows: list[dict[str, str | None]],
    severity: Severity,
) -> RuleFindings:
    found: dict[str, list[dict[str, str | None]]] = {}
    for row in rows:
        found.setdefault(fingerprint(code, row), []).append(row)
    by_fingerprint = {key: tuple(same) for key, same in found.items()}
    return RuleFindings(name, hash_, dict(parameters), compared, by_fingerprint, severity)


def _minus(
    one: Mapping[str, tuple[dict[str, str | None], ...]], other: Mapping[str, tuple[dict[str, str | None], ...]]
) -> tuple[dict[str, str | None], ...]:
    """Rows of the one that the other has not, or not so often."""
    more = Counter({key: len(rows) for key, rows in one.items()})
    more.subtract({key: len(rows) for key, rows in other.items()})
    return tuple(row for key, rows in one.items() if more[key] > 0 for row in rows[: more[key]])


def _causes(one: RuleFindings, other: RuleFindings, before: Snapshot, after: Snapshot) -> tuple[Cause, ...]:
    changed = _changed(before, after)
    if one.hash != other.hash:
        changed.add(Cause.RULE)
    if dict(one.parameters) != dict(other.parameters):
        changed.add(Cause.SETTINGS)
    return _told(changed)


def _changed(before: Snapshot, after: Snapshot) -> set[Cause]:
    """What is another on the two sides, as far as they tell."""
    one, other = before.fingerprints, after.fingerprints
    changed = set()
    if one is not None and other is not None:
        # Older and newer versions that compare and read alike are no cause.
        if one.tool != other.tool:
            changed.add(Cause.VERSION)
        if one.settings != other.settings:
            changed.add(Cause.SETTINGS)
        if one.data != other.data:
            changed.add(Cause.DATA)
        return changed
    # Saved before results told what they came from: the data may always be others.
    if before.version != after.version and None not in (before.version, after.version):
        changed.add(Cause.VERSION)
    if before.as_of != after.as_of:
        changed.add(Cause.SETTINGS)
    return changed | {Cause.DATA}


def _told(changed: set[Cause]) -> tuple[Cause, ...]:
    """In the order of `Cause`. When tool and settings are the same, only the data can be others."""
    return tuple(cause for cause in Cause if cause in changed) or (Cause.DATA,)


def _of_row(one: LedgerRow | None, other: LedgerRow | None, changed: set[Cause]) -> tuple[Cause, ...]:
    """A row that came, went or says something else now was changed in the county's list, whatever else is another."""
    if one is None or other is None or one.register != other.register:
        return (Cause.DATA,)
    return _told(changed)


def _rows(before: Snapshot, after: Snapshot) -> tuple[RowDifference, ...]:
    ones, others = before.ledger or {}, after.ledger or {}
    changed = _changed(before, after)
    found = []
    for source_id in sorted(ones.keys() | others.keys()):
        one, other = ones.get(source_id), others.get(source_id)
        if one == other:
            continue
        if one and other and (one.row_class, one.reasons) == (other.row_class, other.reasons):
            continue
        rank_before = _RANK[one.row_class] if one else 0
        rank_after = _RANK[other.row_class] if other else 0
        if rank_before == rank_after == 0 and (one is None or other is None or one.row_class == other.row_class):
            continue  # nothing was lacking, and nothing is
        found.append(
            RowDifference(
                source_id,
                {"class": one.row_class, "reasons": list(one.reasons)} if one else None,
                {"class": other.row_class, "reasons": list(other.reasons)} if other else None,
                rank_after > rank_before,
                _of_row(one, other, changed),
            )
        )
    return tuple(found)


def _cells(before: Snapshot, after: Snapshot) -> tuple[RowDifference, ...]:
    ones, others = before.cells or {}, after.cells or {}
    causes = _told(_changed(before, after))
    found = []
    for place in sorted(ones.keys() | others.keys()):
        one, other = ones.get(place), others.get(place)
        if one != other:
            found.append(RowDifference(place, one, other, _lacking(other) > _lacking(one), causes))
    return tuple(found)


def _lacking(cell: Mapping[str, int] | None) -> int:
    return sum(cell[name] for name in ("partial", "undetermined", "missing")) if cell else 0


def _place(cell: Mapping[str, Any]) -> str:
    known = ("layer", "service_task", "municipality", "unit", "producer", "age_group")
    return " ".join(f"{name}={cell[name] or '–'}" for name in known if name in cell)
