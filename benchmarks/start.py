"""How long a person waits for `--version` and `--help`, against an interpreter that does nothing."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator

from benchmarks.ingest import Figures
from benchmarks.measured import watched

_TIMES = 7


def start() -> Iterator[Figures]:
    """Medians."""
    for what, words in (
        ("python -c pass", ["-c", "pass"]),
        ("--version", ["-m", "analyser", "--version"]),
        ("--help", ["-m", "analyser", "--help"]),
        ("coverage --help", ["-m", "analyser", "coverage", "--help"]),
    ):
        runs = [watched([sys.executable, *words], (0,)) for _ in range(_TIMES)]
        yield {"what": what, "ms": 1000 * statistics.median(run.seconds for run in runs)}
