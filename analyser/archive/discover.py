"""From sources to shards: which files there are, and how they are cut into units of work.

A path is known by a hash and shown by its last part, so that no output tells where on a machine something lies.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from analyser.archive.containers import has_container_name, is_container, judged, stream_members
from analyser.archive.pool import Pool, Shares
from analyser.archive.quarantine import Code, Trouble
from analyser.archive.regular import open_regular
from analyser.archive.settings import ReadSettings
from analyser.archive.shard import Entry, Shard, shown
from analyser.archive.zips import ZipDirectory, ZipPlace
from analyser.errors import UsageError
from analyser.identity import redacted

# Large enough that what a shard costs apart from its members is little, small enough to hold a few of them in memory.
_SHARD_BYTES = 8 * 2**20
_SHARD_ENTRIES = 1_000
# For estimates of the work left: bytes of a plain file, and how many a packed byte becomes.
_PLAIN_WEIGHT = 10_000
PACKED_WEIGHT = 3
# What a zip holds for each member beside its bytes and twice its name.
_ZIP_HEADERS = 76


class FileStat(NamedTuple):
    """A file of a source, as its folder tells of it."""

    path: str
    source_key: str
    member_key: str
    source: str
    member: str
    """Its path inside the source, as it is: it is made fit to be shown when the file is read."""
    size: int
    mtime_ns: int | None
    container: bool
    problem: Code | None = None


def survey(sources: Sequence[Path]) -> Iterator[FileStat]:
    """Every file of the sources, in a stable order. Raises UsageError for a source that does not exist."""
    for source in sources:
        if not source.exists():
            raise UsageError("archive.no_source", source=redacted(source.name or str(source)))
    for source in sources:
        yield from _survey_source(source)


def weigh(sources: Sequence[Path]) -> int:
    """Roughly how much there is to read, by names and by the sizes of containers. What cannot be had weighs nothing."""
    weight = 0
    waiting = list(sources)
    while waiting:
        place = waiting.pop()
        # A path may be too long to ask for: this way of asking says no instead of raising.
        if not os.path.isdir(place):  # noqa: PTH112
            with suppress(OSError):
                weight += PACKED_WEIGHT * place.stat().st_size if has_container_name(place.name) else _PLAIN_WEIGHT
            continue
        with suppress(OSError), os.scandir(place) as listing:
            for child in listing:
                if child.is_dir(follow_symlinks=False):
                    waiting.append(Path(child.path))
                elif has_container_name(child.name):
                    weight += PACKED_WEIGHT * child.stat(follow_symlinks=False).st_size
                else:
                    weight += _PLAIN_WEIGHT
    return weight


def weight_of(file: FileStat) -> int:
    """What a file adds to `weigh`."""
    return PACKED_WEIGHT * file.size if file.container else _PLAIN_WEIGHT


def shards(files: Iterable[FileStat], settings: ReadSettings) -> Iterator[Shard]:
    """Cut files into shards; containers are opened here and streamed."""
    waiting: list[Entry] = []
    weight = 0
    for entry in _entries(files, settings):
        waiting.append(entry)
        weight += entry.size
        if weight >= _SHARD_BYTES or len(waiting) >= _SHARD_ENTRIES:
            yield Shard(tuple(waiting))
            waiting, weight = [], 0
    if waiting:
        yield Shard(tuple(waiting))


def _survey_source(source: Path) -> Iterator[FileStat]:
    real = source.resolve()
    name = redacted(real.name)
    source_key = _hash(str(real))
    if not real.is_dir():
        yield _stat(str(real), real.lstat, source_key, name, real.name)
        return
    # Texts, not paths: a county's archive may be a million files, and each run looks at all of them.
    waiting = [(str(real), "")]
    while waiting:
        folder, prefix = waiting.pop()
        inner: list[tuple[str, str]] = []
        try:
            with os.scandir(folder) as listing:
                children = sorted(listing, key=lambda child: child.name)
        except OSError:
            member = prefix.removesuffix("/") or "."
            key = _hash(f"{source_key}\x1f{member}")
            yield FileStat(folder, source_key, key, name, member, 0, None, False, Code.UNREADABLE)
            continue
        for child in children:
            if child.is_dir(follow_symlinks=False):
                inner.append((child.path, f"{prefix}{child.name}/"))
            else:
                yield _stat(
                    child.path, partial(child.stat, follow_symlinks=False), source_key, name, prefix + child.name
                )
        waiting.extend(reversed(inner))


def _stat(path: str, lstat: Callable[[], os.stat_result], source_key: str, source: str, member: str) -> FileStat:
    key = _hash(f"{source_key}\x1f{member}")
    try:
        found = lstat()
    except OSError:
        return FileStat(path, source_key, key, source, member, 0, None, False, Code.UNREADABLE)
    # A link is no ordinary file either: it is not followed.
    if not stat.S_ISREG(found.st_mode):
        return FileStat(path, source_key, key, source, member, 0, None, False, Code.SPECIAL_FILE)
    return FileStat(
        path, source_key, key, source, member, found.st_size, found.st_mtime_ns, has_container_name(member), None
    )


def _entries(files: Iterable[FileStat], settings: ReadSettings) -> Iterator[Entry]:
    for listed in files:
        file = listed._replace(member=shown(listed.member))
        plain = Entry(
            file.source_key,
            file.member_key,
            file.member_key,
            file.source,
            file.member,
            file.size,
            file.mtime_ns,
            path=file.path,
            trouble=file.problem,
        )
        if file.container and file.problem is None:
            yield from _container_entries(file, plain, settings)
        else:
            yield plain


def _container_entries(file: FileStat, plain: Entry, settings: ReadSettings) -> Iterator[Entry]:
    try:
        with open_regular(file.path) as opened:
            head = opened.read(512)
    except (Trouble, OSError):
        yield plain  # whoever reads it will say why it cannot be read
        return
    if not is_container(head):
        yield plain  # the name says container, the bytes do not: read as what it is
        return
    try:
        yield from _zip_entries(file, settings) if head.startswith(b"PK") else _stream_entries(file, settings)
    except MemoryError:
        yield _member(file, "", -3, trouble=Code.TOO_MUCH_MEMORY)
    except Exception:  # noqa: BLE001  one container must not stop the others; it is set aside and named
        yield _member(file, "", -3, trouble=Code.READER_FAILED)
    if _changed(file):
        yield _member(file, "", -2, trouble=Code.CHANGED)
    yield Entry(
        file.source_key,
        file.member_key,
        file.member_key,
        file.source,
        file.member,
        file.size,
        file.mtime_ns,
        finished_container=True,
    )


def _changed(file: FileStat) -> bool:
    """Whether a file is another one than it was when its folder was listed."""
    try:
        now = os.lstat(file.path)
    except OSError:
        return True
    return (now.st_size, now.st_mtime_ns) != (file.size, file.mtime_ns)


def _zip_entries(file: FileStat, settings: ReadSettings) -> Iterator[Entry]:
    limits = settings.limits
    pool = Pool.of(file.size, limits)
    shares = Shares(limits)
    path = file.path
    with open_regular(path) as opened:
        try:
            directory = ZipDirectory(opened, limits)
        except Trouble as unreadable:
            yield _member(file, "", 0, trouble=unreadable.code)
            return
        for number, entry, trouble in judged(directory, limits, pool):
            name = entry.name if entry else ""
            if entry is None or trouble is not None:
                yield _member(file, name, number, trouble=trouble)
                continue
            _, offset, compressed, size, crc, method, _, _ = entry
            place = ZipPlace(path, offset, compressed, size, crc, method)
            share = shares.of(size, compressed)
            packed = compressed + _ZIP_HEADERS + 2 * len(name)
            yield _member(file, name, number, size=size, place=place, allowance=share, packed=packed)


def _stream_entries(file: FileStat, settings: ReadSettings) -> Iterator[Entry]:
    pool = Pool.of(file.size, settings.limits)
    before = 0
    try:
        with open_regular(file.path) as opened:
            for number, found in enumerate(stream_members(opened, settings.limits, pool)):
                packed, before = opened.tell() - before, opened.tell()
                yield _member(
                    file,
                    found.name,
                    number,
                    size=len(found.data or b""),
                    data=found.data,
                    trouble=found.trouble,
                    allowance=found.allowance,
                    packed=packed,
                )
    except Trouble as trouble:
        yield _member(file, "", -1, trouble=trouble.code)


def _member(
    file: FileStat,
    name: str,
    number: int,
    *,
    size: int = 0,
    place: ZipPlace | None = None,
    data: bytes | None = None,
    trouble: Code | None = None,
    allowance: int = 0,
    packed: int = 0,
) -> Entry:
    return Entry(
        file.source_key,
        _hash(f"{file.member_key}\x1f{number}\x1f{name}"),
        file.member_key,
        file.source,
        f"{file.member}!{shown(name)}",
        size,
        zip_place=place,
        data=data,
        trouble=trouble,
        depth=1,
        allowance=allowance,
        packed=packed,
    )


def _hash(text: str) -> str:
    return blake2b(text.encode(errors="surrogateescape"), digest_size=16).hexdigest()
