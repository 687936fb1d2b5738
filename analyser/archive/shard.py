"""A shard is the unit of work: some members of a source, read into Arrow tables by a pure, picklable function.

Every member that goes in comes out as exactly one `member` row: a document, a frame, a container, or quarantined.
"""

from __future__ import annotations

import gc
import os
import re
from dataclasses import dataclass
from hashlib import blake2b, sha256

import pyarrow as pa

from analyser.archive.containers import close_zip, expand, is_container, read_zip_member
from analyser.archive.document import HeldBack, add_document, held_back
from analyser.archive.envelope import V3, version_number
from analyser.archive.frames import add_frame
from analyser.archive.moments import local_moment
from analyser.archive.quarantine import Code, Trouble
from analyser.archive.rows import Rows
from analyser.archive.settings import ReadSettings
from analyser.archive.validate import validate_envelope
from analyser.archive.xml import bound, parse
from analyser.errors import KantaGapError
from analyser.identity import redacted

_BUFFER = 65_536
# Not to wait for a pipe that took the file's place; on some systems bytes must be asked for as such.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_INTERACTION = re.compile(r"[A-Z]{4}_IN\d{6}[A-Z]{2}\d{2}")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,40}")
# A tree is counted only when its bytes could make it large or deep at all.
_COUNT_FROM = 200_000


@dataclass(frozen=True, slots=True)
class ZipPlace:
    """Where a member lies in a zip file, as its directory says."""

    path: str
    offset: int
    compressed: int
    size: int
    crc: int
    method: int


@dataclass(frozen=True, slots=True)
class Entry:
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
    data: bytes | None = None
    trouble: Code | None = None
    finished_container: bool = False
    """Not a member to read: the row that says that a container has been read to its end."""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Shard:
    """Members that are read together."""

    entries: tuple[Entry, ...]

    def split(self) -> tuple[Shard, ...]:
        """Two halves; itself when there is but one member."""
        if len(self.entries) < 2:
            return (self,)
        middle = len(self.entries) // 2
        return Shard(self.entries[:middle]), Shard(self.entries[middle:])


def read_shard(shard: Shard, settings: ReadSettings) -> dict[str, pa.Table]:
    """Read all members of a shard; one table for every schema of `records.py`."""
    rows = Rows()
    # Rows pile up and none is garbage: looking for cycles among them costs a third of the time and finds none.
    collecting = gc.isenabled()
    gc.disable()
    try:
        for entry in shard.entries:
            _read_entry(entry, settings, rows)
        return rows.tables()
    finally:
        close_zip()
        if collecting:
            gc.enable()


def worker_died(shard: Shard) -> dict[str, pa.Table]:
    """The tables that say that reading this shard killed the process."""
    rows = Rows()
    for entry in shard.entries:
        _aside(entry, None, Trouble(Code.WORKER_DIED), rows)
    return rows.tables()


def _read_entry(entry: Entry, settings: ReadSettings, rows: Rows) -> None:
    if entry.finished_container:
        _note(entry, None, "container", rows)
        return
    try:
        if entry.trouble is not None:
            raise Trouble(entry.trouble)
        data = _bytes(entry, settings)
    except Trouble as trouble:
        _aside(entry, None, trouble, rows)
        return
    if is_container(data):
        _read_container(entry, data, settings, rows)
        return
    key = sha256(data).hexdigest()[:32]
    mark = rows.mark()
    try:
        outcome = _read_xml(entry, data, key, settings, rows)
    except Trouble as trouble:
        _aside(entry, key, trouble, rows)
    except HeldBack as held:
        _aside(entry, key, held.trouble, rows, held)
    except KantaGapError:
        raise  # a schema of the user's that cannot be read is the user's to know
    except Exception:  # noqa: BLE001  # one document must not stop the others; it is set aside and named
        rows.take_back(mark)
        _aside(entry, key, Trouble(Code.READER_FAILED), rows)
    else:
        _note(entry, key, outcome, rows, len(data))


def _bytes(entry: Entry, settings: ReadSettings) -> bytes:
    if entry.data is not None:
        return entry.data
    if entry.zip_place is not None:
        return read_zip_member(entry.zip_place, settings.limits)
    if entry.size > max(settings.limits.document_bytes, settings.limits.nested_bytes):
        raise Trouble(Code.TOO_LARGE)
    try:
        handle = os.open(entry.path or "", _FLAGS)
    except OSError:
        raise Trouble(Code.UNREADABLE) from None
    try:
        parts = []
        left = max(settings.limits.document_bytes, settings.limits.nested_bytes)
        while part := os.read(handle, _BUFFER):
            parts.append(part)
            left -= len(part)
            if left < 0:
                raise Trouble(Code.TOO_LARGE)
    except OSError:
        raise Trouble(Code.UNREADABLE) from None
    finally:
        os.close(handle)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _read_container(entry: Entry, data: bytes, settings: ReadSettings, rows: Rows) -> None:
    """A container inside a container or under a name that does not say so, held in memory."""
    _note(entry, None, "container", rows, len(data))
    if entry.depth >= settings.limits.nesting:
        _aside(_inner(entry, "", 0), None, Trouble(Code.NESTED_TOO_DEEP), rows)
        return
    for number, (name, content, trouble) in enumerate(expand(data, settings.limits)):
        inner = _inner(entry, name, number, content, trouble)
        _read_entry(inner, settings, rows)


def _inner(entry: Entry, name: str, number: int, content: bytes | None = None, trouble: Code | None = None) -> Entry:
    key = blake2b(f"{entry.member_key}\x1f{number}\x1f{name}".encode(errors="surrogateescape"), digest_size=16)
    return Entry(
        source_key=entry.source_key,
        member_key=key.hexdigest(),
        file_key=entry.file_key,
        source=entry.source,
        member=f"{entry.member}!{redacted(name)}",
        size=len(content or b""),
        data=content,
        trouble=trouble,
        depth=entry.depth + 1,
    )


def _read_xml(entry: Entry, data: bytes, key: str, settings: ReadSettings, rows: Rows) -> str:
    root = parse(data, settings.limits)
    if len(data) > _COUNT_FROM:
        bound(root, settings.limits)
    tag = root.tag
    if tag == V3 + "ClinicalDocument":
        if settings.validate != "off":
            try:
                validate_envelope(root, settings)
            except Trouble as trouble:
                raise held_back(root, trouble, settings, rows) from None
        add_document(root, key, len(data), settings, rows)
        return "document"
    name = tag.rpartition("}")[2]
    if tag.startswith(V3) and _INTERACTION.fullmatch(name):
        add_frame(root, name, key, entry.member_key, settings.voiding, rows)
        return "frame"
    raise Trouble(Code.UNKNOWN_XML, name if _PLAIN.fullmatch(name) else None)


def _note(entry: Entry, key: str | None, outcome: str, rows: Rows, size: int | None = None) -> None:
    rows.add(
        "member",
        (
            entry.source_key,
            entry.member_key,
            entry.file_key,
            entry.source,
            entry.member,
            entry.size if size is None or entry.mtime_ns is not None else size,
            entry.mtime_ns,
            key,
            outcome,
        ),
    )


def _aside(entry: Entry, key: str | None, trouble: Trouble, rows: Rows, held: HeldBack | None = None) -> None:
    _note(entry, key, "quarantine", rows)
    known: tuple[object, ...] = (None,) * 6
    if held is not None:
        header = held.envelope
        version = version_number(header.version)
        stored = local_moment(header.creation_time) or local_moment(header.effective_time)
        organiser = header.organiser or header.custodian
        known = (header.oid, header.set_id or header.oid, version, held.kind, organiser, stored)
        for person in dict.fromkeys(held.persons):
            rows.add("quarantine_person", (entry.member_key, person, held.safety_restricted))
    rows.add(
        "quarantine",
        (
            entry.member_key,
            key,
            entry.source,
            entry.member,
            trouble.stage.value,
            trouble.code.value,
            trouble.told,
            redacted(trouble.place) if trouble.place else None,
            *known,
        ),
    )
