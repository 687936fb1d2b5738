"""Names of files and members, which come from outside, as they may be kept and shown."""

from __future__ import annotations

from analyser.national.identifiers import redacted

_SHOWN = 1_000


def shown(name: str) -> str:
    """A name from outside as it may be kept and shown: nothing of a person, nothing that steers a terminal."""
    told = redacted(name)
    return told if len(told) <= _SHOWN else f"{told[: _SHOWN // 2]}…{told[-_SHOWN // 2 :]}"
