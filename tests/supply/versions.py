"""Tries the lowest or newest versions that pyproject.toml allows: `python -m tests.supply.versions lowest|newest`.

Every command runs on a stored database, once with this installation and once with a venv of those versions: the same
exit codes and, but for workbooks and screens, the same bytes; moments, and the keys of persons of a database that
each makes for itself are its own. Needs a package index; CI runs it apart from the tests.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from tests.command import clean
from tests.supply.lock import PROJECT, wanted

COUNTY = PROJECT / "fixtures" / "county"
_P = ("--period", "2025Q1")
# Commands that only read, on a copy of the stored database.
_READING = (
    *(("coverage", *_P, "-f", form) for form in ("text", "json", "csv", "markdown", "html")),
    ("coverage", *_P, "--by", "service-task,municipality,unit,age-group", "-f", "json"),
    ("coverage", *_P, "--as-of", "2025-02-15", "-f", "json"),
    *(("gaps", *_P, "-f", form) for form in ("text", "json", "csv", "markdown", "html")),
    ("gaps", *_P, "--services", "-f", "csv"),
    *(("check", *_P, "-f", form) for form in ("text", "json", "markdown", "junit", "sarif", "github")),
    ("trace", "ep-archived", "-f", "json"),
    ("quarantine", "-f", "json"),
    ("rules", "-f", "json"),
    ("explain", "G01"),
    ("periods",),
    ("config",),
    ("log",),
    ("register", "--list"),
    ("db", "verify"),
    ("man",),
    ("completion", "bash"),
    ("no-such-command",),
    ("coverage", "--period", "2025Q9"),
    ("ingest", "no-such-folder"),
)
# What a screen or a workbook looks like depends on the version of the library that draws it.
_FACES = (
    ("coverage", *_P, "-f", "xlsx", "-o", "coverage.xlsx"),
    ("gaps", *_P, "-f", "xlsx", "-o", "gaps.xlsx"),
    ("dashboard", *_P, "--once"),
)
# Commands that write, in this order, each on what the one before left.
_WRITING = (
    ("deliver", *_P, "--out", "delivery"),
    ("deliver", "--check", "delivery"),
    ("deliver", "--mark-sent", "delivery"),
    ("deliver", "--status", *_P),
    ("db", "backup", "copy.duckdb"),
    ("ingest", str(COUNTY / "archive"), "--validate", "structure"),
    ("coverage", *_P, "-f", "json"),
    ("db", "forget-persons", "--yes"),
    ("coverage", *_P, "-f", "json"),
)
_FRESH = (
    ("synth", "made", "--persons", "60", "--seed", "7"),
    ("ingest", "made/archive", "--db", "fresh.duckdb", "--workers", "2"),
    ("register", "made/episodes.csv", "--db", "fresh.duckdb"),
    ("coverage", "--period", "2025Q1", "--db", "fresh.duckdb", "-f", "json"),
    ("diff", "before.duckdb", "fresh.duckdb", *_P),
    ("demo",),
)
# The day and moment of a command, and a key of a person: each run has its own.
_OWN = re.compile(rb"\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?\b|\b[0-9a-f]{16}\b")


@dataclass(frozen=True, slots=True)
class Ended:
    """How one command of the set ended."""

    command: tuple[str, ...]
    code: int
    out: bytes
    err: bytes


def lowest(requirements: Iterable[Requirement]) -> list[str]:
    """Each requirement held to the version after its `>=`."""
    return [_held(one, floor.version) for one in requirements for floor in one.specifier if floor.operator == ">="]


def _held(requirement: Requirement, version: str) -> str:
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    where = f"; {requirement.marker}" if requirement.marker else ""
    return f"{requirement.name}{extras}=={version}{where}"


def newest(requirements: Iterable[Requirement]) -> list[str]:
    """Each requirement as it stands: pip takes the newest that it allows."""
    return [str(one) for one in requirements]


_CHOICES = {"lowest": lowest, "newest": newest}


def set_of_commands(python: str, stored: Path, folder: Path) -> Iterator[Ended]:
    """Run all commands with this interpreter in a folder that holds a copy of the stored database."""
    folder.mkdir()
    shutil.copy(stored, folder / "kanta-gap.duckdb")
    shutil.copy(stored, folder / "before.duckdb")
    shutil.copy(COUNTY / "kanta-gap.toml", folder)
    for command in (*_READING, *_FACES, *_WRITING, *_FRESH):
        done = subprocess.run(
            [python, "-m", "analyser", *command],
            capture_output=True,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            env=clean() | {"COLUMNS": "100", "PYTHONPATH": str(PROJECT)},
            timeout=300,
            check=False,
        )
        yield Ended(command, done.returncode, done.stdout, done.stderr)


def differences(expected: Iterable[Ended], seen: Iterable[Ended]) -> list[str]:
    """What ends in another way than here, one line for a command."""
    found = []
    for here, there in zip(expected, seen, strict=True):
        name = " ".join(here.command)
        last = (there.err.decode().strip().splitlines() or [""])[-1]
        if here.code != there.code or b"a defect of kanta-gap" in there.err:
            found.append(f"{name}: exit {there.code}, here {here.code}: {last}")
        elif here.command not in _FACES and _OWN.sub(b"", here.out) != _OWN.sub(b"", there.out):
            found.append(f"{name}: other bytes on stdout ({len(there.out)}, here {len(here.out)})")
    return found


def _stored(folder: Path) -> Path:
    """The fixture county in a database, made by this installation."""
    database = folder / "stored.duckdb"
    files = [str(file) for file in sorted(COUNTY.glob("*.csv"))]
    for command in (("ingest", str(COUNTY / "archive"), "--workers", "1"), ("register", *files)):
        done = subprocess.run(
            [sys.executable, "-m", "analyser", *command, "--db", str(database)],
            capture_output=True,
            cwd=folder,
            env=clean() | {"PYTHONPATH": str(PROJECT)},
            check=False,
        )
        if done.returncode not in (0, 3):
            raise SystemExit(f"{command[0]} ended with {done.returncode}: {done.stderr.decode()}")
    return database


def main(choice: str) -> int:
    """Install the versions of this choice, run everything with them and here, print what differs."""
    asked = _CHOICES[choice](wanted())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        venv.create(folder / "venv", with_pip=True)
        python = str(folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *asked], check=True)
        frozen = subprocess.run([python, "-m", "pip", "list", "--format", "freeze"], capture_output=True, check=True)
        names = {one.name.lower() for one in wanted()}
        installed = [line for line in frozen.stdout.decode().split() if line.split("==")[0].lower() in names]
        print("with", ", ".join(installed))
        stored = _stored(folder)
        here = list(set_of_commands(sys.executable, stored, folder / "here"))
        there = list(set_of_commands(python, stored, folder / "there"))
    found = differences(here, there)
    print("\n".join(found))
    print(f"{len(here)} commands, {len(found)} end in another way")
    return 1 if found else 0


if __name__ == "__main__":
    if sys.argv[1:] not in [[one] for one in _CHOICES]:
        raise SystemExit("which versions: lowest or newest")
    raise SystemExit(main(sys.argv[1]))
