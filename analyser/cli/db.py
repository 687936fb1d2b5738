"""`kanta-gap db`: the database as a whole, encrypted or not, and its persons forgotten."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from analyser.cli.options import members
from analyser.cli.session import Session, session
from analyser.errors import ExitCode, UsageError
from analyser.keys import current, make_key, read_key, unlock
from analyser.store.encryption import is_encrypted
from analyser.store.rewrite import forget_persons, recrypt
from analyser.store.upgrade import upgrade
from analyser.store.verify import verify

app = typer.Typer(add_completion=False)


class Action(StrEnum):
    """What is done to the database."""

    KEY = "key"
    """A new key file is written; no database is touched."""
    ENCRYPT = "encrypt"
    DECRYPT = "decrypt"
    REKEY = "rekey"
    FORGET_PERSONS = "forget-persons"
    UPGRADE = "upgrade"
    """Brought to the schema of this version, after a copy was made."""
    VERIFY = "verify"
    """Everything is read, and what cannot be read is told."""


@app.command()
def command(
    action: Annotated[str, typer.Argument(metavar="ACTION")],
    file: Annotated[Path | None, typer.Argument(show_default=False)] = None,
    new_key_file: Annotated[Path | None, typer.Option("--new-key-file", metavar="FILE")] = None,
    no_backup: Annotated[bool, typer.Option("--no-backup")] = False,
) -> int:
    """Encrypt the database or undo that, change its key, upgrade it, forget its persons, or read all of it."""
    run = session()
    chosen = members(action, Action, "db")
    if len(chosen) != 1:
        raise UsageError("cli.db_action", actions=list(Action))
    if (file is not None) != (chosen[0] is Action.KEY):
        raise UsageError("cli.db_file")
    if (new_key_file is not None) != (chosen[0] is Action.REKEY):
        raise UsageError("cli.db_rekey")
    if no_backup and chosen[0] is not Action.UPGRADE:
        raise UsageError("cli.db_no_backup")
    match chosen[0]:
        case Action.KEY:
            make_key(file or Path())
            run.say("narration.db.key", file=file.name if file else "")
            return ExitCode.DONE
        case Action.ENCRYPT:
            _encrypt(run.database)
        case Action.DECRYPT:
            _assert_encrypted(run.database)
            recrypt(run.database, None, "db decrypt")
        case Action.REKEY:
            _assert_encrypted(run.database)
            recrypt(run.database, read_key(new_key_file or Path()), "db rekey")
        case Action.FORGET_PERSONS:
            done = forget_persons(run.database)
            figures = {"identifiers": done.identifiers, "columns": done.columns, "left": done.left}
            run.say("narration.db.forget-persons", **figures)
            if done.cleaned:
                run.say("narration.db.cleaned", cells=done.cleaned)
            return ExitCode.UNCHECKED if done.left else ExitCode.DONE
        case Action.UPGRADE:
            _upgrade(run, backup=not no_backup)
            return ExitCode.DONE
        case Action.VERIFY:
            return _verify(run)
    run.say(f"narration.db.{chosen[0].value}", file=run.database.name)
    return ExitCode.DONE


def _upgrade(run: Session, *, backup: bool) -> None:
    done = upgrade(run.database, backup=backup)
    if done.before == done.after:
        run.say("narration.db.upgraded_already", file=run.database.name, schema=done.after)
    else:
        if done.backup is not None:
            run.say("narration.db.backup", file=done.backup)
        run.say("narration.db.upgrade", file=run.database.name, before=done.before, after=done.after)
    if done.documents:
        run.say("narration.db.read_again", files=done.files, documents=done.documents)


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
