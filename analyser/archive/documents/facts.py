"""What the content of a document says of client relationships, cases and services, as rows of `records.py`."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from analyser.archive.documents.content import Coded, Object, coded, date_of, flag_of, object_of, objects_of, text_of
from analyser.archive.documents.envelope import Envelope
from analyser.archive.documents.problems import Problem
from analyser.archive.documents.service_evidence import evidence_of
from analyser.archive.documents.unit_names import client_words, unit_name_of
from analyser.national.identifiers import normal_root, plain

_TASK_SYSTEM = "1.2.246.537.6.1221"
_UNKNOWN = (None, None, None)


class Facts:
    """Rows that the content gives, besides the persons."""

    __slots__ = ("relationship_end", "relationship_start", "rows")

    def __init__(self) -> None:
        self.relationship_start: tuple[Any, ...] = _UNKNOWN
        self.relationship_end: tuple[Any, ...] = _UNKNOWN
        self.rows: list[tuple[str, tuple[Any, ...]]] = []


def facts_of(
    kind: str,
    content: Object,
    place: str,
    key: str,
    envelope: Envelope,
    problems: list[Problem],
) -> Facts:
    """The rows of a document's content, by its kind; `place` is the content's pointer, `envelope` what the header
    tells.

    Tolerated defects are added to `problems`. Raises Trouble for content that is not what its definition says.
    """
    facts = Facts()
    if kind == "client-relationship":
        _relationship(content, place, key, envelope.relationship_id, facts, problems)
    elif kind == "case":
        _case(content, place, key, envelope.case_id, facts, problems)
    elif content:
        for told in evidence_of(content, place, envelope.code):
            facts.rows.append(
                (
                    "service_evidence",
                    (
                        key,
                        told.kind,
                        told.outcome,
                        *task_of(told.task),
                        told.service.code,
                        told.service.display,
                        *told.decided,
                        *told.start,
                        *told.end,
                        told.pointer,
                    ),
                )
            )
    return facts


@lru_cache(maxsize=4096)
def task_of(value: Coded) -> Coded:
    """The task with its code system on the unversioned stem."""
    system = (value.system or "").removeprefix("urn:oid:")
    if system == _TASK_SYSTEM or system.startswith(_TASK_SYSTEM + "."):
        system = _TASK_SYSTEM
    return Coded(
        plain(system) or None,
        plain(value.code) if value.code else None,
        plain(value.display) if value.display else None,
    )


def _relationship(
    content: Object, place: str, key: str, relationship_id: str | None, facts: Facts, problems: list[Problem]
) -> None:
    named = _value(content.get("asiakkuuden_yksilointitunnus"))
    if named and relationship_id and normal_root(named) != relationship_id:
        problems.append(Problem.RELATIONSHIP_ID_DIFFERS)
    relationship = object_of(content, "sosiaalihuollon_asiakkuus", place)
    facts.relationship_start = date_of(relationship, "asiakkuuden_alkamispvm", f"{place}/sosiaalihuollon_asiakkuus")
    facts.relationship_end = date_of(relationship, "asiakkuuden_paattymispvm", f"{place}/sosiaalihuollon_asiakkuus")
    names: list[tuple[str, str]] = []
    clients = client_words(content)
    for pointer, unit in objects_of(content, "palvelunjarjestajan_palveluyksikko", place):
        _name(names, unit, clients)
        _period(facts, key, "first-phase-unit", None, Coded(*_UNKNOWN), unit, pointer, problems)
    for ordinal, (pointer, block) in enumerate(objects_of(content, "sosiaalihuollon_palvelutehtava", place)):
        task = task_of(coded(block.get("palvelutehtava")))
        if task.code and task.system not in (None, _TASK_SYSTEM):
            problems.append(Problem.WRONG_CODE_SYSTEM)
        facts.rows.append(("service_task_block", (key, ordinal, *task, pointer)))
        for unit_pointer, unit in objects_of(block, "palvelunjarjestajan_palveluyksikko", pointer):
            _name(names, unit, clients)
            _period(facts, key, "unit", ordinal, task, unit, unit_pointer, problems)
        for producer_pointer, producer in objects_of(block, "palveluntuottaja", pointer):
            _period(facts, key, "producer", ordinal, task, producer, producer_pointer, problems)
            for implementer_pointer, implementer in objects_of(producer, "palveluntoteuttaja", producer_pointer):
                _period(facts, key, "implementer", ordinal, task, implementer, implementer_pointer, problems)
    facts.rows += [("unit_name", (key, oid, name)) for oid, name in dict.fromkeys(names)]
    protection = object_of(content, "lastensuojelun_asiakkuus", place)
    if protection:
        pointer = f"{place}/lastensuojelun_asiakkuus"
        start = date_of(protection, "lastensuojelun_asiakkuuden_alkamispvm", pointer)
        end = date_of(protection, "lastensuojelun_asiakkuuden_paattymispvm", pointer)
        _dated(facts, (key, "child-protection", None, *_UNKNOWN, None, []), start, end, pointer, problems)


def _name(names: list[tuple[str, str]], holder: Object, clients: frozenset[str]) -> None:
    told = unit_name_of(holder.get("palveluyksikon_nimi"), clients)
    if told is not None:
        names.append(told)


def _period(
    facts: Facts,
    key: str,
    role: str,
    block: int | None,
    task: Coded,
    holder: Object,
    pointer: str,
    problems: list[Problem],
) -> None:
    services = [service for item in _listed(holder.get("sosiaalipalvelu")) if (service := coded(item).code)]
    unit = organisation_of(holder.get("palveluyksikon_nimi"))
    start = date_of(holder, "asiakkuuden_alkamispvm", pointer)
    end = date_of(holder, "asiakkuuden_paattymispvm", pointer)
    _dated(facts, (key, role, block, *task, unit, services), start, end, pointer, problems)


def _dated(facts: Facts, about: tuple[Any, ...], start: Any, end: Any, pointer: str, problems: list[Problem]) -> None:
    if start[0] is None:
        problems.append(Problem.PERIOD_WITHOUT_START)
    elif end[0] is not None and end[2] < start[1]:
        problems.append(Problem.PERIOD_REVERSED)
    facts.rows.append(("client_period", (*about, *start, *end, pointer)))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _value(identifier: Any) -> str | None:
    """The value of an identifier, given as an object or as it is."""
    return text_of(identifier.get("value") if isinstance(identifier, dict) else identifier)


def _case(content: Object, place: str, key: str, case_id: str | None, facts: Facts, problems: list[Problem]) -> None:
    for pointer, case in objects_of(content, "asian_tiedot", place):
        named = _value(case.get("asiatunnus"))
        if named and case_id and normal_root(named) != case_id and Problem.CASE_ID_DIFFERS not in problems:
            problems.append(Problem.CASE_ID_DIFFERS)
        facts.rows.append(
            (
                "case_fact",
                (
                    key,
                    named,
                    coded(case.get("nimi")).code,
                    coded(case.get("tila")).code,
                    flag_of(case.get("yhteinen_asia")),
                    *task_of(coded(case.get("palvelutehtava"))),
                    *date_of(case, "avauspaiva", pointer),
                    *date_of(case, "paattymispaiva", pointer),
                    pointer,
                ),
            )
        )


def organisation_of(value: Any) -> str | None:
    """The OID of an organisation given as a coded value."""
    code = coded(value).code
    return code.removeprefix("urn:oid:") or None if code else None
