"""The rules and how each ended, run in the background when first looked at; and one rule with guidance and SQL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import DataTable, Static

from analyser.coverage.browse import RuleFinding
from analyser.dashboard.drawing.marks import STRONG
from analyser.dashboard.drawing.pages import RULE_MARKS, RULE_STYLES, rule_lines
from analyser.dashboard.export import Sheet
from analyser.dashboard.screens.overview import waiting_lines
from analyser.dashboard.screens.view import View
from analyser.dashboard.state import RuleLine
from analyser.dashboard.widgets import Table
from analyser.messages.catalogue import number
from analyser.report.page import printable
from analyser.rules.run import Status

_FINDINGS = 500
"""Findings listed on a rule's page; the others are counted."""


_ORDERS = ("code", "standing", "found", "severity")
"""Columns by which the rules can stand in order."""


class RulesScreen(View):
    """All rules."""

    view: ClassVar[str] = "rules"

    def __init__(self) -> None:
        super().__init__()
        self._order = 0
        """Its place among the columns to order by."""

    def body(self) -> Iterable[Widget]:
        """A line of progress or summary, and the rules."""
        yield Static(id="about", markup=False)
        yield Table(id="rules", cursor_type="row", zebra_stripes=True, cursor_foreground_priority="renderable")

    def on_mount(self) -> None:
        """The table takes the arrow keys."""
        super().on_mount()
        table = self.query_one("#rules", DataTable)
        for name, width in (("code", 5), ("standing", 17), ("found", 10), ("of", 10), ("severity", 8), ("title", None)):
            table.add_column(self.say(f"column.{name}"), key=name, width=width)
        table.focus()

    def draw_body(self) -> None:
        """List the rules; start them when nobody has."""
        model, about = self.model, self.query_one("#about", Static)
        if model is None or model.result is None:
            about.update(Text("\n").join(waiting_lines(self, model, self.app.size.width - 2)))
            return
        self.work.run_rules()
        if model.rules_done < len(model.rules) or model.rules_running:
            told = self.say("rules.running", done=model.rules_done, whole=len(model.rules))
        else:
            failed = sum(line.status is Status.FAILED for line in model.rules)
            told = self.say("rules.summary", failed=failed, whole=len(model.rules))
        about.update(Text(f" {told}", STRONG))
        table = self.query_one("#rules", DataTable)
        if table.row_count != len(model.rules):
            table.clear()
            for line in model.rules:
                table.add_row(*self._cells(line), key=line.rule.code)
        else:
            for line in model.rules:
                for column, cell in zip(("standing", "found", "of"), self._cells(line)[1:4], strict=True):
                    if str(table.get_cell(line.rule.code, column)) != str(cell):
                        table.update_cell(line.rule.code, column, cell)

    def _cells(self, line: RuleLine) -> list[Text]:
        if line.status is None:
            standing = Text(f"  {self.say('rule.waiting')}")
        else:
            standing = Text.assemble(
                (f"{RULE_MARKS[line.status]} ", RULE_STYLES[line.status]), self.say(f"rule.status.{line.status.value}")
            )
        return [
            Text(line.rule.code),
            standing,
            Text(number(self.lang, line.found) if line.found else "", justify="right"),
            Text(number(self.lang, line.of) if line.of else "", justify="right"),
            Text(self.say(f"rule.severity.{line.policy.severity.value}")),
            Text(printable(line.rule.text("title", self.lang))),
        ]

    async def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter or a click opens the rule."""
        if event.row_key.value is not None:
            await self.board.push_screen(RuleScreen(event.row_key.value))

    def copied(self) -> str | None:
        """The rule's code."""
        table = self.query_one("#rules", DataTable)
        return str(table.get_row_at(table.cursor_row)[0]) if table.row_count else None

    def switch_order(self) -> None:
        """By code, standing, rows found, severity, and around."""
        self._order = (self._order + 1) % len(_ORDERS)
        self._sort(_ORDERS[self._order])

    def on_data_table_header_selected(self, event: DataTable.HeaderSelected) -> None:
        """A click on a head."""
        if event.column_key.value is not None:
            self._sort(event.column_key.value)

    def _sort(self, column: str) -> None:
        model, table = self.model, self.query_one("#rules", DataTable)
        if model is None:
            return
        if column in ("found", "of"):
            counts = {line.rule.code: getattr(line, column) for line in model.rules}
            table.sort("code", key=lambda code: (-counts[str(code)], str(code)))
        else:
            table.sort(column, "code", key=lambda cells: tuple(map(str, cells)))

    def sheet(self) -> Sheet | None:
        """The rules and how they ended."""
        model = self.model
        if model is None or not model.rules:
            return None
        columns = ("code", "name", "severity", "status", "found", "of", "reason")
        rows = [
            (one.rule.code, one.rule.name, one.policy.severity.value, one.status, one.found, one.of, one.reason)
            for one in model.rules
        ]
        lines = [Text("  ".join(str(cell) for cell in self._cells(line) if str(cell))) for line in model.rules]
        return Sheet("rules", columns, rows, lines)


class RuleScreen(View):
    """One rule: guidance, SQL, and what it found. Enter opens what a finding is about."""

    view: ClassVar[str] = "rule"

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code = code
        self._findings: list[RuleFinding] = []
        self._asked_of: object = None

    def tab(self) -> str:
        """A rule lies under the rules."""
        return "rules"

    def body(self) -> Iterable[Widget]:
        """The page about the rule, and what it found."""
        with VerticalScroll(id="page"):
            yield Static(id="content", markup=False)
        yield Static(id="about", markup=False)
        yield Table(id="findings", cursor_type="row", zebra_stripes=True)

    def on_mount(self) -> None:
        """What it found takes the arrow keys; Tab goes to the page."""
        super().on_mount()
        table = self.query_one("#findings", DataTable)
        for name in ("subject", "place"):
            table.add_column(self.say(f"column.{name}"), key=name)
        table.focus()

    def draw_body(self) -> None:
        """The page; what the rule found is fetched once it has ended."""
        model, line = self.model, self._line()
        if model is None or line is None:
            return
        if line.status is not None and self._asked_of is not line:
            self._asked_of = line
            standing = model.standing
            self.work.fetch(lambda: standing.findings(self._code, _FINDINGS, 0), self._fetched)
        self.query_one("#content", Static).update(Text("\n").join(self._lines(line)))
        self._draw_about(line)

    def _fetched(self, found: list[RuleFinding]) -> None:
        self._findings = found
        table = self.query_one("#findings", DataTable)
        table.clear()
        for place, finding in enumerate(found):
            shown = (finding.subject, finding.place or finding.document)
            table.add_row(*(printable(told or "–") for told in shown), key=str(place))
        line = self._line()
        if line is not None:
            self._draw_about(line)
        (table if found else self.query_one("#page")).focus()

    def _draw_about(self, line: RuleLine) -> None:
        table, about = self.query_one("#findings", DataTable), self.query_one("#about", Static)
        table.display = about.display = bool(line.found)
        told = f"{self.say('rule.findings')} ({number(self.lang, line.found)})"
        if line.found > _FINDINGS:
            told += f" · {self.say('rule.more_findings', count=_FINDINGS)}"
        about.update(Text(f" {told}", STRONG, no_wrap=True, overflow="ellipsis"))
        table.styles.height = min(line.found + 1, max(4, self.app.size.height // 3))

    def _line(self) -> RuleLine | None:
        model = self.model
        return next((line for line in model.rules if line.rule.code == self._code), None) if model else None

    def _lines(self, line: RuleLine) -> list[Text]:
        if line.status is None:
            told = self.say("rule.waiting")
        else:
            told = self.say(
                "rule.told",
                status=self.say(f"rule.status.{line.status.value}"),
                found=line.found,
                of=line.of,
            )
            if line.reason:
                told += f" ({printable(line.reason)})"
        return rule_lines(line.policy, told, self.lang, max(40, self.app.size.width - 2))

    async def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter or a click opens what the finding is about."""
        if event.row_key.value is None:
            return
        finding = self._findings[int(event.row_key.value)]
        about = finding.document or finding.subject
        if about:
            await self.board.show_any(finding.subject or about, about)

    def sheet(self) -> Sheet | None:
        """What the rule found, as far as it is listed here."""
        line = self._line()
        if line is None:
            return None
        columns = ("code", "subject", "person_key", "service_task", "municipality", "document", "place")
        rows = [tuple(getattr(finding, name) for name in columns) for finding in self._findings]
        return Sheet(f"rule-{self._code}", columns, rows, self._lines(line))
