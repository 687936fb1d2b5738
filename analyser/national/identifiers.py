"""Who a record is about, without saying who: identifiers, their normal form, and the keyed hash.

An identity is (root OID, value): a henkilötunnus has root 1.2.246.21, a temporary identifier the
root of the organisation that issued it. The hash key is random and lives in the database, so keys
are stable within one database and different between databases.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b

from analyser.national.redaction import (
    CHECK,
    DASHES,
    INVISIBLE,
    PERSONAL_CANDIDATE,
    holds_identifier,
    masked,
    plain,
    redacted,
)

__all__ = [
    "HENKILOTUNNUS_ROOT", "PERSONAL_CANDIDATE", "SOURCE_ROOT", "birth_date", "henkilotunnus_is_valid",
    "holds_identifier", "identity_key", "normal_root", "normal_value", "plain", "redacted", "shown_source_id",
]  # fmt: skip

HENKILOTUNNUS_ROOT = "1.2.246.21"

_CENTURY = {"+": 1800} | dict.fromkeys("-YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000)
_SHAPE = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})([-+A-FU-Y])([0-9]{3})([0-9A-Y])")
_SIGNLESS = re.compile(r"[0-9]{9}[0-9A-Y]")
_NOT_GIVEN = ("000", "001")
"""Individual numbers that nobody gets: real ones are 002-899, artificial ones 900-999."""
_SOFT_HYPHEN = "\u00ad"


@lru_cache(maxsize=65536)
def normal_root(root: str | None) -> str:
    """The OID without `urn:oid:`; nothing means an unknown issuer and stays empty."""
    return (root or "").strip().removeprefix("urn:oid:")


def normal_value(value: str) -> str:
    """The identifier in capitals, without white space and what cannot be seen, every dash a `-`, full width plain.

    So the same identifier is the same whatever program it was copied from. Nothing is added: a sign that lacks is a
    defect to be told.
    """
    plainly = "".join(value.split())
    return (plainly if plainly.isascii() and plainly.isprintable() else _retyped(plainly)).upper()


@lru_cache(maxsize=4096)
def _retyped(value: str) -> str:
    if _SOFT_HYPHEN in value:
        # It shows nothing, or a dash: it is one where the sign would lack without it.
        without = _retyped(value.replace(_SOFT_HYPHEN, ""))
        return _retyped(value.replace(_SOFT_HYPHEN, "-", 1)) if _SIGNLESS.fullmatch(without.upper()) else without
    told = "".join("-" if sign in DASHES else sign for sign in value)
    told = unicodedata.normalize("NFKC", told)
    return "".join(sign for sign in told if sign not in INVISIBLE and unicodedata.category(sign) not in ("Cf", "Cc"))


def identity_key(secret: bytes, root: str, value: str) -> str:
    """16 hex characters for an identity (normalised root and value), by BLAKE2b keyed with `secret`."""
    return blake2b(f"{root}\x1f{value}".encode(), digest_size=8, key=secret).hexdigest()


def henkilotunnus_is_valid(value: str) -> bool:
    """Whether date, individual number and check character hold. Only for root 1.2.246.21: temporary ids only look
    alike."""
    match = _SHAPE.fullmatch(value)
    if match is None or birth_date(value) is None:
        return False
    day, month, year, _, number, check = match.groups()
    return number not in _NOT_GIVEN and CHECK[int(day + month + year + number) % 31] == check


def birth_date(value: str) -> dt.date | None:
    """The birth date a henkilötunnus carries, or None when it carries none that exists."""
    match = _SHAPE.fullmatch(value)
    if match is None:
        return None
    day, month, year, sign, _, _ = match.groups()
    try:
        return dt.date(_CENTURY[sign] + int(year), int(month), int(day))
    except ValueError:
        return None


SOURCE_ROOT = "source-id"
"""In the place of a root: the value is a whole source_id that holds an identifier, its key the source_id as shown."""


def shown_source_id(secret: bytes, source_id: str) -> str:
    """A row's source_id as it is kept and shown: an identifier in it gives way to a keyed hash of the whole."""
    if not holds_identifier(source_id):
        return source_id
    return masked(source_id, f"[id-{identity_key(secret, SOURCE_ROOT, source_id)}]")
