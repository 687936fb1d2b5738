"""Lists as offices make them: workbooks and text files for the tests of what is read of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

ORGANISER = "1.2.246.10.99999901.10.0"
HEADER = ("source_id", "person_id", "service_task", "start", "end", "organiser")
PERSON, OTHER = "140312A907T", "030362-902E"


def row(name: str, *, person: str = PERSON, start: Any = "1.10.2024", end: Any = "") -> tuple[Any, ...]:
    """One episode."""
    return (name, person, "24", start, end, ORGANISER)


def workbook(
    sheets: Mapping[str, Sequence[Sequence[Any]]],
    *,
    hidden: Sequence[str] = (),
    column: int = 0,
    since_1904: bool = False,
) -> bytes:
    """Sheets of cells; `=…` is a formula whose value nobody stored, `#…` an error. `column`: where they begin."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "d.m.yyyy", "date_1904": since_1904}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                for place, cell in enumerate(cells, column):
                    if isinstance(cell, str) and cell.startswith("#"):
                        sheet.write_formula(number, place, "=NA()", None, cell)
                    elif isinstance(cell, str) and cell.startswith("="):
                        sheet.write_formula(number, place, cell, None, "")
                    elif cell not in ("", None):
                        sheet.write(number, place, cell)
            if name in hidden:
                sheet.hide()
    return _without_stored(buffer.getvalue())


def _without_stored(book: bytes) -> bytes:
    """Empty values of formulas taken out, as writers do that compute nothing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info).replace(b' t="str"><f>', b"><f>").replace(b"<v></v>", b""))
    return out.getvalue()


_ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="Data">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
)


def ods(rows: Sequence[Sequence[str]], *, encrypted: bool = False) -> bytes:
    """An OpenDocument sheet of texts; `=…` is a formula without a value, `PT…` a length of time."""
    told = ""
    for cells in rows:
        told += "<table:table-row>"
        for cell in cells:
            if cell.startswith("="):
                told += f'<table:table-cell table:formula="of:{cell}"/>'
            elif not cell:
                told += "<table:table-cell/>"
            elif cell.startswith("PT"):
                told += f'<table:table-cell office:value-type="time" office:time-value="{cell}"/>'
            else:
                told += f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        told += "</table:table-row>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        new.writestr("content.xml", _ODS.format(rows=told))
        new.writestr("META-INF/manifest.xml", "<m><encryption-data/></m>" if encrypted else "<m/>")
    return out.getvalue()
