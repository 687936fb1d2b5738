"""Loads as versions: which there were, what a file would change, and a load taken back.

A load can be undone as long as nothing was built on it: it is the newest of its kind and source, and no later load took
the place of rows that it brought.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from analyser.messages.errors import UsageError
from analyser.messages.suggestion import meant
from analyser.national.identifiers import redacted
from analyser.register.carried import COLUMN as CARRIED
from analyser.register.kinds import RegisterKind
from analyser.register.load import RegisterLoad
from analyser.register.refused import OF_THE_VERDICT
from analyser.store.audit import note
from analyser.store.database import Database, execute_all
from analyser.store.first_row import first_row
from analyser.store.register_load import LoadScope, Together, compared, ids_of, value_columns
from analyser.store.tables import batch_views
from analyser.store.transaction import transaction
from analyser.system.resources import query

_RELATIONS = ("register_refused", "register_error")


@dataclass(frozen=True, slots=True)
class Load:
    """A load in the list of loads."""

    number: int
    kind: str
    source: str
    file: str
    sha256: str | None
    whole: bool
    read: int
    new: int
    changed: int
    same: int
    gone: int
    refused: int
    loaded_at: dt.datetime
    """UTC."""
    os_user: str
    undone_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """What a file would change of one row."""

    change: str
    """new, changed, renamed, gone or refused."""
    source_id: str | None
    was: str | None
    """Of a renamed row: what it was called."""
    row: int | None
    differs: tuple[str, ...]
    """Of a changed row: the columns that say something else."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a whole extract is not loaded unasked; `why` is a key of the narration."""

    why: str
    values: dict[str, Any]


def loads(connection: duckdb.DuckDBPyConnection) -> list[Load]:
    """All loads, oldest first."""
    return [Load(*row) for row in connection.execute(query("store", "loads")).fetchall()]


def together(
    connection: duckdb.DuckDBPyConnection,
    read: Sequence[RegisterLoad],
    *,
    whole: bool = False,
    replace_all: bool = False,
    replaced: str | None = None,
) -> list[Together]:
    """The loads of a command by kind and source, in their order, with what each takes the place of.

    Files without a name are one extract. When all of them were loaded before under their own names, they stand for
    themselves; a file of a new name stands beside, or in the place of, all files without a name.
    """
    groups: dict[tuple[RegisterKind, str | None], list[RegisterLoad]] = {}
    for load in read:
        groups.setdefault((load.kind, load.source if load.source != load.file else None), []).append(load)
    return [
        Together(
            own,
            LoadScope(
                whole=whole or any(load.whole for load in own) or (replaced is not None and name == replaced),
                sources=(name,) if name is not None else _files(connection, kind, own),
                everything=replace_all and place == _first(groups, kind),
            ),
        )
        for place, ((kind, name), own) in enumerate(groups.items())
    ]


def assert_source(
    database: Database, name: str, kinds: Collection[RegisterKind], tables: Mapping[str, Mapping[str, Any]]
) -> None:
    """A source that is to be replaced was loaded before, or stands in the settings' tables; the first load of a kind
    may give any name. Raises UsageError: a misspelt name would leave the rows of the right one beside the new ones."""
    connection = database.connection
    loaded = {source for (source,) in connection.execute("SELECT DISTINCT source FROM register_load").fetchall()}
    standing: set[str] = set()
    for kind in sorted(kinds):
        rows = connection.execute(f"SELECT DISTINCT source FROM {kind.table} WHERE source IS NOT NULL")  # noqa: S608
        standing |= {source for (source,) in rows.fetchall()}
    known = loaded | standing | set(tables["register"]) | set(tables["source"])
    if name not in known and standing:
        shown = sorted(known)
        raise UsageError("register.no_source", hint=meant(name, shown), name=redacted(name), known=shown)


def _first(groups: dict[tuple[RegisterKind, str | None], list[RegisterLoad]], kind: RegisterKind) -> int:
    return next(place for place, (own, _) in enumerate(groups) if own is kind)


def _files(connection: duckdb.DuckDBPyConnection, kind: RegisterKind, own: Sequence[RegisterLoad]) -> tuple[str, ...]:
    known = {
        source
        for (source,) in connection.execute(
            f"SELECT source FROM {kind.table} UNION SELECT source FROM register_refused WHERE kind = $kind "  # noqa: S608
            "EXCEPT SELECT source FROM register_load WHERE named AND kind = $kind",
            {"kind": kind.value},
        ).fetchall()
        if source is not None
    }
    mine = {load.source for load in own}
    return tuple(sorted(mine if mine <= known else known | mine))


def doubts(connection: duckdb.DuckDBPyConnection, group: Together, most: float) -> list[Doubt]:
    """What speaks against taking the files for a whole extract. `most`: the share of rows that may be lacking."""
    found = []
    name = ", ".join(dict.fromkeys(load.file for load in group.loads))
    if not any(load.table.num_rows or load.refused.num_rows for load in group.loads):
        found.append(Doubt("empty", {"file": name}))
    else:
        standing, lacking = _lacking(connection, group)
        nameless = sum(load.refused.column("source_id").null_count for load in group.loads)
        if standing and max(0, lacking - nameless) > most * standing and group.kind in OF_THE_VERDICT:
            # Rows that go on under another name have not left.
            lacking = sum(change.change == "gone" for change in changes(connection, group))
        if standing and max(0, lacking - nameless) > most * standing:
            found.append(Doubt("drop", {"file": name, "lacking": lacking, "standing": standing}))
    for load in group.loads:
        before = first_row(
            connection.execute(
                "SELECT max(number) FROM register_load WHERE kind = $kind AND sha256 = $sha256 AND undone_at IS NULL",
                {"kind": load.kind.value, "sha256": load.sha256},
            )
        )
        if load.sha256 and before is not None and before[0] is not None:
            found.append(Doubt("again", {"file": load.file, "number": before[0]}))
        elif (newer := _newer(connection, load)) is not None:
            found.append(Doubt("older", {"file": load.file, "number": newer}))
    return found


def _newer(connection: duckdb.DuckDBPyConnection, load: RegisterLoad) -> int | None:
    """The last load of the file's source, where its file was changed an hour or more after this one: files that were
    copied or checked out together are of one age. Of files without a NAME it is the last of all of them."""
    row = first_row(
        connection.execute(
            "SELECT number, changed_at >= $changed_at::TIMESTAMP + INTERVAL 1 HOUR "
            "FROM register_load WHERE kind = $kind AND undone_at IS NULL "
            "AND changed_at IS NOT NULL AND CASE WHEN $named THEN source = $source ELSE NOT named END "
            "ORDER BY number DESC LIMIT 1",  # total: a load has one number
            {
                "kind": load.kind.value,
                "changed_at": load.changed_at,
                "named": load.source != load.file,
                "source": load.source,
            },
        )
    )
    return int(row[0]) if row is not None and row[1] else None


def _lacking(connection: duckdb.DuckDBPyConnection, group: Together) -> tuple[int, int]:
    """Rows of the group's sources, and those of them that none of its files holds."""
    connection.execute("CREATE OR REPLACE TEMP TABLE named_key (key VARCHAR)")
    for load in group.loads:
        with batch_views(connection, {"rows": load.table}):
            compared(connection, load)
            connection.execute("INSERT INTO named_key SELECT key::VARCHAR FROM read_row")
    with batch_views(connection, {"together": ids_of(group)}):
        row = first_row(
            connection.execute(
                "SELECT count(*), count(*) FILTER (key::VARCHAR NOT IN (FROM named_key) AND (source_id IS NULL "
                "OR source_id NOT IN (SELECT source_id FROM batch_together WHERE source_id IS NOT NULL))) "
                "FROM standing_row WHERE $everything OR list_contains($sources, source)",
                {"sources": list(group.scope.sources), "everything": group.scope.everything},
            )
        )
    return row or (0, 0)


def changes(connection: duckdb.DuckDBPyConnection, group: Together) -> list[Change]:
    """What the files would change, without writing anything."""
    found: dict[tuple[str, str | None, int | None], Change] = {}
    rows = pa.concat_tables([load.table for load in group.loads], promote_options="permissive")
    refused = pa.concat_tables([load.refused for load in group.loads])
    columns = value_columns(connection, group.kind.table)
    with batch_views(connection, {"rows": rows, "refused": refused, "together": ids_of(group)}):
        compared(connection, group.loads[0])
        for change, source_id, was, row, before, after in connection.execute(
            query("store", "compare"),
            {
                "sources": list(group.scope.sources),
                "old_organisers": [old for old, _ in group.scope.succession],
                "new_organisers": [new for _, new in group.scope.succession],
                "old_ids": [old for old, _ in group.scope.renumbered],
                "new_ids": [new for _, new in group.scope.renumbered],
            },
        ).fetchall():
            differs = tuple(_differing(columns, json.loads(before), json.loads(after))) if before and after else ()
            found[change, source_id, row] = Change(change, source_id, was, row, _told(differs))
    return list(found.values())


def renamed_in(connection: duckdb.DuckDBPyConnection, group: Together) -> int:
    """Rows that a whole extract lacks, and that go on in it under another source_id; of a part nobody can say."""
    if not group.scope.ends or group.kind not in OF_THE_VERDICT:
        return 0
    return sum(change.change == "renamed" for change in changes(connection, group))


def _differing(columns: Sequence[str], before: Sequence[Any], after: Sequence[Any]) -> Iterator[str]:
    """Columns that say something else, the county's own each by its name."""
    for name, one, other in zip(columns, before, after, strict=True):
        if one == other:
            continue
        if name == CARRIED:
            own, others = json.loads(one or "{}"), json.loads(other or "{}")
            yield from sorted(key for key in own | others if own.get(key) != others.get(key))
        else:
            yield name


def _told(columns: Sequence[str]) -> tuple[str, ...]:
    """Columns as the register files call them: a date is one column there, and a person no key."""
    names = (name.removesuffix("_text") for name in columns if not name.endswith(("_lo", "_hi")))
    return tuple("person_id" if name == "identity_key" else name for name in names)


def undo(database: Database, number: int, now: dt.datetime) -> Load:
    """Take a load back: the rows that it brought go, those that it took the place of stand again. `now` is UTC.

    Raises UsageError when there is no such load, when it was undone before, or when a later one rests on it.
    """
    connection = database.connection
    known = {load.number: load for load in loads(connection)}
    if number not in known:
        raise UsageError("register.no_load", number=number, known=[str(one) for one in sorted(known)] or "–")
    load = known[number]
    if load.undone_at is not None:
        raise UsageError("register.undone_before", number=number)
    kind = RegisterKind(load.kind)
    if (later := _resting(connection, load)) is not None:
        raise UsageError("register.not_the_newest", number=number, later=later, kind=kind, source=load.source)
    with transaction(connection):
        execute_all(connection, query("store", "undo"), {"load": number, "kind": load.kind})
        connection.execute(f"DELETE FROM {kind.table} WHERE load = $load", {"load": number})  # noqa: S608
        for relation in (kind.table, *_RELATIONS):
            _restore(connection, relation, number)
        # What the load only confirmed says what it said before, of the file that said it; on which line is not known.
        connection.execute(
            f"UPDATE {kind.table} SET seen = NULL, row = NULL WHERE seen = $load",  # noqa: S608
            {"load": number},
        )
        connection.execute(
            f"UPDATE {kind.table} AS standing SET seen = load.number, source = load.source, file = load.file "  # noqa: S608
            "FROM register_load AS load WHERE standing.seen IS NULL AND load.number = standing.load"
        )
        connection.execute("DELETE FROM register_history WHERE load = $load", {"load": number})
        connection.execute(
            "UPDATE register_load SET undone_at = $now WHERE number = $load", {"now": now, "load": number}
        )
        note(database, "register undo", {"number": number, "kind": load.kind})
    return load


def _resting(connection: duckdb.DuckDBPyConnection, load: Load) -> int | None:
    """The newest later load that would have to be undone first."""
    table = RegisterKind(load.kind).table
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW brought_row AS SELECT seen FROM {table} WHERE load = {load.number:d}"  # noqa: S608
    )
    row = first_row(
        connection.execute(
            "SELECT max(later.number) FROM register_load AS later "
            "WHERE later.number > $number AND later.kind = $kind AND later.undone_at IS NULL "
            "AND (later.source = $source "
            "OR later.number IN (SELECT seen FROM brought_row) "
            "OR EXISTS (SELECT 1 FROM register_history WHERE register_history.load = later.number "
            "AND relation = $table AND (content ->> 'load')::INTEGER = $number))",
            {"number": load.number, "kind": load.kind, "source": load.source, "table": table},
        )
    )
    return row[0] if row else None


def _restore(connection: duckdb.DuckDBPyConnection, relation: str, number: int) -> None:
    """Put the rows back that the load took the place of."""
    columns = connection.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = $table AND NOT internal "
        "AND database_name = current_database()",
        {"table": relation},
    ).fetchall()
    shape = json.dumps(dict(columns))
    connection.execute(
        f"INSERT INTO {relation} BY NAME SELECT unnest(told) FROM (SELECT from_json(content, $shape) AS told "  # noqa: S608
        "FROM register_history WHERE load = $load AND relation = $relation)",
        {"shape": shape, "load": number, "relation": relation},
    )
