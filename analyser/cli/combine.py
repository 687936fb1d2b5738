"""`kanta-gap combine`: several counties side by side, from the cells of their reports, without persons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import typer

from analyser import __version__
from analyser.cli.asking import question, thresholds
from analyser.cli.formats import formats_of
from analyser.cli.options import Format, Output, Period, chosen_format
from analyser.cli.session import Session, session, today, write
from analyser.cli.spreadsheet import write_csv
from analyser.coverage.combined import combined
from analyser.coverage.measure import DEFAULT_BY, coverage
from analyser.coverage.names import Names, TaskName
from analyser.coverage.periods import default_period, parse_period
from analyser.coverage.result import COVERAGE_SCHEMA
from analyser.coverage.sharing import for_sharing
from analyser.messages.errors import ExitCode, UsageError
from analyser.national.identifiers import redacted
from analyser.report.combined import combined_csv, combined_html, combined_json, combined_text, combined_xlsx
from analyser.report.json import coverage_json
from analyser.rules.saved import is_saved, read_saved
from analyser.store.database import open_database

app = typer.Typer(add_completion=False)
_Sources = typer.Argument(metavar="[NAME=]FILE…", show_default=False)


@app.command()
def command(
    sources: list[str] = _Sources,
    period: str | None = Period,
    least: int | None = typer.Option(None, "--share", metavar="[N]"),
    format_: str = Format,
    output: Path | None = Output,
) -> int:
    """Put several counties side by side: organiser, service task and period, without persons."""
    run = session()
    chosen = chosen_format(format_, formats_of("combine"))
    names: dict[str, TaskName] = {}
    documents = [one for source in sources for one in _read(run, source, period, least, names)]
    found = combined(documents, run.settings.service_task_share, __version__)
    titles = Names(tuple(names.values()))
    if chosen == "text":
        write(combined_text(found, titles, run.lang, width=run.width(), color=run.color()), output)
    elif chosen == "json":
        write(combined_json(found), output)
    elif chosen == "csv":
        write_csv(run, combined_csv(found), output)
    elif chosen == "html":
        write(combined_html(found, titles, run.lang), output)
    else:
        write(combined_xlsx(found, titles, run.lang), output)
    return ExitCode.DONE


def _read(
    run: Session, source: str, period: str | None, least: int | None, names: dict[str, TaskName]
) -> Iterator[tuple[str, str | None, Mapping[str, Any]]]:
    """The documents of one argument: a saved result is one, a database one for each period asked for."""
    name, path = _named(source)
    wanted = [one.strip() for one in period.split(",")] if period else []
    if is_saved(path):
        document = read_saved(path, (COVERAGE_SCHEMA,))
        if least is not None and "suppressed" not in document:
            raise UsageError("combine.not_shared", file=path.name)
        if wanted and document.get("period", {}).get("id") not in wanted:
            raise UsageError("combine.other_period", file=path.name, period=", ".join(wanted))
        yield path.name, name, document
        return
    with open_database(path, write=False) as database:
        asked = [parse_period(one, database.connection) for one in wanted]
        for one in asked or [default_period(database.connection, today())]:
            # Whose episodes count is each database's own matter: the organisers of one county are not another's.
            asking = replace(question(run, one), organisers=(), county=())
            result = coverage(database, asking, DEFAULT_BY, thresholds(run))
            names |= {entry.service_task: entry for entry in result.names.tasks}
            base = {value.name: value.value for value in result.separate_delivery.population.values}
            if least is not None:
                result = for_sharing(result, least or run.settings.share_least)
            document = orjson.loads(coverage_json(result, "en"))
            # A published figure of the county, which a shared report leaves out with the rest of the evidence.
            document["separate_delivery"]["conditions"]["population"]["numbers"] = {
                "population": base.get("population")
            }
            yield path.name, name, document


def _named(source: str) -> tuple[str | None, Path]:
    """`NAME=FILE`, or a file whose name has the sign in it."""
    name, sign, file = source.partition("=")
    if not sign or Path(source).exists():
        return None, Path(source)
    return redacted(name.strip()) or None, Path(file)
