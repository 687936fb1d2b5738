"""`kanta-gap check`: all rules, for people and for CI."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import typer

from analyser.cli.asking import parse_period_early
from analyser.cli.asking import request as request_of
from analyser.cli.options import AsOf, ExitZero, Format, Output, Period, chosen_format
from analyser.cli.session import Session, session, write
from analyser.coverage.measure import assert_ties, documents
from analyser.coverage.model import Request, build_model
from analyser.coverage.periods import quarter
from analyser.coverage.result import Period as FollowUpPeriod
from analyser.coverage.result import share
from analyser.errors import ExitCode, NothingToCheckError, UsageError
from analyser.rules.catalogue import Rule, Severity, rules
from analyser.rules.report import (
    check_github,
    check_json,
    check_junit,
    check_markdown,
    check_sarif,
    check_text,
)
from analyser.rules.run import Outcome, Status, run_rules
from analyser.store.database import Database, open_database

app = typer.Typer(add_completion=False)

FORMATS: dict[str, Callable[[Sequence[Outcome], FollowUpPeriod, str], str]] = {
    "text": check_text,
    "json": check_json,
    "junit": check_junit,
    "sarif": check_sarif,
    "github": check_github,
    "markdown": check_markdown,
}
_FAILING = {
    "error": (Severity.ERROR,),
    "warning": (Severity.ERROR, Severity.WARNING),
    "never": (),
}


@app.command()
def command(
    period: str | None = Period,
    min_coverage: float | None = typer.Option(None, "--min-coverage", metavar="PCT", help="Fail below this coverage."),
    fail_on: str = typer.Option("error", "--fail-on", help="error, warning or never"),
    select: str | None = typer.Option(None, "--select", metavar="CODE,…", help="Codes, prefixes or names to run."),
    ignore: str | None = typer.Option(
        None, "--ignore", metavar="CODE,…", help="Codes, prefixes or names to leave out."
    ),
    folder: list[Path] = typer.Option([], "--rules", metavar="DIR", help="A folder with rules of your own."),  # noqa: B008
    as_of: str | None = AsOf,
    format_: str = Format,
    output: Path | None = Output,
    exit_zero: bool = ExitZero,
) -> int:
    """Run all rules; for CI on test archives.

    Formats: text, json, junit, sarif, github, markdown. Example: kanta-gap check --period 2025Q1 -f junit -o check.xml
    """
    run = session()
    chosen = chosen_format(format_, FORMATS)
    failing = _FAILING.get(fail_on)
    if failing is None:
        raise UsageError(f"--fail-on: ‘{fail_on}’ is none of error, warning, never", "error is the default")
    wanted = chosen_rules(run, folder, select, ignore)
    if period is not None:
        parse_period_early(period, run)
    with open_database(run.database, write=False) as database:
        request = _request(run, database, period, as_of)
        connection = database.connection
        build_model(connection, request)
        assert_ties(connection)
        outcomes = run_rules(connection, wanted, run.settings.rule_time_limit)
        archived, judged, undetermined, rows = connection.execute(
            "SELECT count(*) FILTER (class = 'archived'), "
            "count(*) FILTER (class IN ('archived', 'partial', 'missing')), "
            "count(*) FILTER (class = 'undetermined'), count(*) FROM ledger"
        ).fetchone() or (0, 0, 0, 0)
        found = documents(connection)
    write(FORMATS[chosen](outcomes, request.period, run.lang), output)
    below = min_coverage is not None and (share(archived, judged) or 0) * 100 < min_coverage
    if exit_zero:
        return ExitCode.DONE
    if not rows and not found.ingested:
        return ExitCode.NOTHING
    if found.quarantined or undetermined or any(outcome.status is Status.ERROR for outcome in outcomes):
        return ExitCode.UNCHECKED
    failed = any(o.status is Status.FAILED and o.rule.severity in failing for o in outcomes)
    return ExitCode.FINDINGS if failed or below else ExitCode.DONE


def _request(run: Session, database: Database, period: str | None, as_of: str | None) -> Request:
    """What is asked; an archive without a register is checked for the quarter of its newest document."""
    try:
        return request_of(run, database, period, as_of)
    except NothingToCheckError:
        (newest,) = database.connection.execute("SELECT max(effective_at) FROM document").fetchone() or (None,)
        if newest is None:
            raise
        return Request(quarter(newest.year, (newest.month + 2) // 3), organisers=run.settings.organisers)


def chosen_rules(run: Session, folders: Sequence[Path], select: str | None, ignore: str | None) -> list[Rule]:
    """Rules by code, prefix or name, with the severities of the settings."""
    all_rules = rules([*map(Path, run.settings.rules), *folders])
    for path in folders:
        if not path.is_dir():
            raise UsageError(f"--rules: the folder ‘{path.name}’ does not exist", "name a folder with rule files")
    chosen = [
        rule for rule in all_rules if (not select or _named(rule, select)) and not (ignore and _named(rule, ignore))
    ]
    if not chosen:
        raise UsageError("no rule is left to run", "see the codes: kanta-gap rules")
    overrides = run.settings.tables.get("rule", {})
    return [_overridden(rule, overrides.get(rule.code, {}).get("severity")) for rule in chosen]


def _named(rule: Rule, names: str) -> bool:
    return any(part and (rule.code.startswith(part) or rule.name == part) for part in map(str.strip, names.split(",")))


def _overridden(rule: Rule, severity: str | None) -> Rule:
    if severity is None:
        return rule
    try:
        return replace(rule, severity=Severity(severity))
    except ValueError:
        raise UsageError(
            f"the severity of rule {rule.code} in the settings is none of {', '.join(Severity)}", ""
        ) from None
