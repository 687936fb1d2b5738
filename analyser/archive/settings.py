"""What a reader is allowed and told: limits, the voiding table, the level of validation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Literal

from analyser import __version__
from analyser.archive.pass_over import PassOver
from analyser.national.dates import OPEN_ENDS
from analyser.system.limits import Limits

Validation = Literal["off", "structure", "full"]


@dataclass(frozen=True, slots=True)
class Strictness:
    """What documents are held against, as hashes of the schemas' bytes: other bytes are another check."""

    structure: str | None
    """The schema of the envelope; None: it is not looked at."""
    content: str | None
    """The definitions of the contents; None: they are not looked at."""


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
    open_ends: frozenset[dt.date] = frozenset(map(dt.date.fromisoformat, OPEN_ENDS))
    """Days that mean "no end yet"."""
    xsd: Path | None = None
    """The user's own schema of the envelope instead of the project's profile."""
    sosmeta: Path | None = None
    """Folder with the published JSON Schemas of the contents."""
    overflow: Path | None = None
    """Private folder for containers inside containers that do not fit into memory; None: that of the system."""
    pass_over: PassOver = field(default_factory=PassOver)
    """Names of files and members that are no documents and are only counted."""
    containers_apart: bool = False
    """Whether a container is left to a process that is watched: this one is not."""

    @property
    def terms(self) -> str:
        """On which terms a member is read, as a short hash: under others its verdict may be another."""
        passed = self.pass_over.names
        told = repr((__version__, self.validate, self.xsd is None, self.sosmeta is None, self.limits, passed))
        return blake2b(told.encode(), digest_size=8).hexdigest()
