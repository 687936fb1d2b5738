"""Contents into archived documents: Finnish CDA with header, signature block, display form and JSON.

Strings are put together, not trees: a large county is millions of documents. The variations are those that real
documents show: prefixes, encodings, line ends, comments inside the Base64, JSON as it is.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import orjson

from analyser.synth.content import ORGANISER, ORGANISER_NAME, TEMPORARY_ROOT, UNITS
from analyser.synth.people import Person

_CLIENT_DOCUMENTS = {
    "lapsiperheiden_palvelupaatos": ("11001", "1.2.246.537.6.1506.11001.2023.9.8", "5", "Päätös"),
    "merkinta_sosiaalipalvelun_alkamisesta": (
        "19002",
        "1.2.246.537.6.1506.19002.2022.1.10",
        "5",
        "Asiakaskertomus",
    ),
    "merkinta_tapaamisesta_tai_yhteydenotosta": (
        "19005",
        "1.2.246.537.6.1506.19005.2022.1.10",
        "5",
        "Asiakaskertomus",
    ),
}
_BRIEF_SIGNATURE = (
    '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignatureValue>c3lnbmF0dXJl</SignatureValue></Signature>'
)
_SIGNATURE_DESCRIPTION = (
    '\n<signatureDescription code="3" codeSystem="1.2.246.537.5.40127.2006" displayName="Järjestelmäallekirjoitus"/>\n'
)
_SIGNED = "SIGNED-OID"
"""Stands in a signature for the OID of the document that it signs."""
_TAG = re.compile(r"<(/?)([A-Za-z])")


@dataclass(frozen=True, slots=True)
class Draft:
    """A document to be written. `content` None: a version that voids by having no body."""

    oid: str
    set_id: str
    version: int
    moment: str
    """`YYYYMMDDhhmmss+zzzz`: authored, created and sent."""
    people: Sequence[Person]
    content: dict[str, Any] | None
    relationship_id: str | None = None
    case_id: str | None = None
    organiser: str = ORGANISER
    under_temporary: bool = False
    replaces: str | None = None
    sent: str | None = None
    """When the frame was sent, if not at `moment`."""
    framed: bool = True
    sendings: Sequence[Any] = ()
    """Each time it was sent (synth/messages.py); empty: once, and the answer is kept nowhere."""
    body: str | None = None
    """Text in place of the Base64 of the JSON, for defects."""


def unit_of(quirk: int) -> int:
    """Which of the units a document comes from."""
    return quirk % len(UNITS)


class Printer:
    """Prints drafts. The display forms and signatures are made once and used again."""

    def __init__(self, seed: int, *, brief: bool = False) -> None:
        """`brief`: display forms and signatures of a few words, for fixtures that people read."""
        random = Random(seed)  # noqa: S311  made-up filler, not secrets
        self._displays = [_display(random, 2 if brief else random.randint(25, 140)) for _ in range(48)]
        self._signatures = [_BRIEF_SIGNATURE] if brief else [_signature(random) for _ in range(24)]
        self._described = "" if brief else _SIGNATURE_DESCRIPTION

    def document(self, draft: Draft, quirk: int) -> bytes:
        """The document's bytes; `quirk` picks its variations."""
        root = next(iter(draft.content)) if draft.content else "asiakkuusasiakirja"
        header = "".join(_client(person, draft.under_temporary) for person in draft.people)
        replaced = (
            f'<relatedDocument typeCode="RPLC"><parentDocument><id root="{draft.replaces}"/><setId root="{draft.set_id}"/>'
            f'<versionNumber value="{draft.version - 1}"/></parentDocument></relatedDocument>\n'
            if draft.replaces
            else ""
        )
        flavor = ' nullFlavor="NA"' if quirk % 4 == 0 else ""
        encounter = f'<id root="{draft.case_id}"{flavor}/>' if draft.case_id else '<id nullFlavor="NA"/>'
        specific = _CLIENT_DOCUMENTS.get(root)
        text = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<ClinicalDocument xmlns="urn:hl7-org:v3" xsi:schemaLocation="urn:hl7-org:v3 ../../cda/CDA_Fi_sos.xsd" '
            f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
            f"<!-- synthetic; k\u00c3\u00a4ytt\u00c3\u00b6tarkoitus testaus -->\n"
            f'<realmCode code="FI"/>\n<typeId extension="POCD_HD000040" root="2.16.840.1.113883.1.3"/>\n'
            f'<id root="{draft.oid}"/>\n{_general(specific)}\n<effectiveTime value="{draft.moment}"/>\n'
            f'<confidentialityCode code="6" codeSystem="1.2.246.777.5.99902.2006"/>\n'
            f'<languageCode code="{"FI" if quirk % 3 else "fi"}"/>\n'
            f'<setId root="{draft.set_id}"/>\n<versionNumber value="{draft.version}"/>\n{header}'
            f'<author><time nullFlavor="NA"/><assignedAuthor><id nullFlavor="NA"/></assignedAuthor></author>\n'
            f"<custodian><assignedCustodian><representedCustodianOrganization>"
            f'<id root="{draft.organiser}"/><name>{ORGANISER_NAME}</name>'
            f"</representedCustodianOrganization></assignedCustodian></custodian>\n{replaced}"
            f'<componentOf><encompassingEncounter>{encounter}<effectiveTime nullFlavor="NA"/>'
            f'<encounterParticipant typeCode="ADM"><assignedEntity><id nullFlavor="NA"/><representedOrganization>'
            f'<id root="{UNITS[unit_of(quirk)]}"/><name>Perhepalvelut, {ORGANISER_NAME}</name></representedOrganization>'
            f"</assignedEntity></encounterParticipant></encompassingEncounter></componentOf>\n"
            f"{self._social(draft, root, specific, quirk)}\n<component>{self._body(draft, quirk)}</component>\n"
            f"</ClinicalDocument>\n"
        )
        return _encoded(text, quirk)

    def _social(self, draft: Draft, root: str, specific: tuple[str, ...] | None, quirk: int) -> str:
        group = {"asiakkuusasiakirja": "1", "asia_asiakirja": "2"}.get(root, "5")
        specification = {
            "asiakkuusasiakirja": "1.2.246.537.6.1505.1.2023.6.1",
            "asia_asiakirja": "1.2.246.537.6.1505.2.2022.6.28",
        }.get(root) or (specific[1] if specific else "")
        kind = (
            f'<ep2:specificDocumentType code="{specific[0]}" codeSystem="1.2.246.537.6.1506.201601"/>'
            if specific
            else ""
        )
        relationship = (
            f'<ep2:encompassingClientRelationship root="{draft.relationship_id}"/>\n' if draft.relationship_id else ""
        )
        return (
            f'<ep2:localSocialHeader xmlns:ep2="urn:hl7finland">\n{kind}<ep2:creationTime value="{draft.moment}"/>\n'
            f'<ep2:documentGroup code="{group}" codeSystem="1.2.246.537.6.1505.201601"/>\n'
            f'<ep2:fileFormat code="2" codeSystem="1.2.246.537.6.1502.201601" displayName="XHTML_1.1"/>\n'
            f'<ep2:structuredFileFormat code="5" codeSystem="1.2.246.537.5.40179.2008" displayName="JSON"/>\n'
            f'<ep2:softwareSupport moderator="Example Oy" product="Example" version="1.0"/>\n'
            f'<ep2:recordStatus code="3" codeSystem="1.2.246.537.5.40154.2008" displayName="Arkistointivalmis"/>\n'
            f'<ep2:registryType code="1" codeSystem="1.2.246.537.6.1264.201701"/>\n'
            f'<ep2:outsourcingServiceCustomer root="{draft.organiser}"/>\n'
            f"<ep2:outsourcingServiceCustomerName>{ORGANISER_NAME}</ep2:outsourcingServiceCustomerName>\n"
            f'<ep2:totalRetentionPeriodClass code="1" codeSystem="1.2.246.537.6.1258.201601"/>\n'
            f'<ep2:specialContent code="E" codeSystem="1.2.246.537.6.112.2007"/>\n'
            f"<ep2:contentSpecificationId>{specification}</ep2:contentSpecificationId>\n{relationship}"
            f'<signatureCollection xmlns="urn:hl7finland"><signature ID="Signature.1">{self._described}'
            f'<signatureTimestamp ID="timestamp.1">2025-01-17T11:06:56.4257383Z</signatureTimestamp>'
            f"{self._signatures[quirk % len(self._signatures)].replace(_SIGNED, draft.oid)}</signature>"
            f"</signatureCollection>\n</ep2:localSocialHeader>"
        )

    def _body(self, draft: Draft, quirk: int) -> str:
        if draft.content is None and draft.body is None:
            return f'<nonXMLBody ID="OID{draft.oid}"/>'
        display = self._displays[(quirk * 31 + len(draft.oid)) % len(self._displays)]
        body = draft.body
        if body is None:
            raw = orjson.dumps(draft.content)
            if quirk % 23 == 5:
                body = f"<![CDATA[{raw.decode()}]]>"
            else:
                body = base64.b64encode(raw).decode()
                if quirk % 6 == 1:
                    body = "\n".join(body[place : place + 76] for place in range(0, len(body), 76))
                elif quirk % 6 == 2:
                    half = len(body) // 2
                    body = f"{body[:half]}<!-- rakenteinen osa -->{body[half:]}"
        return (
            f'<nonXMLBody ID="OID{draft.oid}"><text mediaType="application/xhtml+xml" representation="B64">'
            f"<!-- display form -->{display}\n</text>"
            f'<ep2:json xmlns:ep2="urn:hl7finland">\n{body}\n</ep2:json></nonXMLBody>'
        )


def frame(draft: Draft, sent: str | None = None, extension: str | None = None, sender: str | None = None) -> bytes:
    """The transfer frame with which the document was sent; `extension` is that of the message's own id."""
    sent = sent or draft.sent or draft.moment
    own = extension or draft.oid[-12:]
    told_sender = f'<sender typeCode="SND"><device><id root="{sender}"/></device></sender>\n' if sender else ""
    code, name = (
        ("SP1", "Asiakkuusasiakirjan arkistointi")
        if draft.relationship_id
        else ("SP17", "Asiakasasiakirjan arkistointi")
    )
    person = draft.people[0]
    return (
        f'<RCMR_IN200002FI01 xmlns="urn:hl7-org:v3" ITSVersion="XML_1.0">\n<id root="{ORGANISER}" extension="{own}"/>\n'
        f'<creationTime value="{sent}"/>\n<interactionId extension="RCMR_IN200002FI01" root="2.16.840.1.113883.1.6"/>\n'
        f'<processingCode code="D"/><processingModeCode code="T"/><acceptAckCode code="ER"/>\n{told_sender}'
        f'<controlActProcess classCode="CACT" moodCode="EVN">\n'
        f'<code code="RCMR_TE000102UV01" codeSystem="2.16.840.1.113883.1.18"/>\n'
        f'<reasonCode code="{code}" codeSystem="1.2.246.537.6.1503.201601" displayName="{name}"/>\n'
        f'<subject><clinicalDocument classCode="DOCCLIN" moodCode="EVN"><id root="{draft.oid}"/>'
        f'<statusCode code="COMPLETED"/><effectiveTime value="{draft.moment}"/><setId root="{draft.set_id}"/>'
        f'<versionNumber value="{draft.version}"/><recordTarget typeCode="RCT"><patient classCode="PAT">'
        f'<id extension="{person.henkilotunnus}" root="1.2.246.21"/></patient></recordTarget></clinicalDocument></subject>\n'
        f"</controlActProcess>\n</RCMR_IN200002FI01>\n"
    ).encode()


def _general(specific: tuple[str, ...] | None) -> str:
    """The general document type, where its code is known."""
    if specific is None:
        return '<code nullFlavor="NA"/>'
    return f'<code code="{specific[0]}" codeSystem="1.2.246.537.6.1506.201601" displayName="{specific[3]}"/>'


def _client(person: Person, under_temporary: bool) -> str:
    root, value = (TEMPORARY_ROOT, person.temporary) if under_temporary else ("1.2.246.21", person.henkilotunnus)
    return (
        f'<recordTarget><patientRole><id root="{root}" extension="{value}"/><patient><name><given>{person.given}</given>'
        f'<given qualifier="CL">{person.given}</given><family>{person.family}</family></name>'
        f'<administrativeGenderCode code="2" codeSystem="1.2.246.537.5.1.1997"/>'
        f'<birthTime value="{person.birth_date:%Y%m%d}"/></patient></patientRole></recordTarget>\n'
    )


def _encoded(text: str, quirk: int) -> bytes:
    """The variations of bytes and prefixes that real documents come in."""
    match quirk % 40:
        case 3:
            return text.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
        case 9:
            return b"\xef\xbb\xbf" + text.encode()
        case 15:
            return text.replace("UTF-8", "ISO-8859-1", 1).encode("iso-8859-1")
        case 21:
            return text.replace("\n", "\r\n").encode()
        case 27:
            return text.replace("ep2:", "fi:").replace("xmlns:ep2", "xmlns:fi").encode()
        case 33:
            return _prefixed(text).encode()
    return text.encode()


def _prefixed(text: str) -> str:
    """The same document with a prefix for every element of the HL7 namespace."""
    head, rest = text.split("<ClinicalDocument", 1)
    before, social = rest.split("<ep2:localSocialHeader", 1)
    inside, after = social.split("</ep2:localSocialHeader>", 1)
    marked = [_TAG.sub(_mark, part) for part in (f"<ClinicalDocument{before}", after)]
    body = f"{marked[0]}<ep2:localSocialHeader{inside}</ep2:localSocialHeader>{marked[1]}"
    return head + body.replace('xmlns="urn:hl7-org:v3"', 'xmlns:v3="urn:hl7-org:v3"', 1)


def _mark(match: re.Match[str]) -> str:
    rest = match.string[match.start() + 1 : match.start() + 6].lstrip("/")
    return match[0] if rest.startswith("ep2:") else f"<{match[1]}v3:{match[2]}"


def _signature(random: Random) -> str:
    """A signature block as real documents have it, of some 3 to 6 kB: two references, value, certificate. It signs
    nothing: digests and certificate are noise."""

    def noise(count: int) -> str:
        return base64.b64encode(random.randbytes(count)).decode()

    def reference(address: str) -> str:
        return (
            f'<Reference URI="#{address}"><Transforms>'
            f'<Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></Transforms>'
            f'<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
            f"<DigestValue>{noise(32)}</DigestValue></Reference>"
        )

    return (
        f'\n<Signature xmlns="http://www.w3.org/2000/09/xmldsig#" Id="xmldsig.1"><SignedInfo>'
        f'<CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>'
        f'<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>'
        f"{reference('timestamp.1')}{reference('OID' + _SIGNED)}</SignedInfo>"
        f"<SignatureValue>{noise(256)}</SignatureValue><KeyInfo><X509Data><X509IssuerSerial>"
        f"<X509IssuerName>CN=Synthetic CA, O=Example, C=FI</X509IssuerName><X509SerialNumber>7</X509SerialNumber>"
        f"</X509IssuerSerial><X509Certificate>{noise(random.randint(1100, 3000))}</X509Certificate></X509Data></KeyInfo>"
        f"</Signature>\n"
    )


def _display(random: Random, sentences_in_it: int) -> str:
    """Base64 of an XHTML display form of a realistic length."""
    sentences = (
        "Asiakkaan tilannetta on arvioitu yhdessä asiakkaan kanssa.",
        "Palvelutarpeen arviointi aloitettiin yhteydenoton perusteella.",
        "Seuraavasta tapaamisesta sovittiin työntekijän kanssa.",
        "Tämä on synteettinen asiakirja, jossa ei ole kenenkään tietoja.",
    )
    parts = [random.choice(sentences) for _ in range(sentences_in_it)]
    html = (
        '<div class="soc-document" xmlns="http://www.w3.org/1999/xhtml"><div class="soc-main-wrapper">'
        + "".join(f'<p class="soc-text">{part}</p>' for part in parts)
        + "</div></div>"
    )
    return base64.b64encode(html.encode()).decode()
