"""What was told of a period when it was closed, told again: the same bytes, whatever has been read or set since."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from analyser.cli.options import chosen_format
from analyser.cli.session import Session, write
from analyser.cli.spreadsheet import as_asked
from analyser.coverage.periods import parse_period
from analyser.messages.errors import ExitCode, UsageError
from analyser.store.closing import Closing, chosen, closings, coverage_told, gaps_told
from analyser.store.database import Database, open_database

FORMATS = ("text", "json", "csv")
"""In which a closed period was kept."""
GAPS_SHOWN = 50
"""Rows of each class that the text of `gaps` shows when nothing else is said."""


def tell_again(
    run: Session,
    command: str,
    period: str | None,
    which: int,
    form: str,
    output: Path | None,
    others: Mapping[str, object],
    *,
    exit_zero: bool,
) -> int:
    """Write what `coverage` or `gaps` told at a closing; returns the exit code that it had.

    `which`: the period's first, second … closing; 0 the newest. `others`: options that ask for something else than what
    was kept; none of them may be given.
    """
    wanted = chosen_format(form, FORMATS)
    if given := [name for name, value in others.items() if value not in (None, False, [])]:
        raise UsageError("period.only_as_told", options=given)
    with open_database(run.database, write=False) as database:
        closing = find(database, period, which)
        if command == "coverage":
            told = coverage_told(database.connection, closing, wanted, run.lang)
        else:
            told = gaps_told(database.connection, closing, f"text-{run.lang}" if wanted == "text" else wanted)
    write(as_asked(run, told) if wanted == "csv" else told, output)
    run.say(
        "narration.period.as_told",
        period=closing.period,
        number=closing.number,
        moment=closing.closed_at.isoformat(" "),
        version=closing.tool_version,
    )
    code = closing.coverage_code if command == "coverage" else closing.gaps_code
    return ExitCode.DONE if exit_zero else ExitCode(code)


def find(database: Database, period: str | None, which: int) -> Closing:
    """The closing that is meant; without a period the newest of all."""
    connection = database.connection
    if period is None:
        newest = closings(connection)
        if not newest:
            raise UsageError("period.none_closed")
        period, days = newest[-1].period, (newest[-1].start, newest[-1].end)
    elif any(one.period == period for one in closings(connection)):
        days = next((one.start, one.end) for one in closings(connection) if one.period == period)
    else:
        asked = parse_period(period, connection)
        period, days = asked.id, (asked.start, asked.end)
    return chosen(connection, period, days, which or None)
