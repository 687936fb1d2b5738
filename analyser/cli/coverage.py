"""`kanta-gap coverage`: what Kanta holds of a period, and what it lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from analyser.cli.as_told import tell_again
from analyser.cli.asking import asked, say_beyond, say_stale, stamp, thresholds, verdict_code
from analyser.cli.deciding import deciding, say_settings
from analyser.cli.formats import formats_of
from analyser.cli.options import AsOf, AsTold, ExitZero, Format, Output, Parts, Period, Stamp, chosen_format, members
from analyser.cli.session import Session, session, write
from analyser.cli.spreadsheet import as_asked
from analyser.cli.trend import tell_trend
from analyser.coverage.fingerprints import fingerprints
from analyser.coverage.measure import measured
from analyser.coverage.model import Model, Request
from analyser.coverage.outlook import Outlook, history, outlook
from analyser.coverage.result import CoverageResult, Dimension
from analyser.coverage.sharing import for_sharing
from analyser.report.coverage.text import coverage_text
from analyser.report.csv import coverage_csv
from analyser.report.json import coverage_json
from analyser.store.database import Database

if TYPE_CHECKING:  # the page alone shows findings, and rules are a lot to load
    from analyser.report.coverage.findings import Findings

app = typer.Typer(add_completion=False)


@app.command()
def command(
    period: str | None = Period,
    periods: str | None = typer.Option(None, "--periods", metavar="A..B"),
    by: str | None = typer.Option(None, "--by", metavar="D,…"),
    conditions: bool = typer.Option(False, "--conditions"),
    as_of: str | None = AsOf,
    parts: int | None = Parts,
    format_: str = Format,
    output: Path | None = Output,
    exit_zero: bool = ExitZero,
    with_stamp: bool = Stamp,
    least: int | None = typer.Option(None, "--share", metavar="[N]"),
    as_told: int | None = AsTold,
) -> int:
    """Report what Kanta holds of a period, and what it lacks."""
    run = session()
    if periods is not None:
        single = {"--period": period, "--by": by, "--conditions": conditions, "--share": least, "--as-told": as_told}
        when = stamp(with_stamp)
        return tell_trend(run, periods, as_of, parts, format_, output, when, single, exit_zero=exit_zero)
    if as_told is not None:
        others = {"--by": by, "--as-of": as_of, "--conditions": conditions, "--stamp": with_stamp, "--share": least}
        return tell_again(run, "coverage", period, as_told, format_, output, others, exit_zero=exit_zero)
    chosen = chosen_format(format_, formats_of("coverage"))
    dimensions = members(by, Dimension, "--by")
    found: list[Findings] = []
    page = chosen == "html" and least is None

    def run_rules(database: Database, request: Request, standing: Model | None = None, *, again: bool = True) -> bool:
        """Whether the rules have been told of; not `again`: only where they were run before."""
        from analyser.cli.rulebook import chosen as chosen_rules
        from analyser.report.coverage.findings import findings_of
        from analyser.rules.check import kept_check, run_check

        policies, _ = chosen_rules(run, ())
        if again:
            check = run_check(database, request, policies, run.settings.rule_time_limit, standing=standing)
        elif (known := kept_check(database, request, policies)) is not None:
            check = known
        else:
            return False
        found.append(findings_of(check.outcomes, run.lang))
        return True

    def run_rules_last(database: Database, request: Request) -> None:
        if not found:
            run_rules(database, request, model)

    with asked(run, period, as_of, run_rules_last if page else None, parts) as (database, request):
        when = stamp(with_stamp)
        if page:
            told = run_rules(database, request, again=False)
            model, past = history(database, request, whole=not told)
        else:
            model, past = Model.asked(database.connection, request), ()
        result = _named(run, model.frugally(lambda: measured(model, dimensions, thresholds(run))))
        if page:
            seen = outlook(model, past)
        elif least is None:
            if chosen == "xlsx":
                write(_workbook(result, run, model, database, when), output)
            elif chosen == "text":
                write(_text(result, run, when, conditions=conditions or run.verbose), output)
            else:
                if chosen == "json":
                    result = replace(result, fingerprints=fingerprints(database.connection, request))
                write(_as_format(chosen, result, run, when), output)
    if least is not None:
        write(_shared(for_sharing(result, least or run.settings.share_least), run, chosen, when), output)
    elif page:
        from analyser.report.coverage.html import coverage_html

        write(coverage_html(result, seen, found[0], run.lang, when), output)
    say_beyond(run, result.beyond_limit)
    if chosen in ("json", "csv"):  # the others tell it beside the verdict
        say_stale(run, result.stale)
    if chosen == "csv":
        say_settings(run)
    return verdict_code(
        rows=result.totals.rows,
        lacking=result.separate_delivery.episodes,
        undetermined=result.totals.undetermined,
        quarantined=result.documents.quarantined,
        refused=result.separate_delivery.refused,
        exit_zero=exit_zero,
    )


def _named(run: Session, result: CoverageResult) -> CoverageResult:
    """The result, with the county's name in its reports' titles and what its settings decide."""
    return replace(result, county_name=run.settings.county_name, settings=deciding(run.settings))


def _shared(result: CoverageResult, run: Session, chosen: str, when: str | None) -> str | bytes | Iterable[str]:
    """The report without its row-level parts: no ledger, no quarantine, no examples, no findings, no other periods."""
    if chosen == "html":
        from analyser.report.coverage.html import coverage_html

        return coverage_html(result, Outlook((), (), ()), None, run.lang, when)
    if chosen == "xlsx":
        from analyser.report.coverage.xlsx import coverage_xlsx

        return coverage_xlsx(result, None, None, run.lang, when)
    return _text(result, run, when) if chosen == "text" else _as_format(chosen, result, run, when)


def _as_format(chosen: str, result: CoverageResult, run: Session, when: str | None) -> str | Iterable[str]:
    told = FORMATS[chosen](result, run, when)
    return as_asked(run, told) if chosen == "csv" else told


def _text(result: CoverageResult, run: Session, when: str | None, *, conditions: bool = False) -> str:
    shown = coverage_text(result, run.lang, width=run.width(), color=run.color(), conditions=conditions)
    return f"{when}\n{shown}" if when else shown


def _markdown(result: CoverageResult, run: Session, when: str | None) -> str:
    from analyser.report.coverage.markdown import coverage_markdown

    shown = coverage_markdown(result, run.lang)
    return f"{shown}\n{when}\n" if when else shown


def _workbook(result: CoverageResult, run: Session, model: Model, database: Database, when: str | None) -> bytes:
    from analyser.coverage.measure import ledger
    from analyser.coverage.mending import mending
    from analyser.report.coverage.xlsx import coverage_xlsx
    from analyser.store.quarantine import quarantine

    rows = ledger(model)
    return coverage_xlsx(result, rows, quarantine(database), run.lang, when, mending(model))


FORMATS: dict[str, Callable[[CoverageResult, Session, str | None], str]] = {
    "text": _text,
    "json": lambda result, run, when: coverage_json(result, run.lang, when),
    "csv": lambda result, _run, _when: coverage_csv(result),
    "markdown": _markdown,
}
