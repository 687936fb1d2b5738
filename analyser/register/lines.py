"""CSV, line by line: what cannot be read costs one row, and no line is longer than memory allows.

A quote that nobody closes would swallow the rest of the file. Here it costs the line it stands on: the record is given
up after so many lines, or where its quotes stop making sense, and reading goes on at the next line.
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import polars as pl

from analyser.messages.catalogue import Message
from analyser.messages.errors import UsageError
from analyser.register.encoding import encoding_of
from analyser.register.examples import look
from analyser.register.headings import LOOKED_AT, Heading, find_heading, lacking_columns
from analyser.register.kinds import RegisterKind
from analyser.register.layout import Layout
from analyser.register.names import column_names
from analyser.register.quick import Sound, sound_lines
from analyser.register.table import FileRead, SheetRead, is_footer, is_totals, names_nobody, says_nothing, taken
from analyser.system.limits import Limits

_SEPARATORS = ",;\t"
_LINE = 2**20
"""Characters of a line; a row of the widest register has some thousand."""
_LOOKED_THROUGH = 20_000
"""Rows whose names are looked at for how such names look."""
_AT_ONCE = 2**28
"""Bytes of a file that is taken into memory as a whole."""
_RECORD_LINES = 100
"""Lines of one record; a quoted cell may hold some."""


def read_csv(path: Path, name: str, layout: Layout, kind: RegisterKind | None, limits: Limits) -> FileRead:
    """The cells of our columns as text, with what could not be read. Raises UsageError when there is no header to go
    by, or no one encoding."""
    encoding = encoding_of(path, name, layout.encoding)
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding=encoding.codec, newline="") as text:
        quick = path.stat().st_size <= _AT_ONCE
        table, separator = _read(_Lines(text), name, layout, kind, limits, quick=quick)
    return FileRead("CSV", (table,), encoding=encoding.name, separator=separator)


def read_lines(raw: BinaryIO, name: str, layout: Layout, kind: RegisterKind | None, limits: Limits) -> SheetRead:
    """As `read_csv`, from UTF-8 that a server has written."""
    with io.TextIOWrapper(raw, encoding="utf-8", newline="") as text:
        return _read(_Lines(text), name, replace(layout, separator=",", header_row=1), kind, limits)[0]


def _read(
    lines: _Lines, name: str, layout: Layout, kind: RegisterKind | None, limits: Limits, *, quick: bool = False
) -> tuple[SheetRead, str]:
    separator, heading = _dialect(lines, name, layout, kind, limits)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    rows = _Rows(heading, separator)
    sound: pl.DataFrame | None = None
    for number, cells in enumerate(_records(reader, lines), 1):
        if number < heading.row:
            continue
        if number > limits.register_rows + heading.row:
            raise UsageError("register.too_many_rows", file=name, limit=limits.register_rows)
        if number > heading.row:
            rows.take(number, cells, broke_off=lines.broke_off)
            continue
        assert not isinstance(cells, _Broken)  # it was found because it could be read
        rows.begin(cells)
        if quick and (found := lines.sound(rows, number + 1)) is not None:
            sound = found.rows
            rest = _Lines(io.StringIO("\n".join(line for _, line in found.rest) + ("" if found.open_end else "\n")))
            records = _records(csv.reader(rest, delimiter=separator, strict=True), rest)
            for (place, _), record in zip(found.rest, records, strict=False):
                rows.take(place, record, broke_off=rest.broke_off)
            if found.lines > limits.register_rows:
                raise UsageError("register.too_many_rows", file=name, limit=limits.register_rows)
            break
    return rows.table(sound), separator


class _Rows:
    """The rows of a file on their way, each judged as it comes."""

    def __init__(self, heading: Heading, separator: str) -> None:
        self.heading, self.separator = heading, separator
        self.places = sorted({place for column in heading.columns for place in column.places})
        self.header: list[str] = []
        self.width = self.unnamed = 0
        self._needed = _needed(heading)
        self._columns: dict[int, list[str]] = {place: [] for place in self.places}
        self._rows: list[int] = []
        self._odd: list[tuple[int, str, Message]] = []
        self._torn: list[tuple[int, list[str]]] = []
        self._totals: list[int] = []
        self._again: list[int] = []
        self._footers: list[int] = []

    def begin(self, cells: list[str]) -> None:
        """The header."""
        self.unnamed = len(cells)
        self.header = _trimmed(cells)
        self.width = len(self.header)

    def take(self, number: int, cells: list[str] | _Broken, *, broke_off: bool) -> None:
        """One record. `broke_off`: it is the last one, and has no end."""
        if isinstance(cells, _Broken):
            self._odd.append((number, "", cells.why))
            self._torn.append((number, [cell.strip('" ') for cell in cells.line.split(self.separator)]))
            return
        width = self.width
        if len(cells) != width:
            if len(cells) > width and not any(cells[self.unnamed :]):
                del cells[width:]
            elif self._needed < len(cells) < width and not broke_off:
                cells.extend([""] * (width - len(cells)))
        first = next((cell for cell in cells if cell), None)
        if first is None:
            return
        if is_totals(first) and names_nobody(self.heading, cells, first.strip()):
            self._totals.append(number)
        elif is_footer(first.strip()) and says_nothing(self.heading, cells, first.strip()):
            self._footers.append(number)
        elif len(cells) != width:
            self._odd.append((number, "", Message("errors.cell.other_length", {"cells": len(cells), "columns": width})))
            self._torn.append((number, cells))
        elif cells == self.header:
            self._again.append(number)
        else:
            self._rows.append(number)
            for place in self.places:
                self._columns[place].append(cells[place])

    def table(self, sound: pl.DataFrame | None) -> SheetRead:
        """What came of them. `sound`: rows that were read beside them."""
        read = {str(place): pl.Series(self._columns[place], dtype=pl.String) for place in self.places}
        frame = pl.DataFrame({"__row": pl.Series(self._rows, dtype=pl.Int64), **read})
        if sound is not None:
            frame = pl.concat([sound, frame.select(sound.columns)]).sort("__row") if frame.height else sound
        lost = _named(self._torn, self.heading, self.width, frame)
        odd, totals, again = tuple(self._odd), tuple(self._totals), tuple(self._again)
        footers = tuple(self._footers)
        return SheetRead("", self.heading, taken(frame, self.heading), odd, totals, again, lost, footers=footers)


def _named(torn: list[tuple[int, list[str]]], heading: Heading, width: int, frame: pl.DataFrame) -> pl.DataFrame | None:
    """The names of rows that have not the cells of the header, as far as they can be known.

    A cell too many or too few moves those behind it: the name stands where it should, counted from the beginning or
    from the end of the row. It is taken for one only when it looks like the names of rows that were read, so that no
    other cell, which may be a person's, is ever taken for it; two that differ are none.
    """
    found = next((column for column in heading.columns if column.name == "source_id"), None)
    if found is None or len(found.places) != 1 or not torn:
        return None
    (place,) = found.places
    looks = {look(cell.strip()) for cell in frame[str(place)].head(_LOOKED_THROUGH)}
    names = []
    for number, cells in torn:
        counted = {place, len(cells) - width + place}
        likely = {cells[at].strip() for at in counted if 0 <= at < len(cells)}
        likely = {cell for cell in likely if cell and look(cell) in looks}
        if len(likely) == 1:
            names.append((number, likely.pop()))
    schema = {"__row": pl.Int64(), "source_id": pl.String()}
    return pl.DataFrame(names, schema=schema, orient="row") if names else None


def _needed(heading: Heading) -> int:
    """The last cell without which a row is torn and not just short."""
    required = heading.kind.columns.required if heading.kind else ()
    return max((place for column in heading.columns if column.name in required for place in column.places), default=0)


def _trimmed(header: list[str]) -> list[str]:
    """The header without the empty names that a separator at the end of the row makes."""
    while header and not header[-1].strip():
        header.pop()
    return header


def _dialect(
    lines: _Lines, name: str, layout: Layout, kind: RegisterKind | None, limits: Limits
) -> tuple[str, Heading]:
    """The separator and the header, found together: the right separator is the one by which a header is known.

    Raises UsageError when there is none.
    """
    first = lines.first(name)
    said = layout.separator or None
    if found := re.fullmatch(r"\ufeff?\"?sep=(.)\"?\s*", first, re.IGNORECASE):
        lines.drop_first()
        said = said or found[1]
    head = lines.head(LOOKED_AT)
    best: tuple[int, int, str, Heading] | None = None
    refusal: UsageError | None = None
    for separator in (said,) if said else _SEPARATORS:
        rows = _beginning(head, separator)
        try:
            heading = find_heading(rows, layout, kind, name, limits)
        except UsageError as wrong:
            refusal = refusal or wrong
            continue
        if heading is not None and (best is None or (heading.complete, len(heading.columns)) > best[:2]):
            best = (heading.complete, len(heading.columns), separator, heading)
    if best is not None and best[3].complete:
        return best[2], best[3]
    if refusal is not None:
        raise refusal
    if best is None:
        likely = said or max(_SEPARATORS, key=head[0].count if head else "".count)
        rows = _beginning(head, likely)
        if not rows or (len(rows) == 1 and not rows[0][1]):
            raise UsageError("register.bad_header", file=name)
        column_names(rows[0][1], name, limits)
    raise lacking_columns([best[3]] if best else [], kind or layout.kind, layout, name)


def _beginning(head: list[str], separator: str) -> list[tuple[int, list[str]]]:
    """The first records, as far as they can be read."""
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(iter(head), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return rows
        except csv.Error:
            return rows
        if any(cell.strip() for cell in cells):
            rows.append((number, _trimmed(cells)))


@dataclass(frozen=True, slots=True)
class _Broken:
    """A record that cannot be taken apart, and the line that it begins with."""

    why: Message
    line: str


def _records(reader: Iterator[list[str]], lines: _Lines) -> Iterator[list[str] | _Broken]:
    """Each record's cells, or why it cannot be read."""
    while True:
        lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _TooLong:
            lines.go_on()
            yield _Broken(Message("errors.cell.long_line", {"limit": _LINE}), "")
        except (csv.Error, _Unclosed):
            line = lines.begun()
            lines.go_on()
            yield _Broken(Message("errors.cell.quotes"), line)
        else:
            yield cells


class _Unclosed(Exception):
    """A record that goes on and on."""


class _TooLong(Exception):
    """A line that goes on and on."""


class _Lines:
    """The lines of a file, which can be given once more from the second line of the record on."""

    def __init__(self, text: io.TextIOWrapper | io.StringIO) -> None:
        self._text = text
        self._given: list[str] = []
        self._again: deque[str] = deque()
        self.broke_off = False
        """Whether the line that was given last has no end: the file was cut, or its writer leaves out the last one."""

    def first(self, name: str) -> str:
        """The first line, which will be given again. Raises UsageError when there is none to begin with."""
        try:
            line = next(self, "")
            while line and not line.strip():
                line = next(self, "")
        except (_TooLong, _Unclosed):
            line = ""
        if "\0" in line:
            raise UsageError("register.nul", file=name)
        if not line.strip():
            raise UsageError("register.no_header", file=name)
        self._again.extendleft(reversed(self._given))
        self.begin()
        return line

    def drop_first(self) -> None:
        """Leave out the first line that says something, and those before it."""
        while not self._again.popleft().strip():
            continue

    def head(self, most: int) -> list[str]:
        """The lines at the beginning, which will be given again."""
        try:
            for _ in range(most):
                if next(self, "") == "":
                    break
        except (_TooLong, _Unclosed):
            pass  # told when the record is read
        found = list(self._given)
        self._again.extendleft(reversed(found))
        self.begin()
        return [line for line in found if line]

    def sound(self, rows: _Rows, first: int) -> Sound | None:
        """What follows, taken apart at once; None when it has to be read line by line, and will be given so."""
        if not all(self._again):  # a line that was too long
            return None
        text = "".join(self._again) + self._text.read()
        found = sound_lines(text, rows.separator, rows.header, rows.unnamed, rows.places, first, _LINE)
        if found is None:
            self._again.clear()
            self._text = io.StringIO(text, newline="")
        return found

    def begin(self) -> None:
        """Here a record begins."""
        self._given.clear()

    def begun(self) -> str:
        """The first line of the record."""
        return self._given[0] if self._given else ""

    def go_on(self) -> None:
        """Give up the record; the next line is the one after its first."""
        self._again.extendleft(reversed(self._given[1:]))

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self._given) >= _RECORD_LINES:
            raise _Unclosed
        again = bool(self._again)
        line = self._again.popleft() if again else self._text.readline(_LINE + 1)
        if again and not line:  # in the place of a line that was too long before
            self._given.append("")
            raise _TooLong
        if not line:
            raise StopIteration
        if len(line) > _LINE:
            while line and not line.endswith(("\n", "\r")):
                line = self._text.readline(_LINE)
            self._given.append("")
            raise _TooLong
        self._given.append(line)
        self.broke_off = not line.endswith(("\n", "\r"))
        return line
