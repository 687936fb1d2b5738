"""`kanta-gap dashboard`: the coverage on a terminal."""

from __future__ import annotations

import datetime as dt
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import typer

from analyser.cli.asking import asked, keep_reading, parse_period_early, question, thresholds
from analyser.cli.deciding import deciding
from analyser.cli.options import AsOf, Period, day
from analyser.cli.session import Session, session, today, write
from analyser.coverage.periods import default_period, parse_period
from analyser.coverage.result import Period as FollowUpPeriod
from analyser.messages.errors import ExitCode, NothingToCheckError, UsageError
from analyser.messages.progress import follow_with
from analyser.national.dates import FINLAND
from analyser.store.database import must_exist

app = typer.Typer(add_completion=False)
_WIDTH, _NARROWEST, _WIDEST = 80, 60, 400
"""Columns of a frame that goes to no terminal, and the least and most that may be asked for."""


@app.command()
def command(
    period: str | None = Period,
    once: bool = typer.Option(False, "--once"),
    width: int | None = typer.Option(None, "--width", metavar="N"),
    watch: bool = typer.Option(False, "--watch"),
    as_of: str | None = AsOf,
) -> int:
    """Look at the coverage in the terminal: verdict, heat map, rows, documents, rules, quarantine."""
    run = session()
    if width is not None and not _NARROWEST <= width <= _WIDEST:
        raise UsageError("cli.width", least=_NARROWEST, most=_WIDEST, usual=_WIDTH)
    if once and watch:
        raise UsageError("cli.once_and_watch")
    if once:
        return _once(run, period, as_of, width)
    return _stay(run, period, as_of, watch=watch)


def _once(run: Session, period: str | None, as_of: str | None, width: int | None) -> int:
    from analyser.coverage.history import runs
    from analyser.coverage.measure import cells, measured
    from analyser.coverage.model import Model
    from analyser.coverage.result import Dimension
    from analyser.dashboard.drawing.frame import frame
    from analyser.dashboard.drawing.heatmap import heat_map
    from analyser.dashboard.drawing.overview import OverviewFrame

    with asked(run, period, as_of) as (database, request):
        model = Model.asked(database.connection, request)
        found = measured(model, (), thresholds(run))
        result = replace(found, settings=deciding(run.settings), county_name=run.settings.county_name)
        place = Dimension.MUNICIPALITY
        table = cells(model, (Dimension.LAYER, Dimension.SERVICE_TASK, place))
        # Days are counted to the deadline only from a day that was asked for: the clock is no part of a frame.
        shown = OverviewFrame(
            result, runs(database.connection, request.period), today=request.as_of, heat=heat_map(table, place)
        )
    write(frame(shown, run.lang, width=width or _columns(), color=run.color()), None)
    return ExitCode.DONE


def _columns() -> int:
    if not sys.stdout.isatty():
        return _WIDTH
    return max(_NARROWEST, os.get_terminal_size(sys.stdout.fileno()).columns)


def _stay(run: Session, period: str | None, as_of: str | None, *, watch: bool) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        raise UsageError("cli.no_terminal")
    from analyser.dashboard.app import Dashboard
    from analyser.dashboard.state import Ask
    from analyser.rules.catalogue import rules
    from analyser.rules.policy import policies
    from analyser.store.shared import SharedDatabase

    settings = run.settings
    # What is wrong with the question is told before the screen is taken.
    day(as_of, "--as-of")
    if period is not None:
        parse_period_early(period, run)
    must_exist(run.database)
    color = settings.color == "always" or (settings.color == "auto" and not run.environ.get("NO_COLOR"))
    if not color:
        # The library looks at the variable when it begins.
        os.environ["NO_COLOR"] = "1"
    else:
        os.environ.pop("NO_COLOR", None)
    ask = Ask(
        lang=run.lang,
        request=lambda chosen: question(run, chosen, as_of),
        chosen=lambda connection: _begin(connection, period),
        rules=lambda: policies(rules([*map(Path, settings.rules)]), settings.tables.get("rule", {})),
        thresholds=thresholds(run),
        settings=deciding(settings),
        county=settings.county_name,
        rule_time_limit=settings.rule_time_limit,
        now=lambda: dt.datetime.now(FINLAND),
        color=color,
        excel=settings.csv_for == "excel",
        watch=watch,
    )
    keep_reading(run, "dashboard", {"watch": watch})
    follow_with(None)  # the screen itself tells how far it is
    shown = Dashboard(SharedDatabase(run.database), ask)
    shown.run()
    if shown.failure is not None:
        raise shown.failure
    return ExitCode.DONE


def _begin(connection: Any, period: str | None) -> FollowUpPeriod:
    """The period that was asked for, else the newest ended one."""
    chosen = parse_period(period, connection) if period else default_period(connection, today())
    if chosen.start > today():
        raise NothingToCheckError("period.not_begun", period=chosen.id)
    return chosen
