"""`kanta-gap register --list`, `--compare` and `--undo`: loads as versions, and what speaks against a whole extract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from analyser.cli.session import Session, write
from analyser.messages.errors import ExitCode
from analyser.national.dates import utc_now
from analyser.register.several_files import Twice
from analyser.report.loads import compare_json, compare_text, loads_json, loads_text
from analyser.store.database import Database, open_database
from analyser.store.register_load import Together
from analyser.store.register_versions import changes, doubts, loads, undo


def list_loads(run: Session, chosen: str, output: Path | None) -> int:
    """What was loaded from where, when, by whom, and what it changed."""
    with open_database(run.database, write=False) as database:
        found = [asdict(load) for load in loads(database.connection)]
    for load in found:
        for moment in ("loaded_at", "undone_at"):
            load[moment] = load[moment].isoformat(sep=" ") if load[moment] else None
    told = loads_json(found) if chosen == "json" else loads_text(found, run.lang, width=run.width(), color=run.color())
    write(told, output)
    return ExitCode.DONE


def undo_load(run: Session, number: int) -> int:
    """Take a load back."""
    with open_database(run.database, write=True) as database:
        load = undo(database, number, utc_now())
    run.say("narration.register.undone", number=load.number, file=load.file, kind=load.kind)
    return ExitCode.DONE


def compare(run: Session, database: Database, groups: Sequence[Together], chosen: str, output: Path | None) -> int:
    """Tell what the files would change; nothing is written."""
    found: list[dict[str, Any]] = []
    for group in groups:
        rows = changes(database.connection, group)
        touched = sum(row.change in ("new", "changed", "renamed") for row in rows)
        found.append(
            {
                "files": [load.file for load in group.loads],
                "kind": group.kind.value,
                "source": group.loads[0].source,
                "whole": group.scope.ends,
                "read": sum(load.rows_read for load in group.loads),
                "same": sum(load.table.num_rows for load in group.loads) - touched,
                "rows": [asdict(row) for row in rows],
            }
        )
    told = (
        compare_json(found) if chosen == "json" else compare_text(found, run.lang, width=run.width(), color=run.color())
    )
    write(told, output)
    refused = any(load.refused.num_rows for group in groups for load in group.loads)
    return ExitCode.UNCHECKED if refused else ExitCode.DONE


def doubtful(
    run: Session, database: Database, groups: Sequence[Together], twice: Sequence[Twice], *, whole: bool
) -> bool:
    """Whether something speaks against the whole extracts; it is told, with the remedy. `whole`: all of them are said
    to be whole, and not those alone whose settings say so."""
    told = False
    for group in groups:
        if not (whole or any(load.whole for load in group.loads)):
            continue
        files = {load.file for load in group.loads}
        for one in twice:
            if {one.one, one.other} <= files:
                run.warn("narration.register.doubt.twice", **asdict(one))
                told = True
        for doubt in doubts(database.connection, group, run.settings.register_drop):
            run.warn(f"narration.register.doubt.{doubt.why}", **doubt.values)
            told = True
    if told:
        run.warn("narration.register.doubt.yes")
    return told
