"""Several periods beside each other, for a face that stays open: compared apart from the periods that it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import duckdb

from analyser.coverage.browse import StoppedError
from analyser.coverage.model import Model, Request
from analyser.coverage.result import Period
from analyser.coverage.trend import Trend, trend
from analyser.store.shared import SharedDatabase


class Series:
    """Compares a series of periods in a connection of its own, which no page waits for."""

    def __init__(self, shared: SharedDatabase) -> None:
        self._shared = shared
        self._cursor: duckdb.DuckDBPyConnection | None = None

    def compare(self, request: Request, periods: Sequence[Period]) -> Trend:
        """The trend of the periods, oldest first. Raises StoppedError after `stop`, else as `Pages.build` does."""
        with self._shared.cursor() as own:
            self._cursor = own
            try:
                with self._shared.reading(own) as cursor:
                    first, *others = periods
                    return trend(Model.build(cursor, replace(request, period=first)), others)
            except duckdb.InterruptException:
                raise StoppedError from None
            finally:
                self._cursor = None

    def stop(self) -> None:
        """End what is running."""
        if (cursor := self._cursor) is not None:
            cursor.interrupt()
