"""`kanta-gap db`: the database as a whole, encrypted or not, and its persons forgotten."""

from __future__ import annotations

import datetime as dt
import getpass
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from analyser.cli.asking import named
from analyser.cli.forget import agreed
from analyser.cli.options import day, members
from analyser.cli.session import Session, session, today
from analyser.ingest.forget_person import ForgottenPerson, forget_person, would_go
from analyser.messages.catalogue import day as day_of
from analyser.messages.catalogue import text
from analyser.messages.errors import ExitCode, UsageError
from analyser.national.identifiers import holds_identifier
from analyser.store.database import must_exist
from analyser.store.encryption import is_encrypted
from analyser.store.rewrite import forget_persons, recrypt
from analyser.store.upgrade import Planned, upgrade
from analyser.store.verify import verify
from analyser.system.keys import current, make_key, read_key, unlock

app = typer.Typer(add_completion=False)


class DatabaseAction(StrEnum):
    """What is done to the database."""

    KEY = "key"
    """A new key file is written; no database is touched."""
    ENCRYPT = "encrypt"
    DECRYPT = "decrypt"
    REKEY = "rekey"
    FORGET_PERSONS = "forget-persons"
    FORGET_PERSON = "forget-person"
    """One person is erased, with what is about nobody else."""
    UPGRADE = "upgrade"
    """Brought to the schema of this version, after a copy was made."""
    VERIFY = "verify"
    """Everything is read, and what cannot be read is told."""


@app.command()
def command(
    action: Annotated[str, typer.Argument(metavar="ACTION")],
    file: Annotated[str | None, typer.Argument(metavar="FILE|WHO", show_default=False)] = None,
    new_key_file: Annotated[Path | None, typer.Option("--new-key-file", metavar="FILE")] = None,
    no_backup: Annotated[bool, typer.Option("--no-backup")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    yes: Annotated[bool, typer.Option("--yes")] = False,
    before: Annotated[str | None, typer.Option("--before", metavar="DATE")] = None,
) -> int:
    """Encrypt the database or undo that, change its key, upgrade it, forget one person or all, or read all of it."""
    run = session()
    chosen = members(action, DatabaseAction, "db")
    if len(chosen) != 1:
        raise UsageError("cli.db_action", actions=list(DatabaseAction))
    if (
        file is None
        if chosen[0] is DatabaseAction.KEY
        else file is not None and chosen[0] is not DatabaseAction.FORGET_PERSON
    ):
        raise UsageError("cli.db_file")
    if before is not None and chosen[0] is not DatabaseAction.FORGET_PERSONS:
        raise UsageError("cli.db_before")
    if (dry_run or yes) and chosen[0] is not DatabaseAction.FORGET_PERSON and before is None:
        raise UsageError("cli.db_forget_person")
    if (new_key_file is not None) != (chosen[0] is DatabaseAction.REKEY):
        raise UsageError("cli.db_rekey")
    if no_backup and chosen[0] is not DatabaseAction.UPGRADE:
        raise UsageError("cli.db_no_backup")
    match chosen[0]:
        case DatabaseAction.KEY:
            made = Path(file or "")
            make_key(made)
            run.say("narration.db.key", file=made.name)
            return ExitCode.DONE
        case DatabaseAction.ENCRYPT:
            _encrypt(run.database)
        case DatabaseAction.DECRYPT:
            _assert_encrypted(run.database)
            recrypt(run.database, None, "db decrypt")
        case DatabaseAction.REKEY:
            _assert_encrypted(run.database)
            recrypt(run.database, read_key(new_key_file or Path()), "db rekey")
        case DatabaseAction.FORGET_PERSONS if before is not None:
            return _forget_past(run, before, dry=dry_run, yes=yes)
        case DatabaseAction.FORGET_PERSONS:
            done = forget_persons(run.database)
            figures = {"identifiers": done.identifiers, "columns": done.columns, "left": done.left}
            run.say("narration.db.forget-persons", **figures)
            if done.cleaned:
                run.say("narration.db.cleaned", cells=done.cleaned)
            return ExitCode.UNCHECKED if done.left else ExitCode.DONE
        case DatabaseAction.FORGET_PERSON:
            return _forget_person(run, file, dry=dry_run, yes=yes)
        case DatabaseAction.UPGRADE:
            _upgrade(run, backup=not no_backup)
            return ExitCode.DONE
        case DatabaseAction.VERIFY:
            return _verify(run)
    run.say(f"narration.db.{chosen[0].value}", file=run.database.name)
    return ExitCode.DONE


def _forget_person(run: Session, given: str | None, *, dry: bool, yes: bool) -> ExitCode:
    must_exist(run.database)
    who = _who(run) if given is None else given
    if given is not None and holds_identifier(given):
        raise UsageError("cli.identifier_given")
    terminal = sys.stdin.isatty() and sys.stderr.isatty()
    if dry or (terminal and not yes):
        _tell_person(run, would_go(run.database, who), "would")
        if dry or not agreed(run, "narration.forget.ask"):
            return ExitCode.DONE
    done = forget_person(run.database, who)
    _tell_person(run, done, "done")
    if done.cleaned:
        run.say("narration.db.cleaned", cells=done.cleaned)
    run.say("narration.db.person.elsewhere")
    return ExitCode.DONE


def _forget_past(run: Session, before: str, *, dry: bool, yes: bool) -> ExitCode:
    """Everybody of whom nothing that is known reaches the day."""
    must_exist(run.database)
    first = day(before, "--before")
    if first is None or first > today():
        raise UsageError("cli.db_before_today")
    terminal = sys.stdin.isatty() and sys.stderr.isatty()
    if dry or (terminal and not yes):
        _tell_persons(run, would_go(run.database, first), first, "would")
        if dry or not agreed(run, "narration.forget.ask"):
            return ExitCode.DONE
    done = forget_person(run.database, first)
    _tell_persons(run, done, first, "done")
    if done.cleaned:
        run.say("narration.db.cleaned", cells=done.cleaned)
    if done.persons:
        run.say("narration.db.person.elsewhere")
    return ExitCode.DONE


def _tell_persons(run: Session, found: ForgottenPerson, first: dt.date, state: str) -> None:
    if not found.persons:
        run.say("narration.db.persons.nobody", day=day_of(run.lang, first))
        return
    run.say(
        f"narration.db.persons.{state}",
        day=day_of(run.lang, first),
        persons=found.persons,
        documents=found.documents,
        rows=found.rows,
        quarantined=found.quarantined,
    )
    _tell_left(run, found)


def _who(run: Session) -> str:
    """Who is to be forgotten, from where it stays in no history and no list of processes; not echoed on a terminal."""
    if sys.stdin.isatty():
        who = getpass.getpass(text(run.lang, "narration.db.person.ask") + " ", stream=sys.stderr)
    else:
        who = sys.stdin.readline()
    if not who.strip():
        raise UsageError("cli.nobody_given")
    return who.strip()


def _tell_person(run: Session, found: ForgottenPerson, state: str) -> None:
    run.say(
        f"narration.db.person.{state}",
        identities=found.identities,
        documents=found.documents,
        rows=found.rows,
        quarantined=found.quarantined,
    )
    _tell_left(run, found)


def _tell_left(run: Session, found: ForgottenPerson) -> None:
    """What stays of them, and without them."""
    if found.shared:
        run.say("narration.db.person.shared", count=found.shared)
    if found.delivered:
        run.say("narration.db.person.delivered", count=found.delivered)


def _upgrade(run: Session, *, backup: bool) -> None:
    def tell(plan: Planned) -> None:
        run.say("narration.db.upgrade_plan", file=run.database.name, before=plan.before, after=plan.after)
        if plan.documents or plan.rows:
            run.say("narration.db.upgrade_older", documents=plan.documents, rows=plan.rows)

    done = upgrade(run.database, backup=backup, tell=tell)
    if done.before == done.after:
        run.say("narration.db.upgraded_already", file=run.database.name, schema=done.after)
    else:
        if done.backup is not None:
            run.say("narration.db.backup", file=done.backup)
    if done.documents:
        run.say("narration.db.read_again", files=done.files, documents=done.documents)
    if done.rows:
        run.say("narration.db.load_again", rows=sum(done.rows.values()), files=named(done.rows))


def _verify(run: Session) -> ExitCode:
    found = verify(run.database)
    if found.unreadable:
        run.warn("narration.db.unreadable", tables=", ".join(found.unreadable), count=len(found.unreadable))
    if not found.trail_sound:
        run.warn("narration.db.trail")
    run.say("narration.db.verify", tables=found.tables - len(found.unreadable), rows=found.rows)
    if found.unreadable:
        return ExitCode.UNCHECKED
    return ExitCode.DONE if found.trail_sound else ExitCode.FINDINGS


def _encrypt(path: Path) -> None:
    if is_encrypted(path):
        raise UsageError("store.encrypted_already", file=path.name)
    key = current()
    if key is None:
        raise UsageError("store.no_key")
    unlock(lambda: None)  # the file that is there has no key
    recrypt(path, key, "db encrypt")


def _assert_encrypted(path: Path) -> None:
    if path.exists() and not is_encrypted(path):
        raise UsageError("store.not_encrypted", file=path.name)
