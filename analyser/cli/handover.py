"""`kanta-gap handover`: one page for whoever takes over: who loaded, delivered and sent what, and what waits."""

from __future__ import annotations

from pathlib import Path

import typer

from analyser.cli.asking import parse_period_early, question, stamp
from analyser.cli.deliveries import periods_told
from analyser.cli.formats import formats_of
from analyser.cli.options import Format, Output, Period, Stamp, chosen_format
from analyser.cli.session import session, write
from analyser.coverage.answers import gathering
from analyser.coverage.delivered import recall
from analyser.coverage.measure import refused
from analyser.coverage.model import Model
from analyser.coverage.periods import parse_period
from analyser.delivery.handover import handover, waiting_of
from analyser.delivery.overview import standing_of
from analyser.messages.errors import ExitCode
from analyser.report.handover import handover_html, handover_json, handover_text
from analyser.store.closing import closings
from analyser.store.database import open_database

app = typer.Typer(add_completion=False)


@app.command()
def command(
    period: str | None = Period,
    format_: str = Format,
    output: Path | None = Output,
    with_stamp: bool = Stamp,
) -> int:
    """Tell on one page who loaded, delivered and sent what, and what waits."""
    run = session()
    chosen = chosen_format(format_, formats_of("handover"))
    if period is not None:
        parse_period_early(period, run)
    with open_database(run.database, write=False) as database, gathering(database.connection):
        connection = database.connection
        asked = parse_period(period, connection) if period is not None else None
        closed = closings(connection)
        waiting, model = [], None
        for one in [asked] if asked is not None else periods_told(database):
            asks = question(run, one)
            model = Model.told(connection, asks) if model is None else model.then(asks)
            waiting.append(waiting_of(standing_of(recall(model)), refused(model).beside_episodes, closed))
        page = handover(database, asked, waiting)
    when, county = stamp(with_stamp), run.settings.county_name
    match chosen:
        case "json":
            write(handover_json(page, when), output)
        case "html":
            write(handover_html(page, county, run.lang, when), output)
        case _:
            told = handover_text(page, county, run.lang, width=run.width(), color=run.color())
            write(f"{when}\n{told}" if when else told, output)
    return ExitCode.DONE
