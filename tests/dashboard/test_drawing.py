"""Drawing without a terminal: no day that lacks is rounded away, nothing is wider than the page."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyser.coverage.browse import BrowsedRow, Interval, RowDetail, Span
from analyser.coverage.result import CellStatus, Period, RowClass, Totals
from analyser.dashboard.drawing.heatmap import CELL, Figure, cell_text, change
from analyser.dashboard.drawing.marks import bar, level
from analyser.dashboard.drawing.timeline import COVERS, LACKS, MAYBE, Scale, timeline
from analyser.messages.languages import LANGUAGES

QUARTER = Period("2025Q1", dt.date(2025, 1, 1), dt.date(2025, 3, 31))
DAYS = st.dates(dt.date(2024, 11, 1), dt.date(2025, 5, 31))


def detail(intervals: list[Span], holes: list[tuple[dt.date, dt.date]]) -> RowDetail:
    whole = Span("2025-01-01", None, QUARTER.start, QUARTER.start, dt.date.max, dt.date.max)
    row = BrowsedRow(
        "R1", "a" * 16, "service-task", "24", None, None, None, None, None, "2025-01-01", None,
        RowClass.PARTIAL, (), 90, 0, (), False, 2,
    )  # fmt: skip
    drawn = tuple(Interval(span, "1.2.3", "unit", None, "current", False, None) for span in intervals)
    return RowDetail(row, whole, drawn, tuple(holes), (), None, None)


def span(first: dt.date, last: dt.date, blur: int = 0) -> Span:
    days = dt.timedelta(days=blur)
    return Span(first.isoformat(), last.isoformat(), first, first + days, last, last - days)


@settings(max_examples=60, deadline=None)
@given(width=st.integers(60, 200), hole=st.tuples(DAYS, st.integers(0, 40)))
def test_every_uncovered_day_of_the_period_is_marked(width: int, hole: tuple[dt.date, int]) -> None:
    first = max(QUARTER.start, min(hole[0], QUARTER.end))
    last = min(QUARTER.end, first + dt.timedelta(days=hole[1]))
    lines = [line.plain for line in timeline(detail([], [(first, last)]), QUARTER, "en", width)]
    assert all(len(line) <= width for line in lines)
    (drawn,) = [line for line in lines if LACKS in line and "uncovered" not in line]
    room = next(line for line in lines if "┼" in line)
    start = room.index("┼")
    scale = Scale(QUARTER.start, 90, len(room.rstrip()) - start)
    marked = {column for column, mark in enumerate(drawn[start:]) if mark == LACKS}
    for column in range(scale.columns):
        days = scale.days_of(column)
        assert (column in marked) == (days[0] <= last and days[1] >= first)


@settings(max_examples=60, deadline=None)
@given(width=st.integers(60, 200), first=DAYS, length=st.integers(0, 120))
def test_a_column_is_covered_only_when_all_its_days_are(width: int, first: dt.date, length: int) -> None:
    last = first + dt.timedelta(days=length)
    lines = [line.plain for line in timeline(detail([span(first, last)], []), QUARTER, "en", width)]
    ruler = next(line for line in lines if "┼" in line)
    start, columns = ruler.index("┼"), len(ruler.rstrip()) - ruler.index("┼")
    scale = Scale(QUARTER.start, 90, columns)
    bars = [line for line in lines if set(line[start : start + columns]) <= set(f"{COVERS}{MAYBE}·◄►")]
    (drawn,) = [line[start : start + columns] for line in bars if len(line.rstrip()) >= start + columns]
    for column, mark in enumerate(drawn):
        one, other = scale.days_of(column)
        if mark == COVERS:
            assert first <= one
            assert other <= last
        if mark == "·":
            assert other < first or last < one


def test_partial_dates_are_marked_as_possible() -> None:
    lines = [line.plain for line in timeline(detail([span(dt.date(2025, 2, 1), dt.date(2025, 3, 31), 5)], []), QUARTER, "en", 160)]  # noqa: E501  # fmt: skip
    drawn = next(line for line in lines if "…" in line and COVERS in line)
    assert drawn.count(MAYBE) == 10
    assert drawn.count(COVERS) == 49


@pytest.mark.parametrize("share", [0.0, 0.0001, 0.5, 0.9999, 1.0, None])
def test_a_bar_is_full_only_for_everything_and_empty_only_for_nothing(share: float | None) -> None:
    drawn = bar(share, 20)
    assert len(drawn) == 20
    assert (drawn == "█" * 20) == (share == 1.0)
    assert ("█" not in drawn) == (share in (0.0, None))
    assert (level(share, CellStatus.GAP) == "█") == (share == 1.0)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("figure", Figure)
def test_every_cell_is_equally_wide(lang: str, figure: Figure) -> None:
    for totals in (
        None,
        Totals(),
        Totals(rows=1, undetermined=1),
        Totals(rows=1, archived=1, days_expected=90, days_archived=90, persons_expected=1, persons_archived=1),
        Totals(rows=123456, missing=123456, days_expected=90, persons_expected=9),
        Totals(rows=3, archived=2, partial=1, days_expected=90, days_archived=89),
    ):
        assert cell_text(totals, figure, lang, Totals(rows=2, archived=1, missing=1)).cell_len == CELL


def test_a_change_is_told_with_its_sign_and_not_when_there_is_nothing_to_compare() -> None:
    assert change(0.5, 0.25, "fi") == "+25,0"
    assert change(0.25, 0.5, "en") == "−25.0"
    assert change(0.5, 0.5, "sv") == "0"
    assert change(None, 0.5, "en") is None
