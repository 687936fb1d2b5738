"""Small counties that hit the corners often: borders of the period, partial dates, conflicts, chains of identities."""

from __future__ import annotations

import datetime as dt
from random import Random

from hypothesis import strategies as st

from tests.oracle.county import County, date_columns

_ORGANISERS = [
    "1.2.246.10.99999901.10.0",
    "1.2.246.10.99999901",
    "1.2.246.10.999999019.10.0",
    "1.2.246.10.99999902.10.0",
]
_IDENTITIES = [f"{n:016x}" for n in (1, 2, 3, 4, 5)]
_STARTS = [
    *["2024-11-05"] * 4, *["2025-01-01"] * 3,
    "2024-11-05", "2024-12-31", "2025-01-01", "2025-01-02", "2025-02-01", "2025-02-14", "2025-03-30", "2025-03-31",
    "2025-04-01", "2025-02", "2024-12", "2025-03", "2025", "2025-01-01", "2025-01-01", "2025-02-01",
]  # fmt: skip
_ENDS = [*[None] * 16, "2025-01-01", "2024-12-31", "2025-01-31", "2025-02-13", "2025-02-28", "2025-03-31", "2025-03-30",
         "2025-04-10", "2025-02", "2025-03", "2025", "2025-06-30"]  # fmt: skip
_TASKS = [
    *[{"task_code": "24"}] * 12, {"task_code": "10"}, {"task_code": "24", "task_display": "24 Lapsiperheiden palvelut"},
    {"task_display": "Iäkkäiden  palvelut"}, {"task_code": "77", "task_display": "Iäkkäiden palvelut"}, {"task_code": "77"},
    {"task_code": "78"}, {}, {"task_display": "Perheoikeudelliset palvelut"}, {"task_display": "Barnskydd"},
]  # fmt: skip
_WRITTEN = [
    *["24"] * 16,
    "10",
    "10",
    "elderly",
    "Iäkkäiden palvelut",
    "77",
    "families",
    "family_law",
    "mystery",
    None,
    "78",
    " 24 ",
]
_ROLES = [
    *["unit"] * 8,
    "producer",
    "implementer",
    "first-phase-unit",
    "child-protection",
    "child-protection",
]
_MOMENTS = [
    dt.datetime(2025, 1, 5, 12), dt.datetime(2025, 2, 10, 23, 59, 59), dt.datetime(2025, 2, 11), dt.datetime(2025, 3, 20, 8),
    None,
]  # fmt: skip


@st.composite
def counties(draw: st.DrawFn) -> County:
    """A county of a few persons, documents and register rows."""
    # Even odds: drawn one by one, Hypothesis would favour the plainest values and seldom reach a covered row.
    random = Random(draw(st.integers(0, 2**48)))
    pick = random.choice
    chance = lambda one_in: random.randrange(one_in) == 0  # noqa: E731
    county = County(
        as_of=pick([None, None, None, dt.date(2025, 2, 10), dt.date(2025, 1, 1)]),
        organisers=pick(
            [(), (), (), (), ("1.2.246.10.99999901",), ("1.2.246.10.99999901.10.0", "1.2.246.10.99999902")]
        ),
        producer_periods_cover=chance(4),
    )
    if chance(4):
        county.start, county.end = dt.date(2025, 2, 1), dt.date(2025, 2, 28)
    identities = _IDENTITIES[: pick([1, 1, 1, 2, 2, 3, 5])]
    for place, key in enumerate(identities):
        root = "1.2.246.21" if place % 2 == 0 else "1.2.246.10.99999902.22.2025"
        county.add("person_identity", identity_key=key, root=root, value=f"made-up-{place}")
    for _ in range(random.randint(0, 2)):
        county.add("register_identity", identity_key=pick(identities), same_as_key=pick(identities))
    for code in random.sample(["77", "78", "24b", "10"], random.choice([0, 0, 0, 1, 2])):
        county.add(
            "register_code",
            code=code,
            key={
                "77": "elderly",
                "78": pick(["elderly", "own_task", None]),
                "24b": "families",
                "10": "child_protection",
            }[code],
            name_fi=pick([None, "Oma tehtävä"]) if code == "78" else None,
            in_register=pick([None, True, True, False]),
        )
    for number in range(random.randint(0, 6)):
        _document(county, number, identities, pick, chance)
    for number in range(random.randint(0, 2)):
        member = f"m{number}"
        county.add(
            "quarantine",
            member_key=member,
            oid=pick([None, f"1.2.9.{number}"]),
            kind=pick([None, "client-relationship", "case"]),
            stored_at=pick(_MOMENTS),
        )
        county.add("quarantine_person", member_key=member, identity_key=pick(identities))
    for number in range(random.randint(1, 5)):
        county.add(
            "register_episode",
            source_id=f"R{number}",
            identity_key=pick(identities),
            layer=pick(["service-task", "service-task", "child-protection"]),
            service_task=pick(_WRITTEN),
            organiser=pick(_ORGANISERS[:1] * 16 + _ORGANISERS),
            **date_columns("start", pick(_STARTS)),
            **date_columns("end", pick(_ENDS)),
        )
    return county


def _document(county: County, number: int, identities: list[str], pick, chance) -> None:  # type: ignore[no-untyped-def]
    key = f"d{number}"
    oid = f"1.2.3.{number if not chance(12) else 0}"
    kind = pick(["client-relationship"] * 7 + ["case", "case", "client"])
    county.add(
        "document",
        document_key=key,
        oid=oid,
        set_id=f"1.2.4.{pick([number, number, 0, 1])}",
        version=pick([1, 1, 1, 2, 2, 3]),
        kind=kind,
        body="none" if chance(10) else "json",
        effective_at=pick(_MOMENTS),
        created_at=pick(_MOMENTS),
        organiser=pick(_ORGANISERS[:1] * 20 + [*_ORGANISERS, None]),
        old_relationship=pick([None, False, False, True]),
        **date_columns(
            "relationship_end", pick([None, None, None, "2025-02-20", "2025-02", "2024-12-01"] + [None] * 6)
        ),
    )
    for slot in range(1 if not chance(6) else 2):
        county.add("document_person", document_key=key, identity_key=pick(identities), slot=slot, origin="header")
        if chance(3):
            county.add(
                "document_person",
                document_key=key,
                identity_key=pick(identities),
                slot=slot,
                origin="content",
            )
    for _ in range(pick([0, 0, 1, 1])):
        county.add(
            "frame",
            frame_key=f"f{number}",
            member_key=f"fm{number}",
            created_at=pick(_MOMENTS),
            voiding=chance(6),
            oid=oid,
            set_id=pick([county["document"][-1]["set_id"]] * 4 + ["1.2.4.9", None]),
        )
    if kind == "case":
        county.add(
            "case_fact",
            document_key=key,
            **pick(_TASKS),
            **date_columns("opened", pick([*_STARTS, None])),
            **date_columns("closed", pick(_ENDS)),
        )
    elif county["document"][-1]["body"] == "json":
        for block in range(pick([0, 1, 1, 1, 2])):
            task = pick(_TASKS)
            county.add("service_task_block", document_key=key, ordinal=block, **task)
            for _ in range(pick([0, 1, 1, 1, 2])):
                role = pick(_ROLES)
                named = task if role not in ("first-phase-unit", "child-protection") else {}
                county.add(
                    "client_period",
                    document_key=key,
                    role=role,
                    **named,
                    **date_columns("start", pick([*_STARTS, *_STARTS, None])),
                    **date_columns("end", pick(_ENDS)),
                )
