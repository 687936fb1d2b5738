"""What the archive says in free words, as far as it may be shown: words of a closed vocabulary, and nothing else.

The text of an answer may name a person, so it is treated like a document's content. Beside codes and OIDs only words
stay that this project knows itself: words of its own texts in the three languages, words in which archives speak of
errors, and names of elements of a document. Everything else, also every number and every unknown word in whatever
spelling, becomes `…`. A code says what is wrong; the words help who reads it.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from analyser.messages.catalogue import sources
from analyser.national.identifiers import holds_identifier

_PIECE = re.compile(r"[0-9A-Za-zÅÄÖåäö_](?:[0-9A-Za-zÅÄÖåäö_.:\-]*[0-9A-Za-zÅÄÖåäö_])?|[\s]+|[^\s]", re.ASCII)
_WORD = re.compile(r"[a-zåäö]{2,}(?:-[a-zåäö]{2,})*")
_OID = re.compile(r"(?:urn:oid:)?[0-2](?:\.(?:0|[1-9][0-9]*)){4,}")
_CODE = re.compile(r"[A-Z]{2,8}-?[0-9]{1,4}")
_KEPT = frozenset(" .,:;()[]/=-'\"!?")
_STEP = re.compile(
    r"(/{0,2})(@?)(?:([A-Za-z][A-Za-z0-9.\-]{0,20}):)?([A-Za-z_][A-Za-z0-9_.\-]{0,60}|\*)((?:\[[0-9]{1,4}\])*)"
)
_NO_TEXT = re.compile(r"""(?m)^(?:[A-Za-z0-9_.'"\-]+ *=|\[[^\n]*\]$|#.*$)|\\[nt]""")
"""Of a catalogue: keys, headings, comments and the signs that break lines."""
_LONGEST = 500
# What an answer may begin with, or what archives write of errors; matched with everything that may follow the stem.
_STEM_LIST = """
    arkist asiakirj asiakkuus asiakasasiakirj epäonnist hylät hyväks hylkä järjestelm käsittel kelvo koodi kuittau
    lähettä lähety mitätö mukai oikeut olemassa otsik otsak pakolli palvel puuttu rajapin raken rekisterinpitä sanoma
    setti skeema suostumu tarkist tekni tunnist tunnis validoi vanhen versio virhe virhei vastaano viestin allekirjoit
    arkiv avvis avsänd behandl behörig behandling certifikat dokument fält felakti godkänn handling identifie kvitter
    mottag obligatori ogiltig organisat register saknas schema signatur system tekniskt underskrift vers värde
    accept acknowledg already applicat archiv attribut authenticat authori certificat charact client confirm content
    cannot control custodi decod declar delet deliver document duplicat element encod error exceed exist expect extens
    fail field forbid format found frame identif incorrect inform integr intern invali malform mandator match messag
    missing namespac notic number obsolet organi parse parsing permi process receiv refus regist reject repeat
    replac request requir schema secur sende service signatur structur submit syntax system target
    techn timeout unauthor unavailab unexpect unique unknown unsupport valid valu version violat warn xml
    """
_STEMS = tuple(_STEM_LIST.split())
_SHORT_LIST = """
    AA AE AR CA CE CR OID XML CDA HL7 JSON PDF SOAP TLS UTF ID id ei on ja tai se ole jo ollut eri sama uusi vanha liian
    inte är och för har kan av i the is not was are be no of in on to for and or it has with by at already
    """
_SHORT = frozenset(_SHORT_LIST.split())
_ELEMENT_LIST = """
    ClinicalDocument clinicalDocument realmCode typeId templateId id code title effectiveTime confidentialityCode
    languageCode setId versionNumber copyTime recordTarget patientRole patient name given family birthTime
    administrativeGenderCode author time assignedAuthor assignedPerson representedOrganization dataEnterer informant
    custodian assignedCustodian representedCustodianOrganization informationRecipient legalAuthenticator authenticator
    participant inFulfillmentOf documentationOf serviceEvent relatedDocument parentDocument authorization consent
    componentOf encompassingEncounter encounterParticipant responsibleParty assignedEntity localSocialHeader component
    nonXMLBody structuredBody section text json specificDocumentType creationTime documentGroup fileFormat
    structuredFileFormat softwareSupport functionCode recordStatus registryType outsourcingServiceCustomer
    outsourcingServiceCustomerName totalRetentionPeriodClass specialContent contentSpecificationId
    encompassingClientRelationship serviceProcess authorizationRestrictionArgument inaccessibleArgument
    reasonOfCorrection signature signatureCollection Signature SignedInfo SignatureValue KeyInfo Reference
    controlActProcess reasonCode subject subject1 interactionId processingCode processingModeCode acceptAckCode receiver
    sender device statusCode root extension value nullFlavor codeSystem displayName mediaType representation typeCode
    classCode moodCode ID addr telecom low high
    """
_ELEMENTS = frozenset(_ELEMENT_LIST.split())


def shown_text(text: str) -> str | None:
    """The text with everything that is no known word given as `…`; None when nothing was said."""
    told: list[str] = []
    for piece in _PIECE.findall(text):
        if piece.isspace():
            told.append(" ")
        elif piece in _KEPT or _known(piece):
            told.append(piece)
        else:
            told.append("…")
    joined = re.sub(r"…(?:[\s.,:;()\[\]/='\"!?\-]*…)+", "…", re.sub(r" +", " ", "".join(told))).strip()
    return joined[:_LONGEST] or None


def shown_place(path: str) -> str | None:
    """A path of element names; a step that is none, and every condition in brackets, is `…`."""
    if not path:
        return None
    told = []
    for step in re.findall(r"/*[^/\[]+(?:\[[^\]]*\]?)*|/+", path):
        found = _STEP.fullmatch(step.strip())
        if found is not None and found[4] in (*_ELEMENTS, "*"):
            told.append(f"{found[1]}{found[2]}{found[4]}{found[5]}")
        else:
            slashes, name = re.match(r"(/*)@?(?:[^:/\[]*:)?([^\[]*)", step).groups()  # type: ignore[union-attr]
            told.append(f"{slashes}{name}[…]" if name in _ELEMENTS else f"{slashes}…")
    joined = re.sub(r"…(?:/+…)+", "…", "".join(told))
    return joined[:_LONGEST]


@lru_cache(maxsize=4096)
def _known(piece: str) -> bool:
    if piece in _SHORT or piece in _ELEMENTS:
        return True
    if _OID.fullmatch(piece) or (_CODE.fullmatch(piece) and not holds_identifier(piece)):
        return True
    plainly = piece[:1].lower() + piece[1:]
    if not _WORD.fullmatch(plainly):
        return False
    return plainly.startswith(_STEMS) or (piece == plainly and piece in _words())


@cache
def _words() -> frozenset[str]:
    """Words of the project's own texts that are written small, so that no name is among them.

    Every worker that meets an answer asks for them, so the catalogues are not read as TOML: what stands behind a key,
    or in a text of several lines, are the same words.
    """
    return frozenset(
        word
        for lang in ("fi", "sv", "en")
        for source in sources(lang)
        for word in re.findall(r"[A-Za-zÅÄÖåäö]{2,}", _NO_TEXT.sub(" ", source))
        if word.islower()
    )
