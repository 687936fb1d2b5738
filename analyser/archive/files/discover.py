"""From sources to shards: which files there are, and how they are cut into units of work.

A path is known by a hash and shown by its last part, so that no output tells where on a machine something lies.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from hashlib import blake2b, sha256
from pathlib import Path
from typing import NamedTuple

from analyser.archive.files.allowance import Pool, Shares
from analyser.archive.files.containers import (
    damaged_kind,
    has_container_name,
    is_container,
    judged,
    stream_members,
    zip_members,
)
from analyser.archive.files.entries import Shard, ShardEntry
from analyser.archive.files.names import shown
from analyser.archive.files.regular import open_regular
from analyser.archive.files.spill import Data, Spilled, size_of
from analyser.archive.files.zipped import ZipPlace
from analyser.archive.files.zips import ZipDirectory
from analyser.archive.pass_over import PassOver
from analyser.archive.quarantine import Code, Trouble, failed
from analyser.archive.settings import ReadSettings
from analyser.archive.time_limit import OutOfTime, limited, restart
from analyser.messages.errors import UsageError
from analyser.national.identifiers import redacted

# Large enough that what a shard costs apart from its members is little, small enough to hold a few of them in memory.
_SHARD_BYTES = 8 * 2**20
_SHARD_ENTRIES = 1_000
# For estimates of the work left: bytes of a plain file, and how many a packed byte becomes.
_PLAIN_WEIGHT = 10_000
PACKED_WEIGHT = 3
# Touched less than this before it was listed, a file may be touched again at the same moment of a coarse clock.
_COARSE_NS = 2_000_000_000
_READ_AT_ONCE = 2**20
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
    passed_over: bool = False
    """No document by its name: it is counted and not read."""
    ctime_ns: int | None = None
    """When its content or its entry was last touched, which nobody can set; None where that tells nothing."""


_EVERYBODYS = PassOver()


def survey(sources: Sequence[Path], over: PassOver = _EVERYBODYS) -> Iterator[FileStat]:
    """Every file of the sources, in a stable order. Raises UsageError for a source that does not exist."""
    for source in sources:
        if not source.exists():
            raise UsageError("archive.no_source", source=redacted(source.name or str(source)))
    for source in sources:
        yield from _survey_source(source, over)


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


Opener = Callable[[FileStat], Iterator[ShardEntry]]
"""Opens containers elsewhere."""


def shards(files: Iterable[FileStat], settings: ReadSettings, opener: Opener | None = None) -> Iterator[Shard]:
    """Cut files into shards; containers are opened and streamed, by `opener` where there is one."""
    waiting: list[ShardEntry] = []
    weight = 0
    for entry in _entries(files, settings, opener):
        waiting.append(entry)
        weight += entry.size
        if weight >= _SHARD_BYTES or len(waiting) >= _SHARD_ENTRIES:
            yield Shard(tuple(waiting))
            waiting, weight = [], 0
    if waiting:
        yield Shard(tuple(waiting))


def _survey_source(source: Path, over: PassOver) -> Iterator[FileStat]:
    real = source.resolve()
    name = redacted(real.name)
    source_key = hashed(str(real))
    if not real.is_dir():
        yield _stat(str(real), real.stat, source_key, name, real.name)
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
            key = hashed(f"{source_key}\x1f{member}")
            yield FileStat(folder, source_key, key, name, member, 0, None, False, Code.UNREADABLE)
            continue
        passed_over = over.among(prefix)
        for child in children:
            if child.is_dir(follow_symlinks=False):
                inner.append((child.path, f"{prefix}{child.name}/"))
            elif passed_over(child.name) or over.is_own(child.path):
                # Its size and time are nobody's concern: those of the own database are others at each run.
                member = prefix + child.name
                key = hashed(f"{source_key}\x1f{member}")
                yield FileStat(child.path, source_key, key, name, member, 0, 0, False, passed_over=True, ctime_ns=0)
            else:
                yield _stat(child.path, child.stat, source_key, name, prefix + child.name)
        waiting.extend(reversed(inner))


def _stat(path: str, status: Callable[..., os.stat_result], source_key: str, source: str, member: str) -> FileStat:
    key = hashed(f"{source_key}\x1f{member}")
    try:
        found = status(follow_symlinks=False)
    except OSError:
        return FileStat(path, source_key, key, source, member, 0, None, False, Code.UNREADABLE)
    # A link is no ordinary file either: it is not followed.
    if not stat.S_ISREG(found.st_mode):
        return FileStat(path, source_key, key, source, member, 0, None, False, Code.SPECIAL_FILE)
    touched = found.st_ctime_ns if found.st_ctime_ns < time.time_ns() - _COARSE_NS else None
    container = has_container_name(member)
    return FileStat(
        path, source_key, key, source, member, found.st_size, found.st_mtime_ns, container, ctime_ns=touched
    )


def _entries(files: Iterable[FileStat], settings: ReadSettings, opener: Opener | None) -> Iterator[ShardEntry]:
    for listed in files:
        member = shown(listed.member)
        file = listed if member == listed.member else listed._replace(member=member)
        if file.container and file.problem is None:
            yield from container_entries(file, settings) if opener is None else opener(file)
        else:
            yield _plain(file)


def _plain(file: FileStat) -> ShardEntry:
    return ShardEntry(
        file.source_key,
        file.member_key,
        file.member_key,
        file.source,
        file.member,
        file.size,
        file.mtime_ns,
        path=file.path,
        trouble=file.problem,
        passed_over=file.passed_over,
        ctime_ns=file.ctime_ns,
    )


def container_entries(file: FileStat, settings: ReadSettings) -> Iterator[ShardEntry]:
    """The members of a file that has a container's name, and at last that it has been read to its end."""
    plain = _plain(file)
    try:
        with open_regular(file.path) as opened:
            head = opened.read(512)
    except (Trouble, OSError):
        yield plain  # whoever reads it will say why it cannot be read
        return
    damaged = None
    if not is_container(head):
        damaged = damaged_kind(file.path, head)
        if damaged is None:
            yield plain  # the name says container, the bytes do not: read as what it is
            return
    is_zip = head.startswith(b"PK") or damaged is zip_members
    try:
        entries = _zip_entries(file, settings) if is_zip else _stream_entries(file, settings)
        # A zip's directory is read in one go; what a stream gives may keep its reader busy at each member.
        yield from entries if is_zip else _timed(entries, settings.limits.document_seconds)
    except OutOfTime:
        yield _member(file, "", -4, trouble=Code.TOO_SLOW)
    except MemoryError:
        yield _member(file, "", -3, trouble=Code.TOO_MUCH_MEMORY)
    except Exception as error:  # noqa: BLE001  one container must not stop the others; it is set aside and named
        yield _member(file, "", -3, trouble=Code.READER_FAILED, place=failed(error).place)
    key = content_key(file.path)
    if _changed(file):
        yield _member(file, "", -2, trouble=Code.CHANGED)
        key = None
    yield _finished(file, key)


def given_up(file: FileStat, code: Code) -> Iterator[ShardEntry]:
    """What is said of a container that killed or held the process that opened it, after what it gave before."""
    yield _member(file, "", -5, trouble=code)
    yield _finished(file)


def _timed(entries: Iterator[ShardEntry], seconds: int) -> Iterator[ShardEntry]:
    """The same, each within its time. Raises OutOfTime."""
    while True:
        with limited(seconds):
            restart()
            entry = next(entries, None)
        if entry is None:
            return
        yield entry


def _finished(file: FileStat, key: str | None = None) -> ShardEntry:
    return ShardEntry(
        file.source_key,
        file.member_key,
        file.member_key,
        file.source,
        file.member,
        file.size,
        file.mtime_ns,
        finished_container=True,
        ctime_ns=file.ctime_ns,
        content_key=key,
    )


def _changed(file: FileStat) -> bool:
    """Whether a file is another one than it was when its folder was listed."""
    try:
        now = os.lstat(file.path)
    except OSError:
        return True
    return (now.st_size, now.st_mtime_ns) != (file.size, file.mtime_ns)


def _zip_entries(file: FileStat, settings: ReadSettings) -> Iterator[ShardEntry]:
    limits = settings.limits
    pool = Pool.of(file.size, limits)
    shares = Shares(limits)
    path = file.path
    with open_regular(path) as opened:
        try:
            directory = ZipDirectory(opened, limits)
        except Trouble as unreadable:
            yield _member(file, "", 0, trouble=unreadable.code, place=unreadable.place)
            return
        for number, entry, trouble, place, folder in judged(directory, limits, pool):
            name = entry.name if entry else ""
            if entry is None or trouble is not None or folder or settings.pass_over.name(name):
                over = folder or (entry is not None and settings.pass_over.name(name))
                yield _member(file, name, number, trouble=trouble, place=place, passed_over=over)
                continue
            _, offset, compressed, size, crc, method, flags, _, ends = entry
            lies = ZipPlace(path, offset, compressed, size, crc, method, flags, ends)
            share = shares.of(size, compressed)
            packed = compressed + _ZIP_HEADERS + 2 * len(name)
            yield _member(file, name, number, size=size, zip_place=lies, allowance=share, packed=packed)


def _stream_entries(file: FileStat, settings: ReadSettings) -> Iterator[ShardEntry]:
    pool = Pool.of(file.size, settings.limits)
    before = 0
    try:
        with open_regular(file.path) as opened:
            for number, found in enumerate(stream_members(opened, settings.limits, pool, settings.overflow)):
                packed, before = opened.tell() - before, opened.tell()
                over = found.folder or settings.pass_over.name(found.name)
                yield _member(
                    file,
                    found.name,
                    number,
                    size=0 if found.data is None or over else size_of(found.data),
                    data=found.data if isinstance(found.data, Spilled) or not over else None,
                    trouble=found.trouble,
                    place=found.place,
                    passed_over=over,
                    allowance=found.allowance,
                    packed=packed,
                )
    except Trouble as trouble:
        yield _member(file, "", -1, trouble=trouble.code, place=trouble.place)


def _member(
    file: FileStat,
    name: str,
    number: int,
    *,
    size: int = 0,
    zip_place: ZipPlace | None = None,
    data: Data | None = None,
    trouble: Code | None = None,
    place: str | None = None,
    passed_over: bool = False,
    allowance: int = 0,
    packed: int = 0,
) -> ShardEntry:
    return ShardEntry(
        file.source_key,
        hashed(f"{file.member_key}\x1f{number}\x1f{name}"),
        file.member_key,
        file.source,
        f"{file.member}!{shown(name)}",
        size,
        zip_place=zip_place,
        data=data,
        trouble=trouble,
        place=place,
        passed_over=passed_over,
        depth=1,
        allowance=allowance,
        packed=packed,
    )


def content_key(path: str) -> str | None:
    """How the bytes of an ordinary file are known, as `member.content_hash` has it; None when they cannot be had."""
    digest = sha256()
    try:
        with open_regular(path) as file:
            while part := file.read(_READ_AT_ONCE):
                digest.update(part)
    except (Trouble, OSError):
        return None
    return digest.hexdigest()[:32]


def hashed(text: str) -> str:
    """How a path or a name is known: by a hash that tells nothing of it."""
    return blake2b(text.encode(errors="surrogateescape"), digest_size=16).hexdigest()
