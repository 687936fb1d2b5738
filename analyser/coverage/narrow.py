"""The rows of the ledger that somebody asks for: of a unit, a producer, a task, a place, a reason, or who mends them.

What is narrowed is what is listed. Verdicts, sums and exit codes stay those of the whole ledger.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from analyser.coverage.model import Model
from analyser.coverage.names import Names
from analyser.coverage.result import GapsResult, Reason, RowClass
from analyser.coverage.worklist import FixedBy, beside_rows, fixed_by
from analyser.messages.catalogue import Message
from analyser.messages.errors import UsageError
from analyser.messages.suggestion import meant, suggestion
from analyser.national.municipalities import municipality_code
from analyser.national.redaction import redacted

NOTHING = "none"
"""Asks for the rows whose cell is empty."""
BESIDE = ("producer", "fixed_by")
"""Columns that can be asked for and are not told."""
_NOW = "unit now"
"""The unit, or the one that came after it: no column of anybody's."""
_CLOSED: Mapping[str, tuple[str, ...]] = {
    "reasons": tuple(Reason),
    "class": tuple(RowClass),
    "fixed_by": tuple(FixedBy),
}
_CALLED = ("unit", "producer")
"""Columns of OIDs that have names."""
_OID = re.compile(r"[0-9.]+")
_PERSONS = ("person_id", "person_id_root")


@dataclass(frozen=True, slots=True)
class RowsWanted:
    """One column, and the values of which a row must have one; None among them stands for an empty cell."""

    column: str
    values: tuple[str | None, ...]
    other_than: bool = False
    """The row must have none of them."""

    def told(self) -> str:
        """The condition, for reports and programs."""
        sign = "!=" if self.other_than else "="
        return f"{self.column} {sign} {','.join(value or NOTHING for value in self.values)}"


def asked_for(options: Mapping[str, str | None], where: Iterable[str]) -> list[tuple[str, str, bool]]:
    """Option and column names with the text that was typed: (column, text, whether other than it).

    Raises UsageError for a condition that is neither `column = value` nor `column != value`.
    """
    told = [(column, typed, False) for column, typed in options.items() if typed is not None]
    for condition in where:
        column, sign, value = condition.partition("=")
        if not sign or not column.rstrip("!").strip() or not value.strip():
            raise UsageError("cli.where", condition=condition)
        told.append((column.rstrip("!").strip(), value.strip(), column.endswith("!")))
    return told


def narrowed(
    model: Model,
    result: GapsResult,
    asked: Sequence[tuple[str, str, bool]],
    classes: Sequence[RowClass] = (),
) -> GapsResult:
    """The ledger with the rows for which all that is asked holds.

    `classes`: those that `result` was narrowed to before. Of the archived episodes that the register lacks, those of a
    task or a layer asked for stay; where anything else is asked there are none, for they have no other columns.
    Raises UsageError for a column or a value that does not exist.
    """
    rows = _with_beside(model, result.rows, classes)
    names = [name for name in rows.column_names if name not in _PERSONS and name != _NOW]
    wanted = tuple(_understood(column, typed, other, names, result.names, rows) for column, typed, other in asked)
    alone = result.archived_only
    for one in wanted:
        mask = _holds(rows.column(one.column), one)
        if one.column == "unit":
            # Rows of a unit that was merged are found by the one after it too.
            now = _holds(rows.column(_NOW), one)
            mask = pc.and_(mask, now) if one.other_than else pc.or_(mask, now)
        rows = rows.filter(mask)
        if one.column in ("service_task", "layer"):
            alone = alone.filter(_holds(alone.column(one.column), one))
        else:
            alone = alone.slice(0, 0)
    told = tuple(redacted(one.told()) for one in wanted)
    return replace(result, rows=rows.drop_columns([*BESIDE, _NOW]), archived_only=alone, narrowed_by=told)


def _with_beside(model: Model, rows: pa.Table, classes: Sequence[RowClass]) -> pa.Table:
    beside = beside_rows(model, rows.num_rows, classes or tuple(RowClass))
    producers, units = [own.producer for own in beside], [own.unit_now for own in beside]
    who = [
        fixed_by(reasons).value if reasons or row_class != RowClass.ARCHIVED else FixedBy.NOBODY.value
        for reasons, row_class in zip(rows.column("reasons").to_pylist(), rows.column("class").to_pylist(), strict=True)
    ]
    told = {"producer": producers, "fixed_by": who, _NOW: units}
    for name, column in told.items():
        rows = rows.append_column(name, pa.array(column, pa.string()))
    return rows


def _holds(column: pa.ChunkedArray, wanted: RowsWanted) -> pa.Array:
    """Whether each cell is, or holds, one of the values."""
    texts = [value for value in wanted.values if value is not None]
    empty = None in wanted.values
    if pa.types.is_list(column.type):
        found = [bool(set(cell) & set(texts)) or (empty and not cell) for cell in column.to_pylist()]
        mask = pa.array(found, pa.bool_())
    else:
        mask = pc.is_in(column.cast(pa.string()), pa.array(texts, pa.string()))
        if empty:
            mask = pc.or_(mask, pc.is_null(column))
    return pc.invert(mask) if wanted.other_than else mask


def _understood(
    column: str, typed: str, other_than: bool, known: Sequence[str], names: Names, rows: pa.Table
) -> RowsWanted:
    """The column by its name, and its values by codes or names."""
    plain = column.strip().lower().replace("-", "_")
    name = next((one for one in known if one.lower() == plain), {"reason": "reasons"}.get(plain))
    if name is None:
        all_of_them = Message("errors.hints.known", {"names": list(known)})
        raise UsageError("cli.no_column", hint=suggestion(column, known, all_of_them), column=column)
    # A comma stands between two values, unless it is a part of one: of the county's own words, or of a unit's name.
    single = name.startswith("x_") or (name in _CALLED and typed.strip().lower() in _called(names))
    values = [typed.strip()] if single else [value.strip() for value in typed.split(",")]
    cells = set(rows.column(name).unique().to_pylist()) if name in _CALLED else set()
    return RowsWanted(name, tuple(_value(name, value, names, cells) for value in values if value), other_than)


def _value(column: str, typed: str, names: Names, cells: Collection[str | None]) -> str | None:
    if typed.lower() == NOTHING:
        return None
    if column in _CLOSED:
        closed = _CLOSED[column]
        if typed in closed:
            return typed
        raise UsageError("cli.no_value", hint=meant(typed, closed), column=column, value=typed)
    if column == "municipality":
        if (code := municipality_code(typed)) is None:
            raise UsageError("cli.no_value", column=column, value=typed)
        return code
    if column == "service_task":
        told = {
            alias.lower(): task.service_task
            for task in names.tasks
            for alias in (task.service_task, task.key, task.name_fi, task.name_sv)
            if alias
        }
        if (found := told.get(typed.lower())) is None:
            raise UsageError("cli.no_value", hint=meant(typed, told), column=column, value=typed)
        return found
    if column in _CALLED:
        called = _called(names)
        if typed.lower() not in called and typed not in cells and not _OID.fullmatch(typed):
            near = [name for unit in names.units.values() for name in (unit.name_fi, unit.name_sv) if name]
            if (hint := meant(typed, near)) is not None:
                raise UsageError("cli.no_value", hint=hint, column=column, value=redacted(typed))
        return called.get(typed.lower(), typed)
    return typed


def _called(names: Names) -> dict[str, str]:
    """The OIDs of units and producers by their names in small letters; of two of one name the smallest."""
    return {
        name.lower(): oid
        for oid, unit in sorted(names.units.items(), reverse=True)
        for name in (unit.name_fi, unit.name_sv)
        if name
    }
