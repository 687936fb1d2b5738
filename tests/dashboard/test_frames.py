"""What stands on the screen, byte by byte, in three languages and two sizes.

After a wanted change: TESTS_GOLDEN=1 pytest tests/dashboard/test_frames.py, then look at the difference.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from analyser.messages.languages import LANGUAGES
from tests.dashboard.walk import dashboard, press, screen, settled, walking
from tests.docs.pictures import FRAMES, PICTURES, SHOWN, drawn, words

GOLDEN = Path(__file__).parent / "golden"
SIZES = ((80, 24), (160, 50))
_AGREED = [
    # Words are looked at on the small screen in each language, the large screen in the language with the longest.
    pytest.param(
        size,
        lang,
        marks=pytest.mark.long if size == (160, 50) and lang != "fi" else (),
        id=f"{size[0]}x{size[1]}-{lang}",
    )
    for size in SIZES
    for lang in LANGUAGES
]
WALK = (
    ("overview", ()),
    ("heat", ("2",)),
    ("rows", ("3",)),
    ("row", ("down", "enter")),
    ("document", ("enter",)),
    ("groups", ("3", "b")),
    ("trend", ("6",)),
    ("rules", ("4",)),
    ("rule", ("enter",)),
    ("quarantine", ("5",)),
    ("help", ("question_mark",)),
)


def test_the_pictures_are_of_todays_frames() -> None:
    """After a wanted change: python -m tests.docs.pictures."""
    golden = {name: "".join((GOLDEN / f"{name}-80x24-en.txt").read_text(encoding="utf-8").split()) for name in FRAMES}
    svg = (PICTURES / "dashboard.svg").read_text(encoding="utf-8")
    assert words(svg) == golden[SHOWN]
    assert (PICTURES / "dashboard.txt").read_text(encoding="utf-8").strip() == drawn(svg), "dashboard.png is old"
    recording = (PICTURES / "recording.svg").read_text(encoding="utf-8")
    assert words(recording) == "".join(golden.values())
    assert "url(http" not in recording


@pytest.mark.parametrize(("size", "lang"), _AGREED)
def test_every_screen_looks_as_it_was_agreed(county: Path, lang: str, size: tuple[int, int]) -> None:
    async def walk() -> dict[str, str]:
        seen = {}
        async with walking(dashboard(county, lang), size) as pilot:
            for name, keys in WALK:
                await press(pilot, *keys)
                await settled(pilot)
                seen[name] = screen(pilot.app)
        return seen

    for name, frame in asyncio.run(walk()).items():
        path = GOLDEN / f"{name}-{size[0]}x{size[1]}-{lang}.txt"
        if os.environ.get("TESTS_GOLDEN"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(frame, encoding="utf-8")
        assert frame == path.read_text(encoding="utf-8"), name
        assert all(len(line) <= size[0] for line in frame.splitlines())
