"""Search by ID: a row's source_id, a document's OID, a person_key. Enter on a hit opens it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual.widget import Widget
from textual.widgets import DataTable, Input, Static

from analyser.coverage.browse import Choice, Hit
from analyser.dashboard.drawing.marks import DOUBTFUL, FAINT
from analyser.dashboard.export import Sheet
from analyser.dashboard.screens.view import View
from analyser.dashboard.widgets import Table
from analyser.messages.catalogue import has_text, text
from analyser.national.identifiers import redacted
from analyser.report.page import printable

_HITS = 200


class SearchScreen(View):
    """A line to write in, and what it finds."""

    view: ClassVar[str] = "search"

    def __init__(self) -> None:
        super().__init__()
        self._hits: list[Hit] = []

    def tab(self) -> str:
        """Search lies under no tab."""
        return ""

    def body(self) -> Iterable[Widget]:
        """The line, what to write, the hits."""
        yield Static(Text(f" {self.say('search.prompt')}", FAINT), id="about", markup=False)
        yield Input(id="sought")
        yield Static(id="detail", markup=False)
        yield Table(id="hits", cursor_type="row", zebra_stripes=True)

    def on_mount(self) -> None:
        """The line takes the keys first."""
        super().on_mount()
        table = self.query_one("#hits", DataTable)
        for name in ("kind", "id", "class"):
            table.add_column(self.say(f"column.{name}"), key=name)
        self.query_one("#sought").focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Search for what was written; what looks like an identity code is neither searched nor kept on the screen."""
        sought, model = event.value.strip(), self.model
        if redacted(sought) != sought:
            event.input.value = ""
            self._tell("search.identifier")
            return
        if not sought or model is None or not model.ready:
            return
        standing = model.standing
        self.work.fetch(lambda: standing.search(sought, _HITS), self._fetched)

    def _fetched(self, hits: list[Hit]) -> None:
        self._hits = hits
        table = self.query_one("#hits", DataTable)
        table.clear()
        for place, hit in enumerate(hits):
            table.add_row(self.say(f"search.kind.{hit.kind}"), printable(hit.id), self._told(hit.told), key=str(place))
        if hits:
            self.query_one("#detail", Static).update("")
            table.focus()
        else:
            self._tell("search.none")

    def _told(self, told: str | None) -> str:
        for key in (f"report.class.{told}", f"dashboard.standing.{told}"):
            if has_text(self.lang, key):
                return text(self.lang, key)
        return ""

    def _tell(self, key: str) -> None:
        self.query_one("#detail", Static).update(Text(f" {self.say(key)}", DOUBTFUL))

    async def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter or a click opens the hit: a row, everything about a document, a person's rows."""
        if event.row_key.value is None:
            return
        hit = self._hits[int(event.row_key.value)]
        match hit.kind:
            case "row":
                await self.board.show_row(hit.id)
            case "person":
                await self.board.show_rows(Choice(sought=hit.id))
            case _:
                await self.board.show_trace(hit.id)

    def sheet(self) -> Sheet | None:
        """The hits."""
        lines = [Text(f"{hit.kind}  {printable(hit.id)}  {hit.told or ''}") for hit in self._hits]
        return Sheet("search", ("kind", "id", "told"), [(hit.kind, hit.id, hit.told) for hit in self._hits], lines)
