"""The commands as data, in a language: what --help, the manual, docs/commands.md and the completion scripts are made
from. Names are the code's, words are those of `texts/*/help/`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer

from analyser.cli.commands import COMMANDS
from analyser.cli.examples import EXAMPLES
from analyser.messages.catalogue import has_text, text
from analyser.messages.errors import ExitCode

_COMMON = {
    "db": "--db FILE",
    "key_file": "--key-file FILE",
    "config": "--config FILE",
    "lang": "--lang fi|sv|en",
    "color": "--color auto|always|never",
    "csv_for": "--csv-for plain|excel",
    "wait": "--wait SECONDS",
    "quiet": "-q, --quiet",
    "verbose": "-v, --verbose",
    "debug": "--debug",
    "help": "-h, --help",
}


def common(lang: str) -> list[tuple[str, str]]:
    """Options that every command takes, in any place."""
    return [(shown, text(lang, f"help.common.option.{name}")) for name, shown in _COMMON.items()]


def exit_codes(lang: str) -> list[tuple[int, str]]:
    """What the exit codes of every command say."""
    return [(code.value, text(lang, f"help.common.exit.{code.value}")) for code in ExitCode]


@dataclass(frozen=True, slots=True)
class Option:
    """An option or an argument of a command."""

    names: tuple[str, ...]
    """Empty for an argument."""
    metavar: str
    """What its value is called; empty for a flag."""
    help: str
    default: str = ""
    """The value when it is not given, where the help tells it."""


@dataclass(frozen=True, slots=True)
class CommandReference:
    """A command."""

    name: str
    title: str
    about: tuple[str, ...]
    """Paragraphs."""
    usage: str
    options: tuple[Option, ...]
    arguments: tuple[Option, ...]
    examples: tuple[tuple[str, str], ...]


def references(lang: str) -> Iterator[CommandReference]:
    """Every command, in the order in which they are shown."""
    for name, module in COMMANDS.items():
        app = import_module(module).app
        app.rich_markup_mode = None
        yield reference(name, typer.main.get_command(app), lang)


def reference(name: str, command: Any, lang: str) -> CommandReference:
    """A command as data."""
    options: list[Option] = []
    arguments: list[Option] = []
    for entry in command.params:
        if entry.name in ("help", "install_completion", "show_completion"):
            continue
        is_option = entry.param_type_name == "option"
        flag = is_option and (entry.is_flag or getattr(entry, "count", False))
        shown = "" if flag else _metavar(entry)
        default = "" if flag or not is_option or entry.default in (None, (), []) else str(entry.default)
        told = Option(tuple(entry.opts) if is_option else (), shown, option_help(name, entry.name, lang), default)
        (options if is_option else arguments).append(told)
    needed = " ".join(
        f"{_metavar(entry)}{'…' if entry.nargs == -1 else ''}" if entry.required else f"[{_metavar(entry)}]"
        for entry in command.params
        if entry.param_type_name != "option"
    )
    about = tuple(" ".join(part.split()) for part in text(lang, f"help.about.{name}").split("\n\n"))
    usage = f"kanta-gap {name} {text(lang, 'help.common.words')} {needed}".rstrip()
    examples = tuple(
        (example, text(lang, f"help.example.{name}.{number}")) for number, example in enumerate(EXAMPLES[name], 1)
    )
    title = text(lang, f"help.page.{name}")
    return CommandReference(name, title, about, usage, tuple(options), tuple(arguments), examples)


def option_help(command: str, name: str, lang: str) -> str:
    """What an option says of itself: its command's own words, else those that commands share."""
    own = f"help.option.{command}.{name.strip('_')}"
    return text(lang, own if has_text(lang, own) else f"help.option.all.{name.strip('_')}")


def _metavar(entry: Any) -> str:
    return str(entry.metavar or entry.name.strip("_").upper())
