"""Bytes to an element tree, safely: no entities, no network, bounded size, depth and number of elements."""

from __future__ import annotations

import re

from lxml import etree

from analyser.archive.quarantine import Code, Trouble
from analyser.system.limits import Limits

# The ways in which a document type declaration can stand in the encodings that we meet.
_DOCTYPE = b"<!DOCTYPE"
# Beyond so many exclamation marks it is quicker to look for the whole word.
_MANY_MARKS = 200
_WIDE_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-16-le", "utf-16-be"))
# Encodings in which `<` and `!` are what they are in ASCII, beside sixteen-bit text with its mark. Any other could
# hide a declaration from the search above, and no archived document has one.
_ENCODINGS = re.compile(r"utf-?8|(us-)?ascii|iso[-_]8859[-_]\d{1,2}|latin-?\d{1,2}|(windows-|cp)125\d")
_WIDE_ENCODINGS = re.compile(r"utf-?16([lb]e)?|(iso-10646-)?ucs-2")
_DECLARED = re.compile(rb"""[^<]*<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"'>]{0,60})""")
_DECLARED_TEXT = re.compile(_DECLARED.pattern.decode())
_MARKS = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_OPTIONS = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "remove_comments": True,  # text around a comment becomes one
    "remove_pis": True,
    "collect_ids": False,
    "recover": False,
}
# From this size on a text node may be longer than libxml2 allows when its limits stand.
_LARGE = 10_000_000
_PARSER_DEPTH = 256
_parser = etree.XMLParser(huge_tree=False, **_OPTIONS)


def parse(data: bytes, limits: Limits) -> etree._Element:
    """The root element. Raises Trouble for anything that is not well-formed, harmless XML within the limits."""
    if not data:
        raise Trouble(Code.EMPTY_FILE)
    if len(data) > limits.document_bytes:
        raise Trouble(Code.TOO_LARGE)
    if not data.startswith(_MARKS) and not data.lstrip(b" \t\r\n").startswith(b"<"):
        raise Trouble(Code.NOT_XML)
    if len(data) > 4 * limits.elements:
        _weigh(data, limits)
    # Sixteen-bit text has NUL bytes; a declaration in bytes can only be found in the text's own width.
    wide = b"\0" in data[:4]
    declared = _DECLARED.match(data[:400].replace(b"\0", b"") if wide else data[:400])
    if declared:
        encoding = declared[1].decode("ascii", "replace").lower()
        if not (_WIDE_ENCODINGS if wide else _ENCODINGS).fullmatch(encoding):
            data = _as_its_bytes_say(data, encoding, wide=wide)
            wide = False
    if any(doctype in data for doctype in _WIDE_DOCTYPES) if wide else _declares_type(data):
        raise Trouble(Code.FORBIDDEN_XML)
    try:
        root = etree.fromstring(data, _parser)
    except etree.XMLSyntaxError as error:
        root = _parse_large(data, error)
    except ValueError:
        raise Trouble(Code.MALFORMED_XML) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Trouble(Code.FORBIDDEN_XML)
    return root


def declared_wrongly(data: bytes) -> bool:
    """Whether a document that could be read declares another encoding than its bytes have."""
    wide = b"\0" in data[:4]
    declared = _DECLARED.match(data[:400].replace(b"\0", b"") if wide else data[:400])
    if declared is None:
        return False
    encoding = declared[1].decode("ascii", "replace").lower()
    return not (_WIDE_ENCODINGS if wide else _ENCODINGS).fullmatch(encoding)


def _as_its_bytes_say(data: bytes, encoding: str, *, wide: bool) -> bytes:
    """A document as UTF-8 that says so, where its bytes leave no doubt of what they are. Raises Trouble."""
    if not (_ENCODINGS if wide else _WIDE_ENCODINGS).fullmatch(encoding):
        raise Trouble(Code.UNKNOWN_ENCODING)  # one that no archived document has
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    wide_encoding = "utf-16" if marked else "utf-16-be" if data.startswith(b"\0") else "utf-16-le"
    try:
        text = data.decode(wide_encoding if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise Trouble(Code.UNKNOWN_ENCODING) from None
    found = _DECLARED_TEXT.match(text)
    return (text if found is None else text[: found.start(1)] + "utf-8" + text[found.end(1) :]).encode()


def _declares_type(data: bytes) -> bool:
    """Whether a document type declaration stands anywhere. A single byte is found many times faster than a word."""
    place = data.find(b"!")
    for _ in range(_MANY_MARKS):
        if place < 0:
            return False
        if place > 0 and data.startswith(_DOCTYPE, place - 1):
            return True
        place = data.find(b"!", place + 1)
    return _DOCTYPE in data


def _weigh(data: bytes, limits: Limits) -> None:
    """Raise Trouble for more markup than a tree within the limits can have, before a tree is built from it."""
    if data.count(b"<") > 2 * limits.elements + 1000 or data.count(b"=") > 4 * limits.elements + 1000:
        raise Trouble(Code.TOO_MANY_ELEMENTS)


def _parse_large(data: bytes, error: etree.XMLSyntaxError) -> etree._Element:
    """A long text node (a large body) is allowed; libxml2's other limits then fall away, so depth is counted here."""
    place = f"line {error.lineno}, column {error.offset}"
    if len(data) < _LARGE:
        code = Code.TOO_DEEP if error.code == etree.ErrorTypes.ERR_RESOURCE_LIMIT else Code.MALFORMED_XML
        raise Trouble(code, place) from None
    try:
        return etree.fromstring(data, etree.XMLParser(huge_tree=True, **_OPTIONS))
    except etree.XMLSyntaxError as again:
        if again.code == etree.ErrorTypes.ERR_RESOURCE_LIMIT or "depth" in str(again):
            raise Trouble(Code.TOO_DEEP, f"line {again.lineno}, column {again.offset}") from None
        raise Trouble(Code.MALFORMED_XML, f"line {again.lineno}, column {again.offset}") from None


def bound(root: etree._Element, size: int, limits: Limits) -> None:
    """Raise Trouble for a tree that is deeper or larger than the limits.

    Elements are counted only where `size` bytes can hold so many, and levels only where the parser, which refuses
    256 of them in all but very large documents, is not strict enough.
    """
    if size > 4 * limits.elements:
        for count, _ in enumerate(root.iter(), 1):
            if count > limits.elements:
                raise Trouble(Code.TOO_MANY_ELEMENTS)
    if size < _LARGE and limits.depth >= _PARSER_DEPTH:
        return
    level = [root]
    for _ in range(limits.depth):
        level = [child for element in level for child in element]
        if not level:
            return
    raise Trouble(Code.TOO_DEEP)
