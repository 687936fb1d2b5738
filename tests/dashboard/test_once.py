"""One frame for CI: the same bytes each time, as wide as asked; and no dashboard without a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import run_here as run

ONCE = ("dashboard", "--once", "--db")


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
@pytest.mark.parametrize("width", [60, 80, 160])
def test_a_frame_is_as_wide_as_asked_and_the_same_each_time(
    own_county: Path, tmp_path: Path, lang: str, width: int
) -> None:
    asked = (*ONCE, str(own_county), "--lang", lang, "--period", "2025Q1", "--width", str(width))
    one, other = run(tmp_path, *asked, KANTA_GAP_REMEMBER_RUNS="false"), run(tmp_path, *asked)
    assert one.code == other.code == 0
    assert one.out == other.out
    assert "2025Q1" in one.out.splitlines()[0]
    assert max(map(len, one.out.splitlines())) <= width
    assert "\x1b" not in one.out
    assert "�" not in one.out


def test_colour_comes_only_when_it_is_asked_for(own_county: Path, tmp_path: Path) -> None:
    assert "\x1b[" in run(tmp_path, *ONCE, str(own_county), "--color", "always").out
    assert "\x1b[" not in run(tmp_path, *ONCE, str(own_county), "--color", "never").out


def test_a_frame_counts_days_to_the_deadline_only_from_a_day_that_was_asked_for(
    own_county: Path, tmp_path: Path
) -> None:
    plain = run(tmp_path, *ONCE, str(own_county), "--period", "2025Q1").out
    assert "2025-05-15" in plain
    assert "2025-05-15 ·" not in plain
    assert (
        "2025-05-15 · 35 days"
        in run(tmp_path, *ONCE, str(own_county), "--period", "2025Q1", "--as-of", "2025-04-10").out
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--once", "--width", "20"), "--width must be from 60 to 400"),
        (("--once", "--watch"), "exclude each other"),
        ((), "the dashboard needs a terminal"),
    ],
)
def test_what_cannot_be_shown_is_told_in_one_line(
    own_county: Path, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    done = run(tmp_path, "dashboard", "--db", str(own_county), *arguments)
    assert done.code == 2
    assert done.out == ""
    assert told in done.err.splitlines()[0]
