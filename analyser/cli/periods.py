"""`kanta-gap periods`: the calendar of follow-up periods, with deadlines as far as they are known."""

from __future__ import annotations

from pathlib import Path

import typer

from analyser.cli.options import Format, Output, chosen_format
from analyser.cli.session import session, today, write
from analyser.coverage.periods import calendar
from analyser.errors import ExitCode
from analyser.report.json import periods_json
from analyser.report.listings import periods_text
from analyser.store.database import open_database

app = typer.Typer(add_completion=False)


@app.command()
def command(format_: str = Format, output: Path | None = Output) -> int:
    """List follow-up periods, their register rows and deadlines.

    Deadlines come from your periods file: kanta-gap register periods.csv
    """
    run = session()
    chosen = chosen_format(format_, ("text", "json"))
    with open_database(run.database, write=False) as database:
        entries = calendar(database.connection, today())
    if chosen == "json":
        write(periods_json(entries), output)
    else:
        write(periods_text(entries, today(), run.lang, width=run.width(), color=run.color()), output)
    return ExitCode.DONE
