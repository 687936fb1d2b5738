"""Members of sources read once more, by the names under which they are told: to show where in them something is.

A source is known by its name alone, never by where on a machine it lies; so it is looked for in one folder. What is not
there, has become something else or cannot be read gives no bytes: the caller does without.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from analyser.archive.files.allowance import Pool
from analyser.archive.files.containers import has_container_name, is_container, judged, stream_members
from analyser.archive.files.names import shown
from analyser.archive.files.regular import open_regular
from analyser.archive.files.tars import BLOCK
from analyser.archive.files.zipped import ZIP, zip_member
from analyser.archive.files.zips import ZipDirectory
from analyser.archive.quarantine import Trouble
from analyser.system.limits import Limits

_STREAMED = 256 * 2**20
"""Bytes of a tar, or of a container in another one, beyond which it is not opened again for the sake of a line."""


def outer(file: str) -> str:
    """The file on the disk that a member lies in: `a.zip` of `a.zip!b.xml`, and of `b.xml!Envelope/Body/x 1` b.xml."""
    return file.partition("!")[0]


def is_packed(file: str) -> bool:
    """Whether a member lies in a container, so that the file on the disk has no line of its own for it."""
    return "!" in file and has_container_name(outer(file))


def contents(folder: Path, files: Collection[str], limits: Limits) -> Iterator[tuple[str, bytes]]:
    """The bytes of those of these members that are at hand; of one inside another XML document those of the latter."""
    for path, within in _first({file: file for file in sorted(files)}).items():
        with suppress(Trouble, OSError), open_regular(folder / path) as opened:
            yield from _inside(opened, within, limits, limits.nesting)


def _first(ways: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Files by the first name of the way that leads to each, with what is left of the way."""
    found: dict[str, dict[str, str]] = {}
    for file, way in ways.items():
        name, _, rest = way.partition("!")
        found.setdefault(name, {})[file] = rest
    return found


def _inside(opened: BinaryIO, ways: Mapping[str, str], limits: Limits, nesting: int) -> Iterator[tuple[str, bytes]]:
    """The bytes to which these ways lead, through as many containers as may lie in one another."""
    head = opened.read(BLOCK)
    opened.seek(0)
    if is_container(head):
        within = _first(ways)
        for name, data in _members(opened, head, within.keys(), limits) if nesting else ():
            with suppress(Trouble, OSError):  # what is damaged inside hides nothing beside it
                yield from _inside(BytesIO(data), within[name], limits, nesting - 1)
        return
    data = opened.read(limits.document_bytes + 1)
    if len(data) <= limits.document_bytes:
        yield from ((file, data) for file in ways)


def _members(opened: BinaryIO, head: bytes, names: Collection[str], limits: Limits) -> Iterator[tuple[str, bytes]]:
    size = opened.seek(0, 2)
    opened.seek(0)
    pool = Pool.of(size, limits)
    if head.startswith(ZIP):
        for _, entry, trouble, _, folder in judged(ZipDirectory(opened, limits), limits, pool):
            if entry is None or trouble is not None or folder or (name := shown(entry.name)) not in names:
                continue
            if entry.size > _STREAMED:
                continue
            with suppress(Trouble):
                yield name, zip_member(opened, entry)[0]
    elif size <= _STREAMED:
        for member in stream_members(opened, limits, pool):
            if isinstance(member.data, bytes) and (name := shown(member.name)) in names:
                yield name, member.data
