"""Runs the real command, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


def run(folder: Path, *arguments: str, **environment: str) -> Done:
    """Run `kanta-gap` in a folder, without a terminal, in English unless said otherwise."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("KANTA_GAP_", "LC_", "LANG"))}
    done = subprocess.run(
        [sys.executable, "-m", "analyser", *arguments],
        capture_output=True,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        env=clean | {"LANG": "C.UTF-8", "PYTHONPATH": str(Path(__file__).parents[1])} | environment,
        timeout=240,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())
