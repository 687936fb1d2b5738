"""Pages of one period's comparison, for a face that stays open: a model of its own, asked page by page.

A million rows are never fetched: a page is a LIMIT behind a key. The model stands in temporary tables of a cursor,
which hold no identifiers and outlive the file's being let go (`store/shared.py`), so figures stay readable while
somebody else writes the file. What lies in the file itself (documents, files, register rows) is read when asked for.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

import duckdb
import pyarrow as pa

from analyser.coverage.conditions import Thresholds
from analyser.coverage.measure import cells, measured
from analyser.coverage.mending import Mending, mending
from analyser.coverage.model import Model, Request
from analyser.coverage.periods import CalendarEntry, calendar
from analyser.coverage.result import Cell, CoverageResult, Dimension, Reason, RowClass
from analyser.coverage.trace import Trace, traced_in
from analyser.messages.errors import KantaGapError
from analyser.store.first_row import first_row
from analyser.store.shared import SharedDatabase
from analyser.succession import Link
from analyser.system.resources import query

_LAST = chr(0x10FFFF)
"""Behind every key by which rows stand in order."""
ORDERS = ("class", "source_id", "task", "start", "end", "days", "reasons", "municipality", "unit")
"""Columns by which rows can stand in order; by their class: what needs somebody first."""
GROUPED = ("class", "task", "reasons", "municipality", "unit", "producer", "age_group", "organiser", "start", "end",
           "person_key")  # fmt: skip
"""Columns by which rows can be put together."""
_EXPORTED = 10_000
"""Rows fetched at a time for a file."""


@dataclass(frozen=True, slots=True)
class TypedWord:
    """A word that a row must hold, and the codes whose names hold it, each behind a letter for its column."""

    word: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows are looked at. Nothing chosen: all."""

    layer: str | None = None
    service_task: str | None = None
    """Told with its layer only."""
    place: tuple[Dimension, str | None] | None = None
    """A municipality, unit, producer or age group; None as its value: rows without one."""
    classes: tuple[RowClass, ...] = ()
    reasons: tuple[Reason, ...] = ()
    sought: str | None = None
    """The beginning of a source_id, a whole person_key, or a document's whole OID."""
    typed: tuple[TypedWord, ...] = ()
    """Words that every row must hold, in itself or in the names of its codes."""
    groups: tuple[tuple[str, str | None], ...] = ()
    """Groups that a row must be in: a column of `GROUPED`, and its value; None: nothing stands there."""
    order: str = ORDERS[0]

    def parameters(self) -> dict[str, Any]:
        """The parameters of `chosen_row`."""
        return {
            "layer": self.layer,
            "service_task": self.service_task,
            "place_kind": self.place[0].key if self.place else None,
            "place": self.place[1] if self.place else None,
            "classes": [value.value for value in self.classes],
            "reasons": [value.value for value in self.reasons],
            "sought": self.sought,
            "typed": [{"word": one.word, "codes": list(one.codes)} for one in self.typed],
            "groups": [{"name": name, "value": value} for name, value in self.groups],
            "ordering": self.order,
        }


@dataclass(frozen=True, slots=True)
class BrowsedRow:
    """A ledger row as a face shows it: no place when the person is safety-restricted (`hidden`)."""

    source_id: str
    person_key: str
    layer: str
    service_task: str | None
    organiser: str | None
    unit: str | None
    producer: str | None
    municipality: str | None
    age_group: str | None
    start: str | None
    end: str | None
    row_class: RowClass
    reasons: tuple[Reason, ...]
    days_expected: int
    days_archived: int
    documents: tuple[str, ...]
    hidden: bool
    rank: int
    sort_key: str = ""
    """Its place in the order that was asked for, before its source_id."""


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Chosen rows that have one value in a column."""

    value: str | None
    rows: int
    missing: int
    partial: int
    undetermined: int
    archived: int
    excluded: int


@dataclass(frozen=True, slots=True)
class Span:
    """Days between two dates that may be partial: possible days, and inside them those that are certain."""

    start_text: str | None
    end_text: str | None
    possible_start: dt.date
    certain_start: dt.date
    possible_end: dt.date
    certain_end: dt.date


@dataclass(frozen=True, slots=True)
class Interval:
    """An archived interval beside a register row."""

    span: Span
    oid: str
    role: str
    unit: str | None
    standing: str
    elsewhere: bool
    """Of another organiser than the row's."""
    pointer: str | None

    @property
    def covers(self) -> bool:
        """Whether its days count for the row."""
        return self.standing == "current" and not self.elsewhere and self.role != "first-phase-unit"


@dataclass(frozen=True, slots=True)
class RowDocument:
    """A document of the row's person."""

    oid: str
    kind: str
    version: int | None
    standing: str
    stored_on: dt.date | None
    rests: bool
    """Whether the row's class rests on it."""


@dataclass(frozen=True, slots=True)
class RowDetail:
    """Everything about one row of the period, apart from its documents' own facts."""

    row: BrowsedRow
    span: Span
    intervals: tuple[Interval, ...]
    holes: tuple[tuple[dt.date, dt.date], ...]
    """First and last day of what no current document certainly covers; only of partial and missing rows."""
    documents: tuple[RowDocument, ...]
    file: str | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Hit:
    """What a search found: `kind` is row, other-period, document or person; `told` its class or standing."""

    kind: str
    id: str
    told: str | None


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """One row that a rule found."""

    code: str
    subject: str | None
    person_key: str | None
    service_task: str | None
    municipality: str | None
    document: str | None
    place: str | None


_FINDING = tuple(field.name for field in fields(RuleFinding))[1:]


@dataclass(frozen=True, slots=True)
class Glance:
    """What is known before anything is compared."""

    documents: int
    register_rows: int
    quarantined: int


class StoppedError(KantaGapError):
    """A comparison was ended because nobody waits for it any more."""

    def __init__(self) -> None:
        super().__init__("coverage.stopped")


class Pages:
    """A model that stands, and the pages of it. Safe to be asked from several threads: they take turns."""

    def __init__(self, shared: SharedDatabase, request: Request) -> None:
        """Nothing is compared yet: see `build`."""
        self.request = request
        self._shared = shared
        self._cursor = shared.cursor()
        self._lock = threading.RLock()
        self._model: Model | None = None

    def build(self, thresholds: Thresholds, progress: Callable[[int, int], None] | None = None) -> CoverageResult:
        """Compare archive and register; seconds at a million rows.

        Raises StoppedError after `stop`, else as `store/shared.py` and `coverage` do.
        """
        try:
            with self.reading() as cursor:
                self._model = Model.build(cursor, self.request, progress)
                self._model.stand_alone()
                cursor.execute(query("browse", "00-rows"))
                return measured(self._model, (), thresholds)
        except duckdb.InterruptException:
            raise StoppedError from None

    def stop(self) -> None:
        """End what is running; the thread that waits for it gets an error."""
        self._cursor.interrupt()

    def close(self) -> None:
        """Give the model's memory back."""
        with self._lock:
            self._cursor.close()

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The model's connection with the file at hand: for rules, and whatever else reads documents."""
        with self._lock, self._shared.reading(self._cursor) as cursor:
            yield cursor

    def cells(self, dimension: Dimension) -> tuple[Cell, ...]:
        """Coverage by service task and one more dimension."""
        with self._lock:
            return cells(self._stood(), (Dimension.LAYER, Dimension.SERVICE_TASK, dimension))

    def mending(self) -> Mending:
        """Rows to mend by unit, by who mends and by first reason."""
        with self._lock:
            return mending(self._stood())

    def page(
        self, choice: Choice, size: int, *, after: BrowsedRow | None = None, before: BrowsedRow | None = None
    ) -> list[BrowsedRow]:
        """A page of rows behind `after`, or the page before `before`; the first page when neither is given."""
        parameters = choice.parameters() | {"page": size}
        if before is not None:
            return self._rows("page-before", parameters | {"before_key": before.sort_key, "before": before.source_id})
        return self._rows(
            "page-after",
            parameters | {"after_key": after.sort_key if after else "", "after": after.source_id if after else ""},
        )

    def last_page(self, choice: Choice, size: int) -> list[BrowsedRow]:
        """The last rows."""
        return self._rows("page-before", choice.parameters() | {"page": size, "before_key": _LAST, "before": ""})

    def counts(self, choice: Choice) -> dict[RowClass, int]:
        """Chosen rows by class."""
        return {RowClass(name): rows for name, rows in self._all("counts", choice.parameters())}

    def reason_counts(self, choice: Choice) -> dict[Reason, int]:
        """Chosen rows by reason."""
        return {Reason(name): rows for name, rows in self._all("reason-counts", choice.parameters())}

    def groups(self, choice: Choice, column: str, size: int) -> list[RowGroup]:
        """Chosen rows put together by a column of `GROUPED`, at most `size` groups, the largest first."""
        return [RowGroup(*values) for values in self._all("groups", choice.parameters() | {"by": column, "page": size})]

    def exported(self, choice: Choice) -> Iterator[tuple[Any, ...]]:
        """All chosen rows with the ledger's columns, a batch at a time. Nobody else is answered meanwhile."""
        with self._lock:
            found = self._cursor.execute(query("browse", "export"), choice.parameters())
            while batch := found.fetchmany(_EXPORTED):
                yield from batch

    def row(self, source_id: str) -> RowDetail | None:
        """One row; None when the period has none of that name."""
        asked = {"source_id": source_id}
        with self.reading():
            found = self._all("row", asked)
            if not found:
                return None
            *own, start_lo, start_hi, end_lo, end_hi, file, line = found[0]
            row = _row(tuple(own))
            holes = self._all("holes", asked)
            return RowDetail(
                row=row,
                span=Span(row.start, row.end, start_lo, start_hi, end_hi, end_lo),
                intervals=tuple(_interval(values, row.hidden) for values in self._all("intervals", asked)),
                holes=tuple((first, last) for first, last in holes),
                documents=tuple(RowDocument(*values) for values in self._all("row-documents", asked)),
                file=file,
                line=line,
            )

    def trace(self, id_: str) -> Trace | None:
        """Everything known about an ID."""
        with self.reading():
            return traced_in(self._stood(), id_)

    def search(self, sought: str, size: int) -> list[Hit]:
        """What the ID can be. Persons are found by person_key alone."""
        with self.reading():
            return [Hit(*values) for values in self._all("search", {"sought": sought, "page": size})]

    def quarantine(self, code: str | None, size: int, skip: int) -> list[tuple[str | None, ...]]:
        """A page of the quarantine: source, member, stage, code, message, place."""
        with self.reading():
            return self._all("quarantine", {"code": code, "page": size, "skip": skip})

    def quarantine_counts(self) -> list[tuple[str, int]]:
        """Entries by code, most first."""
        with self.reading():
            return self._all("quarantine-counts", {})

    def remember(self, code: str, findings: Sequence[tuple[str | None, ...]]) -> None:
        """Keep what a rule found (columns of the rules' protocol), so that it can be paged."""
        columns = list(zip(*findings, strict=True)) or [()] * len(_FINDING)
        batch = pa.table({name: pa.array(column, pa.string()) for name, column in zip(_FINDING, columns, strict=True)})
        with self._lock:
            self._cursor.register("found_batch", batch)
            try:
                self._cursor.execute(query("browse", "remember"), {"code": code})
            finally:
                self._cursor.unregister("found_batch")

    def findings(self, code: str, size: int, skip: int) -> list[RuleFinding]:
        """A page of what a rule found."""
        return [RuleFinding(*values) for values in self._all("findings", {"code": code, "page": size, "skip": skip})]

    def findings_about(self, id_: str, size: int) -> list[RuleFinding]:
        """What the rules that have been run found about a register row or a document."""
        return [RuleFinding(*values) for values in self._all("findings-about", {"id": id_, "page": size})]

    def _stood(self) -> Model:
        """The model; pages are asked for when it was built."""
        assert self._model is not None
        return self._model

    def _rows(self, name: str, parameters: dict[str, Any]) -> list[BrowsedRow]:
        return [_row(values) for values in self._all(name, parameters)]

    def _all(self, name: str, parameters: dict[str, Any]) -> list[Any]:
        with self._lock:
            return self._cursor.execute(query("browse", name), parameters).fetchall()


def glance(
    shared: SharedDatabase, cursor: duckdb.DuckDBPyConnection, today: dt.date, links: tuple[Link, ...]
) -> tuple[Glance, list[CalendarEntry]]:
    """What can be shown at any size within a moment: counts of the file, and its periods."""
    with shared.reading(cursor):
        found = first_row(cursor.execute(query("browse", "glance"))) or (0, 0, 0)
        return Glance(*found), calendar(cursor, today, links)


def _row(values: tuple[Any, ...]) -> BrowsedRow:
    told = dict(zip((field.name for field in fields(BrowsedRow)), values, strict=False))
    told["row_class"] = RowClass(told["row_class"])
    told["reasons"] = tuple(Reason(reason) for reason in told["reasons"])
    told["documents"] = tuple(told["documents"])
    return BrowsedRow(**told)


def _interval(values: tuple[Any, ...], hidden: bool) -> Interval:
    oid, role, unit, standing, elsewhere, start, end, possible_start, certain_start, possible_end, certain_end, at = (
        values
    )
    span = Span(start, end, possible_start, certain_start, possible_end, certain_end)
    return Interval(span, oid, role, None if hidden else unit, standing, elsewhere, at)
