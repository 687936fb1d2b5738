"""Options that several commands share, and how their texts become values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

import typer

from analyser.messages.catalogue import Message, has_text, text
from analyser.messages.errors import UsageError
from analyser.messages.languages import LANGUAGES
from analyser.messages.suggestion import meant

Period = typer.Option(None, "--period", metavar="P")
AsTold = typer.Option(None, "--as-told", metavar="[N]")
AsOf = typer.Option(None, "--as-of", metavar="DATE")
Format = typer.Option("text", "-f", "--format", metavar="FORMAT")
Output = typer.Option(None, "-o", "--output", metavar="FILE")
Parts = typer.Option(None, "--parts", metavar="N", min=1, show_default=False)
ExitZero = typer.Option(False, "--exit-zero")
Stamp = typer.Option(False, "--stamp")

_FORMATS = {"excel": "xlsx", "xls": "xlsx", "md": "markdown", "txt": "text"}
"""What some formats are called elsewhere."""

_Member = TypeVar("_Member", bound=StrEnum)


def day(written: str | None, option: str) -> dt.date | None:
    """A whole day, or None when the option was not given."""
    if written is None:
        return None
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        raise UsageError("cli.no_day", option=option) from None


def members(written: str | None, kind: type[_Member], option: str) -> list[_Member]:
    """A list, separated by commas, of names from a closed set."""
    found = []
    for name in (part.strip() for part in (written or "").split(",")):
        if not name:
            continue
        try:
            found.append(kind(name))
        except ValueError:
            raise UsageError(
                "cli.none_of", hint=meant(name, kind, _spoken(kind)), option=option, name=name, known=list(kind)
            ) from None
    return found


def _spoken(kind: Iterable[str]) -> dict[str, str]:
    """What the reports of each language call these names, for who types what is read there."""
    return {
        text(lang, key).lower(): name
        for lang in LANGUAGES
        for name in kind
        for key in (f"report.class.{name}", f"report.column.{name.replace('-', '_')}")
        if has_text(lang, key)
    }


def chosen_format(name: str, known: Iterable[str], what: str = "format") -> str:
    """A format, or something else with a closed set of names, that the command has."""
    if name not in known:
        told = Message(f"errors.cli.what.{what}")
        raise UsageError(
            "cli.unknown_choice", hint=meant(name, known, _FORMATS), what=told, name=name, known=list(known)
        )
    return name
