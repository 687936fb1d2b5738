"""Shows how far a long question is, step by step and with the time left, and says with -v what each part of it took."""

from __future__ import annotations

import time

from analyser.cli.session import Session
from analyser.cli.working import Working
from analyser.messages.progress import Ended, Step


class Following:
    """Follows the steps of one run."""

    def __init__(self, run: Session) -> None:
        self._run = run
        self._working: Working | None = None
        self._since = 0.0

    def __call__(self, told: Step | Ended) -> None:
        if isinstance(told, Ended):
            self._end(told)
            return
        if self._working is None:
            self._since = time.monotonic()
            self._working = Working(quiet=self._run.quiet)
            self._working.__enter__()
        self._working.at(
            f"narration.working.{told.key}",
            since=self._since,
            share=told.done,
            place=told.place,
            of=told.of,
            **told.values,
        )

    def _end(self, told: Ended) -> None:
        working, self._working = self._working, None
        if working is None:
            return
        working.__exit__(None, None, None)
        if told.done:
            taken = f"{time.monotonic() - self._since:.1f}"
            self._run.tell(f"narration.worked.{told.key}", seconds=taken, **told.values)
