"""`kanta-gap log`: who did what to the database, and who was shown identifiers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from analyser.cli.formats import formats_of
from analyser.cli.options import Format, Output, chosen_format, day
from analyser.cli.session import session, write
from analyser.cli.spreadsheet import write_csv
from analyser.messages.errors import ExitCode
from analyser.report.trail import trail_csv, trail_json, trail_text
from analyser.store.audit import AuditEntry, missing, trail
from analyser.store.database import open_database
from analyser.store.readings import beside, waiting

app = typer.Typer(add_completion=False)


@app.command()
def command(
    since: str | None = typer.Option(None, "--since", metavar="DATE"),
    format_: str = Format,
    output: Path | None = Output,
) -> int:
    """Show the audit trail: every ingest, register load, delivery, reveal and change of the database."""
    run = session()
    chosen = chosen_format(format_, formats_of("log"))
    first = day(since, "--since")
    with open_database(run.database, write=False) as database:
        whole = trail(database)
        gone = missing(database)
    shown: Sequence[AuditEntry] = [entry for entry in whole if first is None or entry.happened_at.date() >= first]
    if chosen == "json":
        write(trail_json(shown), output)
    elif chosen == "csv":
        write_csv(run, trail_csv(shown), output)
    else:
        write(trail_text(shown, run.lang, width=run.width(), color=run.color()), output)
    if gone:
        run.warn("narration.log.cut" if gone > 0 else "narration.log.other_end", count=gone)
    if outside := waiting(run.database):
        run.say("narration.log.waiting", count=outside, file=beside(run.database).name)
    broken = [entry.number for entry in whole if not entry.sound]
    if broken:
        run.warn("narration.log.broken", numbers=", ".join(map(str, broken[:10])))
    return ExitCode.FINDINGS if broken or gone else ExitCode.DONE
