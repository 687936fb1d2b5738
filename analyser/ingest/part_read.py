"""Reading one part of an archive, and loading all of them: `ingest --part i/N` and `ingest --from`.

Every part goes through the whole of the sources and cuts it into shards as an ordinary ingest does; shard k belongs to
part k mod N. What is read is left in a protected file. Loading takes the shards in their order, whichever part each
lies in, so that the database is what one ingest makes it.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from analyser import __version__
from analyser.archive.files.discover import FileStat, hashed, shards, survey
from analyser.archive.files.entries import Shard
from analyser.archive.files.spill import Spilled
from analyser.archive.reader import READER
from analyser.archive.records import SCHEMAS
from analyser.archive.settings import ReadSettings, Strictness
from analyser.ingest.isolated_reader import Opener
from analyser.ingest.loader import Loader
from analyser.ingest.part_file import ReadPart, assert_folder, hash_of, named, written
from analyser.ingest.parts import (
    Found,
    PartManifest,
    Share,
    gathered,
    is_sound,
    manifest_name,
    of_database,
    read_manifest,
    settings_that_matter,
    write_manifest,
)
from analyser.ingest.pool import Tables, read_watched, reading_context, seldom_collected
from analyser.ingest.progress import Counts, IngestProgress, IngestStage
from analyser.ingest.run import (
    IngestSummary,
    Looked,
    batches,
    documents_held,
    older_of,
    open_ends_changed,
    tidied,
)
from analyser.messages.errors import UsageError
from analyser.national.identifiers import redacted
from analyser.store.audit import note
from analyser.store.database import Database, assert_persons_known
from analyser.store.keeping import ListedFiles
from analyser.store.overflow import lives

_WINDOW = 50
"""Shards that are loaded together: some 50,000 members at most."""
_SURVEYED_AT_ONCE = 5_000
_LISTED = ("listed", "source", "shut")
_COUNTED = ("document", "frame", "acknowledgement", "quarantine", "passed-over", "container", "bytes")

Progress = Callable[[IngestProgress], None] | None


@dataclass(frozen=True, slots=True)
class PartRead:
    """What reading a part did."""

    manifest: PartManifest
    stood: bool
    """The part was there already, whole and of the same sources: nothing was read."""


def read_part(
    asked: Share,
    folder: Path,
    sources: Sequence[Path],
    settings: ReadSettings,
    *,
    workers: int = 1,
    progress: Progress = None,
) -> PartRead:
    """Leave one part of the sources in the folder; one that is there and still valid stays.

    Raises UsageError when a source does not exist, all of them together hold no file, or the folder lies in a source.
    """
    for source in sources:
        if source.is_dir() and folder.resolve().is_relative_to(source.resolve()):
            raise UsageError("part.in_source", folder=folder.name, source=redacted(source.name or str(source)))
    assert_folder(folder)
    place = folder / manifest_name(asked)
    before = read_manifest(place)
    if before is not None and _stands(Found(place, before), asked, sources, settings):
        return PartRead(before, True)
    counts = Counts(sources, progress)
    walk = _Walk(asked, sources, settings, counts)
    _remove_left(folder, place.stem)
    made = folder / f".{place.stem}.{_machine()}-{os.getpid()}"
    with seldom_collected(), walk.opener, written(made) as file:
        # Never in this process: a part begins anew when it is killed, and would be killed again.
        for tables in read_watched(walk.of_part(), settings, workers):
            counts.read(tables["member"])
            file.add(walk.shard_of(tables["member"]), tables)
        if not walk.files:
            names = ", ".join(f"‘{source.name}’" for source in sources)
            raise UsageError("archive.no_files", sources=names)
        counts.tell(IngestStage.LOADING)
        if asked.part == 1:
            file.keep(walk.seen.tables())
        content = file.content()
    data = named(made, f"{place.stem}-{content[:16]}.part")
    manifest = PartManifest(
        part=asked.part,
        parts=asked.parts,
        tool_version=__version__,
        reader=READER,
        database=of_database(settings.secret),
        sources=_keys(sources),
        names=tuple(redacted(source.resolve().name) for source in sources),
        surveyed=walk.told,
        settings=settings_that_matter(settings),
        shards=walk.shards,
        files=walk.files,
        counts={name: counts.found[name] for name in _COUNTED},
        data=data.name,
        size=data.stat().st_size,
        sha256=hash_of(data),
        content=content,
    )
    write_manifest(place, manifest)
    if before is not None and before.data != data.name:
        place.with_name(before.data).unlink(missing_ok=True)
    return PartRead(manifest, False)


def _machine() -> str:
    """This machine, among those that leave parts in one folder."""
    return hashed(socket.gethostname())[:8]


def _remove_left(folder: Path, stem: str) -> None:
    """Remove what killed processes of this machine began to write of this part."""
    if os.name != "posix":  # elsewhere asking for a process may end it
        return
    own = re.compile(rf"\.{re.escape(stem)}\.{_machine()}-(\d+)(\..+)?")
    for entry in [*os.scandir(folder)]:
        if (match := own.fullmatch(entry.name)) and not lives(match[1]):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                Path(entry.path).unlink(missing_ok=True)


def load_parts(database: Database, folder: Path, settings: ReadSettings, *, progress: Progress = None) -> IngestSummary:
    """Load all parts of a folder, as one ingest of their sources would have read them.

    Raises UsageError and PartsMissingError as `gathered`; then nothing was loaded.
    """
    assert_persons_known(database, "no_document")
    connection = database.connection
    found = gathered(folder, settings)
    first = found[0].manifest
    strict = Strictness(first.settings["xsd"] or None, first.settings["sosmeta"] or None)
    note(database, "ingest", {"state": "begun", "sources": len(first.sources), "parts": first.parts})
    counts = Counts((), progress)
    changed = open_ends_changed(connection, settings)
    older = older_of(connection, first.sources)
    before = documents_held(connection)
    with ExitStack() as stack:
        files = [_opened(one, stack) for one in found]
        listed = files[0].listed(_LISTED)
        with seldom_collected(), Loader(connection, strict) as loader:
            for batch in batches(_in_order(files, first.shards), counts):
                loader.load(batch)
            counts.tell(IngestStage.LOADING)
    looked = Looked(first.files, unchanged=0, checked_less=0, read_older=older)
    return tidied(database, looked, counts, listed, before, changed, first.settings["validate"])


def _opened(found: Found, stack: ExitStack) -> ReadPart:
    part = ReadPart(found.data)
    stack.callback(part.close)
    return part


def _in_order(files: Sequence[ReadPart], last: int) -> Iterator[Tables]:
    """The shards in their order: what begins a container is loaded before what ends it."""
    for first in range(0, last, _WINDOW):
        pieces = [file.between(first, first + _WINDOW) for file in files]
        yield {name: pa.concat_tables([piece[name] for piece in pieces]) for name in SCHEMAS}


def _stands(found: Found, asked: Share, sources: Sequence[Path], settings: ReadSettings) -> bool:
    """Whether a part that is there is what reading it again would leave, as far as that is known without reading."""
    told = found.manifest
    same = (
        told.share == asked
        and (told.tool_version, told.reader) == (__version__, READER)
        and told.database == of_database(settings.secret)
        and told.settings == settings_that_matter(settings)
        and told.sources == _keys(sources)
    )
    if not same or not is_sound(found):
        return False
    walk = _Walk(asked, sources, settings, Counts((), None))
    with walk.opener:
        for shard in walk.of_part():
            _let_go(shard)
    return walk.told == told.surveyed


def _keys(sources: Sequence[Path]) -> tuple[str, ...]:
    return tuple(hashed(str(source.resolve())) for source in sources)


class _Walk:
    """Goes through the sources, hands out the shards of one part, and knows afterwards what was found."""

    def __init__(self, asked: Share, sources: Sequence[Path], settings: ReadSettings, counts: Counts) -> None:
        self.opener = Opener(settings, reading_context)
        self.seen = ListedFiles()
        self.files = 0
        self.shards = 0
        self._asked = asked
        self._counts = counts
        self._cut = shards(self._listed(survey(sources, settings.pass_over)), settings, self.opener)
        self._digest = blake2b(digest_size=16)
        self._under_way: deque[tuple[int, str]] = deque()

    @property
    def told(self) -> str:
        """A hash of all that was found."""
        return self._digest.hexdigest()

    def of_part(self) -> Iterator[Shard]:
        """The shards of the part."""
        return self._counts.handed_out(self._own())

    def shard_of(self, members: pa.Table) -> int:
        """The number of the shard that gave these; what is given comes in the order of the shards."""
        number, last = self._under_way[0]
        if pc.any(pc.equal(members.column("member_key"), last)).as_py():
            self._under_way.popleft()
        return number

    def _own(self) -> Iterator[Shard]:
        for number, shard in enumerate(self._cut):
            self.shards = number + 1
            for entry in shard.entries:
                self._digest.update(repr((number, entry.member_key, entry.size, entry.trouble)).encode())
            if self._asked.has(number):
                self._under_way.append((number, shard.entries[-1].member_key))
                yield shard
            else:
                _let_go(shard)
                self._counts.left_to_others(shard)

    def _listed(self, found: Iterator[FileStat]) -> Iterator[FileStat]:
        waiting: list[FileStat] = []
        for file in found:
            self.files += 1
            self._counts.listed(file, changed=True)
            told = (file.member_key, file.size, file.mtime_ns, file.problem, file.passed_over)
            self._digest.update(repr(told).encode())
            waiting.append(file)
            if len(waiting) == _SURVEYED_AT_ONCE:
                self.seen.note(waiting)
                waiting = []
            yield file
        self.seen.note(waiting)


def _let_go(shard: Shard) -> None:
    """Remove what lies in files because it did not fit into memory: nobody is going to read it."""
    for entry in shard.entries:
        if isinstance(entry.data, Spilled):
            entry.data.remove()
