"""A shard is the unit of work: some members of a source, read into Arrow tables by a pure, picklable function.

Every member that goes in comes out as exactly one `member` row: a document, a frame, a container, or quarantined.
"""

from __future__ import annotations

import gc
import io
import re
from hashlib import blake2b, sha256

import pyarrow as pa

from analyser.archive.caches import count_read
from analyser.archive.documents.document import HeldBack, add_document, held_back
from analyser.archive.documents.envelope import tells_wrong_encoding, version_number
from analyser.archive.documents.frames import add_message, is_message, telling_of_frame
from analyser.archive.documents.header import DOCUMENT, V3, is_healthcare, telling
from analyser.archive.documents.header_texts import HeaderTexts
from analyser.archive.documents.known_markup import Forms
from analyser.archive.documents.learn_markup import forms_for, learn
from analyser.archive.documents.moments import local_moment
from analyser.archive.documents.pseudonyms import guarded
from analyser.archive.documents.validate import validate_envelope
from analyser.archive.documents.wrappers import Wrapped, is_cut, may_wrap, wrapped
from analyser.archive.documents.xml import bound, declared_wrongly, parse
from analyser.archive.files.allowance import Pool
from analyser.archive.files.containers import Member, Reader, is_large, reader_of, unread_container
from analyser.archive.files.entries import Shard, ShardEntry
from analyser.archive.files.listed import listed_bytes
from analyser.archive.files.names import shown
from analyser.archive.files.spill import Data, Spilled, size_of
from analyser.archive.files.tars import BLOCK
from analyser.archive.files.zipped import close_zip, read_zip_member, spilled_zip_member
from analyser.archive.quarantine import Code, Trouble, failed
from analyser.archive.rows import Rows
from analyser.archive.settings import ReadSettings
from analyser.archive.time_limit import OutOfTime, limited, restart
from analyser.messages.errors import KantaGapError
from analyser.national.identifiers import redacted

# Characters of a name that are shown; the longest path of most systems has fewer.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,40}")
# Bytes of a frame that can hold no document or answer beside its own: searching it would cost more than all else.
_PLAIN_FRAME = 600
# What is no document and may hold one.
_PERHAPS_WRAPPED = (Code.UNKNOWN_XML, Code.NOT_XML, Code.FRAME_WITHOUT_SUBJECT)


class ContainerMetError(Exception):
    """Something that has members lies in a shard that was to be read where nobody watches."""


def read_shard(shard: Shard, settings: ReadSettings) -> dict[str, pa.Table]:
    """Read all members of a shard; one table for every schema of `records.py`.

    Raises ContainerMetError where the settings say that containers are read elsewhere.
    """
    rows = Rows()
    # Rows pile up and none is garbage: looking for cycles among them costs a third of the time and finds none.
    collecting = gc.isenabled()
    gc.disable()
    try:
        with limited(settings.limits.document_seconds):
            for entry in shard.entries:
                restart()
                mark = rows.mark()
                try:
                    _read_entry(entry, settings, rows)
                except OutOfTime:
                    rows.take_back(mark)
                    _aside(entry, None, Trouble(Code.TOO_SLOW), rows, settings)
        return guarded(rows.tables(), settings.secret)
    finally:
        close_zip()
        if collecting:
            gc.enable()


def set_aside(shard: Shard, code: Code, settings: ReadSettings) -> dict[str, pa.Table]:
    """The tables that say that this shard could not be read: it killed or held the process, or left it no memory."""
    rows = Rows()
    for entry in shard.entries:
        _aside(entry, None, Trouble(code), rows, settings)
    return rows.tables()


def _read_entry(entry: ShardEntry, settings: ReadSettings, rows: Rows) -> None:
    if entry.finished_container:
        _note(entry, entry.content_key, "container", rows)
        return
    if entry.passed_over:
        if isinstance(entry.data, Spilled):
            entry.data.remove()
        _note(entry, None, "passed-over", rows)
        return
    try:
        if entry.trouble is not None:
            raise Trouble(entry.trouble, entry.place)
        data, stray = _bytes(entry, settings)
        if stray is not None:
            _aside(_beside(entry), None, Trouble(Code.BAD_CONTAINER, stray), rows, settings)
    except Trouble as trouble:
        _aside(entry, None, trouble, rows, settings)
        return
    try:
        head = data.head(BLOCK) if isinstance(data, Spilled) else data
        unread = unread_container(head)
        if unread is not None:
            raise Trouble(Code.UNSUPPORTED_CONTAINER, unread)
        reader = reader_of(entry.member, head)
        if reader is None and isinstance(data, Spilled):
            data = _in_memory(data, settings)
    except Trouble as trouble:
        _aside(entry, None, trouble, rows, settings)
        return
    if reader is not None:
        if settings.containers_apart:
            raise ContainerMetError
        _read_container(entry, data, reader, settings, rows, None)
    elif isinstance(data, bytes):
        _read_member(entry, data, settings, rows)


def _in_memory(data: Spilled, settings: ReadSettings) -> bytes:
    """What has the name of a container and is none. Raises Trouble when it is larger than a document."""
    if data.size > settings.limits.document_bytes:
        data.remove()
        raise Trouble(Code.TOO_LARGE)
    with data.open() as file:
        return file.read()


def _read_member(entry: ShardEntry, data: bytes, settings: ReadSettings, rows: Rows) -> None:
    """A document or frame: its rows, or one quarantine row."""
    restart()  # each member of a container has its own time
    count_read(len(data))
    key = sha256(data).hexdigest()[:32]
    mark = rows.mark()
    inside: list[Wrapped] = []
    try:
        outcome = _read_xml(entry, data, key, settings, rows)
        if outcome != "document" and len(data) > _PLAIN_FRAME and may_wrap(data):
            inside = wrapped(data, settings.limits)
    except Trouble as trouble:
        if trouble.code in _PERHAPS_WRAPPED:
            inside = wrapped(data, settings.limits)
        if inside and trouble.code is not Code.FRAME_WITHOUT_SUBJECT:
            _note(entry, key, "container", rows, len(data))
        else:
            _aside(entry, key, trouble, rows, settings)
    except HeldBack as held:
        _aside(entry, key, held.trouble, rows, settings, held)
    except KantaGapError:
        raise  # a schema of the user's that cannot be read is the user's to know
    except OutOfTime:
        restart()
        rows.take_back(mark)
        _aside(entry, key, Trouble(Code.TOO_SLOW), rows, settings)
    except MemoryError:
        rows.take_back(mark)
        _aside(entry, key, Trouble(Code.TOO_MUCH_MEMORY), rows, settings)
    except Exception as error:  # noqa: BLE001  one document must not stop the others; it is set aside and named
        rows.take_back(mark)
        _aside(entry, key, failed(error), rows, settings)
    else:
        _note(entry, key, outcome, rows, len(data))
    if inside:
        _read_wrapped(entry, data, inside, settings, rows)


def _read_wrapped(entry: ShardEntry, data: bytes, inside: list[Wrapped], settings: ReadSettings, rows: Rows) -> None:
    """Documents inside something else, each a member of its own; bounded as containers inside containers are."""
    if entry.depth >= settings.limits.nesting:
        _aside(_within(entry, "", 0), None, Trouble(Code.NESTED_TOO_DEEP), rows, settings)
        return
    for number, found in enumerate(inside):
        inner = _within(entry, found.place, number)._replace(
            size=len(found.data),
            data=found.data,
            passed_over=found.passed_over,
            allowance=len(found.data) * settings.limits.expansion,
        )
        _read_entry(inner, settings, rows)
    if is_cut(data):
        _aside(_within(entry, "", len(inside)), None, Trouble(Code.BAD_CONTAINER, f"byte {len(data)}"), rows, settings)


def _bytes(entry: ShardEntry, settings: ReadSettings) -> tuple[Data, str | None]:
    """A member's bytes, and the place of bytes behind it that are no member's. Raises Trouble."""
    if entry.data is not None:
        return entry.data, None
    if entry.zip_place is not None:
        if is_large(entry.member, entry.zip_place.size):
            return spilled_zip_member(entry.zip_place, settings.overflow)
        return read_zip_member(entry.zip_place, settings.limits)
    return listed_bytes(entry.path or "", entry.size, entry.mtime_ns, settings.limits), None


def _beside(entry: ShardEntry) -> ShardEntry:
    """What lies behind a member of a zip and is none: it is told under the name of the zip."""
    return _within(entry._replace(member=entry.member.rpartition("!")[0], depth=entry.depth - 1), "", -1)


def _read_container(
    entry: ShardEntry, data: Data, reader: Reader, settings: ReadSettings, rows: Rows, pool: Pool | None
) -> None:
    """A container inside a container or under a name that does not say so, held in memory or in a file."""
    limits = settings.limits
    size = size_of(data)
    _note(entry, None, "container", rows, size)
    if entry.depth >= limits.nesting:
        if isinstance(data, Spilled):
            data.remove()
        _aside(_within(entry, "", 0), None, Trouble(Code.NESTED_TOO_DEEP), rows, settings)
        return
    if pool is None:
        pool = Pool.of(size, limits) if entry.allowance is None else Pool(limits, entry.allowance)
    number = -1
    try:
        with data.open() if isinstance(data, Spilled) else io.BytesIO(data) as file:
            for number, found in enumerate(reader(file, limits, pool, settings.overflow)):
                restart()
                _read_inner(_inner(entry, found, number, settings), found, settings, rows, pool)
    except KantaGapError:
        raise
    except Trouble as trouble:
        _aside(_within(entry, "", number + 1), None, trouble, rows, settings)
    except MemoryError:
        _aside(_within(entry, "", number + 1), None, Trouble(Code.TOO_MUCH_MEMORY), rows, settings)
    except Exception as error:  # noqa: BLE001  as for a document
        _aside(_within(entry, "", number + 1), None, failed(error), rows, settings)


def _read_inner(inner: ShardEntry, found: Member, settings: ReadSettings, rows: Rows, pool: Pool) -> None:
    """A member of a container inside another one; what it gives comes out of the same pool if it is a container."""
    content = found.data
    if content is not None and not inner.passed_over:
        head = content.head(BLOCK) if isinstance(content, Spilled) else content
        kind = reader_of(found.name, head)
        if kind is not None:
            _read_container(inner, content, kind, settings, rows, pool)
            return
    _read_entry(inner, settings, rows)


def _inner(entry: ShardEntry, found: Member, number: int, settings: ReadSettings) -> ShardEntry:
    """A member of a container that was opened here."""
    inner = _within(entry, found.name, number)
    return inner._replace(
        size=0 if found.data is None else size_of(found.data),
        data=found.data,
        trouble=found.trouble,
        place=found.place,
        passed_over=found.folder or settings.pass_over.name(found.name),
    )


def _within(entry: ShardEntry, name: str, number: int) -> ShardEntry:
    key = blake2b(f"{entry.member_key}\x1f{number}\x1f{name}".encode(errors="surrogateescape"), digest_size=16)
    return ShardEntry(
        source_key=entry.source_key,
        member_key=key.hexdigest(),
        file_key=entry.file_key,
        source=entry.source,
        member=f"{entry.member}!{shown(name)}",
        size=0,
        depth=entry.depth + 1,
    )


def _read_xml(entry: ShardEntry, data: bytes, key: str, settings: ReadSettings, rows: Rows) -> str:
    forms = forms_for(settings)
    known = forms.recognise(data) if forms is not None else None
    tag, told = known if known is not None else _read_tree(data, settings, rows, forms)
    if tag == DOCUMENT:
        add_document(told, key, len(data), settings, rows)
        return "document"
    return add_message(told, tag, key, entry.member_key, settings.voiding, rows)


def _read_tree(data: bytes, settings: ReadSettings, rows: Rows, forms: Forms | None) -> tuple[str, HeaderTexts]:
    """Root element and texts of a document or frame, judged by libxml2; what is of its form needs no tree."""
    root = parse(data, settings.limits)
    bound(root, len(data), settings.limits)
    tag = root.tag
    if tag == DOCUMENT:
        told = telling(root)
        if declared_wrongly(data):
            told.add(tells_wrong_encoding)
            forms = None
        if settings.validate != "off" and not is_healthcare(told):
            try:
                validate_envelope(root, settings)
            except Trouble as trouble:
                raise held_back(told, trouble, settings, rows) from None
    else:
        name = tag.rpartition("}")[2]
        if not is_message(tag, root):
            raise Trouble(Code.UNKNOWN_XML, name if tag.startswith(V3) and _PLAIN.fullmatch(name) else None)
        told = telling_of_frame(root)
    if forms is not None:
        learn(forms, data, root, told, settings.limits)
    return tag, told


def _note(entry: ShardEntry, key: str | None, outcome: str, rows: Rows, size: int | None = None) -> None:
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
            entry.ctime_ns,
        ),
    )


def _aside(
    entry: ShardEntry,
    key: str | None,
    trouble: Trouble,
    rows: Rows,
    settings: ReadSettings,
    held: HeldBack | None = None,
) -> None:
    _note(entry, key, "quarantine", rows)
    known: tuple[object, ...] = (None,) * 6
    if held is not None:
        header = held.envelope
        version = version_number(header.version)
        replaced = version_number(header.replaces_version)
        if version is None and replaced is not None:
            version = replaced + 1
        of_set = header.set_id or header.replaces_set_id or header.replaces_oid or header.oid
        stored = local_moment(header.creation_time) or local_moment(header.effective_time)
        organiser = header.organiser or header.custodian
        known = (header.oid, of_set, version, held.kind, organiser, stored)
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
            settings.terms,
        ),
    )
