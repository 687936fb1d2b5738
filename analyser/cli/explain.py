"""`kanta-gap explain`: one rule as a page, with its SQL."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated

import typer

from analyser.cli.session import session, write
from analyser.errors import ExitCode, UsageError
from analyser.rules.catalogue import rules
from analyser.rules.report import rule_text

app = typer.Typer(add_completion=False)


@app.command()
def command(code: Annotated[str | None, typer.Argument(metavar="CODE", help="A code or a name.")] = None) -> int:
    """Tell one rule: what, why, numerator, denominator, legal basis, who fixes it, its SQL.

    Example: kanta-gap explain G08
    """
    run = session()
    found = {rule.code: rule for rule in rules([*map(Path, run.settings.rules)])}
    names = {rule.name: rule for rule in found.values()}
    if code is None:
        write("".join(f"{rule.code}  {rule.name}\n" for rule in found.values()), None)
        return ExitCode.DONE
    rule = found.get(code.upper()) or names.get(code)
    if rule is None:
        near = difflib.get_close_matches(code, [*found, *names], 1)
        raise UsageError(f"there is no rule ‘{code}’", f"did you mean ‘{near[0]}’?" if near else "see: kanta-gap rules")
    write(rule_text(rule, run.lang), None)
    return ExitCode.DONE
