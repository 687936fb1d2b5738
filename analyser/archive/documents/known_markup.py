"""Documents of one system look alike: the same markup in the same order, only with other values in it.

Such markup is a *form*. libxml2 reads the first document of a form, and a probe of it with marks in the place of the
values, which shows where each value ends up (`learn_markup.py`). Another document of the form needs no tree: when it
is the probe, character for character, but for harmless values in the place of the marks, then its tree is that of the
probe with these values, and the texts of its header are where the marks were. Whatever is not exactly so is read by
libxml2, as is every document with a reference or a control character, and every large one.

A value is harmless when XML gives it no meaning: a value of an attribute without `<`, `&`, quotation marks and control
characters; a text, not empty, without `<`, `>`, `&` and control characters other than tabs and ends of lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import pybase64

from analyser.archive.documents.header_texts import HeaderTexts
from analyser.system.limits import Limits

Pieces = list[str]
"""A document cut at its quotation marks: markup and texts at even places, attributes' values at odd ones."""
Markup = tuple[str, int]
"""Some markup and its length."""
Chosen = Callable[[Any], tuple[Any, ...]]

_LARGEST = 1_000_000
_LONG = 256
"""Characters from which it is quicker to decode a text as Base64 than to look at each of them."""
_CONTROLS = bytes(range(32))
_TEXT_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n")

# Bounds of what is remembered, and of what is spent on documents that are each of a form of their own.
_MOST_ALIKE = 64
_MOST_FORMS = 1_000
_MOST_SIZE = 8_000_000
_FIRST_FORMS = 100
_TRIED = 512
_RESTED = 4_096


@dataclass(frozen=True, slots=True)
class Form:
    """The markup of a kind of document, and where the values stand that matter."""

    tag: str
    """The root element."""
    places: tuple[int, ...]
    """The fixed pieces: those that are the same in every document of the form."""
    fixed: Chosen
    literals: tuple[str, ...]
    """What the fixed pieces are."""
    open: tuple[tuple[int, Markup, tuple[Markup, ...]], ...]
    """Pieces with texts: place, markup before the first text, markup after each text."""
    values: Chosen
    """Values of attributes that may be others."""
    checked: tuple[tuple[re.Pattern[str], Chosen], ...]
    """Values whose shape the schema of the envelope judges, and how all of them look together, one a line."""
    facts: list[Any]
    texts: Chosen
    """The header's texts, out of pieces, texts and constants in one row."""
    constants: tuple[str | None, ...]
    joined: tuple[tuple[int, tuple[str, ...], Chosen], ...]
    """Header's texts with markup in between: place, what stands around the parts, the parts."""
    content: int | None
    """Which of the header's texts is the structured content; None for a frame."""
    size: int
    """Characters of its markup."""


@dataclass(slots=True)
class _Alike:
    """Forms with as many pieces, told apart by a few of them."""

    forms: list[Form]
    key: Chosen
    by_key: dict[tuple[str, ...], list[Form]]


class Forms:
    """The forms that a process has seen: bounded, and without them the results are the same."""

    def __init__(self, limits: Limits, *, judged: bool) -> None:
        self.judged = judged
        """The schema of the envelope judges documents before they come here, so it must agree with their values."""
        self.largest = min(_LARGEST, limits.document_bytes, 4 * limits.elements)
        """Bytes of a document from which libxml2 reads it, and its elements are counted."""
        self._known: dict[int, _Alike] = {}
        self._size = self._count = 0
        self.probed = 0
        """Documents that were probed, whatever came of it."""
        self._hits = self._tried = self._hits_before = self._resting = 0

    def recognise(self, data: bytes) -> tuple[str, HeaderTexts] | None:
        """Root element and texts of a document or frame of a known form; None when libxml2 is to read it."""
        if self._resting:
            self._resting -= 1
            return None
        self._tried += 1
        if self._tried == _TRIED:
            # An archive whose documents are each of a form of their own: looking for it costs time and finds nothing.
            self._resting = _RESTED if 4 * (self._hits - self._hits_before) < _TRIED else 0
            self._tried, self._hits_before = 0, self._hits
        text = plain_text(data, self.largest)
        if text is None:
            return None
        pieces = text.split('"')
        alike = self._known.get(len(pieces))
        if alike is None:
            return None
        for form in alike.by_key.get(alike.key(pieces), ()):
            if form.fixed(pieces) == form.literals and (told := filled(form, pieces[:])) is not None:
                self._hits += 1
                return form.tag, told
        return None

    def wants(self, pieces: int) -> bool:
        """Whether another form of so many pieces is worth a probe, which costs as much as reading some documents."""
        alike = self._known.get(pieces)
        if self._resting or (alike is not None and len(alike.forms) == _MOST_ALIKE):
            return False
        return self.probed < _FIRST_FORMS + self._hits // 8

    def remember(self, pieces: int, form: Form) -> None:
        """Know this form from now on."""
        if self._count == _MOST_FORMS or self._size + form.size > _MOST_SIZE:
            self._known.clear()
            self._count = self._size = 0
        before = self._known.get(pieces)
        self._known[pieces] = _alike([form] if before is None else [*before.forms, form])
        self._count += 1
        self._size += form.size


def _alike(forms: list[Form]) -> _Alike:
    """The forms by a few pieces that tell as many of them apart as possible."""
    by_place = [dict(zip(form.places, form.literals, strict=True)) for form in forms]
    common = set.intersection(*(set(literals) for literals in by_place))
    telling = sorted(place for place in common if len({literals[place] for literals in by_place}) > 1)
    chosen: list[int] = []
    apart = 1
    while apart < len(forms) and telling:
        counts = [len({tuple(told[place] for place in (*chosen, one)) for told in by_place}) for one in telling]
        if max(counts) == apart:
            break
        apart = max(counts)
        chosen.append(telling[counts.index(apart)])
    key = choice(chosen)
    by_key: dict[tuple[str, ...], list[Form]] = {}
    for form, told in zip(forms, by_place, strict=True):
        by_key.setdefault(tuple(told[place] for place in chosen), []).append(form)
    return _Alike(forms, key, by_key)


def choice(places: Sequence[int]) -> Chosen:
    """A function that gives the items at these places of a row."""
    if len(places) > 1:
        return itemgetter(*places)
    if places:
        (only,) = places
        return lambda row: (row[only],)
    return lambda _: ()


def plain_text(data: bytes, largest: int) -> str | None:
    """The characters of a document, ends of lines as XML reads them; None when it is for libxml2 to judge."""
    if len(data) > largest or b"&" in data:
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    if "\ufffe" in text or "\uffff" in text:
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def filled(form: Form, pieces: Pieces) -> HeaderTexts | None:
    """What a document tells whose fixed pieces are those of the form; None when it is not of the form.

    `pieces` are used up.
    """
    texts: list[str] = []
    short: list[str] = []
    for place, (before, at), after in form.open:
        piece = pieces[place]
        if not piece.startswith(before):
            return None
        for markup, length in after:
            end = piece.find("<", at)
            if end <= at or not piece.startswith(markup, end):
                return None
            text = piece[at:end]
            if end - at < _LONG:
                short.append(text)
            elif not _is_plain(text):
                return None
            texts.append(text)
            at = end + length
        if at != len(piece):
            return None
    values = "".join(form.values(pieces))
    if "<" in values or _has(values, _CONTROLS) or not _is_short_plain("".join(short)):
        return None
    for pattern, chosen in form.checked:
        if not pattern.fullmatch("\n".join(chosen(pieces)) + "\n"):
            return None
    pieces += texts
    pieces += form.constants  # type: ignore[arg-type]  # some are None, and only given on
    told: list[str | None] = list(form.texts(pieces))
    for place, around, parts in form.joined:
        told[place] = "".join(piece for pair in zip(around, (*parts(pieces), ""), strict=True) for piece in pair)
    if form.content is not None and (told[form.content] or " ").isspace():
        return None  # without a content the display form is asked about, and it is in no tree
    return HeaderTexts(form.facts, told, form.content)


def _is_plain(text: str) -> bool:
    try:
        pybase64.b64decode(text.strip(" \t\n"), validate=True)
    except ValueError:
        return _is_short_plain(text)
    return True


def _is_short_plain(text: str) -> bool:
    return ">" not in text and not _has(text, _TEXT_CONTROLS)


def _has(text: str, unwanted: bytes) -> bool:
    raw = text.encode()
    return len(raw.translate(None, unwanted)) != len(raw)
