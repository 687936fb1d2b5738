"""Messages: transfer frames, which say which document was sent when and for which service request, and answers.

A frame names documents and may embed nothing. Its use here is the moment of storing, which decides what existed on
an as-of date, the request, which tells archiving from voiding, and its own identifier, by which the archive answers it
(archive/documents/answers.py). The root element does not decide what a message is: what it carries does.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from lxml import etree

from analyser.archive.documents.answers import Answer, add_answers, message_id, tell_answers
from analyser.archive.documents.envelope import oid_of, version_number
from analyser.archive.documents.header import DOCUMENT, V3
from analyser.archive.documents.header_texts import HeaderTexts, Take
from analyser.archive.documents.moments import local_moment
from analyser.archive.quarantine import Code, Trouble
from analyser.archive.rows import Rows
from analyser.archive.settings import VoidingTable
from analyser.national.identifiers import normal_root, plain

_REQUEST_SYSTEM = "1.2.246.537.6.1503"
_INTERACTION = re.compile(r"[A-Z]{4}_IN\d{6}[A-Z]{2}\d{2}")
_RELATIONS = (V3 + "relatedDocument", V3 + "replacementOf")
_ANSWER = "MCCI_IN"
"""Interactions that answer and do nothing else."""


@dataclass(slots=True)
class _Document:
    oid: str | None = None
    set_id: str | None = None
    version: int | None = None
    replaces: tuple[str | None, str | None, int | None] = (None, None, None)
    """Id, set and version of the document that it replaces."""


@dataclass(slots=True)
class _Frame:
    created: dt.datetime | None = None
    asked: bool = False
    """A service request has been found."""
    code: str | None = None
    display: str | None = None
    documents: list[_Document] = field(default_factory=list)
    root: str | None = None
    extension: str | None = None
    """The message's own identifier."""
    sender: str | None = None
    answers: list[Answer] = field(default_factory=list)


def is_message(tag: str, root: etree._Element) -> bool:
    """Whether an element is a message that is read here: an interaction, or anything that carries an answer."""
    if not tag.startswith(V3):
        return False
    return _INTERACTION.fullmatch(tag, len(V3)) is not None or root.find(V3 + "acknowledgement") is not None


def add_message(told: HeaderTexts, tag: str, key: str, member_key: str, voiding: VoidingTable, rows: Rows) -> str:
    """Add a row for each document that the message names, and for each answer in it. Returns what it is.

    Raises Trouble when it names no document, or when its answers name no message.
    """
    interaction = tag[len(V3) :]
    found = _Frame()
    take = iter(told.texts).__next__
    for fact in told.facts:
        fact(take, found)
    named = [document for document in found.documents if document.oid]
    answered = bool(found.answers) and any(answer.target_root or answer.target_extension for answer in found.answers)
    if not answered and (found.answers or interaction.startswith(_ANSWER)):
        raise Trouble(Code.ANSWER_WITHOUT_MESSAGE, "acknowledgement/targetMessage/id")
    if not named and not answered:
        raise Trouble(Code.FRAME_WITHOUT_SUBJECT, "controlActProcess/subject/clinicalDocument/id")
    add_answers(found, interaction, key, member_key, rows)
    voids = voiding.voids(found.code, found.display)
    about = (key, member_key, found.created, interaction, found.code, found.display, voids)
    for document in named:
        message = (found.root, found.extension, found.sender)
        rows.add("frame", (*about, document.oid, document.set_id, document.version, *message, *document.replaces))
    return "acknowledgement" if answered else "frame"


def telling_of_frame(root: etree._Element) -> HeaderTexts:
    """The texts of a frame that may matter."""
    told = HeaderTexts()
    for child in root.iterchildren(V3 + "id"):
        told.add(_own_id, child.get("root"), child.get("extension"))
    for child in root.iterchildren(V3 + "creationTime"):
        told.add(_created, child.get("value"))
    for child in root.iterfind(f"{V3}sender/{V3}device/{V3}id"):
        told.add(_sender, child.get("root"), child.get("extension"))
    for reason in root.iter(V3 + "reasonCode"):
        told.add(_reason, reason.get("codeSystem"), reason.get("code"), reason.get("displayName"))
    relations = list(root.iter(*_RELATIONS))
    related = {element for relation in relations for element in relation.iter(V3 + "clinicalDocument", DOCUMENT)}
    for document in root.iter(V3 + "clinicalDocument", DOCUMENT):
        if document in related:
            continue  # it is named as what another one replaces
        told.add(_document)
        for child in document:
            tag = child.tag
            if tag == V3 + "id":
                told.add(_id, child.get("root"))
            elif tag == V3 + "setId":
                told.add(_set, child.get("root"))
            elif tag == V3 + "versionNumber":
                told.add(_version, child.get("value"))
            elif tag in _RELATIONS and child.get("typeCode", "RPLC") == "RPLC":
                _tell_replaced(child, told)
    tell_answers(root, told)
    return told


def _tell_replaced(relation: etree._Element, told: HeaderTexts) -> None:
    """The document that another one replaces, whatever the message calls it."""
    for replaced in relation:
        names = [replaced.find(V3 + name) for name in ("id", "setId", "versionNumber")]
        if any(name is not None for name in names):
            root, of_set, version = names
            told.add(
                _replaced,
                None if root is None else root.get("root"),
                None if of_set is None else of_set.get("root"),
                None if version is None else version.get("value"),
            )
            return


def _own_id(take: Take, found: _Frame) -> None:
    root, extension = message_id(take(), take())
    if found.root is None and found.extension is None:
        found.root, found.extension = root, extension


def _sender(take: Take, found: _Frame) -> None:
    root, extension = message_id(take(), take())
    found.sender = found.sender or (f"{root}:{extension}" if root and extension else root or extension)


def _created(take: Take, found: _Frame) -> None:
    found.created = local_moment(take())


def _reason(take: Take, found: _Frame) -> None:
    system, code, display = normal_root(take()), take(), take()
    if not found.asked and (system == _REQUEST_SYSTEM or system.startswith(_REQUEST_SYSTEM + ".")):
        found.asked = True
        found.code, found.display = plain(code or "") or None, plain(display or "") or None


def _document(_: Take, found: _Frame) -> None:
    found.documents.append(_Document())


def _id(take: Take, found: _Frame) -> None:
    found.documents[-1].oid = oid_of(take())


def _set(take: Take, found: _Frame) -> None:
    found.documents[-1].set_id = oid_of(take())


def _replaced(take: Take, found: _Frame) -> None:
    found.documents[-1].replaces = (oid_of(take()), oid_of(take()), version_number(take()))


def _version(take: Take, found: _Frame) -> None:
    found.documents[-1].version = version_number(take())
