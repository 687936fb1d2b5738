"""Counties in the contract's grammar, with its corners often: ties, twins, conflicts, partial dates, chains of identities.

A county is a few persons. What a document of a person tells, the register tells as well, a little otherwise now and then:
so that each class comes up about as often as the others.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.oracle.county import County, Row, date_columns, merged
from tests.oracle.episodes_grammar import Span, border, edges, span, spans, written

_ORGANISERS = [
    "1.2.246.10.99999901.10.0",
    "1.2.246.10.99999901",
    "1.2.246.10.999999019.10.0",
    "1.2.246.10.99999902.10.0",
]
_IDENTITIES = [f"{n:016x}" for n in (1, 2, 3, 4, 5)]
_TASKS: list[Row] = [
    *[{"task_code": "24"}] * 20, {"task_code": "10"}, {"task_code": "24", "task_display": "24 Lapsiperheiden palvelut"},
    {"task_display": "Iäkkäiden  palvelut"}, {"task_code": "77", "task_display": "Iäkkäiden palvelut"}, {"task_code": "77"},
    {"task_code": "78"}, {}, {"task_display": "Perheoikeudelliset palvelut"}, {"task_display": "Barnskydd"},
]  # fmt: skip
_WRITTEN = [
    *["24"] * 24,
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
_ROLES = [*["unit"] * 14, "producer", "implementer", "first-phase-unit"]
_MOMENTS = [
    dt.datetime(2025, 1, 5, 12), dt.datetime(2025, 2, 10, 23, 59, 59), dt.datetime(2025, 2, 11), dt.datetime(2025, 3, 20, 8), None,
]  # fmt: skip
_PROTECTION = "child-protection"


_Told = tuple[str, str, Row, list[Span]]
"""Whom a relationship is about, its layer, its service task and its days."""


@dataclass
class _Maker:
    county: County
    random: Random
    identities: list[str]
    tied: bool
    whole: int
    """How many whole dates there are for a partial one."""

    def chance(self, one_in: int) -> bool:
        return self.random.randrange(one_in) == 0

    def dates(self, name: str, day: dt.date | None) -> Row:
        return date_columns(name, written(self.random, day, self.whole))


@st.composite
def counties(draw: st.DrawFn, beside: int = 1) -> County:
    """A county of a few persons, documents and register rows; or some of them side by side, asked the same."""
    # Even odds: drawn one by one, Hypothesis would favour the plainest values and seldom reach a covered row.
    seed = draw(st.integers(0, 2**48))
    return county_of(seed) if beside == 1 else merged(county_of(seed + n) for n in range(beside))


def county_of(seed: int, *, tied: bool | None = None) -> County:
    """The county of a seed. Two in five, or as said, have ties: equal periods, twins and duplicates."""
    random = Random(seed)
    pick = random.choice
    ties = random.randrange(5) < 2
    county = County(
        organisers=pick([(), (), (), (), ("1.2.246.10.99999901",), (_ORGANISERS[0], "1.2.246.10.99999902")])
    )
    if random.randrange(4) == 0:
        county.start, county.end = dt.date(2025, 2, 1), dt.date(2025, 2, 28)
    make = _Maker(
        county, random, _IDENTITIES[: pick([1, 1, 2, 3, 5])], ties if tied is None else tied, pick([1, 3, 3, 8, 1000])
    )
    county.producer_periods_cover = make.chance(4)
    _persons(make)
    _codes(make)
    told: list[_Told] = []
    for _ in range(random.choice([0, 1, 2, 2, 2, 3])):
        told.append(_relationship(make))
    for _ in range(random.choice([0, 0, 1, 2])):
        _other_document(make)
    _quarantine(make)
    _answers(make)
    for _ in range(random.randint(1, 4)):
        _row(make, told)
    if make.chance(3):
        moments = [row["created_at"] for row in county["frame"] + county["document"] if row.get("created_at")]
        day = pick(moments).date() if moments else dt.date(2025, 2, 10)
        county.as_of = day + pick([0, 0, -1, 1]) * dt.timedelta(days=1)
    for _ in range(pick([0, 0, 1, 1, 2])):
        _spelled(make)
    return county


def _spelled(make: _Maker) -> None:
    """A document once more in other bytes; now and then one fact differs, and it is a conflict."""
    county, pick = make.county, make.random.choice
    if not county["document"]:
        return
    document = pick(county["document"])
    key = f"{pick('ce')}{len(county['document'])}"
    for table in ("document_person", "service_task_block", "client_period", "case_fact"):
        rows = [row for row in county[table] if row["document_key"] == document["document_key"]]
        for row in make.random.sample(rows, len(rows)):
            county.add(table, **(row | {"document_key": key, "pointer": f"/{key}"}))
    other: Row = pick(
        [{}, {}, {}, {"old_relationship": True}, {"effective_at": pick(_MOMENTS)}, {"oid": f"1.2.3.{key}"}]
    )
    county.add("document", **(document | {"document_key": key, "size": make.random.randrange(9000)} | other))


def _persons(make: _Maker) -> None:
    for place, key in enumerate(make.identities):
        root = "1.2.246.21" if place % 2 == 0 else "1.2.246.10.99999902.22.2025"
        make.county.add("person_identity", identity_key=key, root=root, value=f"made-up-{place}")
    if make.chance(4):  # a chain: each identity leads to the next, in either direction
        for one, other in zip(make.identities, make.identities[1:], strict=False):
            one, other = make.random.sample([one, other], 2)
            make.county.add("register_identity", identity_key=one, same_as_key=other)
    for _ in range(make.random.choice([0, 0, 0, 1, 2])):
        make.county.add(
            "register_identity",
            identity_key=make.random.choice(make.identities),
            same_as_key=make.random.choice(make.identities),
        )


def _codes(make: _Maker) -> None:
    pick = make.random.choice
    for code in make.random.sample(["77", "78", "24b", "10"], pick([0, 0, 0, 1, 2])):
        keys = {"77": "elderly", "78": pick(["elderly", "own_task", None]), "24b": "families", "10": "child_protection"}
        make.county.add(
            "register_code", code=code, key=keys[code], name_fi=pick([None, "Oma tehtävä"]) if code == "78" else None,
            in_register=pick([None, True, True, False]),
        )  # fmt: skip


def _relationship(make: _Maker) -> _Told:
    """A client relationship: one document or more that tell the same days; returns whose, of which layer, and which days."""
    pick = make.random.choice
    person, layer = pick(make.identities), pick(["service-task"] * 4 + [_PROTECTION])
    task, found = pick(_TASKS), spans(make.random, tied=make.tied)
    organiser = pick(_ORGANISERS[:1] * 20 + [*_ORGANISERS, None])
    # Of one document with all of them; or of several, each with some; a twin tells all of it once more.
    shares = [found] if make.chance(2) else [found[n::2] for n in range(2)]
    if make.chance(2 if make.tied else 6):
        shares.append(found)
    set_id, version = f"1.2.4.{len(make.county['document'])}", 1
    for share in shares:
        how = pick(["own set"] * 4 + ["next version", "conflict", "any set"])
        if how == "own set":
            set_id, version = f"1.2.4.{len(make.county['document'])}", 1
        elif how == "next version":
            version += 1
        elif how == "any set" and make.county["document"]:
            other = pick(make.county["document"])
            set_id, version = other["set_id"], other["version"] + pick([0, 1])
        _write(make, person, layer, task, organiser, share, set_id, version)
    return person, layer, task, found


def _write(
    make: _Maker,
    person: str,
    layer: str,
    task: Row,
    organiser: str | None,
    share: list[Span],
    set_id: str,
    version: int,
) -> None:
    pick, county = make.random.choice, make.county
    key = _document(make, "client-relationship", organiser, set_id, version, person)
    if county["document"][-1]["body"] == "none":
        return
    block = 0
    for first, last in share:
        if layer == _PROTECTION:
            _period(make, key, _PROTECTION, {}, first, last)
            continue
        if block == 0 or make.chance(4):  # units of one block, or of several blocks with one task
            county.add("service_task_block", document_key=key, ordinal=block, **task)
            block += 1
        role = pick(_ROLES)
        _period(make, key, role, task if role != "first-phase-unit" else {}, first, last)
        if make.chance(8):
            county.add("client_period", **county["client_period"][-1])
    if make.chance(6):  # something else in the same document
        other = pick(_TASKS)
        county.add("service_task_block", document_key=key, ordinal=block, **other)
        if make.chance(2):
            _period(make, key, "unit", other, *span(make.random))


def _period(make: _Maker, key: str, role: str, task: Row, first: dt.date, last: dt.date | None) -> None:
    start = make.dates("start", None if make.chance(25) else first)
    make.county.add("client_period", document_key=key, role=role, **task, **start, **make.dates("end", last))


def _document(make: _Maker, kind: str, organiser: str | None, set_id: str, version: int, person: str) -> str:
    pick, county = make.random.choice, make.county
    number = len(county["document"])
    key, oid = f"d{number}", f"1.2.3.{number if not make.chance(15) else 0}"
    ends = make.dates("relationship_end", border(make.random) if make.chance(4) else None)
    county.add(
        "document", document_key=key, oid=oid, set_id=set_id, version=version, kind=kind,
        body="none" if make.chance(25) else "json", effective_at=pick(_MOMENTS), created_at=pick(_MOMENTS),
        organiser=organiser, old_relationship=pick([None, False, False, True]), **ends,
    )  # fmt: skip
    for slot in range(2 if make.chance(6) else 1):  # a joint document is about two clients
        whose = person if slot == 0 else pick(make.identities)
        times: Row = {}
        if kind == "case" and make.chance(3):  # a client of a joint case comes and goes by days of their own
            first, last = span(make.random)
            times = make.dates("joined", pick([first, None])) | make.dates("left", pick([last, None]))
        county.add(
            "document_person",
            document_key=key,
            identity_key=whose,
            slot=slot,
            origin=pick(["header", "content"]) if slot else "header",
            **times,
        )
        if make.chance(4):
            other = pick(make.identities)
            county.add("document_person", document_key=key, identity_key=other, slot=slot, origin="content")
    for sending in range(pick([0, 0, 1, 1, 2])):
        county.add(
            "frame", frame_key=f"f{number}-{len(county['frame'])}", member_key=f"fm{number}", created_at=pick(_MOMENTS),
            voiding=make.chance(14), oid=oid, set_id=pick([set_id] * 4 + ["1.2.4.99", None]),
            message_root=pick(["1.2.246.10.99999901.10.0"] * 8 + [None]),
            message_extension=pick([f"{number}-{sending}"] * 8 + ["0-0", None]),
            sender=pick([None, None, "1.2.246.10.99999901.10.7", *_ORGANISERS[:1]]),
        )  # fmt: skip
    return key


def _other_document(make: _Maker) -> None:
    pick = make.random.choice
    kind = pick(["case", "case", "client"])
    organiser = pick(_ORGANISERS[:1] * 20 + [*_ORGANISERS, None])
    key = _document(make, kind, organiser, f"1.2.4.{len(make.county['document'])}", 1, pick(make.identities))
    if kind == "case":
        first, last = span(make.random)
        opened = make.dates("opened", None if make.chance(8) else first)
        make.county.add("case_fact", document_key=key, **pick(_TASKS), **opened, **make.dates("closed", last))


def _quarantine(make: _Maker) -> None:
    pick = make.random.choice
    for number in range(pick([0, 0, 0, 1, 2])):
        member = f"m{number}"
        terms: dict[str, Any] = {"kind": pick([None, "client-relationship", "case"]), "stored_at": pick(_MOMENTS)}
        if make.county["document"] and make.chance(3):  # another version of a set that is there
            of = pick(make.county["document"])
            terms |= {"set_id": of["set_id"], "version": of["version"] + pick([-1, 0, 1, 1])}
        make.county.add("quarantine", member_key=member, oid=pick([None, f"1.2.9.{number}"]), **terms)
        if make.chance(3):
            make.county.add(
                "frame", frame_key=f"fq{number}", member_key=f"fqm{number}", created_at=pick(_MOMENTS),
                voiding=make.chance(5), oid=f"1.2.9.{number}", set_id=pick([terms.get("set_id"), None]),
            )  # fmt: skip
        make.county.add("quarantine_person", member_key=member, identity_key=pick(make.identities))


def _answers(make: _Maker) -> None:
    """Answers to most frames of every other county: late, double and contradicting ones among them, and to nobody."""
    pick, county = make.random.choice, make.county
    county.acknowledgements = pick(["when-present", "when-present", "required", "ignore"])
    if make.chance(2):
        return
    targets = [(frame.get("message_root"), frame.get("message_extension")) for frame in county["frame"]]
    for root, extension in [*targets, ("1.2", "nobody")]:
        for _ in range(pick([0, 1, 1, 2])):
            number = len(county["acknowledgement"])
            county.add(
                "acknowledgement", answer_key=f"a{number}", member_key=f"am{number}", ordinal=1,
                created_at=pick(_MOMENTS), type_code=pick(["AA"] * 6 + ["AE", "AE", "AR", "CA", "CE", "CR", "XX", None]),
                target_root=root, target_extension=None if make.chance(20) else extension,
            )  # fmt: skip


def _row(make: _Maker, told: list[_Told]) -> None:
    pick, county = make.random.choice, make.county
    rows = county["register_episode"]
    source_id = f"R{len(rows)}"
    if rows and make.chance(8):  # the same once more
        county.add("register_episode", **(pick(rows) | {"source_id": source_id}))
        return
    person, layer, days = pick(make.identities), pick(["service-task", "service-task", _PROTECTION]), span(make.random)
    task = pick(_WRITTEN)
    if told and not make.chance(7):
        whose, layer, named, found = pick(told)
        task = task if make.chance(4) else named.get("task_code") or named.get("task_display")
        person, days = person if make.chance(8) else whose, edges(make.random, found)
    elif make.chance(6):
        days = days[1] or days[0], days[0]  # may end before it starts
    county.add(
        "register_episode", source_id=source_id, identity_key=person, layer=layer, service_task=task,
        organiser=pick(_ORGANISERS[:1] * 24 + _ORGANISERS), **make.dates("start", days[0]), **make.dates("end", days[1]),
    )  # fmt: skip
