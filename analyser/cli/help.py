"""The help of the whole command line. It is told without loading anything else, so that nobody waits for it."""

from __future__ import annotations

import os

from analyser.cli.commands import COMMANDS

_OPTIONS = (
    "--db FILE  --key-file FILE  --config FILE  --lang fi|sv|en",
    "--color auto|always|never  --csv-for plain|excel  --wait SECONDS",
    "-q  -v  --debug  -h, --help  --version",
)


def whole_help(lang: str) -> str:
    """What `kanta-gap --help` prints."""
    told = page_texts(lang)
    lines = [
        told["usage"],
        "",
        told["about"],
        "",
        told["commands"],
        *(f"  {name:11} {told[name]}" for name in COMMANDS),
        "",
        told["steps"],
        "  kanta-gap demo",
        "  kanta-gap ingest ARCHIVE",
        "  kanta-gap register episodes.csv",
        "  kanta-gap coverage --period 2025Q1",
        "",
        told["options"],
        *(f"  {options}" for options in _OPTIONS),
        told["exit_codes"],
        told["more"],
    ]
    return "\n".join(lines) + "\n"


def page_texts(lang: str) -> dict[str, str]:
    """The texts of this page. One table, a line an entry, without escapes: read without the library for TOML, which
    would take longer than all the rest."""
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    with open(os.path.join(here, "texts", lang, "help", "page.toml"), encoding="utf-8") as page:  # noqa: PTH118, PTH123
        entries = (line.rstrip("\n").partition(" = ") for line in page)
        return {key: value[1:-1] for key, equals, value in entries if equals}
