"""What one reader has read, in a file of its own: a part of an archive, or a shard that an engine's worker has read.

The file is a DuckDB file with the tables of `archive/records.py`, each row with the number of its shard. It holds what
a database holds, identifiers among it, and is protected as one is: for its owner alone, and encrypted where the
database is. It has its name only when it is whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import duckdb
import pyarrow as pa

from analyser.archive.records import SCHEMAS
from analyser.ingest.pool import Tables
from analyser.messages.errors import UsageError
from analyser.store.arrow import arrow_table
from analyser.store.database import closed_at_end, open_part
from analyser.store.first_row import first_row
from analyser.store.owned import PARTS, remove_parts, sync_file, sync_folder
from analyser.store.tables import batch_views

_WRITTEN_AT_ONCE = 20_000
"""Members that wait to be written together."""
_AT_ONCE = 2**20
_SHARD = pa.field("shard", pa.int32())
_CREATE = {name: f"CREATE TABLE {name} AS SELECT * FROM batch_{name} LIMIT 0" for name in SCHEMAS}  # noqa: S608
_INSERT = {name: f"INSERT INTO {name} SELECT * FROM batch_{name}" for name in SCHEMAS}  # noqa: S608
_BETWEEN = {
    name: f"SELECT * EXCLUDE (shard) FROM {name} WHERE shard >= $first AND shard < $end"  # noqa: S608
    for name in SCHEMAS
}
# When a file was touched is known of some moments and not of others: no other reading of it is another content.
_CONTENT = {
    name: "SELECT count(*), coalesce(sum(md5_number_lower(entry::VARCHAR)::HUGEINT), 0)::VARCHAR "  # noqa: S608
    f"FROM (SELECT COLUMNS(name -> name <> 'ctime_ns') FROM {name}) AS entry"
    for name in SCHEMAS
}


class PartFile:
    """A file that is being written."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._waiting: list[Tables] = []
        self._members = 0
        empty = {name: schema.append(_SHARD).empty_table() for name, schema in SCHEMAS.items()}
        with batch_views(connection, empty):
            for statement in _CREATE.values():
                connection.execute(statement)

    def add(self, shard: int, tables: Tables) -> None:
        """Keep what a shard gave, or some of it."""
        self._waiting.append(
            {
                name: table.append_column(_SHARD, pa.repeat(pa.scalar(shard, pa.int32()), table.num_rows))
                for name, table in tables.items()
            }
        )
        self._members += tables["member"].num_rows
        if self._members >= _WRITTEN_AT_ONCE:
            self.flush()

    def keep(self, tables: Mapping[str, pa.Table]) -> None:
        """Keep what was listed, as `listed_NAME`."""
        with batch_views(self._connection, tables):
            for name in tables:
                self._connection.execute(f"CREATE TABLE listed_{name} AS SELECT * FROM batch_{name}")  # noqa: S608

    def content(self) -> str:
        """A hash of all that was kept, whatever the order of its rows."""
        self.flush()
        told = [(name, *(first_row(self._connection.execute(sql)) or ())) for name, sql in _CONTENT.items()]
        return sha256(repr(told).encode()).hexdigest()

    def flush(self) -> None:
        """Write what waits."""
        if not self._waiting:
            return
        joined = {name: pa.concat_tables([one[name] for one in self._waiting]) for name in SCHEMAS}
        with batch_views(self._connection, joined):
            for name, table in joined.items():
                if table.num_rows:
                    self._connection.execute(_INSERT[name])
        self._waiting, self._members = [], 0


@contextmanager
def written(path: Path) -> Iterator[PartFile]:
    """A new file at `path`, where nothing is left when this fails. Raises UsageError when disk or memory give out."""
    remove_parts(path)
    try:
        connection = open_part(path, write=True)
        with closed_at_end(connection, path):
            yield PartFile(connection)
            connection.execute("CHECKPOINT")
        sync_file(path)
    except BaseException:
        remove_parts(path)
        raise


def named(path: Path, name: str) -> Path:
    """Give a file that was written the name by which it is known."""
    final = path.with_name(name)
    path.replace(final)
    for part in PARTS[1:]:
        path.with_name(path.name + part).unlink(missing_ok=True)
    sync_folder(final)
    return final


def hash_of(path: Path) -> str:
    """SHA-256 of a file's bytes. Raises OSError."""
    told = sha256()
    with path.open("rb") as file:
        while piece := file.read(_AT_ONCE):
            told.update(piece)
    return told.hexdigest()


class ReadPart:
    """A file that was written, open for reading until `close`. Raises UsageError as `open_database`."""

    def __init__(self, path: Path) -> None:
        self._connection = open_part(path, write=False)
        self._connection.execute("SET threads = 1")

    def between(self, first: int, end: int) -> Tables:
        """What the shards from `first` to before `end` gave."""
        values = {"first": first, "end": end}
        return {name: arrow_table(self._connection, sql, values).cast(SCHEMAS[name]) for name, sql in _BETWEEN.items()}

    def listed(self, names: Sequence[str]) -> dict[str, pa.Table]:
        """What was kept of the listing."""
        return {name: arrow_table(self._connection, f"FROM listed_{name}") for name in names}

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def assert_folder(folder: Path) -> None:
    """Make the folder where it is missing, for its owner alone. Raises UsageError when it cannot be had."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError("part.no_folder", folder=folder.name, told=error.strerror or "–") from None
