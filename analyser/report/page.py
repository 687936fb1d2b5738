"""A page of text: headings, paragraphs, pairs and tables, never wider than its width, plain unless colour is wanted."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable
from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analyser.national.redaction import plain


def printable(value: str) -> str:
    """A text from outside without characters that would steer a terminal."""
    return plain(value)


def held(words: str) -> str:
    """A text in which figures have no white space, so that none is broken at a line's end; `freed` gives it back."""
    return words.replace(_NO_BREAK, _HELD).replace(" %", _HELD_PERCENT)


def freed(words: str) -> str:
    """A line of what `held` gave, as it is shown."""
    return words.replace(_HELD_PERCENT, " %").replace(_HELD, _NO_BREAK)


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
        wrapped = Text(held(words), style=style).wrap(self._console, max(20, self._width - max(hang, len(first))))
        for number_, part in enumerate(wrapped):
            part.rstrip()
            part.plain = freed(part.plain)
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
        if not self.fits(table) and isinstance(table, Grid):
            table.close_up()
        if self.fits(table) or self.fits(table, code=_PART):
            self._console.print(table)
        else:
            self.rows(table)

    def rows(self, table: Table) -> None:
        """A table as a line for each row, each cell behind the head of its column."""
        for row in zip(*(list(column.cells) for column in table.columns), strict=True):
            heads = (str(column.header) for column in table.columns)
            told = (f"{head} {str(cell).strip()}".strip() for head, cell in zip(heads, row, strict=True) if str(cell))
            self.line(", ".join(told), hang=2, first="- ")

    def fits(self, table: Table, code: int | None = None) -> bool:
        """Whether a table stands on the page without a cut in a column that is never broken; if so, its columns are as
        wide as they need to be, and the widest give way first. Heads may break between words; with `code`, codes with
        full stops in them (OIDs) into parts of that many characters."""
        if not isinstance(table, Grid):
            return True
        least, most = [], []
        for place, column in enumerate(table.columns):
            head, cells = str(column.header), [str(cell) for cell in column.cells]
            words = [word for cell in (head, *(() if place in table.whole else cells)) for word in cell.split()]
            longest = max(
                (min(cell_len(word), code or _LONG_WORD) if "." in word[:-1] else cell_len(word) for word in words),
                default=0,
            )
            if place in table.whole:
                least.append(max(longest, *map(cell_len, cells), 1))  # its head has no code
            else:
                least.append(min(longest, _LONG_WORD))
            most.append(max(1, *(cell_len(cell) for cell in (head, *cells))))
        # The edges, what stands between two columns, and the space behind each but the last.
        room = self._width - 2 - (len(most) - 1) * (1 + table.pad)
        if sum(least) > room:
            return False
        while sum(most) > room:
            place = max(range(len(most)), key=lambda one: (most[one] > least[one], most[one]))
            most[place] -= 1
        for column, wide in zip(table.columns, most, strict=True):
            column.width = wide
        return True

    def text(self) -> str:
        """The page, without white space at line ends and without two empty lines in a row."""
        kept: list[str] = []
        for line in (line.rstrip() for line in self._buffer.getvalue().splitlines()):
            if line or not kept or kept[-1]:
                kept.append(line)
        return "\n".join(kept).strip("\n") + "\n"


_NO_BREAK, _HELD, _HELD_PERCENT = "\u00a0", "\ue000", "\ue001%"
"""The space inside a figure, and signs of private use for it and for the space before % while lines are broken."""
_PART = 14
"""Characters into which a long code is broken where a table would not stand otherwise."""
_LONG_WORD = 24
"""Letters of the longest word for which a column is made wider."""


class Grid(Table):
    """A table that knows which of its columns are never broken, and how much space stands behind each."""

    def __init__(self, whole: Collection[int], pad: int) -> None:
        super().__init__(box=SIMPLE_HEAD, pad_edge=False, padding=(0, pad, 0, 0))
        self.whole, self.pad = frozenset(whole), pad

    def close_up(self) -> None:
        """One space between columns."""
        self.pad, self.padding = 0, (0, 0, 0, 0)


def grid(*columns: str, right: Collection[int] = (), whole: Collection[int] = (), tight: bool = False) -> Grid:
    """An empty table with these headings; columns in `right` are set right, those in `whole` never broken. `tight`: one
    space between columns."""
    table = Grid(whole, 0 if tight else 1)
    for place, column in enumerate(columns):
        justify: Literal["left", "right"] = "right" if place in right else "left"
        table.add_column(column, justify=justify, overflow="fold")
    return table
