"""Answers of a model kept between questions, so that what was told once is told again without the model.

Most of what a report tells are figures: a few rows of a statement each. They are the same as long as the model is: what
a kept model holds for (`coverage.kept`) is what a kept answer holds for, and the text of the statement with its values.
So a question whose figures were all told before needs no model; where one is lacking, the model stands by then, taken
up or built, and what it answers is kept for the next question.

Answers are gathered while a database is read (`gathering`), and written when all was asked, in a file for each request.
The tables that change while the state stays (`store.kept.UNCHANGING`) are part of no answer, but for what is remembered
of periods: an answer that names it holds for what is remembered of its period then.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from analyser.coverage import kept
from analyser.store import kept as beside
from analyser.store.first_row import first_row
from analyser.system.keeping import Keeping, keeping
from analyser.system.private_files import private_files

if TYPE_CHECKING:
    from analyser.coverage.model import Model, Request

_MOST_ROWS = 5_000
"""An answer of more rows is a list, and is read off the model."""
_HERE = "kept_answers"
_THERE = "keeping_answers"
_REMEMBERED = """
SELECT count(*)::VARCHAR || ' ' || coalesce(max(number)::VARCHAR, '') || ' ' ||
       coalesce(bit_xor(md5_number_lower(told::VARCHAR))::VARCHAR, '')
FROM (
    SELECT run.*, load.undone_at
    FROM remembered_run AS run
    LEFT JOIN register_load AS load ON load.number = run.load
    WHERE run.period_start = $period_start AND run.period_end = $period_end
) AS told
"""


class _Unkept(Exception):
    """A value of a kind that is not kept."""


@dataclass(slots=True, eq=False)
class Answers:
    """What was answered to one request, before and now."""

    gathered: Gathered
    request: Request
    place: kept.Place
    known: dict[str, str] = field(default_factory=dict)
    new: dict[str, str] = field(default_factory=dict)
    asked: bool = False
    """Whether a model was asked, and not the store alone."""
    remembered: str | None = None
    """What is remembered of the period, as a fingerprint; None until it is asked for."""

    def rows(self, sql: str, values: Mapping[str, object] | None, ask: Callable[[], list[Any]]) -> list[Any]:
        """The rows of the statement: as they were told before, else as `ask` gives them."""
        words = set(re.findall(r"\w+", sql)) & set(beside.UNCHANGING)
        if "audit" in words:
            return ask()
        key = _key(sql, values, self._remembered() if words else "")
        if (told := self.known.get(key, self.new.get(key))) is not None:
            return [_unpacked(row) for row in json.loads(told)]
        found = ask()
        if len(found) <= _MOST_ROWS:
            with suppress(_Unkept):
                self.new[key] = json.dumps([_packed(row) for row in found])
        return found

    def table(self, sql: str, values: Mapping[str, object] | None, ask: Callable[[], pa.Table]) -> pa.Table:
        """The same as a table."""
        key = _key(sql, values, "table")
        if (told := self.known.get(key, self.new.get(key))) is not None:
            return pa.ipc.open_stream(b64decode(told)).read_all()
        found = ask()
        if found.num_rows <= _MOST_ROWS:
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, found.schema) as stream:
                stream.write_table(found)
            self.new[key] = b64encode(sink.getvalue().to_pybytes()).decode()
        return found

    def _remembered(self) -> str:
        if self.remembered is None:
            period = self.request.period
            found = first_row(
                self.gathered.connection.execute(_REMEMBERED, {"period_start": period.start, "period_end": period.end})
            )
            self.remembered = str(found[0]) if found else ""
        return self.remembered


@dataclass(slots=True, eq=False)
class Gathered:
    """What is asked of one connection while it is open."""

    connection: duckdb.DuckDBPyConnection
    policy: Keeping
    of: dict[str, Answers] = field(default_factory=dict)
    """By request."""
    standing: Model | None = None
    """The model that stands in the connection, as far as it was made to stand for answers."""
    prepared: set[Callable[[duckdb.DuckDBPyConnection], None]] = field(default_factory=set)
    """What was made beside that model for statements that need it."""
    seconds: float = 0.0
    """What models took that were built."""
    worth: bool = False
    """Whether something was taken up: then building was worth being saved."""


_open: list[Gathered] = []


@contextmanager
def gathering(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Take up answers to what is asked of the connection, and keep new ones when all was asked without an error."""
    policy = keeping()
    if policy is None:
        yield
        return
    gathered = Gathered(connection, policy)
    _open.append(gathered)
    try:
        yield
        keep_gathered(connection)
    finally:
        _open.remove(gathered)


def keep_gathered(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep what was answered so far: before the database is let go of, which nobody may write meanwhile."""
    if (gathered := _of(connection)) is None:
        return
    for answers in gathered.of.values():
        if answers.new and (gathered.worth or gathered.seconds >= gathered.policy.least_seconds):
            _keep(answers, gathered.policy)
            answers.known |= answers.new
            answers.new = {}


def answers_to(connection: duckdb.DuckDBPyConnection, request: Request) -> Answers | None:
    """What was answered to the request before; None where nothing is gathered of the connection, or can be kept."""
    gathered = _of(connection)
    if gathered is None:
        return None
    # What was remembered under an organiser's old name tells the model whom it stands for now.
    if any(link.kind == "organisers" for link in request.succession):
        return None
    name = repr(request)
    if name not in gathered.of:
        place = kept.place_of(connection, request, gathered.policy)
        if place is None:
            return None
        gathered.of[name] = Answers(gathered, request, place, _known(connection, place))
        if gathered.of[name].known:
            gathered.worth = True
            gathered.policy.tell("narration.kept.taken_up")
    return gathered.of[name]


def asked_before(connection: duckdb.DuckDBPyConnection, request: Request) -> Answers | None:
    """The same where something was asked of the model already."""
    gathered = _of(connection)
    found = None if gathered is None else gathered.of.get(repr(request))
    return found if found is not None and found.asked else None


def another_stands(connection: duckdb.DuckDBPyConnection) -> None:
    """A model is built in the connection, in the place of what stood there."""
    if (gathered := _of(connection)) is not None:
        gathered.standing = None
        gathered.prepared.clear()


def _of(connection: duckdb.DuckDBPyConnection) -> Gathered | None:
    return next((one for one in _open if one.connection is connection), None)


def _files(place: kept.Place) -> list[Path]:
    return sorted(beside.folder(place.path).glob(f"{place.name}*{beside.ANSWERS}"))


def _known(connection: duckdb.DuckDBPyConnection, place: kept.Place) -> dict[str, str]:
    """The answers that hold; a file that does not is removed."""
    for file in _files(place):
        with suppress(*kept.UNREADABLE):
            if kept.is_whole(file):
                kept.attach(connection, file, _HERE, write=False)
                told = connection.execute(f"SELECT key, told FROM {_HERE}.main.answer").fetchall()  # noqa: S608
                found = dict(told)
                if found.pop("", None) == place.whole:
                    with suppress(OSError):  # what was asked last is removed last
                        os.utime(file)
                    kept.detach(connection, _HERE)
                    return found
        kept.detach(connection, _HERE)
        kept.remove(file)
    return {}


def _keep(answers: Answers, policy: Keeping) -> None:
    """Write what is known and new in the place of what was there."""
    place, connection = answers.place, answers.gathered.connection
    making = beside.folder(place.path) / f"{kept.MAKING}{os.getpid()}"
    try:
        with private_files():
            if not kept.has_room(place.path):
                policy.tell("narration.kept.no_room")
                return
            kept.remove_making(making)
            kept.attach(connection, making, _THERE, write=True)
            told = {**answers.known, **answers.new, "": place.whole}
            connection.execute(
                f"CREATE TABLE {_THERE}.main.answer AS SELECT unnest($keys) AS key, unnest($told) AS told",
                {"keys": list(told), "told": list(told.values())},
            )
            connection.execute(f"CHECKPOINT {_THERE}")
            kept.detach(connection, _THERE)
            if making.stat().st_size > policy.most_bytes:
                return
            file = place.file(making, beside.ANSWERS)
            making.replace(file)
        kept.make_room(place, file, policy)
    except (OSError, *kept.GAVE_OUT) as error:
        policy.tell("narration.kept.failed", told=type(error).__name__)
    finally:
        with suppress(*kept.GAVE_OUT):
            kept.detach(connection, _THERE)
        kept.remove_making(making)


def _key(sql: str, values: Mapping[str, object] | None, more: str) -> str:
    told = json.dumps([sql, sorted((values or {}).items()), more], default=repr)
    return sha256(told.encode()).hexdigest()


def _packed(value: object) -> object:
    """As JSON that tells each kind apart, so that what comes back is equal and of the same kind. Raises _Unkept."""
    match value:
        case None | bool() | str() | int() | float():
            return value
        case Decimal():
            return {"n": str(value)}
        case dt.datetime() if value.tzinfo is None:
            return {"m": value.isoformat()}
        case dt.date() if not isinstance(value, dt.datetime):
            return {"d": value.isoformat()}
        case tuple():
            return {"t": [_packed(one) for one in value]}
        case list():
            return [_packed(one) for one in value]
        case dict():
            return {"o": [[_packed(name), _packed(one)] for name, one in value.items()]}
        case _:
            raise _Unkept


def _unpacked(told: Any) -> Any:
    match told:
        case list():
            return [_unpacked(one) for one in told]
        case {"n": text}:
            return Decimal(text)
        case {"m": text}:
            return dt.datetime.fromisoformat(text)
        case {"d": text}:
            return dt.date.fromisoformat(text)
        case {"t": values}:
            return tuple(_unpacked(one) for one in values)
        case {"o": pairs}:
            return {_unpacked(name): _unpacked(one) for name, one in pairs}
        case _:
            return told
