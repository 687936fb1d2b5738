"""One register row: why it is in its class, what to do, its days drawn, the person's documents. Enter opens one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import DataTable, Static

from analyser.coverage.browse import RowDetail, RuleFinding
from analyser.dashboard.drawing.marks import BAD, FAINT
from analyser.dashboard.drawing.overview import wrapped
from analyser.dashboard.drawing.pages import row_lines, stored
from analyser.dashboard.export import Sheet
from analyser.dashboard.screens.view import View
from analyser.dashboard.widgets import Table
from analyser.messages.catalogue import has_text, text
from analyser.report.page import printable

_FINDINGS = 50
_WIDE, _OID = 100, 8
"""Columns from which OIDs are shown whole, and how long they are below that: as beside the bars."""


class RowScreen(View):
    """One row."""

    view: ClassVar[str] = "row"

    def __init__(self, source_id: str) -> None:
        super().__init__()
        self._source_id = source_id
        self._detail: RowDetail | None = None
        self._findings: list[RuleFinding] = []
        self._fetched_once = False

    def tab(self) -> str:
        """A row lies under the rows."""
        return "rows"

    def body(self) -> Iterable[Widget]:
        """The page about the row, and its documents."""
        with VerticalScroll(id="page"):
            yield Static(id="content", markup=False)
        yield Static(id="about", markup=False)
        yield Table(id="documents", cursor_type="row", zebra_stripes=True)

    def on_mount(self) -> None:
        """The documents take the arrow keys."""
        super().on_mount()
        table = self.query_one("#documents", DataTable)
        for name in ("rests", "kind", "standing", "stored", "oid", "version"):
            table.add_column(self.say(f"column.{name}"), key=name)
        table.focus()

    def draw_body(self) -> None:
        """Fetch the row once for each state of the figures, then draw it."""
        begun = self.fetch_once(
            lambda standing: (standing.row(self._source_id), standing.findings_about(self._source_id, _FINDINGS)),
            self._fetched,
        )
        if self._fetched_once and not begun:
            self._draw()

    def _fetched(self, found: tuple[RowDetail | None, list[RuleFinding]]) -> None:
        self._detail, self._findings = found
        self._fetched_once = True
        table = self.query_one("#documents", DataTable)
        table.clear()
        for document in self._detail.documents if self._detail else ():
            kind = f"report.kind.{document.kind}"
            table.add_row(
                "●" if document.rests else "",
                text(self.lang, kind) if has_text(self.lang, kind) else printable(document.kind),
                text(self.lang, f"dashboard.standing.{document.standing}"),
                stored(document.stored_on, self.lang),
                _short(document.oid, self.app.size.width),
                str(document.version or "–"),
                key=f"{table.row_count}|{document.oid}",
            )
        self._draw()
        (table if table.row_count else self.query_one("#page")).focus()

    def _draw(self) -> None:
        content, about = self.query_one("#content", Static), self.query_one("#about", Static)
        table = self.query_one("#documents", DataTable)
        content.update(Text("\n").join(self._lines()))
        count = len(self._detail.documents) if self._detail else 0
        told = self.say("row.documents", count=count) if count else self.say("row.no_documents")
        about.update(Text(f" {told}", "bold", no_wrap=True, overflow="ellipsis"))
        table.display = bool(count)
        table.styles.height = min(count + 1, max(4, self.app.size.height // 4))

    def _lines(self) -> list[Text]:
        model, width = self.model, max(40, self.app.size.width - 2)
        if model is None or model.result is None:
            return []
        if self._detail is None:
            return wrapped(self.say("row.gone"), width, BAD)
        lines = row_lines(self._detail, model.period, model.result.names, self.lang, width)
        return [*lines, *findings_lines(self, self._findings, width)]

    async def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter or a click opens the document."""
        if event.row_key.value is not None:
            await self.board.show_trace(event.row_key.value.partition("|")[2])

    def copied(self) -> str | None:
        """The row's name."""
        return self._source_id

    def sheet(self) -> Sheet | None:
        """The row's documents, and the page."""
        if self._detail is None:
            return None
        columns = ("source_id", "class", "oid", "kind", "standing", "stored", "version", "rests")
        row = self._detail.row
        documents = [
            (row.source_id, row.row_class.value, one.oid, one.kind, one.standing, one.stored_on, one.version, one.rests)
            for one in self._detail.documents
        ]
        return Sheet(f"row-{row.source_id}", columns, documents, self._lines())


def _short(oid: str, width: int) -> str:
    """An OID, on a narrow screen its end: what begins it is the same for all of an organisation."""
    return printable(oid if width >= _WIDE or len(oid) <= _OID else f"…{oid[1 - _OID :]}")


def findings_lines(view: View, findings: list[RuleFinding], width: int) -> list[Text]:
    """Which rules found something, or that they found nothing, or that nobody has run them."""
    model = view.model
    if model is None or not model.rules or model.rules_done < len(model.rules):
        return wrapped(view.say("row.rules_not_run"), width, FAINT)
    codes = sorted({finding.code for finding in findings})
    if not codes:
        return wrapped(view.say("row.no_findings"), width, FAINT)
    titles = {line.rule.code: line.rule.text("title", view.lang) for line in model.rules}
    lines = wrapped(view.say("row.findings", codes=", ".join(codes)), width, BAD)
    for code in codes:
        lines += wrapped(f"  {code} {titles.get(code, '')}", width, FAINT, 6)
    return lines
