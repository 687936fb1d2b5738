"""What a reader is allowed and told: limits against hostile input, the voiding table, the level of validation."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Validation = Literal["off", "structure", "full"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for what comes from outside. Whatever is beyond them is quarantined."""

    document_bytes: int = 64 * 2**20
    """Largest document or frame, after decompression."""
    elements: int = 200_000
    """Elements in one document."""
    depth: int = 200
    """Nesting of elements."""
    container_members: int = 5_000_000
    container_bytes: int = 2 * 2**40
    """Bytes that one container may give, nested ones included."""
    expansion: int = 200
    """Bytes a container may give for each of its own, beyond the first `expansion_free` bytes."""
    expansion_free: int = 256 * 2**20
    nesting: int = 4
    """Containers inside containers."""
    nested_bytes: int = 512 * 2**20
    """Largest container inside a container, which is held in memory."""


@dataclass(frozen=True, slots=True)
class VoidingTable:
    """Which service requests void a document. National codes of voiding requests are not published: add them."""

    codes: frozenset[str] = frozenset()
    words: tuple[str, ...] = ("mitätö", "mitatö", "mitato", "makuler")
    """Parts of the request's display name, in lower case."""

    def voids(self, code: str | None, display: str | None) -> bool:
        """Whether a service request with this code and display name voids."""
        if code is not None and code in self.codes:
            return True
        name = (display or "").lower()
        return any(word in name for word in self.words)


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """Everything a worker needs to read a shard. Picklable."""

    secret: bytes
    """Key of the person hashes."""
    validate: Validation = "off"
    limits: Limits = field(default_factory=Limits)
    voiding: VoidingTable = field(default_factory=VoidingTable)
    xsd: Path | None = None
    """The user's own schema of the envelope instead of the project's profile."""
    sosmeta: Path | None = None
    """Folder with the published JSON Schemas of the contents."""
