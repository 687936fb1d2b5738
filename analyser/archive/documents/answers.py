"""The archive's answers: which message was answered, when, and how.

No acknowledgement of the social archive is public, so this reads the HL7 V3 standard, tolerantly: any message may carry
an `acknowledgement`, its code as an attribute or as a child, with as many details as there are. What a code proves is
not decided here: that is SQL (queries/model/35-acknowledgements.sql).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from lxml import etree

from analyser.archive.documents.header import V3
from analyser.archive.documents.header_texts import HeaderTexts, Take
from analyser.archive.documents.moments import local_moment
from analyser.archive.documents.wording import shown_place, shown_text
from analyser.archive.rows import Rows
from analyser.national.identifiers import normal_root, plain

_LONGEST = 2_000
"""Characters of a detail's text that are looked at."""


@dataclass(slots=True)
class Detail:
    """One detail of an answer: how grave (E, W, I), code, code system, text and place as written."""

    kind: str | None
    code: str | None
    system: str | None
    text: str | None
    place: str | None


@dataclass(slots=True)
class Answer:
    """One acknowledgement. `target_root` None: it names no message."""

    code: str | None
    created: dt.datetime | None = None
    target_root: str | None = None
    target_extension: str | None = None
    details: list[Detail] = field(default_factory=list)


class ArchiveMessage(Protocol):
    """What a message tells, as far as its answers go."""

    answers: list[Answer]


def add_answers(message: ArchiveMessage, interaction: str, key: str, member_key: str, rows: Rows) -> None:
    """Add a row for each answer, and for each of its details."""
    for number, answer in enumerate(message.answers, 1):
        rows.add(
            "acknowledgement",
            (
                key,
                member_key,
                number,
                answer.created,
                interaction,
                answer.code,
                answer.target_root,
                answer.target_extension,
            ),
        )
        for place, told in enumerate(answer.details, 1):
            rows.add(
                "acknowledgement_detail",
                (key, member_key, number, place, told.kind, told.code, told.system, told.text, told.place),
            )


def tell_answers(root: etree._Element, told: HeaderTexts) -> None:
    """The texts of all answers in a message, also of those inside a batch of messages."""
    for answer in root.iter(V3 + "acknowledgement"):
        told.add(_answer, answer.get("typeCode"), _below(answer, "code", "typeCode"), _created(answer))
        for target in _children(answer, "targetMessage"):
            for name in _children(target, "id"):
                told.add(_target, name.get("root"), name.get("extension"))
        for detail in _children(answer, "acknowledgementDetail"):
            told.add(
                _detail,
                detail.get("typeCode"),
                _below(detail, "code", "typeCode"),
                _below(detail, "code", "code"),
                _below(detail, "codeSystem", "code"),
            )
            for text in _children(detail, "text"):
                told.add(_text, "".join(text.itertext()))
            for name in _children(detail, "code"):
                told.add(_display, name.get("displayName"))
            for place in _children(detail, "location"):
                told.add(_place, "".join(place.itertext()), place.get("value"))


def message_id(root: str | None, extension: str | None) -> tuple[str | None, str | None]:
    """A message's identifier as it is compared: without `urn:oid:` and white space; letters of a UUID are alike."""
    what = plain((extension or "").strip()) or None
    return _organisation(root), what.lower() if what and len(what) == 36 and what.count("-") == 4 else what


@lru_cache(maxsize=4096)
def _organisation(root: str | None) -> str | None:
    return plain(normal_root(root)).lower() or None


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    yield from element.iterchildren(V3 + name)


def _below(element: etree._Element, attribute: str, name: str) -> str | None:
    """An attribute of the first child of this name."""
    child = next(_children(element, name), None)
    return None if child is None else child.get(attribute)


def _created(answer: etree._Element) -> str | None:
    """When the message that holds the answer was made: the innermost that tells it."""
    for message in answer.iterancestors():
        told = _below(message, "value", "creationTime")
        if told is not None:
            return told
    return None


def _code(*given: str | None) -> str | None:
    """The first code that is there, in capitals."""
    return next((plain(code.strip()).upper() for code in given if code and code.strip()), None)


# What each text means; see archive/documents/header_texts.py.


def _answer(take: Take, found: ArchiveMessage) -> None:
    found.answers.append(Answer(_code(take(), take()), local_moment(take())))


def _target(take: Take, found: ArchiveMessage) -> None:
    root, extension = message_id(take(), take())
    answer = found.answers[-1]
    if answer.target_root is None and answer.target_extension is None:
        answer.target_root, answer.target_extension = root, extension


def _detail(take: Take, found: ArchiveMessage) -> None:
    kind = _code(take(), take())
    code, system = plain((take() or "").strip()) or None, normal_root(take()) or None
    found.answers[-1].details.append(Detail(kind, code, system, None, None))


def _text(take: Take, found: ArchiveMessage) -> None:
    detail = found.answers[-1].details[-1]
    detail.text = detail.text or shown_text((take() or "")[:_LONGEST])


def _display(take: Take, found: ArchiveMessage) -> None:
    told = take()
    detail = found.answers[-1].details[-1]
    detail.text = detail.text or shown_text((told or "")[:_LONGEST])


def _place(take: Take, found: ArchiveMessage) -> None:
    text, value = take(), take()
    told = shown_place((text or value or "").strip()[:_LONGEST])
    detail = found.answers[-1].details[-1]
    detail.place = told if detail.place is None else f"{detail.place} {told}" if told else detail.place
