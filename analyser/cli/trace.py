"""`kanta-gap trace`: everything known about one ID, with file, member and place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analyser.cli.asking import keep_reading, question, request
from analyser.cli.deciding import say_settings
from analyser.cli.formats import formats_of
from analyser.cli.options import Format, Output, Period, chosen_format
from analyser.cli.session import Session, session, today, write
from analyser.coverage.model import Request
from analyser.coverage.periods import parse_period, quarter_around
from analyser.coverage.trace import trace
from analyser.messages.errors import ExitCode, NothingToCheckError, UsageError
from analyser.report.json import trace_json
from analyser.report.trace import trace_text
from analyser.store.database import Database, open_database

app = typer.Typer(add_completion=False)


@app.command()
def command(
    id_: Annotated[str, typer.Argument(metavar="ID")],
    period: str | None = Period,
    format_: str = Format,
    output: Path | None = Output,
) -> int:
    """Tell everything about one document, register row or person_key: file, member, JSON pointer, XPath."""
    run = session()
    chosen = chosen_format(format_, formats_of("trace"))
    with open_database(run.database, write=False) as database:
        found = trace(database, _request(run, database, period), id_)
    if found is None:
        raise NotFoundError("cli.nothing_has_id")
    keep_reading(run, "trace", {"kind": found.kind.value, "format": chosen})
    say_settings(run)
    if chosen == "json":
        write(trace_json(found), output)
    else:
        write(trace_text(found, run.lang, width=run.width(), color=run.color()), output)
    return ExitCode.DONE


class NotFoundError(UsageError):
    """An ID that nothing here has."""


def _request(run: Session, database: Database, period: str | None) -> Request:
    """Without register rows there is still a document to tell of: then as of the quarter under way."""
    if period is not None:
        parse_period(period, database.connection)
    try:
        return request(run, database, period)
    except NothingToCheckError:
        return question(run, quarter_around(today(), database.connection))
