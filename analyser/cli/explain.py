"""`kanta-gap explain`: one rule as a page, with its SQL."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analyser.cli.formats import formats_of
from analyser.cli.options import Format, Output, chosen_format
from analyser.cli.rulebook import Folders, chosen
from analyser.cli.session import session, write
from analyser.messages.errors import ExitCode
from analyser.report.rulebook import explain_json, explain_markdown, explain_text, rules_text
from analyser.rules.catalogue import find_rule

app = typer.Typer(add_completion=False)


@app.command()
def command(
    code: Annotated[str | None, typer.Argument(metavar="CODE")] = None,
    folders: list[Path] = Folders,
    format_: str = Format,
    output: Path | None = Output,
) -> int:
    """Tell one rule: what, why, numerator, denominator, legal basis, who fixes it, its SQL."""
    run = session()
    format_ = chosen_format(format_, formats_of("explain"))
    policies, everything = chosen(run, folders)
    if code is None:
        write(rules_text(policies, run.lang, width=run.width()), output)
        return ExitCode.DONE
    found = find_rule(code, everything)
    policy = next(policy for policy in policies if policy.rule.code == found.code)
    match format_:
        case "json":
            told = explain_json(policy, run.lang)
        case "markdown":
            told = explain_markdown(policy, run.lang)
        case _:
            told = explain_text(policy, run.lang, width=run.width(), color=run.color())
    write(told, output)
    return ExitCode.DONE
