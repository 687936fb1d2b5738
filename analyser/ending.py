"""How a run ends: by its answer, by a signal, or before a stdout that somebody closed. One plain line, the right code.

Kept apart from the entry point, so that the version and the help load none of it.
"""

from __future__ import annotations

import atexit
import errno
import io
import os
import signal
import sys
from contextlib import suppress
from typing import Any, NoReturn

_INTERRUPTED = 130
_interrupted: list[int] = []


class _Closed(io.RawIOBase):
    """Stdout that somebody closed (`>&-`): what is written to it is refused, as the system would."""

    def writable(self) -> bool:
        return True

    def write(self, _: object) -> int:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


def _terminated(*_: object) -> None:
    raise KeyboardInterrupt


def _end_like_interrupts() -> None:
    """A request to end, and a terminal that is closed, are told and left like Ctrl-C, unless somebody had them ignored
    (`nohup`)."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _terminated)


def _leave(code: int) -> NoReturn:
    """End with what was answered. A signal that comes while Python tidies up changes it no more, and says nothing."""

    def at_once(*_: object) -> None:
        os._exit(code)

    _take(at_once)
    # Python gives its own handlers up at its very end, and only what is ignored stays so.
    atexit.register(_take, signal.SIG_IGN)
    if code == _INTERRUPTED:
        _interrupted.append(code)
    sys.exit(code)


def _take(handler: Any) -> None:
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def _end_interrupted() -> None:
    """The last step of an interrupted run: an interrupt that came while a library was being loaded would have Python
    end by a signal, whatever the code."""
    if _interrupted:
        with suppress(OSError, ValueError):
            sys.stderr.flush()
        os._exit(_INTERRUPTED)


def command() -> None:
    """Run the command line and leave with its exit code."""
    if sys.stdout is None:
        os.open(os.devnull, os.O_RDONLY)  # takes the number that is free, so that no database gets it
        sys.stdout = io.TextIOWrapper(_Closed(), encoding="utf-8", write_through=True)
    atexit.register(_end_interrupted)  # the first to be registered is the last to run
    _end_like_interrupts()
    try:
        from analyser.cli.app import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # while the program was still being loaded: there are no languages yet
        sys.stderr.write("kanta-gap: error: interrupted\n")
        code = _INTERRUPTED
    _leave(code)
