"""What a user sets for single rules: severity, parameters, and how many findings are tolerated.

`[rule.G13] severity = "info"`, `error_above = "5 %"`, `warning_above = 0`, and the rule's own parameters by name.
A number is a count of rows, a text with % a share of the denominator.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from analyser.messages.errors import UsageError
from analyser.messages.suggestion import suggestion
from analyser.rules.catalogue import Rule, Severity, find_rule, nearest

_SHARE = re.compile(r"(\d+(?:[.,]\d+)?)\s*%")
_ABOVE = {"error_above": Severity.ERROR, "warning_above": Severity.WARNING}


@dataclass(frozen=True, slots=True)
class Limit:
    """More findings than this are of a severity."""

    count: int | None = None
    share: Fraction | None = None
    """Of the denominator, 0 to 1."""

    def allowed(self, of: int) -> int:
        """The greatest number of findings that is tolerated."""
        return self.count if self.count is not None else math.floor((self.share or 0) * of)

    def __str__(self) -> str:
        if self.count is not None:
            return str(self.count)
        return f"{float((self.share or 0) * 100):g} %"


@dataclass(frozen=True, slots=True)
class Policy:
    """A rule with everything that is set for it."""

    rule: Rule
    severity: Severity
    """The rule's own, unless the settings say otherwise."""
    parameters: Mapping[str, int | float] = field(default_factory=dict)
    limits: Mapping[Severity, Limit] = field(default_factory=dict)

    def level(self, failed: int, of: int) -> Severity | None:
        """The severity of so many findings; None when they are tolerated."""
        if not failed:
            return None
        for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO):
            limit = self.limits.get(severity)
            if limit is not None and failed > limit.allowed(of):
                return severity
        return None

    def too_many(self, failed: int, of: int) -> int:
        """How many findings would have to go until the rule is no longer of its level."""
        level = self.level(failed, of)
        return failed - self.limits[level].allowed(of) if level is not None else 0


def policies(rules: Sequence[Rule], tables: Mapping[str, Mapping[str, Any]]) -> list[Policy]:
    """Rules with the tables of the settings. Raises UsageError for a rule, key or value that does not exist."""
    told: dict[str, dict[str, Any]] = {}
    for name, entries in tables.items():
        try:
            told.setdefault(find_rule(name, rules).code, {}).update(entries)
        except UsageError:
            raise UsageError("rules.table_of_none", hint=nearest(name, rules), name=name) from None
    return [_policy(rule, told.get(rule.code, {})) for rule in rules]


def _policy(rule: Rule, told: Mapping[str, Any]) -> Policy:
    parameters: dict[str, int | float] = {entry.name: entry.default for entry in rule.parameters}
    limits: dict[Severity, Limit] = {}
    severity = rule.severity
    for key, value in told.items():
        if key == "severity":
            if value not in tuple(Severity):
                raise UsageError("rules.severity", rule=rule.code, known=list(Severity))
            severity = Severity(value)
        elif key in _ABOVE:
            limits[_ABOVE[key]] = _limit(value, f"rule.{rule.code}.{key}")
        elif key in parameters:
            if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
                raise UsageError("rules.parameter", rule=rule.code, key=key)
            parameters[key] = value
        else:
            known = ["severity", *_ABOVE, *parameters]
            raise UsageError("rules.no_parameter", hint=suggestion(key, known), rule=rule.code, key=key)
    if severity not in limits and not (severity is Severity.ERROR and limits):
        limits[severity] = Limit(count=0)
    return Policy(rule, severity, parameters, limits)


def _limit(value: Any, key: str) -> Limit:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return Limit(count=value)
    if isinstance(value, str) and (match := _SHARE.fullmatch(value.strip())):
        share = Fraction(match[1].replace(",", ".")) / 100
        if share <= 1:
            return Limit(share=share)
    raise UsageError("rules.limit", key=key)
