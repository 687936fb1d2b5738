"""The help of the whole command line. It is told without loading anything else, so that nobody waits for it."""

from __future__ import annotations

from analyser.cli.commands import COMMANDS


def whole_help() -> str:
    """What `kanta-gap --help` prints."""
    lines = [
        "Usage: kanta-gap COMMAND [OPTIONS]",
        "",
        "Which client episodes does the Kanta archive lack, and must be delivered separately?",
        "",
        "Commands:",
        *(f"  {name:11} {told}" for name, (_, told) in COMMANDS.items()),
        "",
        "First steps:",
        "  kanta-gap demo",
        "  kanta-gap ingest ARCHIVE && kanta-gap register episodes.csv && kanta-gap coverage --period 2025Q1",
        "",
        "Options of every command: --db FILE  --key-file FILE  --config FILE  --lang fi|sv|en",
        "                          --color auto|always|never  --wait SECONDS  -q  -v  --debug  --help  --version",
        "Exit codes: 0 nothing to do, 1 findings, 2 usage, 3 something could not be checked, 4 nothing to check.",
    ]
    return "\n".join(lines) + "\n"
