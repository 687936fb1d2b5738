"""The room that rules run in: the model, and of the store what they may see. Nothing else is attached to it.

DuckDB itself keeps the walls: the store is detached, files and the network are out of reach, the configuration is
locked. So a rule, whoever wrote it, reads no identifier, no birth date, no file, and changes nothing that lasts.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import duckdb

from analyser.archive.reader import READER
from analyser.coverage.model import Model, Request
from analyser.messages.errors import UsageError
from analyser.register.reader import REGISTER_READER
from analyser.store.arrow import arrow_table
from analyser.store.database import CONFIG
from analyser.store.first_row import first_row
from analyser.store.overflow import of_database, overflow
from analyser.system.private_files import private_files
from analyser.system.resources import queries

_WALLS = (
    "SET enable_external_access = false",
    "SET python_enable_replacements = false",
    "SET lock_configuration = true",
)

_LESS = {
    "archived_municipality": "SELECT municipality FROM temp.main.numbered_archived_municipality "
    "WHERE NOT restricted_alone"
}
"""What of a table leaves the room, where that is not all of it."""


@cache
def _tables() -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8") for path in sorted(queries("rules", "tables").glob("*.sql")))


def furnish(model: Model) -> None:
    """Create what rules read beside the model."""
    model.stand_alone(but=("document_standing",))
    model.connection.execute("DROP TABLE temp.main.numbered_birth")  # no rule sees one
    for sql in _tables():
        model.connection.execute(sql)
    model.connection.execute(
        "CREATE OR REPLACE TEMP TABLE reader_now AS SELECT $reader AS reader, $register AS register_reader",
        {"reader": READER, "register": REGISTER_READER},
    )


def shut(connection: duckdb.DuckDBPyConnection) -> None:
    """Detach the store and lock the door. Only temporary tables remain; the connection is good for nothing else."""
    store = _store(connection)
    connection.execute("ATTACH ':memory:' AS rules (READ_WRITE)")
    connection.execute("USE rules")
    connection.execute(f"DETACH {store}")
    for wall in _WALLS:
        connection.execute(wall)


def apart(connection: duckdb.DuckDBPyConnection, request: Request) -> duckdb.DuckDBPyConnection:
    """A shut room of its own, in memory, for somebody who goes on using `connection`, which nothing is added to."""
    room = duckdb.connect(":memory:", config=CONFIG | {"temp_directory": aside_of(connection)})
    with connection.cursor() as beside:
        beside.execute(f"USE {_store(connection)}")
        furnish(Model.build(beside, request))
        _copy(beside, room)
    for wall in _WALLS:
        room.execute(wall)
    return room


def write_tables(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Write the room's tables to a DuckDB file of an analyst's own; returns their number.

    There are no identifiers and no birth dates among them, but single persons' rows: the file is for its owner alone.
    """
    if path.exists():
        raise UsageError("rules.file_exists", file=path.name)
    if not path.parent.is_dir():
        raise UsageError("rules.no_parent", file=path.name)
    with (
        private_files(),  # its log and overflow as well
        duckdb.connect(str(path), config=CONFIG | {"temp_directory": overflow(path)}) as out,
    ):
        return _copy(connection, out)


def tables_of(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What stands in a furnished room, or in one apart: names, and where the connection has them."""
    found = connection.execute(
        "SELECT database_name, table_name FROM duckdb_tables() WHERE NOT starts_with(table_name, 'numbered_') "
        "UNION ALL SELECT database_name, view_name FROM duckdb_views() WHERE NOT internal ORDER BY ALL"
    ).fetchall()
    own = "temp" if any(database == "temp" for database, _ in found) else "memory"
    told = {name: f'{database}.main."{name}"' for database, name in found if database == own}
    return told | {name: f"({less})" for name, less in _LESS.items() if own == "temp" and name in told}


def aside_of(connection: duckdb.DuckDBPyConnection) -> str:
    """A folder for the overflow of a room apart, beside the store's own; none when that must be encrypted."""
    told = first_row(
        connection.execute("SELECT current_setting('temp_directory'), current_setting('temp_file_encryption')")
    )
    beside = of_database(told[0]) if told and not told[1] else ""
    return overflow(Path(beside)) if beside else ""


def _store(connection: duckdb.DuckDBPyConnection) -> str:
    """The database in use, quoted: its name is its file's, and cannot be bound as a parameter."""
    (name,) = first_row(connection.execute("SELECT current_database()")) or ("",)
    return '"' + str(name).replace('"', '""') + '"'


def _copy(connection: duckdb.DuckDBPyConnection, out: duckdb.DuckDBPyConnection) -> int:
    """Copy the temporary tables, and views as tables, into another database; returns their number."""
    names = connection.execute(
        "SELECT table_name FROM duckdb_tables() "
        "WHERE database_name = 'temp' AND NOT starts_with(table_name, 'numbered_') "
        "UNION ALL SELECT view_name FROM duckdb_views() WHERE database_name = 'temp' AND NOT internal ORDER BY ALL"
    ).fetchall()
    for (name,) in names:
        # Names of the model's and the room's own making; a relation cannot be bound as a parameter.
        told = arrow_table(connection, _LESS.get(name, f"FROM temp.main.{name}"))
        out.from_arrow(told).create(name)
    return len(names)
