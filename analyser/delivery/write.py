"""Writes a delivery: what the ledger lacks, by a profile, with manifest and covering note; and remembers it.

Rows come from the ledger alone, and their number is tied to it before anything is written. The folder is put in its
place before the memory of it is committed: a run killed between the two leaves a folder that `--check` tells to be
unknown, never a memory of files that are nowhere.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
import pyarrow as pa

from analyser import __version__
from analyser.coverage.measure import assert_ties
from analyser.coverage.model import Request, build_model
from analyser.coverage.result import Period, RowClass
from analyser.delivery.folder import assert_free, put_folder
from analyser.delivery.formats import load_schema
from analyser.delivery.memory import DeliveryStatus, deliveries, recall, statuses
from analyser.delivery.note import covering_note
from analyser.delivery.profile import Part, Profile
from analyser.delivery.reading import read_profile
from analyser.delivery.rendering import Rendered, render
from analyser.delivery.statements import step
from analyser.delivery.values import Rejected
from analyser.errors import BrokenSumError, NothingToCheckError, UsageError
from analyser.identity import redacted
from analyser.store.audit import note
from analyser.store.database import Database

MANIFEST = "manifest.json"
MANIFEST_SCHEMA = "kanta-gap/manifest/1"
NOTE = "covering-note.txt"
REJECTED = "rejected.csv"
_SHOWN = 50
"""Rejected rows told in an error; all of them stand in the reject file."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be delivered, and how."""

    profile: str = "plain"
    with_services: bool = False
    corrections: bool = False
    """Only what is new, changed or withdrawn since the deliveries before."""
    reject: bool = False
    """Rows that cannot be expressed go to a reject file instead of stopping the delivery."""
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was written."""

    period: Period
    final: bool
    """Whether the period had ended."""
    ledger: Mapping[str, int]
    """Rows of the period by class."""
    statuses: Mapping[tuple[str, DeliveryStatus], int]
    """Rows by part and status, before this delivery."""
    files: tuple[tuple[str, int], ...]
    """Data files and their rows."""
    service_task_episodes: int
    child_protection_episodes: int
    services: int
    withdrawn: int
    rejected: tuple[Rejected, ...]


def deliver(database: Database, request: Request, out: Path, wanted: Wanted, now: dt.datetime) -> Delivery:
    """Write what Kanta lacks into the new folder `out`, and record it. `now` is UTC without zone.

    Raises UsageError for a folder or profile that cannot be used and for rows that the profile cannot express,
    NothingToCheckError without rows.
    """
    assert_free(out)
    profile = read_profile(wanted.profile)
    parts = _parts(profile, wanted)
    for file in profile.files:
        if file.xsd is not None:
            load_schema(file.xsd)
    connection = database.connection
    build_model(connection, request)
    assert_ties(connection)
    recall(database)
    ledger = {str(c): 0 for c in RowClass}
    ledger |= dict(connection.execute("SELECT class, count(*) FROM ledger GROUP BY class").fetchall())
    before = statuses(database)
    gone = sum(rows for (_, status), rows in before.items() if status is DeliveryStatus.WITHDRAWN)
    if not sum(ledger.values()) and not (wanted.corrections and gone):
        raise NothingToCheckError(
            f"the register has no rows in {request.period.id}", "load them: kanta-gap register FILE"
        )
    if wanted.corrections and not any(one.counts for one in deliveries(database)):
        raise UsageError(
            f"nothing was delivered for {request.period.id} yet: there is nothing to correct",
            "leave out --corrections",
        )
    connection.execute(
        step("40-to-deliver"), {"corrections": wanted.corrections, "with_services": wanted.with_services}
    )
    connection.execute(step("50-parts"))
    if not wanted.corrections:
        _assert_tied(database, ledger)
    files, rejected = render(profile, database, parts, request.period.id)
    if rejected and not wanted.reject:
        raise _unexpressed(profile, rejected)
    final = request.period.end < now.date()
    done = _delivery(database, request, final, ledger, before, files, rejected)
    data = {one.name: one.data for one in files}
    if rejected:
        data[REJECTED] = _reject_file(rejected)
    data[NOTE] = covering_note(done, profile, wanted.corrections, wanted.lang).encode()
    data[MANIFEST] = _manifest(database, request, profile, wanted, done, files, data)
    _commit(database, request, out, profile, wanted, done, files, data, now)
    return done


def _parts(profile: Profile, wanted: Wanted) -> set[Part]:
    parts = {Part.EPISODES}
    if wanted.with_services:
        if all(file.part is not Part.SERVICES for file in profile.files):
            raise UsageError(f"the profile {profile.name} has no file for services", "leave out --with-services")
        parts.add(Part.SERVICES)
    if wanted.corrections:
        parts.add(Part.CORRECTIONS)
    return parts


def _assert_tied(database: Database, ledger: Mapping[str, int]) -> None:
    row = database.connection.execute("SELECT count(*) FROM episode_to_deliver").fetchone()
    if row is None or row[0] != ledger["missing"] + ledger["partial"]:
        raise BrokenSumError(
            "the rows to deliver and the missing and partial rows of the ledger do not tie",
            "this is a defect of kanta-gap: send nothing, and report it",
        )


def _unexpressed(profile: Profile, rejected: Sequence[Rejected]) -> UsageError:
    told = redacted(", ".join(f"{one.source_id} ({one.column}: {one.objection})" for one in rejected[:_SHOWN]))
    more = f" and {len(rejected) - _SHOWN} more" if len(rejected) > _SHOWN else ""
    return UsageError(
        f"{len(rejected)} rows cannot be expressed by the profile {profile.name}: {told}{more}",
        f"correct them in the register, or put them into {REJECTED} with --reject",
    )


def _reject_file(rejected: Sequence[Rejected]) -> bytes:
    def cell(text: str) -> str:
        # A source_id may be refused for this very reason; here it is told, so a spreadsheet shall not run it.
        plain = "".join(c if c.isprintable() else "\ufffd" for c in text)
        safe = f"'{plain}" if plain[:1] in ("=", "+", "-", "@") else plain
        return '"' + safe.replace('"', '""') + '"' if any(sign in safe for sign in ';"') else safe

    lines = [";".join(map(cell, (one.file, one.source_id, one.column, one.objection))) for one in rejected]
    return ("\n".join(["file;source_id;column;reason", *lines]) + "\n").encode()


def _delivery(
    database: Database,
    request: Request,
    final: bool,
    ledger: Mapping[str, int],
    before: Mapping[tuple[str, DeliveryStatus], int],
    files: Sequence[Rendered],
    rejected: Sequence[Rejected],
) -> Delivery:
    layer_of = dict(database.connection.execute("SELECT source_id, layer FROM episode_to_deliver").fetchall())
    layers = Counter(layer_of[source_id] for one in files if one.part is Part.EPISODES for _, source_id in one.keys)
    withdrawn = set(
        database.connection.execute("SELECT part, source_id FROM row_to_deliver WHERE change = 'withdrawn'").fetchall()
    )
    return Delivery(
        period=request.period,
        final=final,
        ledger=ledger,
        statuses=before,
        files=tuple((one.name, len(one.keys)) for one in files),
        service_task_episodes=layers["service-task"],
        child_protection_episodes=layers["child-protection"],
        services=sum(len(one.keys) for one in files if one.part is Part.SERVICES),
        withdrawn=sum(key in withdrawn for one in files if one.part is Part.CORRECTIONS for key in one.keys),
        rejected=tuple(rejected),
    )


def _manifest(
    database: Database,
    request: Request,
    profile: Profile,
    wanted: Wanted,
    done: Delivery,
    files: Sequence[Rendered],
    data: Mapping[str, bytes],
) -> bytes:
    state = database.connection.execute(step("state")).fetchone() or ("", 0, 0)
    listed = [(one.name, len(one.keys), one.part.value) for one in files]
    if done.rejected:
        listed.append((REJECTED, len(done.rejected), "rejected"))
    told = {
        "schema": MANIFEST_SCHEMA,
        "tool_version": __version__,
        "profile": profile.name,
        "profile_sha256": profile.digest,
        "profile_note": "a neutral form of kanta-gap; not the authority's format" if profile.neutral else None,
        "kind": "corrections" if wanted.corrections else "full",
        "period": {
            "id": request.period.id,
            "start": request.period.start,
            "end": request.period.end,
            "assumed": request.period.assumed,
            "ended": done.final,
        },
        "as_of": request.as_of,
        "database": {"ledger": state[0], "documents": state[1], "register_rows": state[2]},
        "ledger": done.ledger,
        "delivered": {
            "service_task_episodes": done.service_task_episodes,
            "child_protection_episodes": done.child_protection_episodes,
            "services": done.services,
            "withdrawn": done.withdrawn,
            "rejected": len(done.rejected),
        },
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


def _commit(
    database: Database,
    request: Request,
    out: Path,
    profile: Profile,
    wanted: Wanted,
    done: Delivery,
    files: Sequence[Rendered],
    data: Mapping[str, bytes],
    now: dt.datetime,
) -> None:
    connection = database.connection
    connection.begin()
    placed = False
    try:
        (number,) = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM delivery").fetchone() or (1,)
        manifest = hashlib.sha256(data[MANIFEST]).hexdigest()
        connection.execute(
            "INSERT INTO delivery VALUES ($number, $manifest, $period, $start, $end, $as_of, $profile, $corrections, "
            "$now, NULL, $missing, $partial, $undetermined)",
            {
                "number": number,
                "manifest": manifest,
                "period": request.period.id,
                "start": request.period.start,
                "end": request.period.end,
                "as_of": request.as_of,
                "profile": profile.name,
                "corrections": wanted.corrections,
                "now": now,
                "missing": done.ledger["missing"],
                "partial": done.ledger["partial"],
                "undetermined": done.ledger["undetermined"],
            },
        )
        file_of = {key: one.name for one in reversed(files) for key in one.keys}
        file_of |= {key: one.name for one in files if one.part is not Part.CORRECTIONS for key in one.keys}
        written = pa.table(
            {
                "part": pa.array([part for part, _ in file_of], pa.string()),
                "source_id": pa.array([source_id for _, source_id in file_of], pa.string()),
                "file": pa.array(file_of.values(), pa.string()),
            }
        )
        connection.register("written_row", written)
        connection.execute(step("remember"), {"number": number})
        connection.unregister("written_row")
        note(
            database,
            "deliver",
            {"number": number, "manifest": manifest, "period": request.period.id, "profile": profile.name}
            | dict(done.files),
        )
        put_folder(out, data, MANIFEST)
        placed = True
        connection.commit()
    except BaseException:
        if placed:
            shutil.rmtree(out)
        connection.rollback()
        raise
