"""What a document or frame tells: facts in their order, and the texts that stand for them.

The border between finding texts and judging them. Which facts there are follows from the markup alone, never from what
a text says, so documents with the same markup tell the same facts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

Take = Callable[[], str | None]
"""Gives the next text."""


@dataclass(slots=True)
class HeaderTexts:
    """Facts, each a function that takes its texts and judges them, and all the texts in the same order."""

    facts: list[Callable[[Take, Any], None]] = field(default_factory=list)
    texts: list[str | None] = field(default_factory=list)
    content: int | None = None
    """Which of the texts is the first structured content."""
    display: etree._Element | None = None
    """The display form of a document, where it was read from a tree."""

    def add(self, fact: Callable[[Take, Any], None], *texts: str | None) -> None:
        """One more fact with its texts."""
        self.facts.append(fact)
        self.texts.extend(texts)
