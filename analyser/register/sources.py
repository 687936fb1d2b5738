"""Register data where they really live: a query of the settings, asked of PostgreSQL or SQLite, or of a DuckDB file.

`[source.NAME]` in the settings says where and what. A password never stands there, nor on a command line: it comes from
the environment, a service file or a password file, and no message of the server is repeated that could hold one, or a
person's data. Cells come as texts and go the same way as those of a file.
"""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple
from urllib.parse import quote

import polars as pl

from analyser.messages.errors import UsageError
from analyser.messages.suggestion import meant
from analyser.national.identifiers import redacted
from analyser.register.kinds import RegisterKind
from analyser.register.layout import PLAIN, Layout
from analyser.register.layouts import OF_ROWS, layout_of
from analyser.register.lines import read_lines
from analyser.register.sheets import heading_of
from analyser.register.table import FileRead, SheetRead, taken
from analyser.system.limits import Limits
from analyser.system.ordinary_files import ordinary_text
from analyser.system.processes import DiedError, TooSlowError, answer_apart

_Values = TypeVarTuple("_Values")
_Answer = TypeVar("_Answer")


class Engine(StrEnum):
    """What a source is."""

    POSTGRESQL = "postgresql"
    SQLITE = "sqlite"
    DUCKDB = "duckdb"
    ODBC = "odbc"
    """Oracle, SQL Server and whatever else has a driver for ODBC."""


@dataclass(frozen=True, slots=True)
class RegisterSource:
    """A query and where it is asked."""

    name: str
    engine: Engine
    query: str
    kind: RegisterKind | None
    """What the rows are; None: recognised from the columns."""
    place: Mapping[str, str]
    """The other keys: where the database is."""
    layout: Layout = PLAIN
    """Which of its columns is which of ours."""

    @property
    def label(self) -> str:
        """What its rows are said to come from."""
        return f"source {self.name}"


_EVERY = ("engine", "query", "query_file", "kind")
_PLACES: dict[Engine, tuple[str, ...]] = {
    Engine.POSTGRESQL: (
        "host", "port", "dbname", "user", "service", "passfile", "sslmode", "sslrootcert", "sslcert", "sslkey",
        "password_env", "connection_env",
    ),
    Engine.SQLITE: ("file",),
    Engine.DUCKDB: ("file",),
    Engine.ODBC: ("dsn", "driver", "server", "port", "database", "dbq", "user", "password_env", "connection_env"),
}  # fmt: skip
SHOWN = frozenset({*_EVERY, *OF_ROWS, *(key for keys in _PLACES.values() for key in keys)})
"""Keys whose values may be shown: names and places, never a password."""
SECONDS = 3600
"""That a query may take."""
_PATIENCE = 15
"""Seconds to wait for a server to answer."""
# What the client library says of a connection that fails, and what is told instead: its words may hold a password.
_FAILURES = (
    ("password authentication failed", "wrong_password"),
    ("no password supplied", "no_password"),
    ("connection refused", "not_answering"),
    ("no such file or directory", "not_answering"),
    ("could not translate host name", "host_not_found"),
    ("timeout expired", "too_slow"),
    ("no pg_hba.conf entry", "not_let_in"),
    ("definition of service", "no_service"),
    ("ssl", "no_encryption"),
    ("does not exist", "no_such_database"),
)


def source(name: str, tables: Mapping[str, Any], folder: Path, tasks: frozenset[str] = frozenset()) -> RegisterSource:
    """The source of that name in the settings. `folder`: where the names of its files begin; `tasks`: what service
    tasks may be called. Raises UsageError."""
    if name not in tables:
        known = ", ".join(sorted(tables)) or "–"
        raise UsageError("source.unknown", source=name, known=known)
    table = dict(tables[name])
    engine = _member(Engine, table.get("engine"), name, "engine")
    allowed = (*_EVERY, *_PLACES[engine])
    for key, value in table.items():
        if key in ("password", "url", "connection"):
            raise UsageError("source.password", source=name, key=key)
        if key in OF_ROWS:
            continue
        if key not in allowed:
            raise UsageError("source.unknown_key", source=name, key=key, engine=engine, known=list(allowed))
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise UsageError("source.no_text", source=name, key=key)
    kind = _member(RegisterKind, table["kind"], name, "kind") if "kind" in table else None
    place = {key: str(value) for key, value in table.items() if key not in (*_EVERY, *OF_ROWS)}
    if "file" in place:
        place["file"] = str(folder / place["file"])
    rows = {key: value for key, value in table.items() if key in (*OF_ROWS, "kind")}
    layout = layout_of(name, rows, folder, tasks, (*OF_ROWS, "kind"), f"source.{name}")
    return RegisterSource(name, engine, _query(name, table, folder), kind, place, layout)


def read_source(
    asked: RegisterSource,
    environ: Mapping[str, str],
    limits: Limits,
    layout: Layout = PLAIN,
    kind: RegisterKind | None = None,
) -> FileRead:
    """The cells of our columns as text, as `files.read_file` gives them. Raises UsageError."""
    if asked.engine is Engine.SQLITE:
        return FileRead("SQLite", (_sqlite(asked, limits, layout, kind),))
    return FileRead("PostgreSQL", (_postgresql(asked, environ, limits, layout, kind),))


def _member(kind: Any, value: object, name: str, key: str) -> Any:
    if value not in list(kind):
        raise UsageError("source.none_of", hint=meant(str(value), kind), source=name, key=key, known=list(kind))
    return kind(value)


def _query(name: str, table: Mapping[str, Any], folder: Path) -> str:
    if ("query" in table) == ("query_file" in table):
        raise UsageError("source.one_query", source=name)
    if "query" in table:
        text = str(table["query"])
    else:
        path = folder / str(table["query_file"])
        try:
            text = ordinary_text(path)
        except (OSError, UnicodeDecodeError):
            raise UsageError("source.no_query_file", file=path.name, source=name) from None
    text = text.strip().rstrip(";").strip()
    if not text:
        raise UsageError("source.empty_query", source=name)
    return text


def _postgresql(
    asked: RegisterSource, environ: Mapping[str, str], limits: Limits, layout: Layout, kind: RegisterKind | None
) -> SheetRead:
    """The server writes dates and numbers as text: no type is read in two ways. The query goes as a statement of
    its own, by the protocol that takes no second one: nothing is put around it that it could step out of."""
    try:
        import psycopg
    except ImportError:
        raise UsageError("source.no_psycopg") from None
    written = io.BytesIO()
    try:
        with psycopg.connect(**_connection(asked, environ)) as connection:
            connection.read_only = True
            connection.execute("SET DateStyle TO ISO")
            connection.execute("SET TimeZone TO 'Europe/Helsinki'")
            connection.execute(f"SET statement_timeout TO '{SECONDS}s'")
            for block in _told_by(connection.pgconn, asked.query):
                written.write(block)
                if written.tell() > limits.register_bytes:
                    raise _too_much(asked, "register_bytes", limits.register_bytes)
    except psycopg.OperationalError as error:
        raise _refused(asked, error.sqlstate, str(error)) from None
    except psycopg.Error as error:
        raise _failed(asked, error.sqlstate, error.diag.message_primary) from None
    written.seek(0)
    return read_lines(written, asked.label, layout, kind, limits)


def _told_by(server: Any, query: str) -> Iterator[bytes]:
    """The rows as CSV with a header, as they come. Raises errors of psycopg."""
    from psycopg import errors, pq

    server.send_query_params(query.encode(), [], result_format=pq.Format.TEXT)
    server.set_single_row_mode()
    header = True
    failed = None
    while (found := server.get_result()) is not None:
        if found.status in (pq.ExecStatus.COPY_OUT, pq.ExecStatus.COPY_IN, pq.ExecStatus.COPY_BOTH):
            raise errors.SyntaxError  # no SELECT; what the server offers now is never read
        if found.status not in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.SINGLE_TUPLE):
            failed = failed or found
            continue
        columns = range(found.nfields)
        if header:
            yield _line([found.fname(column) for column in columns])
            header = False
        for row in range(found.ntuples):
            yield _line([found.get_value(row, column) for column in columns])
    if failed is not None:
        if failed.status in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.EMPTY_QUERY):
            raise errors.SyntaxError
        raise errors.lookup(failed.error_field(pq.DiagnosticField.SQLSTATE).decode())(info=failed, encoding="utf-8")


def _line(cells: list[bytes | None]) -> bytes:
    """A line of CSV; an empty text is quoted and nothing is not, as the server's own COPY writes them."""
    return b",".join(b"" if cell is None else b'"' + cell.replace(b'"', b'""') + b'"' for cell in cells) + b"\n"


def _connection(asked: RegisterSource, environ: Mapping[str, str]) -> dict[str, Any]:
    place = dict(asked.place)
    given: dict[str, Any] = {"connect_timeout": _PATIENCE, "client_encoding": "utf8", "application_name": "kanta-gap"}
    for key, into in (("password_env", "password"), ("connection_env", "conninfo")):
        if variable := place.pop(key, None):
            if not environ.get(variable):
                raise UsageError("source.no_variable", source=asked.name, variable=variable, key=key)
            given[into] = environ[variable]
    return given | place


def _refused(asked: RegisterSource, code: str | None, words: str) -> UsageError:
    """A connection that failed, or broke: told by kind, never in the library's words."""
    if code is not None and not code.startswith(("08", "28", "3D", "57")):
        return _failed(asked, code, None)
    for sign, failure in _FAILURES:
        if sign in words.lower():
            return UsageError(f"server.{failure}", source=asked.name)
    return UsageError("source.no_connection", source=asked.name, state=f" (SQLSTATE {code})" if code else "")


def _failed(asked: RegisterSource, code: str | None, words: str | None) -> UsageError:
    """A query that the server refuses. Only complaints about names and rights (class 42) are repeated."""
    told = f": {redacted(words.splitlines()[0][:200])}" if words and code and code.startswith("42") else ""
    return UsageError("source.refused_by_server", source=asked.name, code=code or "–", told=told)


def _too_much(asked: RegisterSource, limit: str, value: int) -> UsageError:
    return UsageError("source.too_much", source=asked.name, limit=limit, value=value)


def answer_of(asked: RegisterSource, limits: Limits, job: Callable[[*_Values], _Answer], *values: *_Values) -> _Answer:
    """What a job answers of a source, in a process of its own with bounds of time and memory. Raises UsageError."""
    try:
        return answer_apart(SECONDS, limits.process_memory, job, *values)
    except TooSlowError:
        raise UsageError("source.too_slow", source=asked.name, seconds=SECONDS) from None
    except DiedError:
        raise UsageError("source.died", source=asked.name) from None


def _sqlite(asked: RegisterSource, limits: Limits, layout: Layout, kind: RegisterKind | None) -> SheetRead:
    path = Path(asked.place.get("file", ""))
    if not path.is_file():
        raise UsageError("source.no_file", file=redacted(path.name), source=asked.name)
    found = answer_of(asked, limits, _of_sqlite, path, _opened_as(path, asked), asked.query, limits.register_rows + 1)
    if found is None:
        raise UsageError("source.no_rows", source=asked.name)
    if isinstance(found, str):
        # What the library says of names is safe; what it says of values is not, so only its first kind is repeated.
        known = ("no such", "near ", "file is not a database", "not authorized")
        told = f": {redacted(found)}" if found.startswith(known) else ""
        raise UsageError("source.refused_by_sqlite", source=asked.name, told=told)
    names, cells = found
    heading = heading_of(names, layout, kind, asked.label, limits)
    if len(cells) > limits.register_rows:
        raise _too_much(asked, "register_rows", limits.register_rows)
    columns = {
        str(place): [_cell(row[place], theirs, asked) for row in cells]
        for column in heading.columns
        for place, theirs in zip(column.places, column.theirs, strict=True)
    }
    frame = pl.DataFrame({place: pl.Series(values, dtype=pl.String) for place, values in columns.items()})
    numbers = pl.Series("__row", range(2, len(cells) + 2), dtype=pl.Int64)
    return SheetRead("", heading, taken(frame.with_columns(numbers), heading), ())


def _opened_as(path: Path, asked: RegisterSource) -> str:
    """How the file is opened so that nothing is written beside it. Raises UsageError when that cannot be.

    SQLite makes a log and an index of it for every reader of a file in WAL mode, and leaves them there.
    """
    with path.open("rb") as opened:
        head = opened.read(20)
    beside = {part: path.with_name(path.name + part) for part in ("-wal", "-shm")}
    if head[18:19] != b"\x02" or beside["-shm"].exists():  # another program has it open: its files are used
        return "mode=ro"
    if beside["-wal"].exists() and beside["-wal"].stat().st_size:
        raise UsageError("source.unfinished_log", file=redacted(path.name), source=asked.name)
    return "mode=ro&immutable=1"


def _may(action: int, *told: str | None) -> int:
    """What a query may do, of all that SQLite asks about: read, and call functions that do nothing else."""
    if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and told[1] not in ("load_extension", "fts3_tokenizer", "edit", "writefile"):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _of_sqlite(
    path: Path, opened_as: str, query: str, most: int
) -> tuple[list[str], list[tuple[Any, ...]]] | str | None:
    """Names of the columns and the rows, what SQLite complains of, or None when the query has no rows to give."""
    try:
        connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?{opened_as}", uri=True)
        try:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.set_authorizer(_may)
            cursor = connection.execute(query)
            if cursor.description is None:
                return None
            return [column[0] for column in cursor.description], cursor.fetchmany(most)
        finally:
            connection.close()
    except (sqlite3.Error, sqlite3.Warning) as error:
        return str(error)


def _cell(value: object, column: str, asked: RegisterSource) -> str | None:
    """A value of SQLite's as a person would write it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, int):
        return str(value)
    raise UsageError("source.no_plain_column", column=redacted(column), source=asked.label)
