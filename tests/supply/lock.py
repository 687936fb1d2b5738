"""The lock file: every package that an installation with all extras for users brings, pinned and held to its hashes."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parents[2]
LOCK = PROJECT / "requirements.lock"
EXTRAS = ("encryption", "keyring", "postgresql")
"""Extras that a county installs; the others are for developing, or for machines that are set up apart (odbc, dask)."""

_ENTRY = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[^ ;]+)(?: ; (?P<marker>.+))?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Pinned:
    """One package of the lock."""

    name: str
    version: str
    marker: str | None
    """Where it is needed; None: everywhere."""
    hashes: tuple[str, ...]
    """SHA-256 of each file of the release, for every system and Python that it is built for."""


def pinned(text: str) -> list[Pinned]:
    """The entries of a lock file. Raises ValueError for a line that is neither comment nor pinned, hashed entry."""
    found = []
    for entry in re.sub(r" *\\\n *", " ", text).splitlines():
        if not entry or entry.startswith("#"):
            continue
        told, *hashes = entry.split(" --hash=")
        match = _ENTRY.fullmatch(told)
        digests = [_HASH.fullmatch(f"--hash={digest}") for digest in hashes]
        if match is None or not digests or None in digests:
            raise ValueError(f"not a pinned entry with hashes: {entry[:60]}")
        found.append(
            Pinned(match["name"], match["version"], match["marker"], tuple(digest[1] for digest in digests if digest))
        )
    return found


def wanted() -> list[Requirement]:
    """What pyproject.toml asks for, with the extras for users."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for name in EXTRAS for line in project["optional-dependencies"][name])]
    return [Requirement(line) for line in lines]


def plain_name(name: str) -> str:
    """A package's name as the lock writes it."""
    return str(canonicalize_name(name))
