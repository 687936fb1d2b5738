"""Command line of the benchmarks."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from benchmarks.run import run


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--persons", type=int, default=20_000, help="persons of the synthetic county")
    parser.add_argument("--small", action="store_true", help="1,000 persons, for every change")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--container", choices=("folder", "zip", "tar.zst"), default="zip")
    parser.add_argument("--county", type=Path, help="a county that synth wrote before, instead of a new one")
    arguments = parser.parse_args()
    persons = 1_000 if arguments.small else arguments.persons
    with tempfile.TemporaryDirectory(prefix="kanta-gap-benchmark-") as folder:
        for line in run(Path(folder), persons, arguments.workers, arguments.container, arguments.county):
            print(line, flush=True)


if __name__ == "__main__":
    main()
