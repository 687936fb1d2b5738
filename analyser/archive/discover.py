"""From sources to shards: which files there are, and how they are cut into units of work.

A path is known by a hash and shown by its last part, so that no output tells where on a machine something lies.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from analyser.archive.containers import (
    has_container_name,
    is_container,
    stream_members,
    zip_directory,
    zip_trouble,
)
from analyser.archive.quarantine import Code, Trouble
from analyser.archive.settings import ReadSettings
from analyser.archive.shard import Entry, Shard, ZipPlace
from analyser.errors import UsageError
from analyser.identity import redacted

_SHARD_BYTES = 4 * 2**20
_SHARD_ENTRIES = 500


@dataclass(frozen=True, slots=True)
class FileStat:
    """A file of a source, as its folder tells of it."""

    path: Path
    source_key: str
    member_key: str
    source: str
    member: str
    size: int
    mtime_ns: int | None
    container: bool
    problem: Code | None = None


def survey(sources: Sequence[Path]) -> Iterator[FileStat]:
    """Every file of the sources, in a stable order. Raises UsageError for a source that does not exist."""
    for source in sources:
        if not source.exists():
            raise UsageError(
                f"the source ‘{redacted(source.name or str(source))}’ does not exist",
                "name a file, a folder or a container (.zip, .tar, .tar.gz, .tar.zst)",
            )
    for source in sources:
        yield from _survey_source(source)


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
        yield _stat(real, source_key, name, real.name)
        return
    closed: list[OSError] = []
    for folder, folders, files in os.walk(real, onerror=closed.append):
        folders.sort()
        for child in sorted([*files, *(f for f in folders if os.path.islink(os.path.join(folder, f)))]):  # noqa: PTH114, PTH118
            path = Path(folder) / child
            yield _stat(path, source_key, name, path.relative_to(real).as_posix())
    for error in closed:
        path = Path(error.filename)
        member = path.relative_to(real).as_posix()
        key = _hash(f"{source_key}\x1f{member}")
        yield FileStat(path, source_key, key, name, redacted(member), 0, None, False, Code.UNREADABLE)


def _stat(path: Path, source_key: str, source: str, member: str) -> FileStat:
    key = _hash(f"{source_key}\x1f{member}")
    shown = redacted(member)
    try:
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            return FileStat(path, source_key, key, source, shown, 0, None, False, Code.SPECIAL_FILE)
    except OSError:
        return FileStat(path, source_key, key, source, shown, 0, None, False, Code.UNREADABLE)
    if not stat.S_ISREG(found.st_mode):
        return FileStat(path, source_key, key, source, shown, 0, None, False, Code.SPECIAL_FILE)
    container = has_container_name(path.name)
    return FileStat(path, source_key, key, source, shown, found.st_size, found.st_mtime_ns, container)


def _entries(files: Iterable[FileStat], settings: ReadSettings) -> Iterator[Entry]:
    for file in files:
        plain = Entry(
            file.source_key,
            file.member_key,
            file.member_key,
            file.source,
            file.member,
            file.size,
            file.mtime_ns,
            path=str(file.path),
            trouble=file.problem,
        )
        if file.container and file.problem is None:
            yield from _container_entries(file, plain, settings)
        else:
            yield plain


def _container_entries(file: FileStat, plain: Entry, settings: ReadSettings) -> Iterator[Entry]:
    try:
        with file.path.open("rb") as opened:
            head = opened.read(512)
    except OSError:
        yield plain
        return
    if not is_container(head):
        yield plain  # the name says container, the bytes do not: read as what it is
        return
    members = _zip_entries(file, settings) if head.startswith(b"PK") else _stream_entries(file, settings)
    for count, entry in enumerate(members, 1):
        if count > settings.limits.container_members:
            yield _member(file, "", count, trouble=Code.TOO_MANY_MEMBERS)
            break
        yield entry
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


def _zip_entries(file: FileStat, settings: ReadSettings) -> Iterator[Entry]:
    try:
        directory = zip_directory(file.path)
    except Trouble as unreadable:
        yield _member(file, "", 0, trouble=unreadable.code)
        return
    limits = settings.limits
    budget = min(limits.container_bytes, limits.expansion_free + file.size * limits.expansion)
    path = str(file.path)
    for number, info in enumerate(directory):
        if info.is_dir():
            continue
        budget -= info.file_size
        if budget < 0:
            yield _member(file, info.filename, number, trouble=Code.EXPANSION)
            return
        trouble = zip_trouble(info, limits)
        place = ZipPlace(path, info.header_offset, info.compress_size, info.file_size, info.CRC, info.compress_type)
        yield _member(file, info.filename, number, size=info.file_size, place=place, trouble=trouble)


def _stream_entries(file: FileStat, settings: ReadSettings) -> Iterator[Entry]:
    try:
        with file.path.open("rb") as opened:
            for number, (name, data, trouble) in enumerate(stream_members(opened, file.size, settings.limits)):
                yield _member(file, name, number, size=len(data or b""), data=data, trouble=trouble)
    except OSError:
        yield _member(file, "", -1, trouble=Code.UNREADABLE)


def _member(
    file: FileStat,
    name: str,
    number: int,
    *,
    size: int = 0,
    place: ZipPlace | None = None,
    data: bytes | None = None,
    trouble: Code | None = None,
) -> Entry:
    return Entry(
        file.source_key,
        _hash(f"{file.member_key}\x1f{number}\x1f{name}"),
        file.member_key,
        file.source,
        f"{file.member}!{redacted(name)}",
        size,
        zip_place=place,
        data=data,
        trouble=trouble,
        depth=1,
    )


def _hash(text: str) -> str:
    return blake2b(text.encode(errors="surrogateescape"), digest_size=16).hexdigest()
