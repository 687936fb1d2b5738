"""`kanta-gap synth`: a synthetic county with known truth."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, cast

import typer

from analyser.cli.options import chosen_format, members
from analyser.cli.session import session
from analyser.messages.errors import ExitCode
from analyser.synth import Defect, Quirk, Situation, synthesise
from analyser.synth.county import Container

app = typer.Typer(add_completion=False)
_NAMED: dict[str, Defect | Situation | Quirk] = {str(one): one for one in (*Defect, *Situation, *Quirk)}
_Wrong = StrEnum("_Wrong", {one.name: str(one) for one in _NAMED.values()})  # type: ignore[misc]


@app.command()
def command(
    out: Annotated[Path, typer.Argument(show_default=False)],
    persons: Annotated[int, typer.Option()] = 200,
    seed: Annotated[int, typer.Option()] = 1,
    defects: Annotated[
        str,
        typer.Option(metavar="D,…"),
    ] = "all",
    container: Annotated[str, typer.Option()] = "folder",
) -> int:
    """Write a synthetic county: archive, register files, and a truth file to compare results with."""
    run = session()
    chosen = (
        {"all": None, "none": []}.get(defects, [])
        if defects in ("all", "none")
        else [_NAMED[name] for name in members(defects, _Wrong, "--defects")]
    )
    kind = cast(Container, chosen_format(container, ("folder", "zip", "tar.zst")))
    done = synthesise(out, persons, seed, chosen, kind)
    run.say(
        "narration.synth.done",
        persons=done.persons,
        documents=done.documents,
        rows=done.rows,
    )
    return ExitCode.DONE
