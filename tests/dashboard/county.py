"""A county small enough to be known by heart, with keys that never change: its frames can be compared."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from analyser.store.database import Database, open_database

ORGANISER = "1.2.246.10.99999901.10.0"
UNITS = ("1.2.246.10.99999901.10.1", "1.2.246.10.99999901.10.2")
RESTRICTED = "5" * 16
"""person_key of the person whose place nobody is told."""
STEERING = "R08\x1b[31m"
"""A source_id that would colour the terminal."""


def build(path: Path) -> None:
    """Write the county's database."""
    with open_database(path, write=True) as database:
        _register(database)
        _archive(database)


def _register(database: Database) -> None:
    episodes: list[dict[str, Any]] = [
        # Wholly archived, in two municipalities and units.
        {"source_id": "R01", "person": "1", "start": "2024-11-04"},
        {"source_id": "R02", "person": "2", "start": "2025-01-20", "end": "2025-02-14", "municipality": "245"},
        # The document begins later than the register says.
        {"source_id": "R03", "person": "3", "start": "2025-01-10", "unit": UNITS[1]},
        # Nothing archived; an older version covered; safety-restricted.
        {"source_id": "R04", "person": "4", "start": "2025-02-01", "task": "20", "municipality": "245"},
        {"source_id": "R05", "person": "5", "start": "2025-01-01", "unit": UNITS[1], "municipality": "753"},
        {"source_id": "R06", "person": "6", "start": "2025-03-03", "end": "2025-03-20"},
        # Partial dates on the register's side, a task marked out, an ID that steers the terminal.
        {"source_id": "R07", "person": "1", "start": "2025-03", "task": "15"},
        {"source_id": STEERING, "person": "2", "start": "2025-01-01", "task": "family_law"},
        {"source_id": "R09", "person": "3", "start": "2025-01-10", "task": "10", "layer": "child-protection"},
        # A row of the period before only.
        {"source_id": "R10", "person": "4", "start": "2024-10-01", "end": "2024-11-30", "task": "20"},
    ]
    for row, episode in enumerate(episodes, 2):
        _insert(
            database,
            "register_episode",
            source_id=episode["source_id"],
            identity_key=episode["person"] * 16,
            layer=episode.get("layer", "service-task"),
            service_task=episode.get("task", "24"),
            organiser=ORGANISER,
            unit=episode.get("unit", UNITS[0]),
            municipality=episode.get("municipality", "092"),
            file="episodes.csv",
            row=row,
            **_day("start", episode["start"]),
            **_day("end", episode.get("end")),
        )
    _insert(
        database,
        "register_period",
        period="2025Q1",
        period_start=dt.date(2025, 1, 1),
        period_end=dt.date(2025, 3, 31),
        deadline=dt.date(2025, 5, 15),
    )


def _archive(database: Database) -> None:
    for name, person, start, end, task, version, set_ in (
        ("11", "1", "2024-11-04", None, "24", 1, None),
        ("12", "2", "2025-01-20", "2025-02-14", "24", 1, None),
        ("13", "3", "2025-02-01", None, "24", 1, None),
        ("14", "5", "2025-02", None, "24", 1, None),
        ("15", "6", "2025-03-03", "2025-03-20", "24", 1, None),
        ("16", "6", "2024-03-03", "2024-03-20", "24", 2, "15"),
        ("17", "1", "2025-03-10", None, "15", 1, None),
    ):
        key, oid = f"d{name}", f"1.2.246.10.99999901.14.2025.{name}"
        stored = dt.datetime(2025, 1, 17 + version, 13, 6)
        _insert(
            database,
            "document",
            document_key=key,
            oid=oid,
            set_id=f"1.2.246.10.99999901.14.2025.{set_ or name}",
            version=version,
            kind="client-relationship",
            body="json",
            problems=[],
            organiser=ORGANISER,
            unit=UNITS[0],
            created_at=stored,
            effective_at=stored,
        )
        _insert(database, "member", member_key=key, source="archive.zip", member=f"{name}.xml", content_hash=key,
                outcome="document")  # fmt: skip
        _insert(
            database,
            "document_person",
            document_key=key,
            identity_key=person * 16,
            slot=0,
            origin="header",
            municipality="092",
            safety_restricted=person * 16 == RESTRICTED,
            pointer="ClinicalDocument/recordTarget[1]/patientRole/id",
        )
        _insert(database, "service_task_block", document_key=key, ordinal=0, task_code=task, pointer="/block/0")
        _insert(
            database,
            "client_period",
            document_key=key,
            role="unit",
            block=0,
            task_code=task,
            unit=UNITS[0],
            pointer="/asiakkuusasiakirja/sosiaalihuollon_palvelutehtava/0/palvelunjarjestajan_palveluyksikko/0",
            **_day("start", start),
            **_day("end", end),
        )
    for member in ("cut.xml", "notes.txt"):
        code = "malformed-xml" if member == "cut.xml" else "not-xml"
        _insert(
            database,
            "quarantine",
            member_key=member,
            source="archive.zip",
            member=member,
            stage="parse",
            code=code,
            message="cannot be read; fetch it anew",
            place="line 1, column 57",
            kind=None,
        )


def _day(name: str, text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    if len(text) == 7:
        low = dt.date.fromisoformat(f"{text}-01")
        high = (low + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        return {f"{name}_text": text, f"{name}_lo": low, f"{name}_hi": high}
    return {f"{name}_text": text, f"{name}_lo": dt.date.fromisoformat(text), f"{name}_hi": dt.date.fromisoformat(text)}


def _insert(database: Database, table: str, **values: Any) -> None:
    columns = ", ".join(f'"{name}"' for name in values)
    places = ", ".join(f"${name}" for name in values)
    database.connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)
