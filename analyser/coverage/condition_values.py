"""What a condition rests on: its status, one sentence with the numbers in it, and tables for who wants to see them all.

Every value carries its kind, so that a face writes a share as a percentage, a municipality with its name and a month
as a month, without knowing which condition it belongs to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

Scalar = str | int | float | None


class ConditionStatus(StrEnum):
    """Whether a condition for avoiding the separate delivery holds."""

    MET = "met"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"


class ConditionFinding(StrEnum):
    """How one line of a condition's table is judged; members stand from the most telling to the least."""

    NONE = "none"
    """Nothing at all, where there should be something: no document, no client, no row."""
    SHORT = "short"
    """Stays below the threshold: the condition is not met."""
    SPARSE = "sparse"
    """Something, but far less than its population lets expect."""
    UNDECIDED = "undecided"
    """Not below the threshold, but undetermined rows remain."""
    NO_LEVEL = "no-level"
    """No earlier level to compare with."""
    NOT_OVER = "not-over"
    """The month had not ended yet."""
    CLOSED = "closed"
    """By the list of units the unit did not work then, or not in the whole month."""
    NO_POPULATION = "no-population"
    """A municipality of the county that the population file lacks."""
    MET = "met"
    """Reaches the threshold."""


class ValueKind(StrEnum):
    """What a value is, for faces."""

    COUNT = "count"
    """A number of things."""
    SHARE = "share"
    """A part of a whole, 0 to 1; None when there is no whole."""
    LEVEL = "level"
    """Documents a month; may be a half."""
    YEAR = "year"
    MONTH = "month"
    """`2025-01`."""
    GROUP = "group"
    """A document group: client-relationship, case or client."""
    UNIT = "unit"
    """A service unit's OID or name."""
    LAYER = "layer"
    TASK = "task"
    """A service task's name in results; with `child-protection:` before it, of that layer."""
    MUNICIPALITY = "municipality"
    """A code of three digits."""
    AGE_GROUP = "age-group"
    FINDING = "finding"


@dataclass(frozen=True, slots=True)
class Value:
    """A number, a name or a list of names with its kind, to be put into a sentence."""

    name: str
    kind: ValueKind
    value: Scalar | tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class ValueTable:
    """A table of details: columns by name and kind, and rows in their order."""

    name: str
    columns: tuple[tuple[str, ValueKind], ...]
    rows: tuple[tuple[Scalar, ...], ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """One of the three conditions of the law. `evidence` is a text key: faces put it and the values in words."""

    status: ConditionStatus
    evidence: str
    values: tuple[Value, ...] = ()
    """What the sentence may name, and every number the judgement rests on."""
    thresholds: tuple[Value, ...] = ()
    """The settings it was judged by."""
    details: tuple[ValueTable, ...] = field(default=())


def counts(**values: int) -> tuple[Value, ...]:
    """Several counts."""
    return tuple(Value(name, ValueKind.COUNT, value) for name, value in values.items())


def names(name: str, kind: ValueKind, values: Sequence[Scalar]) -> Value:
    """A list of names."""
    return Value(name, kind, tuple(values))
