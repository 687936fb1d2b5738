"""Where each row stands between the register, the archive and what was delivered: told as text, JSON or CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analyser.coverage.delivered import Recalled, WrittenDelivery
from analyser.coverage.measure import names_of
from analyser.delivery.overview import TO_DO
from analyser.messages.catalogue import day, number, text
from analyser.report.coverage.sources import two_sources_page, two_sources_told
from analyser.report.csv import table_csv
from analyser.report.json import dump, period_of, sources_of
from analyser.report.page import Page, grid, printable
from analyser.report.words import of_county, period_title

STATUS_SCHEMA = "kanta-gap/delivery-status/1"


def delivery_told(one: WrittenDelivery) -> dict[str, Any]:
    """A delivery as data outputs tell it."""
    return {
        "number": one.number,
        "written_at": one.written_at.isoformat(),
        "sent_at": one.sent_at.isoformat() if one.sent_at else None,
        "profile": one.profile,
        "corrections": one.corrections,
        "rows": one.rows,
        "missing": one.missing,
        "partial": one.partial,
        "counts": one.counts,
        "adopted_at": one.adopted_at.isoformat() if one.adopted_at else None,
        "receipt": None
        if one.sent_on is None
        else {
            "sent_on": one.sent_on.isoformat(),
            "number": one.receipt,
            "accepted": one.accepted,
            "refused": one.refused,
            "returned": one.returned,
            "note": one.note,
        },
    }


def status_json(found: Recalled) -> str:
    """Deliveries of the period, the two sources, and every row with its status."""
    told: dict[str, Any] = {
        "schema": STATUS_SCHEMA,
        "period": period_of(found.model.period),
        "deliveries": [delivery_told(one) for one in found.deliveries()],
        "sources": sources_of(found.two_sources()),
        "statuses": [
            {"part": part, "status": status.value, "rows": rows} for (part, status), rows in found.statuses().items()
        ],
        "rows": found.rows().to_pylist(),
    }
    return dump(told)


def status_csv(found: Recalled) -> Iterator[str]:
    """Every row with its status, in parts."""
    yield from table_csv(found.rows())


def status_text(recalled: Recalled, lang: str, *, width: int, color: bool, county: str = "") -> str:
    """The deliveries, how many rows stand where, the two sources, and what to do next."""
    period = recalled.model.period
    page = Page(width, color)
    page.heading(of_county(county, text(lang, "delivery.status.title", period=period_title(period, lang))))
    known = recalled.deliveries()
    if known:
        names = ("number", "written", "profile", "rows", "sent", "counts")
        table = grid(*(text(lang, f"delivery.status.column.{name}") for name in names))
        for one in known:
            kind = text(lang, "delivery.status.corrections") if one.corrections else text(lang, "delivery.status.full")
            table.add_row(
                str(one.number),
                str(one.written_at),
                f"{one.profile}, {kind}",
                number(lang, one.rows),
                day(lang, one.sent_day) if one.sent_day else "–",
                text(lang, "delivery.status.yes" if one.counts else "delivery.status.no"),
            )
        page.table(table)
        for one in known:
            if one.sent_on is not None:
                page.line(_answered(one, lang), hang=2)
    page.heading(text(lang, "delivery.status.rows"))
    found = recalled.statuses()
    page.facts(
        [
            (
                number(lang, rows),
                f"{text(lang, f'delivery.part.{part}')}: {text(lang, f'delivery.status.{status}')}",
            )
            for (part, status), rows in found.items()
        ]
    )
    two_sources_page(page, two_sources_told(recalled.two_sources(), names_of(recalled.model), lang))
    waiting = sum(rows for (_, status), rows in found.items() if status in TO_DO)
    if known and waiting:
        page.heading(text(lang, "report.next.title"))
        command = f"kanta-gap deliver --period {period.id} --corrections --out DIR"
        page.steps([(command, text(lang, "delivery.status.next", count=waiting))])
    return page.text()


def _answered(one: WrittenDelivery, lang: str) -> str:
    """What the receiver answered to a delivery, in a line."""
    told = [text(lang, "delivery.receipt.of", number=one.number)]
    if one.receipt:
        told.append(text(lang, "delivery.receipt.number", number=printable(one.receipt)))
    told += [
        text(lang, f"delivery.receipt.{name}", count=getattr(one, name))
        for name in ("accepted", "refused")
        if getattr(one, name) is not None
    ]
    if one.note:
        told.append(printable(one.note))
    return "; ".join(told)
