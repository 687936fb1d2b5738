"""What `kanta-gap register` reads: files and sources of the arguments, each by its table of the settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from analyser.cli.session import Session
from analyser.cli.working import Working
from analyser.messages.errors import UsageError
from analyser.register.files import read_file
from analyser.register.kinds import RegisterKind
from analyser.register.layout import Layout
from analyser.register.layouts import layout as layout_named
from analyser.register.load import RegisterLoad, load_of, read_register
from analyser.register.sources import Engine, RegisterSource, read_source
from analyser.register.sources import source as find_source
from analyser.register.table import FileRead
from analyser.register.tasks import known_tasks
from analyser.store.database import Database
from analyser.store.holding import archived_organisers
from analyser.store.odbc import read_odbc
from analyser.store.sources import read_duckdb
from analyser.system.limits import Limits


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be read, and how."""

    files: tuple[Path, ...]
    sources: tuple[RegisterSource, ...]
    layout: Layout
    kind: RegisterKind | None
    limits: Limits
    tasks: frozenset[str]
    """What service tasks may be called, the codes file of the database among them."""


def asked(
    run: Session,
    database: Database | None,
    files: list[Path],
    sources: list[str],
    name: str | None,
    kind: RegisterKind | None,
) -> Asked:
    """The files and sources that the arguments and the settings name. Raises UsageError when there are none."""
    tables = run.settings.tables
    tasks = known_tasks(_codes(database))
    layout = layout_named(name, tables["register"], Path.cwd(), tasks) if name else Layout()
    archived = archived_organisers(database) if database is not None else ()

    def common(one: Layout) -> Layout:
        return replace(one, organiser=run.settings.organiser, archived=archived)

    found = [find_source(one, tables["source"], Path.cwd(), tasks) for one in sources]
    named = files or ([] if found else list(_matched(layout)))
    if not named and not found:
        raise UsageError("register.nothing_to_load")
    return Asked(
        tuple(named),
        tuple(replace(one, layout=common(one.layout)) for one in found),
        common(layout),
        kind,
        Limits(**tables["limits"]),
        tasks,
    )


def _matched(layout: Layout) -> Iterator[Path]:
    """The files of a settings table, each once, in the order of their names. Raises UsageError for a name that none
    has."""
    seen = set()
    for pattern in layout.files:
        path = Path(pattern)
        if any(sign in pattern for sign in "*?["):
            root = Path(path.anchor) if path.is_absolute() else Path()
            matched = sorted(root.glob(str(path.relative_to(path.anchor)) if path.is_absolute() else pattern))
        else:
            matched = [path]
        if not matched:
            raise UsageError("layout.no_files", name=layout.name, pattern=pattern)
        for one in matched:
            if one not in seen and not one.name.startswith(("~$", ".")):  # what an open spreadsheet leaves beside it
                seen.add(one)
                yield one


def loads(run: Session, what: Asked, secret: bytes, working: Working | None = None) -> Iterator[RegisterLoad]:
    """Every file and source, read. `working`: tells how it goes on."""
    for number, path in enumerate(what.files, 1):
        if working is not None:
            size = path.stat().st_size // 1_000_000 if path.is_file() else 0
            working.at("narration.register.progress.reading", file=number, files=len(what.files), size=size)
        load = read_register(path, what.kind, secret, what.limits, run.settings.open_ends, what.layout)
        yield load.under(what.layout.name) if what.layout.name else load
    for number, source in enumerate(what.sources, 1):
        if working is not None:
            working.at("narration.register.progress.asking", source=number, sources=len(what.sources))
        yield load_of(source_book(run, what, source), source.label, secret, run.settings.open_ends, source.layout)


def tasks_of(what: Asked, found: Iterable[RegisterLoad]) -> frozenset[str]:
    """What service tasks may be called when all of this is loaded, a codes file among it."""
    columns = ["code", "key", "name_fi", "name_sv"]
    rows = [row for load in found if load.kind is RegisterKind.CODES for row in load.table.select(columns).to_pylist()]
    return what.tasks | known_tasks((row["code"], row["key"], row["name_fi"], row["name_sv"]) for row in rows)


def file_book(what: Asked, path: Path) -> FileRead:
    """A file, not yet read as any kind's rows."""
    return read_file(path, what.limits, what.layout, what.kind)


def source_book(run: Session, what: Asked, source: RegisterSource) -> FileRead:
    """A source's rows, not yet read as any kind's."""
    wanted = what.kind or source.kind
    if source.engine is Engine.DUCKDB:
        return read_duckdb(source, what.limits, source.layout, wanted)
    if source.engine is Engine.ODBC:
        return read_odbc(source, run.environ, what.limits, source.layout, wanted)
    return read_source(source, run.environ, what.limits, source.layout, wanted)


def _codes(database: Database | None) -> list[tuple[str | None, str | None, str | None, str | None]]:
    if database is None:
        return []
    return database.connection.execute("SELECT code, key, name_fi, name_sv FROM register_code ORDER BY ALL").fetchall()
