"""Writes a delivery: aside, synced, manifest last, then put in its place, so that a half never looks whole.

Rows come from the ledger alone, and their number is tied to it before anything is written. Identifiers are joined to
the rows in the last query and stand in the delivery's files only.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from csv import QUOTE_MINIMAL, writer
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from analyser import __version__
from analyser.coverage.measure import assert_ties
from analyser.coverage.model import Request, build_model
from analyser.coverage.result import Period
from analyser.errors import BrokenSumError, NothingToCheckError, UsageError
from analyser.resources import queries
from analyser.store.audit import note
from analyser.store.database import Database

MANIFEST_SCHEMA = "kanta-gap/manifest/1"
PROFILES = ("plain",)

_OID = re.compile(r"[0-2](\.(0|[1-9]\d*))+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_EPISODE = ("source_id", "person_id", "person_id_root", "organiser", "service_task", "start", "end")
_PROTECTION = ("source_id", "person_id", "person_id_root", "organiser", "start", "end")
_SERVICE = (
    "source_id",
    "person_id",
    "person_id_root",
    "kind",
    "organiser",
    "service_task",
    "social_service",
    "decided",
    "start",
    "end",
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was written."""

    folder: Path
    period: Period
    service_task_episodes: int
    child_protection_episodes: int
    services: int | None
    undetermined: int
    rejected: int


@dataclass(frozen=True, slots=True)
class _Part:
    file: str
    columns: Sequence[str]
    rows: list[dict[str, Any]]


def deliver(
    database: Database,
    request: Request,
    out: Path,
    *,
    profile: str = "plain",
    with_services: bool = False,
    reject: bool = False,
    now: dt.datetime | None = None,
) -> Delivery:
    """Write what the ledger says Kanta lacks into the new folder `out`, and record it in the database.

    A value that the profile cannot express (a partial date, a person without an identifier) stops the delivery, or
    goes to `rejected.csv` with `reject`. Raises UsageError when the folder exists, NothingToCheckError without rows.
    """
    if profile not in PROFILES:
        raise UsageError(f"the profile ‘{profile}’ is not known", f"known are: {', '.join(PROFILES)}")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"the folder ‘{out.name}’ exists and is not empty", "name a new folder with --out")
    if not out.parent.is_dir():
        raise UsageError(f"the folder above ‘{out.name}’ does not exist", "create it, or name another with --out")
    connection = database.connection
    build_model(connection, request)
    assert_ties(connection)
    counts = dict(connection.execute("SELECT class, count(*) FROM ledger GROUP BY class").fetchall())
    if not counts:
        raise NothingToCheckError(
            f"the register has no rows in {request.period.id}", "load them: kanta-gap register FILE"
        )
    parts = [
        _Part("service_task_episodes.csv", _EPISODE, _episodes(database, "service-task")),
        _Part("child_protection_episodes.csv", _PROTECTION, _episodes(database, "child-protection")),
    ]
    lacking = counts.get("missing", 0) + counts.get("partial", 0)
    if sum(len(part.rows) for part in parts) != lacking:
        raise BrokenSumError(
            "the rows to deliver and the missing and partial rows of the ledger do not tie",
            "this is a defect of kanta-gap: send nothing, and report it",
        )
    if with_services:
        sql = queries("delivery", "plain-services.sql").read_text(encoding="utf-8")
        parts.append(_Part("services.csv", _SERVICE, connection.execute(sql).to_arrow_table().to_pylist()))
    parts, rejected = _expressible(parts, reject=reject)
    manifest = _write(out, parts, rejected, request, profile, counts)
    _remember(database, parts, manifest, request, profile, now)
    by_file = {part.file: len(part.rows) for part in parts}
    return Delivery(
        out,
        request.period,
        by_file["service_task_episodes.csv"],
        by_file["child_protection_episodes.csv"],
        by_file.get("services.csv"),
        counts.get("undetermined", 0),
        len(rejected),
    )


def _episodes(database: Database, layer: str) -> list[dict[str, Any]]:
    sql = queries("delivery", "plain-episodes.sql").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = database.connection.execute(sql, {"layer": layer}).to_arrow_table().to_pylist()
    return rows


def _expressible(parts: list[_Part], *, reject: bool) -> tuple[list[_Part], list[tuple[str, str, str]]]:
    """Parts without the rows that the profile cannot express, and (file, source_id, reason) of those."""
    kept, rejected = [], []
    for part in parts:
        good = []
        for row in part.rows:
            reason = _objection(row)
            if reason is None:
                good.append(row)
            else:
                rejected.append((part.file, row["source_id"], reason))
        kept.append(_Part(part.file, part.columns, good))
    if rejected and not reject:
        shown = ", ".join(f"{source_id} ({reason})" for _, source_id, reason in rejected[:10])
        more = f" and {len(rejected) - 10} more" if len(rejected) > 10 else ""
        raise UsageError(
            f"{len(rejected)} rows cannot be expressed by the profile plain: {shown}{more}",
            "correct them in the register, or put them into rejected.csv with --reject",
        )
    return kept, rejected


def _objection(row: dict[str, Any]) -> str | None:
    if not row["person_id"]:
        return "no person identifier"
    if any(row.get(name) and not _DAY.fullmatch(row[name]) for name in ("start", "end", "decided")):
        return "a partial date"
    if not _OID.fullmatch(row["organiser"] or ""):
        return "organiser is not an OID"
    if any(str(value)[:1] in "=+-@\t\r" for value in row.values() if value):
        return "a value that begins like a formula"
    return None


def _table(part: _Part) -> bytes:
    buffer = io.StringIO()
    table = writer(buffer, delimiter=";", lineterminator="\n", quoting=QUOTE_MINIMAL)
    table.writerow(part.columns)
    table.writerows([row[name] if row[name] is not None else "" for name in part.columns] for row in part.rows)
    return buffer.getvalue().encode()


def _write(
    out: Path,
    parts: list[_Part],
    rejected: list[tuple[str, str, str]],
    request: Request,
    profile: str,
    counts: dict[str, int],
) -> bytes:
    aside = Path(tempfile.mkdtemp(prefix=".kanta-gap-delivery-", dir=out.parent))
    try:
        files = {part.file: _table(part) for part in parts}
        if rejected:
            lines = ["file;source_id;reason", *(";".join(line) for line in rejected)]
            files["rejected.csv"] = ("\n".join(lines) + "\n").encode()
        rows = {part.file: len(part.rows) for part in parts} | ({"rejected.csv": len(rejected)} if rejected else {})
        manifest = orjson.dumps(
            {
                "schema": MANIFEST_SCHEMA,
                "tool_version": __version__,
                "profile": profile,
                "profile_note": "a neutral form of kanta-gap; not the authority's format",
                "period": {"id": request.period.id, "start": request.period.start, "end": request.period.end},
                "as_of": request.as_of,
                "ledger": {name: counts.get(name, 0) for name in _CLASSES},
                "files": [
                    {"name": name, "rows": rows[name], "sha256": hashlib.sha256(data).hexdigest()}
                    for name, data in sorted(files.items())
                ],
            },
            option=orjson.OPT_INDENT_2,
        )
        for name, data in [*files.items(), ("manifest.json", manifest + b"\n")]:
            _put(aside / name, data)
        if out.exists():
            out.rmdir()
        aside.rename(out)
        _sync(out.parent)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return manifest


_CLASSES = ("excluded", "undetermined", "archived", "partial", "missing")


def _put(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remember(
    database: Database, parts: list[_Part], manifest: bytes, request: Request, profile: str, now: dt.datetime | None
) -> None:
    connection = database.connection
    written_at = now or dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    delivery_id = hashlib.sha256(manifest + written_at.isoformat().encode()).hexdigest()[:16]
    connection.begin()
    try:
        connection.execute(
            "INSERT OR REPLACE INTO delivery VALUES ($id, $period, $profile, $written_at)",
            {"id": delivery_id, "period": request.period.id, "profile": profile, "written_at": written_at},
        )
        for part in parts:
            layer = "child-protection" if part.file.startswith("child") else "service-task"
            connection.execute(
                "INSERT INTO delivery_row SELECT $id, $file, ledger.source_id, ledger.layer, ledger.service_task, "
                'ledger.start, ledger."end" FROM ledger '
                "JOIN (SELECT unnest($rows::VARCHAR[]) AS source_id) AS sent USING (source_id) "
                "WHERE ledger.layer = $layer",
                {"id": delivery_id, "file": part.file, "rows": [r["source_id"] for r in part.rows], "layer": layer},
            )
        note(
            database,
            "deliver",
            {"delivery": delivery_id, "period": request.period.id, "profile": profile}
            | {part.file: len(part.rows) for part in parts},
        )
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
