"""Processes that read what comes from outside: bounded in memory, deaf to Ctrl-C, never outliving who started them."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any, TypeVar, TypeVarTuple

_Values = TypeVarTuple("_Values")
_Answer = TypeVar("_Answer")


_SET_DUMPABLE = 4
"""Of prctl(2)."""


class DiedError(Exception):
    """A process ended without an answer: it crashed, or wanted more memory than it may have."""


class TooSlowError(Exception):
    """A process did not answer in its time."""


def answer_apart(seconds: float, memory: int, job: Callable[[*_Values], _Answer], *values: *_Values) -> _Answer:
    """What `job`, a function of a module, answers in a process of its own without a way to the terminal.

    Raises DiedError, TooSlowError, or what the job raises.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_answer, args=(theirs, memory, job, values), daemon=True)
    start(process)
    theirs.close()
    try:
        if not wait([ours, process.sentinel], seconds):
            raise TooSlowError
        try:
            answer, error = ours.recv()
        except (EOFError, OSError):
            raise DiedError from None
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()
    if error is not None:
        raise error
    found: _Answer = answer
    return found


def start(process: BaseProcess) -> None:
    """Start a process with the stderr that this one was given: what a dashboard puts in its place has no number that a
    process could be handed."""
    taken, sys.stderr = sys.stderr, sys.__stderr__
    try:
        with main_left_out():
            process.start()
    finally:
        sys.stderr = taken


@contextmanager
def main_left_out(*given: object) -> Iterator[None]:
    """Processes that are started meanwhile do not run the program's main module: a script that has no guard would begin
    anew in each of them, and one that was read from stdin is not there to be run. Nothing of ours needs it, unless
    something that they are `given` comes from there.
    """
    if b"__main__" in pickle.dumps(given):
        yield
        return
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _answer(pipe: Connection, memory: int, job: Callable[..., Any], values: tuple[Any, ...]) -> None:
    silence()
    reading_process(memory)
    try:
        pipe.send((job(*values), None))
    except MemoryError:
        return
    except Exception as error:  # noqa: BLE001  whatever it is, it is raised where it was asked
        pipe.send((None, error))


def reading_process(memory: int) -> None:
    """What a reading process does before it reads: the initializer of every pool of them.

    `memory` bounds its bytes where the system can. Whoever wants more fails, alone: with an error that sets one member
    aside, or by dying, which the parent sees.
    """
    for name in ("SIGINT", "SIGHUP"):  # Ctrl-C, and a terminal that is closed, are the parent's to handle
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _bound_memory(memory)
    leave_no_core()


def leave_no_core() -> None:
    """A process that crashes leaves no dump of its memory, which may hold persons, where the system has such dumps.

    On Linux no program of the same user may look into it either, and no dump is handed to another program.
    """
    try:
        import resource
    except ImportError:  # not on this system
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)


def _bound_memory(memory: int) -> None:
    try:
        import resource
    except ImportError:  # not on this system
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    bound = memory if most == resource.RLIM_INFINITY else min(memory, most)
    resource.setrlimit(resource.RLIMIT_DATA, (bound, most))


def silence() -> None:
    """Let nothing reach the terminal: libraries that fail inside print what they were reading."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


@contextmanager
def silent_start() -> Iterator[None]:
    """Processes that are started meanwhile have no way to the terminal.

    For those that stand beside the readers: when the run ends early they would tell of what it left to them, and what a
    reader prints that loses its parent while it starts is a traceback.
    """
    try:
        kept = os.dup(2)
    except OSError:  # somebody closed it: there is no way to the terminal
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _end_with_parent() -> None:
    """Without its parent a reading process would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
