"""From options to a Request, and from a Result to an exit code: what coverage, gaps, check and deliver share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path

from analyser.cli.options import day
from analyser.cli.session import Session, today
from analyser.coverage.answers import gathering
from analyser.coverage.conditions import Thresholds
from analyser.coverage.history import seen
from analyser.coverage.model import Request, succession_of
from analyser.coverage.periods import default_period, parse_period
from analyser.coverage.result import Acknowledgements, Period, Stale
from analyser.coverage.statements import statement
from analyser.messages.catalogue import day as day_of
from analyser.messages.errors import ExitCode, NothingToCheckError, UsageError
from analyser.messages.notices import notice
from analyser.national.dates import utc_now
from analyser.national.municipalities import municipalities_of
from analyser.store.audit import note_reveal
from analyser.store.database import Database, open_database
from analyser.store.memory_limit import parts_that_fit
from analyser.store.readings import ReadingKept, beside, note_reading
from analyser.store.remember import Seen, remember
from analyser.store.tables import outdated, outdated_rows
from analyser.succession import Link, succession

_FILES_NAMED = 5


@contextmanager
def asked(
    session: Session,
    period: str | None,
    as_of: str | None = None,
    last: Callable[[Database, Request], None] | None = None,
    parts: int | None = None,
) -> Iterator[tuple[Database, Request]]:
    """The database, open for reading, and what is asked of it. What was seen of the period is remembered afterwards.

    `last`: what is done when everything was asked; the database may be of no use after it. `parts`: see
    `in_parts`.
    """
    found = None
    if period is not None:
        parse_period_early(period, session)
    with open_database(session.database, write=False) as database:
        question = in_parts(database, request(session, database, period, as_of), parts)
        if question.period.start > today():
            raise NothingToCheckError("period.not_begun", period=question.period.id)
        if older := outdated(database.connection):
            session.warn("narration.ingest.outdated", count=older)
        if rows := outdated_rows(database.connection):
            session.warn("narration.register.outdated", count=sum(rows.values()), files=named(rows))
        say_unmatched(session, database)
        with gathering(database.connection):
            yield database, question
            if session.settings.remember_runs:
                found = seen(database.connection, question)
            if last is not None:
                last(database, question)
    keep_seen(session, found)


def say_unmatched(session: Session, database: Database) -> None:
    """Say which organisers of the settings no row and no document has: a slip there leaves everything out."""
    wanted = session.settings.organisers
    if not wanted:
        return
    told = [name for (name,) in database.connection.execute(statement("organisers-known")).fetchall() if name]
    after = [link.new for link in links_of(session) if link.kind == "organisers"]
    unmatched = [one for one in wanted if not any(f"{name}.".startswith(f"{one}.") for name in (*told, *after))]
    if told and unmatched:
        session.warn(
            "narration.organisers.unmatched",
            count=len(unmatched),
            names=", ".join(unmatched),
            known=named(told),
        )


def named(files: Collection[str]) -> str:
    """The first of the files by name, and that there are more."""
    return ", ".join(sorted(files)[:_FILES_NAMED]) + (" …" if len(files) > _FILES_NAMED else "")


def keep_seen(session: Session, found: Seen | None) -> None:
    """Remember what was seen, if it is new and the database can be written at this moment. What is wrong is told: the
    answer is there all the same."""
    if found is None:
        return
    try:
        why = remember(session.database, found, utc_now())
    except UsageError as error:
        session.warn("narration.remember.failed", period=found.period, told=error.what)
        return
    if why is not None:
        session.tell(f"narration.remember.{why.value}", period=found.period)


def keep_reading(session: Session, command: str, detail: Mapping[str, int | str | bool | None]) -> None:
    """Keep that single persons are about to be shown, without their names. That keeps nobody from being shown them."""
    match note_reading(session.database, command, detail):
        case ReadingKept.TRAIL:
            pass
        case ReadingKept.BESIDE:
            session.tell("narration.log.beside", file=beside(session.database).name)
        case ReadingKept.NOWHERE:
            session.warn("narration.log.nowhere")


def keep_shown(session: Session, command: str, shown: Mapping[str, int | str | bool | None], *, reveal: bool) -> None:
    """The same for rows of persons, also with identifiers: that these are shown must be kept, and is said.

    Raises UsageError when it cannot be.
    """
    if not reveal:
        keep_reading(session, command, shown)
        return
    note_reveal(session.database, f"{command} --reveal-ids", shown)
    session.say("narration.gaps.revealed")


def request(session: Session, database: Database, period: str | None, as_of: str | None = None) -> Request:
    """What is asked, from options and settings."""
    asked_period = parse_period(period, database.connection) if period else default_period(database.connection, today())
    return question(session, asked_period, as_of)


def question(session: Session, asked_period: Period, as_of: str | None = None) -> Request:
    """The question about a period, with what the settings say."""
    settings = session.settings
    return Request(
        period=asked_period,
        as_of=day(as_of, "--as-of"),
        organisers=settings.organisers,
        producer_periods_cover=settings.producer_periods_cover,
        acknowledgements=Acknowledgements(settings.acknowledgements),
        accepting_codes=settings.accepting_codes,
        refusing_codes=settings.refusing_codes,
        county=municipalities_of(settings.county, asked_period.end.year) if settings.county else (),
        succession=links_of(session),
        under_way=asked_period.end >= today(),
    )


def in_parts(database: Database, asked_for: Request, parts: int | None) -> Request:
    """The request, compared in so many parts; None: in as many as the memory of this machine asks for."""
    if parts is None:
        parts = parts_that_fit(database.connection)
        if parts > 1:
            notice("narration.parts.chosen", parts=parts)
    return replace(asked_for, parts=parts)


def links_of(session: Session) -> tuple[Link, ...]:
    """Who came after whom, by the settings; their faults were told when they were read."""
    file = session.loaded.file
    return succession(session.settings.tables["succession"], "", file.parent if file is not None else Path())


def after_whom(session: Session, database: Database) -> dict[str, tuple[tuple[str, str], ...]]:
    """Old and new names by kind (organisers, ids), and who answers for them in the end, by the settings."""
    found = succession_of(database.connection, links_of(session), today())
    told = tuple(zip(found["kinds"], found["olds"], found["news"], strict=True))
    return {kind: tuple((old, new) for one, old, new in told if one == kind) for kind in ("organisers", "ids")}


def parse_period_early(period: str, session: Session) -> None:
    """A wrong period is told before a missing database is, unless the periods file may know its name."""
    if not session.database.exists():
        parse_period(period)


def thresholds(session: Session) -> Thresholds:
    """Thresholds of the three conditions."""
    return Thresholds(**{entry.name: getattr(session.settings, entry.name) for entry in fields(Thresholds)})


# Documents in conflict about a person that can be read in more ways are not gone through (70-readings.sql).
_READINGS = 4_096
_ROWS_NAMED = 5


def say_beyond(session: Session, rows: Sequence[str]) -> None:
    """Say of which rows not all readings were gone through: they are told as a conflict, and perhaps are none."""
    if rows:
        named = ", ".join(rows[:_ROWS_NAMED]) + (" …" if len(rows) > _ROWS_NAMED else "")
        session.warn("narration.beyond_limit", count=len(rows), limit=_READINGS, rows=named)


def say_stale(session: Session, found: Stale) -> None:
    """Say what the comparison rests on and ends before the period does."""
    for file, loaded_on in found.lists:
        session.warn("narration.stale.register", file=file, day=day_of(session.lang, loaded_on))
    if found.documents is not None:
        session.warn("narration.stale.documents", day=day_of(session.lang, found.documents))


def verdict_code(
    *, rows: int, lacking: int, undetermined: int, quarantined: int, refused: int, exit_zero: bool
) -> ExitCode:
    """The exit code of a comparison: 4 without rows (one that could not be read is a row), else 3 before 1 before 0."""
    if exit_zero:
        return ExitCode.DONE
    if not rows and not refused:
        return ExitCode.NOTHING
    if undetermined or quarantined or refused:
        return ExitCode.UNCHECKED
    return ExitCode.FINDINGS if lacking else ExitCode.DONE


def stamp(wanted: bool) -> str | None:
    """The time of the run, when asked for."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds") if wanted else None
