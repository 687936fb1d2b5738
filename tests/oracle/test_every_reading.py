"""The class of a row with partial dates, against every reading written out, on a calendar of days that is small enough.

Dates are ranges of days here, not only months and years: what holds for any range holds for those. A unit's open end is
the relationship's, which is one day for all units of a document.
"""

from __future__ import annotations

import datetime as dt
import random
from itertools import product

import pytest

from analyser.coverage.model import Model, Request
from analyser.coverage.result import Period
from analyser.store.database import connect_memory
from tests.oracle.county import County, Row

_FIRST = dt.date(2025, 1, 1)
_START, _END = 3, 8
_OPEN = 99
_ORGANISER = "1.2.246.10.99999901.10.0"

Range = tuple[int, int] | None
Span = tuple[Range, Range]


def test_the_class_is_the_one_that_all_readings_of_partial_dates_give() -> None:
    chance = random.Random(20250101)
    county = County(start=_day(_START), end=_day(_END))
    asked: dict[str, tuple[Span, list[Span], Range]] = {}
    while len(asked) < 1500:
        row = (_some_day(chance), _some_day(chance, leave_open=True))
        if not _readings(row):
            continue
        units = [(_some_day(chance), _some_day(chance, leave_open=True)) for _ in range(chance.choice([1, 1, 2, 3]))]
        relationship_end = _some_day(chance) if chance.random() < 0.5 else None
        source_id = f"R{len(asked):04}"
        asked[source_id] = (row, units, relationship_end)
        _add(county, source_id, row, units, relationship_end)
    with connect_memory() as connection:
        county.load(connection)
        Model.build(connection, Request(Period("tiny", county.start, county.end)))
        found = dict(connection.execute("SELECT source_id, class FROM ledger").fetchall())
    wrong = {key: (asked[key], told) for key, told in found.items() if told != _class(*asked[key])}
    assert not wrong
    assert {_class(*asked[key]) for key in found} == {"archived", "partial", "missing", "undetermined"}


@pytest.mark.parametrize(
    ("row", "unit", "told"),
    [
        ((("2025-01-01", "2025-01-01"), ("2025-03-31", "2025-03-31")), ("2025-02", "2025-02"), ("partial", 1, 90)),
        ((("2025-02-10", "2025-02-10"), ("2025-02-10", "2025-02-10")), ("2025-02-10", "2025-02"), ("archived", 1, 1)),
        ((("2025-01-01", "2025-01-01"), ("2025-03-31", "2025-03-31")), ("2025-01", "2025-01-20"), ("partial", 1, 90)),
    ],
)
def test_partial_dates_that_leave_one_class(
    row: tuple[tuple[str, str], tuple[str, str]], unit: tuple[str, str], told: tuple[str, int, int]
) -> None:
    def days(text: str) -> Range:
        from tests.oracle.county import date_columns

        read = date_columns("x", text)
        return (read["x_lo"] - _FIRST).days, (read["x_hi"] - _FIRST).days

    county = County()
    whole: Span = (days(row[0][0]), days(row[1][0]))
    _add(county, "R", whole, [(days(unit[0]), days(unit[1]))], None)
    with connect_memory() as connection:
        county.load(connection)
        Model.build(connection, Request(Period("2025Q1", county.start, county.end)))
        assert connection.execute("SELECT class, days_archived, days_expected FROM ledger").fetchall() == [told]


def _day(number: int) -> dt.date:
    return _FIRST + dt.timedelta(number)


def _some_day(chance: random.Random, *, leave_open: bool = False) -> Range:
    if leave_open and chance.random() < 0.25:
        return None
    first = chance.randrange(11)
    return first, min(11, first + chance.choice([0, 0, 1, 2, 4]))


def _readings(span: Span) -> list[tuple[int, int]]:
    start, end = span
    assert start is not None
    ends = [_OPEN] if end is None else range(end[0], end[1] + 1)
    return [(first, last) for first in range(start[0], start[1] + 1) for last in ends if first <= last]


def _class(row: Span, units: list[Span], relationship_end: Range) -> str:
    rows = _readings(row)
    of_period = [(first, last) for first, last in rows if first <= _END and last >= _START]
    classes = set()
    for ended in [None] if relationship_end is None else range(relationship_end[0], relationship_end[1] + 1):
        spans = []
        for start, end in units:
            assert start is not None
            with_relationship = end is None and relationship_end is not None and relationship_end[1] >= start[0]
            if with_relationship:
                spans.append([(first, ended) for first in range(start[0], start[1] + 1) if first <= ended])
            elif possible := _readings((start, end)):
                spans.append(possible)
        for chosen in product(*spans):
            covered = {day for first, last in chosen for day in range(max(first, _START), min(last, _END) + 1)}
            for first, last in of_period:
                days = set(range(max(first, _START), min(last, _END) + 1))
                common = len(days & covered)
                classes.add("archived" if common == len(days) else "partial" if common else "missing")
    if len(classes) > 1 or (classes != {"archived"} and len(of_period) < len(rows)):
        return "undetermined"
    return classes.pop()


def _add(county: County, source_id: str, row: Span, units: list[Span], relationship_end: Range) -> None:
    county.add("person_identity", identity_key=source_id, root="1.2.246.21", value=source_id, birth_date=None)
    county.add(
        "document", document_key=source_id, oid=f"1.2.3.{source_id}", set_id=f"1.2.3.{source_id}", version=1,
        kind="client-relationship", body="json", organiser=_ORGANISER, effective_at=dt.datetime(2025, 1, 1),
        created_at=None, old_relationship=False, **_columns("relationship_end", relationship_end),
    )  # fmt: skip
    county.add("document_person", document_key=source_id, identity_key=source_id, slot=0, origin="header")
    task: Row = {"document_key": source_id, "task_system": None, "task_code": "24", "task_display": None}
    county.add("service_task_block", ordinal=0, pointer="/0", **task)
    for place, (start, end) in enumerate(units):
        county.add(
            "client_period", role="unit", block=0, unit=None, pointer=f"/{place}",
            **task, **_columns("start", start), **_columns("end", end),
        )  # fmt: skip
    county.add(
        "register_episode", source_id=source_id, identity_key=source_id, layer="service-task", service_task="24",
        organiser=_ORGANISER, **_columns("start", row[0]), **_columns("end", row[1]),
    )  # fmt: skip


def _columns(name: str, days: Range) -> Row:
    if days is None:
        return {f"{name}_text": None, f"{name}_lo": None, f"{name}_hi": None}
    return {f"{name}_text": f"{days[0]}-{days[1]}", f"{name}_lo": _day(days[0]), f"{name}_hi": _day(days[1])}
