"""`kanta-gap dashboard`: the coverage on a terminal."""

from __future__ import annotations

import typer

from analyser.cli.asking import asked, thresholds
from analyser.cli.options import AsOf, Period
from analyser.cli.session import session, write
from analyser.errors import ExitCode

app = typer.Typer(add_completion=False)


@app.command()
def command(
    period: str | None = Period,
    once: bool = typer.Option(False, "--once", help="Print one frame and exit."),
    as_of: str | None = AsOf,
) -> int:
    """Look at the coverage in the terminal: cells, then rows. Enter goes deeper, Escape comes back, q leaves."""
    run = session()
    with asked(run, period, as_of) as (database, request):
        if once:
            from analyser.coverage.measure import coverage
            from analyser.report.text import coverage_text

            result = coverage(database, request, (), thresholds(run))
            write(coverage_text(result, run.lang, width=run.width(), color=run.color()), None)
        else:
            from analyser.dashboard.app import Dashboard

            Dashboard(database, request, run.lang).run()
    return ExitCode.DONE
