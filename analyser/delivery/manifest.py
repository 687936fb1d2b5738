"""manifest.json: what a delivery holds, of what, by which profile, from which state of which database.

It names no person. A folder is recognised by the hash of its manifest, and its files by the hashes inside.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from analyser import __version__
from analyser.coverage.delivered import DeliveryStatus
from analyser.coverage.measure import RefusedRows
from analyser.coverage.model import Model
from analyser.coverage.result import Period
from analyser.delivery.folder import MANIFEST, NOTE, REJECTED
from analyser.delivery.profile import Profile
from analyser.delivery.rendering import Rendered
from analyser.delivery.values import Rejected
from analyser.messages.errors import UsageError

MANIFEST_SCHEMA = "kanta-gap/manifest/1"


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """The state of the database that a delivery tells of."""

    id: str
    """Of the database; random, and not secret."""
    ledger: str
    """Fingerprint of the ledger."""
    documents: int
    register_rows: int


@dataclass(frozen=True, slots=True)
class CountedRows:
    """How many rows of a class a part of the delivery holds, and how many of them were rejected."""

    part: str
    """service-task, child-protection or services."""
    row_class: str | None
    """None for a row that has left the register: it is withdrawn."""
    change: str
    """new, changed, unchanged, ended-since or withdrawn, against the deliveries before."""
    rows: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was written."""

    model: Model
    """The comparison that it was read off."""
    number: int
    """1, 2, 3 … in this database."""
    period: Period
    as_of: dt.date | None
    corrections: bool
    final: bool
    """Whether the period had ended."""
    state: DatabaseState
    ledger: Mapping[str, int]
    """Rows of the period by class."""
    services_ledger: Mapping[str, int] | None
    """The same of the supplementary services, when they were asked for."""
    undetermined: Mapping[str, int]
    """Undetermined rows by reason."""
    refused: RefusedRows
    """Rows of the county's lists that could not be read: nobody knows whether they were to be delivered."""
    statuses: Mapping[tuple[str, DeliveryStatus], int]
    """Rows by part and status, before this delivery."""
    counted: tuple[CountedRows, ...]
    files: tuple[tuple[str, int], ...]
    """Data files and their rows."""
    rejected: tuple[Rejected, ...]
    formulas: int
    """Rows with a value that a spreadsheet would take for a formula."""

    @property
    def unread(self) -> int:
        """Rows that could not be read, of the parts that this delivery is about."""
        return self.refused.beside_episodes + (self.refused.services if self.services_ledger is not None else 0)

    def rows(self, part: str) -> int:
        """Rows written of a part, those withdrawn apart."""
        return sum(one.rows for one in self.counted if one.part == part and one.change != "withdrawn")

    @property
    def withdrawn(self) -> int:
        """Rows told to be withdrawn."""
        return self.changes("withdrawn")

    def changes(self, change: str) -> int:
        """Rows of a change: new, changed, unchanged, ended-since or withdrawn."""
        return sum(one.rows for one in self.counted if one.change == change)


def manifest_of(done: Delivery, profile: Profile, files: Sequence[Rendered], data: Mapping[str, bytes]) -> bytes:
    """The manifest of a delivery whose files are `data`."""
    listed = [(one.name, len(one.keys), one.part.value) for one in files]
    if done.rejected:
        listed.append((REJECTED, len(done.rejected), "rejected"))
    told = {
        "schema": MANIFEST_SCHEMA,
        "tool_version": __version__,
        "profile": profile.name,
        "profile_sha256": profile.digest,
        "profile_note": "a neutral form of kanta-gap; not the authority's format" if profile.neutral else None,
        "kind": "corrections" if done.corrections else "full",
        "number": done.number,
        "period": {
            "id": done.period.id,
            "start": done.period.start,
            "end": done.period.end,
            "deadline": done.period.deadline,
            "assumed": done.period.assumed,
            "ended": done.final,
        },
        "as_of": done.as_of,
        "database": {
            "id": done.state.id,
            "ledger": done.state.ledger,
            "documents": done.state.documents,
            "register_rows": done.state.register_rows,
        },
        "ledger": done.ledger,
        "services_ledger": done.services_ledger,
        "undetermined": [{"reason": reason, "rows": rows} for reason, rows in done.undetermined.items()],
        "delivered": {
            "service_task_episodes": done.rows("service-task"),
            "child_protection_episodes": done.rows("child-protection"),
            "services": done.rows("services"),
            "withdrawn": done.withdrawn,
            "rejected": sum(one.rejected for one in done.counted),
        },
        "changes": {
            name: done.changes(name) for name in ("new", "changed", "unchanged", "ended-since", "renamed", "withdrawn")
        },
        "delivered_by_class": [
            {
                "part": one.part,
                "class": one.row_class,
                "change": one.change,
                "rows": one.rows,
                "rejected": one.rejected,
            }
            for one in done.counted
        ],
        "refused": done.refused.beside_episodes,
        "refused_services": done.refused.services if done.services_ledger is not None else None,
        "statuses_before": [
            {"part": part, "status": status.value, "rows": rows} for (part, status), rows in done.statuses.items()
        ],
        "files": [
            {
                "name": name,
                "part": part,
                "rows": rows,
                "bytes": len(data[name]),
                "sha256": hashlib.sha256(data[name]).hexdigest(),
            }
            for name, rows, part in sorted(listed)
        ],
        "covering_note": {"name": NOTE, "sha256": hashlib.sha256(data[NOTE]).hexdigest()},
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2) + b"\n"


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file as a manifest lists it."""

    name: str
    sha256: str
    part: str | None
    """None for the covering note."""
    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest that lies in a folder says."""

    database: str | None
    """The database that wrote it."""
    number: int | None
    """In that database; None in a manifest of an older version."""
    profile: str
    """SHA-256 of the profile's description and SQL."""
    corrections: bool
    period: Period
    as_of: dt.date | None
    ledger: tuple[int, int, int]
    """Missing, partial and undetermined rows."""
    listed: tuple[ListedFile, ...]


def read_manifest(raw: bytes, folder: str) -> Manifest:
    """Read a manifest that anybody may have edited. Raises UsageError when it is none of ours."""
    try:
        told = orjson.loads(raw)
        if told["schema"] != MANIFEST_SCHEMA:
            raise ValueError
        note, period, ledger = told["covering_note"], told["period"], told["ledger"]
        return Manifest(
            _text(told["database"].get("id", "")),  # the first manifests did not tell it
            _count(told["number"]) if told.get("number") is not None else None,
            _text(told["profile_sha256"]),
            told["kind"] == "corrections",
            Period(
                _text(period["id"]),
                dt.date.fromisoformat(period["start"]),
                dt.date.fromisoformat(period["end"]),
            ),
            dt.date.fromisoformat(told["as_of"]) if told["as_of"] is not None else None,
            (_count(ledger["missing"]), _count(ledger["partial"]), _count(ledger["undetermined"])),
            (
                *(
                    ListedFile(_text(e["name"]), _text(e["sha256"]), _text(e["part"]), _count(e["rows"]))
                    for e in told["files"]
                ),
                ListedFile(_text(note["name"]), _text(note["sha256"]), None, 0),
            ),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UsageError("delivery.foreign_manifest", manifest=MANIFEST, folder=folder) from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value
