"""What the command-line library refuses, as errors of ours: in the user's language, with what may have been meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from analyser.cli.commands import COMMANDS
from analyser.messages.catalogue import Message
from analyser.messages.errors import UsageError
from analyser.messages.suggestion import did_you_mean, meant

COMMON_OPTIONS = (
    *("--db", "--config", "--lang", "--color", "--csv-for", "--wait", "--key-file"),
    *("-q", "--quiet", "-v", "--verbose", "--debug", "-h", "--help", "--version"),
)
"""Options that every command takes."""
_WANTED = (("integer", "whole_number"), ("number", "number"), ("float", "number"))
"""What the library's words say that a value must be."""
_COMMANDS = {"report": "coverage", "init": "config init", "version": "--version", "ui": "dashboard"}
_OPTIONS = {"--database": "--db", "--language": "--lang", "--file": "--output"}
"""What some are called elsewhere."""
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'")


def refusal(error: Any, arguments: Sequence[str]) -> UsageError:
    """The error of ours for one of the library's: known by its class, else by the one word that tells it apart."""
    context = getattr(error, "ctx", None)
    command = next((word for word in arguments if word in COMMANDS), "")
    help_ = Message("errors.cli.see_help", {"command": f"kanta-gap {command}" if command else "kanta-gap"})
    told = str(error.message)
    name = _name(error)
    match type(error).__name__:
        case "NoSuchOption":
            return UsageError("cli.no_option", hint=_meant(name, _options(context)) or help_, option=name)
        case "MissingParameter":
            return UsageError("cli.missing", hint=help_, name=name)
        case "BadOptionUsage":
            if "not take" in told:
                return UsageError("cli.takes_no_value", hint=help_, option=name)
            return UsageError("cli.option_without_value", hint=help_, option=name)
        case "BadParameter":
            kind = next((kind for word, kind in _WANTED if word in told), None)
            least = getattr(error.param, "min", None)
            if kind is not None:
                return UsageError(f"cli.needs_{kind}", hint=help_, option=name)
            if least is not None:
                return UsageError("cli.too_small", hint=help_, option=name, least=least)
            return UsageError("cli.bad_value", hint=help_, option=name)
        case _ if told.startswith("No such command"):
            typed = _first_quoted(told)
            return UsageError("cli.no_command", hint=meant(typed, COMMANDS, _COMMANDS) or help_, command=typed)
        case _ if "unexpected extra" in told:
            # `-format html` is read as -f with the value ‘ormat’, and a word more.
            long = next((word for word in arguments if f"-{word}" in _options(context)), None)
            if long is not None:
                return UsageError("cli.no_option", hint=did_you_mean(f"-{long}"), option=long)
            return UsageError("cli.too_many", hint=help_, words=told.rpartition("(")[2].rstrip(")."))
    return UsageError("cli.refused", hint=help_, told=told)


def _options(context: Any) -> list[str]:
    own = [one for entry in context.command.params for one in entry.opts] if context is not None else []
    return [*own, *COMMON_OPTIONS]


def _name(error: Any) -> str:
    """The option as it is typed, or the argument as the help calls it."""
    if option := getattr(error, "option_name", None):
        return str(option)
    entry = getattr(error, "param", None)
    if entry is None:
        return ""
    if entry.param_type_name == "option":
        return str(max(entry.opts, key=len))
    return str(entry.metavar or entry.name.strip("_").upper())


def _meant(name: str, known: Sequence[str]) -> Message | None:
    """The option that may have been meant; of a single letter, the first that begins with it."""
    if len(name) == 2:
        return next((did_you_mean(one) for one in known if one.startswith(f"-{name}")), None)
    return meant(name, known, _OPTIONS)


def _first_quoted(told: str) -> str:
    found = _QUOTED.search(told)
    return found[1] if found else ""
