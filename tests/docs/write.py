"""Writes the pages that come out of the program anew: `python -m tests.docs.write`."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from analyser.dashboard.keys import KEYS
from analyser.language import catalogue
from tests.docs.examples import counting_examples
from tests.docs.pages import DOCS, ran, screens


def commands_page(folder: Path) -> str:
    """The command reference."""
    return ran(folder, "kanta-gap man -f markdown").out


def first_hour(folder: Path) -> str:
    """The first hour with its screens."""
    return screens((DOCS / "first-hour.md").read_text(encoding="utf-8"), folder)


def dashboard_page(folder: Path) -> str:
    """The dashboard with its frames, and its keys as they are bound and explained."""
    page = screens((DOCS / "dashboard.md").read_text(encoding="utf-8"), folder)
    texts = catalogue("en")
    rows = [
        f"| `{key.shown}` | {'everywhere' if not key.views else ', '.join(key.views)} | {texts[f'dashboard.help.{key.action}']} |"
        for key in KEYS
    ]
    table = "\n".join(["| key | where | |", "|---|---|---|", *rows])
    return re.sub(
        r"(<!-- keys -->\n).*?(<!-- end of keys -->)",
        lambda found: f"{found[1]}{table}\n{found[2]}",
        page,
        flags=re.DOTALL,
    )


MADE: dict[str, Callable[[Path], str]] = {
    "commands.md": commands_page,
    "counting-examples.md": lambda _folder: counting_examples(),
    "dashboard.md": dashboard_page,
    "first-hour.md": first_hour,
}
"""Pages, and how each is made, given an empty folder."""


if __name__ == "__main__":
    for name, make in MADE.items():
        with tempfile.TemporaryDirectory() as place:
            (DOCS / name).write_text(make(Path(place)), encoding="utf-8")
