"""The header of an archived document, in one walk over its children.

Elements are matched by namespace and local name, whatever the prefix. Unknown and repeated children are passed
over, and everything but the id may be absent. Nothing here looks into the display form of the body.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from analyser.archive.problems import Problem
from analyser.archive.quarantine import Code, Trouble
from analyser.identity import HENKILOTUNNUS_ROOT, normal_root, normal_value, plain, redacted

V3 = "{urn:hl7-org:v3}"
FI = "{urn:hl7finland}"

_ID = V3 + "id"
_DOCUMENT = V3 + "ClinicalDocument"


@dataclass(slots=True)
class Client:
    """One recordTarget: its identifiers (root, value, place) and birth date as written."""

    identifiers: list[tuple[str, str, str]]
    birth_time: str | None = None


@dataclass(slots=True)
class Envelope:
    """What the header says, as text. `problems` are codes of tolerated defects."""

    oid: str | None = None
    code: str | None = None
    effective_time: str | None = None
    set_id: str | None = None
    version: str | None = None
    clients: list[Client] = field(default_factory=list)
    custodian: str | None = None
    replaces_oid: str | None = None
    replaces_set_id: str | None = None
    replaces_version: str | None = None
    case_id: str | None = None
    unit: str | None = None
    social: bool = False
    healthcare: bool = False
    specific_type: str | None = None
    creation_time: str | None = None
    group: str | None = None
    tasks: list[tuple[str | None, str | None, str | None, int]] = field(default_factory=list)
    record_status: str | None = None
    organiser: str | None = None
    specification: str | None = None
    relationship_id: str | None = None
    json: str | None = None
    more_json: list[str] = field(default_factory=list)
    """What further `json` elements hold; empty ones do not count."""
    media_type: str | None = None
    display: etree._Element | None = None
    """The display form, as it lies in the tree."""
    structured: bool = False
    problems: list[Problem] = field(default_factory=list)


def read_envelope(root: etree._Element) -> Envelope:
    """Read a ClinicalDocument. Raises Trouble when it has no id or belongs to healthcare."""
    found = Envelope()
    readers = _READERS
    for child in root:
        reader = readers.get(child.tag)
        if reader is not None:
            reader(child, found)
    if found.healthcare and not found.social:
        raise Trouble(Code.HEALTHCARE_DOCUMENT, "ClinicalDocument/localHeader")
    if not found.oid:
        raise Trouble(Code.MISSING_ID, "ClinicalDocument/id")
    return found


def shows_something(display: etree._Element | None) -> bool:
    """Whether a display form is there and is not empty."""
    if display is None:
        return False
    return bool(display.text and not display.text.isspace()) or len(display) > 0


def version_number(text: str | None) -> int | None:
    """A version number; None when it is absent, no number, or too large to be one."""
    return int(text) if text and text.isdecimal() and len(text) < 7 else None


def _only(element: etree._Element, *path: str) -> etree._Element | None:
    """The first element along a path of child tags."""
    for tag in path:
        for child in element:
            if child.tag == tag:
                element = child
                break
        else:
            return None
    return element


def oid_of(element: etree._Element | None) -> str | None:
    """@root of an id, also beside a nullFlavor: real documents carry both."""
    if element is None:
        return None
    root: str | None = element.get("root")
    if not root:
        return None
    if root.isascii() and root.replace(".", "").isdecimal():
        return root  # nearly all of them, and each another: not worth a cache
    # A field for an OID may hold anything; what is none may be a person's, and OIDs are shown in reports.
    oid = normal_root(root)
    return (oid if oid.replace(".", "").isdecimal() else redacted(oid)) or None


def _id(element: etree._Element, found: Envelope) -> None:
    if found.oid is None:
        found.oid = oid_of(element)
        if found.oid and element.get("nullFlavor"):
            found.problems.append(Problem.ID_WITH_NULL_FLAVOR)


def _code(element: etree._Element, found: Envelope) -> None:
    found.code = plain(element.get("code") or "") or None


def _effective(element: etree._Element, found: Envelope) -> None:
    found.effective_time = element.get("value") or None


def _set(element: etree._Element, found: Envelope) -> None:
    found.set_id = oid_of(element)


def _version(element: etree._Element, found: Envelope) -> None:
    found.version = element.get("value")


def _client(element: etree._Element, found: Envelope) -> None:
    role = _only(element, V3 + "patientRole")
    if role is None:
        return
    place = f"ClinicalDocument/recordTarget[{len(found.clients) + 1}]/patientRole/id"
    identifiers: list[tuple[str, str, str]] = []
    birth_time = None
    for child in role:
        if child.tag == _ID:
            value = child.get("extension")
            if value and value.strip():
                root = normal_root(child.get("root")) or HENKILOTUNNUS_ROOT
                identifiers.append((root, normal_value(value), place))
        elif child.tag == V3 + "patient":
            birth = _only(child, V3 + "birthTime")
            if birth is not None:
                birth_time = birth.get("value")
    found.clients.append(Client(identifiers, birth_time))


def _custodian(element: etree._Element, found: Envelope) -> None:
    found.custodian = oid_of(_only(element, V3 + "assignedCustodian", V3 + "representedCustodianOrganization", _ID))


def _related(element: etree._Element, found: Envelope) -> None:
    if element.get("typeCode") != "RPLC":
        return
    for child in element:
        if child.tag == V3 + "parentDocument":
            found.replaces_oid = oid_of(_only(child, _ID))
            found.replaces_set_id = oid_of(_only(child, V3 + "setId"))
            version = _only(child, V3 + "versionNumber")
            found.replaces_version = version.get("value") if version is not None else None


def _component_of(element: etree._Element, found: Envelope) -> None:
    encounter = _only(element, V3 + "encompassingEncounter")
    if encounter is None:
        return
    for child in encounter:
        if child.tag == _ID:
            found.case_id = oid_of(child)
        elif child.tag == V3 + "encounterParticipant" and child.get("typeCode") == "ADM":
            found.unit = oid_of(_only(child, V3 + "assignedEntity", V3 + "representedOrganization", _ID))


def _social(element: etree._Element, found: Envelope) -> None:
    found.social = True
    for child in element:
        reader = _SOCIAL.get(child.tag)
        if reader is not None:
            reader(child, found)


def _healthcare(_: etree._Element, found: Envelope) -> None:
    found.healthcare = True


def _component(element: etree._Element, found: Envelope) -> None:
    for body in element:
        if body.tag == V3 + "nonXMLBody":
            for child in body:
                if child.tag == FI + "json":
                    _json(_all_text(child), found)
                elif child.tag == V3 + "text":
                    found.media_type = child.get("mediaType")
                    # The display form is long and is asked about only where it is all there is.
                    found.display = child
        elif body.tag == V3 + "structuredBody":
            found.structured = True


def _json(text: str, found: Envelope) -> None:
    if not found.json or found.json.isspace():
        found.json = text
    elif text and not text.isspace():
        found.more_json.append(text)


def _all_text(element: etree._Element) -> str:
    return element.text or "" if len(element) == 0 else "".join(element.itertext())


def _specific_type(element: etree._Element, found: Envelope) -> None:
    found.specific_type = plain(element.get("code") or "") or None


def _creation(element: etree._Element, found: Envelope) -> None:
    found.creation_time = element.get("value") or None


def _group(element: etree._Element, found: Envelope) -> None:
    found.group = plain(element.get("code") or "") or None


def _function(element: etree._Element, found: Envelope) -> None:
    found.tasks.append(
        (element.get("codeSystem"), element.get("code"), element.get("displayName"), len(found.tasks) + 1)
    )


def _status(element: etree._Element, found: Envelope) -> None:
    found.record_status = plain(element.get("code") or "") or None


def _organiser(element: etree._Element, found: Envelope) -> None:
    found.organiser = oid_of(element) or found.organiser


def _specification(element: etree._Element, found: Envelope) -> None:
    found.specification = plain(normal_root(element.text or element.get("root"))) or None


def _relationship(element: etree._Element, found: Envelope) -> None:
    found.relationship_id = oid_of(element)


_READERS = {
    _ID: _id,
    V3 + "code": _code,
    V3 + "effectiveTime": _effective,
    V3 + "setId": _set,
    V3 + "versionNumber": _version,
    V3 + "recordTarget": _client,
    V3 + "custodian": _custodian,
    V3 + "relatedDocument": _related,
    V3 + "componentOf": _component_of,
    V3 + "component": _component,
    FI + "localSocialHeader": _social,
    FI + "localHeader": _healthcare,
}
_SOCIAL = {
    FI + "specificDocumentType": _specific_type,
    FI + "creationTime": _creation,
    FI + "documentGroup": _group,
    FI + "functionCode": _function,
    FI + "recordStatus": _status,
    FI + "outsourcingServiceCustomer": _organiser,
    FI + "contentSpecificationId": _specification,
    FI + "encompassingClientRelationship": _relationship,
}
