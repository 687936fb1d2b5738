"""`[register.NAME]` in the settings: how a list of another shape is read. Every fault is told with its key."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analyser.messages.errors import UsageError
from analyser.messages.suggestion import meant, suggestion
from analyser.register.carried import PREFIX, carried_name
from analyser.register.encoding import KNOWN as ENCODINGS
from analyser.register.kinds import INDICATORS, KNOWN_COLUMNS, LAYERS, NO, SERVICE_KINDS, UNIT_KINDS, YES, RegisterKind
from analyser.register.layout import Layout
from analyser.register.shaping import word
from analyser.register.tasks import is_task
from analyser.system.ordinary_files import ordinary_text

KEYS = (
    "kind",
    "files",
    "sheets",
    "header_row",
    "encoding",
    "separator",
    "columns",
    "constants",
    "values",
    "task_separator",
    "open_ends",
    "source_prefix",
    "whole",
)
"""Keys of a table; those from `columns` on also stand in a `[source.NAME]`."""
OF_ROWS = KEYS[KEYS.index("columns") :]
"""What is said of rows, wherever they come from."""
_JOINED = ("source_id", "service_task", "social_service", "layer", "kind", "unit", "producer")
"""Columns that may be made of several."""
_CLOSED: Mapping[str, frozenset[str]] = {
    "layer": LAYERS,
    "kind": SERVICE_KINDS | UNIT_KINDS,
    "indicator": INDICATORS,
    "in_register": YES | NO,
    "safety_restricted": YES | NO,
}


def layout(name: str, tables: Mapping[str, Any], folder: Path, tasks: frozenset[str]) -> Layout:
    """The table of that name. `folder`: where names of its files begin; `tasks`: what service tasks may be called.

    Raises UsageError for a key, a column or a value that cannot be.
    """
    if name not in tables:
        known = ", ".join(sorted(tables)) or "–"
        raise UsageError("layout.unknown", hint=meant(name, tables), name=name, known=known)
    return layout_of(name, tables[name], folder, tasks, KEYS, f"register.{name}")


def layout_of(
    name: str, table: Mapping[str, Any], folder: Path, tasks: frozenset[str], allowed: tuple[str, ...], place: str
) -> Layout:
    """The layout that a table says. `place`: how the table is called in errors."""
    for key in table:
        if key not in allowed:
            raise UsageError("layout.key", hint=suggestion(key, allowed), place=place, key=key)
    kind = _kind(table.get("kind"), place)
    known = kind.columns.known if kind else KNOWN_COLUMNS
    columns = {
        _column(ours, known, f"{place}.columns"): _several(theirs, f"{place}.columns.{ours}", ours)
        for ours, theirs in _table(table, "columns", place).items()
    }
    constants = {
        _column(ours, known, f"{place}.constants"): _text(value, f"{place}.constants.{ours}")
        for ours, value in _table(table, "constants", place).items()
    }
    values = {
        _column(ours, known, f"{place}.values"): _values(said, f"{place}.values.{ours}", ours, folder, tasks)
        for ours, said in _table(table, "values", place).items()
    }
    _apart(columns, values, place)
    _constants(constants, tasks, place)
    separator = _text(table.get("task_separator", ""), f"{place}.task_separator")
    if separator and len(columns.get("service_task", ())) > 1:
        raise UsageError("layout.joined_and_split", place=place)
    return Layout(
        name=name,
        kind=kind,
        files=_texts(table.get("files", ()), f"{place}.files"),
        sheets=_texts(table.get("sheets", ()), f"{place}.sheets"),
        header_row=_row(table.get("header_row"), f"{place}.header_row"),
        encoding=_encoding(table.get("encoding"), f"{place}.encoding"),
        separator=_separator(table.get("separator"), f"{place}.separator"),
        columns=columns,
        constants=constants,
        values=values,
        task_separator=separator,
        open_ends=_texts(table.get("open_ends", ()), f"{place}.open_ends"),
        source_prefix=_text(table.get("source_prefix", ""), f"{place}.source_prefix"),
        whole=_yes_or_no(table.get("whole", False), f"{place}.whole"),
        tasks=tasks,
    )


def _yes_or_no(said: object, key: str) -> bool:
    if not isinstance(said, bool):
        raise UsageError("layout.none_of", key=key, known=["true", "false"])
    return said


def _kind(said: object, place: str) -> RegisterKind | None:
    if said is None:
        return None
    if said not in list(RegisterKind):
        raise UsageError(
            "layout.none_of", hint=meant(str(said), RegisterKind), key=f"{place}.kind", known=list(RegisterKind)
        )
    return RegisterKind(str(said))


def _table(table: Mapping[str, Any], key: str, place: str) -> Mapping[str, Any]:
    found = table.get(key, {})
    if not isinstance(found, dict):
        raise UsageError("layout.no_table", key=f"{place}.{key}")
    return found


def _column(ours: str, known: tuple[str, ...], place: str) -> str:
    if ours not in known and carried_name(ours) != ours:
        raise UsageError("layout.column", hint=suggestion(ours, known), place=place, column=ours)
    return ours


def _text(value: object, key: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise UsageError("layout.no_text", key=key)
    return str(value)


def _texts(value: object, key: str) -> tuple[str, ...]:
    several = [value] if isinstance(value, str) else value
    if not isinstance(several, list | tuple) or not all(isinstance(one, str) and one for one in several):
        raise UsageError("layout.no_texts", key=key)
    return tuple(several)


def _several(theirs: object, key: str, ours: str) -> tuple[str, ...]:
    names = _texts(theirs, key)
    if not names:
        raise UsageError("layout.no_texts", key=key)
    if len(names) > 1 and ours not in _JOINED and not ours.startswith(PREFIX):
        raise UsageError("layout.not_joined", key=key, joined=list(_JOINED))
    return names


def _row(value: object, key: str) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise UsageError("layout.no_row", key=key)
    return value


def _encoding(value: object, key: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or value.lower() not in ENCODINGS:
        raise UsageError("layout.none_of", key=key, known=list(ENCODINGS))
    return value


def _separator(value: object, key: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) != 1 or value in '"\r\n':
        raise UsageError("layout.no_separator", key=key)
    return value


def _values(said: object, key: str, ours: str, folder: Path, tasks: frozenset[str]) -> Mapping[str, str]:
    """Their words, as they are compared, to ours."""
    if isinstance(said, str):
        pairs = _from_file(folder / said, key, ours)
    elif isinstance(said, dict):
        pairs = [(theirs, _text(value, f"{key}.{theirs}")) for theirs, value in said.items()]
    else:
        raise UsageError("layout.no_table", key=key)
    found: dict[str, str] = {}
    for theirs, value in pairs:
        _possible(value, ours, key, tasks)
        if found.setdefault(word(theirs), value) != value:
            raise UsageError("layout.two_meanings", key=key, word=theirs)
    return found


def _possible(value: str, ours: str, key: str, tasks: frozenset[str]) -> None:
    """Raise UsageError for a value that the column cannot have."""
    if not value:
        return
    if ours == "service_task" and not is_task(value, tasks):
        raise UsageError("layout.no_task", hint=meant(value, tasks), key=key, value=value)
    if ours in _CLOSED and value.lower() not in _CLOSED[ours]:
        raise UsageError("layout.none_of", key=key, known=sorted(_CLOSED[ours]))


def _from_file(path: Path, key: str, ours: str) -> list[tuple[str, str]]:
    """A mapping as a CSV file: a header that names our column, every other column one of theirs, joined by `|`."""
    try:
        text = ordinary_text(path, "utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise UsageError("layout.no_mapping", key=key, file=path.name) from None
    lines = text.splitlines()
    header = lines[0] if lines else ""
    rows = list(csv.reader(lines, delimiter=max(";,\t", key=header.count)))
    names = [name.strip() for name in rows[0]] if rows else []
    if ours not in names or len(names) < 2:
        raise UsageError("layout.no_mapping_column", key=key, file=path.name, column=ours)
    place = names.index(ours)
    found = []
    for row in rows[1:]:
        cells = [*row, *[""] * (len(names) - len(row))]
        if any(cell.strip() for cell in cells):
            theirs = "|".join(cell.strip() for number, cell in enumerate(cells) if number != place).rstrip("|")
            found.append((theirs, cells[place].strip()))
    return found


def _apart(columns: Mapping[str, tuple[str, ...]], values: Mapping[str, object], place: str) -> None:
    """Raise UsageError for one of their columns that would be two of ours as it stands."""
    taken: dict[tuple[str, ...], str] = {}
    for ours, theirs in columns.items():
        if ours in values or ours == "source_id" or ours.startswith(PREFIX):
            continue  # words are made into others, into a name for the row, or stand beside it
        if theirs in taken:
            raise UsageError(
                "layout.one_for_two", place=place, theirs=" | ".join(theirs), columns=[taken[theirs], ours]
            )
        taken[theirs] = ours


def _constants(constants: Mapping[str, str], tasks: frozenset[str], place: str) -> None:
    for ours, value in constants.items():
        _possible(value, ours, f"{place}.constants.{ours}", tasks)
    if "source_id" in constants:
        raise UsageError("layout.constant_name", place=place)
