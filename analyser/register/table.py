"""What a file gives: its sheets, each with the cells of our columns as text, and what was found on the way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from analyser.messages.catalogue import Message
from analyser.register.headings import Heading

SHEET_STEP = 2**24
"""Rows of the second sheet are numbered from here on, of the third from twice that, so that one number is one row of
a workbook; no sheet has as many."""
TOTALS = (
    r"(?i)^\s*(?:[^\d;|]{1,60}\s)?"
    r"(?:yhteens[äa]|yht\.|(?:väli|vali|loppu|kokonais|kaikkien )?summa|(?:del|slut)summa|(?:sub)?total(?:t|er|s)?"
    r"|sammanlagt|grand total|sum)(?:[\s:.=(].{0,60})?$"
)
"""The first cell of a row that sums up the rows above it, of all or of one unit: `Perhekeskus yhteensä: 12`."""
FOOTERS = (
    r"(?i)^\s*(?:päiväys|paivays|päivämäärä|allekirjoit\w*|nimenselvennys|tulost\w*|ajettu|ajopäivä|ajopvm|ajoaika"
    r"|laatinut|laatija|laadittu|raportti\w*|raportin \w+|lähde|lahde|lähteet|sivu \d+.*|sivu"
    r"|huom(?:io|autus|autukset|autuksia)?|selite|selitykset"
    r"|poimittu|poiminta\w*|tiedot poimittu|datum|underskrift\w*|utskri\w+|upprättad\w*|rapport\w*|källa|källor"
    r"|sida \d+.*|sida|obs|anm|anmärkning\w*|uttag\w*|page \d+.*|printed|prepared by|signature|source|notes?)"
    r"(?:[\s:.!(_/,].{0,200})?$"
)
"""The first cell of a row that says something of the list: who printed it, a line to sign on, a page's number."""
ASIDE = f"{TOTALS}|{FOOTERS.replace('(?i)', '', 1)}"
"""Either."""
_TOTALS = re.compile(TOTALS)
_FOOTERS = re.compile(FOOTERS)


class Why(StrEnum):
    """Why a sheet was left."""

    HIDDEN = "hidden"
    NO_COLUMNS = "no_columns"
    OTHER_KIND = "other_kind"
    NOT_NAMED = "not_named"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class SheetLeft:
    """A sheet that was not read."""

    sheet: str
    why: Why


@dataclass(frozen=True, slots=True)
class SheetRead:
    """One sheet, or a whole CSV or Parquet file."""

    sheet: str
    """Empty where a file has no sheets."""
    heading: Heading
    frame: pl.DataFrame
    """`__row` (1-based, as the sheet counts) and our columns, as text."""
    odd: tuple[tuple[int, str, Message], ...]
    """Row, column and reason of rows that cannot be read as they stand; they are not in the frame."""
    totals: tuple[int, ...] = ()
    """Rows that sum up others, and are none themselves."""
    repeated: tuple[int, ...] = ()
    """Rows that repeat the header."""
    lost: pl.DataFrame | None = None
    """What can be read of rows in `odd`: columns as in `frame`."""
    unshown: int = 0
    """Cells of carried columns that hold an error or a formula without a value: they are empty."""
    footers: tuple[int, ...] = ()
    """Rows that say something of the list, and are none of it."""
    merged: int = 0
    """Cells that stand in the shadow of a cell merged over several rows, and have its value."""


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file, read."""

    form: str
    """CSV, XLSX, ODS, XLS or Parquet."""
    tables: tuple[SheetRead, ...]
    left: tuple[SheetLeft, ...] = ()
    encoding: str = ""
    separator: str = ""


def is_totals(first: str) -> bool:
    """Whether a row that begins with this cell sums up others."""
    return first[:1].isalpha() and _TOTALS.match(first) is not None


def is_footer(first: str) -> bool:
    """Whether a row that begins with this cell says something of the list."""
    return first[:1].isalpha() and _FOOTERS.match(first) is not None


def says_nothing(heading: Heading, cells: Sequence[str], first: str) -> bool:
    """Whether a row has neither a person nor a start, nor, where a list has no such columns, anything but this cell."""
    found = {column.name: column.places[0] for column in heading.columns}
    places = [found[name] for name in ("person_id", "start") if name in found]
    places = places or [place for column in heading.columns for place in column.places]
    return all(place >= len(cells) or cells[place].strip() in ("", first) for place in places)


def names_nobody(heading: Heading, cells: Sequence[str], first: str) -> bool:
    """Whether a row says no person or no start (or is of a kind without persons), so that it can be a row of totals."""
    found = {column.name: column.places[0] for column in heading.columns}
    if "person_id" not in found:
        return True
    places = (found[name] for name in ("person_id", "start") if name in found)
    return any(place >= len(cells) or cells[place].strip() in ("", first) for place in places)


def taken(frame: pl.DataFrame, heading: Heading) -> pl.DataFrame:
    """Our columns of a frame whose columns bear the number of their place; several that make up one are joined."""
    cells = []
    for column in heading.columns:
        parts = [pl.col(str(place)).str.strip_chars().fill_null("") for place in column.places]
        if len(parts) == 1:
            cells.append(pl.col(str(column.places[0])).alias(column.name))
        else:
            cells.append(pl.concat_str(parts, separator="|").str.strip_chars_end("|").alias(column.name))
    return frame.select("__row", *cells)
