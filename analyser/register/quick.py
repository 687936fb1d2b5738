"""Sound lines of a CSV file at once: what has no riddle is taken apart by a library, and the rest goes line by line.

A line is sound when it has as many cells as the header, each without a quote or wholly inside quotes. Where no other
line holds a quote, no record goes over several lines, so a line is a record; else nothing is read so, and all goes
line by line. Whatever the way, the rows are the same.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analyser.register.table import ASIDE

_FEWEST = 2_000
"""Lines below which there is nothing to be gained."""
_WIDEST = 500
"""Cells above which the pattern of a line would grow too large."""


@dataclass(frozen=True, slots=True)
class Sound:
    """The lines that were taken apart, and those that were not."""

    rows: pl.DataFrame
    """`__row`, and the wanted cells by the number of their place."""
    rest: tuple[tuple[int, str], ...]
    """The other lines, each with its number, and those that may be sums of others or repeat the header."""
    lines: int
    """All of them."""
    open_end: bool
    """Whether the last of the other lines is the last of all, and has no end."""


def sound_lines(
    text: str,
    separator: str,
    header: Sequence[str],
    width: int,
    places: Sequence[int],
    first: int,
    longest: int,
) -> Sound | None:
    """The lines of `text`, which begins below the header, numbered from `first` on. None when they have to be read one
    by one.

    `width`: how many cells a sound line has; `longest`: characters of the longest line that is looked at.
    """
    if "\0" in text or text.count("\r") != text.count("\r\n") or not 2 <= width <= _WIDEST:
        return None
    lines = text.replace("\r\n", "\n").split("\n")
    if not lines[-1]:
        lines.pop()
    if len(lines) < _FEWEST:
        return None
    told = pl.DataFrame({"line": pl.Series(lines, dtype=pl.String)}).with_columns(
        pl.int_range(first, first + len(lines), dtype=pl.Int64).alias("__row")
    )
    line = pl.col("line")
    if '"' in text:
        mark = re.escape(separator)
        cell = rf'(?:"(?:[^"]|"")*"|[^"{mark}]*)'
        is_sound = line.str.contains(rf"^{cell}(?:{mark}{cell}){{{width - 1}}}$")
    else:
        is_sound = line.str.count_matches(separator, literal=True) == width - 1
    told = told.with_columns((is_sound & (line.str.len_chars() < longest)).alias("sound"))
    rest = told.filter(~pl.col("sound"))
    if rest.height > told.height // 2 or rest["line"].str.contains('"', literal=True).any():
        return None
    good = told.filter("sound") if rest.height else told
    frame = pl.read_csv(
        io.BytesIO("\n".join(good["line"]).encode() if rest.height else "\n".join(lines).encode()),
        separator=separator,
        has_header=False,
        infer_schema=False,
        schema={str(place): pl.String for place in range(width)},
    )
    if frame.height != good.height:
        return None
    cells = [pl.col(str(place)).fill_null("") for place in range(len(header))]
    frame = frame.with_columns(cells)
    first_cell = pl.coalesce(pl.when(pl.col(name) != "").then(pl.col(name)) for name in frame.columns[: len(header)])
    again = pl.all_horizontal(pl.col(str(place)) == name for place, name in enumerate(header))
    judged = pl.DataFrame({"__row": good["__row"]}).hstack(
        frame.select(
            first_cell.alias("__first"),
            (first_cell.str.contains(ASIDE) | again).fill_null(value=False).alias("doubtful"),
            *(pl.col(str(place)) for place in places),
        )
    )
    rows = judged.filter(pl.col("__first").is_not_null() & ~pl.col("doubtful")).select("__row", *map(str, places))
    others = good.filter(judged["doubtful"]).select("__row", "line") if judged["doubtful"].any() else None
    left = rest.select("__row", "line") if others is None else pl.concat([rest.select("__row", "line"), others])
    told_apart = tuple(left.sort("__row").iter_rows())
    last = bool(told_apart) and told_apart[-1][0] == first + len(lines) - 1
    return Sound(rows, told_apart, len(lines), last and not text.endswith("\n"))
