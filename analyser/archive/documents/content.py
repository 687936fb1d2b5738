"""The structured content: JSON after Sosmeta's definitions, read tolerantly and never silently.

A value of another kind than its definition says, or a text that is no date where a date must be, is Trouble with
its JSON pointer. What is absent is absent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
import pybase64

from analyser.archive.quarantine import Code, Trouble
from analyser.national.dates import PartialDate, any_date
from analyser.national.identifiers import normal_root, normal_value, plain, redacted
from analyser.system.limits import Limits

Json = Any
Object = dict[str, Json]

_NO_DATE = (None, None, None)
_BODY = "nonXMLBody/json"
_SPACE = b" \t\r\n\f\v"
DateColumns = tuple[str | None, Any, Any]


class Coded(NamedTuple):
    """A coded value: system without `urn:oid:`, code, display."""

    system: str | None
    code: str | None
    display: str | None


_NOT_CODED = Coded(None, None, None)


def decode(text: str, limits: Limits) -> tuple[str, Object, bool]:
    """Root key and content of the body's JSON, given as Base64 or as it is; and whether it repeats itself.

    A key that stands twice with the same value is a repetition; with different values nobody can say which one holds.
    Raises Trouble.
    """
    raw = unpacked(text)
    content = parsed(raw, limits)
    repeats = assert_no_contradiction(raw, content)
    if not isinstance(content, dict):
        raise Trouble(Code.UNKNOWN_CONTENT, "/")
    # A single value beside the content (a version, the address of a schema) is no content; an object or a list may be.
    contents = [
        (root, value)
        for root, value in content.items()
        if isinstance(value, dict) or (value and isinstance(value, list))
    ]
    if len(contents) > 1:
        raise Trouble(Code.SEVERAL_CONTENTS, "/")
    for root, value in contents:
        if isinstance(value, dict):
            return root, value, repeats
    raise Trouble(Code.UNKNOWN_CONTENT, "/")


def assert_same(texts: Sequence[str]) -> None:
    """Raise Trouble when `json` elements of one body do not all hold the same bytes: nobody can say which counts."""
    first = unpacked(texts[0])
    for number, text in enumerate(texts[1:], 2):
        if unpacked(text) != first:
            raise Trouble(Code.SEVERAL_CONTENTS, f"{_BODY}[{number}]")


_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
"""Characters of no width, which editors and web pages leave in texts."""
_AROUND = " \t\r\n\f\v\u00a0" + "".join(map(chr, _UNSEEN))


def unpacked(text: str) -> bytes:
    """The bytes of a body given as Base64 or as it is. Raises Trouble."""
    raw = text.encode()
    # White space of other scripts is no part of Base64, and some editors leave it.
    packed = raw.translate(None, _SPACE) if raw.isascii() else "".join(text.translate(_UNSEEN).split()).encode()
    if packed.startswith(b"{"):
        raw = text.strip(_AROUND).encode()
    else:
        # The filling at the end says nothing that the length does not say; some writers leave it out.
        packed += b"=" * (-len(packed) % 4) if not packed.endswith(b"=") else b""
        try:
            raw = pybase64.b64decode(packed, validate=True)
        except ValueError:
            raw = _unpadded(packed)
    return raw.removeprefix(b"\xef\xbb\xbf")


def _unpadded(packed: bytes) -> bytes:
    """Base64 of the other alphabet or without its padding: it says the same. Raises Trouble."""
    plain = packed.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    try:
        raw = pybase64.b64decode(plain + b"=" * (-len(plain) % 4), validate=True)
    except ValueError:
        raw = b""
    if not raw.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):  # so mended, anything may be something
        raise Trouble(Code.BAD_BASE64, _BODY)
    return raw


def parsed(raw: bytes, limits: Limits) -> Json:
    """The JSON of a body. Raises Trouble."""
    if len(raw) > limits.values and raw.count(b",") + raw.count(b"[") + raw.count(b"{") > limits.values:
        raise Trouble(Code.TOO_MANY_VALUES, _BODY)
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        code = Code.TOO_DEEP if "depth" in error.msg or "ecursion" in error.msg else Code.BAD_JSON
        raise Trouble(code, f"{_BODY}, line {error.lineno}, column {error.colno}") from None


def assert_no_contradiction(raw: bytes, content: Json) -> bool:
    """Whether a key stands twice with the same value. Raises Trouble for one that stands with different ones.

    The parser keeps the last of two and says nothing. What it kept, written out again, is the text itself when
    nothing was dropped; only where they differ (escapes, numbers, a repetition) is the text read once more, slowly.
    """
    try:
        if orjson.dumps(content).translate(None, _SPACE) == raw.translate(None, _SPACE):
            return False
    except orjson.JSONEncodeError:
        # What can be read can be written, but for its depth: less of that is allowed.
        raise Trouble(Code.TOO_DEEP, _BODY) from None
    found: list[bool] = []

    def pairs(items: list[tuple[str, Json]]) -> Object:
        held: Object = {}
        for key, value in items:
            if key in held:
                if held[key] != value:
                    raise Trouble(Code.DUPLICATE_KEY, f"{_BODY}, key {redacted(key)[:100]}")
                found.append(True)
            held[key] = value
        return held

    try:
        json.loads(raw, object_pairs_hook=pairs)
    except RecursionError:
        raise Trouble(Code.TOO_DEEP, _BODY) from None
    except ValueError:  # a number too long to be one
        raise Trouble(Code.BAD_JSON, _BODY) from None
    return bool(found)


@lru_cache(maxsize=65536)
def _read_date(text: str) -> PartialDate:
    return any_date(text)


def date_of(holder: Object, key: str, place: str) -> DateColumns:
    """The date at `key` as text, first and last day; three times None when absent. Raises Trouble."""
    value = holder.get(key)
    if value is None or value == "":
        return _NO_DATE
    if not isinstance(value, str):
        raise Trouble(Code.BAD_DATE, f"{place}/{key}")
    try:
        return _read_date(value)
    except ValueError:
        raise Trouble(Code.BAD_DATE, f"{place}/{key}") from None


def object_of(holder: Object, key: str, place: str) -> Object:
    """The object at `key`, empty when absent; the first of a list."""
    value = holder.get(key)
    if isinstance(value, dict):
        return value
    if value is None:
        return {}
    if isinstance(value, list):
        return value[0] if value and isinstance(value[0], dict) else {}
    raise Trouble(Code.UNKNOWN_CONTENT, f"{place}/{key}")


def objects_of(holder: Object, key: str, place: str) -> Iterator[tuple[str, Object]]:
    """The objects at `key` with their pointers; a single object counts as a list of one."""
    value = holder.get(key)
    if value is None:
        return
    if isinstance(value, dict):
        yield f"{place}/{key}", value
        return
    if not isinstance(value, list):
        raise Trouble(Code.UNKNOWN_CONTENT, f"{place}/{key}")
    for index, item in enumerate(value):
        if isinstance(item, dict):
            yield f"{place}/{key}/{index}", item
        elif item is not None:
            raise Trouble(Code.UNKNOWN_CONTENT, f"{place}/{key}/{index}")


def coded(value: Json) -> Coded:
    """A coded value; the first of a list; nothing when it is of another kind."""
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, dict):
        return _NOT_CODED
    parts = value.get("system"), value.get("code"), value.get("display")
    try:
        return _seen_coded(*parts)
    except TypeError:  # a list or an object where a text should be: no text, and no key of a cache
        return _coded(*parts)


def _coded(system: Json, code: Json, display: Json) -> Coded:
    return Coded(normal_root(text_of(system)) or None, text_of(code), text_of(display))


# The same few hundred values stand in all documents. `typed`: true is no 1.
_seen_coded = lru_cache(maxsize=16384, typed=True)(_coded)


def text_of(value: Json) -> str | None:
    """A text or number as text, without white space around it; None for anything else or nothing."""
    if isinstance(value, str):
        return plain(value.strip()) or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None


def flag_of(value: Json) -> bool | None:
    """true and false, also as text."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


class ContentClient(NamedTuple):
    """A client as the content tells of them."""

    pointer: str
    henkilotunnus: str | None
    temporary: tuple[str, str] | None
    """Root and value; the check character of a temporary identifier is not looked at."""
    birth_date: str | None
    municipality: str | None
    safety: Json
    """What stands at `turvakielto`, and at its end, whatever it is: `restriction.py` judges it."""
    safety_ends: Json
    joined: DateColumns
    left: DateColumns


def clients_of(content: Object, place: str) -> list[ContentClient]:
    """The clients of any document: `asiakas` as one object or as a list."""
    found = []
    for pointer, client in objects_of(content, "asiakas", place):
        number = client.get("henkilotunnus")
        temporary = client.get("tilapainen_yksilointitunnus")
        found.append(
            ContentClient(
                pointer,
                _identifier(number),
                (_root(temporary), value) if (value := _identifier(temporary)) else None,
                text_of(client.get("syntymaaika")),
                _municipality(client.get("kotikunta")),
                client.get("turvakielto"),
                client.get("turvakiellon_paattymispaiva"),
                date_of(client, "asiaan_liittymishetki", pointer),
                date_of(client, "asiasta_poistumishetki", pointer),
            )
        )
    return found


def _identifier(value: Json) -> str | None:
    text = text_of(value.get("value") if isinstance(value, dict) else value)
    return normal_value(text) if text else None


def _root(value: Json) -> str:
    return normal_root(text_of(value.get("system")) if isinstance(value, dict) else None)


def _municipality(home: Json) -> str | None:
    code = coded(home.get("kunta") if isinstance(home, dict) else None).code
    return code.zfill(3) if code and code.isdecimal() and len(code) <= 3 else None
