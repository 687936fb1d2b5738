"""`kanta-gap period`: closes a period, so that what was told of it can be told again, and lists what was closed."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import orjson
import pyarrow as pa
import typer

from analyser.cli.as_told import GAPS_SHOWN
from analyser.cli.asking import request, say_stale, thresholds, verdict_code
from analyser.cli.coverage import FORMATS
from analyser.cli.deciding import deciding
from analyser.cli.formats import formats_of
from analyser.cli.options import Format, Output, chosen_format, members
from analyser.cli.session import Session, session, today, write
from analyser.cli.spreadsheet import write_csv
from analyser.coverage.fingerprints import fingerprints
from analyser.coverage.history import seen
from analyser.coverage.measure import ledger, measured
from analyser.coverage.model import Model, Request
from analyser.coverage.result import CoverageResult, RowClass
from analyser.messages.catalogue import number, text
from analyser.messages.errors import BrokenSumError, ExitCode, NothingToCheckError, UsageError
from analyser.messages.languages import LANGUAGES
from analyser.national.dates import utc_now
from analyser.report.coverage.text import coverage_text
from analyser.report.csv import gaps_csv, table_csv
from analyser.report.json import dump, gaps_json
from analyser.report.listings import gaps_text
from analyser.report.page import Page, grid
from analyser.store.closing import Closing, Frozen, Piece, assembled, close, closings, sources
from analyser.store.database import Database, must_exist, open_database
from analyser.store.remember import keep

app = typer.Typer(add_completion=False)
CLOSINGS_SCHEMA = "kanta-gap/closings/1"
_WIDTH = 100
"""Columns of text that goes to a file."""


class PeriodAction(StrEnum):
    """What is to be done."""

    CLOSE = "close"
    LIST = "list"


@app.command()
def command(
    action: Annotated[str, typer.Argument(metavar="ACTION")],
    period: Annotated[str | None, typer.Argument(metavar="[P]", show_default=False)] = None,
    format_: str = Format,
    output: Path | None = Output,
) -> int:
    """Close a period: keep what is told of it now; or list what was closed."""
    run = session()
    chosen = members(action, PeriodAction, "period")
    if len(chosen) != 1 or (chosen[0] is PeriodAction.CLOSE) != (period is not None):
        raise UsageError("cli.period_action")
    if chosen[0] is PeriodAction.LIST:
        return _list(run, chosen_format(format_, formats_of("period")), output)
    return _close(run, period or "")


def _close(run: Session, period: str) -> int:
    must_exist(run.database)
    moment = utc_now()
    with open_database(run.database, write=True) as database:
        asked = request(run, database, period)
        if asked.period.end >= today():
            raise UsageError("period.not_ended", period=asked.period.id)
        frozen, told = _frozen(run, database, asked)
        before = closings(database.connection, asked.period.id, (asked.period.start, asked.period.end))
        if before and before[-1].sources == frozen.sources:
            run.say("narration.period.closed_before", period=asked.period.id, number=before[-1].number)
            return ExitCode.DONE
        if (found := seen(database.connection, asked)) is not None:
            keep(database, found, moment)
        done = close(database, frozen, moment)
    run.say("narration.period.closed", period=done.period, number=done.number, rows=done.rows)
    if done.undetermined:
        run.warn("narration.period.undetermined", count=done.undetermined)
    say_stale(run, told.stale)
    if told.separate_delivery.refused:
        run.warn("narration.refused", count=told.separate_delivery.refused)
    if told.sources is not None and told.sources.waiting and told.sources.sent:
        run.say("narration.period.waiting", count=told.sources.waiting)
    doubtful = done.undetermined or told.separate_delivery.refused or told.documents.quarantined
    return ExitCode.UNCHECKED if doubtful else ExitCode.DONE


def _frozen(run: Session, database: Database, asked: Request) -> tuple[Frozen, CoverageResult]:
    """What is told of the period at this moment, as coverage and gaps tell it."""
    model = Model.build(database.connection, asked)
    named: dict[str, Any] = {"county_name": run.settings.county_name, "settings": deciding(run.settings)}
    result = replace(measured(model, (), thresholds(run)), **named)
    totals = result.totals
    if not totals.rows:
        raise NothingToCheckError("delivery.no_rows", period=asked.period.id)
    prints = fingerprints(database.connection, asked)
    rows = replace(ledger(model), **named)
    with_prints = replace(result, fingerprints=prints)
    told: list[tuple[str, str | None, str]] = [("csv", None, FORMATS["csv"](result, run, None))]
    gaps: dict[str, list[Piece]] = {
        "json": json_pieces("".join(gaps_json(replace(rows, fingerprints=prints)))),
        "csv": csv_pieces("".join(gaps_csv(rows))),
    }
    for lang in LANGUAGES:
        told.append(("json", lang, FORMATS["json"](with_prints, replace(run, lang=lang), None)))
        told.append(("text", lang, coverage_text(result, lang, width=_WIDTH, color=False)))
        text_of = gaps_text(rows, lang, width=_WIDTH, color=False, limit=GAPS_SHOWN, asked=[])
        gaps[f"text-{lang}"] = [Piece(None, text_of)]
    classes = {name.value: getattr(totals, name.value) for name in RowClass}
    counts = Counter(classes)
    figures: dict[str, int] = {"rows": totals.rows, **classes}
    lacking = {"lacking": counts["missing"] + counts["partial"], "undetermined": counts["undetermined"]}
    for name, refused in (("coverage", result.separate_delivery.refused), ("gaps", rows.refused)):
        figures[f"{name}_code"] = verdict_code(
            rows=totals.rows, **lacking, quarantined=result.documents.quarantined, refused=refused, exit_zero=False
        )
    period = asked.period
    came_from = sources(database.connection, prints.tool, prints.settings)
    return Frozen(period.id, period.start, period.end, came_from, figures, told, gaps), result


def json_pieces(told: str) -> list[Piece]:
    """The ledger in JSON, a row a piece."""
    pieces: list[Piece] = []
    for is_row, lines in groupby(told.split("\n"), key=lambda line: line.startswith('{"') and _row(line) is not None):
        if is_row:
            pieces += [Piece((_row(line) or {})["person_key"] or "", line.removesuffix(",")) for line in lines]
        else:
            pieces.append(Piece(None, "\n".join(lines)))
    return _whole(pieces, "json", told)


def _row(line: str) -> dict[str, Any] | None:
    try:
        row = orjson.loads(line.removesuffix(","))
    except orjson.JSONDecodeError:
        return None
    return row if "person_key" in row else None


def csv_pieces(told: str) -> list[Piece]:
    """The ledger in CSV, a row a piece: a row may go over several lines."""
    lines = [f"{line}\n" for line in told.split("\n")[:-1]]
    reader = csv.reader(lines)
    pieces: list[Piece] = []
    header = next(reader, [])
    done = reader.line_num
    pieces.append(Piece(None, "".join(lines[:done])))
    for row in reader:
        pieces.append(Piece(row[header.index("person_key")], "".join(lines[done : reader.line_num])))
        done = reader.line_num
    return _whole(pieces, "csv", told)


def _whole(pieces: list[Piece], form: str, told: str) -> list[Piece]:
    if assembled(pieces, form) != told:
        raise BrokenSumError("coverage.not_kept_whole", format=form)
    return pieces


def _list(run: Session, chosen: str, output: Path | None) -> int:
    with open_database(run.database, write=False) as database:
        found = closings(database.connection)
    if chosen == "json":
        write(dump({"schema": CLOSINGS_SCHEMA, "closings": list(_told(found))}), output)
    elif chosen == "csv":
        rows = list(_told(found))
        names = [name for name in _COLUMNS if name != "sources"]
        table = {name: pa.array([row[name] for row in rows]) for name in names}
        write_csv(run, table_csv(pa.table(table)), output)
    else:
        write(_text(run, found), output)
    return ExitCode.DONE


_COLUMNS = (
    "number", "period", "start", "end", "closed_at", "closed_by", "tool_version", "rows", "excluded", "undetermined",
    "archived", "partial", "missing", "sources",
)  # fmt: skip


def _told(found: list[Closing]) -> Iterator[dict[str, Any]]:
    for one in found:
        values = {
            "number": one.number,
            "period": one.period,
            "start": one.start.isoformat(),
            "end": one.end.isoformat(),
            "closed_at": one.closed_at.isoformat(),
            "closed_by": one.os_user,
            "tool_version": one.tool_version,
        }
        for name in ("rows", "excluded", "undetermined", "archived", "partial", "missing"):
            values[name] = getattr(one, name)
        kept = one.sources
        values["sources"] = {
            name: getattr(kept, name) for name in ("tool", "settings", "archive", "register", "identities")
        }
        yield values


def _text(run: Session, found: list[Closing]) -> str:
    lang = run.lang
    page = Page(run.width(), run.color())
    page.heading(text(lang, "calendar.closed.title", count=len(found)))
    names = ("number", "period", "moment", "user", "rows", "archived", "partial", "missing", "undetermined")
    table = grid(
        *(text(lang, f"calendar.closed.column.{name}") for name in names),
        right=(0, 4, 5, 6, 7, 8),
        whole=(0, 4, 5, 6, 7, 8),
    )
    for one in found:
        figures = (number(lang, getattr(one, name)) for name in names[4:])
        table.add_row(str(one.number), one.period, one.closed_at.isoformat(" "), one.os_user, *figures)
    if found:
        page.table(table)
    return page.text()
