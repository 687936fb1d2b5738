"""`kanta-gap completion`: the completion script for a shell."""

from __future__ import annotations

from typing import Annotated

import typer

from analyser.cli.options import chosen_format
from analyser.cli.session import write
from analyser.errors import ExitCode

app = typer.Typer(add_completion=False)


@app.command()
def command(shell: Annotated[str, typer.Argument(metavar="SHELL", help="bash, zsh or fish")]) -> int:
    """Print the completion script for a shell. Print it again after an upgrade.

    It completes commands, options, their values, rule codes, and the periods of the database at hand.
    bash: ~/.local/share/bash-completion/completions/kanta-gap; zsh: a file _kanta-gap in a folder of $fpath;
    fish: ~/.config/fish/completions/kanta-gap.fish.
    """
    from analyser.cli.reference import references
    from analyser.cli.shells import SHELLS
    from analyser.rules.catalogue import rules

    chosen = chosen_format(shell, SHELLS, "shell")
    write(SHELLS[chosen](list(references()), [rule.code for rule in rules()]), None)
    return ExitCode.DONE
