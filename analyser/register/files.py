"""A register file to texts: CSV in its dialects, Parquet and workbooks, with bounds against hostile files."""

from __future__ import annotations

import stat
from pathlib import Path

from analyser.messages.errors import UsageError
from analyser.national.identifiers import redacted
from analyser.register.kinds import RegisterKind
from analyser.register.layout import PLAIN, Layout
from analyser.register.lines import read_csv
from analyser.register.sheets import read_sheet
from analyser.register.table import FileRead
from analyser.register.workbook import OLE
from analyser.system.limits import Limits


def read_file(path: Path, limits: Limits, layout: Layout = PLAIN, kind: RegisterKind | None = None) -> FileRead:
    """All rows with the cells of our columns, and what could not be read.

    Raises UsageError for a file that cannot be read as a table.
    """
    name = redacted(path.name)
    if not path.exists():
        raise UsageError("register.no_file", file=name)
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise UsageError("register.no_plain_file", file=name)
        with path.open("rb") as opened:
            head = opened.read(len(OLE))
    except OSError:
        raise UsageError("register.unreadable", file=name) from None
    if found.st_size > limits.register_bytes:
        raise UsageError("register.too_large", file=name, limit=limits.register_bytes)
    if not head:
        raise UsageError("register.empty", file=name)
    if head.startswith((b"PAR1", b"PK")) or head == OLE:
        return read_sheet(path, name, layout, kind, limits)
    return read_csv(path, name, layout, kind, limits)
