"""`kanta-gap deliver`: the separate delivery of what Kanta lacks, and the memory of what was delivered."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from analyser.cli import deliveries
from analyser.cli.asking import in_parts, parse_period_early, question, request, say_stale
from analyser.cli.deciding import say_settings
from analyser.cli.formats import formats_of
from analyser.cli.options import AsOf, ExitZero, Output, Parts, chosen_format, day
from analyser.cli.session import Session, session, today
from analyser.coverage.delivered import DeliveryStatus, recall
from analyser.coverage.history import seen
from analyser.coverage.measure import documents
from analyser.coverage.model import Model, Request
from analyser.coverage.result import Layer
from analyser.coverage.stale import stale
from analyser.delivery.folder import REJECTED, assert_free
from analyser.delivery.manifest import Delivery
from analyser.delivery.receipt import Receipt
from analyser.delivery.write import DeliveryWanted, deliver, to_correct
from analyser.messages.catalogue import day as day_of
from analyser.messages.errors import ExitCode, NothingToCheckError, UsageError
from analyser.national.dates import utc_now
from analyser.national.identifiers import redacted
from analyser.store.database import Database, must_exist, open_database
from analyser.store.remember import keep, keep_state

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
    every: Annotated[bool, typer.Option("--all")] = False,
    reject: Annotated[bool, typer.Option("--reject", "--reject-file")] = False,
    status: Annotated[bool, typer.Option("--status")] = False,
    check: Annotated[Path | None, typer.Option(metavar="FOLDER")] = None,
    sent: Annotated[Path | None, typer.Option("--mark-sent", metavar="FOLDER")] = None,
    unsent: Annotated[Path | None, typer.Option("--unmark-sent", metavar="FOLDER")] = None,
    receipt: Annotated[Path | None, typer.Option("--receipt", metavar="FOLDER")] = None,
    adopt: Annotated[Path | None, typer.Option("--adopt", metavar="FOLDER")] = None,
    sent_on: Annotated[str | None, typer.Option("--sent-on", metavar="DATE")] = None,
    receipt_number: Annotated[str | None, typer.Option("--receipt-number", metavar="TEXT")] = None,
    accepted: Annotated[int | None, typer.Option("--accepted", metavar="N", min=0)] = None,
    refused: Annotated[int | None, typer.Option("--refused", metavar="N", min=0)] = None,
    refused_rows: Annotated[Path | None, typer.Option("--refused-rows", metavar="FILE")] = None,
    remark: Annotated[str | None, typer.Option("--note", metavar="TEXT")] = None,
    format_: Annotated[str, typer.Option("-f", "--format")] = "text",
    output: Path | None = Output,
    as_of: str | None = AsOf,
    parts: int | None = Parts,
    exit_zero: bool = ExitZero,
) -> int:
    """Write the separate delivery of what Kanta lacks, with a manifest and checksums."""

    def asked() -> int:
        run = session()
        folders = (out, check, sent, unsent, receipt, adopt)
        if sum(folder is not None for folder in folders) + status != 1:
            raise UsageError("cli.deliver_one_thing")
        answered = (sent_on, receipt_number, accepted, refused, refused_rows, remark)
        if receipt is None and any(one is not None for one in answered):
            raise UsageError("cli.deliver_receipt_only")
        if every and (not corrections or out is None or period is not None):
            raise UsageError("cli.deliver_all")
        if check is not None:
            return deliveries.check(run, check)
        if sent is not None or unsent is not None:
            return deliveries.mark(run, sent, unsent)
        if receipt is not None:
            told = Receipt(day(sent_on, "--sent-on"), receipt_number, accepted, refused, refused_rows, remark)
            return deliveries.answer(run, receipt, told)
        if adopt is not None:
            return deliveries.take_in(run, adopt, profile)
        if status:
            return deliveries.status(run, period, as_of, chosen_format(format_, formats_of("deliver")), output, parts)
        assert out is not None
        wanted = DeliveryWanted(
            profile or run.settings.profile, with_services, corrections, run.settings.correct_doubles, run.lang
        )
        if every:
            return _correct_all(run, out, as_of, wanted, parts)
        if period is None:
            raise UsageError("cli.deliver_period")
        parse_period_early(period, run)
        must_exist(run.database)
        with open_database(run.database, write=True) as database:
            of_period = in_parts(database, request(run, database, period, as_of), parts)
            if of_period.period.start > today():
                raise NothingToCheckError("period.not_begun", period=of_period.period.id)
            return _deliver(run, database, of_period, out, wanted)

    code = asked()
    return ExitCode.DONE if exit_zero and code in (ExitCode.FINDINGS, ExitCode.UNCHECKED, ExitCode.NOTHING) else code


def _deliver(run: Session, database: Database, asked: Request | Model, out: Path, wanted: DeliveryWanted) -> int:
    """Write the delivery of one period, and tell what it holds. A model of it that stands is taken as it is."""
    of_period = asked.request if isinstance(asked, Model) else asked
    done = deliver(database, asked, out, wanted, utc_now())
    if run.settings.remember_runs and (found := seen(database.connection, of_period)) is not None:
        keep(database, found, utc_now())
    if run.settings.remember_runs and of_period.as_of is None:
        keep_state(database, done.number, of_period.period.start, of_period.period.end)
    quarantined = documents(done.model).quarantined
    undetermined = done.model.rows("undetermined-rows", {"most": _TOLD})
    _narrate(run, done, out, [source_id for (source_id,) in undetermined])
    say_stale(run, stale(done.model))
    say_settings(run)
    # What was delivered is whole as far as anybody could tell; what nobody could tell is said by the code.
    open_ = done.unread or undetermined or quarantined or done.rejected
    return ExitCode.UNCHECKED if open_ else ExitCode.DONE


def _correct_all(run: Session, out: Path, as_of: str | None, wanted: DeliveryWanted, parts: int | None) -> int:
    """Write what is to be corrected of every period, each into a folder of its own inside the new folder `out`."""
    must_exist(run.database)
    assert_free(out)
    codes = [ExitCode.DONE]
    with open_database(run.database, write=True) as database:
        model = None
        for period in deliveries.delivered(database):
            of_period = in_parts(database, question(run, period, as_of), parts)
            model = Model.build(database.connection, of_period) if model is None else model.then(of_period)
            if not to_correct(model, wanted):
                run.say("delivery.told.nothing_to_correct", period=period.id)
                continue
            out.mkdir(mode=0o700, exist_ok=True)
            run.say("delivery.told.of_period", period=period.id)
            inside = out / re.sub(r"[^A-Za-z0-9._-]+", "-", period.id)
            codes.append(ExitCode(_deliver(run, database, model, inside, wanted)))
            model = None  # what was written changed the store
    return max(codes)


def _narrate(run: Session, done: Delivery, out: Path, undetermined: list[str]) -> None:
    tasks, protection = done.rows(Layer.SERVICE_TASK), done.rows(Layer.CHILD_PROTECTION)
    run.say(
        "narration.deliver.done",
        episodes=tasks + protection,
        folder=out.name,
        task=tasks,
        protection=protection,
    )
    if done.corrections:
        run.say(
            "delivery.told.corrections",
            new=done.changes("new"),
            changed=done.changes("changed"),
            withdrawn=done.changes("withdrawn"),
        )
    if not done.corrections:
        _tell_same_again(run, done)
        _tell(run, "delivery.told.changed", done.statuses.get(("episodes", DeliveryStatus.CHANGED), 0))
        _tell(run, "delivery.told.withdrawn", done.statuses.get(("episodes", DeliveryStatus.WITHDRAWN), 0))
    elif done.services_ledger is None and any(
        done.statuses.get(("services", status)) for status in (DeliveryStatus.CHANGED, DeliveryStatus.WITHDRAWN)
    ):
        run.say("delivery.told.services")
    _tell(run, "delivery.told.renamed", done.statuses.get(("episodes", DeliveryStatus.RENAMED), 0))
    _tell(run, "delivery.told.ended_since", done.statuses.get(("episodes", DeliveryStatus.ENDED_SINCE), 0))
    _tell(run, "delivery.told.double", done.statuses.get(("episodes", DeliveryStatus.DOUBLE), 0))
    if not (done.corrections and run.settings.correct_doubles):
        differ = done.statuses.get(("episodes", DeliveryStatus.DOUBLE_DIFFERS), 0)
        _tell(run, "delivery.told.double_differs", differ)
    count = done.ledger["undetermined"]
    if count:
        more = f" +{count - len(undetermined)}" if count > len(undetermined) else ""
        run.warn("narration.deliver.undetermined", count=count, period=done.period.id)
        run.say("delivery.undetermined", rows=", ".join(undetermined) + more)
    if done.unread:
        run.warn("narration.refused", count=done.unread)
    if done.rejected:
        shown = [redacted(f"{one.source_id} ({one.column}: {one.objection})") for one in done.rejected[:_TOLD]]
        more = f" +{len(done.rejected) - _TOLD}" if len(done.rejected) > _TOLD else ""
        told = ", ".join(shown) + more
        run.warn("narration.deliver.rejected", count=len(done.rejected), file=REJECTED, told=told)
    if done.formulas:
        run.warn("delivery.formulas", count=done.formulas)
    if not done.final:
        run.warn("narration.deliver.unended")


def _tell_same_again(run: Session, done: Delivery) -> None:
    """Warn of a whole delivery of what the receiver has already, as it stands."""
    of_episodes = {status: rows for (part, status), rows in done.statuses.items() if part == "episodes"}
    waiting = of_episodes.get(DeliveryStatus.NEW, 0) + of_episodes.get(DeliveryStatus.CHANGED, 0)
    days = [one.sent_day for one in recall(done.model).deliveries() if one.sent_day is not None]
    if days and not waiting and done.rows(Layer.SERVICE_TASK) + done.rows(Layer.CHILD_PROTECTION):
        run.warn("delivery.told.same_again", day=day_of(run.lang, max(days)))


def _tell(run: Session, key: str, rows: int) -> None:
    if rows:
        run.say(key, count=rows)
