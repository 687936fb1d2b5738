"""Processes that read what comes from outside: bounded in memory, deaf to Ctrl-C, never outliving who started them."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
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
    end_with_parent()
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
    """Bound the memory of this process, by the system or by a look at it every now and then."""
    if sys.platform != "linux":  # macOS knows the bound and does not keep it
        threading.Thread(target=_end_beyond, args=(memory,), daemon=True).start()
    try:
        import resource
    except ImportError:  # not on this system
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    bound = memory if most == resource.RLIM_INFINITY else min(memory, most)
    resource.setrlimit(resource.RLIMIT_DATA, (bound, most))


_LOOK = 0.2
"""Seconds between two looks at how much memory a process has, where the system keeps no bound."""
_TOO_MUCH = 71
"""The exit code of a process that ended itself for its memory; nobody asks for it but a test."""


def _end_beyond(memory: int) -> None:
    """End this process when it has more memory than it may: its parent sees that and sets aside what it read."""
    while (held := resident()) is not None:
        if held > memory:
            os._exit(_TOO_MUCH)
        time.sleep(_LOOK)


def resident() -> int | None:
    """Bytes of memory that this process has, or the most that it had; None where the system does not tell."""
    system: str = sys.platform
    if system == "win32":
        return _of_windows()
    if system == "linux":
        told = Path("/proc/self/statm").read_text(encoding="ascii")
        return int(told.split()[1]) * os.sysconf("SC_PAGE_SIZE")
    try:
        import resource
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _of_windows() -> int | None:
    import ctypes
    from ctypes import wintypes

    class Counters(ctypes.Structure):
        _fields_ = (
            ("cb", wintypes.DWORD),
            ("faults", wintypes.DWORD),
            *(
                (name, ctypes.c_size_t)
                for name in ("peak", "working", "q1", "q2", "q3", "q4", "pagefile", "peak_pagefile")
            ),
        )

    told = Counters()
    told.cb = ctypes.sizeof(told)
    kernel: Any = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    kernel.GetCurrentProcess.restype = wintypes.HANDLE
    kernel.K32GetProcessMemoryInfo.argtypes = (wintypes.HANDLE, ctypes.POINTER(Counters), wintypes.DWORD)
    done = kernel.K32GetProcessMemoryInfo(kernel.GetCurrentProcess(), ctypes.byref(told), told.cb)
    return int(told.pagefile) if done else None


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


def end_with_parent() -> None:
    """This process ends when the one that started it does, however that ends: it would wait for work for ever."""
    threading.Thread(target=_watch_parent, daemon=True).start()


def _watch_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
