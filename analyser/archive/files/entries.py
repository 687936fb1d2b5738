"""What is to be read, before it is: the members of a source, cut into shards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from analyser.archive.files.spill import Data
from analyser.archive.files.zipped import ZipPlace
from analyser.archive.quarantine import Code


class ShardEntry(NamedTuple):
    """One member to read: from a file, from a place in a zip, or from bytes at hand. `trouble` needs no reading."""

    source_key: str
    member_key: str
    file_key: str
    source: str
    member: str
    size: int
    mtime_ns: int | None = None
    path: str | None = None
    zip_place: ZipPlace | None = None
    data: Data | None = None
    trouble: Code | None = None
    place: str | None = None
    """Where in its container the trouble lies."""
    passed_over: bool = False
    """No document by its name: it is counted and not read."""
    finished_container: bool = False
    """Not a member to read: the row that says that a container has been read to its end."""
    depth: int = 0
    allowance: int | None = None
    """Bytes it may give if it is a container; None for a file that lies in none."""
    packed: int = 0
    """Bytes of the outermost container that were gone through for it: how far reading is."""
    ctime_ns: int | None = None
    content_key: str | None = None
    """Of a container that has been read to its end: how its own bytes are known."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Members that are read together."""

    entries: tuple[ShardEntry, ...]
