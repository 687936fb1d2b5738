"""Follow-up periods: calendar quarters unless the user's periods file says otherwise.

The authority's deadlines are not published; without the periods file a deadline is unknown and a quarter is assumed.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass

import duckdb

from analyser.coverage.history import Run, runs, unsent
from analyser.coverage.result import Period
from analyser.coverage.statements import statement
from analyser.messages.catalogue import Message
from analyser.messages.errors import NothingToCheckError, UsageError
from analyser.messages.suggestion import did_you_mean
from analyser.national.working_days import working_days
from analyser.store.first_row import first_number, first_row
from analyser.succession import Link

_QUARTER = re.compile(r"(\d{4})\s*-?[Qq]([1-4])")
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A period, how many register rows belong to it, and what was seen of it when it was asked about."""

    period: Period
    rows: int
    runs: tuple[Run, ...] = ()
    """Oldest first."""
    unsent: int | None = None
    """Rows that lack and were not sent as they stand; None while nothing of the period was sent."""

    @property
    def settled(self) -> bool:
        """Whether all that lacks was sent, and nothing is left for a person to decide."""
        return self.unsent == 0 and bool(self.runs) and not self.runs[-1].undetermined

    def pace(self, today: dt.date) -> float | None:
        """Rows a working day that must be dealt with from today to reach zero by the deadline.

        None without a deadline, a run or a working day left, and once everything was sent.
        """
        days = None if self.settled else self.working_days_left(today)
        return round(self.runs[-1].open / days, 1) if self.runs and days else None

    def working_days_left(self, today: dt.date) -> int | None:
        """Working days from today to the deadline, both included; None without a deadline."""
        return working_days(today, self.period.deadline) if self.period.deadline else None


def quarter(year: int, number: int) -> Period:
    """A calendar quarter, assumed to be a follow-up period."""
    last = 3 * number
    return Period(f"{year}Q{number}", dt.date(year, last - 2, 1), dt.date(year, last, monthrange(year, last)[1]))


def stated_periods(connection: duckdb.DuckDBPyConnection) -> dict[str, Period]:
    """Periods of the user's file, by name."""
    rows = connection.execute(
        "SELECT period, period_start, period_end, deadline FROM register_period ORDER BY period_start"
    ).fetchall()
    return {name: Period(name, start, end, deadline, assumed=False) for name, start, end, deadline in rows}


def parse_period(text: str, connection: duckdb.DuckDBPyConnection | None = None) -> Period:
    """A period by its name or range. Raises UsageError for anything else.

    However a name is spelled, the period of the user's file that is called so comes before the calendar's.
    """
    stated = stated_periods(connection) if connection is not None else {}
    if text in stated:
        return stated[text]
    called = [period for name, period in stated.items() if _plain(name) == _plain(text)]
    if len(called) == 1:
        return called[0]
    if called:
        told = Message("errors.period.forms_and_names", {"names": [period.id for period in called]})
        raise UsageError("period.unknown", hint=told, period=text)
    if (match := _QUARTER.fullmatch(text.strip())) and int(match[1]):
        found = quarter(int(match[1]), int(match[2]))
    elif match := _RANGE.fullmatch(text):
        try:
            start, end = dt.date.fromisoformat(match[1]), dt.date.fromisoformat(match[2])
        except ValueError:
            raise UsageError("period.no_such_day", period=text) from None
        if end < start:
            raise UsageError("period.reversed", period=text)
        same = quarter(start.year, (start.month + 2) // 3)
        # The name of a quarter is no name of these days where the file gives it to others.
        taken = _plain(same.id) in map(_plain, stated)
        found = same if (same.start, same.end) == (start, end) and not taken else Period(text, start, end)
    else:
        near = _meant(text, stated)
        forms = (
            Message("errors.period.forms_and_names", {"names": list(stated)})
            if stated
            else Message("errors.period.forms")
        )
        raise UsageError("period.unknown", hint=did_you_mean(near) if near else forms, period=text)
    for period in stated.values():
        if (period.start, period.end) == (found.start, found.end):
            return period
    return found


def quarter_around(day: dt.date, connection: duckdb.DuckDBPyConnection) -> Period:
    """The quarter that a day lies in, or what the user's file calls by its name."""
    return parse_period(quarter(day.year, (day.month + 2) // 3).id, connection)


def _plain(name: str) -> str:
    """A name of a period without what people spell in several ways: `2025q1`, `2025-Q1` and `2025 Q1` are `2025Q1`."""
    name = " ".join(name.split()).upper()
    match = _QUARTER.fullmatch(name)
    return f"{match[1]}Q{match[2]}" if match else name


SERIES = 60
"""Periods that are set beside each other at most."""


def parse_series(text: str, connection: duckdb.DuckDBPyConnection) -> list[Period]:
    """The periods from A to B of `A..B`, oldest first: those of the periods file, and quarters where it has none.

    Raises UsageError for anything else, and for more than SERIES.
    """
    names = [name.strip() for name in text.split("..")]
    if len(names) != 2 or not all(names):
        raise UsageError("period.no_series", periods=text)
    first, last = (parse_period(name, connection) for name in names)
    if last.start < first.start:
        raise UsageError("period.series_reversed", periods=text)
    found = {first.id: first, last.id: last}
    for period in stated_periods(connection).values():
        if first.start <= period.start and period.end <= last.end:
            found[period.id] = period
    year, number = first.start.year, (first.start.month + 2) // 3
    while (one := quarter(year, number)).start <= last.end:
        inside = first.start <= one.start and one.end <= last.end
        if inside and not any(own.start <= one.end and own.end >= one.start for own in found.values()):
            found[one.id] = one
        year, number = (year + 1, 1) if number == 4 else (year, number + 1)
        if len(found) > SERIES:
            raise UsageError("period.series_long", periods=text, most=SERIES)
    return sorted(found.values(), key=lambda period: (period.start, period.end, period.id))


def _meant(text: str, stated: Collection[str]) -> str | None:
    """The period that somebody may have meant: a year and a quarter in another form, or a name of the file."""
    if near := difflib.get_close_matches(text, stated, 1):
        return near[0]
    days = [found for found in map(_day_meant, _DAY.finditer(text)) if found is not None]
    if len(days) == 2:
        return f"{days[0][0]}..{days[1][1]}"
    year = re.search(r"(?<!\d)(20\d\d)(?!\d)|(20\d\d)(?=[Qq])", text)
    rest = text.replace(year[0], " ", 1) if year else ""
    found = re.fullmatch(r"[^\d]*0?([1-4])[^\d]*", rest)
    return f"{year[0]}Q{found[1]}" if year and found else None


_DAY = re.compile(r"(20\d\d)-(\d\d?)(?:-(\d\d?))?(?!\d)|(\d\d?)\.(\d\d?)\.(20\d\d)")
"""A day or a month as people write them."""


def _day_meant(found: re.Match[str]) -> tuple[dt.date, dt.date] | None:
    """The day, or the first and the last day of the month."""
    year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    try:
        first = dt.date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    following = dt.date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first, first if day else following - dt.timedelta(days=1)


def default_period(connection: duckdb.DuckDBPyConnection, today: dt.date) -> Period:
    """The newest period ended before `today` that has register rows and begins no later than the newest day that the
    data speak of: an open row belongs to every later quarter, of which nobody has told anything yet. Where a periods
    file is loaded, one of its periods. Raises NothingToCheckError without one.
    """
    (newest,) = first_row(connection.execute(statement("newest-day"))) or (None,)
    stated = sorted(stated_periods(connection).values(), key=lambda period: (period.start, period.end))
    for period in reversed(stated or _periods(connection, today)):
        if period.end < today and newest is not None and period.start <= newest and _rows(connection, period):
            return period
    raise NothingToCheckError("period.none_ended")


def calendar(
    connection: duckdb.DuckDBPyConnection, today: dt.date, links: tuple[Link, ...] = ()
) -> list[CalendarEntry]:
    """The periods of the user's file, and the newest twelve quarters up to the one under way, with row counts.

    `links`: who came after whom, by the settings.
    """
    newest = _periods(connection, today)[-12:]
    shown = {period.id for period in newest}
    stated = [period for name, period in stated_periods(connection).items() if name not in shown]
    shown |= {period.id for period in stated}
    seen = [period for period in _seen(connection) if period.id not in shown]
    return [
        entry_of(connection, period, links)
        for period in sorted([*stated, *seen, *newest], key=lambda period: (period.start, period.end))
    ]


def entry_of(connection: duckdb.DuckDBPyConnection, period: Period, links: tuple[Link, ...] = ()) -> CalendarEntry:
    """A period with its rows, and what was seen and sent of it."""
    left = unsent(connection, period, links)
    return CalendarEntry(period, _rows(connection, period), runs(connection, period), left)


def overlapping(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Pairs of stated periods that share a day: a row would be delivered twice."""
    stated = list(stated_periods(connection).values())
    return [
        (one.id, other.id)
        for place, one in enumerate(stated)
        for other in stated[place + 1 :]
        if one.start <= other.end and other.start <= one.end
    ]


def _seen(connection: duckdb.DuckDBPyConnection) -> list[Period]:
    """Periods that were asked about and that no file states."""
    rows = connection.execute(
        "SELECT DISTINCT period, period_start, period_end FROM remembered_run ORDER BY period_start, period_end"
    ).fetchall()
    return [Period(name, start, end) for name, start, end in rows]


def _periods(connection: duckdb.DuckDBPyConnection, today: dt.date) -> list[Period]:
    """Every period from the first register row to today: the user's own, and quarters where there are none."""
    stated = list(stated_periods(connection).values())
    (first,) = first_row(connection.execute("SELECT min(start_lo) FROM register_episode")) or (None,)
    found = list(stated)
    year, number = today.year, (today.month + 2) // 3
    while first is not None and (period := quarter(year, number)).end >= first:
        if not any(own.start <= period.end and own.end >= period.start for own in stated):
            found.append(period)
        year, number = (year - 1, 4) if number == 1 else (year, number - 1)
    return sorted(found, key=lambda period: (period.start, period.end))


def _rows(connection: duckdb.DuckDBPyConnection, period: Period) -> int:
    return first_number(
        connection.execute(
            "SELECT count(*) FROM register_episode "
            "WHERE start_lo <= $last AND coalesce(end_hi, DATE '9999-12-31') >= $first",
            {"first": period.start, "last": period.end},
        )
    )
