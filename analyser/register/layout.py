"""How a file is laid out: which of its columns is which of ours, and what is to be done before its cells are read.

Without a settings table a layout is empty: the header row is found and known names are taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analyser.register.kinds import RegisterKind


@dataclass(frozen=True, slots=True)
class Layout:
    """One `[register.NAME]` table, checked; every part may be absent."""

    name: str = ""
    kind: RegisterKind | None = None
    files: tuple[str, ...] = ()
    """Names and patterns of files, from the current folder."""
    sheets: tuple[str, ...] = ()
    """Sheets to read; empty: all visible ones that have the columns."""
    header_row: int | None = None
    """The header's row, 1-based; None: found."""
    encoding: str | None = None
    separator: str | None = None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Ours to theirs; several of theirs are joined by `|`."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """Cells of columns that the file lacks or leaves empty."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """For a column, their words to ours."""
    task_separator: str = ""
    """Between several service tasks in one cell, each of which is a row of its own; empty: one task a cell."""
    open_ends: tuple[str, ...] = ()
    """Words that say that an end is open."""
    source_prefix: str = ""
    """Before each source_id."""
    whole: bool = False
    """Whether it is always the whole extract of its kind, as with `--whole`."""
    organiser: str = ""
    """For rows that name none: the setting `organiser`."""
    explaining: bool = False
    """Whether a list is only explained: then it is read as far as it can be, whatever it lacks."""
    archived: tuple[str, ...] = ()
    """Organisers that the archive holds, for whoever has to name one."""

    tasks: frozenset[str] = frozenset()
    """What service tasks may be called beside the published names: those of the codes file."""

    @property
    def supplied(self) -> frozenset[str]:
        """Columns that no file needs to have."""
        return frozenset(self.constants) | ({"organiser"} if self.organiser else frozenset())


PLAIN = Layout()
"""Nothing is said about the file."""
