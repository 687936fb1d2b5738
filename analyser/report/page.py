"""A page of text: headings, paragraphs, pairs and tables, never wider than its width, plain unless colour is wanted."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable
from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analyser.national.redaction import plain


def printable(value: str) -> str:
    """A text from outside without characters that would steer a terminal."""
    return plain(value)


class Page:
    """Text under way: plain unless colour is wanted, never wider than its width."""

    def __init__(self, width: int, color: bool) -> None:
        self._buffer = io.StringIO()
        self._width = width
        self._console = Console(
            file=self._buffer,
            width=width,
            force_terminal=color,
            no_color=not color,
            color_system="standard" if color else None,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )
        self._started = False

    def heading(self, words: str) -> None:
        """A heading with a line of space above it."""
        if self._started:
            self._console.print()
        self._started = True
        self._console.print(Text(words, style="bold"))

    def gap(self) -> None:
        """A line of space."""
        self._console.print()

    @property
    def width(self) -> int:
        """Columns of the page."""
        return self._width

    def drawn(self, line: Text) -> None:
        """A line that is already as wide as it shall be."""
        self._console.print(line, soft_wrap=True)

    def line(self, words: str, style: str = "", hang: int = 0, first: str = "") -> None:
        """A paragraph; `first` stands before it, further lines hang by `hang` columns."""
        wrapped = Text(words, style=style).wrap(self._console, max(20, self._width - max(hang, len(first))))
        for number_, part in enumerate(wrapped):
            part.rstrip()
            self._console.print(Text(" " * hang if number_ else first) + part, soft_wrap=True)

    def facts(self, rows: Iterable[tuple[str, str]], indent: int = 2) -> None:
        """Labels and values, the values under each other and wrapped under themselves; no value is cut."""
        told = [(label, value) for label, value in rows if value]
        wide = max((len(label) for label, _ in told), default=0)
        for label, value in told:
            self.line(value, hang=indent + wide + 2, first=f"{' ' * indent}{label:<{wide}}  ")

    def pairs(self, rows: Iterable[tuple[str, str]]) -> None:
        """Two columns, the first as wide as its longest word, the second wrapped under itself."""
        self.facts(rows, indent=0)

    def steps(self, rows: Iterable[tuple[str, str]]) -> None:
        """Commands, whole and on a line of their own, each with what it is for."""
        for command, words in rows:
            self.drawn(Text(f"  {command}", style="bold"))
            self.line(words, hang=6, first="      ")

    def table(self, table: Table) -> None:
        """A table; its words stay whole where the page is wide enough. Where figures would be cut, a row is a line."""
        for column in table.columns:
            words = (word for cell in column.cells for word in str(cell).split())
            column.min_width = min(max(map(len, words), default=0), _LONG_WORD)
        if any(column.no_wrap for column in table.columns) and self._too_wide(table):
            for row in zip(*(list(column.cells) for column in table.columns), strict=True):
                heads = (str(column.header) for column in table.columns)
                told = (f"{head} {cell}" for head, cell in zip(heads, row, strict=True) if str(cell))
                self.line(", ".join(told), hang=2, first="- ")
            return
        self._console.print(table)

    def _too_wide(self, table: Table) -> bool:
        """Whether the columns that are never broken would be, and be cut."""
        return table.__rich_measure__(self._console, self._console.options).minimum > self._width

    def text(self) -> str:
        """The page, without white space at line ends and without two empty lines in a row."""
        kept: list[str] = []
        for line in (line.rstrip() for line in self._buffer.getvalue().splitlines()):
            if line or not kept or kept[-1]:
                kept.append(line)
        return "\n".join(kept).strip("\n") + "\n"


_LONG_WORD = 24
"""Letters of the longest word for which a column is made wider."""


def grid(*columns: str, right: Collection[int] = (), whole: Collection[int] = ()) -> Table:
    """An empty table with these headings; columns in `right` are set right, those in `whole` never broken."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for place, column in enumerate(columns):
        justify: Literal["left", "right"] = "right" if place in right else "left"
        table.add_column(column, justify=justify, overflow="fold", no_wrap=place in whole)
    return table
