"""How a made-up document was sent and what the archive answered: frames, and acknowledgements to them.

Most documents are sent once and their answers are kept nowhere, as in an export from the archive. Where a story tells
of answers, its frames name a sender of their own, so that nobody waits for answers to the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyser.synth.content import ORGANISER
from analyser.synth.envelope import Draft
from analyser.synth.frames import frame

SENDER = "1.2.246.10.99999901.10.7"
"""The system whose answers are kept."""
_ARCHIVE = "1.2.246.10.99999999.11"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: `AA`, `AE` … with the code, text and place of its detail."""

    code: str
    moment: str
    detail: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """One time that a document was sent, and how it was answered."""

    moment: str
    replies: tuple[Reply, ...] = ()


def messages(draft: Draft) -> Iterator[tuple[str, bytes]]:
    """The frames and answers of a document: the end of a file's name, and its bytes."""
    if not draft.framed:
        return
    if not draft.sendings:
        yield "frame.xml", frame(draft)
    for number, sending in enumerate(draft.sendings, 1):
        extension = f"{draft.oid[-12:]}-{number}"
        yield f"frame{number if number > 1 else ''}.xml", frame(draft, sending.moment, extension, SENDER)
        for place, reply in enumerate(sending.replies, 1):
            yield f"answer{number}{place}.xml", _answer(reply, extension, f"{extension}-{place}")


def _answer(reply: Reply, target: str, own: str) -> bytes:
    detail = ""
    if reply.detail:
        code, told, place = reply.detail
        detail = (
            f'<acknowledgementDetail typeCode="E"><code code="{code}" codeSystem="2.16.840.1.113883.5.1100"/>'
            f"<text>{told}</text><location>{place}</location></acknowledgementDetail>"
        )
    return (
        f'<MCCI_IN000002FI01 xmlns="urn:hl7-org:v3" ITSVersion="XML_1.0">\n<id root="{_ARCHIVE}" extension="{own}"/>\n'
        f'<creationTime value="{reply.moment}"/>\n'
        f'<interactionId extension="MCCI_IN000002FI01" root="2.16.840.1.113883.1.6"/>\n'
        f'<processingCode code="D"/><processingModeCode code="T"/><acceptAckCode code="NE"/>\n'
        f'<acknowledgement typeCode="{reply.code}"><targetMessage><id root="{ORGANISER}" extension="{target}"/>'
        f"</targetMessage>{detail}</acknowledgement>\n</MCCI_IN000002FI01>\n"
    ).encode()
