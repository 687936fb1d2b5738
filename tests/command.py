"""Runs the real command: in a process of its own, or in this one, which takes a tenth of the time."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


def run(folder: Path, *arguments: str, **environment: str) -> Done:
    """Run `kanta-gap` in a folder, without a terminal, in English unless said otherwise."""
    done = subprocess.run(
        [sys.executable, "-m", "analyser", *arguments],
        capture_output=True,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        env=clean() | {"PYTHONPATH": str(Path(__file__).parents[1])} | environment,
        timeout=240,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def run_here(folder: Path, *arguments: str, **environment: str) -> Done:
    """The same in this process: the same arguments, variables and folder, and every byte that goes to the terminal,
    whoever writes it there. What only a new process shows (its start, its end) is not tested so."""
    from analyser.cli.app import run as command
    from analyser.system.keys import unlock

    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, open(os.devnull) as nothing:
        with (
            _terminal(out.fileno(), err.fileno()),
            patch.object(sys, "stdin", nothing),
            patch.dict(os.environ, clean() | environment, clear=True),
            chdir(folder),
        ):
            try:
                code = int(command(arguments))
            finally:
                unlock(lambda: None)  # the key of one run is not that of the next
        out.seek(0)
        err.seek(0)
        return Done(code, out.read().decode(), err.read().decode())


def clean() -> dict[str, str]:
    """The variables of this process but for those that the command looks at."""
    told = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("KANTA_GAP_", "LC_", "LANG", "COLUMNS"))
    }
    return told | {"LANG": "C.UTF-8"}


@contextmanager
def _terminal(out: int, err: int) -> Iterator[None]:
    """The process's own streams lead into these files, for Python and for all other code."""
    before = [os.dup(1), os.dup(2)]
    os.dup2(out, 1)
    os.dup2(err, 2)
    try:
        with (
            open(1, "w", encoding="utf-8", closefd=False) as told,
            open(2, "w", encoding="utf-8", closefd=False) as said,
            redirect_stdout(told),
            redirect_stderr(said),
        ):
            yield
    finally:
        for number, stream in enumerate(before, 1):
            os.dup2(stream, number)
            os.close(stream)
