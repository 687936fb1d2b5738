"""`kanta-gap register`: the county's own data into the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analyser.cli.options import members
from analyser.cli.session import Session, session
from analyser.coverage.periods import overlapping
from analyser.errors import ExitCode, UsageError
from analyser.limits import Limits
from analyser.places import municipalities
from analyser.register.kinds import Kind
from analyser.register.load import RegisterLoad, kind_of, read_register, rows_of
from analyser.register.several_files import agreed
from analyser.register.sources import Engine, Source, read_source
from analyser.register.sources import source as find_source
from analyser.store.database import Database, open_database
from analyser.store.register_load import load_register
from analyser.store.sources import read_duckdb

app = typer.Typer(add_completion=False)


@app.command()
def command(
    file: Annotated[list[Path] | None, typer.Argument(show_default=False)] = None,
    source: Annotated[
        list[str] | None,
        typer.Option("--source", metavar="NAME"),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(),
    ] = None,
    replace_all: Annotated[bool, typer.Option("--replace-all")] = False,
) -> int:
    """Load the county's own data. Rows with a known source_id are replaced, the rest is kept."""
    run = session()
    chosen = members(kind, Kind, "--kind")
    sources = [find_source(name, run.settings.tables["source"], Path.cwd()) for name in source or ()]
    if not file and not sources:
        raise UsageError("register.nothing_to_load")
    limits = Limits(**run.settings.tables["limits"])
    failed = 0
    emptied: set[Kind] = set()
    plain = run.creates_plain_database()
    with open_database(run.database, write=True) as database:
        wanted = chosen[0] if chosen else None
        loads = [read_register(path, wanted, database.secret, limits, run.settings.open_ends) for path in file or ()]
        loads += [_asked(run, one, wanted, database.secret, limits) for one in sources]
        for load in agreed(loads):
            done = load_register(database, load, replace_all=replace_all and load.kind not in emptied)
            emptied.add(load.kind)
            failed += done.errors
            run.say(
                "narration.register.done",
                file=done.file,
                kind=done.kind.value,
                loaded=done.loaded,
                read=done.read,
                replaced=done.replaced,
                total=done.total,
            )
            if load.repeated:
                run.say("narration.register.repeated", file=done.file, count=load.repeated)
            if done.set_apart:
                run.warn("narration.register.set_apart", file=done.file, count=done.set_apart)
            if load.unknown_columns:
                run.say("narration.register.unknown", file=done.file, columns=", ".join(load.unknown_columns))
            if load.open_ends:
                run.say("narration.register.open_ends", file=done.file, count=load.open_ends)
            for column, cells in load.hidden:
                run.warn("narration.register.hidden", file=done.file, column=column, count=cells)
            for row, column, reason in load.refusals:
                run.warn("narration.register.error", file=load.file, row=row, column=column or "–", reason=reason)
        if Kind.PERIODS in emptied:
            for one, other in overlapping(database.connection):
                failed += 1
                run.warn("narration.register.overlap", one=one, other=other)
        if Kind.POPULATION in emptied:
            _unknown_places(run, database)
    if plain:
        run.say("narration.db.plain", file=run.database.name)
    return ExitCode.UNCHECKED if failed else ExitCode.DONE


def _asked(run: Session, source: Source, kind: Kind | None, secret: bytes, limits: Limits) -> RegisterLoad:
    frame, odd = (
        read_duckdb(source, limits) if source.engine is Engine.DUCKDB else read_source(source, run.environ, limits)
    )
    return rows_of(
        frame, kind_of(frame, kind or source.kind, source.label), source.label, secret, odd, run.settings.open_ends
    )


def _unknown_places(run: Session, database: Database) -> None:
    """Warn of codes in the population that no municipality has had: they are kept, but reach no client."""
    rows = database.connection.execute("SELECT DISTINCT municipality FROM register_population ORDER BY ALL").fetchall()
    unknown = [code for (code,) in rows if code not in municipalities()]
    if unknown:
        run.warn("narration.register.places", codes=", ".join(unknown[:10]), count=len(unknown))
