"""Periods that were closed: keeping what was told of them, and giving it back byte for byte.

What is kept is the output itself, not what it was made from: no later version, setting or load can make another of it.
The ledger is kept a row a piece, each with its person, so that a person can be forgotten in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import duckdb
import pyarrow as pa

from analyser import __version__
from analyser.messages.errors import UsageError
from analyser.store.audit import note, os_user
from analyser.store.database import Database
from analyser.store.first_row import first_number, first_row
from analyser.store.tables import batch_views
from analyser.store.transaction import transaction
from analyser.system.resources import query


@dataclass(frozen=True, slots=True)
class ClosedFrom:
    """Fingerprints of what a comparison came from."""

    tool: str
    settings: str
    archive: str
    register: str
    identities: str


@dataclass(frozen=True, slots=True)
class Closing:
    """A closed period, as it stood then."""

    number: int
    """1, 2, 3 … over all periods."""
    period: str
    start: dt.date
    end: dt.date
    closed_at: dt.datetime
    """UTC."""
    os_user: str
    tool_version: str
    sources: ClosedFrom
    rows: int
    excluded: int
    undetermined: int
    archived: int
    partial: int
    missing: int
    coverage_code: int
    gaps_code: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of what `gaps` told; `person_key` is None where it is about nobody."""

    person_key: str | None
    told: str
    """A row of JSON without the comma that parts it from the next."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """What is to be kept of a period."""

    period: str
    start: dt.date
    end: dt.date
    sources: ClosedFrom
    figures: Mapping[str, int]
    """Rows, the five classes, and the exit codes of coverage and gaps."""
    coverage: Sequence[tuple[str, str | None, str]]
    """Format, language, and what was told."""
    gaps: Mapping[str, Sequence[Piece]]
    """Pieces by format."""


def sources(connection: duckdb.DuckDBPyConnection, tool: str, settings: str) -> ClosedFrom:
    """What a comparison of now comes from; `tool` and `settings` as results tell them."""
    return ClosedFrom(tool, settings, *(first_row(connection.execute(query("closing", "sources"))) or ("", "", "")))


def closings(
    connection: duckdb.DuckDBPyConnection, period: str | None = None, days: tuple[dt.date, dt.date] | None = None
) -> list[Closing]:
    """All closings, or those of a period, oldest first."""
    start, end = days or (None, None)
    found = connection.execute(
        query("closing", "closings"), {"period": period, "period_start": start, "period_end": end}
    ).fetchall()
    return [Closing(*(*row[:7], ClosedFrom(*row[7:12]), *row[12:])) for row in found]


def close(database: Database, frozen: Frozen, now: dt.datetime) -> Closing:
    """Keep what was told, in one transaction. `now`: UTC without zone."""
    connection = database.connection
    pieces = [(form, place, piece) for form, told in frozen.gaps.items() for place, piece in enumerate(told)]
    table = pa.table(
        {
            "format": pa.array([form for form, _, _ in pieces], pa.string()),
            "place": pa.array([place for _, place, _ in pieces], pa.int32()),
            "person_key": pa.array([piece.person_key for _, _, piece in pieces], pa.string()),
            "told": pa.array([piece.told for _, _, piece in pieces], pa.string()),
        }
    )
    with batch_views(connection, {"told": table}), transaction(connection):
        number = first_number(connection.execute("SELECT coalesce(max(number), 0) + 1 FROM period_closing"), 1)
        values = {
            "number": number,
            "period": frozen.period,
            "period_start": frozen.start,
            "period_end": frozen.end,
            "closed_at": now,
            "os_user": os_user(),
            "tool_version": __version__,
            **asdict(frozen.sources),
            **frozen.figures,
        }
        connection.execute(query("closing", "close"), values)
        for form, lang, told in frozen.coverage:
            connection.execute(
                "INSERT INTO period_told VALUES ($closing, $format, $lang, $told)",
                {"closing": number, "format": form, "lang": lang, "told": told},
            )
        connection.execute(
            "INSERT INTO period_told_row BY NAME SELECT $closing::INTEGER AS closing, batch_told.* FROM batch_told",
            {"closing": number},
        )
        note(database, "period close", {"number": number, "period": frozen.period, "rows": frozen.figures["rows"]})
    return closings(connection)[-1]


def chosen(
    connection: duckdb.DuckDBPyConnection, period: str, days: tuple[dt.date, dt.date], which: int | None
) -> Closing:
    """The newest closing of a period, or its first, second … Raises UsageError when there is none."""
    found = closings(connection, period, days)
    if not found:
        raise UsageError("period.not_closed", period=period)
    if which is not None and not 1 <= which <= len(found):
        raise UsageError("period.no_closing", period=period, number=which, count=len(found))
    return found[-1 if which is None else which - 1]


def coverage_told(connection: duckdb.DuckDBPyConnection, closing: Closing, form: str, lang: str) -> str:
    """What `coverage` told, in a format and a language."""
    row = first_row(
        connection.execute(query("closing", "told"), {"closing": closing.number, "format": form, "lang": lang})
    )
    if row is None:
        raise UsageError("period.not_told_so", format=form)
    return str(row[0])


def gaps_told(connection: duckdb.DuckDBPyConnection, closing: Closing, form: str) -> str:
    """What `gaps` told, in a format. Raises UsageError when persons were forgotten since."""
    rows = connection.execute(query("closing", "told-rows"), {"closing": closing.number, "format": form}).fetchall()
    if not rows:
        raise UsageError("period.rows_forgotten", period=closing.period)
    return assembled([Piece(*row) for row in rows], form)


def assembled(pieces: Sequence[Piece], form: str) -> str:
    """The pieces as one text. Rows of JSON stand one a line, with commas between them."""
    if form != "json":
        return "".join(piece.told for piece in pieces)
    told: list[str] = []
    before: Piece | None = None
    for piece in pieces:
        if piece.person_key is None:
            told.append("\n" if before is not None and before.person_key is not None else "")
        else:
            told.append(",\n" if before is not None and before.person_key is not None else "\n")
        told.append(piece.told)
        before = piece
    return "".join(told)
