"""How long one member may take: a document that keeps its reader busy for ever costs itself, not the ingest.

The alarm of the operating system interrupts what Python does, and the member is set aside on the spot. A library that
hangs inside its own code is not interrupted by that: a reading process then ends itself, and its parent reads what it
held in a process that it watches (ingest/isolated_reader.py). A run that reads in its own process cannot do that and
says so in docs/hostile-input.md.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


class OutOfTime(BaseException):
    """The member that is being read has had its time."""


@dataclass(slots=True)
class _State:
    seconds: int = 0
    began_at: float = 0.0
    """When the member that is being read began."""
    ends_process: bool = False
    ends_at: float = 0.0
    told_at: float = 0.0
    tell: Callable[[], None] | None = None


_state = _State()
_TICK = 1.0
"""Seconds between looks at the clock. It is looked at again and again: a first exception may fall where Python drops
them. To set an alarm for each member would take longer than to read some of them."""
_TOLD_EACH = 1.0


def patience(seconds: int) -> float:
    """Seconds after which whoever watches a reader may end it: the reader itself had the time to notice."""
    return 1.5 * seconds + 2


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Within this, each member has `seconds` from the `restart` before it; then OutOfTime is raised there."""
    # Not in a thread, and not on every system.
    alarm = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGALRM, _ring) if alarm else None
    _state.seconds, _state.began_at = seconds, time.monotonic()
    if alarm:
        tick = min(_TICK, seconds / 4)
        signal.setitimer(signal.ITIMER_REAL, tick, tick)
    try:
        yield
    finally:
        _state.seconds = 0
        if alarm:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        if _state.ends_process:
            faulthandler.cancel_dump_traceback_later()
            _state.ends_at = 0.0


def restart() -> None:
    """A member begins: its time runs from now on."""
    now = _state.began_at = time.monotonic()
    if _state.ends_process or _state.tell is not None:
        _watched(now)


def end_process_when_stuck() -> None:
    """From now on this process ends itself when a member keeps it busy where no alarm is heard."""
    _state.ends_process = True


def tell_each_member(tell: Callable[[], None]) -> None:
    """From now on `tell` is called when a member begins, at most once a second, for whoever watches."""
    _state.tell = tell


def _watched(now: float) -> None:
    if _state.ends_process and now > _state.ends_at - 1.25 * _state.seconds:
        # A thread that needs nothing of Python ends the process; setting it anew takes time, so not for each member.
        _state.ends_at = now + 1.5 * _state.seconds
        try:
            faulthandler.dump_traceback_later(1.5 * _state.seconds, exit=True, file=_nowhere())
        except RuntimeError:
            # No thread can be had: a reader without memory for that sets its members aside, as without any other.
            _state.ends_at = 0.0
            raise MemoryError from None
    if _state.tell is not None and now > _state.told_at + _TOLD_EACH:
        _state.told_at = now
        _state.tell()


def _nowhere() -> int:
    if not _NOWHERE:
        _NOWHERE.append(os.open(os.devnull, os.O_WRONLY))
    return _NOWHERE[0]


_NOWHERE: list[int] = []


def _ring(*_: object) -> None:
    if _state.seconds and time.monotonic() - _state.began_at >= _state.seconds:
        raise OutOfTime
