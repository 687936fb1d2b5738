"""Quarter after quarter by the real commands, against a county that knows its own truth (work.py says what is held).

A short one runs in every build, more with `make long`: `TESTS_SEEDS` counties of twelve quarters, 5 unless said.
`make simulate` runs 20 and prints what they came to.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from tests.quarters.work import years


def test_three_quarters_with_a_merger(tmp_path: Path) -> None:
    work = years(tmp_path, 1, 40, 3, dt.date(2022, 7, 1), refusing=0.3)
    assert any(work.held.values())
    assert sum(one.refused for one in work.figures.values())


_SEEDS = int(os.environ.get("TESTS_SEEDS", "5"))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 2 + _SEEDS))
def test_three_years(tmp_path: Path, seed: int) -> None:
    years(tmp_path, seed, 300, 12, dt.date(2023, 10, 1) if seed % 2 else None, lost=3 + seed % 5)
