"""What a screen may ask of the dashboard that shows it: the work behind it, and where to go from here."""

from __future__ import annotations

from typing import Any, Protocol

from textual.screen import Screen

from analyser.coverage.browse import Choice
from analyser.dashboard.work import Work


class Board(Protocol):
    """The dashboard as its screens know it."""

    work: Work

    async def show_rows(self, choice: Choice) -> None:
        """The rows of a cell or of a person."""

    async def show_row(self, source_id: str) -> None:
        """One row."""

    async def show_trace(self, id_: str) -> None:
        """Everything about a document."""

    async def show_any(self, source_id: str, otherwise: str) -> None:
        """The row of that name if the period has one, else everything about the other ID."""

    def push_screen(self, screen: Screen[None]) -> Any:
        """A step further."""
