"""`trace` of a row that was ever delivered tells what became of it, in order, whatever it is called now."""

from __future__ import annotations

import json
from pathlib import Path

from tests.command import run_here

ORGANISER = "1.2.246.10.99999901.10.0"
WHO = "010190-900P"


def _register(folder: Path, *rows: str) -> None:
    header = "source_id;person_id;service_task;start;end;organiser"
    (folder / "episodes.csv").write_text("\n".join([header, *rows]) + "\n")
    assert run_here(folder, "register", "episodes.csv", "--replace-all").code == 0


def test_the_story_of_a_row_is_told_in_order(tmp_path: Path) -> None:
    def done(*arguments: str) -> None:
        found = run_here(tmp_path, *arguments)
        assert found.code == 0, found.err

    def story(row: str) -> list[tuple[str, int, str | None, str | None]]:
        told = json.loads(run_here(tmp_path, "trace", row, "--period", "2025Q1", "-f", "json").out)
        assert told["kind"] == "episode"
        return [(one["event"], one["number"], one["change"], one["class"]) for one in told.get("story", [])]

    _register(tmp_path, f"R1;{WHO};24;2025-01-10;;{ORGANISER}", f"R9;020290-9016;24;2025-01-10;;{ORGANISER}")
    assert story("R1") == []  # never delivered: no moments
    done("deliver", "--period", "2025Q1", "--out", "d1")
    (tmp_path / "not.txt").write_text("R9\n")
    done("deliver", "--mark-sent", "d1")
    done("deliver", "--receipt", "d1", "--receipt-number", "T-1", "--refused-rows", "not.txt")
    done("period", "close", "2025Q1")
    _register(tmp_path, f"N1;{WHO};24;2025-01-10;2025-02-10;{ORGANISER}")
    done("deliver", "--period", "2025Q1", "--corrections", "--out", "c1")
    first = [
        ("loaded", 1, None, None),
        ("delivered", 1, "new", "missing"),
        ("sent", 1, None, None),
        ("answered", 1, None, None),
        ("closed", 1, None, "missing"),
        ("loaded", 2, None, None),
        ("gone", 2, None, None),
        ("delivered", 2, "changed", "missing"),
    ]
    assert sorted(story("N1")) == sorted(first)
    assert story("R1") == story("N1")  # a row of before is told by its old name
    moments = json.loads(run_here(tmp_path, "trace", "N1", "--period", "2025Q1", "-f", "json").out)["story"]
    assert [one["at"] for one in moments] == sorted(one["at"] for one in moments)
    assert ("not-taken", 1, None, None) in story("R9")
    for lang, words in (("en", "delivery 1 of 2025Q1"), ("fi", "toimitus 1, 2025Q1"), ("sv", "inlämning 1 för 2025Q1")):
        told = run_here(tmp_path, "trace", "R9", "--period", "2025Q1", "--lang", lang).out
        assert words in told
        assert "T-1" in told
        assert "-9016" not in told
