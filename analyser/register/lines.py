"""CSV, line by line: what cannot be read costs one row, and no line is longer than memory allows.

A quote that nobody closes would swallow the rest of the file. Here it costs the line it stands on: the record is given
up after so many lines, or where its quotes stop making sense, and reading goes on at the next line.
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import polars as pl

from analyser.errors import UsageError
from analyser.language import Told
from analyser.limits import Limits
from analyser.register.encoding import encoding_of
from analyser.register.examples import look
from analyser.register.headings import LOOKED_AT, Heading, find_heading, lacking_columns
from analyser.register.kinds import Kind
from analyser.register.layout import Layout
from analyser.register.names import column_names
from analyser.register.table import Book, Table, is_totals, names_nobody, taken

_SEPARATORS = ",;\t"
_LINE = 2**20
"""Characters of a line; a row of the widest register has some thousand."""
_LOOKED_THROUGH = 20_000
"""Rows whose names are looked at for how such names look."""
_RECORD_LINES = 100
"""Lines of one record; a quoted cell may hold some."""


def read_csv(path: Path, name: str, layout: Layout, kind: Kind | None, limits: Limits) -> Book:
    """The cells of our columns as text, with what could not be read. Raises UsageError when there is no header to go
    by, or no one encoding."""
    encoding = encoding_of(path, name, layout.encoding)
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding=encoding.codec, newline="") as text:
        table, separator = _read(_Lines(text), name, layout, kind, limits)
    return Book("CSV", (table,), encoding=encoding.name, separator=separator)


def read_lines(raw: BinaryIO, name: str, layout: Layout, kind: Kind | None, limits: Limits) -> Table:
    """As `read_csv`, from UTF-8 that a server has written."""
    with io.TextIOWrapper(raw, encoding="utf-8", newline="") as text:
        return _read(_Lines(text), name, replace(layout, separator=",", header_row=1), kind, limits)[0]


def _read(lines: _Lines, name: str, layout: Layout, kind: Kind | None, limits: Limits) -> tuple[Table, str]:
    separator, heading = _dialect(lines, name, layout, kind, limits)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    header: list[str] = []
    width = unnamed = 0
    places = sorted({place for column in heading.columns for place in column.places})
    needed = _needed(heading)
    columns: dict[int, list[str]] = {place: [] for place in places}
    rows: list[int] = []
    odd: list[tuple[int, str, Told]] = []
    torn: list[tuple[int, list[str]]] = []
    totals: list[int] = []
    again: list[int] = []
    for number, cells in enumerate(_records(reader, lines), 1):
        if number < heading.row:
            continue
        if number > limits.register_rows + heading.row:
            raise UsageError("register.too_many_rows", file=name, limit=limits.register_rows)
        if number == heading.row:
            assert not isinstance(cells, _Broken)  # it was found because it could be read
            unnamed = len(cells)
            header = _trimmed(cells)
            width = len(header)
            continue
        if isinstance(cells, _Broken):
            odd.append((number, "", cells.why))
            torn.append((number, [cell.strip('" ') for cell in cells.line.split(separator)]))
            continue
        if len(cells) != width:
            if len(cells) > width and not any(cells[unnamed:]):
                del cells[width:]
            elif needed < len(cells) < width and not lines.broke_off:
                cells.extend([""] * (width - len(cells)))
        first = next((cell for cell in cells if cell), None)
        if first is None:
            continue
        if is_totals(first) and names_nobody(heading, cells, first.strip()):
            totals.append(number)
        elif len(cells) != width:
            odd.append((number, "", Told("errors.cell.other_length", {"cells": len(cells), "columns": width})))
            torn.append((number, cells))
        elif cells == header:
            again.append(number)
        else:
            rows.append(number)
            for place in places:
                columns[place].append(cells[place])
    read = {str(place): pl.Series(columns[place], dtype=pl.String) for place in places}
    frame = pl.DataFrame({"__row": pl.Series(rows, dtype=pl.Int64), **read})
    lost = _named(torn, heading, width, columns)
    return Table("", heading, taken(frame, heading), tuple(odd), tuple(totals), tuple(again), lost), separator


def _named(
    torn: list[tuple[int, list[str]]], heading: Heading, width: int, columns: Mapping[int, list[str]]
) -> pl.DataFrame | None:
    """The names of rows that have not the cells of the header, as far as they can be known.

    A cell too many or too few moves those behind it: the name stands where it should, counted from the beginning or
    from the end of the row. It is taken for one only when it looks like the names of rows that were read, so that no
    other cell, which may be a person's, is ever taken for it; two that differ are none.
    """
    found = next((column for column in heading.columns if column.name == "source_id"), None)
    if found is None or len(found.places) != 1 or not torn:
        return None
    (place,) = found.places
    looks = {look(cell.strip()) for cell in columns[place][:_LOOKED_THROUGH]}
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


def _dialect(lines: _Lines, name: str, layout: Layout, kind: Kind | None, limits: Limits) -> tuple[str, Heading]:
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

    why: Told
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
            yield _Broken(Told("errors.cell.long_line", {"limit": _LINE}), "")
        except (csv.Error, _Unclosed):
            line = lines.begun()
            lines.go_on()
            yield _Broken(Told("errors.cell.quotes"), line)
        else:
            yield cells


class _Unclosed(Exception):
    """A record that goes on and on."""


class _TooLong(Exception):
    """A line that goes on and on."""


class _Lines:
    """The lines of a file, which can be given once more from the second line of the record on."""

    def __init__(self, text: io.TextIOWrapper) -> None:
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
