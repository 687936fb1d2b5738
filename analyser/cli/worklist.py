"""`kanta-gap worklist`: the rows that somebody has to mend, one workbook for each who mends them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analyser.cli.asking import asked, keep_shown, say_stale
from analyser.cli.deciding import say_settings
from analyser.cli.options import AsOf, members
from analyser.cli.session import session
from analyser.coverage.measure import model_to_reveal
from analyser.coverage.stale import stale
from analyser.coverage.worklist import SplitBy, WorkLists, worklists
from analyser.delivery.folder import assert_free, put_folder
from analyser.messages.errors import ExitCode, NothingToCheckError, UsageError
from analyser.report.worklist import INDEX, lists_of_work, progress, read_index

app = typer.Typer(add_completion=False)


@app.command()
def command(
    period: Annotated[str, typer.Option("--period", metavar="P")],
    split_by: Annotated[str, typer.Option("--split-by", metavar="unit|producer|fixed-by")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR")],
    since: Annotated[Path | None, typer.Option("--since", metavar="DIR")] = None,
    pages: Annotated[bool, typer.Option("--pages")] = False,
    reveal_ids: Annotated[bool, typer.Option("--reveal-ids")] = False,
    as_of: str | None = AsOf,
) -> int:
    """Write the rows to mend as one workbook for each who mends them, and an index."""
    run = session()
    split = members(split_by, SplitBy, "--split-by")
    if len(split) != 1:
        raise UsageError("worklist.one_split")
    assert_free(out)
    earlier = _earlier(since)
    with asked(run, period, as_of) as (database, request):
        model = model_to_reveal(database, request, reveal=reveal_ids)
        made, ends = worklists(model, split[0], reveal=reveal_ids), stale(model)
    if not made.rows_of_period:
        raise NothingToCheckError("worklist.no_rows", period=made.period.id)
    before = read_index(earlier, made.period.id, INDEX) if earlier is not None else None
    keep_shown(run, "worklist", _shown(made), reveal=reveal_ids)
    files = lists_of_work(made, before, run.lang, pages=pages, county=run.settings.county_name, ends=ends)
    put_folder(out, files, INDEX)
    run.say("narration.worklist.written", lists=len(made.lists), rows=made.rows, folder=out.name)
    say_stale(run, ends)
    say_settings(run)
    if before is not None:
        run.say("narration.worklist.progress", **progress(made, before))
    return ExitCode.DONE


def _earlier(folder: Path | None) -> bytes | None:
    """The index of an earlier folder, looked at before anything is reckoned."""
    if folder is None:
        return None
    index = folder / INDEX
    if not index.is_file():
        raise UsageError("worklist.no_index", folder=folder.name)
    return index.read_bytes()


def _shown(made: WorkLists) -> dict[str, int | str | bool | None]:
    return {
        "period": made.period.id,
        "rows": made.rows,
        "persons": len({row["person_key"] for one in made.lists for row in one.rows}),
        "format": "xlsx",
    }
