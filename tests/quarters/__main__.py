"""`python -m tests.quarters`: simulated counties, each of three years, with what every quarter came to.

Stops with the invariant that is broken; whoever sees the last line knows that none was.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
from collections import Counter
from pathlib import Path

from tests.quarters.work import Figures, years


def _tell(name: str, one: Figures) -> None:
    corrected = " ".join(f"{one.told[change]:5}" for change in ("new", "changed", "withdrawn"))
    print(
        f"{name} {one.documents:9} {one.rows:5} {one.delivered:9} {corrected} {one.refused:7}"
        f" {one.size / 1e6:6.1f} {one.seconds:7.1f}",
        flush=True,
    )


def main() -> None:
    """Run them."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, default=20)
    asked.add_argument("--first", type=int, default=1)
    asked.add_argument("--persons", type=int, default=300)
    asked.add_argument("--quarters", type=int, default=12)
    told = asked.parse_args()
    all_of: Counter[str] = Counter()
    for seed in range(told.first, told.first + told.seeds):
        merged = dt.date(2023, 10, 1) if seed % 2 else None
        print(f"seed {seed}: {told.persons} persons, {told.quarters} quarters" + (", a merger" if merged else ""))
        print("quarter documents  rows delivered   new changed withdrawn refused     MB seconds")
        with tempfile.TemporaryDirectory() as folder:
            work = years(Path(folder), seed, told.persons, told.quarters, merged, lost=3 + seed % 5, tell=_tell)
            standing = work.standing()
        names = ("delivered", "renamed", "ended-since", "changed", "withdrawn", "double", "double-differs")
        print("at the end: " + ", ".join(f"{name} {standing[name]}" for name in names), flush=True)
        all_of.update({name: standing[name] for name in names})
    print(f"{told.seeds} seeds, no invariant broken; " + ", ".join(f"{name} {rows}" for name, rows in all_of.items()))


if __name__ == "__main__":
    main()
