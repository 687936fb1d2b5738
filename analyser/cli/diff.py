"""`kanta-gap diff`: two databases or two saved results, what changed between them, and the likely cause."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from analyser.cli import diff_as_told
from analyser.cli.asking import request
from analyser.cli.formats import formats_of
from analyser.cli.options import AsTold, ExitZero, Format, Output, Period, chosen_format
from analyser.cli.rulebook import Folders, Ignore, Select, chosen
from analyser.cli.session import Session, session, write
from analyser.messages.catalogue import number, text
from analyser.messages.errors import ExitCode, UsageError
from analyser.messages.suggestion import meant
from analyser.report.check.text import row_told
from analyser.report.json import dump
from analyser.report.page import Page, printable
from analyser.rules.catalogue import Severity
from analyser.rules.check import run_check
from analyser.rules.difference import (
    Cause,
    Difference,
    LedgerRow,
    RowDifference,
    Snapshot,
    difference,
    snapshot_of_check,
    snapshot_of_saved,
)
from analyser.rules.findings import NEUTRAL, ROW
from analyser.rules.policy import Policy
from analyser.rules.saved import is_saved, read_saved
from analyser.store.database import open_database

app = typer.Typer(add_completion=False)
DIFF_SCHEMA = "kanta-gap/diff/1"
FAILING: dict[str, tuple[Severity, ...]] = {
    "error": (Severity.ERROR,),
    "warning": (Severity.ERROR, Severity.WARNING),
    "info": tuple(Severity),
    "never": (),
}
"""Added findings of which weight end as 1."""


@app.command()
def command(
    before: Annotated[Path | None, typer.Argument(show_default=False)] = None,
    after: Annotated[Path | None, typer.Argument(show_default=False)] = None,
    period: str | None = Period,
    select: str | None = Select,
    ignore: str | None = Ignore,
    folders: list[Path] = Folders,
    rows: int = typer.Option(10, "--rows", min=0),
    format_: str = Format,
    output: Path | None = Output,
    fail_on: str = typer.Option("info", "--fail-on"),
    exit_zero: bool = ExitZero,
    as_told: int | None = AsTold,
) -> int:
    """Compare two databases or two saved results: new and gone findings, rows that changed class, and why."""
    run = session()
    format_ = chosen_format(format_, formats_of("diff"))
    if (failing := FAILING.get(fail_on)) is None:
        raise UsageError(
            "cli.none_of", hint=meant(fail_on, FAILING), option="--fail-on", name=fail_on, known=list(FAILING)
        )
    if as_told is not None and before is None and after is None:
        return diff_as_told.command(run, as_told, period, format_, output, exit_zero)
    if before is None or after is None or as_told is not None:
        raise UsageError("cli.diff_two")
    policies, _ = chosen(run, folders, select, ignore)
    # A database is asked for the period that the saved result beside it is of.
    saved = {path: _saved(path) for path in (before, after) if is_saved(path)}
    period = period or next((found.period for found in saved.values()), None)
    one = saved[before] if before in saved else _database(before, run, policies, period)
    other = saved[after] if after in saved else _database(after, run, policies, period)
    found = difference(one, other)
    if found is None:
        why = (
            text(run.lang, "rules.diff.kinds")
            if one.period == other.period
            else text(run.lang, "rules.diff.periods", before=one.period, after=other.period)
        )
        run.warn("rules.diff.impossible", why=why)
        return ExitCode.DONE if exit_zero else ExitCode.UNCHECKED
    write(_json(found) if format_ == "json" else _text(found, run, rows), output)
    if exit_zero:
        return ExitCode.DONE
    if found.uncompared:
        return ExitCode.UNCHECKED
    return ExitCode.FINDINGS if found.added_of(failing) else ExitCode.DONE


def _saved(path: Path) -> Snapshot:
    document = read_saved(path)
    try:
        return snapshot_of_saved(document)
    except (KeyError, TypeError, ValueError):
        raise UsageError("rules.not_whole", file=path.name) from None


def _database(path: Path, run: Session, policies: list[Policy], period: str | None) -> Snapshot:
    with open_database(path, write=False) as database:
        check = run_check(database, request(run, database, period), policies, run.settings.rule_time_limit)
        ledger = database.connection.execute(
            'SELECT source_id, class, reasons, layer, start, "end" FROM ledger'
        ).fetchall()
    rows = {source_id: LedgerRow(class_, tuple(reasons), tuple(told)) for source_id, class_, reasons, *told in ledger}
    return snapshot_of_check(check, rows)


def _json(found: Difference) -> str:
    def side(snapshot: Snapshot) -> dict[str, Any]:
        return {"period": snapshot.period, "as_of": snapshot.as_of, "tool_version": snapshot.version}

    def row(name: str, entry: RowDifference) -> dict[str, Any]:
        change = "new" if entry.before is None else "gone" if entry.after is None else "changed"
        told = {"change": change, "before": entry.before, "after": entry.after, "added": entry.added}
        return {name: entry.subject, **told, **_causes(entry.causes)}

    return dump(
        {
            "schema": DIFF_SCHEMA,
            "before": side(found.before),
            "after": side(found.after),
            "added": found.added,
            "rules": [
                {
                    "code": rule.code,
                    "name": rule.name,
                    **_causes(rule.causes),
                    "new": [_plainly(finding) for finding in rule.new],
                    "gone": [_plainly(finding) for finding in rule.gone],
                }
                for rule in found.rules
            ],
            "ledger": [row("source_id", entry) for entry in found.ledger],
            "cells": [row("cell", entry) for entry in found.cells],
            "uncompared": list(found.uncompared),
        }
    )


def _plainly(finding: Mapping[str, str | None]) -> dict[str, str | None]:
    return {name: value for name, value in finding.items() if name != NEUTRAL}


def _causes(causes: tuple[Cause, ...]) -> dict[str, Any]:
    return {"cause": causes[0].value, "causes": [cause.value for cause in causes]}


def _cause_told(lang: str, causes: tuple[Cause, ...], *, sure: bool) -> str:
    """One cause; or all that may be it, where the results do not tell."""
    named = "; ".join(text(lang, f"rules.diff.{cause}") for cause in causes)
    if len(causes) > 1:
        return text(lang, "rules.diff.causes", causes=named)
    return text(lang, "rules.diff.cause" if sure else "rules.diff.likely", cause=named)


def _text(found: Difference, run: Session, limit: int) -> str:
    lang = run.lang
    page = Page(run.width(), run.color())
    page.heading(f"{text(lang, 'rules.diff.head')} {found.after.period}")
    for key, chosen_rows in (("new", "new"), ("gone", "gone")):
        rules = [(rule, getattr(rule, chosen_rows)) for rule in found.rules if getattr(rule, chosen_rows)]
        if rules:
            page.heading(text(lang, f"rules.diff.{key}"))
        for rule, rows in rules:
            cause = _cause_told(lang, rule.causes, sure=found.sure)
            page.line(f"{rule.code} {rule.name}: {number(lang, len(rows))} ({cause})", hang=2)
            shown = rows[:limit] if limit else rows
            for row in shown:
                page.line("  " + row_told(tuple(row[name] for name in ROW)), hang=6)
            if len(rows) > len(shown):
                count = len(rows) - len(shown)
                page.line("  " + text(lang, "rules.check.more", count=count, code=rule.code), hang=4)
    for key, entries in (("changed", found.ledger), ("cells", found.cells)):
        if entries:
            page.heading(text(lang, f"rules.diff.{key}"))
        for entry in entries:
            was = text(lang, "rules.diff.was", before=_told(entry.before), after=_told(entry.after))
            cause = _cause_told(lang, entry.causes, sure=found.sure)
            page.line(f"{printable(entry.subject)}: {was} ({cause})", hang=4)
    page.gap()
    if found.uncompared:
        page.line(text(lang, "rules.diff.uncompared", codes=", ".join(found.uncompared)), hang=2)
    new, gone = sum(len(rule.new) for rule in found.rules), sum(len(rule.gone) for rule in found.rules)
    changed = len(found.ledger) + len(found.cells)
    if not (new or gone or changed):
        page.line(text(lang, "rules.diff.none"))
    counts = {"new": new, "gone": gone, "changed": changed}
    page.line(text(lang, "rules.diff.counts", **counts))
    return page.text()


def _told(side: Any) -> str:
    if side is None:
        return "–"
    if "class" in side:
        return f"{side['class']} ({', '.join(side['reasons'])})" if side["reasons"] else str(side["class"])
    return " ".join(f"{name} {count}" for name, count in side.items() if count)
