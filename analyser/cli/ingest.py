"""`kanta-gap ingest`: archived documents into the database."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal, cast

import typer

from analyser.archive.pass_over import PassOver
from analyser.archive.quarantine import Code
from analyser.archive.settings import ReadSettings, VoidingTable
from analyser.cli.session import Session, session
from analyser.cli.working import left_told
from analyser.ingest.engine import Engine, dask_executor
from analyser.ingest.engine import engine as over
from analyser.ingest.part_read import load_parts, read_part
from analyser.ingest.parts import Share, share
from analyser.ingest.progress import IngestProgress, IngestStage
from analyser.ingest.run import IngestSummary, ingest, older_files
from analyser.messages.catalogue import Message, text
from analyser.messages.errors import ExitCode, UsageError
from analyser.messages.suggestion import meant
from analyser.settings import Settings
from analyser.store.database import Database, assert_persons_known, open_database
from analyser.store.holding import archived_organisers
from analyser.store.overflow import overflow
from analyser.store.quarantine import quarantine
from analyser.system.limits import Limits

app = typer.Typer(add_completion=False)
_COMMAND = "kanta-gap ingest"
# Containers told of by name; a folder may have thousands.
_KEPT_LINES = 10
_PART_WAITS = 60.0
"""Seconds that a part waits for the database: others may be making it, or looking at it, at the same moment."""
_ENGINES = ("local", "dask")
_DEPTHS = ("off", "structure", "full")


@app.command()
def command(
    source: Annotated[list[Path] | None, typer.Argument(show_default=False)] = None,
    workers: Annotated[int | None, typer.Option()] = None,
    validate: Annotated[str, typer.Option()] = "off",
    xsd: Annotated[Path | None, typer.Option()] = None,
    sosmeta: Annotated[Path | None, typer.Option()] = None,
    part: Annotated[str | None, typer.Option("--part", metavar="i/N")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR")] = None,
    engine: Annotated[str, typer.Option("--engine")] = "local",
    scheduler: Annotated[str, typer.Option("--scheduler", metavar="ADDRESS", show_default=False)] = "",
    gathered: Annotated[Path | None, typer.Option("--from", metavar="DIR")] = None,
) -> int:
    """Read archived documents into the database; what was read stays when its file is replaced, moved or gone."""
    run = session()
    source = source or []
    if engine not in _ENGINES:
        raise UsageError("cli.none_of", hint=meant(engine, _ENGINES), option="--engine", name=engine, known=_ENGINES)
    if scheduler and engine == "local":
        raise UsageError("engine.scheduler_of_local")
    reading = validate != "off" or xsd is not None or sosmeta is not None or engine != "local"
    asked = _asked(source, part, out, gathered, reading=reading, apart=engine != "local")
    if validate not in _DEPTHS:
        raise UsageError(
            "cli.none_of", hint=meant(validate, _DEPTHS), option="--validate", name=validate, known=_DEPTHS
        )
    if validate == "full" and sosmeta is None:
        raise UsageError("cli.no_definitions")
    for path, option in ((xsd, "--xsd"), (sosmeta, "--sosmeta")):
        if path is not None and not path.exists():
            raise UsageError("cli.no_such_file", option=option, file=path.name)
    for path in source:
        if not path.exists():
            raise UsageError("archive.no_source", source=path.name)
    if asked is not None and out is not None:
        with _waiting_settings(run, validate, xsd, sosmeta) as settings:
            return _part(run, asked, out, source, settings, workers)
    plain = run.creates_plain_database()
    with open_database(run.database, write=True) as database:
        settings = _read_settings(run, database, validate, xsd, sosmeta)
        if older := older_files(database, source):
            run.say("narration.ingest.older", count=older)
        progress = _Progress()
        try:
            shown = None if run.quiet else progress
            if gathered is not None:
                done = load_parts(database, gathered, settings, progress=shown)
            else:
                many = workers or run.workers
                with _engine(engine, scheduler, many, out or run.database.absolute().parent) as elsewhere:
                    done = ingest(database, source, settings, workers=many, progress=shown, engine=elsewhere)
        finally:
            progress.close()
            if settings.overflow is not None:
                shutil.rmtree(settings.overflow, ignore_errors=True)
        organisers = archived_organisers(database)
    _tell_kept(run, done)
    if done.checked_less:
        run.say("narration.ingest.checked_less", count=done.checked_less)
    if run.debug and done.quarantine_total:
        with open_database(run.database, write=False) as database:
            for row in quarantine(database).to_pylist():
                if row["code"] == Code.READER_FAILED:
                    run.say(
                        "narration.ingest.failed", member=f"{row['source']}/{row['member']}", place=row["place"] or "–"
                    )
    if done.passed_over:
        run.say("narration.ingest.passed_over", count=done.passed_over)
    if plain:
        run.say("narration.db.plain", file=run.database.name)
    run.say(
        "narration.ingest.done",
        documents=done.documents,
        new=done.new_documents,
        frames=done.frames,
        unchanged=done.unchanged,
        quarantined=done.quarantined,
    )
    if done.answers:
        run.say("narration.ingest.answers", count=done.answers)
    if done.open_ends:
        run.say("narration.ingest.open_ends", count=done.open_ends)
    if done.open_ends_changed:
        run.warn("narration.ingest.open_ends_changed")
    if organisers and not (run.settings.organiser or run.settings.organisers):
        run.say("narration.ingest.organisers", organisers=", ".join(organisers))
    if done.quarantine_total and not done.documents_held:
        run.say("narration.ingest.nothing_readable", count=done.quarantine_total)
        return ExitCode.UNCHECKED
    if done.quarantine_total:
        run.say("narration.ingest.quarantine", count=done.quarantine_total)
        return ExitCode.UNCHECKED
    return ExitCode.DONE


def _asked(
    source: list[Path], part: str | None, out: Path | None, gathered: Path | None, *, reading: bool, apart: bool
) -> Share | None:
    """The part that is to be read, if one is. Raises UsageError for options that do not go together."""
    if gathered is not None:
        if source or part is not None or out is not None or reading:
            raise UsageError("part.from_alone")
        return None
    if not source:
        raise UsageError("cli.missing", hint=Message("errors.cli.see_help", {"command": _COMMAND}), name="SOURCE")
    if part is not None and apart:
        raise UsageError("engine.with_part")
    if part is None:
        if out is not None and not apart:
            raise UsageError("part.out_without_part")
        return None
    if out is None:
        raise UsageError("part.without_out")
    return share(part)


@contextmanager
def _engine(name: str, scheduler: str, workers: int, folder: Path) -> Iterator[Engine | None]:
    """Who reads elsewhere; None for the processes of this machine."""
    if name == "local":
        yield None
        return
    with dask_executor(scheduler, workers) as (executor, many), over(executor, folder, many) as found:
        yield found


@contextmanager
def _waiting_settings(run: Session, validate: str, xsd: Path | None, sosmeta: Path | None) -> Iterator[ReadSettings]:
    """The settings of reading with the database's key of persons, which is held no longer than it takes to see it.

    Others may read other parts at the same time, and the first of them makes the database.
    """
    patience = max(run.settings.wait, _PART_WAITS)
    settings = None
    for write in (False, True) if run.database.exists() else (True,):
        try:
            with open_database(run.database, write=write, patience=patience) as database:
                assert_persons_known(database, "no_document")
                settings = _read_settings(run, database, validate, xsd, sosmeta)
            break
        except UsageError as error:
            if write or error.key != "store.older":  # one of an older version becomes one of this, as by any ingest
                raise
    assert settings is not None
    try:
        yield settings
    finally:
        if settings.overflow is not None:
            shutil.rmtree(settings.overflow, ignore_errors=True)


def _part(
    run: Session, asked: Share, out: Path, source: list[Path], settings: ReadSettings, workers: int | None
) -> ExitCode:
    progress = _Progress()
    try:
        shown = None if run.quiet else progress
        done = read_part(asked, out, source, settings, workers=workers or run.workers, progress=shown)
    finally:
        progress.close()
    told = done.manifest
    run.say(
        "narration.ingest.part_stands" if done.stood else "narration.ingest.part_done",
        part=str(asked),
        documents=told.counts["document"],
        frames=told.counts["frame"],
        quarantined=told.counts["quarantine"],
        file=told.data,
    )
    return ExitCode.UNCHECKED if told.counts["quarantine"] else ExitCode.DONE


def _read_settings(
    run: Session, database: Database, validate: str, xsd: Path | None, sosmeta: Path | None
) -> ReadSettings:
    return ReadSettings(
        secret=database.secret,
        validate=cast(Literal["off", "structure", "full"], validate),
        limits=Limits(**run.settings.tables["limits"]),
        voiding=_voiding(run.settings),
        open_ends=frozenset(map(dt.date.fromisoformat, run.settings.open_ends)),
        xsd=xsd,
        sosmeta=sosmeta,
        overflow=Path(overflow(run.database)),
        pass_over=PassOver(run.settings.pass_over, str(run.database.resolve())),
    )


def _tell_kept(run: Session, done: IngestSummary) -> None:
    """What stays though its file was replaced or is gone, source by source, and what the quarantine lost."""
    for kept in done.kept[:_KEPT_LINES]:
        if kept.documents:
            run.say("narration.ingest.kept", name=kept.name, documents=kept.documents)
        else:
            run.say("narration.ingest.kept_frames", name=kept.name, frames=kept.frames)
    if more := done.kept[_KEPT_LINES:]:
        run.say("narration.ingest.kept_more", sources=len(more), documents=sum(kept.documents for kept in more))
    if conflicts := sum(kept.conflicts for kept in done.kept):
        run.say("narration.ingest.conflicts", count=conflicts)
    if done.outdated:
        run.say("narration.ingest.outdated", count=done.outdated)
    if done.closed:
        run.say("narration.ingest.closed", count=done.closed)


def _voiding(settings: Settings) -> VoidingTable:
    built_in = VoidingTable()
    words = tuple(word.lower() for word in settings.voiding_words)
    return VoidingTable(built_in.codes | frozenset(settings.voiding_codes), built_in.words + words)


class _Progress:
    """Tells how far an ingest is: on a terminal in place, elsewhere a line every ten seconds."""

    def __init__(self) -> None:
        self._told = time.monotonic()
        self._terminal = sys.stderr.isatty()
        self._stage = IngestStage.READING
        self._shown = False

    def __call__(self, progress: IngestProgress) -> None:
        now = time.monotonic()
        changed = progress.stage is not self._stage
        # A short run needs no words on its way; once something was said, a new stage is said at once.
        if now - self._told < (0.5 if self._terminal else 10) and not (changed and self._shown):
            return
        self._told, self._stage, self._shown = now, progress.stage, True
        line = _line(progress)
        sys.stderr.write(f"\r\x1b[K{line}" if self._terminal else f"{line}\n")
        sys.stderr.flush()

    def close(self) -> None:
        """Clear the line on the terminal, so that what comes next stands on a line of its own."""
        if self._shown and self._terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _line(progress: IngestProgress) -> str:
    """Counts only: no name of a file, which could be somebody's."""
    lang = session().lang
    told = text(
        lang,
        f"narration.ingest.progress.{progress.stage}",
        members=progress.members,
        size=progress.bytes // 1_000_000,
        rate=round(progress.rate),
        quarantined=progress.quarantined,
        files=progress.files_listed,
    )
    left = progress.seconds_left
    if progress.stage is not IngestStage.READING or left is None:
        return told
    return told + left_told(lang, progress.share, left)
