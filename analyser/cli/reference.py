"""The commands as data: what --help, the manual, docs/commands.md and the completion scripts are all made from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer

from analyser.cli.commands import COMMANDS
from analyser.cli.examples import EXAMPLES

COMMON = (
    ("--db FILE", "Database file; default: kanta-gap.duckdb in the current folder."),
    ("--config FILE", "Settings file; default: kanta-gap.toml, or [tool.kanta-gap] of pyproject.toml."),
    ("--lang fi|sv|en", "Language of the texts; default: from the locale."),
    ("--color auto|always|never", "Colours on the terminal."),
    ("--wait SECONDS", "Wait so long for a database that another process holds."),
    ("-q, --quiet", "Say nothing but warnings and errors."),
    ("-v, --verbose", "Say more."),
    ("--debug", "Show where an error arose."),
    ("--help", "Show the help."),
)
"""Options that every command takes, in any place."""
EXIT_CODES = (
    (0, "done, nothing to deliver or fix"),
    (1, "findings: something is to be delivered separately, or a check failed"),
    (2, "wrong usage or configuration"),
    (3, "something could not be checked: a document in quarantine, a rule in error, an undetermined row"),
    (4, "nothing to check"),
    (130, "interrupted"),
)


@dataclass(frozen=True, slots=True)
class Option:
    """An option or an argument of a command."""

    names: tuple[str, ...]
    """Empty for an argument."""
    metavar: str
    """What its value is called; empty for a flag."""
    help: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A command."""

    name: str
    title: str
    about: tuple[str, ...]
    """Paragraphs."""
    usage: str
    options: tuple[Option, ...]
    arguments: tuple[Option, ...]
    examples: tuple[tuple[str, str], ...]


def references() -> Iterator[Reference]:
    """Every command, in the order in which they are shown."""
    for name, (module, title) in COMMANDS.items():
        app = import_module(module).app
        app.rich_markup_mode = None
        yield reference(name, title, typer.main.get_command(app))


def reference(name: str, title: str, command: Any) -> Reference:
    """A command as data."""
    options: list[Option] = []
    arguments: list[Option] = []
    for entry in command.params:
        if entry.name in ("help", "install_completion", "show_completion"):
            continue
        is_option = entry.param_type_name == "option"
        flag = is_option and (entry.is_flag or getattr(entry, "count", False))
        shown = "" if flag else entry.metavar or entry.name.strip("_").upper()
        told = Option(tuple(entry.opts) if is_option else (), shown, (entry.help or "").strip())
        (options if is_option else arguments).append(told)
    needed = " ".join(
        f"{entry.metavar or entry.name.strip('_').upper()}{'…' if entry.nargs == -1 else ''}"
        if entry.required
        else f"[{entry.metavar or entry.name.strip('_').upper()}]"
        for entry in command.params
        if entry.param_type_name != "option"
    )
    about = tuple(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
    usage = f"kanta-gap {name} [OPTIONS] {needed}".rstrip()
    return Reference(name, title, about, usage, tuple(options), tuple(arguments), EXAMPLES.get(name, ()))
