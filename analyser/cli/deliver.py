"""`kanta-gap deliver`: the separate delivery of what Kanta lacks, and the memory of what was delivered."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

from analyser.cli.asking import asked, parse_period_early, request
from analyser.cli.options import AsOf, Output, chosen_format
from analyser.cli.session import Session, session, today, write
from analyser.coverage.delivered import DeliveryStatus, recall
from analyser.coverage.measure import documents
from analyser.coverage.memory import seen
from analyser.coverage.model import build_model
from analyser.coverage.result import Layer
from analyser.delivery.check import check_folder, mark_sent, unmark_sent
from analyser.delivery.folder import REJECTED
from analyser.delivery.manifest import Delivery
from analyser.delivery.standing import status_csv, status_json, status_text
from analyser.delivery.write import Wanted, deliver
from analyser.errors import ExitCode, NothingToCheckError, UsageError
from analyser.store.database import Database, open_database
from analyser.store.remember import keep

app = typer.Typer(add_completion=False)

_TOLD = 20
"""Undetermined rows told by name; the others by their number."""


@app.command()
def command(
    period: Annotated[str | None, typer.Option("--period", metavar="P")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR")] = None,
    profile: Annotated[str | None, typer.Option(metavar="NAME|FILE")] = None,
    with_services: Annotated[bool, typer.Option("--with-services")] = False,
    corrections: Annotated[bool, typer.Option("--corrections")] = False,
    reject: Annotated[bool, typer.Option("--reject", "--reject-file")] = False,
    status: Annotated[bool, typer.Option("--status")] = False,
    check: Annotated[Path | None, typer.Option(metavar="FOLDER")] = None,
    sent: Annotated[Path | None, typer.Option("--mark-sent", metavar="FOLDER")] = None,
    unsent: Annotated[Path | None, typer.Option("--unmark-sent", metavar="FOLDER")] = None,
    format_: Annotated[str, typer.Option("-f", "--format")] = "text",
    output: Path | None = Output,
    as_of: str | None = AsOf,
) -> int:
    """Write the separate delivery of what Kanta lacks, with a manifest and checksums."""
    run = session()
    asked_for = [name for name, given in _errands(out, status, check, sent, unsent) if given]
    if len(asked_for) != 1:
        raise UsageError("cli.deliver_one_thing")
    if check is not None:
        return _check(run, check)
    if sent is not None or unsent is not None:
        return _mark(run, sent, unsent)
    if status:
        return _status(run, period, as_of, chosen_format(format_, ("text", "json", "csv")), output)
    if period is None:
        raise UsageError("cli.deliver_period")
    assert out is not None
    parse_period_early(period, run)
    wanted = Wanted(profile or run.settings.profile, with_services, corrections, reject, run.lang)
    with _writing(run) as database:
        question = request(run, database, period, as_of)
        if question.period.start > today():
            raise NothingToCheckError("period.not_begun", period=question.period.id)
        done = deliver(database, question, out, wanted, _now())
        if run.settings.remember_runs and (found := seen(database.connection, question)) is not None:
            keep(database, found, _now())
        quarantined = documents(database.connection).quarantined
        undetermined = database.connection.execute(
            "SELECT source_id FROM ledger_row WHERE class = 'undetermined' ORDER BY source_id LIMIT $most",
            {"most": _TOLD},
        ).fetchall()
    _narrate(run, done, out, [source_id for (source_id,) in undetermined])
    # What was delivered is whole as far as anybody could tell; what nobody could tell is said by the code.
    return ExitCode.UNCHECKED if done.unread or undetermined or quarantined else ExitCode.DONE


def _errands(
    out: Path | None, status: bool, check: Path | None, sent: Path | None, unsent: Path | None
) -> list[tuple[str, bool]]:
    return [
        ("--out", out is not None),
        ("--status", status),
        ("--check", check is not None),
        ("--mark-sent", sent is not None),
        ("--unmark-sent", unsent is not None),
    ]


def _writing(run: Session) -> AbstractContextManager[Database]:
    if not run.database.exists():
        raise UsageError("store.no_database", file=run.database.name)
    return open_database(run.database, write=True)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)


def _narrate(run: Session, done: Delivery, out: Path, undetermined: list[str]) -> None:
    tasks, protection = done.rows(Layer.SERVICE_TASK), done.rows(Layer.CHILD_PROTECTION)
    run.say(
        "narration.deliver.done",
        episodes=tasks + protection,
        folder=out.name,
        task=tasks,
        protection=protection,
    )
    if not done.corrections:
        _tell(run, "delivery.told.changed", done.statuses.get(("episodes", DeliveryStatus.CHANGED), 0))
        _tell(run, "delivery.told.withdrawn", done.statuses.get(("episodes", DeliveryStatus.WITHDRAWN), 0))
    elif done.services_ledger is None and any(
        done.statuses.get(("services", status)) for status in (DeliveryStatus.CHANGED, DeliveryStatus.WITHDRAWN)
    ):
        run.say("delivery.told.services")
    _tell(run, "delivery.told.double", done.statuses.get(("episodes", DeliveryStatus.DOUBLE), 0))
    count = done.ledger["undetermined"]
    if count:
        more = f" +{count - len(undetermined)}" if count > len(undetermined) else ""
        run.warn("narration.deliver.undetermined", count=count, period=done.period.id)
        run.say("delivery.undetermined", rows=", ".join(undetermined) + more)
    if done.unread:
        run.warn("narration.refused", count=done.unread)
    if done.rejected:
        run.warn("narration.deliver.rejected", count=len(done.rejected), file=REJECTED)
    if done.formulas:
        run.warn("delivery.formulas", count=done.formulas)
    if not done.final:
        run.warn("narration.deliver.unended")


def _tell(run: Session, key: str, rows: int) -> None:
    if rows:
        run.say(key, count=rows)


def _check(run: Session, folder: Path) -> int:
    with open_database(run.database, write=False) as database:
        checked = check_folder(database, folder)
    for code, file in checked.faults:
        write(f"{code}: {file}\n", None)
    if not checked.faults:
        run.say("delivery.whole", files=checked.files, number=checked.number)
    return ExitCode.FINDINGS if checked.faults else ExitCode.DONE


def _mark(run: Session, sent: Path | None, unsent: Path | None) -> int:
    with _writing(run) as database:
        if sent is not None:
            run.say("delivery.sent", number=mark_sent(database, sent, _now()))
        elif unsent is not None:
            run.say("delivery.unsent", number=unmark_sent(database, unsent))
    return ExitCode.DONE


def _status(run: Session, period: str | None, as_of: str | None, chosen: str, output: Path | None) -> int:
    with asked(run, period, as_of) as (database, question):
        build_model(database.connection, question)
        recall(database.connection)
        match chosen:
            case "json":
                write(status_json(database, question.period), output)
            case "csv":
                write(status_csv(database), output)
            case _:
                told = status_text(database, question.period, run.lang, width=run.width(), color=run.color())
                write(told, output)
    return ExitCode.DONE
