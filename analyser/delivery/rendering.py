"""From the rows to deliver to the bytes of a profile's files, with every row accounted for.

A row is written, or it is rejected with a reason; a profile whose SQL loses or doubles a row is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from analyser.coverage.select import Asker
from analyser.coverage.statements import step
from analyser.delivery.folder import is_file_name
from analyser.delivery.formats import file_bytes, load_schema, schema_faults
from analyser.delivery.profile import TABLES, File, Format, Part, Profile, assert_columns
from analyser.delivery.values import Key, Objection, Rejected, Row, express, key_of
from analyser.messages.errors import UsageError
from analyser.messages.formulas import like_a_formula
from analyser.national.identifiers import redacted
from analyser.store.arrow import arrow_table
from analyser.store.database import Database
from analyser.store.first_row import first_row


@dataclass(frozen=True, slots=True)
class Rendered:
    """One file, ready to be written."""

    name: str
    part: Part
    data: bytes
    keys: tuple[Key, ...]
    """The rows it holds, in its order."""
    formulas: int
    """Rows with a value that a spreadsheet would take for a formula; in a workbook a text is a text."""


@dataclass(frozen=True, slots=True)
class _Draft:
    file: File
    keys: list[Key]
    persons: list[str | None]
    """The identity each row's identifiers come from."""
    rows: list[tuple[int, Row]]


def render(
    profile: Profile, database: Database, parts: Collection[Part], period: str
) -> tuple[list[Rendered], list[Rejected]]:
    """The files of the wanted parts, and the rows that the profile cannot express (they are in no file).

    Needs the tables to deliver. Raises UsageError for a profile that does not fit them.
    """
    with Asker(database.connection, TABLES, trusted=profile.neutral) as asker:
        assert_columns(profile, asker)
        asked = {file.name: asker.ask(profile.statements[file.rows]) for file in profile.files if file.part in parts}
    drafts: list[_Draft] = []
    rejected: list[Rejected] = []
    refused: set[Key] = set()
    for file in profile.files:
        if file.part not in parts:
            continue
        rows = _rows(database, asked[file.name])
        keys = [key_of(file, row) for row in rows]
        good, bad = express(profile, file, rows)
        told = {ordinal for ordinal, _ in good}
        refused.update(key for ordinal, key in enumerate(keys) if ordinal not in told)
        rejected.extend(bad)
        drafts.append(_Draft(file, keys, [row["identity_key"] for row in rows], good))
    for part in sorted(parts):
        _assert_whole(profile, database, part, drafts)
    by_schema, keys_by_schema = _against_schemas(profile, drafts, refused)
    refused |= keys_by_schema
    rendered = [one for draft in drafts for one in _render(profile, draft, refused, period)]
    _assert_names(profile, [one.name for one in rendered])
    return rendered, [*rejected, *by_schema]


def _rows(database: Database, table: pa.Table) -> list[dict[str, Any]]:
    connection = database.connection
    ordinals = pa.array(range(table.num_rows), pa.int64())
    connection.register("profile_row", table.append_column("ordinal", ordinals))
    try:
        found: list[dict[str, Any]] = arrow_table(connection, step("identifiers")).to_pylist()
    finally:
        connection.unregister("profile_row")
    former = [row["former_source_id"] for row in found if row.get("former_source_id")]
    if former:
        written = dict(connection.execute(step("former-names"), {"names": former}).fetchall())
        for row in found:
            row["former_source_id"] = written.get(row["former_source_id"], row["former_source_id"])
    return found


def _assert_names(profile: Profile, names: Collection[str]) -> None:
    """With the period and the values put in, each name still is a file of its own in the folder, on any system."""
    if strange := [name for name in names if not is_file_name(name)]:
        raise UsageError("profile.strange_file", profile=profile.name, file=redacted(strange[0]))
    folded = Counter(name.casefold() for name in names)
    if twice := [name for name in names if folded[name.casefold()] > 1]:
        raise UsageError("profile.file_twice", profile=profile.name, file=twice[0])


def _assert_whole(profile: Profile, database: Database, part: Part, drafts: Collection[_Draft]) -> None:
    """The part's files hold each of its rows once, of the row's own person: the profile's SQL loses or doubles none."""
    told = {
        (of_part, source_id): identity_key
        for of_part, source_id, identity_key, change in database.connection.execute(
            "SELECT part, source_id, identity_key, change FROM row_to_deliver"
        ).fetchall()
        if part is Part.CORRECTIONS or (of_part == part.value and change != "withdrawn")
    }
    own = [draft for draft in drafts if draft.file.part is part]
    if not own and part is Part.CORRECTIONS:
        _assert_nothing_withdrawn(profile, database)
        return
    found = Counter(key for draft in own for key in draft.keys)
    lost = len(set(told) - set(found))
    foreign = len(set(found) - set(told))
    doubled = sum(1 for count in found.values() if count > 1)
    if lost or foreign or doubled:
        raise UsageError(
            "profile.rows_lost", profile=profile.name, part=part, lost=lost, doubled=doubled, foreign=foreign
        )
    swapped = sum(told[key] != person for draft in own for key, person in zip(draft.keys, draft.persons, strict=True))
    if swapped:
        raise UsageError("profile.keys_swapped", profile=profile.name, rows=swapped, part=part)


def _assert_nothing_withdrawn(profile: Profile, database: Database) -> None:
    row = first_row(database.connection.execute("SELECT count(*) FROM row_to_deliver WHERE change = 'withdrawn'"))
    if row and row[0]:
        raise UsageError("profile.no_corrections", profile=profile.name, rows=row[0])


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
                raise UsageError("profile.against_schema", profile=profile.name, file=draft.file.name, element=element)
            if ordinal not in seen:
                seen.add(ordinal)
                key = kept[ordinal][0]
                keys.add(key)
                rejected.append(Rejected(draft.file.name, *key, element, Objection.SCHEMA))
        rest = [row for ordinal, (_, row) in enumerate(kept) if ordinal not in seen]
        if seen and schema_faults(schema, file_bytes(profile, draft.file, rest)):
            raise UsageError("profile.against_schema_widely", profile=profile.name, file=draft.file.name)
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
            0 if profile.format is Format.XLSX else sum(any(map(like_a_formula, row)) for _, row in groups[value]),
        )
        for value in sorted(groups)
    ]
