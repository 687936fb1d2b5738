"""How long a person waits before the dashboard: until its first frame, until the counts, until the figures.

    python -m benchmarks.large FILE && python -m benchmarks.first_frame FILE [PERIOD]

The command runs in a terminal of its own (80 x 24), so what is measured is what a person sees.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from pathlib import Path

_SEEN = {
    "first frame": b"Overview",
    "counts of the file": b"Comparing the archive",
    "figures of the period": b"Episodes",
}
_PATIENCE = 600.0
"""Seconds to wait for the last of them."""


def measure(database: str, period: str) -> dict[str, tuple[float, float]]:
    """Seconds until each of the texts is on the terminal: on the clock, and of the processor (busy machines differ)."""
    child, terminal = pty.fork()
    if not child:
        os.environ |= {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        command = ["-m", "analyser", "dashboard", "--db", database, "--period", period, "--lang", "en"]
        os.execv(sys.executable, [sys.executable, *command])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    began, seen, found = time.perf_counter(), b"", {}
    try:
        while len(found) < len(_SEEN) and time.perf_counter() - began < _PATIENCE:
            if not select.select([terminal], [], [], 0.05)[0]:
                continue
            seen += os.read(terminal, 1 << 16)
            for name, words in _SEEN.items():
                if name not in found and words in seen:
                    found[name] = time.perf_counter() - began, _processor(child)
    finally:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
    return found


def _processor(process: int) -> float:
    """Seconds that the process has had the processor."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    for name, (seconds, processor) in measure(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "2025Q1").items():
        print(f"{name:24} {seconds:6.2f} s   processor {processor:6.2f} s")
