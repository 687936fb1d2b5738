"""Moments of headers and frames, as Finnish local time without a zone."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from zoneinfo import ZoneInfo

_FINLAND = ZoneInfo("Europe/Helsinki")
_SHAPE = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})?(\d{2})?(?:\.\d+)?)?\s*([+-]\d{4}|Z)?")


@lru_cache(maxsize=65536)
def local_moment(text: str | None) -> dt.datetime | None:
    """`YYYYMMDD[hh[mm[ss]]][+zzzz]` in Finnish time; None when it is absent or no moment."""
    match = _SHAPE.fullmatch(text.strip()) if text else None
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    try:
        moment = dt.datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
    except ValueError:
        return None
    if zone is None or hour is None:
        return moment
    sign = -1 if zone[0] == "-" else 1
    offset = dt.timedelta() if zone == "Z" else sign * dt.timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
    if offset >= dt.timedelta(hours=24) or offset <= -dt.timedelta(hours=24):
        return None
    try:
        return moment.replace(tzinfo=dt.timezone(offset)).astimezone(_FINLAND).replace(tzinfo=None)
    except OverflowError:
        return None
