"""Runs a command and tells what it took: wall time, processor time of all its processes, peak memory of each."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_LOOK_EVERY = 0.05


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the command. Processor time and memory are those that the system told of while it ran."""

    code: int
    seconds: float
    cpu: float
    """Seconds of user and system time of the whole process tree."""
    parent_mib: float
    worker_mib: float
    """Peak of the largest child."""
    out: str


def command(*arguments: str, accept: tuple[int, ...] = (0,), environ: Mapping[str, str] | None = None) -> Run:
    """Run kanta-gap with these arguments; ends the benchmark when it fails."""
    return watched([sys.executable, "-m", "analyser", *arguments], accept, environ)


def watched(words: list[str], accept: tuple[int, ...] = (0,), environ: Mapping[str, str] | None = None) -> Run:
    """Run a program and watch its process tree."""
    started = time.perf_counter()
    process = subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=None if environ is None else {**os.environ, **environ},
    )
    cpu: dict[int, float] = {}
    peak: dict[int, float] = {}
    # Output is small in all that is measured, or goes to a file: the pipes cannot fill up.
    while process.poll() is None:
        for pid in _tree(process.pid):
            _look(pid, cpu, peak)
        time.sleep(_LOOK_EVERY)
    seconds = time.perf_counter() - started
    out, err = (stream.decode() for stream in process.communicate())
    if process.returncode not in accept:
        raise SystemExit(f"{' '.join(words[2:4])} ended with {process.returncode}: {err[-500:]}")
    workers = [mib for pid, mib in peak.items() if pid != process.pid]
    return Run(
        process.returncode,
        seconds,
        sum(cpu.values()),
        peak.get(process.pid, 0.0),
        max(workers, default=0.0),
        out,
    )


def _tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        try:
            for thread in Path(f"/proc/{parent}/task").iterdir():
                found += map(int, (thread / "children").read_text().split())
        except OSError:
            continue
    return found


def _look(pid: int, cpu: dict[int, float], peak: dict[int, float]) -> None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        cpu[pid] = (int(fields[11]) + int(fields[12])) / _TICKS
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                peak[pid] = int(line.split()[1]) / 1024
    except (OSError, IndexError):
        return  # it has ended between two looks
