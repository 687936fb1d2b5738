"""Where the texts of a document's header stand: one walk over its tree, with no look at what the texts say.

Elements are matched by namespace and local name, whatever the prefix. Unknown and repeated children are passed
over, and everything may be absent. Nothing here looks into the display form of the body.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lxml import etree

from analyser.archive.documents import envelope as facts
from analyser.archive.documents.envelope import Fact
from analyser.archive.documents.header_texts import HeaderTexts

V3 = "{urn:hl7-org:v3}"
FI = "{urn:hl7finland}"
DOCUMENT = V3 + "ClinicalDocument"
"""The root of a document; any other root of V3 that is read is a frame."""

_ID = V3 + "id"


def telling(root: etree._Element) -> HeaderTexts:
    """The texts of a ClinicalDocument's header that may matter, in one walk over its children."""
    told = HeaderTexts([], [])
    _tell(root, _ATTRIBUTES, _DEEPER, told)
    return told


def is_healthcare(told: HeaderTexts) -> bool:
    """Whether a document is one of healthcare: what it is comes before whether it is valid."""
    return facts.tells_healthcare in told.facts and facts.tells_social not in told.facts


def _tell(
    element: etree._Element,
    attributes: Mapping[str, tuple[Fact, tuple[str, ...]]],
    deeper: Mapping[str, Callable[[etree._Element, HeaderTexts], None]],
    told: HeaderTexts,
) -> None:
    for child in element:
        tag = child.tag
        plainly = attributes.get(tag)
        if plainly is not None:
            told.facts.append(plainly[0])
            for name in plainly[1]:
                told.texts.append(child.get(name))
        elif tag in deeper:
            deeper[tag](child, told)


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


def _at(element: etree._Element, name: str, *path: str) -> str | None:
    """An attribute of the first element along a path."""
    found = _only(element, *path)
    return None if found is None else found.get(name)


def _id(element: etree._Element | None) -> tuple[str | None, str | None]:
    """Root of an id, and whether it is marked as absent."""
    return (None, None) if element is None else (element.get("root"), element.get("nullFlavor"))


def _tell_client(element: etree._Element, told: HeaderTexts) -> None:
    role = _only(element, V3 + "patientRole")
    if role is None:
        return
    told.add(facts.tells_client)
    for child in role:
        if child.tag == _ID:
            told.add(facts.tells_client_id, child.get("root"), child.get("extension"), child.get("nullFlavor"))
        elif child.tag == V3 + "patient":
            birth = _only(child, V3 + "birthTime")
            if birth is not None:
                told.add(facts.tells_birth, birth.get("value"))


def _tell_custodian(element: etree._Element, told: HeaderTexts) -> None:
    custodian = _only(element, V3 + "assignedCustodian", V3 + "representedCustodianOrganization", _ID)
    told.add(facts.tells_custodian, *_id(custodian))


def _tell_related(element: etree._Element, told: HeaderTexts) -> None:
    told.add(facts.tells_related, element.get("typeCode"))
    for child in element:
        if child.tag == V3 + "parentDocument":
            told.add(
                facts.tells_parent,
                *_id(_only(child, _ID)),
                *_id(_only(child, V3 + "setId")),
                _at(child, "value", V3 + "versionNumber"),
            )


def _tell_component_of(element: etree._Element, told: HeaderTexts) -> None:
    encounter = _only(element, V3 + "encompassingEncounter")
    if encounter is None:
        return
    for child in encounter:
        if child.tag == _ID:
            told.add(facts.tells_case, *_id(child))
        elif child.tag == V3 + "encounterParticipant":
            unit = _only(child, V3 + "assignedEntity", V3 + "representedOrganization", _ID)
            told.add(facts.tells_participant, child.get("typeCode"), *_id(unit))


def _tell_social(element: etree._Element, told: HeaderTexts) -> None:
    told.add(facts.tells_social)
    _tell(element, _SOCIAL_ATTRIBUTES, _SOCIAL_DEEPER, told)


def _tell_healthcare(_: etree._Element, told: HeaderTexts) -> None:
    told.add(facts.tells_healthcare)


def _tell_component(element: etree._Element, told: HeaderTexts) -> None:
    for body in element:
        if body.tag == V3 + "nonXMLBody":
            for child in body:
                if child.tag == FI + "json":
                    text = child.text or "" if len(child) == 0 else "".join(child.itertext())
                    told.content = len(told.texts) if told.content is None else told.content
                    told.add(facts.tells_json, text)
                elif child.tag == V3 + "text":
                    told.add(facts.tells_media_type, child.get("mediaType"))
                    told.display = child


def _tell_specification(element: etree._Element, told: HeaderTexts) -> None:
    told.add(facts.tells_specification, element.text, element.get("root"))


_ATTRIBUTES: dict[str, tuple[Fact, tuple[str, ...]]] = {
    _ID: (facts.tells_id, ("root", "nullFlavor")),
    V3 + "code": (facts.tells_code, ("code",)),
    V3 + "effectiveTime": (facts.tells_effective, ("value",)),
    V3 + "setId": (facts.tells_set, ("root", "nullFlavor")),
    V3 + "versionNumber": (facts.tells_version, ("value",)),
}
_DEEPER = {
    V3 + "recordTarget": _tell_client,
    V3 + "custodian": _tell_custodian,
    V3 + "relatedDocument": _tell_related,
    V3 + "componentOf": _tell_component_of,
    V3 + "component": _tell_component,
    FI + "localSocialHeader": _tell_social,
    FI + "localHeader": _tell_healthcare,
}
_SOCIAL_ATTRIBUTES: dict[str, tuple[Fact, tuple[str, ...]]] = {
    FI + "specificDocumentType": (facts.tells_specific_type, ("code",)),
    FI + "creationTime": (facts.tells_creation, ("value",)),
    FI + "documentGroup": (facts.tells_group, ("code",)),
    FI + "functionCode": (facts.tells_function, ("codeSystem", "code", "displayName")),
    FI + "recordStatus": (facts.tells_status, ("code",)),
    FI + "outsourcingServiceCustomer": (facts.tells_organiser, ("root", "nullFlavor")),
    FI + "encompassingClientRelationship": (facts.tells_relationship, ("root", "nullFlavor")),
    FI + "registryType": (facts.tells_registry, ("code",)),
}
_SOCIAL_DEEPER = {FI + "contentSpecificationId": _tell_specification}
