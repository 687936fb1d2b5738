"""Says how a long command goes on: on a terminal one line in its place, elsewhere a line every ten seconds.

A clock of its own tells it, so that it goes on while a library reads a workbook or the database takes rows in.
"""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType

from analyser.cli.session import session
from analyser.messages.catalogue import text

TERMINAL, ELSEWHERE = 0.5, 10.0
"""Seconds between two lines; a short run needs none."""


def on_terminal() -> bool:
    """Whether somebody looks at the narration as it comes."""
    return sys.stderr.isatty()


class Working:
    """What is being done, told until the context ends."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._terminal = on_terminal()
        self._lang = session().lang
        self._doing: tuple[str, dict[str, object], float] | None = None
        self._shown = False
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._clock = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Working:
        if not self._quiet:
            self._clock.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        if not self._quiet:
            self._clock.join()
        self.rest()

    def at(self, key: str, **values: object) -> None:
        """This is being done from now on: a key of the narration. Counts only, no name: it could be somebody's."""
        with self._lock:
            self._doing = (key, values, time.monotonic())

    def rest(self) -> None:
        """Nothing is being done; what comes next stands on a line of its own."""
        with self._lock:
            self._doing = None
            if self._shown and self._terminal:
                sys.stderr.write("\r\x1b[K")
                sys.stderr.flush()
            self._shown = False

    def _tick(self) -> None:
        while not self._end.wait(TERMINAL if self._terminal else ELSEWHERE):
            with self._lock:
                if self._doing is None:
                    continue
                key, values, since = self._doing
                told = text(self._lang, f"narration.{key}", seconds=round(time.monotonic() - since), **values)
                sys.stderr.write(f"\r\x1b[K{told}" if self._terminal else f"{told}\n")
                sys.stderr.flush()
                self._shown = True
