"""Writes the pages that come out of the program anew: `python -m tests.docs.write`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.docs.examples import counting_examples
from tests.docs.pages import DOCS, screens, shell


def commands_page(folder: Path) -> str:
    """The command reference."""
    return shell(folder, "kanta-gap man -f markdown").stdout


def first_hour(folder: Path) -> str:
    """The first hour with its screens."""
    return screens((DOCS / "first-hour.md").read_text(encoding="utf-8"), folder)


MADE: dict[str, Callable[[Path], str]] = {
    "commands.md": commands_page,
    "counting-examples.md": lambda _folder: counting_examples(),
    "first-hour.md": first_hour,
}
"""Pages, and how each is made, given an empty folder."""


if __name__ == "__main__":
    for name, make in MADE.items():
        with tempfile.TemporaryDirectory() as place:
            (DOCS / name).write_text(make(Path(place)), encoding="utf-8")
