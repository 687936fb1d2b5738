"""The transfer frame with which a document was sent: a message of its own beside the document."""

from __future__ import annotations

from analyser.synth.content import ORGANISER, ORGANISER_NAME, TEMPORARY_ROOT
from analyser.synth.envelope import Draft
from analyser.synth.heading import professional

QUIET_SENDER = "1.2.246.10.99999901.10.6"
"""A system whose answers are kept nowhere."""
_ARCHIVE = "1.2.246.10.99999999.11"


def frame(draft: Draft, sent: str | None = None, extension: str | None = None, sender: str | None = None) -> bytes:
    """The frame; `extension` is that of the message's own id."""
    sent = sent or draft.sent or draft.moment
    own = extension or draft.oid[-12:]
    code, name = (
        ("SP1", "Asiakkuusasiakirjan arkistointi")
        if draft.relationship_id
        else ("SP17", "Asiakasasiakirjan arkistointi")
    )
    reasons = [
        f'<reasonCode code="{code}" codeSystem="1.2.246.537.6.1503.201601" displayName="{name}"/>',
        '<reasonCode nullFlavor="OTH" displayName="Sosiaalihuollon toteuttaminen"/>',
    ]
    person = draft.people[0]
    if person.number % 2:
        reasons.reverse()
    root, value = (TEMPORARY_ROOT, person.temporary) if draft.under_temporary else ("1.2.246.21", person.henkilotunnus)
    who = professional(person.number)
    return (
        f'<RCMR_IN200002FI01 xmlns="urn:hl7-org:v3" ITSVersion="XML_1.0">\n<id root="{ORGANISER}" extension="{own}"/>\n'
        f'<creationTime value="{sent}"/>\n<versionCode code="NE2008"/>\n'
        f'<interactionId extension="RCMR_IN200002FI01" root="2.16.840.1.113883.1.6"/>\n'
        f'<processingCode code="D"/><processingModeCode code="T"/><acceptAckCode code="ER"/>\n'
        f'<receiver typeCode="RCV"><device classCode="DEV" determinerCode="INSTANCE"><id root="{_ARCHIVE}"/>'
        f"<name>Kanta</name></device></receiver>\n"
        f'<sender typeCode="SND"><device classCode="DEV" determinerCode="INSTANCE">'
        f'<id root="{sender or QUIET_SENDER}"/><name>Example</name></device></sender>\n'
        f'<controlActProcess classCode="CACT" moodCode="EVN">\n'
        f'<code code="RCMR_TE000102UV01" codeSystem="2.16.840.1.113883.1.18"/>\n<effectiveTime value="{sent}"/>\n'
        f'<priorityCode code="R" codeSystem="2.16.840.1.113883.5.7"/>\n{reasons[0]}\n{reasons[1]}\n'
        f'<authorOrPerformer typeCode="AUT"><assignedPerson classCode="ASSIGNED">{who}</assignedPerson>'
        f"</authorOrPerformer>\n"
        f'<subject typeCode="SUBJ"><clinicalDocument classCode="DOCCLIN" moodCode="EVN"><id root="{draft.oid}"/>'
        f'<text mediaType="multipart/related"><mimeEncode>cid:{draft.oid}</mimeEncode></text>'
        f'<statusCode code="COMPLETED"/><effectiveTime value="{draft.moment}"/>'
        f'<confidentialityCode code="6" codeSystem="1.2.246.777.5.99902.2006"/><setId root="{draft.set_id}"/>'
        f'<versionNumber value="{draft.version}"/><completionCode code="LA" codeSystem="2.16.840.1.113883.5.33"/>'
        f'<storageCode code="AC" codeSystem="2.16.840.1.113883.5.1096"/>'
        f'<recordTarget typeCode="RCT"><patient classCode="PAT"><id extension="{value}" root="{root}"/>'
        f'<patientPerson classCode="PSN" determinerCode="INSTANCE"><name><given>{person.given}</given>'
        f"<family>{person.family}</family></name>"
        f'<administrativeGenderCode code="{person.sex}" codeSystem="1.2.246.537.5.1.1997"/>'
        f'<birthTime value="{person.birth_date:%Y%m%d}"/></patientPerson></patient></recordTarget>'
        f'<author typeCode="AUT"><assignedAuthor classCode="ASSIGNED">{who}</assignedAuthor></author>'
        f'<custodian typeCode="CST"><assignedCustodian classCode="ASSIGNED"><representedOrganization>'
        f'<id root="{draft.organiser}"/><name>{ORGANISER_NAME}</name></representedOrganization></assignedCustodian>'
        f"</custodian></clinicalDocument></subject>\n</controlActProcess>\n</RCMR_IN200002FI01>\n"
    ).encode()
