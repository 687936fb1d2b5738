"""`kanta-gap` alone: what to do next, given what is in the current folder."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

from analyser.cli.session import Session, session, today, write
from analyser.coverage.periods import default_period, entry_of
from analyser.messages.catalogue import day, text
from analyser.messages.errors import NothingToCheckError
from analyser.report.page import Page
from analyser.report.words import days_left
from analyser.store.first_row import first_number, first_row

_CONTAINERS = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.zst")
_PLAIN = re.compile(r"[\w.:\\/+-]+")
_REGISTER = ("episodes", "services", "population", "identities", "codes", "periods")


def welcome() -> None:
    """Print the state of this folder and the next steps."""
    run = session()
    page = Page(run.width(), run.color())
    page.heading(text(run.lang, "welcome.title"))
    page.gap()
    told, steps = _state(run)
    for line in told:
        page.line(line)
    page.gap()
    page.steps([(command, text(run.lang, f"welcome.step.{key}")) for command, key in steps])
    page.gap()
    page.line(text(run.lang, "welcome.help"))
    write(page.text(), None)


def _state(run: Session) -> tuple[list[str], list[tuple[str, str]]]:
    """What is here, and commands with the text of what each is for."""
    lang = run.lang
    archive, files = _archives(), _files()
    ingest = (f"kanta-gap ingest {' '.join(archive) or 'ARCHIVE'}", "ingest")
    register = (f"kanta-gap register {' '.join(files) or 'episodes.csv'}", "register")
    if not run.database.exists():
        steps = [ingest, register] if archive or files else [("kanta-gap demo", "demo"), ingest, register]
        return [text(lang, "welcome.empty", db=run.database.name)], [*steps, ("kanta-gap config init", "config")]
    from analyser.cli.asking import links_of
    from analyser.store.database import open_database

    with open_database(run.database, write=False) as database:
        connection = database.connection
        documents, rows, quarantined = first_row(
            connection.execute(
                "SELECT (SELECT count(*) FROM document), (SELECT count(*) FROM register_episode), "
                "(SELECT count(*) FROM quarantine)"
            )
        ) or (0, 0, 0)
        told = [text(lang, "welcome.here", documents=documents, rows=rows)]
        if quarantined:
            told.append(text(lang, "welcome.quarantined", count=quarantined))
        held = [("kanta-gap quarantine", "quarantine")] if quarantined else []
        if not rows:
            return [*told, text(lang, "welcome.no_register")], [register, *held]
        if not documents:
            return [*told, text(lang, "welcome.no_archive")], [ingest, *held]
        try:
            period = default_period(connection, today())
        except NothingToCheckError:
            return [*told, text(lang, "welcome.none_ended")], [("kanta-gap periods", "periods"), *held]
        entry = entry_of(connection, period, links_of(run))
        seen = entry.runs
        delivered = first_number(
            connection.execute(
                "SELECT count(*) FROM delivery WHERE period_start = $first AND period_end = $last",
                {"first": period.start, "last": period.end},
            )
        )
    told.append(text(lang, "welcome.ended", period=period.id, day=day(lang, period.end)))
    if period.deadline:
        left = days_left(period.deadline, today(), lang, settled=entry.settled)
        told.append(text(lang, "welcome.deadline", day=day(lang, period.deadline), left=left))
    if not seen:
        return told, [(f"kanta-gap coverage --period {period.id}", "coverage"), *held]
    last = seen[-1]
    lacking = last.partial + last.missing
    if entry.unsent is None:
        told.append(text(lang, "welcome.seen", lacking=lacking, undetermined=last.undetermined))
    else:
        told.append(text(lang, "welcome.sent", unsent=entry.unsent, undetermined=last.undetermined))
    steps = list(held)
    if last.undetermined:
        steps.append((f"kanta-gap gaps --period {period.id} --class undetermined", "undetermined"))
    if lacking:
        steps.append((f"kanta-gap gaps --period {period.id} --class missing,partial", "gaps"))
    if delivered and entry.unsent:
        command = f"kanta-gap deliver --period {period.id} --corrections --out corrections-{period.id}"
        steps.append((command, "corrections"))
    if delivered:
        steps.append((f"kanta-gap deliver --period {period.id} --status", "delivered"))
    elif lacking:
        steps.append((f"kanta-gap deliver --period {period.id} --out delivery-{period.id}", "deliver"))
    steps.append((f"kanta-gap coverage --period {period.id} -f html -o {period.id}.html", "report"))
    return told, steps


def _archives() -> list[str]:
    """Containers and folders of this folder that may hold documents, at most three."""
    here = sorted(Path().iterdir())
    found = [p.name for p in here if p.is_file() and p.name.lower().endswith(_CONTAINERS)]
    found += [p.name for p in here if p.is_dir() and p.name.lower() in ("archive", "arkisto", "arkiv")]
    return [as_argument(name) for name in found][:3]


def as_argument(name: str, system: str = os.name) -> str:
    """A file's name as it is typed: in quotes where a shell would read something else; cmd and PowerShell take double
    ones alike."""
    if system == "posix":
        return shlex.quote(name)
    return name if _PLAIN.fullmatch(name) else f'"{name}"'


def _files() -> list[str]:
    """The county's own files, by their usual names."""
    return [
        f"{kind}{end}" for kind in _REGISTER for end in (".csv", ".parquet", ".xlsx") if Path(f"{kind}{end}").is_file()
    ]
