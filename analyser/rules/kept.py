"""What rules counted, kept between questions beside the comparison: `check` and the page run them once for one state.

It holds for what a kept comparison holds for (`coverage.kept`); for the rules themselves, their SQL and parameters; for
what their room is made by; and for what is remembered that they may read, which changes while the state stays. Nothing
is kept of a rule of a user's own, nor where a rule could not be run: that may have been the machine's fault.

The room of rules has let go of the database when they have run. What they counted is written when it is certain that
the database is the same still, and while nobody can write it: whoever forgets a person removes what is kept.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path

import duckdb
import pyarrow as pa

from analyser.archive.reader import READER
from analyser.coverage import kept
from analyser.coverage.answers import answers_to
from analyser.coverage.model import Request
from analyser.messages.errors import UsageError
from analyser.register.reader import REGISTER_READER
from analyser.rules.findings import ROW, FindingRows, rows_of
from analyser.rules.policy import Policy
from analyser.rules.run import Measured, OutcomeReason
from analyser.store import kept as beside
from analyser.store.arrow import arrow_table
from analyser.store.database import attach, connect_beside
from analyser.store.tables import batch_views
from analyser.system.keeping import Keeping, keeping
from analyser.system.private_files import private_files
from analyser.system.resources import queries, query

_HERE = "kept_rules"
_THERE = "keeping_rules"
_CERTAIN = (None, OutcomeReason.PERIOD, OutcomeReason.NOTHING)
"""How a rule ends whatever the machine."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Under what name these rules' counts are kept."""

    place: kept.Place
    request: Request
    rules: tuple[str, ...]
    """A fingerprint of each rule with its parameters, in the order of the policies."""
    remembered: str
    policy: Keeping

    @property
    def whole(self) -> str:
        """What the file says of itself."""
        return json.dumps([self.place.whole, self.remembered, _room()])


def expected(connection: duckdb.DuckDBPyConnection, request: Request, policies: Sequence[Policy]) -> Expected | None:
    """The name of what these rules count now; None where it is not kept."""
    policy = keeping()
    if policy is None or any(one.rule.own or one.rule.broken is not None for one in policies):
        return None
    # What was remembered under an organiser's old name is part of the model itself.
    if any(link.kind == "organisers" for link in request.succession):
        return None
    if answers_to(connection, request) is None:  # whoever asks reads the tables of the rules' room afterwards
        return None
    if (place := kept.place_of(connection, request, policy)) is None:
        return None
    return Expected(place, request, tuple(map(_rule, policies)), _remembered(connection, request), policy)


def taken_up(connection: duckdb.DuckDBPyConnection, wanted: Expected) -> list[Measured] | None:
    """What the rules counted when they were run before, if all of them were; a file that does not hold is removed."""
    for file in sorted(beside.folder(wanted.place.path).glob(f"{wanted.place.name}*{beside.RULES}")):
        with suppress(*kept.UNREADABLE):
            if kept.is_whole(file):
                kept.attach(connection, file, _HERE, write=False)
                told = connection.execute(f"SELECT key FROM {_HERE}.main.kept_key").fetchall()  # noqa: S608
                if told == [(wanted.whole,)]:
                    found = _read(connection, wanted)
                    kept.detach(connection, _HERE)
                    if found is not None:
                        with suppress(OSError):  # what was asked last is removed last
                            os.utime(file)
                        wanted.policy.tell("narration.kept.taken_up")
                    return found
        kept.detach(connection, _HERE)
        kept.remove(file)
    return None


def _read(connection: duckdb.DuckDBPyConnection, wanted: Expected) -> list[Measured] | None:
    told = connection.execute(f"SELECT rule, rule_no, examined, reason, told FROM {_HERE}.main.counted").fetchall()  # noqa: S608
    counted = {rule: (place, Measured(of, (), reason and OutcomeReason(reason), json.loads(values)))
               for rule, place, of, reason, values in told}  # fmt: skip
    if not set(wanted.rules) <= set(counted):
        return None
    places = sorted(counted[rule][0] for rule in wanted.rules)
    table = arrow_table(
        connection,
        f"SELECT * FROM {_HERE}.main.found WHERE list_contains($places, rule_no) ORDER BY number",  # noqa: S608
        {"places": places},
    )
    sizes = {one["values"]: one["counts"] for one in table.column("rule_no").value_counts().to_pylist()}
    parts, start = {}, 0
    for place in places:
        parts[place] = table.select(ROW).slice(start, sizes.get(place, 0))
        start += sizes.get(place, 0)
    found = []
    for rule in wanted.rules:
        place, one = counted[rule]
        found.append(replace(one, rows=FindingRows(parts[place])) if one.reason is None else one)
    return found


def keep(wanted: Expected, measured: Sequence[Measured], seconds: float) -> None:
    """Keep what the rules counted, which took so many `seconds`, unless it is not worth it, not certain, or another
    process writes the database by now."""
    policy = wanted.policy
    if seconds < policy.least_seconds or any(one.reason not in _CERTAIN for one in measured):
        return
    path = wanted.place.path
    making = beside.folder(path) / f"{kept.MAKING}{os.getpid()}"
    try:
        with private_files(), connect_beside(path) as connection:
            attach(connection, path)
            connection.execute("USE archive")
            if kept.place_of(connection, wanted.request, policy) != wanted.place:
                return
            if _remembered(connection, wanted.request) != wanted.remembered:
                return
            if not kept.has_room(path):
                policy.tell("narration.kept.no_room")
                return
            kept.remove_making(making)
            _write(connection, wanted, measured, making)
            if making.stat().st_size > policy.most_bytes:
                return
            file = wanted.place.file(making, beside.RULES)
            making.replace(file)
            kept.make_room(wanted.place, file, policy)
    except (OSError, UsageError, *kept.GAVE_OUT) as error:  # in use, or no room: the answer needs none of it
        policy.tell("narration.kept.failed", told=type(error).__name__)
    finally:
        kept.remove_making(making)


def _write(connection: duckdb.DuckDBPyConnection, wanted: Expected, measured: Sequence[Measured], making: Path) -> None:
    kept.attach(connection, making, _THERE, write=True)
    counted = pa.table(
        {
            "rule": pa.array(wanted.rules, pa.string()),
            "rule_no": pa.array(range(len(measured)), pa.int32()),
            "examined": pa.array([one.of for one in measured], pa.int64()),
            "told": pa.array([json.dumps(dict(one.values)) for one in measured], pa.string()),
            "reason": pa.array([None if one.reason is None else one.reason.value for one in measured], pa.string()),
        }
    )
    parts = [
        part.append_column("rule_no", pa.array([place] * part.num_rows, pa.int32()))
        for place, one in enumerate(measured)
        for part in rows_of(one.rows).batches()
    ]
    empty = pa.schema([*(pa.field(name, pa.string()) for name in ROW), pa.field("rule_no", pa.int32())])
    found = pa.concat_tables(parts) if parts else empty.empty_table()
    found = found.append_column("number", pa.array(range(found.num_rows), pa.int64()))
    with batch_views(connection, {"counted": counted, "found": found}):
        connection.execute(f"CREATE TABLE {_THERE}.main.counted AS FROM batch_counted")
        connection.execute(f"CREATE TABLE {_THERE}.main.found AS FROM batch_found")
    connection.execute(f"CREATE TABLE {_THERE}.main.kept_key AS SELECT $key AS key", {"key": wanted.whole})
    connection.execute(f"CHECKPOINT {_THERE}")
    kept.detach(connection, _THERE)


def _remembered(connection: duckdb.DuckDBPyConnection, request: Request) -> str:
    """What is remembered that rules may read, as a fingerprint."""
    start = request.period.start
    return json.dumps(connection.execute(query("kept", "remembered"), {"period_start": start}).fetchall())


def _rule(policy: Policy) -> str:
    rule = policy.rule
    told = [rule.code, rule.of_sql, rule.sql, sorted(policy.parameters.items()), str(rule.applies)]
    return sha256(json.dumps(told).encode()).hexdigest()


@cache
def _room() -> str:
    """Fingerprint of the SQL that makes what rules read, and that tells what they found; and of the readers, of which a
    table there tells."""
    files = [path for room in (("rules", "tables"), ("rules", "told")) for path in sorted(queries(*room).glob("*.sql"))]
    told = [f"{READER} {REGISTER_READER}", *(path.read_text(encoding="utf-8") for path in files)]
    return sha256("\n".join(told).encode()).hexdigest()
