"""Workbooks, whole: every visible sheet with the columns, each row under the sheet's own number, no cell passed over.

A library reads the cells. What it does not tell is looked up in the sheet's own XML (`sheet_xml.py`).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from analyser.messages.catalogue import Message
from analyser.messages.errors import UsageError
from analyser.national.identifiers import redacted
from analyser.register.carried import carried_columns
from analyser.register.headings import LOOKED_AT, Heading, find_heading, lacking_columns
from analyser.register.kinds import RegisterKind
from analyser.register.layout import Layout
from analyser.register.merged import filled
from analyser.register.sheet_xml import sheet_parts, unstored
from analyser.register.table import FOOTERS, TOTALS, FileRead, SheetLeft, SheetRead, Why, taken
from analyser.system.limits import Limits

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of an .xls file, and of a workbook under a password."""
_SUFFIXES = {"XLSX": (".xlsx", ".xlsm"), "ODS": (".ods",), "XLS": (".xls",)}
_TIME_ALONE = r"^(?:1899-12-3[01]|1904-01-01)[ T](\d{2}:\d{2}:\d{2}(?:\.\d+)?)$"
"""A number below one under a format of times or dates: a time of no day (Excel shows 12:00, or 1900-01-00), which the
library puts on the day before its first. The last is the first day of workbooks that count from 1904, where a whole
day is no time."""
_DATE = r"^(\d{4}-\d{2}-\d{2})[ T]00:00:00(?:\.0+)?$"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet as it stands: cells by place, and where a cell says nothing that can be used."""

    name: str
    cells: pl.DataFrame
    """Columns `0`, `1`, …, as text; the first row is row 1 of the sheet."""
    bad: tuple[tuple[int, int, Message], ...]
    """Row (1-based), place and reason."""


def read_workbook(path: Path, name: str, layout: Layout, kind: RegisterKind | None, limits: Limits) -> FileRead:
    """All sheets with the columns. Raises UsageError when there are none."""
    form = _form(path, name, limits)
    import fastexcel

    try:
        # By path the library goes by the name's ending, which need not be true.
        named = path.suffix.lower() in _SUFFIXES[form]
        book = fastexcel.read_excel(path if named else path.read_bytes())
    except Exception as error:
        if "assword" in str(error):
            raise UsageError("register.password", file=name) from None
        raise
    missing = [sheet for sheet in layout.sheets if sheet not in book.sheet_names]
    if missing:
        raise UsageError(
            "register.no_sheet",
            file=name,
            sheets=[redacted(sheet) for sheet in missing],
            known=[redacted(sheet) for sheet in book.sheet_names],
        )
    parts = sheet_parts(path) if form == "XLSX" else {}
    tables: list[SheetRead] = []
    left: list[SheetLeft] = []
    near: list[tuple[str, Heading | None]] = []
    for sheet in book.sheet_names:
        shown = redacted(sheet)
        if layout.sheets and sheet not in layout.sheets:
            left.append(SheetLeft(shown, Why.NOT_NAMED))
            continue
        loaded = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
        if loaded.visible != "visible" and sheet not in layout.sheets:
            left.append(SheetLeft(shown, Why.HIDDEN))
            continue
        if loaded.total_height > limits.register_rows + LOOKED_AT:
            raise UsageError("register.too_many_rows", file=name, limit=limits.register_rows)
        # An .ods sheet with error cells is refused as a whole: what the library cannot tell there is a length of time.
        unread = Message("errors.cell.elapsed" if form == "ODS" else "errors.cell.error_cell")
        read = _cells(sheet, loaded, unread)
        del loaded
        if read is None:
            left.append(SheetLeft(shown, Why.EMPTY))
            continue
        heading = find_heading(_first_rows(read.cells), layout, kind, _label(name, shown), limits)
        alone = heading is not None and layout.explaining and len(heading.columns) < 2 and len(book.sheet_names) > 1
        if heading is None or not heading.complete or alone:
            near.append((shown, heading))
            continue
        if tables and tables[0].heading.kind is not heading.kind:
            left.append(SheetLeft(shown, Why.OTHER_KIND))
            continue
        bad = [*read.bad, *unstored(path, form, parts.get(sheet), read.cells, heading, name)]
        cells, merged = filled(path, parts.get(sheet), read.cells, heading)
        tables.append(replace(_table(shown, cells, heading, bad, limits, name), merged=merged))
    if not tables:
        raise lacking_columns([heading for _, heading in near if heading], kind or layout.kind, layout, name)
    torn = list(_torn(near, tables[0].heading))
    told = {table.sheet for table in torn}
    left += [SheetLeft(sheet, Why.NO_COLUMNS) for sheet, _ in near if sheet not in told]
    return FileRead(form, (*tables, *torn), tuple(left))


def _torn(near: Sequence[tuple[str, Heading | None]], like: Heading) -> Iterator[SheetRead]:
    """Sheets that name persons and something else, and yet lack a column that the others have: their rows are lost
    unless somebody is told."""
    needed = [column.name for column in like.columns if like.kind and column.name in like.kind.columns.required]
    for sheet, heading in near:
        names = [column.name for column in heading.columns] if heading else []
        if (
            heading is None
            or heading.explained
            or heading.problem is not None
            or "person_id" not in names
            or len(names) < 2
        ):
            continue
        reason = Message("errors.cell.sheet_lacks", {"columns": [name for name in needed if name not in names]})
        nothing = pl.DataFrame(schema={"__row": pl.Int64(), **dict.fromkeys(names, pl.String())})
        yield SheetRead(sheet, heading, nothing, ((heading.row, "", reason),))


def _label(name: str, sheet: str) -> str:
    return f"{name} ({sheet})"


def _form(path: Path, name: str, limits: Limits) -> str:
    """What kind of workbook it is. Raises UsageError for one that cannot or must not be read."""
    with path.open("rb") as opened:
        if opened.read(len(OLE)) == OLE:
            opened.seek(0)
            data = opened.read()
            if "EncryptedPackage".encode("utf-16-le") in data:
                raise UsageError("register.password", file=name)
            return "XLS"
    with zipfile.ZipFile(path) as parts:
        members = {part.filename: part for part in parts.infolist()}
        if sum(part.file_size for part in members.values()) > limits.register_bytes:
            raise UsageError("register.unpacks_too_large", file=name, limit=limits.register_bytes)
        if "content.xml" in members and "mimetype" in members:
            manifest = members.get("META-INF/manifest.xml")
            if manifest is not None and b"encryption-data" in parts.read(manifest):
                raise UsageError("register.password", file=name)
            return "ODS"
        if not any(member.startswith("xl/") for member in members):
            raise UsageError("register.no_workbook", file=name)
    return "XLSX"


def _cells(sheet: str, loaded: Any, unread: Message) -> _Sheet | None:
    """The sheet's cells as texts; None for a sheet without any. `unread`: why the library gives a cell no value."""
    batch, errors = loaded.to_arrow_with_errors()
    if not batch.num_columns or not batch.num_rows:
        return None
    frame = pl.from_arrow(batch)
    assert isinstance(frame, pl.DataFrame)
    frame.columns = [str(place) for place in range(frame.width)]
    frame = frame.with_columns(
        pl.col(pl.String).str.replace(r"^(1904-01-01)[ T]00:00:00(?:\.0+)?$", "$1").str.replace(_TIME_ALONE, "$1"),
    ).with_columns(
        pl.col(pl.String).str.replace(r"^(-?\d+)\.0$", "$1").str.replace(_DATE, "$1"),
    )
    bad = tuple(
        (row + 1, place, unread) for row, place in (error.position for error in (errors.errors if errors else ()))
    )
    return _Sheet(sheet, frame, bad)


def _first_rows(cells: pl.DataFrame) -> list[tuple[int, list[str]]]:
    return [
        (number, [cell or "" for cell in row])
        for number, row in enumerate(cells.head(LOOKED_AT).iter_rows(), 1)
        if any(row)
    ]


def _table(
    sheet: str,
    cells: pl.DataFrame,
    heading: Heading,
    bad: Sequence[tuple[int, int, Message]],
    limits: Limits,
    name: str,
) -> SheetRead:
    """The rows below the header: those that are read, and those that are not with the reason."""
    rows = cells.with_columns(pl.int_range(1, cells.height + 1, dtype=pl.Int64).alias("__row"))
    rows = rows.filter(pl.col("__row") > heading.row)
    if rows.height > limits.register_rows:
        raise UsageError("register.too_many_rows", file=name, limit=limits.register_rows)
    places = {place: column.name for column in heading.columns for place in column.places}
    unread = {(row, places[place]): reason for row, place, reason in bad if place in places and row > heading.row}
    unshown = carried_columns([column for _, column in unread])
    unread = {place: reason for place, reason in unread.items() if place[1] not in unshown}
    lost = {row for row, _ in unread}
    first = pl.coalesce(
        pl.when(cell != "").then(cell) for cell in (pl.col(place).str.strip_chars() for place in cells.columns)
    )
    rows = rows.with_columns(first.alias("__first"))
    rows = rows.filter(pl.col("__first").is_not_null() | pl.col("__row").is_in(list(lost)))
    totals = pl.col("__first").str.contains(TOTALS) & _names_nobody(heading)
    totals = totals.fill_null(value=False)
    header = cells.row(heading.row - 1)
    again = pl.all_horizontal((pl.col(str(place)) == header[place]).fill_null(value=False) for place in places)
    summed = rows.filter(totals)["__row"].to_list()
    repeated = rows.filter(again & ~totals)["__row"].to_list()
    footing = pl.col("__first").str.contains(FOOTERS) & _says_nothing(heading, cells.columns)
    footers = rows.filter(footing.fill_null(value=False) & ~totals & ~again)["__row"].to_list()
    apart = {*summed, *repeated, *footers}
    odd = sorted((row, column) for row, column in unread if row not in apart)
    return SheetRead(
        sheet,
        heading,
        taken(rows.filter(~pl.col("__row").is_in([*apart, *lost])), heading),
        tuple((row, column, unread[row, column]) for row, column in odd),
        tuple(summed),
        tuple(repeated),
        taken(rows.filter(pl.col("__row").is_in([row for row, _ in odd])), heading),
        len(unshown),
        tuple(footers),
    )


def _says_nothing(heading: Heading, width: Sequence[str]) -> pl.Expr:
    """As `table.says_nothing`, of rows that have their first cell as `__first`."""
    found = {column.name: column.places[0] for column in heading.columns}
    places = [found[name] for name in ("person_id", "start") if name in found]
    places = places or [place for column in heading.columns for place in column.places]
    said = (pl.col(str(place)).str.strip_chars().fill_null("") for place in places if str(place) in width)
    return pl.all_horizontal((cell == "") | (cell == pl.col("__first")) for cell in said)


def _names_nobody(heading: Heading) -> pl.Expr:
    """As `table.names_nobody`, of rows that have their first cell as `__first`."""
    found = pl.lit(value=not any(column.name == "person_id" for column in heading.columns))
    for column in heading.columns:
        if column.name in ("person_id", "start"):
            said = pl.col(str(column.places[0])).str.strip_chars().fill_null("")
            found |= (said == "") | (said == pl.col("__first"))
    return found
