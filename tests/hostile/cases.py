"""The hostile set: named cases, each a folder with one attack and what must become of it.

`codes` are the quarantine codes that the folder's files end in; `documents` how many of its files are read all the same.
Everything is generated, small on disk, and about people who do not exist (individual numbers 900-999).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Writer = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Case:
    """One attack."""

    kind: str
    name: str
    write: Writer
    codes: tuple[str, ...] = ()
    documents: int = 0

    @property
    def folder(self) -> str:
        """Where the case lies in the set."""
        return f"{self.kind}-{self.name}"


def file(name: str, data: bytes | str | Callable[[], bytes]) -> Writer:
    """Writes one file."""

    def write(folder: Path) -> None:
        raw = data() if callable(data) else data
        (folder / name).write_bytes(raw.encode() if isinstance(raw, str) else raw)

    return write


def every_case() -> list[Case]:
    """All cases, in a stable order."""
    from tests.hostile import containers, contents, folders, markup

    return [*markup.CASES, *contents.CASES, *containers.CASES, *folders.CASES]
