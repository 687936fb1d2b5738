"""Processes that read what comes from outside: bounded in memory, deaf to Ctrl-C, never outliving who started them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import wait


def reading_process(memory: int) -> None:
    """What a reading process does before it reads: the initializer of every pool of them.

    `memory` bounds its bytes where the system can. Whoever wants more fails, alone: with an error that sets one member
    aside, or by dying, which the parent sees.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _bound_memory(memory)


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


def _end_with_parent() -> None:
    """Without its parent a reading process would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
