"""Opening the database: created private, migrated step by step, refused when newer, locked or foreign.

DuckDB lets one process write or several read. Whoever comes second is told who holds the file.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analyser.messages.catalogue import Message
from analyser.messages.errors import UsageError
from analyser.store import encryption, kept
from analyser.store.first_row import first_row
from analyser.store.overflow import overflow, remove_left
from analyser.store.owned import (
    PARTS,
    assert_nameable,
    assert_ours,
    assert_writable,
    give_name,
    keep_from_others,
    real,
    remove_leftovers,
    remove_parts,
    unborn,
)
from analyser.store.schema import assert_current, create_all, migrate, migrations, schema_version, secret_of
from analyser.system.private_files import private_files
from analyser.system.waiting import patience as run_patience

_HOLDER = re.compile(r"(?:held in (?P<program>[^\n]+?) )?\(?PID (?P<process>\d+)")
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


def must_exist(path: Path) -> None:
    """Raise UsageError when there is no file to read, or what is there is no database."""
    if not assert_ours(path):
        raise UsageError("store.no_database", file=path.name)


@contextmanager
def open_database(
    path: Path, *, write: bool, patience: float | None = None, unchanged: bool = False
) -> Iterator[Database]:
    """Open the database at `path`; with `write` it is created or migrated when that is needed, and gets a new state,
    so that nothing that was kept of it holds any more. `unchanged`: what is written can change no answer
    (`kept.UNCHANGING`), and the state stays.

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
                unchanged = not migrate(connection, path) and unchanged
            assert_current(connection, path)
            keep_from_others(path)
            if write:
                remove_leftovers(path)  # whoever writes has the file alone
                if not unchanged:
                    kept.renew(connection)
                    kept.remove(path)
            else:
                remove_left(path, alone=False)
            yield Database(connection, secret_of(connection), path)


@contextmanager
def settled(path: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, int]]:
    """The database at `path` as it is, of whatever schema, and the number of that. Its log is in its place in the file.

    Raises UsageError when it is not ours, newer than this program, or held by another process.
    """
    path = real(path)
    with private_files():
        connection = _connect(path, write=True, patience=None)
        with closed_at_end(connection, path):
            version = schema_version(connection, path)
            if version <= 0 or version > migrations()[-1][0]:
                assert_current(connection, path)
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
        if _is_damage(error) and kept.files(path):  # the bytes may be of what was kept, and that is not needed
            kept.remove(path)
            raise UsageError("store.kept_damaged", file=kept.folder(path).name) from error
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
    create_all(connection)
    connection.execute(_SHUT)  # the self-test runs SQL of a user's own in it
    return connection


def connect_beside(path: Path) -> duckdb.DuckDBPyConnection:
    """A database in memory that `attach` can bring the file into; what does not fit is put aside beside the file."""
    connection = duckdb.connect(":memory:", config=CONFIG | {"temp_directory": overflow(path)})
    allowed = ", ".join(quoted(f"{path.absolute()}{part}") for part in PARTS)
    connection.execute(f"SET allowed_paths = [{allowed}]")
    _let_keep(connection, path)
    return connection


def _let_keep(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Let the connection read and write what is kept beside the database at `path`, before it is shut."""
    connection.execute(f"SET allowed_directories = [{quoted(str(kept.folder(path).absolute()))}]")


def quoted(text: str) -> str:
    """A text as SQL writes it: for names of files, which DuckDB cannot bind."""
    return "'" + text.replace("'", "''") + "'"


def attach(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Bring the file's tables into the connection as `archive`, for reading. Raises UsageError as `open_database`."""
    _attach(connection, path, path, write=False)
    try:
        connection.execute("USE archive")
        assert_current(connection, path)
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
    if write:
        assert_nameable(path)
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
            migrate(connection, path)
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
        if not write:
            _let_keep(connection, path)
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
