"""No process that holds persons leaves a dump of its memory, or lets a program of the same user look into it."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

from analyser.system.processes import answer_apart

resource = pytest.importorskip("resource")

_GET_DUMPABLE = 3
_COMMAND = """
import ctypes, resource
from analyser.cli.app import run
run(["rules", "-q", "-f", "json"])
import sys
sys.stderr.write(f"{resource.getrlimit(resource.RLIMIT_CORE)} {ctypes.CDLL(None).prctl(3)}")
"""


def _asked() -> tuple[tuple[int, int], int]:
    dumpable = ctypes.CDLL(None).prctl(_GET_DUMPABLE, 0, 0, 0, 0) if sys.platform == "linux" else 0
    return resource.getrlimit(resource.RLIMIT_CORE), dumpable


def test_neither_a_command_nor_a_process_that_reads_leaves_a_dump() -> None:
    assert answer_apart(60, 4 * 2**30, _asked) == ((0, 0), 0)
    if sys.platform == "linux":
        done = subprocess.run([sys.executable, "-c", _COMMAND], capture_output=True, text=True, check=False)
        assert done.stderr == "(0, 0) 0"
