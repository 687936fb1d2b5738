"""CSV, line by line: what cannot be read costs one row, and no line is longer than memory allows.

A quote that nobody closes would swallow the rest of the file. Here it costs the line it stands on: the record is given
up after so many lines, or where its quotes stop making sense, and reading goes on at the next line.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO

import polars as pl

from analyser.errors import UsageError
from analyser.language import Told
from analyser.limits import Limits
from analyser.register.names import column_names

_SEPARATORS = ",;\t"
_LINE = 2**20
"""Characters of a line; a row of the widest register has some thousand."""
_RECORD_LINES = 100
"""Lines of one record; a quoted cell may hold some."""
_WIDE = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


def read_csv(
    path: Path, name: str, wanted: Collection[str], limits: Limits
) -> tuple[pl.DataFrame, list[tuple[int, Told]]]:
    """The cells of the wanted columns as text, and (row, reason) of the rows that cannot be read.

    Raises UsageError when there is no header to go by.
    """
    with path.open("rb") as raw:
        if raw.read(2) in _WIDE:
            raise UsageError("register.utf16", file=name)
        raw.seek(0)
        return read_lines(raw, name, wanted, limits)


def read_lines(
    raw: BinaryIO, name: str, wanted: Collection[str], limits: Limits
) -> tuple[pl.DataFrame, list[tuple[int, Told]]]:
    """As `read_csv`, from bytes that come from anywhere."""
    with io.TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
        return _read(_Lines(text), name, wanted, limits)


def _read(
    lines: _Lines, name: str, wanted: Collection[str], limits: Limits
) -> tuple[pl.DataFrame, list[tuple[int, Told]]]:
    header = lines.first(name)
    separator = max(_SEPARATORS, key=header.count)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        names = column_names(next(reader, []), name, limits)
    except (csv.Error, _Unclosed, _TooLong):
        raise UsageError("register.bad_header", file=name) from None
    columns: list[list[str]] = [[] for _ in names]
    kept = [column for column, own in zip(columns, names, strict=True) if own in wanted]
    places = [place for place, own in enumerate(names) if own in wanted]
    rows: list[int] = []
    odd: list[tuple[int, Told]] = []
    for number, cells in enumerate(_records(reader, lines), 2):
        if number > limits.register_rows + 1:
            raise UsageError("register.too_many_rows", file=name, limit=limits.register_rows)
        if isinstance(cells, Told):
            odd.append((number, cells))
        elif not any(cells):
            continue
        elif len(cells) != len(names):
            odd.append((number, Told("errors.cell.other_length", {"cells": len(cells), "columns": len(names)})))
        else:
            rows.append(number)
            for column, place in zip(kept, places, strict=True):
                column.append(cells[place])
    read: dict[str, pl.Series] = {"__row": pl.Series(rows, dtype=pl.Int32)}
    read |= {names[place]: pl.Series(columns[place], dtype=pl.String) for place in places}
    unknown = [pl.lit(None, pl.String).alias(own) for own in names if own and own not in wanted]
    return pl.DataFrame(read).with_columns(unknown), odd


def _records(reader: Iterator[list[str]], lines: _Lines) -> Iterator[list[str] | Told]:
    """Each record's cells, or why it cannot be read."""
    while True:
        lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _TooLong:
            lines.go_on()
            yield Told("errors.cell.long_line", {"limit": _LINE})
        except (csv.Error, _Unclosed):
            lines.go_on()
            yield Told("errors.cell.quotes")
        else:
            yield Told("errors.cell.not_utf8") if lines.broken else cells


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
        self.broken = False
        """Whether a line of this record is not UTF-8."""

    def first(self, name: str) -> str:
        """The header line, which will be given again. Raises UsageError when it cannot be a header."""
        try:
            line = next(self, "")
        except _TooLong:
            line = ""
        if self.broken:
            raise UsageError("register.not_utf8", file=name)
        if "\0" in line:
            raise UsageError("register.nul", file=name)
        if not line.strip():
            raise UsageError("register.no_header", file=name)
        self._again.append(line)
        self.begin()
        return line

    def begin(self) -> None:
        """Here a record begins."""
        self._given.clear()
        self.broken = False

    def go_on(self) -> None:
        """Give up the record; the next line is the one after its first."""
        self._again.extendleft(reversed(self._given[1:]))

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self._given) >= _RECORD_LINES:
            raise _Unclosed
        line = self._again.popleft() if self._again else self._text.readline(_LINE + 1)
        if not line:
            raise StopIteration
        if len(line) > _LINE:
            while line and not line.endswith(("\n", "\r")):
                line = self._text.readline(_LINE)
            self._given.append("")
            raise _TooLong
        self._given.append(line)
        if not line.isascii():
            try:
                line.encode()
            except UnicodeEncodeError:
                self.broken = True
        return line
