"""Documents that reach us inside something else: another XML, a frame, a MIME message, Base64 or escaped text.

Messaging systems wrap what they carry. What is found is given on byte for byte where it was text, so that its signature
and its content stay what they were; a wrapper inside a wrapper is opened by whoever reads what this one held, and
counted against the limit of nesting as containers are.
"""

from __future__ import annotations

import email
import html
import re
from collections.abc import Iterator
from email.message import Message
from itertools import count
from typing import NamedTuple

import pybase64
from lxml import etree

from analyser.archive.documents.header import DOCUMENT, FI, V3
from analyser.archive.documents.xml import parse
from analyser.archive.files.containers import is_container
from analyser.archive.quarantine import Trouble
from analyser.system.limits import Limits

_ROOT = "ClinicalDocument"
_ANSWERED = "targetMessage"
_SIGNS = tuple(name.encode(code) for name in (_ROOT, _ANSWERED) for code in ("ascii", "utf-16-le", "utf-16-be"))
# What a document or message begins with in Base64, with and without an XML declaration, after a mark, in sixteen bits.
_PACKED = (
    b"PD94bWw",
    b"PENsaW5p",
    b"PGhsNzpD",
    b"PE1DQ0lf",
    b"PFJDTVJf",
    b"77u/PD",
    b"77u_PD",
    b"//48AD",
    b"__48AD",
    b"/v8APA",
    b"_v8APA",
)
_BASE64 = re.compile(r"[A-Za-z0-9+/_\-]+={0,2}")
_LONG_TEXT = re.compile(rb"(?:>|\[CDATA\[)[^<]{200}")
"""A text as long as a packed document at least is."""
_SHORTEST = 60
"""Characters that no document is shorter than, also packed."""
_HEAD = 64
_HEADERS = re.compile(rb"(?i)\s*(?:[a-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/")
_BOUNDARY = re.compile(rb"\s*--([^\s\"]{1,70})[ \t]*\r?\nContent-", re.IGNORECASE)
_MESSAGE = re.compile(rb"\s*(?:--\S{1,70}\s|[A-Za-z-]{4,40}:[ \t])")
"""What a MIME message begins with, as far as its first bytes tell."""
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,40}")
INTERACTION = re.compile(r"[A-Z]{4}_IN\d{6}[A-Z]{2}\d{2}")
"""The root of a frame."""
_FRAME = re.compile(INTERACTION.pattern.encode())
_DECLARED = re.compile(r"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")


class Wrapped(NamedTuple):
    """Something inside a wrapper: its place, its bytes, and whether it is no document by all that is seen of it."""

    place: str
    data: bytes
    passed_over: bool = False


def may_wrap(data: bytes) -> bool:
    """Whether a frame may hold more than the name of a document."""
    return _SIGNS[0] in data or _LONG_TEXT.search(data) is not None


def wrapped(data: bytes, limits: Limits) -> list[Wrapped]:
    """What a member holds that is itself no document; nothing when it holds none."""
    if data.lstrip(b" \t\r\n\xef\xbb\xbf\0").startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        try:
            return list(_in_tree(parse(data, limits), data))
        except Trouble:
            return []
    if _is_message(data):
        return _in_message(data)
    try:
        found = _unwrapped(data.decode())
    except UnicodeDecodeError:
        return []
    return [] if found is None else [Wrapped("content", found)]


def _in_tree(root: etree._Element, data: bytes) -> Iterator[Wrapped]:
    """Documents and frames that are elements of this tree or texts in it; what lies in a document is its own."""
    waiting = [root]
    numbers = count(1)
    at = 0
    while waiting:
        element = waiting.pop()
        if element is not root and _is_whole(element):
            at, found = _bytes(element, data, at)
            yield Wrapped(f"{_place(element)} {next(numbers)}", found)
            continue  # what lies in a frame or batch is found when that is read
        elif len(element) == 0 and element.text and len(element.text) >= _SHORTEST:
            content = _unwrapped(element.text)
            if content is not None:
                yield Wrapped(f"{_place(element)} {next(numbers)}", content)
        waiting.extend(reversed(element))


def _is_whole(element: etree._Element) -> bool:
    """Whether this is a document, and not only its name as frames have it, or a frame."""
    if element.tag == DOCUMENT:
        return any(child.tag in (V3 + "component", FI + "localSocialHeader", FI + "localHeader") for child in element)
    if not element.tag.startswith(V3):
        return False
    return INTERACTION.fullmatch(element.tag[len(V3) :]) is not None or _answers(element)


def _answers(element: etree._Element) -> bool:
    """Whether this is an answer of the archive, whatever its name."""
    return element.find(f"{V3}acknowledgement/{V3}{_ANSWERED}") is not None


def _bytes(element: etree._Element, data: bytes, start: int) -> tuple[int, bytes]:
    """The bytes of an element, those that stand there where they can stand alone, else written anew; and their end."""
    name = etree.QName(element).localname.encode()
    name = f"{element.prefix}:".encode() + name if element.prefix else name
    at = data.find(b"<" + name, start)
    end = data.find(b"</" + name, at) if at >= 0 else -1
    if end >= 0:
        end = data.find(b">", end) + 1
        try:
            if etree.tostring(etree.fromstring(data[at:end]), method="c14n") == _canonical(element):
                return end, data[at:end]
        except etree.XMLSyntaxError:
            pass  # it leans on what stands around it
    anew: bytes = etree.tostring(element, encoding="utf-8", with_tail=False)
    return start, anew


def _canonical(element: etree._Element) -> bytes:
    canonical: bytes = etree.tostring(etree.fromstring(etree.tostring(element, with_tail=False)), method="c14n")
    return canonical


def _unwrapped(text: str) -> bytes | None:
    """The bytes that a text stands for when it is a document, escaped or in Base64, or one wrapped once more."""
    plain = text.strip(" \t\r\n\ufeff")
    if len(plain) < _SHORTEST:
        return None
    if plain.startswith("<"):
        return _encoded(plain) if _tells(plain) else None
    if plain.startswith("&lt;") and _tells(plain):
        return _encoded(html.unescape(plain))
    if _MESSAGE.match(plain.encode("utf-8", "surrogatepass")[:_HEAD]):
        message = html.unescape(plain) if "&lt;" in plain and "<" not in plain else plain
        return _message(message.encode("utf-8", "surrogatepass"))
    joined = "".join(plain.split())
    if not _BASE64.fullmatch(joined):
        return None
    head = _decoded(joined[:_HEAD])
    if head is None or not (_begins(head) or head.startswith(_PACKED) or _MESSAGE.match(head)):
        return None
    data = _decoded(joined)
    if data is not None and _MESSAGE.match(head):
        return _message(data)
    if data is None or not (is_container(data) or data.startswith(_PACKED) or _holds(data) or _LONG_TEXT.search(data)):
        return None
    return data


def _is_message(data: bytes) -> bool:
    """Whether this is a MIME message of several parts, with its headers or from its first boundary on."""
    return _BOUNDARY.match(data) is not None or _HEADERS.match(data[:20_000]) is not None


def _message(data: bytes) -> bytes | None:
    """The message itself when a part of it holds something: it is opened by whoever reads it."""
    return data if _is_message(data) and _in_message(data) else None


def _tells(text: str) -> bool:
    return _ROOT in text or _ANSWERED in text or INTERACTION.search(text) is not None


def _holds(data: bytes) -> bool:
    return any(sign in data for sign in _SIGNS) or _FRAME.search(data) is not None


def _begins(head: bytes) -> bool:
    return is_container(head) or head.lstrip(b" \t\r\n\xef\xbb\xbf\xff\xfe\0").startswith((b"<", b"&lt;"))


def _decoded(text: str) -> bytes | None:
    """Base64 of either alphabet, with or without its padding."""
    packed = text.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        return pybase64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except ValueError:
        return None


def _encoded(text: str) -> bytes:
    """The bytes of a document that was read as text, in the encoding that it declares: as they were."""
    declared = _DECLARED.match(text)
    if declared is not None:
        try:
            return text.encode(declared[1])
        except (LookupError, UnicodeEncodeError):
            pass  # declared by whoever wrapped it, or wrongly: told when it is read
    return text.encode("utf-8", "surrogatepass")


def _in_message(data: bytes) -> list[Wrapped]:
    """The parts of a MIME message. Parts that hold no document are passed over, if another one does."""
    if (boundary := _BOUNDARY.match(data)) is not None:
        data = b'Content-Type: multipart/mixed; boundary="' + boundary[1] + b'"\n\n' + data
    parts: list[Wrapped] = []
    for number, part in enumerate(_parts(email.message_from_bytes(data)), 1):
        content = part.get_payload(decode=True)
        raw = content if isinstance(content, bytes) else b""
        if raw.lstrip().startswith(b"<"):
            raw = raw.lstrip()  # an empty line too many before a declaration is the wrapper's
        holds = _holds(raw) or is_container(raw) or raw.lstrip().startswith((*_PACKED, b"&lt;"))
        parts.append(Wrapped(f"part {number}", raw, not holds))
    return parts if any(not part.passed_over for part in parts) else []


def _parts(message: Message) -> Iterator[Message]:
    for part in message.walk():
        if not part.is_multipart():
            yield part


def is_cut(data: bytes) -> bool:
    """Whether a MIME message lacks its end."""
    boundary = _BOUNDARY.match(data)
    if boundary is not None:
        return b"--" + boundary[1] + b"--" not in data
    if not _HEADERS.match(data[:20_000]):
        return False
    named = email.message_from_bytes(data[:20_000]).get_boundary()
    return named is not None and b"--" + named.encode(errors="replace") + b"--" not in data


def _place(element: etree._Element) -> str:
    """The path of an element by names that cannot be anybody's."""
    names = [etree.QName(one).localname for one in (element, *element.iterancestors())]
    return "/".join(name if _PLAIN.fullmatch(name) else "…" for name in reversed(names))
