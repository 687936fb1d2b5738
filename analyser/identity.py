"""Who a record is about, without saying who: identifiers, their normal form, and the keyed hash.

An identity is (root OID, value): a henkilötunnus has root 1.2.246.21, a temporary identifier the
root of the organisation that issued it. The hash key is random and lives in the database, so keys
are stable within one database and different between databases.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from hashlib import blake2b

HENKILOTUNNUS_ROOT = "1.2.246.21"

_CENTURY = {"+": 1800} | dict.fromkeys("-YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000)
_CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_SHAPE = re.compile(r"(\d{2})(\d{2})(\d{2})([-+A-FU-Y])(\d{3})([0-9A-Y])")
# A henkilötunnus or a temporary identifier, whose check character need not be right and whose number may hold letters.
_PERSONAL = r"(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2} ?[-+A-FU-Ya-fu-y] ?[0-9][0-9A-Za-z]{3}"
_ANYWHERE = re.compile(rf"(?<![0-9]){_PERSONAL}(?![0-9A-Za-z])")
PERSONAL_SQL = rf"(?:^|[^0-9]){_PERSONAL}(?:$|[^0-9A-Za-z])"
"""The same for SQL, whose expressions cannot look behind."""


@lru_cache(maxsize=65536)
def normal_root(root: str | None) -> str:
    """The OID without `urn:oid:`; nothing means an unknown issuer and stays empty."""
    return (root or "").strip().removeprefix("urn:oid:")


def normal_value(value: str) -> str:
    """The identifier without white space, in capitals."""
    return "".join(value.split()).upper()


def identity_key(secret: bytes, root: str, value: str) -> str:
    """16 hex characters for an identity (normalised root and value), by BLAKE2b keyed with `secret`."""
    return blake2b(f"{root}\x1f{value}".encode(), digest_size=8, key=secret).hexdigest()


def henkilotunnus_is_valid(value: str) -> bool:
    """Whether date and check character hold. Only for root 1.2.246.21: temporary ids only look alike."""
    match = _SHAPE.fullmatch(value)
    if match is None or birth_date(value) is None:
        return False
    day, month, year, _, number, check = match.groups()
    return _CHECK[int(day + month + year + number) % 31] == check


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
    if not _ANYWHERE.search(source_id):
        return source_id
    return _ANYWHERE.sub(f"[id-{identity_key(secret, SOURCE_ROOT, source_id)}]", source_id)


def redacted(text: str) -> str:
    """The text with everything shaped like a henkilötunnus replaced, and control characters shown as `�`.

    For names that come from outside (files, archive members) before they are kept or shown.
    """
    return plain(_ANYWHERE.sub("[id]", text))


def plain(text: str) -> str:
    """The text with everything that would steer a terminal or turn the direction of text around shown as `�`."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)
