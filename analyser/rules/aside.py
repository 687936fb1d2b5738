"""Findings that are set aside: known from a baseline, or waived in the settings. Totals stay, the rest is the verdict.

A waiver is a decision of somebody with a reason and an end, a baseline what was there when it was written. Of several
waivers for one finding the first in the settings counts, and a waiver counts before a baseline. An expired waiver sets
nothing aside, and fails the check until it is taken out or renewed.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from analyser.messages.errors import UsageError
from analyser.messages.suggestion import suggestion
from analyser.rules.catalogue import Rule, find_rule, nearest
from analyser.rules.check import Allowed, Check, WaiverUse
from analyser.rules.findings import ROW, fingerprint, machine_fields, rows_of
from analyser.rules.run import FindingState, Gone, Outcome, OutcomeReason, Status

BASELINE_SCHEMA = "kanta-gap/baseline/1"
_KEYS = ("rule", "subject", "pattern", "reason", "owner", "expires")
_REQUIRED = ("rule", "reason", "owner", "expires")
QUARANTINED = ("D01", "D02")
REFUSED = "R03"
UNDETERMINED = ("G18", "G19", "G20", "G21")
"""Rules whose findings are what makes a check end as 3."""

Known = Mapping[str, Mapping[str, tuple[int, str]]]
"""By rule and fingerprint: how often, and the subject."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """What the settings say of findings that are to be left alone for a time."""

    number: int
    """From 1, in the order of the settings."""
    rule: str
    subject: str
    pattern: str
    """Of the subject, where no subject is given: `*` stands for anything."""
    reason: str
    owner: str
    expires: dt.date
    """The last day on which it holds."""

    def holds(self, subject: str) -> bool:
        """Whether it is about this subject."""
        return subject == self.subject if self.subject else fnmatchcase(subject, self.pattern)


def waivers(told: Sequence[Mapping[str, Any]], rules: Sequence[Rule]) -> tuple[Waiver, ...]:
    """The waivers of the settings. Raises UsageError for a key, rule or value that does not fit."""
    found = []
    for number, entry in enumerate(told, 1):
        if unknown := sorted(entry.keys() - set(_KEYS)):
            raise UsageError("rules.waiver_key", hint=suggestion(unknown[0], _KEYS), number=number, key=unknown[0])
        texts = {key: entry.get(key, "") for key in _KEYS}
        if isinstance(texts["expires"], dt.date):
            texts["expires"] = texts["expires"].isoformat()[:10]
        for key, value in texts.items():
            if not isinstance(value, str) or (key in _REQUIRED and not value.strip()):
                raise UsageError("rules.waiver_value", number=number, key=key)
        if bool(texts["subject"]) == bool(texts["pattern"]):
            raise UsageError("rules.waiver_subject", number=number)
        try:
            expires = dt.date.fromisoformat(texts.pop("expires"))
        except ValueError:
            raise UsageError("rules.waiver_value", number=number, key="expires") from None
        try:
            texts["rule"] = find_rule(texts["rule"], rules).code
        except UsageError:
            raise UsageError(
                "rules.waiver_rule", hint=nearest(texts["rule"], rules), number=number, name=texts["rule"]
            ) from None
        found.append(Waiver(number, expires=expires, **texts))
    return tuple(found)


def known_of(document: Mapping[str, Any], file: str) -> Known:
    """The findings of a baseline, or of a check that was saved as JSON. Raises UsageError when it is not whole."""
    try:
        if document["schema"] != BASELINE_SCHEMA:
            return {entry["code"]: _found(entry["code"], entry["rows"]) for entry in document["rules"]}
        return {
            entry["code"]: {
                one["fingerprint"]: (int(one["count"]), str(one["subject"] or "")) for one in entry["findings"]
            }
            for entry in document["rules"]
        }
    except (KeyError, TypeError, ValueError):
        raise UsageError("rules.not_whole", file=file) from None


def _found(code: str, rows: Iterable[Mapping[str, str | None]]) -> dict[str, tuple[int, str]]:
    """The findings of one rule by fingerprint: how often, and the subject."""
    counted: dict[str, tuple[int, str]] = {}
    for fields in rows:
        key = fingerprint(code, fields)
        counted[key] = (counted.get(key, (0, ""))[0] + 1, machine_fields(fields)["subject"] or "")
    return counted


def to_be_known(check: Check, before: Known) -> Known:
    """What a baseline of this check knows: what it found and no waiver holds; and what was known of rules not run."""
    found: dict[str, dict[str, tuple[int, str]]] = {code: dict(entries) for code, entries in before.items()}
    for outcome in check.outcomes:
        if outcome.status is Status.ERROR:
            continue
        rows = (
            dict(zip(ROW, row, strict=True)) for row, state in _with_states(outcome) if state is not FindingState.WAIVED
        )
        found[outcome.rule.code] = _found(outcome.rule.code, rows)
    return found


def set_aside(check: Check, known: Known | None, waived: Sequence[Waiver], day: dt.date) -> Check:
    """The check with what is known or waived set aside. `known`: None without a baseline. `day`: waivers end by it."""
    used: Counter[int] = Counter()
    valid = [waiver for waiver in waived if waiver.expires >= day]
    outcomes = tuple(_set_aside(outcome, known, valid, used) for outcome in check.outcomes)
    uses = tuple(
        WaiverUse(
            one.number, one.rule, one.subject or one.pattern, one.reason, one.owner, one.expires.isoformat(),
            one.expires < day, used[one.number],
        )
        for one in waived
    )  # fmt: skip
    return replace(check, outcomes=outcomes, compared=known is not None, waivers=uses)


def allowed(check: Check, accepted: Known, quarantined: int, undetermined: int) -> Allowed:
    """What is accepted of all that makes a check end as 3: so many, and those that a file names."""
    named: dict[str, set[str]] = {}
    open_rows: set[str] = set()
    for outcome in check.outcomes:
        left = {key: count for key, (count, _) in accepted.get(outcome.rule.code, {}).items()}
        for row in outcome.rows:
            fields = dict(zip(ROW, row, strict=True))
            key, subject = fingerprint(outcome.rule.code, fields), fields["subject"] or ""
            if left.get(key, 0) > 0:
                left[key] -= 1
                named.setdefault(outcome.rule.code, set()).add(f"{subject}\x1f{fields['place']}\x1f{left[key]}")
                if outcome.rule.code in UNDETERMINED:
                    named.setdefault("undetermined", set()).add(subject)
            elif outcome.rule.code in UNDETERMINED:
                open_rows.add(subject)
    return Allowed(
        max(quarantined, sum(len(named.get(code, ())) for code in QUARANTINED)),
        max(undetermined, len(named.get("undetermined", set()) - open_rows)),
        len(named.get(REFUSED, ())),
    )


def _set_aside(outcome: Outcome, known: Known | None, valid: Iterable[Waiver], used: Counter[int]) -> Outcome:
    if outcome.status in (Status.ERROR, Status.NOT_APPLICABLE):
        return outcome
    code = outcome.rule.code
    own = [waiver for waiver in valid if waiver.rule == code]
    entries = dict((known or {}).get(code, {}))
    if not own and not entries:
        states = (FindingState.NEW,) * len(outcome.rows) if known is not None else ()
        return replace(outcome, states=states)
    left = {key: count for key, (count, _) in entries.items()}
    found: list[FindingState] = []
    for row in outcome.rows:
        fields = dict(zip(ROW, row, strict=True))
        told = machine_fields(fields)["subject"] or ""
        holding = next((one for one in own if one.holds(told) or one.holds(fields["subject"] or "")), None)
        key = fingerprint(code, fields) if left else ""
        if holding is not None:
            used[holding.number] += 1
            found.append(FindingState.WAIVED)
            # It is there still: a baseline does not miss it.
            left[key] = left.get(key, 0) - 1
        elif left.get(key, 0) > 0:
            left[key] -= 1
            found.append(FindingState.KNOWN)
        else:
            found.append(FindingState.NEW)
    missed = sorted((key, count) for key, count in left.items() if count > 0)
    gone = tuple(Gone(key, entries[key][1], count) for key, count in missed)
    new = rows_of([row for row, state in zip(outcome.rows, found, strict=True) if state is FindingState.NEW])
    level = outcome.policy.level(len(new), outcome.of)
    reason = None if level or not outcome.rows else OutcomeReason.TOLERATED if len(new) else OutcomeReason.ASIDE
    status = Status.FAILED if level else Status.PASSED
    return replace(outcome, status=status, level=level, reason=reason, states=tuple(found), new=new, gone=gone)


def _with_states(outcome: Outcome) -> Iterable[tuple[tuple[str | None, ...], FindingState]]:
    states = outcome.states or (FindingState.NEW,) * len(outcome.rows)
    return zip(outcome.rows, states, strict=True)
