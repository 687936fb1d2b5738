"""The header of a document: what it is, whose, who wrote it, and the Finnish block of social welfare."""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from analyser.synth.content import ORGANISER_NAME, PRODUCER, TASK_NAMES, TEMPORARY_ROOT, UNITS
from analyser.synth.people import Person
from analyser.system.resources import schemas

if TYPE_CHECKING:
    from analyser.synth.envelope import Draft

_TYPES = "1.2.246.537.6.1506.201701"
_GROUPS = {"1": "Asiakkuusasiakirja", "2": "Asia-asiakirja", "5": "Asiakasasiakirja"}


class ContentKind(NamedTuple):
    """A published definition of a content."""

    code: str
    specification: str
    general_name: str
    name: str
    group: str
    """Document group: 1 client relationship, 2 case, 5 client document."""

    @property
    def general(self) -> str:
        """Code of the general document type: that of the definition begins with it."""
        return self.code[:-3]


@cache
def _kinds() -> dict[str, ContentKind]:
    with schemas("content", "document_types.csv").open(encoding="utf-8") as table:
        return {
            row["json_root"]: ContentKind(
                row["code"],
                row["content_specification"],
                row["general_type"],
                row["name_fi"],
                row["code"] if row["classification"] == "1505" else "5",
            )
            for row in csv.DictReader(table)
        }


def kind_of(root: str) -> ContentKind:
    """The definition of the contents with this root key."""
    return _kinds()[root]


def unit_of(quirk: int) -> int:
    """Which of the units a document comes from."""
    return quirk % len(UNITS)


def professional(number: int) -> str:
    """A made-up professional: identifier and name."""
    return (
        f'<id root="1.2.246.537.26" extension="9990{number % 7:04}"/><assignedPerson><name><given>Testi</given>'
        f"<family>Työntekijä</family></name></assignedPerson>"
    )


def general(kind: ContentKind) -> str:
    """The general document type, which client documents have."""
    if kind.group != "5":
        return '<code nullFlavor="NA"/>'
    return f"<code {_coded(kind.general, _TYPES, kind.general_name)}/>"


def client(person: Person, under_temporary: bool) -> str:
    """The recordTarget."""
    root, value = (TEMPORARY_ROOT, person.temporary) if under_temporary else ("1.2.246.21", person.henkilotunnus)
    return (
        f'<recordTarget><patientRole><id root="{root}" extension="{value}"/><patient><name>'
        f'<given>{person.given}</given><given qualifier="CL">{person.given}</given>'
        f"<family>{person.family}</family></name>"
        f'<administrativeGenderCode code="{person.sex}" codeSystem="1.2.246.537.5.1.1997"/>'
        f'<birthTime value="{person.birth_date:%Y%m%d}"/></patient></patientRole></recordTarget>\n'
    )


def people_of_the_house(draft: Draft, quirk: int) -> str:
    """Author and custodian."""
    return (
        f'<author><time value="{draft.moment}"/><assignedAuthor>{professional(quirk)}<representedOrganization>'
        f'<id root="{UNITS[unit_of(quirk)]}"/><name>Perhepalvelut, {ORGANISER_NAME}</name></representedOrganization>'
        f"</assignedAuthor></author>\n"
        f"<custodian><assignedCustodian><representedCustodianOrganization>"
        f'<id root="{draft.organiser}"/><name>{ORGANISER_NAME}</name>'
        f"</representedCustodianOrganization></assignedCustodian></custodian>\n"
    )


def relations(draft: Draft, quirk: int) -> str:
    """What the document replaces, its authorization, and its case."""
    replaced = (
        f'<relatedDocument typeCode="RPLC"><parentDocument><id root="{draft.replaces}"/><setId root="{draft.set_id}"/>'
        f'<versionNumber value="{draft.version - 1}"/></parentDocument></relatedDocument>\n'
        if draft.replaces
        else ""
    )
    authorised = (
        '<authorization typeCode="AUTH"><consent classCode="CONS" moodCode="EVN"><id nullFlavor="NA"/>'
        '<statusCode code="completed"/></consent></authorization>\n'
        if quirk % 5 == 1
        else ""
    )
    flavor = ' nullFlavor="NA"' if quirk % 4 == 0 else ""
    encounter = f'<id root="{draft.case_id}"{flavor}/>' if draft.case_id else '<id nullFlavor="NA"/>'
    # Services are the county's own, or bought: then the producer is told.
    by, name = (PRODUCER, "Ostopalvelu Oy") if quirk % 6 == 5 else (draft.organiser, ORGANISER_NAME)
    return (
        f'{replaced}{authorised}<componentOf><encompassingEncounter>{encounter}<effectiveTime nullFlavor="NA"/>'
        f'<responsibleParty><assignedEntity><id nullFlavor="NA"/><representedOrganization><id root="{by}"/>'
        f"<name>{name}</name></representedOrganization></assignedEntity></responsibleParty>"
        f'<encounterParticipant typeCode="ADM"><assignedEntity><id nullFlavor="NA"/><representedOrganization>'
        f'<id root="{UNITS[unit_of(quirk)]}"/><name>Perhepalvelut, {ORGANISER_NAME}</name></representedOrganization>'
        f"</assignedEntity></encounterParticipant></encompassingEncounter></componentOf>\n"
    )


def social(draft: Draft, kind: ContentKind, signatures: str, quirk: int) -> str:
    """The localSocialHeader."""
    # Some systems leave the names of code systems out.
    named = quirk % 5 != 3
    specific = (
        f"<ep2:specificDocumentType {_coded(kind.code, _TYPES, kind.name, 'Asiakirjatyyppi' if named else '')}/>\n"
        if kind.group == "5"
        else ""
    )
    group = _coded(kind.group, "1.2.246.537.6.1505.201601", _GROUPS[kind.group], "Asiakirjaryhmä" if named else "")
    restricted = quirk % 13 == 6
    return (
        f'<ep2:localSocialHeader xmlns:ep2="urn:hl7finland">\n{specific}<ep2:creationTime value="{draft.moment}"/>\n'
        f"<ep2:documentGroup {group}/>\n"
        f'<ep2:fileFormat code="2" codeSystem="1.2.246.537.6.1502.201601" displayName="XHTML_1.1"/>\n'
        f'<ep2:structuredFileFormat code="5" codeSystem="1.2.246.537.5.40179.2008" displayName="JSON"/>\n'
        f'<ep2:softwareSupport moderator="Example Oy" product="Example" version="1.0"/>\n'
        f"{_function(draft, kind, named)}"
        f'<ep2:recordStatus code="3" codeSystem="1.2.246.537.5.40154.2008" displayName="Arkistointivalmis"/>\n'
        f'<ep2:registryType code="1" codeSystem="1.2.246.537.6.1264.201701" displayName="Asiakasrekisteri"/>\n'
        f'<ep2:outsourcingServiceCustomer root="{draft.organiser}"/>\n'
        f"<ep2:outsourcingServiceCustomerName>{ORGANISER_NAME}</ep2:outsourcingServiceCustomerName>\n"
        f'<ep2:totalRetentionPeriodClass code="1" codeSystem="1.2.246.537.6.1258.201601"/>\n'
        f'<ep2:specialContent code="{"K" if restricted else "E"}" codeSystem="1.2.246.537.6.112.2007"/>\n'
        f"<ep2:contentSpecificationId>{kind.specification}</ep2:contentSpecificationId>\n{_belonging(draft, kind)}"
        f"{_restrictions(restricted)}{_correction(draft)}{signatures}\n</ep2:localSocialHeader>"
    )


def _function(draft: Draft, kind: ContentKind, named: bool) -> str:
    """The service task, in the header of client documents. A code that is not published stays untold."""
    if kind.group != "5" or draft.task is None:
        return ""
    name, system = TASK_NAMES[draft.task], "1.2.246.537.6.1221.201601"
    if draft.task.isdigit():
        told = _coded(draft.task, system, name, "Palvelutehtävä" if named else "")
    else:
        told = f'nullFlavor="OTH" codeSystem="{system}" displayName="{name}"'
    return f"<ep2:functionCode {told}/>\n"


def _belonging(draft: Draft, kind: ContentKind) -> str:
    """The client relationship, or the service process of a client document."""
    if draft.relationship_id:
        return f'<ep2:encompassingClientRelationship root="{draft.relationship_id}"/>\n'
    if kind.group != "5":
        return ""
    return (
        '<ep2:serviceProcess><ep2:type nullFlavor="OTH" displayName="Palveluprosessi"/><ep2:code nullFlavor="OTH" '
        'codeSystem="1.2.246.537.6.1277.201601" displayName="Palvelun toteuttaminen"/></ep2:serviceProcess>\n'
    )


def _restrictions(restricted: bool) -> str:
    if not restricted:
        return ""
    return (
        "<ep2:authorizationRestrictionArgument>Tiedon antaminen vaarantaisi turvallisuutta."
        "</ep2:authorizationRestrictionArgument>\n"
        '<ep2:inaccessibleArgument nullFlavor="OTH" codeSystem="1.2.246.537.6.1288.201701" '
        'displayName="Luovutusta on rajoitettu"/>\n'
    )


def _correction(draft: Draft) -> str:
    if not draft.replaces:
        return ""
    return '<ep2:reasonOfCorrection nullFlavor="OTH" displayName="Tietojen täydentäminen"/>\n'


def _coded(code: str, system: str, name: str, system_name: str = "") -> str:
    told = f' codeSystemName="{system_name}"' if system_name else ""
    return f'code="{code}" codeSystem="{system}"{told} displayName="{name}"'
