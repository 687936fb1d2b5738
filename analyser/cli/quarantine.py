"""`kanta-gap quarantine`: documents that could not be used, with stage, code, message and place."""

from __future__ import annotations

from pathlib import Path

import typer

from analyser.cli.formats import formats_of
from analyser.cli.options import Format, Output, chosen_format
from analyser.cli.session import session, write
from analyser.cli.spreadsheet import write_csv
from analyser.messages.errors import ExitCode
from analyser.report.csv import table_csv
from analyser.report.json import quarantine_json
from analyser.report.listings import quarantine_text
from analyser.store.database import open_database
from analyser.store.quarantine import quarantine

app = typer.Typer(add_completion=False)


@app.command()
def command(format_: str = Format, output: Path | None = Output) -> int:
    """List documents that could not be used: where they lie, what is wrong, what to do."""
    run = session()
    chosen = chosen_format(format_, formats_of("quarantine"))
    with open_database(run.database, write=False) as database:
        table = quarantine(database)
    match chosen:
        case "json":
            write(quarantine_json(table), output)
        case "csv":
            write_csv(run, table_csv(table), output)
        case _:
            write(quarantine_text(table, run.lang, width=run.width(), color=run.color()), output)
    return ExitCode.DONE
