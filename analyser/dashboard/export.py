"""Writes what is on the screen to a file: rows as CSV, or the page as text. Never over a file that is there."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from analyser.dashboard.drawing.frame import plain
from analyser.messages.catalogue import text
from analyser.report.csv import cell, for_excel

_UNFIT = re.compile(r"[^A-Za-z0-9.-]+")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is on the screen, for a file: a table, and the page as text."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[object]]
    lines: Sequence[Text]


def file_name(period: str, sheet: str) -> str:
    """A name for the file, of letters that every system takes."""
    return f"kanta-gap-{_UNFIT.sub('-', period)}-{_UNFIT.sub('-', sheet)[:60]}.csv"


def write_sheet(sheet: Sheet, name: str, lang: str, *, excel: bool = False) -> tuple[str, bool]:
    """Write it; tells what came of it, and whether that is good. The file is for its owner alone."""
    path = Path(name).expanduser()
    kind = path.suffix.lower()
    if kind not in (".csv", ".txt"):
        return text(lang, "dashboard.export.kind"), False
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return text(lang, "dashboard.export.exists", file=path.name), False
    except OSError as error:
        return text(lang, "dashboard.export.failed", why=error.strerror or "?"), False
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        if kind == ".txt":
            file.write(plain(sheet.lines, 10_000, color=False))
        else:
            told = io.StringIO()
            rows = csv.writer(told, lineterminator="\n")
            rows.writerow(sheet.columns)
            rows.writerows([cell(value) for value in row] for row in sheet.rows)
            file.writelines(for_excel(told.getvalue()) if excel else [told.getvalue()])
    return text(lang, "dashboard.export.done", file=path.name), True
