"""`kanta-gap rules`: the catalogue."""

from __future__ import annotations

from pathlib import Path

import typer

from analyser.cli.options import Format, Output, chosen_format
from analyser.cli.session import session, write
from analyser.errors import ExitCode
from analyser.rules.catalogue import rules
from analyser.rules.report import rules_json, rules_markdown

app = typer.Typer(add_completion=False)


@app.command()
def command(format_: str = Format, output: Path | None = Output) -> int:
    """List the rules. Formats: text, json, markdown."""
    run = session()
    chosen = chosen_format(format_, ("text", "json", "markdown"))
    found = rules([*map(Path, run.settings.rules)])
    if chosen == "json":
        write(rules_json(found, run.lang), output)
    elif chosen == "markdown":
        write(rules_markdown(found, run.lang), output)
    else:
        write(
            "".join(f"{r.code}  {r.severity.value:8} {r.name:32} {r.text('title', run.lang)}\n" for r in found), output
        )
    return ExitCode.DONE
