"""From the rows to deliver to the bytes of a profile's files, with every row accounted for.

A row is written, or it is rejected with a reason; a profile whose SQL loses or doubles a row is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from analyser.coverage.select import ask
from analyser.delivery.formats import file_bytes, load_schema, schema_faults
from analyser.delivery.profile import File, Part, Profile, assert_columns
from analyser.delivery.statements import step
from analyser.delivery.values import Objection, Rejected, Row, express
from analyser.errors import UsageError
from analyser.store.database import Database

Key = tuple[str, str]
"""Part (episodes or services) and source_id of a row."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """One file, ready to be written."""

    name: str
    part: Part
    data: bytes
    keys: tuple[Key, ...]
    """The rows it holds, in its order."""


@dataclass(frozen=True, slots=True)
class _Draft:
    file: File
    keys: list[Key]
    rows: list[tuple[int, Row]]


def render(
    profile: Profile, database: Database, parts: Collection[Part], period: str
) -> tuple[list[Rendered], list[Rejected]]:
    """The files of the wanted parts, and the rows that the profile cannot express (they are in no file).

    Needs the tables to deliver. Raises UsageError for a profile that does not fit them.
    """
    assert_columns(profile, database)
    drafts: list[_Draft] = []
    rejected: list[Rejected] = []
    refused: set[Key] = set()
    for file in profile.files:
        if file.part not in parts:
            continue
        rows = _rows(database, profile.statements[file.rows])
        keys = [_key(file, row) for row in rows]
        good, bad = express(profile, file, rows)
        told = {ordinal for ordinal, _ in good}
        refused.update(key for ordinal, key in enumerate(keys) if ordinal not in told)
        rejected.extend(bad)
        drafts.append(_Draft(file, keys, good))
    for part in sorted(parts):
        _assert_whole(profile, database, part, drafts)
    by_schema, keys_by_schema = _against_schemas(profile, drafts, refused)
    refused |= keys_by_schema
    rendered = [one for draft in drafts for one in _render(profile, draft, refused, period)]
    names = Counter(one.name for one in rendered)
    if twice := [name for name, count in names.items() if count > 1]:
        raise UsageError(f"the profile {profile.name} writes {twice[0]} twice", "give each file a name of its own")
    return rendered, [*rejected, *by_schema]


def _rows(database: Database, statement: str) -> list[dict[str, Any]]:
    connection = database.connection
    table = ask(connection, statement)
    ordinals = pa.array(range(table.num_rows), pa.int64())
    connection.register("profile_row", table.append_column("ordinal", ordinals))
    try:
        found: list[dict[str, Any]] = connection.execute(step("identifiers")).to_arrow_table().to_pylist()
    finally:
        connection.unregister("profile_row")
    return found


def _key(file: File, row: Mapping[str, Any]) -> Key:
    part = row["part"] if file.part is Part.CORRECTIONS else file.part.value
    return str(part), str(row["source_id"])


def _assert_whole(profile: Profile, database: Database, part: Part, drafts: Collection[_Draft]) -> None:
    """The part's files hold each of its rows once: nothing is lost or doubled by the profile's SQL."""
    if part is Part.CORRECTIONS:
        told = database.connection.execute("SELECT part, source_id FROM row_to_deliver").fetchall()
    else:
        told = database.connection.execute(
            "SELECT part, source_id FROM row_to_deliver WHERE part = $part AND change <> 'withdrawn'",
            {"part": part.value},
        ).fetchall()
    own = [draft for draft in drafts if draft.file.part is part]
    if not own and part is Part.CORRECTIONS:
        withdrawn = database.connection.execute(
            "SELECT count(*) FROM row_to_deliver WHERE change = 'withdrawn'"
        ).fetchone()
        if not withdrawn or not withdrawn[0]:
            return
    found = Counter(key for draft in own for key in draft.keys)
    lost = len(set(told) - set(found))
    foreign = len(set(found) - set(told))
    doubled = sum(1 for count in found.values() if count > 1)
    if lost or foreign or doubled:
        raise UsageError(
            f"the profile {profile.name} does not hold each row of the part ‘{part}’ once: "
            f"{lost} lost, {doubled} doubled, {foreign} not to be delivered",
            "correct its SQL: it may order, name and join, but neither filter nor multiply rows",
        )


def _against_schemas(
    profile: Profile, drafts: Collection[_Draft], refused: Collection[Key]
) -> tuple[list[Rejected], set[Key]]:
    rejected: list[Rejected] = []
    keys: set[Key] = set()
    for draft in drafts:
        if draft.file.xsd is None:
            continue
        schema = load_schema(draft.file.xsd)
        kept = [(key, row) for key, row in _kept(draft, refused)]
        seen: set[int] = set()
        for ordinal, element in schema_faults(schema, file_bytes(profile, draft.file, [row for _, row in kept])):
            if ordinal is None:
                raise UsageError(
                    f"the profile {profile.name}: {draft.file.name} as a whole is against its schema, at ‘{element}’",
                    "correct the profile's root, row or columns",
                )
            if ordinal not in seen:
                seen.add(ordinal)
                key = kept[ordinal][0]
                keys.add(key)
                rejected.append(Rejected(draft.file.name, key[1], element, Objection.SCHEMA))
        rest = [row for ordinal, (_, row) in enumerate(kept) if ordinal not in seen]
        if seen and schema_faults(schema, file_bytes(profile, draft.file, rest)):
            raise UsageError(
                f"the profile {profile.name}: {draft.file.name} is against its schema in more than single rows",
                "correct the profile",
            )
    return rejected, keys


def _kept(draft: _Draft, refused: Collection[Key]) -> list[tuple[Key, Row]]:
    return [(draft.keys[ordinal], row) for ordinal, row in draft.rows if draft.keys[ordinal] not in refused]


def _render(profile: Profile, draft: _Draft, refused: Collection[Key], period: str) -> list[Rendered]:
    file = draft.file
    groups: dict[str, list[tuple[Key, Row]]] = {}
    if file.split_by is None:
        groups[""] = _kept(draft, refused)
    else:
        place = [column.name for column in file.columns].index(file.split_by)
        for key, row in _kept(draft, refused):
            groups.setdefault(row[place] or "", []).append((key, row))
    return [
        Rendered(
            file.name.replace("{period}", period).replace("{value}", value),
            file.part,
            file_bytes(profile, file, [row for _, row in groups[value]]),
            tuple(key for key, _ in groups[value]),
        )
        for value in sorted(groups)
    ]
