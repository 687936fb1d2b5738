"""Transfer frames: which document was sent when, and for which service request.

A frame names documents and may embed nothing. Its use here is the moment of storing, which decides what existed on
an as-of date, and the request, which tells archiving from voiding.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from lxml import etree

from analyser.archive.envelope import oid_of, version_number
from analyser.archive.header import DOCUMENT, V3
from analyser.archive.moments import local_moment
from analyser.archive.quarantine import Code, Trouble
from analyser.archive.rows import Rows
from analyser.archive.settings import VoidingTable
from analyser.archive.told import Take, Told
from analyser.identity import normal_root, plain

_REQUEST_SYSTEM = "1.2.246.537.6.1503"


@dataclass(slots=True)
class _Document:
    oid: str | None = None
    set_id: str | None = None
    version: int | None = None


@dataclass(slots=True)
class _Frame:
    created: dt.datetime | None = None
    asked: bool = False
    """A service request has been found."""
    code: str | None = None
    display: str | None = None
    documents: list[_Document] = field(default_factory=list)


def add_frame(told: Told, interaction: str, key: str, member_key: str, voiding: VoidingTable, rows: Rows) -> None:
    """Add a row for each document the frame names. Raises Trouble when it names none."""
    found = _Frame()
    take = iter(told.texts).__next__
    for fact in told.facts:
        fact(take, found)
    named = [document for document in found.documents if document.oid]
    if not named:
        raise Trouble(Code.FRAME_WITHOUT_SUBJECT, "controlActProcess/subject/clinicalDocument/id")
    voids = voiding.voids(found.code, found.display)
    about = (key, member_key, found.created, interaction, found.code, found.display, voids)
    for document in named:
        rows.add("frame", (*about, document.oid, document.set_id, document.version))


def telling_of_frame(root: etree._Element) -> Told:
    """The texts of a frame that may matter."""
    told = Told()
    for child in root.iterchildren(V3 + "creationTime"):
        told.add(_created, child.get("value"))
    for reason in root.iter(V3 + "reasonCode"):
        told.add(_reason, reason.get("codeSystem"), reason.get("code"), reason.get("displayName"))
    for document in root.iter(V3 + "clinicalDocument", DOCUMENT):
        told.add(_document)
        for child in document:
            tag = child.tag
            if tag == V3 + "id":
                told.add(_id, child.get("root"))
            elif tag == V3 + "setId":
                told.add(_set, child.get("root"))
            elif tag == V3 + "versionNumber":
                told.add(_version, child.get("value"))
    return told


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


def _version(take: Take, found: _Frame) -> None:
    found.documents[-1].version = version_number(take())
