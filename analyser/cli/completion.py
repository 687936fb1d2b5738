"""`kanta-gap completion`: the completion script for a shell."""

from __future__ import annotations

from typing import Annotated

import typer

from analyser.cli.commands import COMMANDS
from analyser.cli.session import write
from analyser.errors import ExitCode, UsageError

app = typer.Typer(add_completion=False)

_WORDS = " ".join(COMMANDS)
_SCRIPTS = {
    "bash": f"""_kanta_gap() {{
    local word="${{COMP_WORDS[COMP_CWORD]}}"
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "{_WORDS}" -- "$word"))
    else
        COMPREPLY=($(compgen -f -- "$word"))
    fi
}}
complete -F _kanta_gap kanta-gap
""",
    "zsh": f"""#compdef kanta-gap
_arguments '1:command:({_WORDS})' '*:file:_files'
""",
    "fish": "".join(
        f"complete -c kanta-gap -n __fish_use_subcommand -a {name} -d '{told.replace(chr(39), '')}'\n"
        for name, (_, told) in COMMANDS.items()
    ),
}


@app.command()
def command(shell: Annotated[str, typer.Argument(help="bash, zsh or fish")]) -> int:
    """Print the completion script for a shell.

    Example: kanta-gap completion bash > ~/.local/share/bash-completion/completions/kanta-gap
    """
    if shell not in _SCRIPTS:
        raise UsageError(f"‘{shell}’ is none of {', '.join(_SCRIPTS)}", "")
    write(_SCRIPTS[shell], None)
    return ExitCode.DONE
