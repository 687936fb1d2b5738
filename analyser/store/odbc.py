"""A register source that is reached by ODBC (Oracle, SQL Server and others), through DuckDB's extension for it.

The extension comes as a package of the extra `odbc`, made for one version of DuckDB; the driver is the database's. A
driver is a stranger's program: it runs in a process of its own, and none of its words is repeated, for they may hold a
password or a person's data. What a query changes is taken back at its end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pyarrow as pa

from analyser.messages.errors import UsageError
from analyser.register.kinds import RegisterKind
from analyser.register.layout import PLAIN, Layout
from analyser.register.sources import RegisterSource, answer_of
from analyser.register.table import FileRead
from analyser.store.arrow import arrow_table
from analyser.store.sources import book_of
from analyser.system.limits import Limits

_PACKAGE = "duckdb_extension_odbc_scanner"
_INSTALL = "pip install 'kanta-gap[odbc]'"
_KEYWORDS = {
    "dsn": "DSN",
    "driver": "Driver",
    "server": "Server",
    "port": "Port",
    "database": "Database",
    "dbq": "DBQ",
    "user": "UID",
}
"""Our keys, and what a connection text calls them."""
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\[[^\]]*\]|--[^\n]*|/\*.*?\*/", re.DOTALL)
_CHANGING = re.compile(
    r"(?i)\b(?:insert|update|delete|merge|drop|alter|create|truncate|exec|execute|call|grant|revoke|into|commit|rollback)\b"
)
_STATE = re.compile(r"diagnostics: '([0-9A-Z]{5})\(")
_FAILURES = (("IM", "no_driver"), ("08", "not_answering"), ("28", "not_let_in"))


def extension() -> Path | None:
    """The extension, if the package for this DuckDB is installed."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "extensions" / f"v{duckdb.__version__}" / "odbc_scanner.duckdb_extension"
    return path if path.is_file() else None


def read_odbc(
    asked: RegisterSource,
    environ: Mapping[str, str],
    limits: Limits,
    layout: Layout = PLAIN,
    kind: RegisterKind | None = None,
) -> FileRead:
    """The cells of our columns as text. Raises UsageError."""
    found = extension()
    if found is None:
        raise UsageError("source.no_odbc", install=_INSTALL, version=duckdb.__version__)
    _assert_reading(asked)
    connection = _connection(asked, environ)
    limit = limits.register_rows + 1
    table = answer_of(asked, limits, _answered, str(found), asked.name, connection, asked.query, limit)
    return book_of("ODBC", table, asked, limits, layout, kind)


def _assert_reading(asked: RegisterSource) -> None:
    """One SELECT, by its words: a driver does not tell what a statement does. Raises UsageError."""
    bare = _QUOTED.sub(" ", asked.query)
    if not re.match(r"(?i)\s*\(*\s*(?:select|with)\b", bare) or ";" in bare or _CHANGING.search(bare):
        raise UsageError("source.one_select", source=asked.name)


def _connection(asked: RegisterSource, environ: Mapping[str, str]) -> str:
    """The connection text; a password comes from the environment alone. Raises UsageError."""

    def variable(key: str) -> str:
        name = asked.place[key]
        if not environ.get(name):
            raise UsageError("source.no_variable", source=asked.name, variable=name, key=key)
        return environ[name]

    parts = [variable("connection_env").strip().rstrip(";")] if "connection_env" in asked.place else []
    parts += [f"{word}={_escaped(asked.place[key])}" for key, word in _KEYWORDS.items() if key in asked.place]
    if "password_env" in asked.place:
        parts.append(f"PWD={_escaped(variable('password_env'))}")
    if not parts:
        raise UsageError("source.odbc_nowhere", source=asked.name)
    return ";".join(parts)


def _escaped(value: str) -> str:
    plain = re.fullmatch(r"[\w./:\\@,-]*", value) is not None
    return value if plain else "{" + value.replace("}", "}}") + "}"


def _answered(extension_path: str, name: str, connection_text: str, query: str, most: int) -> pa.Table:
    with duckdb.connect(
        ":memory:",
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "temp_directory": ""},
    ) as connection:
        try:
            connection.execute("LOAD '" + extension_path.replace("'", "''") + "'")  # a file's name cannot be bound
        except duckdb.Error:
            raise UsageError("source.odbc_not_loaded") from None
        connection.execute("SET TimeZone = 'Europe/Helsinki'")
        try:
            connection.execute("SET VARIABLE reached = odbc_connect($text)", {"text": connection_text})
            connection.execute("SELECT odbc_begin_transaction(getvariable('reached'))")
            try:
                return arrow_table(
                    connection,
                    "SELECT * FROM odbc_query(getvariable('reached'), $query) LIMIT $most",  # total: a bound, no choice
                    {"query": query, "most": most},
                )
            finally:
                connection.execute("SELECT odbc_rollback(getvariable('reached'))")
        except duckdb.Error as error:
            state = _STATE.search(str(error))
            code = state[1] if state else ""
            lost = "Can't open lib" in str(error)
            failure = next((key for begins, key in _FAILURES if code.startswith(begins)), None)
            if failure is None and lost:
                failure = "no_driver"
            connecting = "SQLDriverConnect" in str(error)
            failure = failure or ("not_answering" if connecting else "refused")
            raise UsageError(f"odbc.{failure}", source=name, state=code or "–") from None
