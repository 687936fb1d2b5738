"""`kanta-gap deliver`: the separate delivery of what Kanta lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analyser.cli.asking import parse_period_early, request
from analyser.cli.options import AsOf
from analyser.cli.session import session, today
from analyser.delivery.write import deliver
from analyser.errors import ExitCode, UsageError
from analyser.language import number
from analyser.store.database import open_database

app = typer.Typer(add_completion=False)


@app.command()
def command(
    period: Annotated[str, typer.Option("--period", metavar="P", help="2025Q1 or 2025-01-01..2025-03-31")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A new folder.")],
    profile: Annotated[str | None, typer.Option(help="Delivery profile; default: plain.")] = None,
    with_services: Annotated[bool, typer.Option("--with-services", help="Also the supplementary part.")] = False,
    reject: Annotated[
        bool, typer.Option("--reject", help="Put rows that cannot be expressed into rejected.csv.")
    ] = False,
    as_of: str | None = AsOf,
) -> int:
    """Write the separate delivery of what Kanta lacks, with a manifest and checksums.

    The profile plain is a neutral form; the authority's own format is not public.

    Example: kanta-gap deliver --period 2025Q1 --out delivery-2025Q1
    """
    run = session()
    parse_period_early(period, run)
    if not run.database.exists():
        raise UsageError(f"there is no database ‘{run.database.name}’ here", "create it with: kanta-gap ingest SOURCE")
    with open_database(run.database, write=True) as database:
        question = request(run, database, period, as_of)
        done = deliver(
            database, question, out, profile=profile or run.settings.profile, with_services=with_services, reject=reject
        )
    run.say(
        "narration.deliver.done",
        episodes=number(run.lang, done.service_task_episodes + done.child_protection_episodes),
        folder=out.name,
        task=number(run.lang, done.service_task_episodes),
        protection=number(run.lang, done.child_protection_episodes),
    )
    if done.undetermined:
        run.warn("narration.deliver.undetermined", count=number(run.lang, done.undetermined), period=done.period.id)
    if done.rejected:
        run.warn("narration.deliver.rejected", count=number(run.lang, done.rejected), file="rejected.csv")
    if done.period.end >= today():
        run.warn("narration.deliver.unended")
    return ExitCode.DONE
