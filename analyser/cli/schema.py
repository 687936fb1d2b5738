"""`kanta-gap schema`: the JSON Schema of an output, or of the settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analyser.cli.options import Output, chosen_format
from analyser.cli.session import write
from analyser.messages.errors import ExitCode
from analyser.system.resources import schemas

app = typer.Typer(add_completion=False)
_END = ".schema.json"


def names() -> list[str]:
    """What there are schemas of."""
    return sorted(path.name.removesuffix(_END) for path in schemas("results").glob(f"*{_END}"))


@app.command()
def command(
    name: Annotated[str | None, typer.Argument(metavar="NAME")] = None,
    output: Path | None = Output,
) -> int:
    """Print the JSON Schema of an output or of the settings; without a name, list what there are."""
    if name is None:
        write("".join(f"{one}\n" for one in names()), output)
        return ExitCode.DONE
    chosen = chosen_format(name.removeprefix("kanta-gap/").removesuffix("/1"), names(), "schema")
    write(schemas("results", f"{chosen}{_END}").read_bytes(), output)
    return ExitCode.DONE
