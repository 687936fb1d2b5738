"""Opening the database: created private, migrated step by step, refused when newer, locked or foreign.

DuckDB lets one process write or several read. Whoever comes second is told who holds the file.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import duckdb

from analyser.messages.catalogue import Message
from analyser.messages.errors import UsageError
from analyser.messages.notices import notice
from analyser.store import encryption
from analyser.store.first_row import first_row
from analyser.store.overflow import overflow
from analyser.store.owned import (
    PARTS,
    assert_ours,
    assert_writable,
    give_name,
    keep_from_others,
    real,
    remove_leftovers,
    remove_parts,
    unborn,
)
from analyser.store.transaction import transaction
from analyser.system.private_files import private_files
from analyser.system.resources import query
from analyser.system.waiting import patience as run_patience

_HOLDER = re.compile(r"(?:held in (?P<program>[^\n]+?) )?\(?PID (?P<process>\d+)")
_NUMBER = re.compile(r"[1-9][0-9]{0,4}")
_NEWER_DUCKDB = ("created with an newer version of DuckDB", "created with a newer version of DuckDB")
_COMMAND = re.compile(r"[a-z]{3,12}")
# Nothing is fetched at run time, no extension is loaded unasked, and SQL sees no Python variable.
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}
# SQL, also a user's own, reads and writes no other file and no network.
_SHUT = "SET enable_external_access = false"
_REGARDED = "-reader.sql"
"""Steps with such a name: the reader keeps less from then on, and what is stored is looked at again."""
_RENUMBERED = 14
"""Up to here steps got other numbers as branches met: a database of these may lack a lower one, or have a higher one.
They are taken once more; each finds what is there."""
_PAUSE = 0.05
"""Seconds between two tries of a database that another process holds."""
_DAMAGE = (
    "Corrupt database file",
    "does not match stored checksum",
    "Could not read enough bytes",
    "Failure while replaying WAL",
    "Failed to deserialize",
    "Failed to load metadata pointer",
)
"""What DuckDB says of a file with other bytes than it wrote."""
_FELT = 0.5
"""Seconds after which a person wonders why nothing happens."""


class DatabaseInUseError(UsageError):
    """Another process holds the file: it writes, or this one would write while it reads."""

    def __init__(self, file: str, process: int, holder: str = "") -> None:
        super().__init__("store.in_use", file=file, holder=holder or str(process))
        self.process = process
        self.holder = holder or str(process)
        """The process with the name of its program, and of its command when that is one of ours."""


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. `secret` keys the hashes of person identifiers and never leaves this machine; it is empty once
    the persons were forgotten."""

    connection: duckdb.DuckDBPyConnection
    secret: bytes
    path: Path


def execute_all(connection: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, object]) -> None:
    """Run several statements; each gets those of the values that it names (DuckDB binds them to a single one only)."""
    for statement in duckdb.extract_statements(sql):
        connection.execute(statement, {name: values[name] for name in statement.named_parameters})


def migrations() -> list[tuple[int, str]]:
    """The schema's steps in order: (number, SQL)."""
    return sorted((int(step.name.split("-")[0]), step.read_text(encoding="utf-8")) for step in _steps())


def _steps() -> list[Traversable]:
    folder = files("analyser.store") / "migrations"
    return [entry for entry in folder.iterdir() if entry.name.endswith(".sql")]


def must_exist(path: Path) -> None:
    """Raise UsageError when there is no file to read, or what is there is no database."""
    if not assert_ours(path):
        raise UsageError("store.no_database", file=path.name)


@contextmanager
def open_database(path: Path, *, write: bool, patience: float | None = None) -> Iterator[Database]:
    """Open the database at `path`; with `write` it is created or migrated when that is needed.

    A database that another process holds is tried again for `patience` seconds, those of the run when not said: a
    command that has answered holds it for a moment to remember what it saw.

    Raises UsageError when it is missing, not ours, newer than this program, held by another process, or when disk or
    memory give out on the way; what was committed before stays.
    """
    path = real(path)
    if not write:
        must_exist(path)
    with private_files():  # identifiers inside: file, log and overflow are for their owner alone
        connection = _connect(path, write=write, patience=patience)
        with closed_at_end(connection, path):
            if write:
                _migrate(connection, path)
            _check_version(connection, path)
            keep_from_others(path)
            if write:
                remove_leftovers(path)  # whoever writes has the file alone
            yield Database(connection, _secret(connection), path)


@contextmanager
def settled(path: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, int]]:
    """The database at `path` as it is, of whatever schema, and the number of that. Its log is in its place in the file.

    Raises UsageError when it is not ours, newer than this program, or held by another process.
    """
    path = real(path)
    with private_files():
        connection = _connect(path, write=True, patience=None)
        with closed_at_end(connection, path):
            version = _version(connection, path)
            if version <= 0 or version > migrations()[-1][0]:
                _check_version(connection, path)
            connection.execute("CHECKPOINT")
            yield connection, version


def assert_persons_known(database: Database, what: str) -> None:
    """Raise UsageError when the persons of the database were forgotten, so that `what` cannot be done."""
    forgotten = "SELECT 1 FROM meta WHERE key = 'persons_forgotten'"
    if not database.secret and first_row(database.connection.execute(forgotten)):
        raise UsageError("store.forgotten", what=Message(f"errors.store.{what}"))


def second_cursor(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A cursor for another thread, looking into the same file: a new one begins in the first database."""
    cursor = connection.cursor()
    if first_row(connection.execute("SELECT current_database()")) == ("archive",):
        cursor.execute("USE archive")
    return cursor


def _is_damage(error: duckdb.Error) -> bool:
    """Whether DuckDB found bytes that it did not write: a changed page, or a file that was cut."""
    told = str(error)
    return isinstance(error, duckdb.SerializationException) or any(sign in told for sign in _DAMAGE)


@contextmanager
def closed_at_end(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    """Close the connection at the end, and tell in words what gave out: disk, memory, the file at `path` itself."""
    try:
        yield
    except duckdb.Error as error:
        if (told := gave_out(error, path)) is None:
            raise
        raise told from error
    finally:
        connection.close()


def gave_out(error: duckdb.Error, path: Path) -> BaseException | None:
    """What the user can mend: disk and memory, a damaged file, another process. An interrupt is the user's own."""
    told = str(error)
    if isinstance(error, duckdb.IOException) and "lock" in told and (match := _HOLDER.search(told)):
        holder = _holder(int(match["process"]), match["program"])
        return DatabaseInUseError(path.name, int(match["process"]), holder)
    if isinstance(error, duckdb.InterruptException):
        return KeyboardInterrupt()
    if _is_damage(error):
        return UsageError("store.damaged", file=path.name)
    if isinstance(error, duckdb.OutOfMemoryException):
        return UsageError("store.no_memory", file=path.name)
    if "No space left" in told or "File too large" in told or isinstance(error, duckdb.IOException):
        return UsageError("store.no_room", file=path.name)
    return None


def open_part(path: Path, *, write: bool) -> duckdb.DuckDBPyConnection:
    """A DuckDB file of ours that is no database of documents, protected as a database is: with a key it is encrypted.

    Raises UsageError as `open_database`.
    """
    with private_files():
        return _opened(path, path, write=write)


def connect_memory() -> duckdb.DuckDBPyConnection:
    """An empty database in memory with the current schema: for the self-test and for tests."""
    connection = duckdb.connect(":memory:", config=CONFIG | {"temp_directory": ""})
    for number, sql in migrations():
        connection.execute(sql)
        _note_version(connection, number)
    _keep_secret(connection, secrets.token_bytes(32))
    connection.execute(_SHUT)  # the self-test runs SQL of a user's own in it
    return connection


def connect_beside(path: Path) -> duckdb.DuckDBPyConnection:
    """A database in memory that `attach` can bring the file into; what does not fit is put aside beside the file."""
    connection = duckdb.connect(":memory:", config=CONFIG | {"temp_directory": overflow(path)})
    allowed = ", ".join(quoted(f"{path.absolute()}{part}") for part in PARTS)
    connection.execute(f"SET allowed_paths = [{allowed}]")
    return connection


def quoted(text: str) -> str:
    """A text as SQL writes it: for names of files, which DuckDB cannot bind."""
    return "'" + text.replace("'", "''") + "'"


def attach(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Bring the file's tables into the connection as `archive`, for reading. Raises UsageError as `open_database`."""
    _attach(connection, path, path, write=False)
    try:
        connection.execute("USE archive")
        _check_version(connection, path)
        keep_from_others(path)
    except BaseException:
        connection.execute("USE memory")
        connection.execute("DETACH archive")
        raise
    connection.execute("USE memory")


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, told: Path, *, write: bool) -> None:
    key = encryption.key_for(path)
    statement = f"ATTACH {quoted(str(path.absolute()))} AS archive ("
    values: dict[str, str] = {}
    with _refusals(told):
        if first_row(connection.execute("SELECT current_setting('enable_external_access')")) != (False,):
            if key is not None:
                encryption.prepare(connection, write=write)
            connection.execute(_SHUT)
        if key is not None:
            statement += "ENCRYPTION_KEY $key, "
            values["key"] = key.text
        connection.execute(statement + ("READ_WRITE)" if write else "READ_ONLY)"), values)


def _connect(path: Path, *, write: bool, patience: float | None) -> duckdb.DuckDBPyConnection:
    begun = time.monotonic()
    of_run = run_patience()
    told = False
    while True:
        try:
            return _connect_once(path, write=write)
        except DatabaseInUseError as error:
            waited = time.monotonic() - begun
            if not waited < (of_run.seconds if patience is None else patience):
                raise
            if not told and waited > _FELT and patience is None and of_run.tell is not None:
                of_run.tell(error.holder)
                told = True
            time.sleep(_PAUSE)


def _connect_once(path: Path, *, write: bool) -> duckdb.DuckDBPyConnection:
    if not assert_ours(path):
        if not write:
            raise UsageError("store.no_database", file=path.name)
        _create(path)
    elif write:
        assert_writable(path)
    return _opened(path, path, write=write)


def _create(path: Path) -> None:
    """Make a new database, whole, before it has its name: a run that is killed leaves none that is half made."""
    if path.with_name(f"{path.name}.wal").exists():
        raise UsageError("store.stray_log", file=path.name)  # it would be played into the new one
    made = unborn(path)
    remove_parts(made)  # of a process that had this number
    try:
        connection = _opened(made, path, write=True)
        with closed_at_end(connection, path):
            _migrate(connection, path)
            connection.execute("CHECKPOINT")
        give_name(made, path)
    finally:
        remove_parts(made)


def _opened(path: Path, told: Path, *, write: bool) -> duckdb.DuckDBPyConnection:
    """A connection to the file. `told`: what it is called in messages."""
    if encryption.key_for(path) is not None:
        connection = connect_beside(path)
        try:
            _attach(connection, path, told, write=write)
        except BaseException:
            connection.close()
            raise
        connection.execute("USE archive")
        return connection
    with _refusals(told):
        connection = duckdb.connect(str(path), read_only=not write, config=CONFIG | {"temp_directory": overflow(path)})
        connection.execute(_SHUT)
        return connection


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    """What DuckDB says of a file that it does not open, in words for the user."""
    try:
        yield
    except duckdb.IOException as error:
        if match := _HOLDER.search(str(error)):
            holder = _holder(int(match["process"]), match["program"])
            raise DatabaseInUseError(path.name, int(match["process"]), holder) from error
        if _is_damage(error):
            raise UsageError("store.damaged", file=path.name) from error
        if any(sign in str(error) for sign in _NEWER_DUCKDB):
            raise UsageError("store.newer_duckdb", file=path.name, version=duckdb.__version__) from error
        raise UsageError("store.cannot_open", file=path.name) from error
    except duckdb.InvalidInputException as error:
        if "encryption key" not in str(error):
            raise
        raise UsageError("store.wrong_key", file=path.name) from None
    except duckdb.Error as error:
        if _is_damage(error):
            raise UsageError("store.damaged", file=path.name) from error
        raise UsageError("store.not_readable", file=path.name) from error


def _holder(process: int, program: str | None) -> str:
    """The process with its program's name; for one of ours with its command, and nothing else of its arguments."""
    named = Path(program).name if program else ""
    try:
        arguments = Path(f"/proc/{process}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:  # another system, or another user's process
        arguments = []
    for place, argument in enumerate(arguments):
        if Path(argument).name == "kanta-gap" or (argument == "analyser" and arguments[place - 1] == "-m"):
            named = " ".join(["kanta-gap", *filter(_COMMAND.fullmatch, arguments[place + 1 : place + 2])])
            break
    return f"{process} ({named})" if named else str(process)


def _version(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Number of the last step taken; 0 for an empty database, -1 for another's. Raises UsageError where it is none."""
    tables = {
        name
        for (name,) in connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()"
        ).fetchall()
    }
    if not tables:
        return 0
    if not {"meta", "member", "document"} <= tables:
        return -1
    row = first_row(connection.execute("SELECT value FROM meta WHERE key = 'schema_version'"))
    if row and not _NUMBER.fullmatch(row[0]):
        raise UsageError("store.bad_version", file=path.name)
    return int(row[0]) if row else -1


def _migrate(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    version = _version(connection, path)
    if version < 0:
        raise UsageError("store.not_ours", file=path.name)
    regarded = max(int(step.name.split("-")[0]) for step in _steps() if step.name.endswith(_REGARDED))
    if version == 0:
        _create_all(connection)
    taken = 1 if 1 < version <= _RENUMBERED else version
    for number, sql in migrations():
        if number <= taken or version == 0:
            continue
        with transaction(connection):
            connection.execute(sql)
            _note_version(connection, number)
            if number == regarded:
                # Only a database of an older version needs it, and with it the readers of documents; once is enough.
                from analyser.store.regard import regard_anew

                regard_anew(connection, _secret(connection))
    if 0 < version < (newest := migrations()[-1][0]):
        notice("narration.db.upgrade", file=path.name, before=version, after=newest)
    _explain(connection)


def _create_all(connection: duckdb.DuckDBPyConnection) -> None:
    """A new database takes all steps in one transaction: nothing is there to be brought along, and each costs time."""
    steps = migrations()
    with transaction(connection):
        for _, sql in steps:
            connection.execute(sql)
        _note_version(connection, steps[-1][0])
        _keep_secret(connection, secrets.token_bytes(32))


def _explain(connection: duckdb.DuckDBPyConnection) -> None:
    """Put the meaning of every table and column into the database, unless these words stand there already."""
    sql = query("store", "comments")
    words = sha256(sql.encode()).hexdigest()[:16]
    if first_row(connection.execute("SELECT value FROM meta WHERE key = 'comments'")) == (words,):
        return
    with transaction(connection):
        connection.execute(sql)
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('comments', $words)", {"words": words})


def _check_version(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    version, newest = _version(connection, path), migrations()[-1][0]
    if version <= 0:
        raise UsageError("store.not_ours", file=path.name)
    if version > newest:
        raise UsageError("store.newer", file=path.name, version=version, newest=newest)
    if version < newest:
        raise UsageError("store.older", file=path.name, version=version, newest=newest)


def _note_version(connection: duckdb.DuckDBPyConnection, number: int) -> None:
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('schema_version', $version)", {"version": str(number)})


def _keep_secret(connection: duckdb.DuckDBPyConnection, secret: bytes) -> None:
    connection.execute("INSERT INTO meta VALUES ('person_secret', $secret)", {"secret": secret.hex()})
    connection.execute("INSERT INTO meta VALUES ('database_id', $id)", {"id": secrets.token_hex(8)})


def _secret(connection: duckdb.DuckDBPyConnection) -> bytes:
    row = first_row(connection.execute("SELECT value FROM meta WHERE key = 'person_secret'"))
    if row is None and first_row(connection.execute("SELECT 1 FROM meta WHERE key = 'persons_forgotten'")):
        return b""
    if row is None:
        raise UsageError("store.no_secret")
    return bytes.fromhex(row[0])
