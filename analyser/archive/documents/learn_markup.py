"""How a form is learned: which pieces of a document are values, and where they end up.

A document that libxml2 has read is read by it once more with marks in the place of its values. A mark that comes out of
the tree as a whole value of an attribute, or within a text, stands for a value. Any other piece is part of the form:
what is in comments, in declarations, in quotation marks that are none, and what names a namespace. At last the document
itself must tell by its form what it told by its tree; if not, there is no form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from analyser.archive.documents.frames import telling_of_frame
from analyser.archive.documents.header import DOCUMENT, V3, telling
from analyser.archive.documents.header_texts import HeaderTexts
from analyser.archive.documents.known_markup import Form, Forms, Markup, Pieces, choice, filled, plain_text
from analyser.archive.documents.xml import parse
from analyser.archive.quarantine import Trouble
from analyser.archive.settings import ReadSettings
from analyser.system.limits import Limits

_MOST_PIECES = 4_000
_MOST_MARKUP = 64_000
_MARK = re.compile("\ue000([0-9]+)\ue001")
_ATTRIBUTE = re.compile(r"[ \t\n]([^\s<>\"'=]+)[ \t\n]*=[ \t\n]*\Z")
_LONGEST_NAME = 200
_CONSTANT = re.compile(r"xmlns(:.*)?|xml:.*")
_STEERING = ("{http://www.w3.org/2001/XMLSchema-instance}", "{http://www.w3.org/XML/1998/namespace}")
_TEXT = re.compile(r">([^<>]+)(?=<)")
_UTF8 = (None, "UTF-8", "utf-8")

# What schemas/archive/envelope.xsd says of the shape of values, but stricter (a test holds the two together): what is
# not certainly right, libxml2 judges.
_OID = r"[0-2](?:\.(?:0|[1-9][0-9]*))+"
_MOMENT = r"[0-9]{4}(?:[0-9]{2}){0,5}(?:[+\-][0-9]{4}|Z)?"
_NUMBER = r"[1-9][0-9]{0,8}"
SHAPES = {
    (V3 + "id", "root"): _OID,
    (V3 + "setId", "root"): _OID,
    (V3 + "versionNumber", "value"): _NUMBER,
    (V3 + "effectiveTime", "value"): _MOMENT,
    (V3 + "birthTime", "value"): _MOMENT,
}
"""Attributes whose values the schema of the envelope judges."""


def forms_for(settings: ReadSettings) -> Forms | None:
    """The forms of this process for documents read with these settings; None where only a tree can be judged."""
    if settings.validate != "off" and settings.xsd is not None:
        return None
    return _forms(settings.limits, settings.validate != "off")


@lru_cache(maxsize=4)
def _forms(limits: Limits, judged: bool) -> Forms:
    return Forms(limits, judged=judged)


def learn(forms: Forms, data: bytes, root: etree._Element, told: HeaderTexts, limits: Limits) -> None:
    """Remember the form of a document or frame that libxml2 has read, if it has one."""
    if not forms.wants(data.count(b'"') + 1):
        return
    text = plain_text(data, forms.largest)
    if text is None or "\ue000" in text or root.getroottree().docinfo.encoding not in _UTF8:
        return
    pieces = text.split('"')
    marked = _candidates(pieces) if len(pieces) <= _MOST_PIECES else None
    if marked is None:
        return
    forms.probed += 1
    form = _form(pieces, marked, root, told, limits, judged=forms.judged)
    if form is None or form.size > _MOST_MARKUP:
        return
    again = filled(form, pieces[:])
    if again is not None and (again.facts, again.texts) == (told.facts, told.texts):
        forms.remember(len(pieces), form)


@dataclass(slots=True)
class _Marked:
    """Which pieces and which texts within pieces have marks. A text's mark has the number after those of all pieces."""

    values: set[int]
    texts: dict[int, list[tuple[int, int]]]
    """By piece: where the texts begin and end."""


def _form(
    pieces: Pieces, marked: _Marked, root: etree._Element, told: HeaderTexts, limits: Limits, *, judged: bool
) -> Form | None:
    probe = _probe(pieces, marked, limits)
    if probe is None:
        return None
    lost = _unfound(probe, marked, len(pieces))
    if lost is None:
        return None
    if lost:
        # What has no place in the tree is part of the form; the others must be found again without it.
        marked = _without(marked, lost, len(pieces))
        probe = _probe(pieces, marked, limits)
        if probe is None or _unfound(probe, marked, len(pieces)) != set():
            return None
    tells = telling if root.tag == DOCUMENT else telling_of_frame
    marks = tells(probe)
    if probe.tag != root.tag or (marks.facts, marks.content) != (told.facts, told.content):
        return None
    if marks.content is None and tells is telling:
        return None  # its display form may be asked about, and only a tree holds it
    return _assembled(pieces, marked, probe, marks, judged=judged)


def _candidates(pieces: Pieces) -> _Marked | None:
    values = set()
    declared = not pieces[0].lstrip("\ufeff").startswith("<?xml")
    for place in range(1, len(pieces), 2):
        declared = declared or "?>" in pieces[place - 1]
        if not declared:
            continue
        name = _ATTRIBUTE.search(pieces[place - 1][-_LONGEST_NAME:])
        if name is None:
            return None  # quotation marks in a text: each such document would be a form of its own
        if not _CONSTANT.fullmatch(name[1]):
            values.add(place)
    texts = {}
    for place in range(0, len(pieces), 2):
        spans = [found.span(1) for found in _TEXT.finditer(pieces[place]) if found[1].strip(" \t\n")]
        if spans:
            texts[place] = spans
    return _Marked(values, texts)


def _mark(number: int) -> str:
    return f"\ue000{number}\ue001"


def _probe(pieces: Pieces, marked: _Marked, limits: Limits) -> etree._Element | None:
    told = []
    number = len(pieces)
    for place, piece in enumerate(pieces):
        if place in marked.values:
            told.append(_mark(place))
            continue
        parts, at = [], 0
        for start, end in marked.texts.get(place, ()):
            parts += [piece[at:start], _mark(number)]
            number, at = number + 1, end
        told.append("".join(parts) + piece[at:])
    try:
        return parse('"'.join(told).encode(), limits)
    except Trouble:
        return None


def _numbers(marked: _Marked, pieces: int) -> set[int]:
    return set(range(pieces, pieces + sum(map(len, marked.texts.values()))))


def _unfound(probe: etree._Element, marked: _Marked, pieces: int) -> set[int] | None:
    """Marks that are nowhere in the tree; None when one stands where it should not, or twice."""
    values: list[int] = []
    texts: list[int] = []
    for element in probe.iter():
        for name, value in element.attrib.items():
            found = _MARK.fullmatch(value)
            if found is None:
                if "\ue000" in value:
                    return None
            elif not name.startswith(_STEERING):  # what those say is more than a value
                values.append(int(found[1]))
        for text in (element.text, element.tail):
            texts += [int(number) for number in _MARK.findall(text or "")]
    numbers = _numbers(marked, pieces)
    if len(set(values)) < len(values) or len(set(texts)) < len(texts):
        return None
    if not marked.values.issuperset(values) or not numbers.issuperset(texts):
        return None
    return (marked.values | numbers) - {*values, *texts}


def _without(marked: _Marked, lost: set[int], pieces: int) -> _Marked:
    texts = {}
    number = pieces
    for place, spans in marked.texts.items():
        kept = [span for offset, span in enumerate(spans) if number + offset not in lost]
        number += len(spans)
        if kept:
            texts[place] = kept
    return _Marked(marked.values - lost, texts)


def _assembled(pieces: Pieces, marked: _Marked, probe: etree._Element, marks: HeaderTexts, *, judged: bool) -> Form:
    fixed = [place for place in range(len(pieces)) if place not in marked.values and place not in marked.texts]
    opened = []
    for place, spans in marked.texts.items():
        ends = [start for start, _ in spans[1:]] + [len(pieces[place])]
        after = [pieces[place][end:start] for (_, end), start in zip(spans, ends, strict=True)]
        opened.append((place, _measured(pieces[place][: spans[0][0]]), tuple(map(_measured, after))))
    row = _Row(len(pieces) + len(_numbers(marked, len(pieces))))
    chosen, joined = [], []
    for place, text in enumerate(marks.texts):
        parts = _MARK.split(text) if text is not None else []
        if len(parts) == 3 and not parts[0] and not parts[2]:
            chosen.append(int(parts[1]))
        elif len(parts) > 1:
            chosen.append(row.constant(None))
            joined.append((place, tuple(parts[::2]), choice([int(number) for number in parts[1::2]])))
        else:
            chosen.append(row.constant(text))
    fixed_of = choice(fixed)
    literals = fixed_of(pieces)
    return Form(
        tag=str(probe.tag),
        places=tuple(fixed),
        fixed=fixed_of,
        literals=literals,
        open=tuple(opened),
        values=choice(sorted(marked.values)),
        checked=tuple(
            (re.compile(rf"(?:{shape}\n)+"), choice(places))
            for shape in dict.fromkeys(SHAPES.values())
            if judged and (places := _of_shape(probe, shape))
        ),
        facts=marks.facts,
        texts=choice(chosen),
        constants=tuple(row.constants),
        joined=tuple(joined),
        content=marks.content,
        size=sum(map(len, literals)) + sum(length for _, before, after in opened for _, length in (before, *after)),
    )


def _measured(markup: str) -> Markup:
    return markup, len(markup)


class _Row:
    """The constants that stand after the pieces and the texts."""

    def __init__(self, before: int) -> None:
        self._before = before
        self.constants: list[str | None] = []

    def constant(self, text: str | None) -> int:
        if text not in self.constants:
            self.constants.append(text)
        return self._before + self.constants.index(text)


def _of_shape(probe: etree._Element, shape: str) -> list[int]:
    """Pieces that hold a value which the schema wants to be of this shape."""
    marks = [
        _MARK.fullmatch(element.get(name) or "")
        for (tag, name), wanted in SHAPES.items()
        if wanted is shape
        for element in probe.iter(tag)
    ]
    return [int(mark[1]) for mark in marks if mark]
