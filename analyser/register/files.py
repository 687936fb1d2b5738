"""A register file to a frame of texts: CSV in its dialects, Parquet and XLSX, with bounds against hostile files."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import polars as pl

from analyser.errors import UsageError
from analyser.identity import redacted

_MAX_BYTES = 4 * 2**30
_MAX_XLSX_EXPANDED = 2 * 2**30
_SEPARATORS = ",;\t"


def read_file(path: Path) -> tuple[pl.DataFrame, list[tuple[int, str]]]:
    """All cells as text under their header names, and (row, reason) of rows that do not fit the header.

    Raises UsageError for a file that cannot be read as a table at all.
    """
    name = redacted(path.name)
    if not path.is_file():
        raise UsageError(f"the register file ‘{name}’ does not exist", "name a .csv, .parquet or .xlsx file")
    try:
        size = path.stat().st_size
        with path.open("rb") as opened:
            head = opened.read(4)
    except OSError:
        raise UsageError(f"the register file ‘{name}’ cannot be read", "check that you may read it") from None
    if size > _MAX_BYTES:
        raise UsageError(f"the register file ‘{name}’ is larger than 4 GiB", "split it into several files")
    if not head:
        raise UsageError(f"the register file ‘{name}’ is empty", "export it anew, with a header row")
    if head == b"PAR1":
        return _parquet(path, name), []
    if head.startswith(b"PK"):
        return _xlsx(path, name), []
    return _csv(path, name)


def _names(found: list[str], name: str) -> list[str]:
    names = [column.strip().strip("\ufeff").lower() for column in found]
    twice = sorted({column for column in names if column and names.count(column) > 1})
    if twice:
        raise UsageError(
            f"‘{name}’ has a column twice: {', '.join(map(redacted, twice))}", "rename or remove one of them"
        )
    return names


def _csv(path: Path, name: str) -> tuple[pl.DataFrame, list[tuple[int, str]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(
            f"‘{name}’ is not UTF-8 text", "save it as CSV UTF-8, or give it as .xlsx or .parquet"
        ) from None
    if "\0" in text:
        raise UsageError(f"‘{name}’ holds NUL characters", "export it anew as CSV UTF-8")
    header = text[: text.find("\n")] if "\n" in text else text
    separator = max(_SEPARATORS, key=header.count)
    # A quoted cell may hold line breaks and separators, so rows are cut by the csv module, which counts them as well.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        names = _names(next(reader), name)
        columns: list[list[str]] = [[] for _ in names]
        rows: list[int] = []
        odd: list[tuple[int, str]] = []
        for number, cells in enumerate(reader, 2):
            if not any(cells):
                continue
            if len(cells) != len(names):
                odd.append((number, f"{len(cells)} cells where the header has {len(names)}"))
                continue
            rows.append(number)
            for column, cell in zip(columns, cells, strict=True):
                column.append(cell)
    except csv.Error:
        raise UsageError(
            f"‘{name}’ is not a CSV file that can be read", "check its quotes, or export it anew"
        ) from None
    frame = pl.DataFrame(
        {column: pl.Series(values, dtype=pl.String) for column, values in zip(names, columns, strict=True) if column}
    )
    return frame.with_columns(pl.Series("__row", rows, dtype=pl.Int32)), odd


def _parquet(path: Path, name: str) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError):
        raise UsageError(f"‘{name}’ is not a Parquet file that can be read", "export it anew") from None
    return _texts(frame, name)


def _xlsx(path: Path, name: str) -> pl.DataFrame:
    unreadable = UsageError(f"‘{name}’ is not an XLSX file that can be read", "save the sheet as .xlsx or CSV UTF-8")
    try:
        with zipfile.ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > _MAX_XLSX_EXPANDED:
                raise UsageError(f"‘{name}’ expands to more than 2 GiB", "split it, or give it as CSV or Parquet")
    except zipfile.BadZipFile:
        raise unreadable from None
    import fastexcel

    try:
        frame = pl.read_excel(path, engine="calamine", infer_schema_length=None)
    except (pl.exceptions.PolarsError, fastexcel.FastExcelError, OSError, ValueError):
        raise unreadable from None
    return _texts(frame, name)


def _texts(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Typed cells as a person would write them: whole numbers without `.0`, days as ISO dates."""
    frame = frame.rename(dict(zip(frame.columns, _names(frame.columns, name), strict=True)))
    texts = []
    for column, dtype in frame.schema.items():
        cell = pl.col(column)
        if dtype == pl.Datetime:
            cell = cell.dt.date().cast(pl.String)
        elif dtype.is_float():
            cell = (
                pl.when(cell == cell.round(0))
                .then(cell.cast(pl.Int64, strict=False).cast(pl.String))
                .otherwise(cell.cast(pl.String))
            )
        elif dtype == pl.String:
            # Spreadsheets give mixed columns as text, whole numbers among them with a decimal.
            cell = cell.str.replace(r"^(\d+)\.0$", "$1").str.replace(r"^(\d{4}-\d{2}-\d{2})[ T]00:00:00.*$", "$1")
        elif dtype.is_nested() or dtype == pl.Binary:
            raise UsageError(f"the column ‘{redacted(column)}’ of ‘{name}’ is no plain column", "export it as text")
        else:
            cell = cell.cast(pl.String)
        texts.append(cell.alias(column))
    return frame.select(texts).with_columns(pl.int_range(2, frame.height + 2, dtype=pl.Int32).alias("__row"))
