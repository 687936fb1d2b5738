"""A long list says how it goes on, by counts alone, and a short or a quiet run says nothing on its way."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

from tests.command import run_here as run
from tests.register.lists import HEADER, ORGANISER, PERSON


def _list(folder: Path) -> str:
    name = f"{PERSON}.csv"
    rows = (f"A{number};{PERSON};24;1.1.2025;;{ORGANISER}" for number in range(5_000))
    (folder / name).write_text("\n".join([";".join(HEADER), *rows]))
    return name


def test_progress_is_told_in_lines_or_on_a_terminal_in_place(tmp_path: Path) -> None:
    name = _list(tmp_path)
    assert "reading file" not in run(tmp_path, "register", name, "--lang", "en").err
    with patch("analyser.cli.working.ELSEWHERE", 0.001), patch("analyser.cli.working.TERMINAL", 0.001):
        told = run(tmp_path, "register", name, "--lang", "en").err
        assert "reading file 1 of 1 (0 MB), 0 s\n" in told
        assert "5,000 rows go into the database" in told
        assert PERSON not in told
        assert "reading" not in run(tmp_path, "register", name, "-q").err
        with patch("analyser.cli.working.on_terminal", return_value=True):
            shown = run(tmp_path, "register", name).err
    assert "\r\x1b[Kreading file 1 of 1" in shown
    # What is told afterwards begins on a clear line.
    assert "\r\x1b[K[id].csv: 5,000 of 5,000 rows loaded" in shown
