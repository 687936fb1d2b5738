"""Cells of a workbook that are merged over several rows: what stands in them is said of each of the rows.

A spreadsheet keeps the value in the first of the merged cells, and the library reads the others as empty: a person's
second row would have nobody, and its unit would be lost in silence.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from analyser.register.headings import Heading

_BLOCK = 2**20
_SIGN = re.compile(rb"<(?:[A-Za-z]+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
_CELL = re.compile(rb"<(?:[A-Za-z]+:)?c\s[^>]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_OVERLAP = 128
"""Bytes of a block that are looked at again with the next: no element that is looked for is longer."""


def filled(path: Path, member: str | None, cells: pl.DataFrame, heading: Heading) -> tuple[pl.DataFrame, int]:
    """The cells with those below the header filled that a merged one covers, and how many these are. `member`: the
    part with the sheet; None where the file has no such parts."""
    if member is None:
        return cells, 0
    with zipfile.ZipFile(path) as parts:
        spans = [span for span in _merged(parts, member) if span[1] > heading.row and span[2] > span[1]]
        if not spans:
            return cells, 0
        first = _first_column(parts, member)
    wanted = {place for column in heading.columns for place in column.places}
    found: dict[str, pl.Series] = {}
    count = 0
    for column, top, bottom in spans:
        place = column - first
        if place not in wanted or top > cells.height:
            continue
        series = found.get(str(place), cells[str(place)])
        value = series[top - 1]
        rows = [row for row in range(top, min(bottom, cells.height)) if series[row] is None]
        if value is None or not rows:
            continue
        found[str(place)] = series.scatter(rows, value)
        count += len(rows)
    return cells.with_columns(**found), count


def _merged(parts: zipfile.ZipFile, member: str) -> Iterator[tuple[int, int, int]]:
    """Column (from 0), first and last row of each merged cell; of one over several columns the first."""
    for found in _found(parts, member, _SIGN):
        yield _column(found[1]), int(found[2]), int(found[4])


def _first_column(parts: zipfile.ZipFile, member: str) -> int:
    """The first column that has a cell: the library counts from there."""
    return min((_column(found[1]) for found in _found(parts, member, _CELL)), default=0)


def _found(parts: zipfile.ZipFile, member: str, sign: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
    with parts.open(member) as opened:
        tail = b""
        while block := opened.read(_BLOCK):
            text = tail + block
            last = 0
            for found in sign.finditer(text):
                yield found
                last = found.end()
            tail = text[max(last, len(text) - _OVERLAP) :]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
