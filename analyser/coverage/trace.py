"""Everything known about one ID: a document OID, a register source_id or a person_key, each fact with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

import duckdb
import pyarrow as pa

from analyser.coverage.measure import names_of
from analyser.coverage.model import Model, Request
from analyser.coverage.names import Names
from analyser.coverage.result import Period
from analyser.coverage.timeline import timeline
from analyser.national.deadlines import deadlines, duty
from analyser.national.identifiers import shown_source_id
from analyser.store.arrow import arrow_table
from analyser.store.database import Database
from analyser.store.first_row import first_row
from analyser.system.resources import queries

TRACE_SCHEMA = "kanta-gap/trace/1"


class Traced(StrEnum):
    """What an ID turned out to be."""

    EPISODE = "episode"
    """A row of the register."""
    SERVICE = "service"
    """A decision or service of the register."""
    DOCUMENT = "document"
    """A document or a set of versions."""
    PERSON = "person"
    """A person_key."""
    FRAME = "frame"
    """A document that only a transfer frame or the quarantine names."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Facts about one ID, in named tables: register, ledger, timeline, archiving, services_ledger, documents, files,
    persons, periods, blocks, tasks, cases, services, frames, answers, quarantine, story. Only tables with rows are
    there."""

    kind: Traced
    id: str
    period: Period
    sections: tuple[tuple[str, pa.Table], ...]
    names: Names = field(default_factory=Names)
    """What units and producers are called, for faces."""


@cache
def _sections() -> tuple[tuple[str, str], ...]:
    paths = sorted(queries("trace").glob("[0-9]*.sql"))
    return tuple((path.stem.partition("-")[2], path.read_text(encoding="utf-8")) for path in paths)


def trace(database: Database, request: Request, id_: str) -> Trace | None:
    """Tell everything about `id_`, the ledger as of `request`; None when nothing here has that ID."""
    return traced_in(Model.asked(database.connection, request), shown_source_id(database.secret, id_))


def traced_in(model: Model, id_: str) -> Trace | None:
    """The same in a model that stands, of an ID as it is shown."""
    connection = model.connection
    (_, traced), (_, told_of), *sections = _sections()
    connection.execute(traced, {"id": id_})
    connection.execute(told_of)
    told = []
    for name, sql in sections:
        table = arrow_table(connection, sql)
        if table.num_rows:
            told.append((name, table))
        if name == "ledger" and table.num_rows:
            told.append(("timeline", timeline(model, table.column("source_id").to_pylist())))
            if (owed := _archiving(model)).num_rows:
                told.append(("archiving", owed))
    kind = _kind(connection)
    if kind is None:
        if not told:
            return None
        # A row that was delivered is known by that, also when the register has it no more.
        kind = Traced.EPISODE if any(name == "story" for name, _ in told) else Traced.FRAME
    return Trace(kind, id_, model.period, tuple(told), names_of(model))


def _archiving(model: Model) -> pa.Table:
    """Since when documents of the rows told of that Kanta lacks had to be archived, by the statute of the period."""
    rows = [
        {
            "source_id": source_id,
            "since": found.since.isoformat(),
            "from_joining": found.from_joining,
            "law": found.law,
            "checked_until": deadlines().checked_until.isoformat(),
        }
        for source_id, key in model.rows("owed")
        if (found := duty(key, model.period.end)) is not None
    ]
    return pa.Table.from_pylist(rows)


def _kind(connection: duckdb.DuckDBPyConnection) -> Traced | None:
    found = first_row(
        connection.execute(
            "SELECT (SELECT count(*) FROM traced_row), (SELECT count(*) FROM traced_service), "
            "(SELECT count(*) FROM traced_document), "
            "(SELECT count(*) FROM traced_person)"
        )
    )
    rows, services, documents, persons = found or (0, 0, 0, 0)
    if rows:
        return Traced.EPISODE
    if services:
        return Traced.SERVICE
    if documents:
        return Traced.DOCUMENT
    return Traced.PERSON if persons else None
