"""Whether a content tells of a safety restriction (turvakielto): also one that cannot be used, as far as it is legible.

It fails closed. What stands there and is not clearly a no restricts: to hide too much is mended later, to tell an
address is not.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pybase64

from analyser.archive.documents.content import assert_no_contradiction, parsed, unpacked
from analyser.archive.quarantine import Code, Trouble
from analyser.system.limits import Limits

_NO = frozenset({"", "0", "false", "ei", "nej", "null"})
_NOTHING: tuple[Any, ...] = (None, "", {}, [])
_KEYS = ("turvakielto", "turvakiellon_paattymispaiva")
_SAYS = re.compile(r"""(?:turvakielto|turvakiellon_paattymispaiva)(?!\w)\\?["']?\s*[:=]?\s*(.{0,200})""", re.I | re.S)
_NO_CODE = re.compile(r"""\{[^{}]*?["']code\\?["']\s*:\s*\\?["']?(?:false|0|ei|nej)(?!\w)""", re.I)
_FIRST = re.compile(r"""\\?(?:"(?P<quoted>[^"\\]*)\\?"|(?P<bare>[^\s,}\]"]*)(?=[\s,}\]]))""")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/=]+")


def restriction_of(value: Any) -> bool | None:
    """What a value at `turvakielto` says: None when nothing stands there. A coded value is as its code."""
    if isinstance(value, dict):
        code = value.get("code")
        if code not in _NOTHING or isinstance(code, bool | int):
            return restriction_of(code)
        return _any(inner for key, inner in value.items() if key not in ("system", "code"))
    if isinstance(value, list):
        return _any(value)
    if value is None or value == "":
        return None
    if isinstance(value, str):
        text = value.strip().lower()
        return None if not text else text not in _NO
    return bool(value)  # a number or a truth value


def _any(values: Any) -> bool | None:
    told = {restriction_of(value) for value in values}
    return True if True in told else False if False in told else None


def tells_of_restriction(text: str | None, limits: Limits) -> bool | None:
    """Whether a body that cannot be used tells of a safety restriction anywhere; None when nothing of it is legible."""
    raw = b""
    try:
        raw = unpacked(text or "")
        content = parsed(raw, limits)
        assert_no_contradiction(raw, content)
    except Trouble as trouble:
        if trouble.code in (Code.DUPLICATE_KEY, Code.TOO_DEEP):
            # What contradicts itself may do so about the restriction as well.
            return b"turvakiel" in raw or b"\\u" in raw
        return True if any(_legible(shown) for shown in _readings(text or "", raw)) else None
    waiting: list[Any] = [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            if any(restriction_of(value.get(key)) for key in _KEYS):
                return True
            waiting.extend(value.values())
    return False


def _legible(text: str) -> bool:
    """Whether a text in which the keys can be seen says anything but no."""
    seen = _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), html.unescape(text))
    return any(_restricts(said[1]) for said in _SAYS.finditer(seen))


def _restricts(rest: str) -> bool:
    """Whether what stands after a key is anything but a no that is there to its end."""
    if rest.startswith("{"):
        return _NO_CODE.match(rest) is None
    first = _FIRST.match(rest)
    if first is None:
        return True
    said = first["quoted"] if first["quoted"] is not None else first["bare"]
    return said.strip().lower() not in _NO or (first["quoted"] is None and not said)


def _readings(text: str, raw: bytes) -> Iterator[str]:
    """What can be made out: the text itself, what was unpacked of it, and its Base64 piece by piece.

    Characters may lack anywhere, so each piece is read from each of the four places where a group may begin.
    """
    yield text
    if raw:
        yield _characters(raw)
    packed = text.translate(str.maketrans("-_", "+/"))
    for piece in _NOT_BASE64.sub("", packed).split("="):
        for skipped in range(4):
            group = piece[skipped:]
            group = group[: len(group) // 4 * 4 if len(group) % 4 == 1 else None]
            yield _characters(pybase64.b64decode(group + "=" * (-len(group) % 4)))


def _characters(raw: bytes) -> str:
    return raw.replace(b"\0", b"").decode("utf-8", "replace")
