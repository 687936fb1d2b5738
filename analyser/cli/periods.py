"""`kanta-gap periods`: the calendar of follow-up periods, with deadlines as far as they are known."""

from __future__ import annotations

from pathlib import Path

import typer

from analyser.cli.asking import links_of
from analyser.cli.formats import formats_of
from analyser.cli.options import Format, Output, Period, chosen_format, day
from analyser.cli.session import session, today, write
from analyser.coverage.periods import calendar, entry_of, parse_period
from analyser.messages.errors import ExitCode
from analyser.report.calendar import calendar_json, calendar_text
from analyser.store.database import open_database

app = typer.Typer(add_completion=False)


@app.command()
def command(
    period: str | None = Period,
    on: str | None = typer.Option(None, "--today", metavar="DATE"),
    format_: str = Format,
    output: Path | None = Output,
) -> int:
    """List follow-up periods, their register rows and deadlines, and how the work on each has gone."""
    run = session()
    chosen = chosen_format(format_, formats_of("periods"))
    given = day(on, "--today")
    with open_database(run.database, write=False) as database:
        if period is None:
            entries = calendar(database.connection, given or today(), links_of(run))
        else:
            entries = [entry_of(database.connection, parse_period(period, database.connection), links_of(run))]
    if chosen == "json":
        write(calendar_json(entries, given), output)
    else:
        write(calendar_text(entries, given or today(), run.lang, width=run.width(), color=run.color()), output)
    return ExitCode.DONE
