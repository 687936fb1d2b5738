"""One document's bytes to its rows: header and content put together, in the columns of `records.py`."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from analyser.archive.documents.content import (
    Coded,
    ContentClient,
    Object,
    assert_same,
    clients_of,
    decode,
    flag_of,
    object_of,
    text_of,
)
from analyser.archive.documents.envelope import Envelope, envelope_of, shows_something, version_number
from analyser.archive.documents.facts import facts_of, organisation_of, task_of
from analyser.archive.documents.header_texts import HeaderTexts
from analyser.archive.documents.moments import local_moment
from analyser.archive.documents.open_ends import opened, opened_date
from analyser.archive.documents.problems import Problem
from analyser.archive.documents.restriction import restriction_of, tells_of_restriction
from analyser.archive.documents.validate import validate_content
from analyser.archive.quarantine import Code, Trouble
from analyser.archive.rows import Rows
from analyser.archive.settings import ReadSettings
from analyser.national.dates import partial_date
from analyser.national.identifiers import HENKILOTUNNUS_ROOT, identity_key
from analyser.system.limits import Limits
from analyser.system.resources import schemas

_UNKNOWN = (None, None, None)

DocumentType = tuple[str, bool]


class HeldBack(Exception):
    """Trouble in the body of a document whose header is known: the header goes into quarantine with it."""

    def __init__(self, trouble: Trouble, envelope: Envelope, kind: str, persons: list[str], limits: Limits) -> None:
        super().__init__(trouble.code.value)
        self.trouble = trouble
        self.envelope = envelope
        self.kind = kind
        self.persons = persons
        told = [tells_of_restriction(text, limits) for text in (envelope.json, *envelope.more_json)]
        self.safety_restricted = True if True in told else None if None in told else False


@dataclass(frozen=True, slots=True)
class _Kinds:
    """How the kind of a document is known: by group, by the stem of its specification's OID, by its content's root."""

    groups: Mapping[str, str]
    specifications: Mapping[str, str]
    roots: Mapping[str, str]


@cache
def _kinds() -> _Kinds:
    with schemas("content", "kinds.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    groups, specifications, roots = (
        {row[column]: row["kind"] for row in rows if row[column]} for column in ("group", "specification", "json_root")
    )
    return _Kinds(groups, specifications, roots)


@cache
def _definitions() -> frozenset[str]:
    """Root keys of the contents that are defined, and those of the documents that are no client documents."""
    with schemas("content", "document_types.csv").open(encoding="utf-8") as table:
        return frozenset(row["json_root"] for row in csv.DictReader(table)) | frozenset(_kinds().roots)


@cache
def _family_law() -> frozenset[str]:
    """Root keys of the contents that belong to family law."""
    with schemas("content", "document_types.csv").open(encoding="utf-8") as table:
        return frozenset(row["json_root"] for row in csv.DictReader(table) if row["family_law"] == "yes")


def add_document(told: HeaderTexts, key: str, size: int, settings: ReadSettings, rows: Rows) -> str | None:
    """Add the rows of one document. Raises Trouble or HeldBack, and then has added nothing.

    Returns the content's root key, None for a document without content.
    """
    envelope = envelope_of(told)
    secret = settings.secret
    kind = _kind(envelope, None)
    version = version_number(envelope.version)
    try:
        json_root, content, repeats = _content(envelope, version, settings.limits)
        checked = settings.validate != "full" or validate_content(
            {json_root: content}, envelope.specification, settings
        )
        json_root = shown_root(json_root) if json_root else None
        kind = _kind(envelope, json_root)
        place = f"/{json_root}" if json_root else ""
        problems = _problems(envelope, version)
        if repeats:
            problems.append(Problem.DUPLICATE_KEY)
        if not checked and json_root:
            problems.append(Problem.DEFINITION_NOT_AVAILABLE)
        persons = _persons(envelope, content, place, key, secret, problems)
        facts = facts_of(kind, content, place, key, envelope, problems)
        persons = opened(persons, settings.open_ends, problems)
        told_facts = opened(facts.rows, settings.open_ends, problems)
        relationship_start = opened_date(facts.relationship_start, settings.open_ends, problems, end=False)
        relationship_end = opened_date(facts.relationship_end, settings.open_ends, problems, end=True)
    except Trouble as trouble:
        raise HeldBack(trouble, envelope, kind, _held_persons(envelope, secret, rows), settings.limits) from None
    relationship = object_of(content, "sosiaalihuollon_asiakkuus", place) if kind == "client-relationship" else {}
    organiser, origin = _organiser(envelope, content, place)
    if organiser is None:
        problems.append(Problem.MISSING_ORGANISER)
    replaces_version = version_number(envelope.replaces_version)
    oid = envelope.oid or ""
    rows.add(
        "document",
        (
            key,
            oid,
            envelope.set_id or oid,
            version if version is not None else (replaces_version + 1 if replaces_version is not None else 1),
            kind,
            envelope.group,
            envelope.code,
            envelope.specific_type,
            envelope.specification,
            json_root,
            "json" if json_root else "none",
            local_moment(envelope.effective_time),
            local_moment(envelope.creation_time),
            envelope.custodian,
            organiser,
            origin,
            envelope.unit,
            envelope.relationship_id,
            envelope.case_id,
            envelope.record_status,
            envelope.replaces_oid,
            envelope.replaces_set_id,
            replaces_version,
            flag_of(relationship.get("vanha_asiakkuus")),
            *relationship_start,
            *relationship_end,
            json_root in _family_law(),
            size,
            problems,
        ),
    )
    for table, row in persons:
        rows.add(table, row)
    for table, row in told_facts:
        rows.add(table, row)
    for system, code, display, number in envelope.tasks:
        task = task_of(Coded(system, code, display))
        rows.add("document_task", (key, *task, f"ClinicalDocument/localSocialHeader/functionCode[{number}]"))
    return json_root


@lru_cache(maxsize=4096)
def shown_root(json_root: str) -> str:
    """The content's root key as it may be shown: it stands in every pointer, and may be anything."""
    return json_root if json_root in _definitions() else "unknown-root"


def held_back(told: HeaderTexts, trouble: Trouble, settings: ReadSettings, rows: Rows) -> HeldBack | Trouble:
    """The trouble together with what the header tells, if it can be read at all."""
    try:
        envelope = envelope_of(told)
    except Trouble:
        return trouble
    persons = _held_persons(envelope, settings.secret, rows)
    return HeldBack(trouble, envelope, _kind(envelope, None), persons, settings.limits)


def _content(envelope: Envelope, version: int | None, limits: Limits) -> tuple[str | None, Object, bool]:
    if envelope.json is not None and envelope.json.strip():
        if not envelope.more_json:
            return decode(envelope.json, limits)
        assert_same((envelope.json, *envelope.more_json))
        return (*decode(envelope.json, limits)[:2], True)
    if envelope.media_type == "application/pdf" and shows_something(envelope.display):
        raise Trouble(Code.PDF_BODY, "ClinicalDocument/component/nonXMLBody/text")
    if (version or 1) > 1 or envelope.replaces_oid or envelope.replaces_version:
        return None, {}, False  # a voiding version
    raise Trouble(Code.NO_BODY, "ClinicalDocument/component")


def _kind(envelope: Envelope, json_root: str | None) -> str:
    kinds = _kinds()
    if envelope.group is not None and envelope.group in kinds.groups:
        return kinds.groups[envelope.group]
    for stem, kind in kinds.specifications.items():
        if envelope.specification and envelope.specification.startswith(stem):
            return kind
    return kinds.roots.get(json_root or "", "other")


def _organiser(envelope: Envelope, content: Object, place: str) -> tuple[str | None, str | None]:
    if envelope.organiser:
        return envelope.organiser, "header"
    unit = organisation_of(content.get("palvelunjarjestajan_toimintayksikko"))
    if unit:
        return unit, "content"
    return (envelope.custodian, "custodian") if envelope.custodian else (None, None)


def _problems(envelope: Envelope, version: int | None) -> list[Problem]:
    problems = list(envelope.problems)
    if envelope.set_id is None:
        problems.append(Problem.MISSING_SET_ID)
    if version is None:
        problems.append(Problem.MISSING_VERSION)
    other = envelope.set_id and envelope.replaces_set_id not in (None, envelope.set_id)
    if other or (envelope.oid and envelope.replaces_oid == envelope.oid):
        problems.append(Problem.REPLACES_ANOTHER_SET)
    if len(envelope.clients) > 1:
        problems.append(Problem.SEVERAL_CLIENTS)
    return problems


@lru_cache(maxsize=16384)
def _keyed(secret: bytes, root: str, value: str) -> str:
    return identity_key(secret, root, value)


@lru_cache(maxsize=65536)
def _day(text: str | None) -> dt.date | None:
    if not text:
        return None
    try:
        day = partial_date(text)
    except ValueError:
        return None
    return day.first if day.first == day.last else None


def _held_persons(envelope: Envelope, secret: bytes, rows: Rows) -> list[str]:
    keys = []
    for client in envelope.clients:
        for root, value, _ in client.identifiers:
            key = _keyed(secret, root, value)
            rows.add("person_identity", (key, root, value, _day(client.birth_time)))
            keys.append(key)
    return keys


def _persons(
    envelope: Envelope, content: Object, place: str, key: str, secret: bytes, problems: list[Problem]
) -> list[tuple[str, tuple[Any, ...]]]:
    """Rows of document_person and person_identity: header clients first, content clients joined to them."""
    told = clients_of(content, place) if content else []
    slots = [{(root, value) for root, value, _ in client.identifiers} for client in envelope.clients]
    joined: list[ContentClient | None] = [None] * len(slots)
    rows: list[tuple[str, tuple[Any, ...]]] = []
    extra: list[ContentClient] = []
    alone = len(told) == 1 and len(slots) == 1
    for named in told:
        if alone:
            joined[0] = named
            break
        own = set()
        if named.henkilotunnus:
            own.add((HENKILOTUNNUS_ROOT, named.henkilotunnus))
        if named.temporary:
            own.add(named.temporary)
        for slot, identifiers in enumerate(slots):
            if own & identifiers and joined[slot] is None:
                joined[slot] = named
                break
        else:
            extra.append(named)

    def add(
        slot: int,
        origin: str,
        root: str,
        value: str,
        birth: dt.date | None,
        client: ContentClient | None,
        where: str,
    ) -> None:
        identity = _keyed(secret, root, value)
        restricted, restricted_until = _safety(client) if client else (None, None)
        rows.append(("person_identity", (identity, root, value, birth)))
        rows.append(
            (
                "document_person",
                (
                    key,
                    identity,
                    slot,
                    origin,
                    client.municipality if client else None,
                    restricted,
                    *(client.joined if client else _UNKNOWN),
                    *(client.left if client else _UNKNOWN),
                    where,
                    restricted_until,
                    birth,
                ),
            )
        )

    for slot, header in enumerate(envelope.clients):
        client = joined[slot]
        birth = _day(header.birth_time) or (_day(client.birth_date) if client else None)
        for root, value, where in header.identifiers:
            add(slot, "header", root, value, birth, client, where)
        if client:
            if _differences(header.birth_time, slots[slot], client, problems) and client.henkilotunnus:
                instead = _keyed(secret, HENKILOTUNNUS_ROOT, client.henkilotunnus)
                rows.append(("person_identity", (instead, HENKILOTUNNUS_ROOT, client.henkilotunnus, None)))
                rows.append(("content_identity", (key, instead, f"{client.pointer}/henkilotunnus")))
            national = any(root == HENKILOTUNNUS_ROOT for root, _ in slots[slot])
            _content_ids(add, slot, client, birth, not national, slots[slot])
        if not slots[slot] and not (client and (client.henkilotunnus or client.temporary)):
            problems.append(Problem.PERSON_WITHOUT_IDENTIFIER)
    if _another(envelope, joined, extra):
        problems.append(Problem.CONTENT_ID_DIFFERS)
    for slot, other in enumerate(extra, len(envelope.clients)):
        if not (other.henkilotunnus or other.temporary):
            problems.append(Problem.PERSON_WITHOUT_IDENTIFIER)
        _content_ids(add, slot, other, _day(other.birth_date), True, set())
    return rows


def _another(envelope: Envelope, joined: list[ContentClient | None], extra: list[ContentClient]) -> bool:
    """Whether the content of several clients names somebody in the place of one of the header's."""
    lost = any(
        client is None and any(root == HENKILOTUNNUS_ROOT for root, _, _ in header.identifiers)
        for header, client in zip(envelope.clients, joined, strict=True)
    )
    return lost and any(client.henkilotunnus for client in extra)


def _content_ids(
    add: Any,
    slot: int,
    client: ContentClient,
    birth: dt.date | None,
    national: bool,
    known: set[tuple[str, str]],
) -> None:
    if national and client.henkilotunnus:
        add(
            slot,
            "content",
            HENKILOTUNNUS_ROOT,
            client.henkilotunnus,
            birth,
            client,
            f"{client.pointer}/henkilotunnus",
        )
    if client.temporary and client.temporary not in known:
        add(slot, "content", *client.temporary, birth, client, f"{client.pointer}/tilapainen_yksilointitunnus")


def _differences(
    birth_time: str | None, identifiers: set[tuple[str, str]], client: ContentClient, problems: list[Problem]
) -> bool:
    """Note what header and content tell otherwise of a client; whether the henkilötunnus is among it."""
    national = {value for root, value in identifiers if root == HENKILOTUNNUS_ROOT}
    differs = bool(client.henkilotunnus and national and client.henkilotunnus not in national)
    if differs:
        problems.append(Problem.CONTENT_ID_DIFFERS)
    header, told = _day(birth_time), _day(client.birth_date)
    if header and told and header != told:
        problems.append(Problem.BIRTH_DATE_DIFFERS)
    return differs


def _safety(client: ContentClient) -> tuple[bool | None, dt.date | None]:
    """Whether a safety restriction is told of, and its last possible day. A day of ending tells of a restriction."""
    if not restriction_of(client.safety_ends):
        return restriction_of(client.safety), None
    try:
        return True, partial_date(text_of(client.safety_ends) or "").last
    except ValueError:
        return True, None
