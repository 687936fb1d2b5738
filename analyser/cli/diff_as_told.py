"""`kanta-gap diff --as-told`: a period of now against what was told of it when it was closed, with the cause."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from analyser.cli.as_told import find
from analyser.cli.asking import question
from analyser.cli.session import Session, write
from analyser.coverage.fingerprints import fingerprints
from analyser.coverage.measure import gaps
from analyser.coverage.periods import parse_period
from analyser.coverage.result import Period
from analyser.messages.catalogue import text
from analyser.messages.errors import ExitCode, UsageError
from analyser.report.json import dump, gaps_json
from analyser.report.page import Page, printable
from analyser.rules.difference import Cause, RowDifference, Snapshot, difference, snapshot_of_saved
from analyser.store.closing import ClosedFrom, Closing, gaps_told, sources
from analyser.store.database import Database, open_database

TOLD_DIFF_SCHEMA = "kanta-gap/diff-as-told/1"
_NAMES = {Cause.SETTINGS: "settings", Cause.VERSION: "tool"}
_DATA = ("register", "archive", "identities")


def command(run: Session, which: int, period: str | None, form: str, output: Path | None, exit_zero: bool) -> int:
    """Tell what differs. `which`: the period's first, second … closing; 0 the newest."""
    with open_database(run.database, write=False) as database:
        closing = find(database, period, which)
        before = snapshot_of_saved(orjson.loads(gaps_told(database.connection, closing, "json")))
        asked = question(run, _now(database, closing))
        told = gaps(database, asked)
        prints = fingerprints(database.connection, asked)
        now = sources(database.connection, prints.tool, prints.settings)
    after = snapshot_of_saved(
        orjson.loads("".join(gaps_json(told)))  # without fingerprints: causes are told from `now`
    )
    rows = _rows(before, after, closing.period)
    changed = [
        name for name in ("register", "archive", "identities", "settings", "tool") if _differs(closing, now, name)
    ]
    told_rows = [(row, _cause(row, before, after, changed)) for row in rows]
    if form == "json":
        write(_json(closing, changed, told_rows), output)
    else:
        write(_text(run, closing, changed, told_rows), output)
    if exit_zero:
        return ExitCode.DONE
    return ExitCode.FINDINGS if any(row.added for row in rows) else ExitCode.DONE


def _now(database: Database, closing: Closing) -> Period:
    """The period as it is called now: by its name, else with the days that it had."""
    try:
        return parse_period(closing.period, database.connection)
    except UsageError:
        return Period(closing.period, closing.start, closing.end)


def _rows(before: Snapshot, after: Snapshot, period: str) -> tuple[RowDifference, ...]:
    found = difference(before, after)
    if found is None:
        raise UsageError("period.not_closed", period=period)
    return found.ledger


def _differs(closing: Closing, now: ClosedFrom, name: str) -> bool:
    return bool(getattr(closing.sources, name) != getattr(now, name))


def _cause(row: RowDifference, before: Snapshot, after: Snapshot, changed: list[str]) -> list[str]:
    """What the county's list says otherwise was changed there; else all that has changed may be it."""
    one, other = (before.ledger or {}).get(row.subject), (after.ledger or {}).get(row.subject)
    if one is None or other is None or one.register != other.register:
        return ["register"]
    others = [name for name in changed if name != "register"]
    return others or changed


def _json(closing: Closing, changed: list[str], rows: list[tuple[RowDifference, list[str]]]) -> str:
    return dump(
        {
            "schema": TOLD_DIFF_SCHEMA,
            "closing": {
                "number": closing.number,
                "period": closing.period,
                "closed_at": closing.closed_at.isoformat(),
                "tool_version": closing.tool_version,
            },
            "changed": changed,
            "rows": [
                {
                    "source_id": row.subject,
                    "change": "new" if row.before is None else "gone" if row.after is None else "changed",
                    "before": row.before,
                    "after": row.after,
                    "added": row.added,
                    "causes": causes,
                }
                for row, causes in rows
            ],
        }
    )


def _text(run: Session, closing: Closing, changed: list[str], rows: list[tuple[RowDifference, list[str]]]) -> str:
    lang = run.lang

    def names(causes: list[str]) -> str:
        return ", ".join(text(lang, f"rules.diff.told_cause.{name}") for name in causes)

    page = Page(run.width(), run.color())
    page.heading(text(lang, "rules.diff.told_head", number=closing.number, period=closing.period))
    if not changed:
        page.line(text(lang, "rules.diff.told_same"))
        return page.text()
    page.line(text(lang, "rules.diff.told_changed", causes=names(changed)))
    if rows:
        page.heading(text(lang, "rules.diff.changed"))
    for row, causes in rows:
        was = text(lang, "rules.diff.was", before=_side(row.before), after=_side(row.after))
        page.line(f"{printable(row.subject)}: {was} ({names(causes)})", hang=4)
    if not rows:
        page.line(text(lang, "rules.diff.none"))
    return page.text()


def _side(side: Any) -> str:
    if side is None:
        return "–"
    return f"{side['class']} ({', '.join(side['reasons'])})" if side["reasons"] else str(side["class"])
