"""Cells in bulk: each column is normalised once, and rows that cannot be read are set apart with their reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress

import polars as pl
import pyarrow as pa

from analyser.messages.catalogue import Message
from analyser.national.dates import OPEN_ENDS, any_register_date
from analyser.national.identifiers import (
    HENKILOTUNNUS_ROOT,
    PERSONAL_CANDIDATE,
    SOURCE_ROOT,
    holds_identifier,
    identity_key,
    normal_root,
    normal_value,
    redacted,
    shown_source_id,
)
from analyser.national.municipalities import UNKNOWN_MUNICIPALITY, municipality_code
from analyser.register import carried
from analyser.register.table import SHEET_STEP

_OID = r"^[0-2](\.(0|[1-9]\d*))+$"
# Control characters other than line breaks and tabs, and marks that turn the direction of text around: whoever shows
# such a cell shows something else than it says.
_STEERING = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
_UNSEEN = r"[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
_NO_WIDTH = r"[\u200b-\u200d\u2060\ufeff]"
_SPACES = r"[\t\n\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+"
_WORDS = ("service_task", "social_service", "unit", "producer", "key", "name_fi", "name_sv", "contact")
"""Columns of words: the same with one space or another between them, and with letters put together of parts."""
_LAST_YEAR = 2999
"""No day of somebody's life is later; an end may be."""
# What spreadsheets write in the place of a value, in English, Finnish and Swedish, and where a column is too narrow.
_ERROR_CELL = (
    r"(?i)^(?:#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA|PUUTTUU!?|VIITTAUS!|NIMI\?|ARVO!|"
    r"JAKO/0!|TYHJÄ!|LUKU!|SAKNAS!?|REFERENS!|NAMN\?|VÄRDEFEL!|DIVISION/0!|SKÄRNING!|OGILTIGT!)|#{3,}|Err:[0-9]{3})$"
)
_LONGEST = 1_000
"""Characters in a cell; nothing that belongs here is longer."""


class Cells:
    """The columns of one file on their way to the store. Not thread-safe; lives for one load."""

    def __init__(
        self,
        frame: pl.DataFrame,
        known: tuple[str, ...],
        secret: bytes,
        open_ends: frozenset[dt.date] = frozenset(map(dt.date.fromisoformat, OPEN_ENDS)),
    ) -> None:
        self._known = known
        self._carried = carried.carried_columns(frame.columns)
        self._frame = self._plain(frame)
        self._secret = secret
        self.given = self._frame
        """The cells as they were written, of every row: what can still be told of one that is refused."""
        self.repeated = 0
        """Rows that said word for word what a row above them says."""
        self.unshown = 0
        """Cells of carried columns that stand otherwise than they were written: cut, or empty for an error."""
        self._open_ends = open_ends
        self.open_ends = 0
        """Cells whose date means an open end."""
        self._errors: list[tuple[int, str, Message]] = []
        self._identities: list[pl.DataFrame] = []
        self._keep: list[str] = []
        self.hidden: dict[str, int] = {}
        """Cells by column that held the shape of an identifier where none belongs."""
        too_long = Message("errors.cell.too_long", {"limit": _LONGEST})
        for name in known:
            self.refuse(pl.col(name).str.len_chars() > _LONGEST, name, too_long)
            self.refuse(pl.col(name).str.contains(_STEERING), name, Message("errors.cell.control_characters"))
            self.refuse(pl.col(name).str.contains(_ERROR_CELL), name, Message("errors.cell.error_cell"))

    def _plain(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The known columns, empty where the file lacks them, and each cell without what surrounds it."""
        names = (*self._known, *self._carried)
        missing = [pl.lit(None, pl.String).alias(name) for name in names if name not in frame.columns]
        texts = [pl.col(name).str.strip_chars().alias(name) for name in names if name in frame.columns]
        plain = frame.select("__row", *texts, *missing).with_columns(
            pl.when(pl.col(name) == "").then(None).otherwise(pl.col(name)).alias(name) for name in names
        )
        # What is copied out of a program often brings along marks that nobody sees; an identifier is itself without.
        named = [name for name in ("source_id", "person_id", "same_as_id") if name in plain.columns]
        words = [name for name in _WORDS if name in plain.columns]
        return plain.with_columns(pl.col(named).str.replace_all(_UNSEEN, "")).with_columns(
            pl.col(words).str.replace_all(_NO_WIDTH, "").str.normalize("NFC").str.replace_all(_SPACES, " ")
        )

    def remember(self, frame: pl.DataFrame) -> None:
        """Keep what can be read of rows that are refused as they stand."""
        rest = self._plain(frame).select(self.given.columns)
        self.given = pl.concat([self.given, rest.cast(self.given.schema)])

    def refuse_row(self, row: int, column: str, reason: Message) -> None:
        """Note an error for a row that is not in the frame at all."""
        self._errors.append((row, column, reason))

    def refuse(self, wrong: pl.Expr, column: str, reason: Message) -> None:
        """Set apart the rows for which `wrong` holds."""
        flagged = self._frame.select("__row", wrong.fill_null(value=False).alias("__wrong"))
        rows = flagged.filter("__wrong")["__row"].to_list()
        if rows:
            self._errors.extend((row, column, reason) for row in rows)
            self._frame = self._frame.filter(~pl.col("__row").is_in(rows))

    def text(self, column: str, *, required: bool = False) -> None:
        """Any text, without what is shaped like a person's identifier; `required`: not empty."""
        if required:
            self.refuse(pl.col(column).is_null(), column, Message("errors.cell.empty"))
        self._hide(column, redacted)

    def source_id(self) -> None:
        """The register's own name of a row. One that holds an identifier is shown as another, and kept whole among
        the identifiers, for the delivery."""
        self.refuse(pl.col("source_id").is_null(), "source_id", Message("errors.cell.empty"))
        hidden = self._hide("source_id", lambda written: shown_source_id(self._secret, written))
        self._identities.append(
            pl.DataFrame(
                {
                    "identity_key": list(hidden.values()),
                    "root": [SOURCE_ROOT] * len(hidden),
                    "value": list(hidden),
                    "birth_date": [None] * len(hidden),
                },
                schema={"identity_key": pl.String, "root": pl.String, "value": pl.String, "birth_date": pl.Date},
            )
        )

    def _hide(self, column: str, shown: Callable[[str], str]) -> dict[str, str]:
        """Put `shown` in the place of each cell that holds the shape of an identifier; returns what for what."""
        candidate = pl.col(column).str.contains(PERSONAL_CANDIDATE).fill_null(value=False)
        cells = self._frame.filter(candidate)[column]
        told = {text: shown(text) for text in cells.unique(maintain_order=True) if holds_identifier(text)}
        if not told:
            return {}
        self.hidden[column] = self.hidden.get(column, 0) + int(cells.is_in(list(told)).sum())
        self._frame = self._frame.with_columns(pl.col(column).replace(told))
        return told

    def carry(self) -> None:
        """Columns that are carried through become one. No cell of theirs refuses a row."""
        for name in self._carried:
            cell = pl.col(name)
            error, long = cell.str.contains(_ERROR_CELL), cell.str.len_chars() > carried.LONGEST
            self.unshown += int(self._frame.select((error | long).fill_null(value=False).sum()).item() or 0)
            self._frame = self._frame.with_columns(
                pl.when(error).then(None).otherwise(cell.str.replace_all(r"\s+", " ")).alias(name)
            )
            self._hide(name, redacted)
            self._frame = self._frame.with_columns(
                pl.when(long).then(cell.str.head(carried.LONGEST - 1) + "…").otherwise(cell).alias(name)
            )
            self._frame = self._frame.with_columns(cell.str.replace_all(_STEERING, "\ufffd").alias(name))
        self._frame = self._frame.with_columns(carried.together(self._carried))

    def choice(
        self, column: str, values: frozenset[str], *, default: str | None = None, optional: bool = False
    ) -> None:
        """One of a closed set, in any letter case."""
        self._frame = self._frame.with_columns(pl.col(column).str.to_lowercase())
        if default is not None:
            self._frame = self._frame.with_columns(pl.col(column).fill_null(default))
        elif not optional:
            self.refuse(pl.col(column).is_null(), column, Message("errors.cell.empty"))
        self.refuse(
            ~pl.col(column).is_in(list(values)), column, Message("errors.cell.none_of", {"known": sorted(values)})
        )

    def yes_no(self, column: str, yes: frozenset[str], no: frozenset[str]) -> None:
        """Yes or no in three languages, as a truth value."""
        self._frame = self._frame.with_columns(pl.col(column).str.to_lowercase())
        self.refuse(~pl.col(column).is_in(list(yes | no)), column, Message("errors.cell.neither_yes_nor_no"))
        self._frame = self._frame.with_columns(pl.col(column).is_in(list(yes)).alias(column))

    def oid(self, column: str, *, required: bool = False) -> None:
        """An OID, with or without `urn:oid:`."""
        self._frame = self._frame.with_columns(pl.col(column).str.strip_prefix("urn:oid:"))
        self.text(column, required=required)
        self.refuse(~pl.col(column).str.contains(_OID), column, Message("errors.cell.no_oid"))

    def municipality(self, column: str, *, required: bool = False) -> None:
        """Three digits; leading zeros that a spreadsheet dropped are put back. Also a name in Finnish or Swedish, or
        both together; `999` is nobody's municipality."""
        self.text(column)
        written = self._frame[column].drop_nulls().unique().to_list()
        read = {text: code for text in written if (code := municipality_code(text)) is not None}
        found = pl.col(column).replace_strict(read, default=None, return_dtype=pl.String)
        self.refuse(pl.col(column).is_not_null() & found.is_null(), column, Message("errors.cell.no_municipality"))
        unknown = pl.when(found == UNKNOWN_MUNICIPALITY).then(None).otherwise(found)
        self._frame = self._frame.with_columns(unknown.alias(column))
        if required:
            self.refuse(pl.col(column).is_null(), column, Message("errors.cell.empty"))

    def number(self, column: str, *, lowest: int, highest: int) -> None:
        """A whole number within bounds."""
        self.text(column, required=True)
        self.refuse(~pl.col(column).str.contains(r"^\d{1,12}$"), column, Message("errors.cell.no_whole_number"))
        self._frame = self._frame.with_columns(pl.col(column).cast(pl.Int64))
        outside = Message("errors.cell.not_between", {"least": lowest, "most": highest})
        self.refuse(~pl.col(column).is_between(lowest, highest), column, outside)

    def thousands(self, column: str) -> None:
        """Numbers as statistics print them: without the spaces between thousands, and without empty decimals."""
        plain = pl.col(column).str.replace_all(r"[\s\u00a0\u202f]", "").str.replace(r"[.,]0+$", "")
        self._frame = self._frame.with_columns(plain.alias(column))

    def rename(self, column: str, into: str) -> None:
        """The column under the name that the store has for it."""
        self._frame = self._frame.rename({column: into})

    def date(self, column: str, *, required: bool = False, end: bool = False) -> None:
        """A date, whole or partial: becomes `x_text`, `x_lo`, `x_hi`. One that means an open end is empty as an `end`,
        and refused elsewhere."""
        self.text(column, required=required)
        if open_ends := self._open_end_texts(column):
            found = pl.col(column).is_in(open_ends)
            if end:
                self.open_ends += int(self._frame.select(found.sum()).item() or 0)
                self._frame = self._frame.with_columns(
                    pl.when(found).then(None).otherwise(pl.col(column)).alias(column)
                )
            else:
                self.refuse(found, column, Message("errors.cell.open_end"))
        read = self._dates(column)
        self._frame = self._frame.join(read, on=column, how="left", maintain_order="left")
        wrong = pl.col(column).is_not_null() & pl.col(f"{column}_text").is_null()
        self.refuse(wrong, column, Message("errors.cell.no_date"))

    def whole_date(self, column: str, *, into: str | None = None, required: bool = False, end: bool = False) -> None:
        """A whole day; as an `end`, one that means an open end is empty."""
        self.date(column, required=required, end=end)
        self.refuse(pl.col(f"{column}_lo") != pl.col(f"{column}_hi"), column, Message("errors.cell.no_whole_date"))
        self._frame = self._frame.with_columns(pl.col(f"{column}_lo").alias(into or column))

    def identity(self, into: str, value: str, root: str, *, birth_date: str | None = None) -> None:
        """An identifier: becomes its key; the identifier itself goes to the identities alone."""
        self.refuse(pl.col(value).is_null(), value, Message("errors.cell.empty"))
        if birth_date is not None:
            self.date(birth_date)
        self._frame = self._frame.with_columns(pl.col(root).str.strip_prefix("urn:oid:").fill_null(HENKILOTUNNUS_ROOT))
        self.refuse(~pl.col(root).str.contains(_OID), root, Message("errors.cell.no_oid"))
        pairs = self._frame.select(value, root).unique()
        told = ((normal_root(issuer), normal_value(text)) for text, issuer in pairs.iter_rows())
        keys = [(identity_key(self._secret, issuer, plainly), issuer, plainly) for issuer, plainly in told]
        found = pairs.with_columns(
            pl.Series(into, [key for key, _, _ in keys], dtype=pl.String),
            pl.Series("__root", [issuer for _, issuer, _ in keys], dtype=pl.String),
            pl.Series("__value", [text for _, _, text in keys], dtype=pl.String),
        )
        self._frame = self._frame.join(found, on=[value, root], how="left", maintain_order="left")
        born = (
            pl.when(pl.col(f"{birth_date}_lo") == pl.col(f"{birth_date}_hi")).then(pl.col(f"{birth_date}_lo"))
            if birth_date is not None
            else pl.lit(None, pl.Date)
        )
        self._identities.append(
            self._frame.select(
                pl.col(into).alias("identity_key"),
                pl.col("__root").alias("root"),
                pl.col("__value").alias("value"),
                born.cast(pl.Date).alias("birth_date"),
            )
        )
        self._frame = self._frame.drop("__root", "__value")
        if birth_date is not None:
            self._frame = self._frame.with_columns(born.cast(pl.Date).alias(birth_date))

    def drop_repeated(self) -> None:
        """Of rows that say the same word for word one stays. Those of one key that do not are judged with the rest of
        what the command reads."""
        repeated = ~pl.struct(self._keep).is_first_distinct()
        before = self._frame.height
        self._frame = self._frame.filter(~repeated)
        self.repeated = before - self._frame.height

    def source_ids(self) -> dict[str, str]:
        """How the source_ids of refused rows are called, for those that can be read."""
        refused = self.given.filter(pl.col("__row").is_in([row for row, _, _ in self._errors]))
        if "source_id" not in refused.columns:
            return {}
        readable = refused.filter(
            (pl.col("source_id").str.len_chars() <= _LONGEST) & ~pl.col("source_id").str.contains(_STEERING)
        )["source_id"].unique()
        return {written: shown_source_id(self._secret, written) for written in readable.drop_nulls()}

    def keep(self, *columns: str) -> None:
        """The columns that go into the store, in its order; a date is its three columns."""
        self._keep = [
            part
            for column in columns
            for part in (
                (f"{column}_text", f"{column}_lo", f"{column}_hi")
                if f"{column}_text" in self._frame.columns and column in ("start", "end", "decided")
                else (column,)
            )
        ]

    def table(self, labels: tuple[str, ...]) -> pa.Table:
        """The rows that could be read. `labels`: what the rows of each sheet are said to come from."""
        sheet, row = pl.col("__row") // SHEET_STEP, pl.col("__row") % SHEET_STEP
        file = pl.lit(labels[0]) if len(labels) == 1 else sheet.replace_strict(dict(enumerate(labels)))
        return self._frame.select(
            *self._keep, file.cast(pl.String).alias("file"), row.cast(pl.Int32).alias("row")
        ).to_arrow(compat_level=pl.CompatLevel.oldest())

    def identities(self) -> pa.Table:
        """Identifiers of the rows, each once."""
        if not self._identities:
            return pl.DataFrame(
                schema={
                    "identity_key": pl.String,
                    "root": pl.String,
                    "value": pl.String,
                    "birth_date": pl.Date,
                }
            ).to_arrow(compat_level=pl.CompatLevel.oldest())
        together = pl.concat(self._identities).group_by("identity_key", maintain_order=True)
        return together.agg(pl.col("root").first(), pl.col("value").first(), pl.col("birth_date").min()).to_arrow(
            compat_level=pl.CompatLevel.oldest()
        )

    def errors(self) -> list[tuple[int, str, Message]]:
        """Row, column and reason of what could not be read, by row."""
        return sorted(self._errors, key=lambda error: (error[0], error[1], str(error[2])))

    def _open_end_texts(self, column: str) -> list[str]:
        texts = []
        for text in self._frame[column].drop_nulls().unique().sort():
            with suppress(ValueError):
                if any_register_date(text).last in self._open_ends:
                    texts.append(text)
        return texts

    def _dates(self, column: str) -> pl.DataFrame:
        texts, first, last, written = [], [], [], []
        for text in self._frame[column].drop_nulls().unique().sort():
            try:
                read = any_register_date(text)
            except ValueError:
                continue
            if column != "end" and read.first.year > _LAST_YEAR:
                continue
            written.append(text)
            texts.append(read.text)
            first.append(read.first)
            last.append(read.last)
        return pl.DataFrame(
            {
                column: pl.Series(written, dtype=pl.String),
                f"{column}_text": pl.Series(texts, dtype=pl.String),
                f"{column}_lo": pl.Series(first, dtype=pl.Date),
                f"{column}_hi": pl.Series(last, dtype=pl.Date),
            }
        )
