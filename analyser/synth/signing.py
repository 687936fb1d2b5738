"""Signatures as real documents have them: of the system, and sometimes of a person beside it. They sign nothing."""

from __future__ import annotations

import base64
from random import Random

_BRIEF = (
    '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignatureValue>c3lnbmF0dXJl</SignatureValue></Signature>'
)
_SIGNED = "SIGNED-OID"
"""Stands in a signature for the OID of the document that it signs."""
_KINDS = {"1": "Sähköinen allekirjoitus", "3": "Järjestelmäallekirjoitus"}


class Signer:
    """Signs documents: the blocks are made once and used again."""

    def __init__(self, random: Random, *, brief: bool) -> None:
        """`brief`: signatures of a few words, for fixtures that people read."""
        self._blocks = [_BRIEF] if brief else [_signature(random) for _ in range(24)]

    def signed(self, oid: str, moment: str, quirk: int) -> str:
        """The signatures of a document: of the system, and in every fourth of a person too."""
        both = quirk % 4 == 1
        told = f'<signatureCollection xmlns="urn:hl7finland">{self._one(oid, moment, quirk, "3", 1)}'
        if both:
            told += self._one(oid, moment, quirk + 1, "1", 2)
        told += "</signatureCollection>"
        if both:
            told = (
                f'<signature xmlns="urn:hl7finland">{_described("1")}<signatureTimestamp>{_stamp(moment)}'
                f"</signatureTimestamp></signature>\n{told}"
            )
        return told

    def _one(self, oid: str, moment: str, quirk: int, kind: str, number: int) -> str:
        return (
            f'<signature ID="Signature.{number}">\n{_described(kind)}\n'
            f'<signatureTimestamp ID="timestamp.{number}">{_stamp(moment)}</signatureTimestamp>'
            f"{self._blocks[quirk % len(self._blocks)].replace(_SIGNED, oid)}</signature>"
        )


def _described(kind: str) -> str:
    return f'<signatureDescription code="{kind}" codeSystem="1.2.246.537.5.40127.2006" displayName="{_KINDS[kind]}"/>'


def _stamp(moment: str) -> str:
    """A moment of the header, as signatures write it."""
    day, time, zone = moment[:8], moment[8:14], moment[14:]
    return f"{day[:4]}-{day[4:6]}-{day[6:]}T{time[:2]}:{time[2:4]}:{time[4:]}.4257383{zone[:3]}:{zone[3:]}"


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
        f"</X509IssuerSerial><X509Certificate>{noise(random.randint(1100, 3000))}</X509Certificate>"
        f"</X509Data></KeyInfo>"
        f"</Signature>\n"
    )
