"""Members of sources read once more, by the names under which they are told: to show where in them something is.

A source is known by its name alone, never by where on a machine it lies; so it is looked for in one folder. What is not
there, has become something else or cannot be read gives no bytes: the caller does without.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
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
"""Bytes of a tar beyond which it is not gone through again for the sake of a line."""


def outer(file: str) -> str:
    """The file on the disk that a member lies in: `a.zip` of `a.zip!b.xml`, and of `b.xml!Envelope/Body/x 1` b.xml."""
    return file.partition("!")[0]


def is_packed(file: str) -> bool:
    """Whether a member lies in a container, so that the file on the disk has no line of its own for it."""
    return "!" in file and has_container_name(outer(file))


def contents(folder: Path, files: Collection[str], limits: Limits) -> Iterator[tuple[str, bytes]]:
    """The bytes of those of these members that are at hand; of one inside another XML document those of the latter."""
    inside: dict[str, dict[str, list[str]]] = {}
    for file in sorted(files):
        path, _, name = file.partition("!")
        inside.setdefault(path, {}).setdefault(name.partition("!")[0], []).append(file)
    for path, names in inside.items():
        with suppress(Trouble, OSError), open_regular(folder / path) as opened:
            head = opened.read(BLOCK)
            opened.seek(0)
            if is_container(head):
                for name, data in _members(opened, head, names.keys(), limits):
                    yield from ((file, data) for file in names[name])
            else:
                data = opened.read(limits.document_bytes + 1)
                if len(data) <= limits.document_bytes:
                    yield from ((file, data) for listed in names.values() for file in listed)


def _members(opened: BinaryIO, head: bytes, names: Collection[str], limits: Limits) -> Iterator[tuple[str, bytes]]:
    size = opened.seek(0, 2)
    opened.seek(0)
    pool = Pool.of(size, limits)
    if head.startswith(ZIP):
        for _, entry, trouble, _, folder in judged(ZipDirectory(opened, limits), limits, pool):
            if entry is None or trouble is not None or folder or (name := shown(entry.name)) not in names:
                continue
            with suppress(Trouble):
                yield name, zip_member(opened, entry)[0]
    elif size <= _STREAMED:
        for member in stream_members(opened, limits, pool):
            if isinstance(member.data, bytes) and (name := shown(member.name)) in names:
                yield name, member.data
