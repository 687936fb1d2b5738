"""`kanta-gap forget`: a source and what was read from it leave the database."""

from __future__ import annotations

import sys

import typer

from analyser.cli.session import Session, session
from analyser.ingest.forget import ForgottenSource, forget
from analyser.messages.catalogue import text
from analyser.messages.errors import ExitCode
from analyser.store.database import must_exist, open_database

app = typer.Typer(add_completion=False)


@app.command()
def command(
    source: str = typer.Argument(show_default=False),
    dry_run: bool = typer.Option(False, "--dry-run"),
    yes: bool = typer.Option(False, "--yes"),
) -> int:
    """Take a source, and what was read from it, out of the database."""
    run = session()
    must_exist(run.database)
    with open_database(run.database, write=True) as database:
        if dry_run or (not yes and sys.stdin.isatty() and sys.stderr.isatty()):
            _tell(run, forget(database, source, dry=True), "would")
            if dry_run or not agreed(run, "narration.forget.ask"):
                return ExitCode.DONE
        _tell(run, forget(database, source, dry=False), "done")
    return ExitCode.DONE


def _tell(run: Session, done: ForgottenSource, state: str) -> None:
    before, after = done.before, done.after
    run.say(
        f"narration.forget.{state}",
        documents=before.documents - after.documents,
        frames=before.frames - after.frames,
        quarantined=before.quarantined - after.quarantined,
        identities=before.identities - after.identities,
    )
    if done.elsewhere:
        run.say("narration.forget.elsewhere", count=done.elsewhere)
    run.say("narration.forget.held", before=before.documents, after=after.documents)


def agreed(run: Session, question: str) -> bool:
    """Whether the person at the terminal agrees; anything but a clear yes is a no."""
    sys.stderr.write(text(run.lang, question) + " ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in text(run.lang, "narration.forget.answers").split()
