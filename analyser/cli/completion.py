"""`kanta-gap completion`: the completion script for a shell."""

from __future__ import annotations

from typing import Annotated

import typer

from analyser.cli.options import chosen_format
from analyser.cli.session import session, write
from analyser.messages.errors import ExitCode

app = typer.Typer(add_completion=False)


@app.command()
def command(shell: Annotated[str, typer.Argument(metavar="SHELL")]) -> int:
    """Print the completion script for a shell. Print it again after an upgrade."""
    from analyser.cli.reference import references
    from analyser.cli.shells import SHELLS
    from analyser.rules.catalogue import rules

    chosen = chosen_format(shell, SHELLS, "shell")
    write(SHELLS[chosen](list(references(session().lang)), [rule.code for rule in rules()]), None)
    return ExitCode.DONE
