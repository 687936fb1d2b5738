"""`kanta-gap db`: the database as a whole, encrypted or not, and its persons forgotten."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from analyser.cli.options import members
from analyser.cli.session import session
from analyser.errors import ExitCode, UsageError
from analyser.keys import current, make_key, read_key, unlock
from analyser.store.encryption import is_encrypted
from analyser.store.rewrite import forget_persons, recrypt

app = typer.Typer(add_completion=False)


class Action(StrEnum):
    """What is done to the database."""

    KEY = "key"
    """A new key file is written; no database is touched."""
    ENCRYPT = "encrypt"
    DECRYPT = "decrypt"
    REKEY = "rekey"
    FORGET_PERSONS = "forget-persons"


@app.command()
def command(
    action: Annotated[str, typer.Argument(metavar="ACTION")],
    file: Annotated[Path | None, typer.Argument(show_default=False)] = None,
    new_key_file: Annotated[Path | None, typer.Option("--new-key-file", metavar="FILE")] = None,
) -> int:
    """Encrypt the database, take the encryption away, change its key, or forget its persons."""
    run = session()
    chosen = members(action, Action, "db")
    if len(chosen) != 1:
        raise UsageError("cli.db_action", actions=list(Action))
    if (file is not None) != (chosen[0] is Action.KEY):
        raise UsageError("cli.db_file")
    if (new_key_file is not None) != (chosen[0] is Action.REKEY):
        raise UsageError("cli.db_rekey")
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
    run.say(f"narration.db.{chosen[0].value}", file=run.database.name)
    return ExitCode.DONE


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
