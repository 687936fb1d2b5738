"""Reads the documentation's pages: their commands, their SQL and their screens; and runs them where a reader would.

A fenced block without a language, or marked `console`, holds commands. In a `console` block a line that begins with `$ `
is a command and the lines below it are its screen; `head=N` in the fence keeps the screen's first lines. A comment
`<!-- not run: why -->` above a fence says that its commands cannot be run here.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.command import Done, run_here

TOP = Path(__file__).parents[2]
DOCS = TOP / "docs"
_FENCE = re.compile(r"(?P<above><!-- not run: [^\n]*-->\n)?```(?P<kind>[^\n]*)\n(?P<body>.*?)```", re.DOTALL)
_KEY = re.compile(r"\b[0-9a-f]{16}\b")
_CHAIN = re.compile(r"\b[0-9a-f]{64}\b")
_LEFT_OUT = "[…]"
_SHELLS = re.compile(r"[|&;<>$`*?~{}\[\]!#]")
"""Signs by which a line means something else to a shell."""


@dataclass(frozen=True)
class Block:
    """A fenced block, with the line on which it begins."""

    line: int
    kind: str
    body: str
    runnable: bool

    @property
    def head(self) -> int | None:
        """Lines of a screen that are kept."""
        found = re.search(r"head=(\d+)", self.kind)
        return int(found[1]) if found else None


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page."""
    for found in _FENCE.finditer(page):
        line = page.count("\n", 0, found.start()) + 1
        yield Block(line, found["kind"].strip(), found["body"], found["above"] is None)


def commands(block: Block) -> list[str]:
    """The kanta-gap command lines of a block; a comment behind one is not of it."""
    told = []
    for line in block.body.replace("\\\n", " ").splitlines():
        if block.kind.startswith("console"):
            if line.startswith("$ "):
                told.append(line[2:])
        elif block.kind in ("", "sh", "bash", "shell") and re.match(r"\s*kanta-gap\b", line):
            told.append(re.sub(r"\s+#.*", "", line).strip())
    return told


def screens(page: str, folder: Path) -> str:
    """The page with every screen as the program prints it now."""

    def printed(found: re.Match[str]) -> str:
        block = Block(0, found["kind"].strip(), found["body"], found["above"] is None)
        if not block.kind.startswith("console"):
            return found[0]
        lines: list[str] = []
        for command in commands(block):
            shown = _shown(ran(folder, command)).splitlines()
            if block.head is not None and len(shown) > block.head:
                shown = [*shown[: block.head], _LEFT_OUT]
            lines += [f"$ {command}", *shown]
        return f"```{found['kind']}\n" + "\n".join(lines) + "\n```"

    return _FENCE.sub(printed, page)


def shell(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run a line as a reader would, with `kanta-gap` on the path, in English and without a terminal."""
    tools = folder / ".tools"
    if not tools.exists():
        tools.mkdir()
        (tools / "kanta-gap").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m analyser "$@"\n')
        (tools / "kanta-gap").chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KANTA_GAP_", "LC_", "LANG"))}
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=kept | {"PATH": f"{tools}:{kept['PATH']}", "PYTHONPATH": str(TOP), "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def ran(folder: Path, command: str) -> Done:
    """The same for a line that may need no shell: then in this process, which takes a tenth of the time."""
    if _SHELLS.search(command) or not command.startswith("kanta-gap "):
        done = shell(folder, command)
        return Done(done.returncode, done.stdout, done.stderr)
    return run_here(folder, *shlex.split(command)[1:])


def _shown(done: Done) -> str:
    """What a terminal would show, narration first; person keys and the trail's chain differ with the database, so one
    stands for all."""
    told = _CHAIN.sub("0123456789abcdef" * 4, done.err + done.out)
    return _KEY.sub("0123456789abcdef", told).strip("\n")


def practice(folder: Path) -> Path:
    """A folder as the pages suppose it: an archive, the county's own files, a database that has read them."""
    shell(folder, "kanta-gap synth county --persons 120 --seed 7 -q")
    shutil.move(folder / "county" / "archive", folder / "archive")
    for path in (folder / "county").iterdir():
        shutil.move(path, folder / path.name)
    (folder / "county").rmdir()
    shell(folder, "kanta-gap ingest archive -q; kanta-gap register *.csv -q")
    return folder
