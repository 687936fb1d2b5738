"""`kanta-gap demo`: the whole job on a small synthetic county, in a temporary folder."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from analyser.archive.settings import ReadSettings
from analyser.cli.session import session, write
from analyser.coverage.measure import coverage
from analyser.coverage.model import Request
from analyser.coverage.periods import parse_period
from analyser.ingest.run import ingest
from analyser.messages.errors import ExitCode
from analyser.messages.notices import written_end
from analyser.register.load import read_register
from analyser.report.coverage.text import coverage_text
from analyser.store.database import open_database
from analyser.store.register_load import load_register
from analyser.synth import synthesise

app = typer.Typer(add_completion=False)


@app.command()
def command(persons: Annotated[int, typer.Option()] = 200) -> int:
    """Show the whole job on a small synthetic county: make it, read it, compare, report."""
    run = session()
    run.say("narration.demo.begin", persons=persons)
    with tempfile.TemporaryDirectory(prefix="kanta-gap-demo-") as folder:
        county = Path(folder) / "county"
        synthesise(county, persons)
        with open_database(Path(folder) / "demo.duckdb", write=True) as database:
            ingest(database, [county / "archive"], ReadSettings(database.secret), workers=1)
            for path in sorted(county.glob("*.csv")):
                load_register(database, read_register(path, None, database.secret))
            result = coverage(database, Request(parse_period("2025Q1", database.connection)))
    written_end()  # of a trail that is gone with its database
    write(coverage_text(result, run.lang, width=run.width(), color=run.color()), None)
    return ExitCode.DONE
