"""Dates as documents and registers write them: whole, or partial (`2024-05` is any day of that May).

A partial date is kept as three values: the text as written, the first and the last day it can be. A moment is its day
in Finland: one with a zone is carried over, one without is Finnish time already, and the machine's own zone is never
asked. Nothing here guesses; a text that is no date raises ValueError without repeating the text, because a field may
hold anything.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

FINLAND = ZoneInfo("Europe/Helsinki")
"""The zone in which a day is a day. Systems without a table of zones take it from the package tzdata."""

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_ZONE = (
    r"(?:\s*(?P<zone>[Zz]|UTC|GMT|EES?T|Europe/Helsinki|[+-]\d{2}(?::?\d{2})?)"
    r"(?:\[[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*\])?)?"
)
_OFFSET = re.compile(r"[+-]\d{2}(?::?\d{2})?", re.ASCII)
_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
_TIGHT_CLOCK = r"(?P<hour>\d{2})(?:(?P<minute>\d{2})(?:(?P<second>\d{2})(?:[.,]\d+)?)?)?"
# A day in one of its spellings, then perhaps a time, then perhaps a zone.
_MOMENT = re.compile(rf"(?P<day>\d{{4}}-\d{{2}}-\d{{2}})(?:(?:[Tt]|\s+){_CLOCK})?{_ZONE}", re.ASCII)
_ISO_TIGHT = re.compile(rf"(?P<day>\d{{4}}-\d{{2}}-\d{{2}})[Tt]{_TIGHT_CLOCK}{_ZONE}", re.ASCII)
_COMPACT_MOMENT = re.compile(rf"(?P<day>\d{{8}})(?:[Tt]?{_TIGHT_CLOCK})?{_ZONE}", re.ASCII)
_FINNISH_MOMENT = re.compile(
    rf"(?P<day>\d{{1,2}}\.\d{{1,2}}\.\d{{4}})(?:(?:[Tt]|\s+)(?:(?:klo|kl\.?)\s+)?{_CLOCK})?{_ZONE}", re.ASCII
)
_NAMED = {"Z": 0, "UTC": 0, "GMT": 0, "EET": 120, "EEST": 180}
_WIDEST_OFFSET = 14 * 60
"""Minutes; no zone on earth is farther from UTC."""
_TABLES_BEGIN = (1921, 5, 2)
"""Before this day Finland kept the sun's time of Helsinki, +1:39:49, which no program that wrote a date knew of."""
_BEFORE_TABLES = dt.timezone(dt.timedelta(hours=2))
_UNSEEN = 2090
_OPEN_ENDS = """
    9999-12-31 9999-12-30 9999-12-01 9999-01-01 9998-12-31 9000-12-31 9000-01-01 8999-12-31 5000-01-01 4000-01-01
    3999-12-31 3000-12-31 3000-01-01 2999-12-31 2999-12-30 2999-01-01 2500-12-31 2500-01-01 2200-12-31 2200-01-01
    2199-12-31 2100-12-31 2100-01-01 2099-12-31 2099-12-30 2099-01-01
"""
OPEN_ENDS = tuple(_OPEN_ENDS.split())
"""Days that programs write for an end that is not known yet; the setting `open_ends` says others."""
_FAR = 2999
"""The last year that a day of somebody's life can have; a later one can only be the end of something."""


class PartialDate(NamedTuple):
    """A day, or a month or year in which the day is not known."""

    text: str
    """ISO 8601, reduced to the precision that is known: `2024`, `2024-05` or `2024-05-17`."""
    first: dt.date
    """The earliest day it can be."""
    last: dt.date
    """The latest day it can be."""


def utc_now() -> dt.datetime:
    """This moment as the database keeps moments: UTC without a zone, whole seconds."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)


def partial_date(text: str) -> PartialDate:
    """Read `YYYY`, `YYYY-MM`, `YYYY-MM-DD` (day or month `00` is unknown), `YYYYMMDD…` or a moment.

    Raises ValueError when the text is none of these or names a day or a time that does not exist.
    """
    return _lived(_read(text.strip(), finnish=False))


def register_date(text: str) -> PartialDate:
    """Read a date of a register file: as `partial_date`, or Finnish `d.m.yyyy`, also with a time."""
    return _lived(_read(text.strip(), finnish=True))


def any_date(text: str) -> PartialDate:
    """As `partial_date`, with years up to 9999, and in the Finnish form where nobody could live to see the day: that is
    how an open end is written where every cell must be filled."""
    text = text.strip()
    try:
        return _read(text, finnish=False)
    except ValueError:
        read = _read(text, finnish=True)
        if read.first.year < _UNSEEN:
            raise
        return read


def any_register_date(text: str) -> PartialDate:
    """As `register_date`, with years up to 9999."""
    return _read(text.strip(), finnish=True)


def moment(text: str) -> dt.datetime:
    """A moment in Finnish time, without a zone; a day alone is its first moment. Raises ValueError."""
    text = text.strip()
    if len(text) == 19 and text.isascii() and text[:14].isdecimal():  # nearly all of them, and each another
        day = int(text[:4]), int(text[4:6]), int(text[6:8])
        return _finnish(*day, int(text[8:10]), int(text[10:12]), int(text[12:14]), _offset(text[14:]))
    match = _COMPACT_MOMENT.fullmatch(text) or _MOMENT.fullmatch(text) or _ISO_TIGHT.fullmatch(text)
    if match is None:
        raise ValueError("no moment")
    found = _moment(match)
    if found is None:
        raise ValueError("a day that does not exist")
    return found


def _lived(read: PartialDate) -> PartialDate:
    if read.first.year > _FAR:
        raise ValueError("a year outside 1800-2999")
    return read


def _read(text: str, *, finnish: bool) -> PartialDate:
    if match := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, day = (int(part) if part else 0 for part in match.groups())
        return _of(year, month, day)
    match = _MOMENT.fullmatch(text) or _ISO_TIGHT.fullmatch(text) or _COMPACT_MOMENT.fullmatch(text)
    if match is None and finnish:
        match = _FINNISH_MOMENT.fullmatch(text)
    if match is None:
        form = "YYYY-MM-DD or d.m.yyyy" if finnish else "YYYY, YYYY-MM or YYYY-MM-DD"
        raise ValueError(f"not a date of the form {form}")
    found = _moment(match)
    if found is None:  # a month or a year with a time: the day is unknown, and the time says nothing
        year, month, day = _day(match["day"])
        return _of(year, month, day)
    return _of(found.year, found.month, found.day)


def _day(text: str) -> tuple[int, int, int]:
    """Year, month and day as written."""
    match = _ISO.fullmatch(text) or _COMPACT.fullmatch(text)
    if match:
        year, month, day = (int(part) for part in match.groups())
    else:
        day, month, year = (int(part) for part in text.split("."))
        if not (month and day):
            raise ValueError("not a date of the form YYYY-MM-DD or d.m.yyyy")
    return year, month, day


def _moment(match: re.Match[str]) -> dt.datetime | None:
    """The moment in Finnish time; None when its day is unknown. Raises ValueError."""
    year, month, day = _day(match["day"])
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    offset = _offset(match["zone"])
    if not (month and day):
        dt.time(hour, minute, second)
        return None
    if match["hour"] is None:  # a day alone is the same day in every zone
        offset = None
    return _finnish(year, month, day, hour, minute, second, offset)


def _finnish(
    year: int, month: int, day: int, hour: int, minute: int, second: int, offset: dt.timezone | None
) -> dt.datetime:
    """The moment in Finnish time. Raises ValueError when there is none."""
    try:
        written = dt.datetime(year, month, day, hour, minute, second, tzinfo=offset)
    except ValueError:
        raise ValueError("a day or a time that does not exist") from None
    if offset is None:
        return written
    try:
        local = written.astimezone(FINLAND if (year, month, day) > _TABLES_BEGIN else _BEFORE_TABLES)
    except OverflowError:  # the last hours of the year 9999, or the first of the year 1
        local = written
    return local.replace(tzinfo=None)


@lru_cache(maxsize=256)
def _offset(zone: str | None) -> dt.timezone | None:
    """How far a zone is from UTC; None for Finnish time. Raises ValueError for what no zone has."""
    if zone is None or zone == "Europe/Helsinki":
        return None
    if (named := _NAMED.get(zone.upper())) is not None:
        return dt.timezone(dt.timedelta(minutes=named))
    if not _OFFSET.fullmatch(zone):
        raise ValueError("no zone")
    hours, minutes = int(zone[1:3]), int(zone[3:].removeprefix(":") or 0)
    if minutes > 59 or hours * 60 + minutes > _WIDEST_OFFSET:
        raise ValueError("an offset that no zone has")
    return dt.timezone((-1 if zone[0] == "-" else 1) * dt.timedelta(hours=hours, minutes=minutes))


def _of(year: int, month: int, day: int) -> PartialDate:
    if year < 1800:
        raise ValueError("a year outside 1800-2999")
    if not month:
        if day:
            raise ValueError("a day without a month")
        return PartialDate(f"{year:04}", dt.date(year, 1, 1), dt.date(year, 12, 31))
    if not 1 <= month <= 12:
        raise ValueError("a month outside 1-12")
    if not day:
        return PartialDate(
            f"{year:04}-{month:02}", dt.date(year, month, 1), dt.date(year, month, monthrange(year, month)[1])
        )
    try:
        whole = dt.date(year, month, day)
    except ValueError:
        raise ValueError("a day that does not exist") from None
    return PartialDate(whole.isoformat(), whole, whole)
