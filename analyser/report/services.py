"""The ledger of supplementary services as text and JSON: decisions and services, and what Kanta tells of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import orjson
import pyarrow.compute as pc

from analyser.coverage.result import RowClass
from analyser.coverage.services import SERVICES_SCHEMA, ServiceReason, ServicesResult
from analyser.messages.catalogue import date_text, number, text
from analyser.report.json import listed, period_of
from analyser.report.page import Page, grid, printable
from analyser.report.words import of_county, period_title, refused_told

_SETTLED = (RowClass.ARCHIVED, RowClass.EXCLUDED)


def services_text(
    result: ServicesResult, lang: str, *, width: int, color: bool, limit: int, asked: Collection[RowClass] = ()
) -> str:
    """The services ledger, class by class, with a legend. Settled classes are listed only when asked for."""
    page = Page(width, color)
    title = text(lang, "services.title", period=period_title(result.period, lang))
    page.heading(of_county(result.county_name, title))
    page.line(text(lang, "services.what"))
    for told in refused_told(result.refused, result.refused_lists, lang):
        page.line(told, "bold yellow")
    if not any(rows for _, rows in result.classes):
        page.line(text(lang, "report.gaps.empty"))
    met: set[str] = set()
    for row_class in (RowClass.MISSING, RowClass.UNDETERMINED, RowClass.ARCHIVED, RowClass.EXCLUDED):
        count = dict(result.classes)[row_class]
        if not count or (asked and row_class not in asked):
            continue
        page.heading(f"{text(lang, f'report.class.{row_class.value}')} ({number(lang, count)})")
        if row_class in _SETTLED and row_class not in asked:
            page.line(text(lang, "services.settled", row_class=row_class.value))
            continue
        rows = result.rows.filter(pc.equal(result.rows.column("class"), row_class.value)).slice(0, limit).to_pylist()
        met.update(row["reason"] for row in rows if row["reason"])
        page.table(_table(rows, lang))
        if count > limit:
            page.line(text(lang, "report.gaps.more", count=count - limit))
    if met:
        page.heading(text(lang, "report.gaps.legend"))
        page.pairs(
            [(one.value, text(lang, f"services.reason.{one.value}")) for one in ServiceReason if one.value in met]
        )
    return page.text()


def _table(rows: list[dict[str, Any]], lang: str) -> Any:
    columns = ("source_id", "kind", "task", "service", "decided", "start", "end", "reason")
    names = {"kind": "services.column.kind", "service": "services.column.service", "decided": "services.column.decided"}
    table = grid(*(text(lang, names.get(name, f"report.column.{name}")) for name in columns))
    for row in rows:
        table.add_row(
            printable(row["source_id"]),
            text(lang, f"services.kind.{row['kind']}"),
            printable(row["service_task"] or "–"),
            printable(row["social_service"] or "–"),
            date_text(lang, row["decided"]),
            date_text(lang, row["start"]),
            date_text(lang, row["end"]),
            row["reason"] or "",
        )
    return table


def services_json(result: ServicesResult, stamp: str | None = None) -> Iterator[str]:
    """The services ledger, in parts: it may be large."""
    yield f'{{"schema": "{SERVICES_SCHEMA}", '
    if stamp is not None:
        yield f'"stamp": {orjson.dumps(stamp).decode()}, '
    yield f'"period": {orjson.dumps(period_of(result.period)).decode()},\n'
    totals = {"rows": sum(rows for _, rows in result.classes)} | {c.value: rows for c, rows in result.classes}
    totals["refused"] = result.refused
    yield f'"totals": {orjson.dumps(totals).decode()},\n"rows": ['
    yield from listed(result.rows)
    yield "]}\n"
