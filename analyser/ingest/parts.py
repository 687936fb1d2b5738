"""Parts of an archive: what each says of itself, and whether a folder of them is the whole.

A part is a protected file (part_file.py) with a manifest beside it that holds counts and hashes, no identifier and no
path. Parts that were made of other sources, under other settings, for another database or by another reader do not
belong together and are refused; one that is missing or was damaged is named. Nothing is loaded before all of them
are there, so that no part that is missing ever makes a figure smaller.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

from analyser import __version__
from analyser.archive.documents.validate import strictness
from analyser.archive.reader import READER
from analyser.archive.settings import ReadSettings
from analyser.ingest.part_file import hash_of
from analyser.messages.errors import ExitCode, KantaGapError, UsageError
from analyser.store.owned import sync_folder

SCHEMA = "kanta-gap/part/1"
_WRITTEN = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")
_LARGEST = 10_000
"""More parts than that are no division of work."""
_MANIFEST = re.compile(r"part-[0-9]+-of-[0-9]+\.json")
_DATA = re.compile(r"part-[0-9]+-of-[0-9]+-[0-9a-f]{16}\.part")


class PartsMissingError(KantaGapError):
    """Parts are missing or damaged: exit 3, and nothing was loaded."""

    exit_code = ExitCode.UNCHECKED


@dataclass(frozen=True, slots=True)
class Share:
    """Which part of how many, from 1."""

    part: int
    parts: int

    def has(self, shard: int) -> bool:
        """Whether the shard with this number, from 0, belongs to the part."""
        return shard % self.parts == self.part - 1

    def __str__(self) -> str:
        return f"{self.part}/{self.parts}"


def share(written: str) -> Share:
    """`2/5` as a share. Raises UsageError for what is none."""
    found = _WRITTEN.fullmatch(written.strip())
    if found is None:
        raise UsageError("part.no_share", written=written)
    part, parts = int(found[1]), int(found[2])
    if not 1 <= part <= parts:
        raise UsageError("part.beyond", written=written, parts=parts)
    if parts > _LARGEST:
        raise UsageError("part.too_many", parts=parts, most=_LARGEST)
    return Share(part, parts)


@dataclass(frozen=True, slots=True)
class PartManifest:
    """What a part says of itself."""

    part: int
    parts: int
    tool_version: str
    reader: int
    database: str
    """Of the database whose keys of persons it holds: a hash of that database's secret."""
    sources: tuple[str, ...]
    """Hashes of where the sources lie."""
    names: tuple[str, ...]
    """The sources as shown."""
    surveyed: str
    """A hash of all files and members that were found in the sources, and of how they were cut into shards."""
    settings: Mapping[str, str]
    """Those that decide what is read and how, by name: short hashes, or values that tell nothing."""
    shards: int
    """Of the whole."""
    files: int
    """Of the whole."""
    counts: Mapping[str, int]
    """Members of this part by what became of them, and their bytes."""
    data: str
    """Name of the file."""
    size: int
    sha256: str
    content: str
    """A hash of what the file holds: two readings of the same bytes have the same."""

    @property
    def share(self) -> Share:
        """Which part it is."""
        return Share(self.part, self.parts)


@dataclass(frozen=True, slots=True)
class Found:
    """A manifest in its place."""

    path: Path
    manifest: PartManifest

    @property
    def data(self) -> Path:
        """The part's file."""
        return self.path.with_name(self.manifest.data)


def of_database(secret: bytes) -> str:
    """How a part knows the database it was made for."""
    return sha256(b"part" + secret).hexdigest()[:16]


def settings_that_matter(settings: ReadSettings) -> dict[str, str]:
    """The settings under which documents are read, by the names that the user knows."""
    strict = strictness(settings)
    return {
        "validate": settings.validate,
        "xsd": strict.structure or "",
        "sosmeta": strict.content or "",
        "open_ends": " ".join(sorted(day.isoformat() for day in settings.open_ends)),
        "limits": _short(settings.limits),
        "voiding_codes": _short(sorted(settings.voiding.codes)),
        "voiding_words": _short(sorted(settings.voiding.words)),
        "pass_over": _short(sorted(settings.pass_over.names)),
    }


def _short(value: object) -> str:
    return blake2b(repr(value).encode(), digest_size=8).hexdigest()


def manifest_name(asked: Share) -> str:
    """Name of a part's manifest."""
    return f"part-{asked.part}-of-{asked.parts}.json"


def write_manifest(path: Path, manifest: PartManifest) -> None:
    """Put a manifest in its place, for its owner alone, whole or not at all."""
    made = path.with_name(f".{path.name}.{os.getpid()}")
    made.unlink(missing_ok=True)
    handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"schema": SCHEMA, **asdict(manifest)}, file, indent=1, sort_keys=True)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    sync_folder(path)


def read_manifest(path: Path) -> PartManifest | None:
    """A manifest, or None where what is there is none, or not a whole one."""
    try:
        told = json.loads(path.read_bytes())
        return _manifest(told)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _manifest(told: dict[str, Any]) -> PartManifest | None:
    if told.pop("schema") != SCHEMA or told.keys() != {field.name for field in fields(PartManifest)}:
        return None
    manifest = PartManifest(**told | {"sources": tuple(told["sources"]), "names": tuple(told["names"])})
    whole = (manifest.part, manifest.parts, manifest.reader, manifest.shards, manifest.files, manifest.size)
    sound = (
        all(isinstance(one, int) and one >= 0 for one in (*whole, *manifest.counts.values()))
        and 1 <= manifest.part <= manifest.parts <= _LARGEST
        and _DATA.fullmatch(manifest.data) is not None
        and all(isinstance(value, str) for value in manifest.settings.values())
    )
    return manifest if sound else None


def is_sound(found: Found) -> bool:
    """Whether a part's file is there with the bytes that its manifest tells."""
    try:
        return found.data.stat().st_size == found.manifest.size and hash_of(found.data) == found.manifest.sha256
    except OSError:
        return False


def gathered(folder: Path, settings: ReadSettings) -> list[Found]:
    """All parts of the folder and the folders in it, in their order, when they are the whole.

    Raises UsageError when some do not belong together or here, PartsMissingError when one is missing or damaged.
    """
    if not folder.is_dir():
        raise UsageError("part.no_such_folder", folder=folder.name)
    found: list[Found] = []
    broken: list[Path] = []
    for path in sorted(_manifests(folder)):
        manifest = read_manifest(path)
        if manifest is None:
            broken.append(path)
        else:
            found.append(Found(path, manifest))
    if broken and not found:
        raise PartsMissingError("part.broken", files=[path.name for path in broken])
    if not found:
        raise PartsMissingError("part.none", folder=folder.name)
    _belong_together(found, settings)
    one_each = _one_each(found)
    parts = found[0].manifest.parts
    missing = sorted(set(range(1, parts + 1)) - {one.manifest.part for one in one_each})
    if missing:
        raise PartsMissingError("part.missing", missing=", ".join(map(str, missing)), parts=parts)
    damaged = [one for one in one_each if not is_sound(one)]
    if damaged:
        raise PartsMissingError("part.damaged", files=[one.manifest.data for one in damaged])
    if broken:
        raise PartsMissingError("part.broken", files=[path.name for path in broken])
    return one_each


def _manifests(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        yield from (Path(place) / name for name in names if _MANIFEST.fullmatch(name))


def _belong_together(found: Sequence[Found], settings: ReadSettings) -> None:
    first = found[0].manifest
    asked = settings_that_matter(settings)
    for one in found:
        told, file = one.manifest, one.path.name
        if told.database != of_database(settings.secret):
            raise UsageError("part.other_database", file=file)
        if (told.tool_version, told.reader) != (__version__, READER):
            raise UsageError("part.other_version", file=file, version=told.tool_version, known=__version__)
        if told.parts != first.parts:
            raise UsageError("part.other_number", file=file, parts=told.parts, others=first.parts)
        # What was given on the command line is each part's own; the settings file is that of the database.
        of_run = {name: value for name, value in asked.items() if name not in ("validate", "xsd", "sosmeta")}
        others = {name for name, value in ({**first.settings, **of_run}).items() if told.settings.get(name) != value}
        if others:
            raise UsageError("part.other_settings", file=file, settings=", ".join(sorted(others)))
        if told.sources != first.sources:
            raise UsageError("part.other_sources", file=file, sources=", ".join(told.names))
        if told.surveyed != first.surveyed:
            raise UsageError("part.changed_sources", file=file, other=found[0].path.name)


def _one_each(found: Sequence[Found]) -> list[Found]:
    """Each part once. Raises UsageError when one is there twice with other content."""
    by_part: dict[int, Found] = {}
    for one in found:
        before = by_part.setdefault(one.manifest.part, one)
        if before.manifest.content != one.manifest.content:
            raise UsageError("part.twice", part=str(one.manifest.share))
        if not is_sound(before):
            by_part[one.manifest.part] = one
    return [by_part[part] for part in sorted(by_part)]
