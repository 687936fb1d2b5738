"""A register file to a frame of texts: CSV in its dialects, Parquet and XLSX, with bounds against hostile files."""

from __future__ import annotations

import stat
from pathlib import Path

import polars as pl

from analyser.errors import UsageError
from analyser.identity import redacted
from analyser.limits import Limits
from analyser.register.kinds import Kind
from analyser.register.lines import read_csv
from analyser.register.sheets import read_sheet

WANTED = frozenset(column for kind in Kind for column in kind.columns.known)
"""Columns of any kind: no other is ever held in memory."""


def read_file(path: Path, limits: Limits) -> tuple[pl.DataFrame, list[tuple[int, str]]]:
    """All cells as text under their header names, and (row, reason) of rows that do not fit the header.

    Columns of no kind stand there without their cells. Raises UsageError for a file that cannot be read as a table.
    """
    name = redacted(path.name)
    if not path.exists():
        raise UsageError(f"the register file ‘{name}’ does not exist", "name a .csv, .parquet or .xlsx file")
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise UsageError(f"‘{name}’ is a folder, a pipe or a device", "name a .csv, .parquet or .xlsx file")
        with path.open("rb") as opened:
            head = opened.read(4)
    except OSError:
        raise UsageError(f"the register file ‘{name}’ cannot be read", "check that you may read it") from None
    if found.st_size > limits.register_bytes:
        raise UsageError(
            f"the register file ‘{name}’ is larger than the limit register_bytes ({limits.register_bytes})",
            "split it into several files, or raise the limit in the settings",
        )
    if not head:
        raise UsageError(f"the register file ‘{name}’ is empty", "export it anew, with a header row")
    if head == b"PAR1" or head.startswith(b"PK"):
        return read_sheet(path, name, WANTED, limits), []
    return read_csv(path, name, WANTED, limits)
