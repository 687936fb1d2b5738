"""The deliveries of all periods beside each other, as text, JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from analyser.coverage.delivered import DeliveryStatus
from analyser.delivery.overview import Overview
from analyser.messages.catalogue import day, number, text
from analyser.report.csv import table_csv
from analyser.report.deliveries import delivery_told
from analyser.report.json import dump, period_of
from analyser.report.page import Page, grid
from analyser.report.words import of_county

OVERVIEW_SCHEMA = "kanta-gap/delivery-overview/1"


def overview_json(found: Sequence[Overview]) -> str:
    """Every period with its deliveries and where its rows stand."""
    return dump(
        {
            "schema": OVERVIEW_SCHEMA,
            "periods": [
                {
                    "period": period_of(one.period),
                    "deliveries": [delivery_told(delivery) for delivery in one.deliveries],
                    "statuses": [
                        {"part": part, "status": status.value, "rows": rows}
                        for (part, status), rows in one.statuses.items()
                    ],
                    "waiting": one.waiting,
                }
                for one in found
            ],
        }
    )


def overview_csv(found: Sequence[Overview]) -> Iterator[str]:
    """A row for each period; episodes by status."""
    columns: dict[str, list[Any]] = {
        "period": [one.period.id for one in found],
        "deliveries": [len(one.deliveries) for one in found],
        "sent": [len(one.sent) for one in found],
        "last_sent": [max((d.sent_day.isoformat() for d in one.sent if d.sent_day), default=None) for one in found],
    }
    for status in DeliveryStatus:
        columns[status.value] = [one.rows(status) for one in found]
    columns["waiting"] = [one.waiting for one in found]
    types = [pa.string(), pa.int64(), pa.int64(), pa.string(), *[pa.int64()] * (len(columns) - 4)]
    arrays = [pa.array(values, kind) for values, kind in zip(columns.values(), types, strict=True)]
    yield from table_csv(pa.table(dict(zip(columns, arrays, strict=True))))


_SHOWN = (
    DeliveryStatus.DELIVERED,
    DeliveryStatus.RENAMED,
    DeliveryStatus.ENDED_SINCE,
    DeliveryStatus.NEW,
    DeliveryStatus.CHANGED,
    DeliveryStatus.WITHDRAWN,
    DeliveryStatus.DOUBLE,
    DeliveryStatus.DOUBLE_DIFFERS,
    DeliveryStatus.UNDETERMINED,
)
_WHERE_ANY = {DeliveryStatus.RENAMED, DeliveryStatus.ENDED_SINCE, DeliveryStatus.DOUBLE_DIFFERS}
"""Columns only where a period has such a row: nothing follows from them, or seldom."""


def overview_text(found: Sequence[Overview], lang: str, *, width: int, color: bool, county: str = "") -> str:
    """A line for each period, and what is to be done next."""
    page = Page(width, color)
    page.heading(of_county(county, text(lang, "delivery.overview.title")))
    shown = [one for one in _SHOWN if one not in _WHERE_ANY or any(period.rows(one) for period in found)]
    names = ("period", "sent", *(status.value for status in shown))
    table = grid(
        *(text(lang, f"delivery.overview.column.{name}") for name in names),
        right=range(2, len(names)),
        whole=range(2, len(names)),
    )
    for one in found:
        days = [delivery.sent_day for delivery in one.sent if delivery.sent_day]
        sent = (
            text(lang, "delivery.overview.sent", day=day(lang, max(days)), count=len(one.sent))
            if days
            else text(lang, "delivery.overview.written" if one.deliveries else "delivery.overview.nothing")
        )
        table.add_row(one.period.id, sent, *(number(lang, one.rows(status)) for status in shown))
    page.table(table)
    steps = [step for one in found for step in _steps(one, lang)]
    corrected = [one for one in found if one.deliveries and one.waiting]
    if len(corrected) > 1:
        told = text(lang, "delivery.overview.next_all", count=sum(one.waiting for one in corrected))
        steps.append(("kanta-gap deliver --corrections --all --out DIR", told))
    if steps:
        page.heading(text(lang, "report.next.title"))
        page.steps(steps)
    return page.text()


def _steps(one: Overview, lang: str) -> Iterator[tuple[str, str]]:
    command = f"kanta-gap deliver --period {one.period.id}"
    if one.deliveries and not one.sent:
        yield f"kanta-gap deliver --mark-sent {text(lang, 'report.next.folder')}", text(lang, "report.next.mark_sent")
    if one.waiting and one.deliveries:
        yield (
            f"{command} --corrections --out corrections-{one.period.id}",
            text(lang, "delivery.status.next", count=one.waiting),
        )
    elif one.waiting:
        yield f"{command} --out delivery-{one.period.id}", text(lang, "report.next.deliver")
