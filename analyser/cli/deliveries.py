"""What `kanta-gap deliver` does with deliveries that were written: verify, mark, answer, adopt, tell where all of them
stand."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from analyser.cli.asking import asked, in_parts, question, say_stale
from analyser.cli.options import day
from analyser.cli.session import Session, today, write
from analyser.cli.spreadsheet import write_csv
from analyser.coverage.answers import gathering
from analyser.coverage.delivered import periods_delivered, recall
from analyser.coverage.measure import documents, refused, totals
from analyser.coverage.model import Model
from analyser.coverage.periods import default_period, parse_period
from analyser.coverage.result import Period
from analyser.coverage.stale import stale
from analyser.delivery.adopt import adopt
from analyser.delivery.check import check_folder, mark_sent, unmark_sent
from analyser.delivery.overview import standing_of
from analyser.delivery.receipt import Receipt, keep_receipt
from analyser.messages.errors import ExitCode, NothingToCheckError, UsageError
from analyser.national.dates import utc_now
from analyser.report.deliveries import status_csv, status_json, status_text
from analyser.report.delivery_overview import overview_csv, overview_json, overview_text
from analyser.store.database import Database, must_exist, open_database


def check(run: Session, folder: Path) -> int:
    """Verify a folder, one line for each fault."""
    with open_database(run.database, write=False) as database:
        checked = check_folder(database, folder)
    for code, file in checked.faults:
        write(f"{code}: {file}\n", None)
    if not checked.faults:
        run.say("delivery.whole", files=checked.files, number=checked.number)
    return ExitCode.FINDINGS if checked.faults else ExitCode.DONE


def mark(run: Session, sent: Path | None, unsent: Path | None) -> int:
    """Keep that a folder was sent, or that it was not."""
    must_exist(run.database)
    with open_database(run.database, write=True) as database:
        if sent is not None:
            run.say("delivery.sent", number=mark_sent(database, sent, utc_now()))
        elif unsent is not None:
            run.say("delivery.unsent", number=unmark_sent(database, unsent))
    return ExitCode.DONE


def answer(run: Session, folder: Path, receipt: Receipt) -> int:
    """Keep what the receiver answered."""
    must_exist(run.database)
    with open_database(run.database, write=True) as database:
        kept = keep_receipt(database, folder, receipt, utc_now())
    run.say("delivery.receipt.kept", number=kept.number, day=kept.sent_on.isoformat())
    if kept.returned:
        run.say("delivery.receipt.returned", count=kept.returned)
    if kept.untied > 0:
        run.warn("delivery.receipt.unanswered", count=kept.untied)
    elif kept.untied < 0:
        run.warn("delivery.receipt.too_many", count=-kept.untied)
    if kept.unnamed:
        run.warn("delivery.receipt.unnamed", count=kept.unnamed)
    return ExitCode.UNCHECKED if kept.untied or kept.unnamed else ExitCode.DONE


def take_in(run: Session, folder: Path, profile: str | None) -> int:
    """Take a folder into the memory of this database."""
    must_exist(run.database)
    with open_database(run.database, write=True) as database:
        done = adopt(database, folder, profile or run.settings.profile, run.settings.organisers, utc_now())
    run.say("delivery.adopted.done", number=done.number, period=done.period, count=done.rows)
    if done.before is not None and done.before != done.number:
        run.warn("delivery.adopted.renumbered", before=done.before, number=done.number)
    if done.elsewhere:
        run.say("delivery.adopted.elsewhere")
    if done.untold:
        run.warn("delivery.adopted.untold", fields=", ".join(done.untold))
    run.say("delivery.adopted.unsent")
    return ExitCode.DONE


def status(
    run: Session, period: str | None, as_of: str | None, chosen: str, output: Path | None, parts: int | None = None
) -> int:
    """Where every row of a period stands; without a period where the rows of all of them do."""
    if period is None:
        return _overview(run, as_of, chosen, output, parts)
    with asked(run, period, as_of, parts=parts) as (database, of_period):
        recalled = recall(Model.asked(database.connection, of_period))
        match chosen:
            case "json":
                write(status_json(recalled), output)
            case "csv":
                write_csv(run, status_csv(recalled), output)
            case _:
                told = status_text(
                    recalled,
                    run.lang,
                    width=run.width(),
                    color=run.color(),
                    county=run.settings.county_name,
                )
                write(told, output)
        say_stale(run, stale(recalled.model))
        return _code(recalled.model)


def _code(model: Model) -> int:
    """3 where something of the period in the model could not be checked, as when it is delivered."""
    unread = refused(model).beside_episodes
    unchecked = totals(model).undetermined or unread or documents(model).quarantined
    return ExitCode.UNCHECKED if unchecked else ExitCode.DONE


def _overview(run: Session, as_of: str | None, chosen: str, output: Path | None, parts: int | None) -> int:
    day(as_of, "--as-of")  # a day that is none is told before the work
    with open_database(run.database, write=False) as database, gathering(database.connection):
        found, codes, model = [], [], None
        for one in _periods(database):
            of_period = in_parts(database, question(run, one, as_of), parts)
            model = Model.told(database.connection, of_period) if model is None else model.then(of_period)
            recalled = recall(model)
            found.append(standing_of(recalled))
            codes.append(_code(recalled.model))
    match chosen:
        case "json":
            write(overview_json(found), output)
        case "csv":
            write_csv(run, overview_csv(found), output)
        case _:
            county = run.settings.county_name
            write(overview_text(found, run.lang, width=run.width(), color=run.color(), county=county), output)
    return max(codes)


def delivered(database: Database) -> list[Period]:
    """Periods of which something was delivered, as they are called now."""
    found = []
    for name, start, end in periods_delivered(database.connection):
        try:
            found.append(parse_period(name, database.connection))
        except UsageError:  # a name of a periods file that is no longer loaded
            found.append(Period(name, start, end))
    return found


def _periods(database: Database) -> list[Period]:
    """Periods of which something was delivered, and the one that is due."""
    found = periods_told(database)
    if not found:
        raise NothingToCheckError("period.none_ended")
    return found


def periods_told(database: Database) -> list[Period]:
    """The same; none where there is neither."""
    found = {period.id: period for period in delivered(database)}
    with suppress(NothingToCheckError):
        due = default_period(database.connection, today())
        found.setdefault(due.id, due)
    return sorted(found.values(), key=lambda period: (period.start, period.end, period.id))
