"""Everything known about a document, a person_key or a row of another period: facts with file, member and place."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.widgets import Static

from analyser.coverage.browse import RuleFinding
from analyser.coverage.trace import Trace
from analyser.dashboard.drawing.marks import BAD
from analyser.dashboard.drawing.overview import wrapped
from analyser.dashboard.drawing.pages import document_lines
from analyser.dashboard.export import Sheet
from analyser.dashboard.screens.row import findings_lines
from analyser.dashboard.screens.view import OnePage

_FINDINGS = 50


class DocumentScreen(OnePage):
    """One document's facts."""

    view: ClassVar[str] = "document"

    def __init__(self, id_: str) -> None:
        super().__init__()
        self._asked_id = id_
        self._trace: Trace | None = None
        self._findings: list[RuleFinding] = []
        self._fetched_once = False

    def tab(self) -> str:
        """A document lies under the rows."""
        return "rows"

    def draw_body(self) -> None:
        """Fetch the facts once for each state of the figures, then draw them."""
        begun = self.fetch_once(
            lambda standing: (standing.trace(self._asked_id), standing.findings_about(self._asked_id, _FINDINGS)),
            self._fetched,
        )
        if self._fetched_once and not begun:
            self.query_one("#content", Static).update(Text("\n").join(self._lines()))

    def _fetched(self, found: tuple[Trace | None, list[RuleFinding]]) -> None:
        self._trace, self._findings = found
        self._fetched_once = True
        self.query_one("#content", Static).update(Text("\n").join(self._lines()))

    def _lines(self) -> list[Text]:
        width = max(40, self.app.size.width - 2)
        if self._trace is None:
            return wrapped(self.say("search.none"), width, BAD)
        findings = findings_lines(self, self._findings, width)
        return [*findings, *document_lines(self._trace, self.lang, width)]

    def copied(self) -> str | None:
        """The document's OID."""
        return self._asked_id

    def sheet(self) -> Sheet | None:
        """Every fact, one to a row."""
        if self._trace is None:
            return None
        facts = [
            (section, name, "|".join(map(str, value)) if isinstance(value, list) else value)
            for section, table in self._trace.sections
            for fact in table.to_pylist()
            for name, value in fact.items()
            if value not in (None, "", [])
        ]
        return Sheet(f"document-{self._trace.id}", ("section", "fact", "value"), facts, self._lines())
