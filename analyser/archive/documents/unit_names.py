"""What documents call service units, as far as it can be shown: free text that nobody has checked.

Only the units of client-relationship documents: a producer may be a person in business, whose name is a person's. A
name is taken when it looks like one of an organisation, whatever stands there: short, with letters, without anything
that looks like an identifier or a date, and without a word of what the document calls its client. What is not taken is
not told: such a unit has its OID, as one without a name has.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from analyser.archive.documents.content import Object, coded
from analyser.national.redaction import holds_identifier

LONGEST = 120
_OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*)){4,40}")
_DATE = re.compile(r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}|[0-9]{4}-[0-9]{2}|[0-9]{6}")
"""A date, or a number as long as one."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_SHOWN = frozenset("LMNPSZ")
"""Kinds of characters that are seen: none that steers a terminal or turns the direction of writing."""


def unit_name_of(value: Any, clients: frozenset[str]) -> tuple[str, str] | None:
    """OID and name of a unit given as a coded value; None when it has none that can be shown.

    `clients`: words that tell who the document's clients are, as `client_words` gives them.
    """
    told = coded(value)
    if not told.code or not told.display:
        return None
    name = _name(told.display)
    oid = told.code.removeprefix("urn:oid:")
    if name is None or not clients.isdisjoint(_words(name)) or not _OID.fullmatch(oid):
        return None
    return oid, name


def client_words(content: Object) -> frozenset[str]:
    """The words of what a content says of its clients in plain texts: names and addresses."""
    told = content.get("asiakas")
    clients = told if isinstance(told, list) else [told]
    texts = (text for one in clients if isinstance(one, dict) for text in one.values() if isinstance(text, str))
    return frozenset(word for text in texts for word in _words(text))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


@lru_cache(maxsize=4096)
def _name(text: str) -> str | None:
    """The name in one line, None when it is none of an organisation."""
    if len(text) > 4 * LONGEST:
        return None
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if len(name) > LONGEST or not _SHOWN.issuperset(unicodedata.category(sign)[0] for sign in name):
        return None
    if "\ufffd" in name or not _WORD.search(name) or _DATE.search(name) or holds_identifier(name):
        return None
    return name
