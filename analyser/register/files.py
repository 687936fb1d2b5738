"""A register file to a frame of texts: CSV in its dialects, Parquet and XLSX, with bounds against hostile files."""

from __future__ import annotations

import stat
from pathlib import Path

import polars as pl

from analyser.errors import UsageError
from analyser.identity import redacted
from analyser.language import Told
from analyser.limits import Limits
from analyser.register.kinds import Kind
from analyser.register.lines import read_csv
from analyser.register.sheets import read_sheet

WANTED = frozenset(column for kind in Kind for column in kind.columns.known)
"""Columns of any kind: no other is ever held in memory."""


def read_file(path: Path, limits: Limits) -> tuple[pl.DataFrame, list[tuple[int, Told]]]:
    """All cells as text under their header names, and (row, reason) of rows that do not fit the header.

    Columns of no kind stand there without their cells. Raises UsageError for a file that cannot be read as a table.
    """
    name = redacted(path.name)
    if not path.exists():
        raise UsageError("register.no_file", file=name)
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise UsageError("register.no_plain_file", file=name)
        with path.open("rb") as opened:
            head = opened.read(4)
    except OSError:
        raise UsageError("register.unreadable", file=name) from None
    if found.st_size > limits.register_bytes:
        raise UsageError("register.too_large", file=name, limit=limits.register_bytes)
    if not head:
        raise UsageError("register.empty", file=name)
    if head == b"PAR1" or head.startswith(b"PK"):
        return read_sheet(path, name, WANTED, limits), []
    return read_csv(path, name, WANTED, limits)
