"""What follows from what: one voided relationship makes seven rules fire, and one of them is the work.

A rule's `follows_from` names rules whose finding explains its own, when both are about one document, one row of the
register, or one person (in one service task, where both tell one). Such a row keeps its place and is counted as
before; it says of which rule's finding it is a consequence, and the faces for people show that one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from analyser.rules.findings import FOLLOWS, ROW, FindingRows, Row, rows_of
from analyser.rules.policy import Policy
from analyser.rules.run import Measured

_BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True)
class _Known:
    """What the root findings of a rule are about."""

    documents: pa.Array
    subjects: pa.Array
    persons: pa.Array
    persons_of_all: pa.Array
    """Persons of findings that tell no service task."""
    persons_in_task: pa.Array


def fold(policies: Sequence[Policy], measured: Sequence[Measured]) -> list[Measured]:
    """The same, in which each row says what it follows from."""
    rules = {policy.rule.code: policy.rule for policy in policies}
    found = {policy.rule.code: counted for policy, counted in zip(policies, measured, strict=True)}
    known: dict[str, _Known] = {}
    folded: dict[str, Measured] = {}

    def roots(code: str, on_the_way: tuple[str, ...] = ()) -> list[str]:
        """The rules that this one follows from, the furthest first."""
        order: list[str] = []
        for root in rules[code].follows_from if code in rules and code not in on_the_way else ():
            order += [further for further in (*roots(root, (*on_the_way, code)), root) if further in rules]
        return list(dict.fromkeys(order))

    def settle(code: str, on_the_way: tuple[str, ...] = ()) -> None:
        if code in folded:
            return
        order = [root for root in roots(code) if root != code and root not in on_the_way]
        for root in order:
            settle(root, (*on_the_way, code))
        counted = found[code]
        if counted.rows and order:
            counted = replace(counted, rows=_marked(rows_of(counted.rows), [(root, known[root]) for root in order]))
        folded[code] = counted
        known[code] = _known(rows_of(counted.rows).table)

    for code in found:
        settle(code)
    return [folded[policy.rule.code] for policy in policies]


def followers(rows: Sequence[Row]) -> Mapping[str, int]:
    """How many of the rows follow from each rule's findings, by its code."""
    if not rows:
        return {}
    if isinstance(rows, FindingRows):
        column = rows.table.column(FOLLOWS).drop_null()
        counts = Counter({pair["values"]: pair["counts"] for pair in pc.value_counts(column).to_pylist()})
    else:
        counts = Counter(code for row in rows if (code := row[ROW.index(FOLLOWS)]) is not None)
    return dict(sorted(counts.items()))


def own(rows: Sequence[Row], limit: int = 0) -> Sequence[Row]:
    """The rows that follow from nothing, in their order; the first `limit` of them, or all."""
    if isinstance(rows, FindingRows):
        alone = rows.table.filter(pc.is_null(rows.table.column(FOLLOWS)))
        return FindingRows(alone.slice(0, limit) if limit else alone)
    chosen = [row for row in rows if row[ROW.index(FOLLOWS)] is None]
    return chosen[:limit] if limit else chosen


def _known(rows: pa.Table) -> _Known:
    rows = rows.filter(pc.is_null(rows.column(FOLLOWS)))
    person, task = _text(rows, "person_key"), _text(rows, "service_task")
    return _Known(
        _distinct(_text(rows, "document")),
        _distinct(_text(rows, "subject")),
        _distinct(person),
        _distinct(person.filter(pc.is_null(task))),
        _distinct(pc.binary_join_element_wise(person, task, _BETWEEN)),
    )


def _marked(rows: FindingRows, roots: Sequence[tuple[str, _Known]]) -> FindingRows:
    table = rows.table
    person, task = _text(table, "person_key"), _text(table, "service_task")
    document, subject = _text(table, "document"), _text(table, "subject")
    in_task = pc.binary_join_element_wise(person, task, _BETWEEN)
    marks = pa.nulls(table.num_rows, pa.string())
    for code, known in roots:
        follows = pc.or_(pc.is_in(document, known.documents), pc.is_in(subject, known.subjects))
        follows = pc.or_(follows, pc.is_in(person, known.persons_of_all))
        follows = pc.or_(follows, pc.is_in(in_task, known.persons_in_task))
        follows = pc.or_(follows, pc.and_(pc.is_null(task), pc.is_in(person, known.persons)))
        marks = pc.if_else(pc.and_(pc.is_null(marks), follows), code, marks)
    return FindingRows(table.set_column(table.schema.get_field_index(FOLLOWS), FOLLOWS, marks))


def _text(table: pa.Table, name: str) -> pa.Array:
    column = table.column(name).cast(pa.string()).combine_chunks()
    return column if isinstance(column, pa.Array) else pa.concat_arrays(column.chunks)


def _distinct(values: pa.Array) -> pa.Array:
    return pc.unique(values.drop_null())
