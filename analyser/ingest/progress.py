"""How far an ingest is. What is shown as done is done: read by a worker, not merely handed to one.

How much there is in all is estimated before the start from names and sizes alone, so the share is told as about.
It reaches 1 only when nothing is left: reading ends below it, and loading and tidying up have names of their own.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from analyser.archive.files.discover import PACKED_WEIGHT, FileStat, weigh, weight_of
from analyser.archive.files.entries import Shard

_MOST = 0.99
"""The share while anything is left to do."""


class IngestStage(StrEnum):
    """What an ingest is busy with."""

    READING = "reading"
    """Documents are read; what is read is loaded meanwhile."""
    LOADING = "loading"
    """All is read; the last batch goes into the database."""
    TIDYING = "tidying"
    """Documents that the same bytes no longer give are dropped."""


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """How far an ingest is."""

    stage: IngestStage
    members: int
    """Documents, frames and whatever else was read."""
    bytes: int
    quarantined: int
    files_listed: int
    share: float
    """Of the work, about: from 0 to 1."""
    seconds: float
    """Since the start."""

    @property
    def rate(self) -> float:
        """Members a second, from the start."""
        return self.members / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """About; None while too little is done to say."""
        return self.seconds * (1 - self.share) / self.share if self.share > 0.02 and self.seconds > 2 else None


class Counts:
    """Counts what an ingest reads, and tells whoever wants to know."""

    def __init__(self, sources: Sequence[Path], tell: Callable[[IngestProgress], None] | None) -> None:
        self.found: Counter[str] = Counter()
        self._tell = tell
        self._whole = weigh(sources) if tell is not None else 0
        self._listed = 0
        self._handed_out = 0
        self._files = 0
        self._started = time.monotonic()

    def listed(self, file: FileStat, *, changed: bool) -> None:
        """A file was looked at. A container that is to be read weighs nothing yet: its members do."""
        self._files += 1
        if not (changed and file.container):
            self._listed += weight_of(file)

    def handed_out(self, work: Iterable[Shard]) -> Iterator[Shard]:
        """The shards, counted as they go to the readers."""
        for shard in work:
            self._handed_out += len(shard.entries)
            self._listed += PACKED_WEIGHT * sum(entry.packed for entry in shard.entries)
            yield shard

    def left_to_others(self, shard: Shard) -> None:
        """A shard that another part of the archive reads: it was gone through, and that is all."""
        self._listed += PACKED_WEIGHT * sum(entry.packed for entry in shard.entries)

    def read(self, members: pa.Table) -> None:
        """Rows of `member` came back from a reader."""
        self.found["member"] += members.num_rows
        self.found["bytes"] += pc.sum(members.column("size")).as_py() or 0
        for outcome in pc.value_counts(members.column("outcome")).to_pylist():
            self.found[outcome["values"]] += outcome["counts"]
        self.tell(IngestStage.READING)

    def tell(self, stage: IngestStage) -> None:
        """Tell how far it is."""
        if self._tell is None:
            return
        listed = self._listed / self._whole if self._whole else 1.0
        done = self.found["member"] / self._handed_out if self._handed_out else 1.0
        self._tell(
            IngestProgress(
                stage,
                self.found["member"],
                self.found["bytes"],
                self.found["quarantine"],
                self._files,
                min(_MOST, listed * min(1.0, done)),
                time.monotonic() - self._started,
            )
        )
