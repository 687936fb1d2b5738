"""Makes the pictures of the README from what the program shows: `python -m tests.docs.pictures`.

The dashboard's frames are those that `tests/dashboard/golden` holds, in colour; the report is photographed by a Chromium.
Tests say when a picture is old: the words of a frame are the golden ones, and the report's template is the one that was
photographed.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import shutil
import subprocess
import tempfile
from html import unescape
from importlib.resources import files
from pathlib import Path

from tests.command import run_here

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
FRAMES = ("overview", "heat", "rows", "row", "document")
"""Screens of the recording, in the order of a walk from the verdict to a document."""
SHOWN = "heat"
"""The screen that stands alone."""
_SECONDS = 3
"""For which a frame of the recording stands."""
_TEMPLATES = ("head.html", "coverage.html", "page.css")


def looks() -> str:
    """What the report looks like by: a hash of its template and its style."""
    told = [(files("analyser.report") / "templates" / name).read_bytes() for name in _TEMPLATES]
    return hashlib.sha256(b"".join(told)).hexdigest()


def words(svg: str) -> str:
    """What stands on a frame, without the title of its window and without space."""
    told = re.findall(r'<text (?![^>]*-title")[^>]*>([^<]*)</text>', svg)
    return "".join("".join(unescape(one).split()) for one in told)


def _frames() -> dict[str, str]:
    from tests.dashboard.county import build
    from tests.dashboard.test_frames import WALK
    from tests.dashboard.walk import dashboard, press, settled, walking

    async def walk(database: Path) -> dict[str, str]:
        seen = {}
        async with walking(dashboard(database), (80, 24)) as pilot:
            for name, keys in WALK:
                await press(pilot, *keys)
                await settled(pilot)
                if name in FRAMES:
                    seen[name] = _plain(pilot.app.export_screenshot(title="kanta-gap dashboard"), name)
        return seen

    with tempfile.TemporaryDirectory() as place:
        database = Path(place) / "county.duckdb"
        build(database)
        return asyncio.run(walk(database))


def _plain(svg: str, name: str) -> str:
    """Without fonts that would be fetched from elsewhere, and with names of its own, so that frames can lie in one file."""
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    (own,) = set(re.findall(r"(terminal-[\w]+)-matrix", svg)) or {"terminal"}
    svg = svg.replace(own, f"frame-{name}").replace("Fira Code", "ui-monospace, DejaVu Sans Mono")
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"


def _recording(frames: dict[str, str]) -> str:
    """The frames one after the other, for ever."""
    box = re.search(r'viewBox="([^"]*)"', frames[FRAMES[0]])
    assert box is not None
    whole, share = _SECONDS * len(FRAMES), 100 / len(FRAMES)
    rules = [f"@keyframes shown {{ 0%, {share:.3f}% {{ opacity: 1 }} {share + 0.001:.3f}%, 100% {{ opacity: 0 }} }}"]
    inside = []
    for place, name in enumerate(FRAMES):
        rules.append(f"#f{place} {{ opacity: 0; animation: shown {whole}s step-end {place * _SECONDS}s infinite }}")
        inside.append(f'<g id="f{place}">{frames[name]}</g>')
    style = "\n".join(rules)
    return (
        f'<svg viewBox="{box[1]}" xmlns="http://www.w3.org/2000/svg"><style>{style}</style>\n{"".join(inside)}</svg>\n'
    )


def drawn(svg: str) -> str:
    """What a photograph of a frame was taken of: a hash of it."""
    return hashlib.sha256(svg.encode()).hexdigest()


def _photograph(folder: Path, page: Path, name: str, size: str) -> None:
    """A photograph of a page, by the Chromium of this machine."""
    chromium = shutil.which("chromium")
    assert chromium is not None
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={size}"]
    flags += [f"--user-data-dir={folder / 'profile'}", f"--screenshot={PICTURES / name}"]
    subprocess.run([chromium, *flags, page.as_uri()], check=True, capture_output=True, timeout=60)


def _frame(folder: Path, svg: str) -> None:
    """A photograph of the frame that stands alone, for what shows no SVG."""
    box = re.search(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', svg)
    assert box is not None
    wide, high = (int(float(side)) + 1 for side in box.groups())
    page = folder / "frame.html"
    page.write_text(f'<!doctype html><meta charset="utf-8"><body style="margin:0">{svg}', encoding="utf-8")
    _photograph(folder, page, "dashboard.png", f"{wide},{high}")
    (PICTURES / "dashboard.txt").write_text(drawn(svg) + "\n", encoding="utf-8")


def _report(folder: Path) -> None:
    """A photograph of the head of the report of a made-up county."""
    run_here(folder, "synth", "county", "--persons", "400", "--seed", "7")
    run_here(folder, "ingest", "county/archive")
    run_here(folder, "register", *(f"county/{name}.csv" for name in ("episodes", "population", "periods", "codes")))
    run_here(folder, "coverage", "--period", "2025Q1", "-f", "html", "-o", "report.html")
    _photograph(folder, folder / "report.html", "report.png", "1000,1250")
    (PICTURES / "report.txt").write_text(looks() + "\n", encoding="utf-8")


if __name__ == "__main__":
    made = _frames()
    (PICTURES / "dashboard.svg").write_text(made[SHOWN], encoding="utf-8")
    (PICTURES / "recording.svg").write_text(_recording(made), encoding="utf-8")
    if shutil.which("chromium") is None:
        print("no Chromium here: nothing is photographed")
    else:
        with tempfile.TemporaryDirectory() as place:
            _frame(Path(place), made[SHOWN])
            _report(Path(place))
