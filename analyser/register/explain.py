"""What would be read of a list, before anything is: its columns, words and days, and a settings table to begin with.

Nothing here holds an identifier, a name or a birth date: cells are shown only of columns that have a closed meaning,
and of others as far as every report shows them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from analyser.national.dates import register_date
from analyser.national.identifiers import redacted
from analyser.national.municipalities import municipality_code
from analyser.register.headings import How
from analyser.register.kinds import LAYERS, SERVICE_KINDS, UNIT_KINDS, RegisterKind
from analyser.register.layout import Layout
from analyser.register.load import RegisterLoad, joined
from analyser.register.shaping import shaped
from analyser.register.table import FileRead, SheetRead
from analyser.register.tasks import is_task

_WORDS = 20
"""Words of a column that are told one by one; the rest is counted."""
_LONGEST = 60
"""Characters of a word that are shown."""
_PREVIEW = 5
_SHOWN = ("source_id", "layer", "kind", "service_task", "start", "end", "organiser", "unit", "producer", "municipality")
"""Columns of the preview: those that reports show as well."""
_OID = re.compile(r"(?:urn:oid:)?[0-2](\.(0|[1-9]\d*))+")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word that nobody will understand."""

    column: str
    value: str
    """Empty: no word at all."""
    rows: int


@dataclass(frozen=True, slots=True)
class Days:
    """What the cells of a date column say."""

    column: str
    first: str | None
    last: str | None
    empty: int
    open: int
    """Days that mean an open end."""
    partial: int
    unread: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """One file, explained."""

    file: str
    book: FileRead
    kind: RegisterKind
    load: RegisterLoad
    """What would be loaded; refusals for columns that lack as a whole are left out."""
    rows: int
    unknown: tuple[Unknown, ...]
    days: tuple[Days, ...]
    organisers: tuple[tuple[str, int], ...]
    preview: tuple[Mapping[str, str | None], ...]
    settings: str
    """A `[register.NAME]` table that says what was found."""

    @property
    def readable(self) -> bool:
        """Whether every row would be read."""
        sound = all(not table.heading.lacking and table.heading.problem is None for table in self.book.tables)
        return sound and not self.load.refusals


def explain(book: FileRead, load: RegisterLoad, layout: Layout, tasks: frozenset[str]) -> Explanation:
    """What `book` would be read as, by `load`. `tasks`: what service tasks may be called."""
    kind = load.kind
    frame = shaped(joined(book), kind, layout)
    unknown = tuple(_unknown(frame, kind, tasks))
    return Explanation(
        file=load.file,
        book=book,
        kind=kind,
        load=load,
        rows=frame.height,
        unknown=unknown,
        days=tuple(_days(frame, name, load) for name in ("start", "end", "decided") if name in frame.columns),
        organisers=tuple(_organisers(frame)),
        preview=tuple(_preview(frame)),
        settings=_settings(book, load, kind, layout, unknown),
    )


def _unknown(frame: pl.DataFrame, kind: RegisterKind, tasks: frozenset[str]) -> list[Unknown]:
    """Words of columns with a closed meaning that mean nothing, each with its rows."""
    known: dict[str, Callable[[str], bool]] = {
        "service_task": lambda word: is_task(word, tasks),
        "layer": lambda word: word.lower() in LAYERS,
        "kind": lambda word: word.lower() in (UNIT_KINDS if kind is RegisterKind.UNITS else SERVICE_KINDS),
        "municipality": lambda word: municipality_code(word) is not None,
        "organiser": lambda word: _OID.fullmatch(word) is not None,
    }
    found = []
    for column, understands in known.items():
        if column not in frame.columns or column not in kind.columns.known:
            continue
        counts = frame.select(pl.col(column).fill_null("").str.strip_chars().alias("word")).group_by("word").len()
        words = sorted(counts.iter_rows(), key=lambda one: (-one[1], one[0]))
        strange = [(word, rows) for word, rows in words if word and not understands(word)]
        found += [Unknown(column, _word(word), rows) for word, rows in strange[:_WORDS]]
        if rest := strange[_WORDS:]:
            found.append(Unknown(column, "…", sum(rows for _, rows in rest)))
        empty = sum(rows for word, rows in words if not word)
        if empty and column == "service_task":
            found.append(Unknown(column, "", empty))
    return found


def _word(text: str) -> str:
    shown = " ".join(redacted(text).split())
    return shown if len(shown) <= _LONGEST else shown[:_LONGEST] + "…"


def _days(frame: pl.DataFrame, column: str, load: RegisterLoad) -> Days:
    counts = frame.select(pl.col(column).fill_null("").str.strip_chars().alias("text")).group_by("text").len()
    empty = partial = unread = 0
    read = []
    for text, rows in counts.iter_rows():
        if not text:
            empty = rows
            continue
        try:
            day = register_date(text)
        except ValueError:
            unread += rows
            continue
        partial += rows if day.first != day.last else 0
        read.append(day)
    is_open = load.open_ends if column == "end" else 0
    lived = [day for day in read if column != "end" or not is_open or day.last.year < 2099]
    first = min((day.first for day in lived), default=None)
    last = max((day.last for day in lived), default=None)
    return Days(
        column,
        first.isoformat() if first else None,
        last.isoformat() if last else None,
        empty,
        is_open,
        partial,
        max(unread - is_open, 0),
    )


def _organisers(frame: pl.DataFrame) -> list[tuple[str, int]]:
    if "organiser" not in frame.columns:
        return []
    counts = frame.select(pl.col("organiser").str.strip_chars().alias("name")).drop_nulls().group_by("name").len()
    found = sorted(counts.iter_rows(), key=lambda one: (-one[1], one[0]))
    return [(_word(name), rows) for name, rows in found[:_WORDS] if name]


def _preview(frame: pl.DataFrame) -> list[Mapping[str, str | None]]:
    columns = [name for name in _SHOWN if name in frame.columns]
    rows = frame.head(_PREVIEW).select(columns).iter_rows(named=True)
    return [{name: _word(cell) if cell else None for name, cell in row.items()} for row in rows]


def _settings(
    book: FileRead, load: RegisterLoad, kind: RegisterKind, layout: Layout, unknown: tuple[Unknown, ...]
) -> str:
    """A table that reads the file as it was understood; what nobody understood stands in it as comments."""
    name = layout.name or re.sub(r"[^a-z0-9_-]+", "-", redacted(load.file).rpartition(".")[0].lower()).strip("-")
    heading = book.tables[0].heading
    pairs = []
    for column in heading.columns:
        theirs = column.theirs[0] if len(column.theirs) == 1 else list(column.theirs)
        pairs.append(f"{column.name} = {_toml(theirs)}")
    lines = [f"[register.{name or 'list'}]", f'kind = "{kind.value}"']
    if len(book.tables) > 1 or book.left:
        lines.append(f"sheets = {_toml([table.sheet for table in book.tables])}")
    if heading.row > 1:
        lines.append(f"header_row = {heading.row}")
    if book.encoding not in ("", "UTF-8", "UTF-16"):
        lines.append(f"encoding = {_toml(book.encoding.lower())}")
    lines.append(f"columns = {{ {', '.join(pairs)} }}")
    lines += [f'# columns: {lacking} = "…"' for lacking in heading.lacking if lacking != "organiser"]
    if layout.constants:
        lines.append(f"constants = {{ {', '.join(f'{k} = {_toml(v)}' for k, v in layout.constants.items())} }}")
    elif "organiser" in heading.lacking:
        known = layout.archived[0] if layout.archived else "1.2.246.10.…"
        lines.append(f'# constants = {{ organiser = "{known}" }}')
    for mapped, words in layout.values.items():
        told = ", ".join(f"{_toml(theirs)} = {_toml(ours)}" for theirs, ours in words.items())
        lines.append(f"values.{mapped} = {{ {told} }}")
    for name in dict.fromkeys(one.column for one in unknown):
        strange = [one.value for one in unknown if one.column == name and one.value not in ("", "…")]
        if strange:
            told = ", ".join(f'{_toml(word)} = "…"' for word in strange)
            lines.append(f"# values.{name} = {{ {told} }}")
    for key, said in (("task_separator", layout.task_separator), ("source_prefix", layout.source_prefix)):
        if said:
            lines.append(f"{key} = {_toml(said)}")
    return "\n".join(lines) + "\n"


def _toml(value: str | list[str]) -> str:
    return json.dumps(
        [redacted(one) for one in value] if isinstance(value, list) else redacted(value), ensure_ascii=False
    )


def sure(how: How) -> int:
    """How sure a column is taken for one of ours, in per cent."""
    return {How.SETTINGS: 100, How.OWN: 100, How.KNOWN: 90, How.LIKELY: 50, How.CARRIED: 100}[how]


def filled(table: SheetRead, column: str) -> int:
    """Rows of a sheet whose cell says something."""
    return int(table.frame.select((pl.col(column).fill_null("").str.strip_chars() != "").sum()).item() or 0)
