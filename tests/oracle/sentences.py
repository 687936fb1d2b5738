"""The contract's sentences of the ledger as small cases: who is archived how, what the register says, and what must come out.

The table in docs/counting.md names each of them. Documents and rows are written as people write them: `2025-02..2025-02`
is a period, an empty end is open.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from tests.oracle.county import County, date_columns

ORGANISER = "1.2.246.10.99999901.10.0"
OTHER = "1.2.246.10.99999902.10.0"


@dataclass(frozen=True)
class Doc:
    """A client-relationship document; `of` picks identities of the case's person."""

    units: tuple[str, ...] = ()
    task: str | None = "24"
    role: str = "unit"
    of: tuple[int, ...] = (0,)
    set_id: str = ""
    version: int = 1
    ends: str | None = None
    organiser: str = ORGANISER
    body: str = "json"
    frame: str | None = None
    header: str | None = None
    effective: str | None = None
    voided: bool = False
    kind: str = "client-relationship"
    beside: tuple[int, ...] = ()
    """Identities that the content alone names, each a client of its own."""


@dataclass(frozen=True)
class Case:
    """A row of the register, its archive, and what the contract says of it."""

    row: str
    documents: tuple[Doc, ...]
    ends_as: str
    days: tuple[int, int] = (0, 0)
    """Archived and expected days."""
    reasons: tuple[str, ...] | None = None
    """Those that must be told, beside no-case-document and dates-differ, which nearly all of these small cases have."""
    task: str | None = "24"
    layer: str = "service-task"
    organiser: str = ORGANISER
    of: int = 0
    joined: tuple[tuple[int, int], ...] = ()
    as_of: str | None = None
    producers: bool = False
    quarantined: dict[str, Any] = field(default_factory=dict)


Q1 = "2025-01-01..2025-03-31"
_HALF = ("2025-01-01..2025-02-14",)

CASES: dict[str, Case] = {
    "every-day": Case(Q1, (Doc((Q1,)),), "archived", (90, 90), ()),
    "some-days": Case(Q1, (Doc(_HALF),), "partial", (45, 90), ("dates-outside",)),
    "no-day": Case(Q1, (Doc(("2024-01-01..2024-12-31",)),), "missing", (0, 90), ("dates-outside",)),
    "no-document": Case(Q1, (), "missing", (0, 90), ("no-document",)),
    "inside-the-period": Case("2024-12-01..2025-01-10", (Doc(("2025-01-01..",)),), "archived", (10, 10), ()),
    "both-ends-included": Case("2025-03-31..", (Doc(("2025-03-31..2025-03-31",)),), "archived", (1, 1), ()),
    "family-law": Case("2025-02-01..2025-01-01", (), "excluded", (0, 0), ("excluded-family-law",), task="family_law"),
    "task-left-out": Case(Q1, (Doc((Q1,), "78"),), "excluded", (0, 0), ("excluded-task",), task="78"),
    "other-organiser-row": Case(Q1, (), "excluded", (0, 0), ("excluded-organiser",), organiser=OTHER),
    "other-organiser": Case(Q1, (Doc((Q1,), organiser=OTHER),), "missing", (0, 90), ("other-organiser",)),
    "end-before-start": Case("2025-02-01..2025-01-01", (Doc((Q1,)),), "undetermined", (0, 0), ("end-before-start",)),
    "task-unknown": Case(Q1, (Doc((Q1,)),), "undetermined", (0, 0), ("unknown-service-task",), task="mystery"),
    # Readings
    "readings-differ": Case(
        "2025-01-01..2025-02-20", (Doc(("2025-01-01..2025-02",)),), "undetermined", (0, 0), ("partial-date",)
    ),
    "readings-differ-by-the-row": Case("2025-02..2025-02-20", (Doc(("2025-02-10..",)),), "undetermined", (0, 0), ("partial-date",)),
    "partial-in-every-reading": Case(Q1, (Doc(("2025-02..2025-02",)),), "partial", (1, 90), ("dates-outside",)),
    "end-not-before-start": Case("2025-02-10..2025-02-10", (Doc(("2025-02-10..2025-02",)),), "archived", (1, 1), ()),
    "start-not-after-end": Case(Q1, (Doc(("2025-01..2025-01-20",)),), "partial", (1, 90), ("dates-outside",)),
    "row-start-not-after-end": Case("2025-02..2025-02-01", (Doc(("2025-01-20..2025-02-01",)),), "archived", (1, 1), ()),
    "row-end-not-before-start": Case("2025-02-28..2025-02", (Doc(("2025-02-01..2025-02-27",)),), "missing", (0, 1), ("dates-outside",)),
    "two-that-cannot-both-miss": Case(
        "2025-01-01..2025-03-30", (Doc(("2025-01..2025-01", "2025-03..2025-03-20")),), "partial", (1, 89), ("dates-outside",)
    ),
    "two-that-may-cover-all": Case(
        "2025-02-01..2025-02-20", (Doc(("2025-02-01..2025-02", "2025-02..2025-02-20")),), "undetermined", (0, 0), ("partial-date",)
    ),
    "row-may-lie-outside": Case("2025..", (), "undetermined", (0, 0), ("partial-date",)),
    "row-may-lie-outside-covered": Case("2025..", (Doc(("2025-01-01..",)),), "archived", (90, 90), ()),
    "ends-before-it-starts": Case(Q1, (Doc(("2025-03-01..2025-02",)),), "missing", (0, 90), ("dates-outside",)),
    # Versions
    "newest-version": Case(
        Q1, (Doc((Q1,), set_id="s"), Doc(_HALF, set_id="s", version=2)), "partial", (45, 90), ("superseded", "dates-outside")
    ),
    "conflict": Case(
        Q1, (Doc((Q1,), set_id="s"), Doc(_HALF, set_id="s")), "undetermined", (0, 0), ("version-conflict",)
    ),
    "conflict-in-agreement": Case(
        "2025-01-01..2025-02-01", (Doc((Q1,), set_id="s"), Doc(_HALF, set_id="s")), "archived", (32, 32), ()
    ),
    "voided": Case(Q1, (Doc((Q1,), voided=True),), "missing", (0, 90), ("voided",)),
    "voided-without-a-body": Case(
        Q1, (Doc((Q1,), set_id="s"), Doc(set_id="s", version=2, body="none")), "missing", (0, 90), ("voided", "superseded")
    ),
    "newest-in-quarantine": Case(
        Q1, (Doc((Q1,), set_id="s"),), "archived", (90, 90), ("quarantined-document",), quarantined={"set_id": "s", "version": 2}
    ),
    # What covers
    "equal-units": Case(Q1, (Doc(_HALF * 8),), "partial", (45, 90), ("dates-outside",)),
    "twins": Case(Q1, (Doc(_HALF * 2), Doc(_HALF * 2)), "partial", (45, 90), ("dates-outside",)),
    "adjacent-units": Case(Q1, (Doc(("2024-06-01..2025-01-31", "2025-02-01..")),), "archived", (90, 90), ()),
    "a-day-between": Case(Q1, (Doc(("2024-06-01..2025-01-31",)), Doc(("2025-02-02..",))), "partial", (89, 90), ("dates-outside",)),
    "producers": Case(Q1, (Doc((Q1,), role="producer"),), "missing", (0, 90), ("dates-outside",)),
    "producers-that-cover": Case(Q1, (Doc((Q1,), role="producer"),), "archived", (90, 90), (), producers=True),
    "relationship-ends": Case(Q1, (Doc(("2024-06-01..",), ends="2025-02-14"),), "partial", (45, 90), ("dates-outside",)),
    "relationship-ended-before": Case(Q1, (Doc(("2025-01-01..",), ends="2024-12-31"),), "archived", (90, 90), ()),
    "relationship-end-is-one-day": Case(
        "2025-01-01..2025-02-20", (Doc(("2025-01-01..", "2025-02-20.."), ends="2025-02"),), "archived", (51, 51), ()
    ),
    "first-phase": Case(
        Q1, (Doc((Q1,), None, "first-phase-unit"),), "missing", (0, 90), ("no-service-task", "unit-without-task")
    ),
    "other-task": Case(Q1, (Doc((Q1,), "15"),), "missing", (0, 90), ("no-service-task",)),
    "child-protection": Case(
        Q1, (Doc((Q1,), None, "child-protection"),), "archived", (90, 90), (), task=None, layer="child-protection"
    ),
    "child-protection-task-alone": Case(
        Q1, (Doc((Q1,), "10"),), "missing", (0, 90), ("no-service-task",), task=None, layer="child-protection"
    ),
    "no-client-document": Case(Q1, (Doc(kind="client"),), "missing", (0, 90), ("no-client-document",)),
    "in-quarantine": Case(Q1, (), "missing", (0, 90), ("no-document", "quarantined-document"), quarantined={"version": 1}),
    # Persons
    "temporary-id": Case(Q1, (Doc((Q1,)),), "archived", (90, 90), ("temporary-id-only",), of=1, joined=((1, 0),)),
    "chain-of-identities": Case(
        Q1, (Doc(_HALF), Doc(("2025-02-15..",), of=(2,))), "archived", (90, 90), ("temporary-id-only",), of=1, joined=((0, 1), (2, 1))
    ),
    "no-identities-row": Case(Q1, (Doc((Q1,), of=(0, 1)), Doc((Q1,), of=(0,))), "missing", (0, 90), ("no-document",), of=2),
    "joint-document": Case(Q1, (Doc((Q1,), of=(0, 1)),), "archived", (90, 90), (), of=1),
    "beside-the-client": Case(Q1, (Doc((Q1,), beside=(1,)),), "missing", (0, 90), ("no-document",), of=1),
    # As-of
    "as-of-by-the-frame": Case(
        Q1, (Doc((Q1,), frame="2025-04-16", header="2025-01-02"),), "missing", (0, 90), ("no-document", "after-as-of"), as_of="2025-04-15"
    ),
    "as-of-by-the-header": Case(
        Q1, (Doc((Q1,), header="2025-04-15", effective="2025-04-20"),), "archived", (90, 90), (), as_of="2025-04-15"
    ),
    "as-of-by-the-effective-time": Case(
        Q1, (Doc((Q1,), effective="2025-04-16"),), "missing", (0, 90), ("no-document", "after-as-of"), as_of="2025-04-15"
    ),
    "as-of-brings-the-older-version-back": Case(
        Q1, (Doc((Q1,), set_id="s", header="2025-01-02"), Doc(_HALF, set_id="s", version=2, header="2025-04-16")),
        "archived", (90, 90), (), as_of="2025-04-15",
    ),
}  # fmt: skip


def counties() -> list[County]:
    """The cases in as few counties as there are questions; a row's source_id is the name of its case."""
    found: dict[tuple[str | None, bool], County] = {}
    for number, (name, case) in enumerate(CASES.items()):
        asked = (case.as_of, case.producers)
        if asked not in found:
            as_of = dt.date.fromisoformat(case.as_of) if case.as_of else None
            found[asked] = County(as_of=as_of, organisers=(ORGANISER,), producer_periods_cover=case.producers)
            found[asked].add("register_code", code="78", key="own_task", in_register=False)
        _add(found[asked], number, name, case)
    return list(found.values())


def _add(county: County, number: int, name: str, case: Case) -> None:
    keys = [f"{number:08x}{n:08x}" for n in range(3)]
    for key in keys:
        county.add("person_identity", identity_key=key, root="1.2.246.21", value=f"made-up-{key}")
    for one, other in case.joined:
        county.add("register_identity", identity_key=keys[one], same_as_key=keys[other])
    for n, document in enumerate(case.documents):
        _document(county, f"{name}-{n}", name, document, keys)
    if case.quarantined:
        terms = case.quarantined | {"set_id": f"{name}-{case.quarantined.get('set_id')}"}
        county.add("quarantine", member_key=name, kind="client-relationship", **terms)
        county.add("quarantine_person", member_key=name, identity_key=keys[case.of])
    county.add(
        "register_episode", source_id=name, identity_key=keys[case.of], layer=case.layer, service_task=case.task,
        organiser=case.organiser, **_dates(case.row),
    )  # fmt: skip


def _document(county: County, key: str, name: str, document: Doc, keys: list[str]) -> None:
    oid, set_id = f"1.2.3.{key}", f"{name}-{document.set_id}" if document.set_id else key
    county.add(
        "document", document_key=key, oid=oid, set_id=set_id, version=document.version, kind=document.kind,
        body=document.body, organiser=document.organiser, created_at=_moment(document.header),
        effective_at=_moment(document.effective), **date_columns("relationship_end", document.ends),
    )  # fmt: skip
    for slot, of in enumerate(document.of + document.beside):
        origin = "header" if slot < len(document.of) else "content"
        county.add("document_person", document_key=key, identity_key=keys[of], slot=slot, origin=origin)
    for frame, voiding in ((document.frame, False), ("2025-04-01" if document.voided else None, True)):
        if frame:
            county.add(
                "frame", frame_key=f"{key}-{voiding}", member_key=f"{key}-{voiding}", created_at=_moment(frame),
                voiding=voiding, oid=oid, set_id=set_id,
            )  # fmt: skip
    task = {"task_code": document.task} if document.task else {}
    if document.task:
        county.add("service_task_block", document_key=key, ordinal=0, **task)
    for unit in document.units:
        county.add("client_period", document_key=key, role=document.role, **task, **_dates(unit))


def _dates(span: str) -> dict[str, Any]:
    start, end = span.split("..")
    return date_columns("start", start) | date_columns("end", end or None)


def _moment(day: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(day) if day else None
