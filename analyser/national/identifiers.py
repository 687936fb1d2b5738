"""Who a record is about, without saying who: identifiers, their normal form, and the keyed hash.

An identity is (root OID, value): a henkilötunnus has root 1.2.246.21, a temporary identifier the
root of the organisation that issued it. The hash key is random and lives in the database, so keys
are stable within one database and different between databases.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b

from analyser.national.redaction import (
    DASHES,
    INVISIBLE,
    PERSONAL_CANDIDATE,
    holds_identifier,
    masked,
    plain,
    redacted,
)

__all__ = [
    "HENKILOTUNNUS_ROOT", "PERSONAL_CANDIDATE", "SOURCE_ROOT", "henkilotunnus_is_valid",
    "holds_identifier", "identity_key", "normal_root", "normal_value", "plain", "redacted", "shown_source_id",
]  # fmt: skip

HENKILOTUNNUS_ROOT = "1.2.246.21"

_SIGNLESS = re.compile(r"[0-9]{9}[0-9A-Y]")
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
    """Whether date, individual number and check character hold; 002-899 and the artificial 900-999 alike.

    Only for root 1.2.246.21: temporary identifiers only look alike. The value is taken as it stands: small letters or
    white space make it another one.
    """
    # Here, since only a delivery asks: every other command starts without it.
    from stdnum.fi.hetu import compact, is_valid

    return compact(value) == value and is_valid(value, allow_temporary=True)


SOURCE_ROOT = "source-id"
"""In the place of a root: the value is a whole source_id that holds an identifier, its key the source_id as shown."""


def shown_source_id(secret: bytes, source_id: str) -> str:
    """A row's source_id as it is kept and shown: an identifier in it gives way to a keyed hash of the whole."""
    if not holds_identifier(source_id):
        return source_id
    return masked(source_id, f"[id-{identity_key(secret, SOURCE_ROOT, source_id)}]")
