"""`kanta-gap check`: all rules, for people and for CI."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson
import typer

from analyser.cli.asking import in_parts, keep_reading, parse_period_early, question, say_stale, say_unmatched
from analyser.cli.asking import request as request_of
from analyser.cli.check_told import InOrder, base_of, tell, wanted
from analyser.cli.deciding import say_settings
from analyser.cli.options import AsOf, ExitZero, Parts, Period
from analyser.cli.rulebook import Folders, Ignore, Select, chosen
from analyser.cli.session import Session, session, today, write
from analyser.coverage.answers import gathering
from analyser.coverage.model import Request
from analyser.coverage.periods import quarter_around
from analyser.messages.errors import ExitCode, NothingReadableError, NothingToCheckError, UsageError
from analyser.messages.suggestion import meant
from analyser.report.check.baseline import baseline_json
from analyser.report.check.text import aside_counts
from analyser.rules.aside import BASELINE_SCHEMA, Known, allowed, known_of, set_aside, to_be_known, waivers
from analyser.rules.catalogue import Severity
from analyser.rules.check import CHECK_SCHEMA, Clock, run_check
from analyser.rules.lock import lock_of, locked_changes
from analyser.rules.narrow import narrow, patterns, without
from analyser.rules.saved import read_saved, saved_check
from analyser.store.database import Database, open_database
from analyser.store.first_row import first_row
from analyser.store.quarantine import quarantined

app = typer.Typer(add_completion=False)

_FAILING: dict[str, tuple[Severity, ...]] = {
    "error": (Severity.ERROR,),
    "warning": (Severity.ERROR, Severity.WARNING),
    "never": (),
}


@app.command(cls=InOrder)
def command(
    context: typer.Context,
    period: str | None = Period,
    min_coverage: float | None = typer.Option(None, "--min-coverage", metavar="PCT"),
    fail_on: str = typer.Option("error", "--fail-on"),
    select: str | None = Select,
    ignore: str | None = Ignore,
    folders: list[Path] = Folders,
    saved: Path | None = typer.Option(None, "--from", metavar="JSON"),
    baseline: Path | None = typer.Option(None, "--baseline", metavar="FILE"),
    update_baseline: bool = typer.Option(False, "--update-baseline"),
    allow_quarantine: int = typer.Option(0, "--allow-quarantine", metavar="N", min=0),
    allow_undetermined: int = typer.Option(0, "--allow-undetermined", metavar="N", min=0),
    accept: Path | None = typer.Option(None, "--accept", metavar="FILE"),
    tables: Path | None = typer.Option(None, "--tables", metavar="FILE"),
    rows: int = typer.Option(10, "--rows", min=0),
    as_of: str | None = AsOf,
    parts: int | None = Parts,
    paths: list[str] = typer.Option([], "--path", metavar="GLOB"),
    sources: list[str] = typer.Option([], "--source", metavar="NAME"),
    uri_base: str | None = typer.Option(None, "--uri-base", metavar="DIR"),
    lock: Path | None = typer.Option(None, "--lock", metavar="FILE"),
    timings: bool = typer.Option(False, "--timings"),
    formats: list[str] = typer.Option([], "-f", "--format", metavar="FORMAT"),
    outputs: list[Path] = typer.Option([], "-o", "--output", metavar="FILE"),
    exit_zero: bool = ExitZero,
) -> int:
    """Run all rules; for CI on test archives."""
    run = session()
    told = wanted(context, formats, outputs)
    base = base_of(run, uri_base)
    where = patterns(paths, sources)
    failing = _FAILING.get(fail_on)
    if failing is None:
        raise UsageError(
            "cli.none_of", hint=meant(fail_on, _FAILING), option="--fail-on", name=fail_on, known=list(_FAILING)
        )
    if min_coverage is not None and not 0 <= min_coverage <= 100:
        raise UsageError("cli.min_coverage")
    policies, everything = chosen(run, folders, select, ignore)
    waived = waivers(run.settings.tables["waiver"], everything)
    if update_baseline and baseline is None:
        raise UsageError("cli.update_baseline")
    if lock is not None and not lock.is_file():
        raise UsageError("rules.no_result", file=lock.name)
    if (lock := lock or lock_of(run.loaded.file)) is not None:
        for key, codes in locked_changes(lock, everything).items():
            run.warn(f"rules.lock.{key}", file=lock.name, codes=", ".join(codes))
    known = _known(baseline, update=update_baseline) if baseline is not None else None
    accepted = _known(accept) if accept is not None else {}
    if saved is not None:
        if period or as_of or tables or timings or parts is not None:
            raise UsageError("cli.from_saved")
        check, changed = saved_check(saved, policies, everything, min_coverage)
        if changed:
            run.warn("rules.check.changed_rules", codes=", ".join(changed))
    else:
        if period is not None:
            parse_period_early(period, run)
        clock = Clock() if timings else None
        with open_database(run.database, write=False) as database, gathering(database.connection):
            say_unmatched(run, database)
            request = in_parts(database, _request(run, database, period, as_of), parts)
            if request.period.start > today():
                raise NothingToCheckError("period.not_begun", period=request.period.id)
            check = run_check(database, request, policies, run.settings.rule_time_limit, min_coverage, tables, clock)
        if clock is not None:
            _tell_timings(run, clock)
        if tables is not None:
            keep_reading(run, "check --tables", {"period": request.period.id, "as_of": as_of})
    if baseline is not None and update_baseline:
        # What is waived is decided already, and no part of a baseline.
        written = baseline_json(to_be_known(set_aside(check, None, waived, today()), known or {}))
        write(written, baseline)
        known = known_of(orjson.loads(written), baseline.name)
    if where is not None:
        check, elsewhere = narrow(check, where)
        known, accepted = known and without(known, elsewhere), without(accepted, elsewhere)
    check = replace(check, failing=failing, allowed=allowed(check, accepted, allow_quarantine, allow_undetermined))
    if known is not None or waived:
        check = set_aside(check, known, waived, today())
    if known is not None:
        run.say("rules.check.baseline", **aside_counts(check))
    tell(run, check, told, base, rows)
    say_stale(run, check.stale)
    say_settings(run)
    return ExitCode.DONE if exit_zero else check.exit_code(failing)


def _tell_timings(run: Session, clock: Clock) -> None:
    """How long each rule took, the slowest first, and what came before them."""
    for name, seconds in clock.slowest():
        run.warn("rules.check.timing", name=name, seconds=f"{seconds:.3f}")


def _known(path: Path, *, update: bool = False) -> Known:
    """The findings of a baseline file, or of a saved check; a baseline that is to be written need not be there."""
    if update and not path.exists():
        return {}
    kinds = (BASELINE_SCHEMA,) if update else (BASELINE_SCHEMA, CHECK_SCHEMA)
    return known_of(read_saved(path, kinds), path.name)


def _request(run: Session, database: Database, period: str | None, as_of: str | None) -> Request:
    """What is asked; an archive without a register is checked for the quarter of its newest document."""
    try:
        return request_of(run, database, period, as_of)
    except NothingToCheckError:
        (newest,) = first_row(database.connection.execute("SELECT max(effective_at) FROM document")) or (None,)
        if newest is None and (aside := quarantined(database)):
            raise NothingReadableError("archive.nothing_readable", count=aside) from None
        if newest is None:
            raise
        return question(run, quarter_around(newest, database.connection))
