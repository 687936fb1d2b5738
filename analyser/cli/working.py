"""Says how a long command goes on: on a terminal one line in its place, elsewhere a line every ten seconds.

A clock of its own tells it, so that it goes on while a library reads a workbook or the database takes rows in.
"""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import NamedTuple

from analyser.cli.session import session
from analyser.messages.catalogue import text

TERMINAL, ELSEWHERE = 0.5, 10.0
"""Seconds between two lines; a short run needs none."""


def on_terminal() -> bool:
    """Whether somebody looks at the narration as it comes."""
    return sys.stderr.isatty()


class Left(NamedTuple):
    """How much was done when the step under way began, and when all of it will be, by the monotonic clock."""

    share: float
    until: float

    @classmethod
    def reckoned(cls, begun: float, now: float, share: float) -> Left:
        """By what the part that is done took."""
        return cls(share, begun + (now - begun) / share)


def left_told(lang: str, share: float, seconds: float) -> str:
    """How much is done and how long the rest will take, to be put behind what is being done."""
    minutes, seconds = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    time_left = f"{hours}:{minutes:02}:{seconds:02}"
    return text(lang, "narration.ingest.progress.left", percent=int(100 * share), time=time_left)


class Working:
    """What is being done, told until the context ends."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._terminal = on_terminal()
        self._lang = session().lang
        self._doing: tuple[str, dict[str, object], float, Left | None] | None = None
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

    def at(self, key: str, *, since: float | None = None, share: float | None = None, **values: object) -> None:
        """This is being done from now on: the key of a text. Counts only, no name: it could be somebody's.

        `since`: when the whole began of which this is a part, by the monotonic clock; `share`: how much of it is done.
        """
        now = time.monotonic()
        begun = now if since is None else since
        with self._lock:
            self._doing = (key, values, begun, Left.reckoned(begun, now, share) if share else None)

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
                key, values, since, left = self._doing
                now = time.monotonic()
                told = text(self._lang, key, seconds=round(now - since), **values)
                if left is not None:
                    told += left_told(self._lang, left.share, left.until - now)
                sys.stderr.write(f"\r\x1b[K{told}" if self._terminal else f"{told}\n")
                sys.stderr.flush()
                self._shown = True
