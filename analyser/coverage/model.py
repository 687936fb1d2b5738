"""The SQL model of `queries/model/` for one request, where it stands: temporary tables, from documents to ledger.

The steps are read by analysts and stand in files of their own; this module only runs them in order. Whoever reads
figures off the model takes a `Model`, so that nobody can ask a connection in which none stands.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from analyser.coverage import kept
from analyser.coverage.answers import Answers, another_stands, answers_to, asked_before
from analyser.coverage.parts import by_parts, compare_in_parts
from analyser.coverage.result import Acknowledgements, Period
from analyser.coverage.statements import statement
from analyser.coverage.steps import made_by, statements, steps, weights
from analyser.messages.errors import BrokenSumError
from analyser.messages.notices import notice
from analyser.messages.progress import stretch
from analyser.national.identifiers import holds_identifier, shown_source_id
from analyser.store.arrow import arrow_table
from analyser.store.first_row import first_row
from analyser.store.memory_limit import BYTES_A_ROW, bounded, comparing, rows_of_store
from analyser.succession import Followed, Link, followed


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of the archive and the register."""

    period: Period
    as_of: dt.date | None = None
    """Documents stored after this day do not exist."""
    organisers: tuple[str, ...] = field(default=())
    """OIDs or dot-bounded prefixes whose episodes count; empty: those of the register."""
    producer_periods_cover: bool = False
    acknowledgements: Acknowledgements = Acknowledgements.WHEN_PRESENT
    accepting_codes: tuple[str, ...] = field(default=())
    """Codes by which the archive accepts, beside AA."""
    refusing_codes: tuple[str, ...] = field(default=())
    """Codes by which it refuses, beside AE, AR, CE and CR."""
    county: tuple[str, ...] = field(default=())
    """Municipalities of the county, when the settings name one: what the population base should hold."""
    succession: tuple[Link, ...] = field(default=())
    """Organisers, units and source_ids that came after others."""
    under_way: bool = False
    """The period has not ended, so that its conditions cannot be decided yet."""
    parts: int = 1
    """In how many parts the county is compared: a matter of memory alone, the answer is the same."""


_Result = TypeVar("_Result")
_MOST = 0.5
"""Share of the county that hangs together, from which it is told that parts divide little."""
_LEAST = 2**29
"""Bytes of memory that a comparison in parts may take at least."""

_LEDGER = "90-ledger.sql"
"""The step that makes the ledger: those after it rest on it, and it rests on none of them."""
# Views that put keys and texts back beside numbers, places in the tables of the store; and the ledger, because whoever
# lets go of the store asks for it page by page.
_OF_THE_STORE = ("document_standing", "covering_period", "register_row", "ledger")


@dataclass(frozen=True, slots=True)
class Model:
    """The comparison of one request, standing in the temporary tables of a connection. Its sums tie.

    One with `answers` stands when something is asked of it that was not answered before, and again when another took
    its place meanwhile.
    """

    opened: duckdb.DuckDBPyConnection
    request: Request
    answers: Answers | None = None
    ledger_only: bool = False
    keeps: bool = False
    """Whether it is kept, when it is built for answers."""
    for_questions: bool = False
    """Whether tables on the way from documents to ledger may be lacking, as in one that was taken up."""

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """Where it stands."""
        if self.answers is not None:
            self._stand(self.answers)
        return self.opened

    @classmethod
    def build(
        cls,
        connection: duckdb.DuckDBPyConnection,
        request: Request,
        progress: Callable[[int, int], None] | None = None,
        *,
        for_questions: bool = False,
    ) -> Model:
        """Compare archive and register in `connection`; a model that stands there is replaced.

        `progress` is told the number of the step under way, from 1, and of how many. `for_questions`: nobody asks more
        than the tables that are kept; in parts the others on the way are not put together then. Raises BrokenSumError
        when figures do not tie.
        """
        another_stands(connection)
        kept.let_go(connection)
        _clear(connection)
        with stretch("model", weights(), period=request.period.id) as begins:

            def step(place: int) -> None:
                begins(place)
                if progress is not None:
                    progress(place, len(steps()))

            short = for_questions and request.parts > 1
            model = cls(connection, request, for_questions=short)
            model.frugally(lambda: _build(connection, request, step, for_questions=short))
            return model.assert_ties()

    def frugally(self, work: Callable[[], _Result]) -> _Result:
        """The result of `work`, which may be begun anew: where the county is compared in parts, within the memory that
        a part should need, and what does not fit goes to the disk."""
        if self.request.parts == 1:
            return work()
        wanted = max(_LEAST, BYTES_A_ROW * rows_of_store(self.opened) // self.request.parts)
        with comparing(self.request.parts):
            done, before = bounded(self.opened, wanted, work, lambda: None)
        self.opened.execute("SET memory_limit = $1", [before])
        return done

    @classmethod
    def asked(cls, connection: duckdb.DuckDBPyConnection, request: Request) -> Model:
        """The model of a question, for who only reads figures and rows off it: taken up where it was kept and
        everything is as it was, else built, and kept for the next question when that took long.

        Of one that was taken up the tables on the way from documents to ledger do not stand: see `whole`.
        Raises BrokenSumError when figures do not tie.
        """
        if (answers := answers_to(connection, request)) is not None:
            answers.asked = True
            return cls(connection, request, answers, keeps=True).assert_ties()
        if kept.take_up(connection, request):
            return cls(connection, request).assert_ties()
        begun = time.monotonic()
        model = cls.build(connection, request, for_questions=True)
        took = time.monotonic() - begun
        model.frugally(lambda: kept.keep(connection, request, took))
        return model

    @classmethod
    def told(
        cls, connection: duckdb.DuckDBPyConnection, request: Request, *, ledger_only: bool = False, whole: bool = False
    ) -> Model:
        """The same of one of several periods: its answers are kept, and it is not, for a few would take the place of
        those that are asked every day. `ledger_only`: see `then`; `whole`: see there."""
        if (answers := answers_to(connection, request)) is None:
            return cls.build(connection, request)
        answers.asked = True
        model = cls(connection, request, answers, ledger_only)
        if whole:
            model.whole()
        return model.assert_ledger_ties() if ledger_only else model.assert_ties()

    def whole(self) -> Model:
        """The model with all its tables in the connection's own memory: one that was taken up, or built for questions
        alone, is built anew."""
        if self.answers is not None:
            gathered, begun = self.answers.gathered, time.monotonic()
            if not self._stands(self.answers) and (before := gathered.standing) is not None:
                self._note(self.answers, Model(self.opened, before.request)._then(self.request))
            standing = gathered.standing if self._stands(self.answers) else None
            if standing is None or standing.for_questions or kept.taken_up(self.opened):
                self._note(self.answers, Model.build(self.opened, self.request))
            gathered.seconds += time.monotonic() - begun
            return self
        lacking = self.for_questions or kept.taken_up(self.opened)
        return Model.build(self.opened, self.request) if lacking else self

    def _stands(self, answers: Answers) -> bool:
        standing = answers.gathered.standing
        return (
            standing is not None and standing.request == self.request and (self.ledger_only or not standing.ledger_only)
        )

    def _stand(self, answers: Answers) -> None:
        """Make it stand: beside the model that stands already, from what was kept, or built."""
        if self._stands(answers):
            return
        gathered, begun = answers.gathered, time.monotonic()
        before = gathered.standing
        if before is not None and not kept.taken_up(self.opened):
            self._note(answers, Model(self.opened, before.request)._then(self.request, ledger_only=self.ledger_only))
        elif kept.take_up(self.opened, self.request):
            gathered.worth = True
            self._note(answers, Model(self.opened, self.request).assert_ties())
            return
        else:
            self._note(answers, Model.build(self.opened, self.request, for_questions=True))
        took = time.monotonic() - begun
        gathered.seconds += took
        if self.keeps and before is None:
            self.frugally(lambda: kept.keep(self.opened, self.request, took))

    def _note(self, answers: Answers, standing: Model) -> None:
        answers.gathered.standing = replace(standing, ledger_only=self.ledger_only)

    @property
    def period(self) -> Period:
        """The period that is compared."""
        return self.request.period

    def for_period(self, period: Period, *, ledger_only: bool = False, whole: bool = False) -> Model:
        """The model of the same question about another period: see `then`. `whole`: with all its tables at once."""
        if self.answers is not None:
            request = replace(self.request, period=period)
            return Model.told(self.opened, request, ledger_only=ledger_only, whole=whole)
        return self._then(replace(self.request, period=period), ledger_only=ledger_only)

    def then(self, request: Request) -> Model:
        """The model of the next question, in the place of this one, which must stand as built on a store that did not
        change since.

        Where the two differ by their period alone, only what depends on the period is made anew: what a document
        says and whose it is, does not. All of it is where the settings call an organiser otherwise in that period, and
        where the county is compared in parts.
        """
        return Model.told(self.opened, request) if self.answers is not None else self._then(request)

    def _then(self, request: Request, *, ledger_only: bool = False) -> Model:
        """The same of one that stands, at once.

        `ledger_only`: no more than the ledger may be asked for; what the steps after it make stands again after the
        next call without it.
        """
        # Of the question, these are for those who read the model: no step asks for them.
        asked = replace(request, period=self.period, county=self.request.county, under_way=self.request.under_way)
        if asked != self.request or kept.taken_up(self.connection):
            return Model.build(self.connection, request)
        standing = self.connection.execute("SELECT kind, old, new, told FROM succession ORDER BY ALL").fetchall()
        wanted = succession_of(self.connection, request.succession, request.period.end)
        if request.parts > 1 or standing != sorted(zip(*wanted.values(), strict=True)):
            return Model.build(self.connection, request)
        again = [sql for step, sql in _of_the_period() if step <= _LEDGER or not ledger_only or _drops(sql)]
        if ledger_only:  # nobody shall be told of another period what is not made of this one
            for made, is_view in (one for step, sql in _of_the_period() if step > _LEDGER for one in made_by(sql)):
                self.connection.execute(f"DROP {'VIEW' if is_view else 'TABLE'} IF EXISTS temp.main.{made}")
        another_stands(self.connection)
        with stretch("period", [1.0] * len(again), period=request.period.id) as begins:
            _ask(self.connection, request)
            for place, sql in enumerate(again, 1):
                begins(place)
                self.connection.execute(sql)
            found = Model(self.connection, request)
            return found.assert_ledger_ties() if ledger_only else found.assert_ties()

    def stand_alone(self, *, but: Collection[str] = ()) -> None:
        """Make the model independent of the store, which is let go of or changed while the model is used on.

        `but`: views that the caller gives another ground to stand on.
        """
        self.whole()
        for name in _OF_THE_STORE:
            if name in but:
                continue
            self.connection.execute(f"CREATE TEMP TABLE standing_alone AS FROM temp.main.{name}")
            self.connection.execute(f"DROP VIEW temp.main.{name}")
            self.connection.execute(f"ALTER TABLE temp.main.standing_alone RENAME TO {name}")

    def rows(
        self,
        name: str,
        values: Mapping[str, object] | None = None,
        beside: Callable[[duckdb.DuckDBPyConnection], None] | None = None,
    ) -> list[Any]:
        """The rows of the statement of that name (`queries/coverage/`). `beside`: see `answer`."""
        return self.answer(statement(name), values, beside)

    def answer(
        self,
        sql: str,
        values: Mapping[str, object] | None = None,
        beside: Callable[[duckdb.DuckDBPyConnection], None] | None = None,
    ) -> list[Any]:
        """The rows of a statement about model and store, as they were told before or asked now. It must be SQL of
        `queries/`, whose answer depends on nothing else. `beside`: makes what it needs beside the model."""

        def ask() -> list[Any]:
            connection = self.connection
            if beside is not None:
                self.prepare(beside)
            return connection.execute(sql, values).fetchall()

        return ask() if self.answers is None else self.answers.rows(sql, values, ask)

    def prepare(self, beside: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
        """Make something beside the model, if it does not stand there already."""
        connection = self.connection
        prepared = set() if self.answers is None else self.answers.gathered.prepared
        if beside not in prepared:
            beside(connection)
            prepared.add(beside)

    def table(self, name: str, values: Mapping[str, object] | None = None, *, keeps: bool = False) -> pa.Table:
        """The same as a table. `keeps`: it is short, names nobody, and is an answer that is kept."""

        def ask() -> pa.Table:
            return arrow_table(self.connection, statement(name), values)

        return ask() if self.answers is None or not keeps else self.answers.table(statement(name), values, ask)

    def assert_ties(self) -> Model:
        """The model itself. Raises BrokenSumError for the first of its sums that does not tie."""
        self.assert_ledger_ties()
        return self._assert("ties-of-services")

    def assert_ledger_ties(self) -> Model:
        """The same of what the ledger rests on alone."""
        return self._assert("ties")

    def _assert(self, sums: str) -> Model:
        for what, one, other in self.frugally(lambda: self.rows(sums)):
            raise BrokenSumError("coverage.figures", what=what, one=one, other=other)
        return self


def _build(
    connection: duckdb.DuckDBPyConnection, request: Request, begins: Callable[[int], None], *, for_questions: bool
) -> None:
    places = {name: place for place, (name, _) in enumerate(steps(), 1)}
    for name, sql in steps():
        begins(places[name])
        if name.startswith("05-"):
            connection.execute(sql, succession_of(connection, request.succession, request.period.end))
        elif name.startswith("00-"):
            _ask(connection, request)
        elif request.parts > 1 and by_parts(name):
            largest = compare_in_parts(
                connection, request.parts, lambda step: begins(places[step]), for_questions=for_questions
            )
            if largest > _MOST:
                notice("narration.parts.large", percent=int(100 * largest))
            break
        else:
            connection.execute(sql)


def _ask(connection: duckdb.DuckDBPyConnection, request: Request) -> None:
    """The first step: the one row that every later step reads."""
    connection.execute(
        steps()[0][1],
        {
            "period_id": request.period.id,
            "period_start": request.period.start,
            "period_end": request.period.end,
            "as_of": request.as_of,
            "organisers": list(request.organisers),
            "producer_periods_cover": request.producer_periods_cover,
            "acknowledgements": str(request.acknowledgements),
            "accepting_codes": [code.upper() for code in request.accepting_codes],
            "refusing_codes": [code.upper() for code in request.refusing_codes],
        },
    )


@cache
def _of_the_period() -> tuple[tuple[str, str], ...]:
    """The statements after the first step whose answer depends on the period, each with its step's file: those that
    name it, and those that name what such a statement made. Beside them what is made to be dropped at the end, which
    they may need once more.

    A word that only looks like such a name costs time, and no truth.
    """
    after = [(step, sql) for step, sql in statements() if not step.startswith("00-")]
    passing = {name for _, sql in after for name in re.findall(r"^DROP TABLE (\w+)", sql, re.MULTILINE)}
    follows = {"period_id", "period_start", "period_end"}
    found = []
    for step, sql in after:
        made = {name for name, _ in made_by(sql)}
        words = set(re.findall(r"\w+", re.sub(r"--[^\n]*", "", sql)))
        if words & follows:
            found.append((step, sql))
            follows |= made
        elif made & passing or _drops(sql):
            found.append((step, sql))
    return tuple(found)


def _drops(sql: str) -> bool:
    return re.search(r"^DROP ", sql, re.MULTILINE) is not None


def told_of(connection: duckdb.DuckDBPyConnection, request: Request) -> Model | None:
    """The model of the request, where something was asked of it while the connection was gathered of; it may stand by
    its answers alone."""
    answers = asked_before(connection, request)
    return None if answers is None else Model(connection, request, answers)


def succession_of(
    connection: duckdb.DuckDBPyConnection, links: tuple[Link, ...], until: dt.date
) -> dict[str, list[str]]:
    """Where names of the settings lead in a period that ends `until`; a source_id with an identifier as it is shown."""
    found = followed(links, until)

    def kept(link: Followed, name: str) -> str:
        if link.kind != "ids" or not holds_identifier(name):
            return name
        secret = first_row(connection.execute("SELECT value FROM meta WHERE key = 'person_secret'"))
        return shown_source_id(bytes.fromhex(secret[0]), name) if secret else name

    return {
        "kinds": [link.kind for link in found],
        "olds": [kept(link, link.old) for link in found],
        "news": [kept(link, link.new) for link in found],
        "tolds": [kept(link, link.told) for link in found],
    }


def _clear(connection: duckdb.DuckDBPyConnection) -> None:
    """Take away tables in the place of views, left by a model that stood alone."""
    views = [name for name, is_view in _relations() if is_view]
    left = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = 'temp' AND list_contains($views, table_name)",
        {"views": views},
    ).fetchall()
    for (name,) in left:
        connection.execute(f"DROP TABLE temp.main.{name}")


def model_tables() -> Iterator[str]:
    """Names of the temporary tables and views, for documentation and for tests."""
    for name, _ in _relations():
        yield name


def _relations() -> Iterator[tuple[str, bool]]:
    """Names of the model's tables and views, and whether each is a view."""
    for _, sql in steps():
        yield from made_by(sql)
