"""What the settings say is done to the cells before they are read: words of theirs for ours, constants, rows of several
service tasks taken apart, a prefix for the rows' names."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

import polars as pl

from analyser.register.carried import KINDS as CARRYING
from analyser.register.carried import PREFIX
from analyser.register.kinds import RegisterKind
from analyser.register.layout import Layout
from analyser.register.tasks import is_task, known_tasks

OPEN_WORDS = frozenset(
    (
        *("jatkuu", "jatkuva", "avoin", "toistaiseksi", "voimassa", "voimassa toistaiseksi", "toistaiseksi voimassa"),
        *("tills vidare", "gäller tills vidare", "pågår", "pågående", "fortgår", "öppen", "i kraft"),
        *("open", "ongoing", "until further notice"),
    )
)
"""What lists say in the place of an end that has not come."""
_STAND_INS = {"start": "2025-01-01", "organiser": "1.2.246.10", "kind": "service"}
"""What would be read in the place of a column that lacks, by column."""


def word(text: str) -> str:
    """A word as it is compared: no case, single spaces, composed letters; parts that are joined by `|` each so."""
    parts = unicodedata.normalize("NFKC", text).casefold().split("|")
    return "|".join(" ".join(part.split()) for part in parts).rstrip("|")


def shaped(frame: pl.DataFrame, kind: RegisterKind, layout: Layout) -> pl.DataFrame:
    """The rows as our columns want them."""
    frame = _supplied(frame, kind, layout)
    if layout.explaining:
        frame = _stood_in(frame, kind)
    if layout.task_separator and "service_task" in frame.columns:
        frame = _apart(frame, layout)
    else:
        for column, meanings in layout.values.items():
            frame = _meant(frame, column, meanings)
    for column, theirs in layout.columns.items():
        if len(theirs) > 1 and column in frame.columns:
            if column not in layout.values:
                frame = frame.with_columns(pl.col(column).str.strip_chars("|"))
            if column == "service_task":
                frame = _known(frame, layout.tasks | known_tasks())
    if "end" in frame.columns:
        open_words = OPEN_WORDS | {word(text) for text in layout.open_ends}
        written = frame["end"].drop_nulls().unique().to_list()
        is_open = [text for text in written if word(text) in open_words]
        frame = frame.with_columns(
            pl.when(pl.col("end").is_in(is_open)).then(None).otherwise(pl.col("end")).alias("end")
        )
    if layout.source_prefix and "source_id" in frame.columns:
        name = pl.col("source_id").str.strip_chars()
        frame = frame.with_columns(
            pl.when(name != "").then(pl.lit(layout.source_prefix) + name).otherwise(None).alias("source_id")
        )
    return frame


def _stood_in(frame: pl.DataFrame, kind: RegisterKind) -> pl.DataFrame:
    """Something that can be read in the place of columns that a list lacks as a whole, so that the others are looked
    at. Nothing of it is ever loaded."""
    for column in kind.columns.required:
        if column not in frame.columns:
            of_the_row = column in ("source_id", "person_id")
            cell = pl.col("__row") if of_the_row else pl.lit(_STAND_INS.get(column))
            frame = frame.with_columns(cell.cast(pl.String).alias(column))
    return frame


def _supplied(frame: pl.DataFrame, kind: RegisterKind, layout: Layout) -> pl.DataFrame:
    """Constants for the columns that the file lacks, and for cells that say nothing."""
    supplied = dict(layout.constants)
    if layout.organiser and "organiser" in kind.columns.known:
        supplied.setdefault("organiser", layout.organiser)
    for column, value in supplied.items():
        if column not in kind.columns.known and not (column.startswith(PREFIX) and kind in CARRYING):
            continue
        if column not in frame.columns:
            frame = frame.with_columns(pl.lit(value, pl.String).alias(column))
            continue
        said = pl.col(column).str.strip_chars()
        frame = frame.with_columns(
            pl.when(said.is_null() | (said == "")).then(pl.lit(value)).otherwise(pl.col(column)).alias(column)
        )
    return frame


def _meant(frame: pl.DataFrame, column: str, meanings: Mapping[str, str]) -> pl.DataFrame:
    """Their words for ours. Of words that are joined the longest beginning that has a meaning counts; what has none
    stays as it is, and is told where it cannot be read."""
    if column not in frame.columns:
        return frame
    written = frame[column].drop_nulls().unique().to_list()
    found = {text: meaning for text in written if (meaning := meaning_of(text, meanings)) is not None}
    return frame.with_columns(pl.col(column).replace(found))


def _known(frame: pl.DataFrame, tasks: frozenset[str]) -> pl.DataFrame:
    """Of joined cells that the table gives no meaning the one that is a service task's code, key or name, the first of
    several: what stands beside it is a description."""
    found = {}
    for text in frame["service_task"].drop_nulls().unique().to_list():
        named = [part.strip() for part in text.split("|") if is_task(part, tasks)]
        if "|" in text and named and not is_task(text, tasks):
            found[text] = named[0]
    return frame.with_columns(pl.col("service_task").replace(found))


def meaning_of(text: str, meanings: Mapping[str, str]) -> str | None:
    """What a cell means by the table, None when the table does not say."""
    parts = word(text).split("|")
    while parts:
        if (meaning := meanings.get("|".join(parts).rstrip("|"))) is not None:
            return meaning
        parts.pop()
    return None


def _apart(frame: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """A row for each service task of a cell. Its name is the row's, then `/` and the task as we call it: the order of
    the tasks in the cell, or another task beside them, changes no other row's name."""
    frame = frame.with_columns(pl.col("service_task").fill_null("").str.split(layout.task_separator))
    frame = frame.explode("service_task").with_columns(pl.col("service_task").str.strip_chars())
    several = pl.len().over("__row") > 1
    frame = frame.filter((pl.col("service_task") != "") | ~several)
    for column, meanings in layout.values.items():
        frame = _meant(frame, column, meanings)
    if "source_id" in frame.columns:
        name, task = pl.col("source_id").str.strip_chars(), pl.col("service_task")
        frame = frame.with_columns(
            pl.when((name != "") & (task != "")).then(name + "/" + task).otherwise(name).alias("source_id")
        )
    return frame.unique(["__row", "service_task"], keep="first", maintain_order=True)
