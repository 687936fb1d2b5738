"""The audit trail: every write to the database and every reveal of identifiers leaves a row."""

from __future__ import annotations

import datetime as dt
import getpass
import json
from collections.abc import Mapping

from analyser.store.database import Database


def note(database: Database, command: str, detail: Mapping[str, int | str | bool | None]) -> None:
    """Keep that `command` ran, with counts and hashes in `detail`; never identifiers or paths."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # a container without a password entry for its user
        user = "unknown"
    database.connection.execute(
        "INSERT INTO audit VALUES ($now, $command, $detail, $user)",
        {
            "now": dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0),
            "command": command,
            "detail": json.dumps(dict(detail), sort_keys=True, ensure_ascii=False),
            "user": user,
        },
    )
