"""Moments of headers and frames, as Finnish local time without a zone: their day is the day in Finland."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from analyser.national.dates import moment


@lru_cache(maxsize=65536)
def local_moment(text: str | None) -> dt.datetime | None:
    """`YYYYMMDD[hh[mm[ss]]][+zzzz]`, or as ISO 8601 writes it, in Finnish time; None when absent or no moment."""
    if not text:
        return None
    try:
        return moment(text)
    except ValueError:
        return None
