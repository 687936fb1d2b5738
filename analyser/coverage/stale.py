"""Whether the data reach to the end of the period: what was not stored or loaded yet can be missing by that alone."""

from __future__ import annotations

import datetime as dt

from analyser.coverage.model import Model
from analyser.coverage.result import Stale
from analyser.national.dates import FINLAND


def stale(model: Model) -> Stale:
    """What ends before the period does."""
    end = model.period.end
    newest, begun, lists = None, None, []
    for file, loaded_at, document, row in model.rows("stale"):
        if loaded_at is None:
            newest, begun = document, row
        elif (day := _in_finland(loaded_at)) <= end:  # the last day was not over yet
            lists.append((file, day))
    return Stale(newest if newest is not None and newest < end else None, tuple(lists), newest, begun)


def _in_finland(moment: dt.datetime) -> dt.date:
    return moment.replace(tzinfo=dt.UTC).astimezone(FINLAND).date()
