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

from analyser.synth import heading
from analyser.synth.content import ORGANISER
from analyser.synth.people import Person
from analyser.synth.signing import Signer

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
    task: str | None = None
    """The service task of a client document, which its header tells."""
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


class Printer:
    """Prints drafts. The display forms and signatures are made once and used again."""

    def __init__(self, seed: int, *, brief: bool = False) -> None:
        """`brief`: display forms and signatures of a few words, for fixtures that people read."""
        random = Random(seed)  # noqa: S311  made-up filler, not secrets
        self._displays = [_display(random, 2 if brief else random.randint(25, 140)) for _ in range(48)]
        self._signer = Signer(random, brief=brief)

    def document(self, draft: Draft, quirk: int) -> bytes:
        """The document's bytes; `quirk` picks its variations."""
        kind = heading.kind_of(next(iter(draft.content)) if draft.content else "asiakkuusasiakirja")
        clients = "".join(heading.client(person, draft.under_temporary) for person in draft.people)
        text = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<ClinicalDocument xmlns="urn:hl7-org:v3" xsi:schemaLocation="urn:hl7-org:v3 ../../cda/CDA_Fi_sos.xsd" '
            f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
            f"<!-- synthetic; k\u00c3\u00a4ytt\u00c3\u00b6tarkoitus testaus -->\n"
            f'<realmCode code="FI"/>\n<typeId extension="POCD_HD000040" root="2.16.840.1.113883.1.3"/>\n'
            f'<id root="{draft.oid}"/>\n{heading.general(kind)}\n<effectiveTime value="{draft.moment}"/>\n'
            f'<confidentialityCode code="6" codeSystem="1.2.246.777.5.99902.2006"/>\n'
            f'<languageCode code="{"FI" if quirk % 3 else "fi"}"/>\n'
            f'<setId root="{draft.set_id}"/>\n<versionNumber value="{draft.version}"/>\n{clients}'
            f"{heading.people_of_the_house(draft, quirk)}{heading.relations(draft, quirk)}"
            f"{heading.social(draft, kind, self._signer.signed(draft.oid, draft.moment, quirk), quirk)}\n"
            f"<component>{self._body(draft, quirk)}</component>\n</ClinicalDocument>\n"
        )
        return _encoded(text, quirk)

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
