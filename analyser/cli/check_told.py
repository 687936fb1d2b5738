"""What `check` writes: one or several formats of one run, each to where it is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand

from analyser.cli.formats import formats_of
from analyser.cli.options import chosen_format
from analyser.cli.session import Session, write
from analyser.messages.errors import UsageError
from analyser.report.check.github import check_github
from analyser.report.check.machine import check_json, check_junit
from analyser.report.check.sarif import check_sarif
from analyser.report.check.text import check_markdown, check_text
from analyser.rules.check import Check
from analyser.rules.lines import Base
from analyser.system.limits import Limits

_ORDER = "kanta-gap.order"


class InOrder(TyperCommand):
    """A command that knows in which order its options stood: which -o belongs to which -f."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The same, and the order kept for the command."""
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        ctx.meta[_ORDER] = [entry.name for entry in order]
        return super().parse_args(ctx, args)


Wanted = tuple[tuple[str, Path | None], ...]
"""Formats, and the file of each; None for stdout."""


def wanted(context: typer.Context, formats: Sequence[str], outputs: Sequence[Path]) -> Wanted:
    """What is to be written. An -o is of the -f before it, or of the one behind it where it comes first.

    Raises UsageError for a file without a format of its own, for two formats on stdout, for one file named twice.
    """
    if len(formats) <= 1 and len(outputs) <= 1:
        return (
            (chosen_format(formats[0] if formats else "text", formats_of("check")), outputs[0] if outputs else None),
        )
    names, files = iter(formats), iter(outputs)
    found: list[tuple[str | None, Path | None]] = []
    for option in context.meta[_ORDER]:
        if option == "formats":
            name = chosen_format(next(names), formats_of("check"))
            if found and found[-1][0] is None:
                found[-1] = (name, found[-1][1])
            else:
                found.append((name, None))
        elif option == "outputs":
            file = next(files)
            if found and found[-1][1] is None:
                found[-1] = (found[-1][0], file)
            else:
                found.append((None, file))
    told = tuple((name, file) for name, file in found if name is not None)
    if len(told) < len(found):
        raise UsageError("cli.output_without_format")
    if sum(file is None for _, file in told) > 1:
        raise UsageError("cli.two_on_stdout")
    if len({file for _, file in told}) < len(told):
        raise UsageError("cli.one_file_twice")
    return told


def base_of(run: Session, told: str | None) -> Base:
    """Where the sources lie, in the repository at hand. Raises UsageError for a place outside it."""
    here = Path.cwd()
    limits = Limits(**run.settings.tables["limits"])
    if told is None:
        return Base(here, "", limits)
    root = next((place for place in (here, *here.parents) if (place / ".git").exists()), here)
    if "://" in told:
        raise UsageError("cli.uri_base")
    folder = (here / told).resolve()
    try:
        prefix = folder.relative_to(root.resolve()).as_posix()
    except ValueError:
        raise UsageError("cli.uri_base") from None
    return Base(folder, "" if prefix == "." else prefix, limits)


def tell(run: Session, check: Check, told: Wanted, base: Base, rows: int) -> None:
    """Write every format, files before stdout."""

    def not_at_hand(files: list[str]) -> None:
        run.say("rules.check.not_at_hand", count=len(files), file=files[0])

    for name, file in sorted(told, key=lambda one: one[1] is None):
        write(_face(run, check, name, base, rows, not_at_hand), file)


def _face(run: Session, check: Check, name: str, base: Base, rows: int, not_at_hand: Any) -> str | Iterable[bytes]:
    lang, county = run.lang, run.settings.county_name
    match name:
        case "json":
            return check_json(check, lang)
        case "junit":
            return check_junit(check, lang)
        case "sarif":
            return check_sarif(check, lang, base, not_at_hand)
        case "github":
            return check_github(check, lang, base, not_at_hand)
        case "markdown":
            return check_markdown(check, lang, county)
        case _:
            return check_text(check, lang, width=run.width(), color=run.color(), limit=rows, county=county)
