"""`kanta-gap register`: the county's own data into the database."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from analyser.cli.asking import after_whom
from analyser.cli.explaining import explained
from analyser.cli.formats import formats_of
from analyser.cli.options import Format, Output, chosen_format, members
from analyser.cli.reading import asked, loads, tasks_of
from analyser.cli.register_versions import compare, doubtful, list_loads, undo_load
from analyser.cli.rejected import write_rejected
from analyser.cli.session import Session, session
from analyser.cli.telling import tell
from analyser.cli.working import Working
from analyser.coverage.periods import overlapping
from analyser.messages.errors import ExitCode, UsageError
from analyser.national.municipalities import municipalities
from analyser.register.kinds import RegisterKind
from analyser.register.several_files import agreed, twice_over
from analyser.store.database import Database, open_database
from analyser.store.register_load import joins_of, load_register
from analyser.store.register_versions import assert_source, renamed_in, together

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
    as_: Annotated[str | None, typer.Option("--as", metavar="NAME")] = None,
    explain: Annotated[bool, typer.Option("--explain")] = False,
    rejected: Annotated[Path | None, typer.Option("--rejected", metavar="FILE")] = None,
    replace_all: Annotated[bool, typer.Option("--replace-all")] = False,
    replaced: Annotated[str | None, typer.Option("--replace", metavar="NAME")] = None,
    whole: Annotated[bool, typer.Option("--whole")] = False,
    yes: Annotated[bool, typer.Option("--yes")] = False,
    comparing: Annotated[bool, typer.Option("--compare")] = False,
    listing: Annotated[bool, typer.Option("--list")] = False,
    undo: Annotated[int | None, typer.Option("--undo", metavar="N")] = None,
    format_: str = Format,
    output: Path | None = Output,
) -> int:
    """Load the county's own data. Rows with a known source_id are replaced, the rest is kept."""
    run = session()
    shown = chosen_format(format_, formats_of("register"))
    if listing:
        return list_loads(run, shown, output)
    if undo is not None:
        return undo_load(run, undo)
    chosen = members(kind, RegisterKind, "--kind")
    if not (file or source or as_):
        raise UsageError("register.nothing_to_load")
    if explain:
        return explained(run, file or [], source or [], as_, chosen[0] if chosen else None, shown, output)
    failed = 0
    plain = not comparing and run.creates_plain_database()
    with open_database(run.database, write=not comparing) as database, Working(quiet=run.quiet) as working:
        what = asked(run, database, file or [], source or [], as_, chosen[0] if chosen else None)
        read = list(loads(run, what, database.secret, working))
        if replaced is not None:
            assert_source(database, replaced, {load.kind for load in read}, run.settings.tables)
            read = [load.under(replaced) for load in read]
        # Who is one person is known before anybody's rows are judged.
        read.sort(key=lambda load: load.kind is not RegisterKind.IDENTITIES)
        anew = replace_all and any(load.kind is RegisterKind.IDENTITIES for load in read)
        found = agreed(read, () if anew else joins_of(database.connection))
        extracts = together(database.connection, found, whole=whole, replace_all=replace_all, replaced=replaced)
        after = after_whom(run, database)
        for own in extracts:
            own.scope = replace(own.scope, succession=after["organisers"], renumbered=after["ids"])
        working.rest()
        if comparing:
            return compare(run, database, extracts, shown, output)
        if not yes and doubtful(run, database, extracts, twice_over(read), whole=whole):
            return ExitCode.UNCHECKED
        tasks = tasks_of(what, found)
        renamed = {id(one): renamed_in(database.connection, one) for one in extracts}
        for load, extract in ((load, one) for one in extracts for load in one.loads):
            working.at("narration.register.progress.loading", rows=load.table.num_rows)
            done = load_register(database, load, extract)
            working.rest()
            failed += done.errors + done.others
            # A row that names several service tasks is loaded once for each.
            run.say(
                "narration.register.done" if done.loaded <= done.read else "narration.register.done_several",
                file=done.file,
                kind=done.kind.value,
                loaded=done.loaded,
                read=done.read,
                replaced=done.replaced,
                total=done.total,
            )
            if load.repeated:
                run.say("narration.register.repeated", file=done.file, count=load.repeated)
            if done.gone:
                run.say("narration.register.gone", file=done.file, count=done.gone)
                if count := renamed[id(extract)]:
                    run.say("narration.register.renamed", file=done.file, count=count)
            if done.left:
                run.say("narration.register.kept", file=done.file, count=done.left)
            if done.others:
                run.warn("narration.register.others", file=done.file, count=done.others)
            if done.set_apart:
                run.warn("narration.register.set_apart", file=done.file, count=done.set_apart)
            tell(run, load, tasks)
        kinds = {one.kind for one in extracts}
        if RegisterKind.PERIODS in kinds:
            for one, other in overlapping(database.connection):
                failed += 1
                run.warn("narration.register.overlap", one=one, other=other)
        if RegisterKind.POPULATION in kinds:
            _unknown_places(run, database)
    if rejected is not None:
        count = write_rejected(rejected, found, run.lang, excel=run.settings.csv_for == "excel")
        run.say("narration.register.rejected", file=rejected.name, count=count)
    if plain:
        run.say("narration.db.plain", file=run.database.name)
    return ExitCode.UNCHECKED if failed else ExitCode.DONE


def _unknown_places(run: Session, database: Database) -> None:
    """Warn of codes in the population that no municipality has had: they are kept, but reach no client."""
    rows = database.connection.execute("SELECT DISTINCT municipality FROM register_population ORDER BY ALL").fetchall()
    unknown = [code for (code,) in rows if code not in municipalities()]
    if unknown:
        run.warn("narration.register.places", codes=", ".join(unknown[:10]), count=len(unknown))
