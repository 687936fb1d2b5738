"""Transfer frames: which document was sent when, and for which service request.

A frame names documents and may embed nothing. Its use here is the moment of storing, which decides what existed on
an as-of date, and the request, which tells archiving from voiding.
"""

from __future__ import annotations

from lxml import etree

from analyser.archive.envelope import V3, oid_of, version_number
from analyser.archive.moments import local_moment
from analyser.archive.quarantine import Code, Trouble
from analyser.archive.rows import Rows
from analyser.archive.settings import VoidingTable
from analyser.identity import normal_root, plain

_REQUEST_SYSTEM = "1.2.246.537.6.1503"


def add_frame(
    root: etree._Element, interaction: str, key: str, member_key: str, voiding: VoidingTable, rows: Rows
) -> None:
    """Add a row for each document the frame names. Raises Trouble when it names none."""
    created = None
    code = display = None
    for child in root.iterchildren(V3 + "creationTime"):
        created = local_moment(child.get("value"))
    for reason in root.iter(V3 + "reasonCode"):
        system = normal_root(reason.get("codeSystem"))
        if system == _REQUEST_SYSTEM or system.startswith(_REQUEST_SYSTEM + "."):
            code, display = (plain(reason.get(name) or "") or None for name in ("code", "displayName"))
            break
    named = []
    for document in root.iter(V3 + "clinicalDocument", V3 + "ClinicalDocument"):
        oid = set_id = version = None
        for child in document:
            if child.tag == V3 + "id":
                oid = oid_of(child)
            elif child.tag == V3 + "setId":
                set_id = oid_of(child)
            elif child.tag == V3 + "versionNumber":
                version = version_number(child.get("value"))
        if oid:
            named.append((oid, set_id, version))
    if not named:
        raise Trouble(Code.FRAME_WITHOUT_SUBJECT, "controlActProcess/subject/clinicalDocument/id")
    voids = voiding.voids(code, display)
    for oid, set_id, version in named:
        rows.add("frame", (key, member_key, created, interaction, code, display, voids, oid, set_id, version))
