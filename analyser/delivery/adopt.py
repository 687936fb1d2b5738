"""Takes a delivery that lies in a folder into the memory of a database that does not know it: one that was restored
from a copy of before, or made anew.

The folder's files are verified by their hashes and read back by the profile that wrote them. Identifiers in them are
only hashed, as the database hashes those of its register, so that persons meet; none is stored.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from analyser.delivery.check import Fault, check_folder, database_id
from analyser.delivery.folder import MANIFEST
from analyser.delivery.manifest import Manifest, read_manifest
from analyser.delivery.profile import Part, Profile
from analyser.delivery.readback import FIELDS, ReadRow, file_of, read_rows
from analyser.delivery.reading import read_profile
from analyser.delivery.write import keep_number, new_number
from analyser.messages.errors import UsageError
from analyser.national.identifiers import (
    HENKILOTUNNUS_ROOT,
    holds_identifier,
    identity_key,
    normal_root,
    normal_value,
    shown_source_id,
)
from analyser.national.redaction import masked
from analyser.store.audit import note
from analyser.store.database import Database
from analyser.store.first_row import first_row
from analyser.store.tables import batch_views
from analyser.store.transaction import transaction


@dataclass(frozen=True, slots=True)
class Adopted:
    """What was taken in."""

    number: int
    """What the delivery is called here."""
    before: int | None
    """What it was called in the database that wrote it."""
    period: str
    rows: int
    untold: tuple[str, ...]
    """Fields of its rows that the folder does not tell."""
    elsewhere: bool
    """Whether another database wrote it."""


def adopt(database: Database, folder: Path, profile_name: str, organisers: Sequence[str], now: dt.datetime) -> Adopted:
    """Take the delivery in. `organisers`: OIDs or prefixes of the settings; empty: those of register and archive.

    Raises UsageError when the folder is not whole, is known already, is of another profile or of another county.
    """
    checked = check_folder(database, folder)
    if checked.number is not None:
        raise UsageError("delivery.known_already", folder=folder.name, number=checked.number)
    faults = [
        (code, file)
        for code, file in checked.faults
        if code not in (Fault.OTHER_DATABASE, Fault.UNKNOWN_TO_DATABASE, Fault.FILE_NOT_PRIVATE)
    ]
    if faults:
        told = ", ".join(f"{code} ({file})" for code, file in faults)
        raise UsageError("delivery.not_as_written", folder=folder.name, told=told)
    raw = (folder / MANIFEST).read_bytes()
    manifest = read_manifest(raw, folder.name)
    profile = read_profile(profile_name)
    if profile.digest != manifest.profile:
        raise UsageError("delivery.other_profile", folder=folder.name, profile=profile.name)
    rows = _rows(profile, manifest, folder)
    elsewhere = manifest.database != database_id(database)
    _assert_ours(database, folder, rows, organisers, elsewhere=elsewhere)
    table = _table(database, rows)
    number = _number(database, manifest)
    connection = database.connection
    with batch_views(connection, {"adopted": table}), transaction(connection):
        keep_number(database, number)
        connection.execute(
            "INSERT INTO delivery BY NAME SELECT $number::INTEGER AS number, $place::INTEGER AS place, "
            "$manifest AS manifest, $period AS period, $start::DATE AS period_start, $end::DATE AS period_end, "
            "$as_of::DATE AS as_of, $profile AS profile, $corrections::BOOLEAN AS corrections, "
            "$now::TIMESTAMP_S AS written_at, $now::TIMESTAMP_S AS adopted_at, $missing::BIGINT AS missing, "
            "$partial::BIGINT AS partial, $undetermined::BIGINT AS undetermined",
            {
                "number": number,
                "place": manifest.number or number,
                "manifest": hashlib.sha256(raw).hexdigest(),
                "period": manifest.period.id,
                "start": manifest.period.start,
                "end": manifest.period.end,
                "as_of": manifest.as_of,
                "profile": profile.name,
                "corrections": manifest.corrections,
                "now": now,
                "missing": manifest.ledger[0],
                "partial": manifest.ledger[1],
                "undetermined": manifest.ledger[2],
            },
        )
        connection.execute(
            "INSERT INTO delivery_row BY NAME SELECT $number::INTEGER AS number, batch_adopted.* FROM batch_adopted",
            {"number": number},
        )
        note(
            database,
            "deliver --adopt",
            {"number": number, "manifest": hashlib.sha256(raw).hexdigest(), "rows": table.num_rows},
        )
    untold = sorted({name for names in table.column("untold").to_pylist() for name in names})
    return Adopted(number, manifest.number, manifest.period.id, table.num_rows, tuple(untold), elsewhere)


def _number(database: Database, manifest: Manifest) -> int:
    """The number that it had, where no delivery of this database has it; else a new one."""
    taken = first_row(database.connection.execute("SELECT 1 FROM delivery WHERE number = $n", {"n": manifest.number}))
    return manifest.number if manifest.number is not None and taken is None else new_number(database)


def _rows(profile: Profile, manifest: Manifest, folder: Path) -> list[ReadRow]:
    """Every row once: those of data files with what corrections.csv says of them, and those to be withdrawn."""
    data: dict[tuple[str, str], ReadRow] = {}
    changes: dict[tuple[str, str], ReadRow] = {}
    for entry in manifest.listed:
        if entry.part not in {part.value for part in Part}:
            continue
        part = Part(entry.part)
        file = file_of(profile, part, entry.name, manifest.period.id)
        if file is None:
            raise UsageError("delivery.not_read_back", profile=profile.name, file=entry.name)
        found = list(read_rows(profile, file, entry.name, (folder / entry.name).read_bytes()))
        if len(found) != entry.rows:
            raise UsageError("delivery.not_read_back", profile=profile.name, file=entry.name)
        into = changes if part is Part.CORRECTIONS else data
        into.update(((row.part, row.source_id), row) for row in found)
    if manifest.corrections and set(data) - set(changes):
        raise UsageError("delivery.not_read_back", profile=profile.name, file=MANIFEST)
    gone = [row for key, row in changes.items() if key not in data]
    if any(row.change != "withdrawn" for row in gone):
        raise UsageError("delivery.not_read_back", profile=profile.name, file=MANIFEST)
    told = [
        replace(row, change=changes[key].change, former=changes[key].former) if key in changes else row
        for key, row in data.items()
    ]
    return [*told, *gone]


def _assert_ours(
    database: Database, folder: Path, rows: Sequence[ReadRow], organisers: Sequence[str], *, elsewhere: bool
) -> None:
    """Raise UsageError when another database wrote it, and its organisers are not known here."""
    if not elsewhere:
        return
    known = organisers or [
        organiser
        for (organiser,) in database.connection.execute(
            "SELECT organiser FROM register_episode UNION SELECT organiser FROM document"
        ).fetchall()
        if organiser
    ]
    if not known:
        raise UsageError("delivery.no_county", folder=folder.name)
    told = {row.fields.get("organiser") for row in rows if row.change != "withdrawn"}
    if any(one is None or not any(one == own or one.startswith(f"{own}.") for own in known) for one in told):
        raise UsageError("delivery.other_county", folder=folder.name)


def _table(database: Database, rows: Sequence[ReadRow]) -> pa.Table:
    """The rows as the memory keeps them."""
    kept = [_kept(database, ordinal, row) for ordinal, row in enumerate(rows, 1)]
    texts = ("file", "part", "change", "source_id", "former_source_id", "identity_key", *FIELDS)
    columns = {name: pa.array([row[name] for row in kept], pa.string()) for name in texts}
    renamed = {"decided": "decided_text", "start": "start_text", "end": "end_text"}
    table = {renamed.get(name, name): column for name, column in columns.items()}
    return pa.table(table | {"untold": pa.array([row["untold"] for row in kept], pa.list_(pa.string()))})


def _kept(database: Database, ordinal: int, row: ReadRow) -> dict[str, object]:
    untold = [name for name in FIELDS if name not in row.fields and _belongs(name, row)]
    key = None
    if row.person is not None and database.secret:
        key = identity_key(
            database.secret, normal_root(row.person[0]) or HENKILOTUNNUS_ROOT, normal_value(row.person[1])
        )
    else:
        untold.append("person")
    return {
        "file": row.file,
        "part": row.part,
        "change": row.change or "new",
        "source_id": _shown(database, ordinal, row.source_id),
        "former_source_id": _shown(database, ordinal, row.former) if row.former else None,
        "identity_key": key,
        "untold": untold,
        **{name: row.fields.get(name) for name in FIELDS},
    }


def _shown(database: Database, ordinal: int, name: str) -> str:
    if database.secret:
        return shown_source_id(database.secret, name)
    # The key of the hash was forgotten with the persons: a name with an identifier in it leads nowhere any more.
    return masked(name, f"[id-{ordinal}]") if holds_identifier(name) else name


def _belongs(name: str, row: ReadRow) -> bool:
    """Whether a field is one that rows of the part have at all."""
    of_services = ("kind", "social_service", "decided")
    return name not in of_services if row.part == "episodes" else name != "layer"
