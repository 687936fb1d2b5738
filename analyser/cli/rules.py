"""`kanta-gap rules`: the catalogue, and single rules as SQL that runs by itself."""

from __future__ import annotations

from pathlib import Path

import typer

from analyser.cli.formats import formats_of
from analyser.cli.options import Format, Output, chosen_format
from analyser.cli.rulebook import Folders, Ignore, Select, chosen
from analyser.cli.session import session, write
from analyser.messages.errors import ExitCode
from analyser.report.rulebook import rules_json, rules_markdown, rules_text, shell_statements
from analyser.rules.catalogue import find_rule
from analyser.rules.lock import lock_text

app = typer.Typer(add_completion=False)


@app.command()
def command(
    select: str | None = Select,
    ignore: str | None = Ignore,
    sql: str | None = typer.Option(None, "--sql", metavar="CODE"),
    folders: list[Path] = Folders,
    format_: str = Format,
    output: Path | None = Output,
) -> int:
    """List the rules. Formats: text, json, markdown."""
    run = session()
    format_ = chosen_format(format_, formats_of("rules"))
    policies, everything = chosen(run, folders, select, ignore)
    if sql is not None:
        code = find_rule(sql, everything).code
        write(next(shell_statements(policy) for policy in policies if policy.rule.code == code), output)
    elif format_ == "lock":
        write(lock_text([policy.rule for policy in policies]), output)
    elif format_ == "json":
        write(rules_json(policies, run.lang), output)
    elif format_ == "markdown":
        write(rules_markdown(policies, run.lang), output)
    else:
        write(rules_text(policies, run.lang, width=run.width()), output)
    return ExitCode.DONE
