"""Runs rules against a model that stands: read-only, with a time limit, one status a rule, never absent.

Measuring and judging are two steps: what was counted can be judged again later under other thresholds.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import duckdb
import pyarrow as pa

from analyser.coverage.result import Period
from analyser.messages.catalogue import Message
from analyser.messages.progress import stretch
from analyser.rules.catalogue import COLUMNS, FILE, Rule, Severity
from analyser.rules.findings import BATCH, Row, fetched, rows_of, told_rows
from analyser.rules.policy import Policy
from analyser.rules.sandbox import aside_of, tables_of
from analyser.store.allowed import objection
from analyser.store.apart import Apart, named_in
from analyser.store.first_row import first_number
from analyser.system.processes import DiedError, TooSlowError

_TRIES = 5
"""How often a rule is asked that was stopped and not by its time."""
_AGAIN = 0.05
"""Seconds between two interrupts."""
_LINE = re.compile(r"LINE (\d+):")
_KIND = re.compile(r"(?:Invalid Input Error: Attempting [^\n]*\nError: )?([A-Za-z ]+) Error: ")
# Errors of these kinds speak of the rule's text. Others may quote the data, which are somebody's.
_OF_THE_TEXT = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException, duckdb.PermissionException)


class Status(StrEnum):
    """How a rule ends for a period."""

    PASSED = "passed"
    """It looked at something and found nothing wrong, or no more than is tolerated."""
    FAILED = "failed"
    """It found rows."""
    NOT_APPLICABLE = "not-applicable"
    """There was nothing to look at, or the rule is not meant for the period."""
    ERROR = "error"
    """It could not be run."""


class OutcomeReason(StrEnum):
    """Why a rule ended as it did, where that is not plain."""

    NOTHING = "nothing-to-look-at"
    """The denominator is 0."""
    PERIOD = "other-period"
    """The rule is meant for other periods."""
    TOLERATED = "tolerated"
    """There are findings, no more than the settings tolerate."""
    ASIDE = "set-aside"
    """There are findings, all of them known from a baseline or waived."""
    BROKEN = "broken-file"
    """The rule's file is no rule."""
    REFUSED = "refused"
    """The database refused its SQL."""
    COLUMNS = "wrong-columns"
    """It does not return the columns of the protocol."""
    TIME = "too-slow"
    """It ran longer than the limit."""
    MORE_THAN_ALL = "more-than-all"
    """It found more rows than it says it looked at."""
    CHANGED = "changed-since"
    """A saved result was made with other parameters: thresholds cannot be applied to it."""


class FindingState(StrEnum):
    """How a finding stands to what was set aside."""

    NEW = "new"
    KNOWN = "known"
    """A baseline holds it."""
    WAIVED = "waived"
    """A waiver of the settings holds it."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A finding of a baseline that is not there any more."""

    fingerprint: str
    subject: str
    count: int


@dataclass(frozen=True, slots=True)
class Measured:
    """What a rule counted, before anybody judges it."""

    of: int = 0
    rows: Sequence[Row] = ()
    """Failing rows with the columns of ROW, sorted."""
    reason: OutcomeReason | None = None
    """Why nothing was counted."""
    values: Mapping[str, Message | str] = field(default_factory=dict)
    """What the reason's text needs."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A rule's end."""

    policy: Policy
    status: Status
    level: Severity | None
    """How much the findings weigh; None without any, or when they are tolerated."""
    of: int
    rows: Sequence[Row] = ()
    reason: OutcomeReason | None = None
    values: Mapping[str, Message | str] = field(default_factory=dict)
    states: tuple[FindingState, ...] = ()
    """How each row stands; empty when nothing could be set aside."""
    new: Sequence[Row] | None = None
    """The rows that are not set aside; None: all."""
    gone: tuple[Gone, ...] = ()

    @property
    def open(self) -> Sequence[Row]:
        """The rows that the verdict is by."""
        return self.rows if self.new is None else self.new

    def count(self, state: FindingState) -> int:
        """How many rows stand so."""
        return self.states.count(state) if self.states else len(self.rows) * (state is FindingState.NEW)

    @property
    def rule(self) -> Rule:
        """The rule."""
        return self.policy.rule


def judge(policy: Policy, measured: Measured) -> Outcome:
    """The status and weight of what was counted."""
    failed = len(measured.rows)
    level = policy.level(failed, measured.of)
    reason = measured.reason
    if reason in (OutcomeReason.PERIOD, OutcomeReason.NOTHING):
        status = Status.NOT_APPLICABLE
    elif reason is not None:
        status = Status.ERROR
    elif level is not None:
        status = Status.FAILED
    else:
        status = Status.PASSED
        reason = OutcomeReason.TOLERATED if failed else None
    return Outcome(policy, status, level, measured.of, measured.rows, reason, measured.values)


def measure(
    connection: duckdb.DuckDBPyConnection,
    policies: Sequence[Policy],
    period: Period,
    seconds: float | None,
    ended: Callable[[str], None] = lambda _: None,
) -> list[Measured]:
    """Run the rules one after another in a furnished room; none can stop the others. `seconds`: None for no limit.

    Rules of the project run in the room itself, a user's own in a process apart with the tables that they name.
    `ended` is told each rule's code when the rule has ended.
    """
    own = [text for policy in policies if policy.rule.own for text in (policy.rule.of_sql, policy.rule.sql)]
    tables = named_in(own, tables_of(connection)) if any(own) else {}
    with (
        Apart(connection, tables, aside_of(connection) if any(own) else "") as apart,
        stretch("rules", [1.0] * len(policies), period=period.id) as begins,
    ):
        found: list[Measured] = []
        untold: dict[int, tuple[int, pa.Table]] = {}

        def tell() -> None:
            told = told_rows(connection, [rows for _, rows in untold.values()])
            for (place, (of, _)), rows in zip(untold.items(), told, strict=True):
                found[place] = Measured(of, rows)
            untold.clear()

        for place, policy in enumerate(policies):
            begins(place + 1)
            counted = _measure(connection, apart, policy, period, seconds)
            if isinstance(counted, Measured):
                found.append(counted)
            else:
                found.append(Measured())
                untold[place] = counted
            if sum(rows.num_rows for _, rows in untold.values()) > BATCH:
                tell()
            ended(policy.rule.code)
        tell()
        return found


def _measure(
    connection: duckdb.DuckDBPyConnection, apart: Apart, policy: Policy, period: Period, seconds: float | None
) -> Measured | tuple[int, pa.Table]:
    """What the rule looked at and the rows that it found, which are not told yet; or its end, where it found none."""
    rule = policy.rule
    if rule.broken is not None:
        return _failed(OutcomeReason.BROKEN, told=rule.broken)
    if not rule.applies.touches(period.start, period.end):
        return _failed(OutcomeReason.PERIOD, range=str(rule.applies))
    if rule.own:
        counted = _counted_apart(apart, policy, seconds)
    else:
        with _Limit(connection, seconds) as limit:
            counted = _counted(connection, policy, limit)
    if isinstance(counted, Measured):
        return counted
    of, rows = counted
    if rows.num_rows > of:
        return _failed(OutcomeReason.MORE_THAN_ALL, file=rule.file, of=str(of))
    if not of:
        return _failed(OutcomeReason.NOTHING)
    return (of, rows) if rows.num_rows else Measured(of, rows_of(()))


def _counted_apart(apart: Apart, policy: Policy, seconds: float | None) -> tuple[int, pa.Table] | Measured:
    rule = policy.rule
    try:
        return apart.ask(seconds, _counted_inside, policy, seconds)
    except TooSlowError:
        return _failed(OutcomeReason.TIME, file=rule.file, seconds=f"{seconds:g}")
    except DiedError:
        return _failed(OutcomeReason.REFUSED, file=rule.file, line=str(rule.sql_line), told=Message("errors.rule.died"))


def _counted_inside(
    room: duckdb.DuckDBPyConnection, policy: Policy, seconds: float | None
) -> tuple[int, pa.Table] | Measured:
    with _Limit(room, seconds) as limit:
        return _counted(room, policy, limit)


def _counted(connection: duckdb.DuckDBPyConnection, policy: Policy, limit: _Limit) -> tuple[int, pa.Table] | Measured:
    """How much the rule looked at and its failing rows, or why not."""
    rule = policy.rule
    for _ in range(_TRIES):
        try:
            of = first_number(_execute(connection, rule, rule.of_sql, policy.parameters))
            cursor = _execute(connection, rule, rule.sql, policy.parameters)
            columns = tuple(column[0] for column in cursor.description or ())
            if columns not in (COLUMNS, (*COLUMNS, FILE)):
                return _failed(
                    OutcomeReason.COLUMNS, file=rule.file, line=str(rule.sql_line), columns=", ".join(columns)
                )
            # One more than all is enough to see that a rule finds more than it looked at.
            return int(of or 0), _fetched(cursor, int(of or 0), rule.sql)
        except _Objection as objection:
            line = (rule.of_line if objection.of is rule.of_sql else rule.sql_line) + objection.line - 1
            return _failed(OutcomeReason.REFUSED, file=rule.file, line=str(line), told=objection.told)
        except duckdb.InterruptException:
            if limit.passed:
                return _failed(OutcomeReason.TIME, file=rule.file, seconds=f"{limit.seconds:g}")
            # When one thread of a query fails, the others are stopped, and sometimes the stop is told instead of the
            # failure. Whoever asks again is told it.
    told = Message("errors.rule.failed_on_data", {"error": duckdb.InterruptException.__name__})
    return _failed(OutcomeReason.REFUSED, file=rule.file, line=str(rule.sql_line), told=told)


class _Limit:
    """Interrupts what a connection does when its time has passed, and goes on so until it has ended."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, seconds: float | None) -> None:
        self.seconds = seconds
        self.passed = False
        self._connection = connection
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._wait, daemon=True)

    def __enter__(self) -> _Limit:
        if self.seconds is not None:
            self._watch.start()
        return self

    def _wait(self) -> None:
        if self._ended.wait(self.seconds):
            return
        self.passed = True
        # Between two statements an interrupt is lost: one is not enough.
        while not self._ended.is_set():
            self._connection.interrupt()
            self._ended.wait(_AGAIN)

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if self.seconds is not None:
            self._watch.join()  # an interrupt that comes late would hit the next rule


class _Objection(Exception):
    """What is wrong with a rule's SQL, in which of its two statements, and on which line of it."""

    def __init__(self, of: str, told: Message | str, line: int = 1) -> None:
        super().__init__()
        self.told = told
        self.of = of
        self.line = line


def _execute(
    connection: duckdb.DuckDBPyConnection, rule: Rule, sql: str, parameters: Mapping[str, int | float]
) -> duckdb.DuckDBPyConnection:
    try:
        statements = connection.extract_statements(sql)
        if len(statements) != 1:
            raise _Objection(sql, Message("errors.rule.one_statement", {"count": len(statements)}))
        statement = statements[0]
        if statement.type != duckdb.StatementType.SELECT:
            raise _Objection(sql, Message("errors.rule.no_select"))
        if rule.own and (told := objection(sql)) is not None:
            raise _Objection(sql, told)
        wanted = statement.named_parameters
        unknown = sorted(wanted - parameters.keys())
        if unknown:
            raise _Objection(sql, Message("errors.rule.undeclared", {"name": unknown[0]}))
        return connection.execute(statement, {name: parameters[name] for name in wanted} or None)
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        words = str(error)
        if isinstance(error, _OF_THE_TEXT):
            raise _Objection(sql, words.split("\n", 1)[0], _line(words)) from None
        raise _failed_on_data(sql, type(error).__name__, words) from None


def _fetched(cursor: duckdb.DuckDBPyConnection, most: int, sql: str) -> pa.Table:
    """The rows of a rule, whose query may be interrupted or fail as late as at the last of them."""
    try:
        return fetched(cursor, most)
    except duckdb.InterruptException:
        raise
    except (duckdb.Error, OSError) as error:  # what comes by way of Arrow is an OSError with DuckDB's words
        told = str(error)
        match = _KIND.match(told)
        kind = match[1].replace(" ", "") if match else ""
        if kind == "INTERRUPT":
            raise duckdb.InterruptException from None
        raise _failed_on_data(sql, f"{kind}Exception", told) from None


def _failed_on_data(sql: str, error: str, told: str) -> _Objection:
    """DuckDB's words may quote the data, so of an error nothing but its kind and its line is told."""
    return _Objection(sql, Message("errors.rule.failed_on_data", {"error": error}), _line(told))


def _line(told: str) -> int:
    at = _LINE.search(told)
    return int(at[1]) if at else 1


def _failed(reason: OutcomeReason, **values: Message | str) -> Measured:
    return Measured(reason=reason, values=values)
