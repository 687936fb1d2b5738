"""The rows of a period that somebody has to mend, on one list for each who mends them: no row on two, none on none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from analyser.coverage.measure import ledger
from analyser.coverage.model import Model
from analyser.coverage.names import Names
from analyser.coverage.result import Period, Reason, RowClass
from analyser.messages.errors import BrokenSumError
from analyser.register.carried import carried_columns

TO_MEND = (RowClass.UNDETERMINED, RowClass.PARTIAL, RowClass.MISSING)


class SplitBy(StrEnum):
    """Whose list a row stands on."""

    UNIT = "unit"
    """The row's service unit."""
    PRODUCER = "producer"
    """The row's producer."""
    FIXED_BY = "fixed-by"
    """Who mends the row's first reason."""


class FixedBy(StrEnum):
    """Who mends what a reason names."""

    SERVICE_UNIT = "service-unit"
    REGISTER = "register"
    """The register's keepers, alone or with the service unit."""
    VENDOR = "vendor"
    """The client system's vendor, alone or with the service unit."""
    DATA_MANAGER = "data-manager"
    """Whoever runs this program."""
    NOBODY = "nobody"
    """Nothing is to be mended."""


_FIXED_BY: Mapping[Reason, FixedBy] = {
    Reason.NO_DOCUMENT: FixedBy.SERVICE_UNIT,
    Reason.NO_CLIENT_DOCUMENT: FixedBy.SERVICE_UNIT,
    Reason.QUARANTINED_DOCUMENT: FixedBy.VENDOR,
    Reason.TEMPORARY_ID_ONLY: FixedBy.SERVICE_UNIT,
    Reason.OTHER_ORGANISER: FixedBy.REGISTER,
    Reason.VOIDED: FixedBy.SERVICE_UNIT,
    Reason.REFUSED: FixedBy.VENDOR,
    Reason.NOT_ACKNOWLEDGED: FixedBy.VENDOR,
    Reason.SUPERSEDED: FixedBy.SERVICE_UNIT,
    Reason.NO_SERVICE_TASK: FixedBy.SERVICE_UNIT,
    Reason.UNIT_WITHOUT_TASK: FixedBy.SERVICE_UNIT,
    Reason.DATES_OUTSIDE: FixedBy.REGISTER,
    Reason.AFTER_AS_OF: FixedBy.NOBODY,
    Reason.OLD_RELATIONSHIP_ONLY: FixedBy.SERVICE_UNIT,
    Reason.DATES_DIFFER: FixedBy.REGISTER,
    Reason.NO_CASE_DOCUMENT: FixedBy.SERVICE_UNIT,
    Reason.EXCLUDED_FAMILY_LAW: FixedBy.NOBODY,
    Reason.EXCLUDED_ORGANISER: FixedBy.NOBODY,
    Reason.EXCLUDED_TASK: FixedBy.NOBODY,
    Reason.PARTIAL_DATE: FixedBy.REGISTER,
    Reason.END_BEFORE_START: FixedBy.REGISTER,
    Reason.VERSION_CONFLICT: FixedBy.VENDOR,
    Reason.UNKNOWN_SERVICE_TASK: FixedBy.DATA_MANAGER,
}


def fixed_by(reasons: list[str]) -> FixedBy:
    """Who mends a row with these reasons: who mends the first, for the others often go with it."""
    return _FIXED_BY[Reason(reasons[0])] if reasons else FixedBy.SERVICE_UNIT


@dataclass(frozen=True, slots=True)
class Beside:
    """What the ledger does not tell of a row; nobody is shown unit or producer of a restricted person."""

    row_id: str
    """The source_id as it is shown without --reveal-ids."""
    producer: str | None
    unit_now: str | None
    """The unit, or the one that came after it."""
    restricted: bool


@dataclass(frozen=True, slots=True)
class WorkList:
    """The rows of one who mends."""

    key: str | None
    """OID or text of unit or producer, or a FixedBy; None: the row names none."""
    restricted: bool
    """Rows of persons under a safety restriction, whose unit and producer nobody is shown."""
    rows: tuple[Mapping[str, Any], ...]
    """As the ledger tells them, by source_id, with `producer`, `fixed_by` and `row_id`: the source_id as it is shown
    without --reveal-ids."""


@dataclass(frozen=True, slots=True)
class WorkLists:
    """All lists of a period, largest first."""

    period: Period
    split: SplitBy
    lists: tuple[WorkList, ...]
    own_columns: tuple[str, ...]
    """The county's own columns (x_…), in the rows."""
    revealed: bool
    names: Names
    rows_of_period: int

    @property
    def rows(self) -> int:
        """Rows on all lists."""
        return sum(len(one.rows) for one in self.lists)


def worklists(model: Model, split: SplitBy, *, reveal: bool = False) -> WorkLists:
    """Put every row that is undetermined, partial or missing on one list.

    Raises BrokenSumError when the lists do not hold as many rows of each class as the ledger.
    """
    found = ledger(model, TO_MEND, reveal=reveal)
    beside = beside_rows(model, found.rows.num_rows, TO_MEND)
    lists: dict[tuple[bool, str | None], list[Mapping[str, Any]]] = defaultdict(list)
    for row, own in zip(found.rows.to_pylist(), beside, strict=True):
        told = row | {
            "row_id": own.row_id,
            "producer": own.producer,
            "fixed_by": fixed_by(row["reasons"]).value,
        }
        restricted = own.restricted
        # Who mends is who answers by now.
        key = own.unit_now if split is SplitBy.UNIT else told[split.value.replace("-", "_")]
        lists[restricted, None if restricted else key].append(told)
    by_class = dict(model.rows("ledger-by-class"))
    made = WorkLists(
        period=model.period,
        split=split,
        lists=tuple(
            WorkList(key, restricted, tuple(lists[restricted, key]))
            for restricted, key in sorted(lists, key=lambda one: (one[0], -len(lists[one]), one[1] or ""))
        ),
        own_columns=carried_columns(found.rows.column_names),
        revealed=reveal,
        names=found.names,
        rows_of_period=sum(by_class.values()),
    )
    _assert_ties(made, by_class)
    return made


def beside_rows(model: Model, rows: int, classes: Collection[RowClass]) -> list[Beside]:
    """What the ledger does not tell of its `rows` rows of these classes, in its order.

    Raises BrokenSumError when there are not as many.
    """
    told = model.rows("worklist", {"classes": [str(one) for one in classes]})
    if len(told) != rows:
        raise BrokenSumError("coverage.figures", what="worklist", one=len(told), other=rows)
    return [
        Beside(row_id, None if restricted else producer, None if restricted else unit, restricted)
        for row_id, producer, unit, restricted in told
    ]


def _assert_ties(made: WorkLists, classes: Mapping[str, int]) -> None:
    seen: set[str] = set()
    for one in TO_MEND:
        told = [row["row_id"] for made_list in made.lists for row in made_list.rows if row["class"] == one]
        seen.update(told)
        if len(told) != classes.get(one, 0):
            raise BrokenSumError("coverage.figures", what="worklist", one=len(told), other=classes.get(one, 0))
    if len(seen) != made.rows:
        raise BrokenSumError("coverage.figures", what="worklist", one=len(seen), other=made.rows)
