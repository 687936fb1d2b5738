"""Proves that identifiers are gone: looks for every one that was known, in every cell and in the bytes of the file.

Written apart from what redacts: it folds whatever an eye reads over (dashes of all kinds, spaces, invisible characters,
full width, `%2D`, an underscore, no separator at all) and asks whether a known identifier is left. It cannot take
another's number for a known one, but for chance: what is a hash, or an OID, is not read as digits without a separator.
Before anything is dropped it must find what stands in the table of identifiers; a proof that is blind is an error.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from analyser.store.arrow import arrow_reader

_INVISIBLE = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]+"
)
_DASHES = re.compile("%(?:25)?2[Dd]|[\u02d7\u2010-\u2015\u2043\u207b\u208b\u2212\u2796\ufe58\ufe63\uff0d_\u2e3a\u2e3b]")
_PLUSES = re.compile("%(?:25)?2[Bb]")
_FOUND = re.compile(r"(?=([0-9]{6})([-+A-FU-Y]?)([0-9][0-9A-Z]{3}))")
_KNOWN = re.compile(r"([0-9]{6})([-+A-FU-Y])([0-9][0-9A-Z]{3})")
_HASH = r"[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{64}"
_OID = r"[0-9]+(?:\.[0-9]+)+"
_CELL = (
    r"(?s)(?:[0-9０-９].{0,8}?){8}[0-9０-９A-Za-z]"
    r"|[0-9]{1,2}[-./ ]{1,2}[0-9]{1,2}[-./ ]{1,2}[0-9]{2}.{0,20}?[0-9]{3}.?[A-Za-z]"
)
"""What any spelling holds: nine digits, near each other, or a date and a number. By far the most cells hold none."""
_ESCAPED = re.compile(
    r"%(?:25)*([0-9A-F]{2})|\\+u([0-9A-F]{4})|\\+x([0-9A-F]{2})|_x([0-9A-F]{4})_|=(2[A-F]|5F)", re.IGNORECASE
)
_NO_NUMBER = re.compile(_ESCAPED.pattern.replace("([0-9A-F]{2})", "([0-9][A-F]|[89A-F][0-9])", 1), re.IGNORECASE)
_WRITTEN_OTHERWISE = frozenset("%&\\_=<")
_TAG = re.compile(r"<[^<>]{0,20}>")
_DAY = (
    r"([0-9]{1,2})[-./]([0-9]{1,2})[-./]((?:18|19|20)?[0-9]{2})|([0-9]{4})[-.]?([0-9]{2})[-.]?([0-9]{2})"
    r"|([0-9]{4})(?:18|19|20)?([0-9]{2})"
)
_LOOSELY = re.compile(
    rf"(?<![0-9])(?=(?:{_DAY})[^0-9A-Z]{{0,16}}[A-FU-Y]?[^0-9A-Z]{{0,16}}([0-9]{{3}})[^0-9A-Z]?([A-Z]))"
)
"""A day, however written, and a number with a letter behind: of digits alone dates and amounts are made as well."""
_BYTES = re.compile(
    rb"(?=([0-3]?[0-9](?:[-./ ] ?[01]?[0-9][-./ ] ?|[01][0-9])(?:(?:18|19|20)?[0-9]{2})"
    rb"|(?:19|20)[0-9]{2}-?[01][0-9]-?[0-3][0-9])"
    rb"((?:&(?:amp;)*#?[0-9A-Za-z]{2,8};|%(?:25)?2[DdBb]|\\+[ux][0-9A-Fa-f]{2,4}|=2[DB]"
    rb"|<[a-z]{1,8}>|_x00[0-9A-Fa-f]{2}_|%E[0-9A-F%]{7}|\xe2\x80[\x8b-\x95\xa8-\xae]|\xe2\x81[\xa0-\xaf\x83]"
    rb"|\xe2\x88\x92|\xe2[\xb8-\xb9][\x80-\xbf]|\xe3\x80\x9c|\xf0\x90\xba\xad"
    rb"|\xef\xbc[\x8b\x8d]|\xef\xb9[\xa3\x98]|\xc2[\xa0\xad]|\xef\xbb\xbf|\s"
    rb"|[-+A-FU-Ya-fu-y_ ./,:;|~*=(#\\]){0,8})([0-9]{3}[- .]?[0-9A-Za-z]))"
)
_BLOCK = 2**24
"""Bytes looked at at once."""
_OVERLAP = 256
_LETTERED = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z]).{8,}")
_LONG = 11
"""Characters of an identifier without letters that is not a date or a code by chance."""


@dataclass(frozen=True, slots=True)
class Known:
    """Every identifier that a database held, folded."""

    whole: frozenset[str] = frozenset()
    """Of the form of a henkilötunnus."""
    bare: frozenset[str] = frozenset()
    """The same without their sign."""
    others: frozenset[str] = frozenset()
    """Of any other form, but for those that look like a date, a code or an OID and might be one."""
    secrets: frozenset[bytes] = field(default=frozenset(), repr=False)
    """Keys that led to them, as they stand in the file."""

    @classmethod
    def of(cls, values: Collection[str], secrets: Collection[bytes] = ()) -> Known:
        """From the identifiers as they are kept."""
        whole, bare, others = set(), set(), set()
        for value in values:
            found = False
            for match in _KNOWN.finditer(folded(value)):
                found = True
                whole.add(match[0])
                bare.add(match[1] + match[3])
            if not found and _tells(value):
                others.add(value)
        return cls(frozenset(whole), frozenset(bare), frozenset(others), frozenset(secrets))

    def in_text(self, text: str) -> set[str]:
        """The known identifiers that stand in a text, in any spelling."""
        told = folded(text)
        found = {text} & self.others or {other for other in self.others if _stands_in(other, text)}
        numbers = re.fullmatch(_OID, text) is None
        for match in _FOUND.finditer(told):
            day, sign, number = match.groups()
            if sign and day + sign + number in self.whole:
                found.add(day + sign + number)
            elif not sign and numbers and day + number in self.bare:
                found.add(day + number)
        if not numbers:
            return found
        return found.union(self._loosely_in(told), *(self._loosely_in(folded(one)) for one in _unescaped(text)))

    def _loosely_in(self, told: str) -> set[str]:
        """The known identifiers whose day is written as a date, or whose groups stand apart by whatever sign."""
        found = set()
        for match in _LOOSELY.finditer(told):
            day, month, year, long_year, its_month, its_day, start, end, number, check = match.groups()
            if day:
                days = [f"{int(day):02}{int(month):02}{year[-2:]}"]
            elif long_year:
                days = [its_day + its_month + long_year[2:], long_year + its_day]
            else:
                days = [start + end]
            for one in days:
                if one + number + check in self.bare:
                    found |= {whole for whole in self.whole if whole[:6] + whole[7:] == one + number + check}
        return found

    def in_file(self, path: Path) -> set[str]:
        """The known identifiers and keys that stand in the bytes of a file. A key is told as `key`."""
        import polars as pl

        found: set[str] = set()
        literals = [one.decode("latin-1") for one in (*map(str.encode, self.others), *self.secrets)]
        keys = {one.decode("latin-1") for one in self.secrets}
        for block in _blocks(path):
            for match in _BYTES.finditer(block):
                found |= self.in_text(b"".join(match.groups()).decode("utf-8", "replace")) - self.bare
            if literals:
                hits = pl.Series([block.decode("latin-1")]).str.extract_many(literals).explode().drop_nulls()
                found |= {"key" if hit in keys else hit for hit in hits.unique().to_list()}
        return found


def _stands_in(value: str, text: str) -> bool:
    """Whether the value stands in the text. Bare digits do where they are a number of their own, and no part of one."""
    if not value.replace(".", "").isdigit():
        return value in text
    at = text.find(value)
    while at >= 0:
        if not text[at - 1 : at].isalnum() and not text[at + len(value) : at + len(value) + 1].isalnum():
            return True
        at = text.find(value, at + 1)
    return False


def _tells(value: str) -> bool:
    return re.fullmatch(_OID, value) is None and (len(value) >= _LONG or _LETTERED.fullmatch(value) is not None)


def _unescaped(text: str) -> set[str]:
    """A text with characters that XML, JSON, an address, a workbook or mail write otherwise as they are: all of them,
    and only those that cannot be a sign before a number. Nothing where none stands."""
    told: set[str] = set()
    if _WRITTEN_OTHERWISE.isdisjoint(text):
        return told
    for escaped in (_ESCAPED, _NO_NUMBER):
        plain = escaped.sub(lambda match: chr(int(next(filter(None, match.groups())), 16)), text)
        for _ in range(3):
            plain = html.unescape(plain)
        told.add(_TAG.sub("", plain))
    return told


def folded(text: str) -> str:
    """A text as an eye that looks for an identifier reads it."""
    return _PLUSES.sub("+", _DASHES.sub("-", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))).upper()


def holding(
    connection: duckdb.DuckDBPyConnection, catalog: str, table: str, known: Known, *, gone: bool = False
) -> dict[str, set[str]]:
    """Cells of a table's text columns that hold known identifiers: the cell, and which. With `gone` rows that the table
    of that name lists are not looked at."""
    found: dict[str, set[str]] = {}
    columns = connection.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = $catalog AND table_name = $table "
        "AND data_type IN ('VARCHAR', 'VARCHAR[]') ORDER BY column_index",
        {"catalog": catalog, "table": table},
    ).fetchall()
    import polars as pl

    others = sorted(known.others)
    but = f"AND rowid NOT IN (SELECT row_no FROM temp.gone WHERE relation = '{table}')" if gone else ""  # noqa: S608
    for column, kind in columns:
        cells = f'unnest("{column}")' if kind == "VARCHAR[]" else f'"{column}"'
        reader = arrow_reader(
            connection,
            f'SELECT {cells} AS cell FROM "{catalog}"."{table}" WHERE "{column}" IS NOT NULL {but}',  # noqa: S608  names of our own tables
            200_000,
        )
        for batch in reader:
            texts = pl.from_arrow(batch)["cell"].drop_nulls().unique()
            shaped = texts.str.contains(_CELL) & ~texts.str.contains(rf"^(?:{_HASH})$")
            named = texts.str.contains_any(others) if others else texts.is_in(others)
            for cell in texts.filter(shaped | named).to_list():
                if identifiers := known.in_text(cell):
                    found[cell] = identifiers
    return found


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as opened:
        before = b""
        while block := opened.read(_BLOCK):
            yield before + block
            before = block[-_OVERLAP:]
