"""The page for whoever takes over, as text, HTML and JSON: what waits first, then what was done, the newest last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from analyser import __version__
from analyser.delivery.handover import Answered, Delivered, Handover, Waiting
from analyser.messages.catalogue import day, number, text
from analyser.report.json import dump, period_of
from analyser.report.page import Page, grid, printable
from analyser.report.template import filled
from analyser.report.words import of_county, period_title
from analyser.store.closing import Closing

HANDOVER_SCHEMA = "kanta-gap/handover/1"
_SHOWN = 20
"""Loads and readings that the page shows, the newest; those before are counted. JSON has all."""


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of the page, in words."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...]
    """Columns of figures."""
    earlier: str | None = None
    """How many rows before these are not shown."""


def handover_text(page: Handover, county: str, lang: str, *, width: int, color: bool) -> str:
    """The page for a terminal."""
    told = Page(width, color)
    told.heading(_title(page, county, lang))
    told.line(text(lang, "handover.moments"))
    told.heading(text(lang, "handover.waits.title"))
    for line in _waits(page, lang):
        told.line(line, hang=2, first="- ")
    for table in _tables(page, lang):
        told.heading(table.title)
        if table.earlier:
            told.line(table.earlier)
        if not table.rows:
            told.line(text(lang, "handover.none"))
            continue
        shown = grid(*table.heads, right=table.right, whole=table.right)
        for row in table.rows:
            shown.add_row(*map(printable, row))
        told.table(shown)
    return told.text()


def handover_html(page: Handover, county: str, lang: str, stamp: str | None = None) -> str:
    """The same as one self-contained file."""
    return (
        filled(
            "handover.html",
            lang=lang,
            version=__version__,
            stamp=stamp,
            title=_title(page, county, lang),
            moments=text(lang, "handover.moments"),
            waits_title=text(lang, "handover.waits.title"),
            waits=[printable(line) for line in _waits(page, lang)],
            none=text(lang, "handover.none"),
            tables=list(_tables(page, lang)),
        )
        + "\n"
    )


def handover_json(page: Handover, stamp: str | None = None) -> str:
    """The whole record; moments are UTC."""
    told: dict[str, Any] = {"schema": HANDOVER_SCHEMA, "tool_version": __version__}
    if stamp:
        told["stamp"] = stamp
    return dump(
        told
        | {
            "period": period_of(page.period) if page.period else None,
            "waiting": {
                "periods": [_waiting(one) for one in page.waiting],
                "quarantined": page.quarantined,
                "unsent_deliveries": [one.number for one in page.deliveries if one.unsent],
                "refused_by_receiver": [
                    {"delivery": one.number, "rows": one.refused} for one in page.deliveries if one.refused
                ],
            },
            "newest": {
                "documents": [
                    {"source": one.source, "documents": one.documents, "newest": _iso(one.newest)}
                    for one in page.sources
                ],
                "register": [
                    {"kind": one.kind, "source": one.source, "load": one.load, "loaded_at": _iso(one.loaded_at)}
                    for one in page.lists
                ],
            },
            "loads": [
                {
                    "number": one.number,
                    "kind": one.kind,
                    "source": one.source,
                    "file": one.file,
                    "whole": one.whole,
                    **{name: getattr(one, name) for name in _COUNTS},
                    "loaded_at": _iso(one.loaded_at),
                    "loaded_by": one.os_user,
                    "undone_at": _iso(one.undone_at),
                }
                for one in page.loads
            ],
            "readings": [
                {
                    "at": _iso(one.at),
                    "by": one.user,
                    "files": one.files,
                    "new_documents": one.new_documents,
                    "quarantined": one.quarantined,
                }
                for one in page.readings
            ],
            "deliveries": [_delivery(one) for one in page.deliveries],
            "closings": [
                {
                    "number": one.number,
                    "period": one.period,
                    "closed_at": _iso(one.closed_at),
                    "closed_by": one.os_user,
                    **{name: getattr(one, name) for name in _CLASSES},
                }
                for one in page.closings
            ],
        }
    )


_COUNTS = ("read", "new", "changed", "same", "gone", "refused")
_CLASSES = ("rows", "excluded", "undetermined", "archived", "partial", "missing")


def _waiting(one: Waiting) -> dict[str, Any]:
    return {
        "period": period_of(one.period),
        "to_deliver": one.to_deliver,
        "new": one.new,
        "changed": one.changed,
        "withdrawn": one.withdrawn,
        "undetermined": one.undetermined,
        "refused": one.refused,
        "closed": one.closed,
    }


def _delivery(one: Delivered) -> dict[str, Any]:
    return {
        "number": one.number,
        "period": one.period,
        "corrections": one.corrections,
        "profile": one.profile,
        "written_at": _iso(one.written_at),
        "written_by": one.written_by,
        "adopted_at": _iso(one.adopted_at),
        "sent_at": _iso(one.sent_at),
        "sent_by": one.sent_by,
        "rows": one.rows,
        "new": one.new,
        "changed": one.changed,
        "withdrawn": one.withdrawn,
        "receipts": [
            {
                "kept_at": _iso(answer.kept_at),
                "kept_by": answer.user,
                "sent_on": _iso(answer.sent_on),
                "number": answer.receipt,
                "accepted": answer.accepted,
                "refused": answer.refused,
                "note": answer.note,
            }
            for answer in one.receipts
        ],
    }


def _iso(moment: dt.date | dt.datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _title(page: Handover, county: str, lang: str) -> str:
    asked = period_title(page.period, lang) if page.period else text(lang, "handover.all")
    return of_county(county, text(lang, "handover.title", period=asked))


def _waits(page: Handover, lang: str) -> Iterator[str]:
    """What is to be done, a sentence each."""
    nothing = True
    for one in page.waiting:
        parts = [
            text(lang, f"handover.waits.{name}", count=count)
            for name, count in (
                ("new", one.new),
                ("changed", one.changed),
                ("withdrawn", one.withdrawn),
                ("undetermined", one.undetermined),
                ("refused", one.refused),
            )
            if count
        ]
        if parts:
            nothing = False
            yield f"{one.period.id}: {'; '.join(parts)}"
    for delivery in page.deliveries:
        values = {"number": delivery.number, "period": delivery.period, "count": delivery.refused}
        for waits, key in ((delivery.unsent, "unsent"), (delivery.refused, "returned")):
            if waits:
                nothing = False
                yield text(lang, f"handover.waits.{key}", **values)
    if page.quarantined:
        nothing = False
        yield text(lang, "handover.waits.quarantined", count=page.quarantined)
    if nothing:
        yield text(lang, "handover.waits.nothing")


def _tables(page: Handover, lang: str) -> Iterator[_Table]:
    def figure(value: int | None) -> str:
        return "–" if value is None else number(lang, value)

    def heads(*names: str) -> tuple[str, ...]:
        return tuple(text(lang, f"handover.column.{name}") for name in names)

    def title(name: str) -> str:
        return text(lang, f"handover.{name}")

    yield _Table(
        title("deliveries"),
        heads("number", "period", "kind", "written", "by", "rows", "new", "changed", "withdrawn", "sent", "by"),
        tuple(
            (
                str(one.number),
                one.period,
                text(lang, f"delivery.status.{'corrections' if one.corrections else 'full'}"),
                _moment(one.written_at) + (f" {title('adopted')}" if one.adopted_at else ""),
                one.written_by or "–",
                *map(figure, (one.rows, one.new, one.changed, one.withdrawn)),
                _moment(one.sent_at),
                one.sent_by or "–",
            )
            for one in page.deliveries
        ),
        (0, 5, 6, 7, 8),
    )
    yield _Table(
        title("receipts"),
        heads("delivery", "sent_on", "receipt", "accepted", "refused", "note", "kept", "by"),
        tuple(_receipt(answer, lang) for one in page.deliveries for answer in one.receipts),
        (0, 3, 4),
    )
    yield _Table(
        title("closings"),
        heads("number", "period", "closed", "by", *_CLASSES),
        tuple(_closing(one, lang) for one in page.closings),
        (0, *range(4, 4 + len(_CLASSES))),
    )
    yield _Table(
        title("newest_documents"),
        heads("source", "documents", "newest"),
        tuple(
            (one.source, figure(one.documents), day(lang, one.newest) if one.newest else "–") for one in page.sources
        ),
        (1,),
    )
    yield _Table(
        title("newest_register"),
        heads("kind", "source", "load", "loaded"),
        tuple((one.kind, one.source, str(one.load), _moment(one.loaded_at)) for one in page.lists),
        (2,),
    )
    yield _Table(
        title("loads"),
        heads("number", "loaded", "by", "file", "kind", *_COUNTS),
        tuple(
            (
                str(one.number),
                _moment(one.loaded_at),
                one.os_user,
                one.file + (f" ({title('undone')})" if one.undone_at else ""),
                one.kind,
                *(figure(getattr(one, name)) for name in _COUNTS),
            )
            for one in page.loads[-_SHOWN:]
        ),
        (0, *range(5, 5 + len(_COUNTS))),
        _earlier(page.loads, "kanta-gap register --list", lang),
    )
    yield _Table(
        title("readings"),
        heads("read_at", "by", "files", "new_documents", "quarantined"),
        tuple(
            (_moment(one.at), one.user, *map(figure, (one.files, one.new_documents, one.quarantined)))
            for one in page.readings[-_SHOWN:]
        ),
        (2, 3, 4),
        _earlier(page.readings, "kanta-gap log", lang),
    )


def _earlier(rows: Sequence[object], command: str, lang: str) -> str | None:
    left = len(rows) - _SHOWN
    return text(lang, "handover.earlier", count=left, command=command) if left > 0 else None


def _receipt(one: Answered, lang: str) -> tuple[str, ...]:
    counts = ("–" if value is None else number(lang, value) for value in (one.accepted, one.refused))
    return (
        str(one.number),
        day(lang, one.sent_on),
        one.receipt or "–",
        *counts,
        one.note or "–",
        _moment(one.kept_at),
        one.user,
    )


def _closing(one: Closing, lang: str) -> tuple[str, ...]:
    figures = (number(lang, getattr(one, name)) for name in _CLASSES)
    return (str(one.number), one.period, _moment(one.closed_at), one.os_user, *figures)


def _moment(moment: dt.datetime | None) -> str:
    """To the minute, UTC."""
    return moment.isoformat(" ", "minutes") if moment is not None else "–"
