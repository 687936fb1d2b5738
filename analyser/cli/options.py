"""Options that several commands share, and how their texts become values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

import typer

from analyser.errors import UsageError
from analyser.language import Told
from analyser.suggestion import suggestion

Period = typer.Option(None, "--period", metavar="P")
AsOf = typer.Option(None, "--as-of", metavar="DATE")
Format = typer.Option("text", "-f", "--format", metavar="FORMAT")
Output = typer.Option(None, "-o", "--output", metavar="FILE")
ExitZero = typer.Option(False, "--exit-zero")
Stamp = typer.Option(False, "--stamp")

_Member = TypeVar("_Member", bound=StrEnum)


def day(text: str | None, option: str) -> dt.date | None:
    """A whole day, or None when the option was not given."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError("cli.no_day", option=option) from None


def members(text: str | None, kind: type[_Member], option: str) -> list[_Member]:
    """A list, separated by commas, of names from a closed set."""
    found = []
    for name in (part.strip() for part in (text or "").split(",")):
        if not name:
            continue
        try:
            found.append(kind(name))
        except ValueError:
            raise UsageError(
                "cli.none_of", hint=suggestion(name, kind), option=option, name=name, known=list(kind)
            ) from None
    return found


def chosen_format(name: str, known: Iterable[str], what: str = "format") -> str:
    """A format, or something else with a closed set of names, that the command has."""
    if name not in known:
        told = Told(f"errors.cli.what.{what}")
        raise UsageError("cli.unknown_choice", hint=suggestion(name, known), what=told, name=name, known=list(known))
    return name
