"""`kanta-gap man`: the manual."""

from __future__ import annotations

from pathlib import Path

import typer

from analyser.cli.options import Output, chosen_format
from analyser.cli.session import session, write
from analyser.messages.errors import ExitCode

app = typer.Typer(add_completion=False)


@app.command()
def command(
    format_: str = typer.Option("man", "-f", "--format", metavar="FORMAT"),
    output: Path | None = Output,
) -> int:
    """Print the manual: as a man page, or as the page docs/commands.md."""
    from analyser.cli.manual import man_page, markdown_reference
    from analyser.cli.reference import references

    faces = {"man": man_page, "markdown": markdown_reference}
    lang = session().lang
    write(faces[chosen_format(format_, faces)](references(lang), lang), output)
    return ExitCode.DONE
