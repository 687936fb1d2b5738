"""The dashboard as a whole: the walk from verdict to XPath, by keys and by mouse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from textual.binding import BindingType

from analyser.coverage.browse import Choice
from analyser.coverage.result import Period
from analyser.dashboard.drawing.heatmap import Figure
from analyser.dashboard.export import file_name, write_sheet
from analyser.dashboard.keys import KEYS
from analyser.dashboard.screens.conditions import ConditionsScreen
from analyser.dashboard.screens.dialogs import ExportDialog, FilterDialog, HelpDialog, PaletteDialog, PeriodDialog
from analyser.dashboard.screens.document import DocumentScreen
from analyser.dashboard.screens.heat import HeatScreen
from analyser.dashboard.screens.mending import MendingScreen
from analyser.dashboard.screens.overview import OverviewScreen
from analyser.dashboard.screens.quarantine import QuarantineScreen
from analyser.dashboard.screens.row import RowScreen
from analyser.dashboard.screens.rows import RowsScreen
from analyser.dashboard.screens.rules import RulesScreen
from analyser.dashboard.screens.search import SearchScreen
from analyser.dashboard.screens.view import View
from analyser.dashboard.state import Ask, neighbour
from analyser.dashboard.work import SMALL, Work
from analyser.messages.catalogue import text
from analyser.national.identifiers import plain, redacted
from analyser.store.shared import SharedDatabase

_TABS: dict[str, type[View]] = {
    "overview": OverviewScreen,
    "heat": HeatScreen,
    "rows": RowsScreen,
    "rules": RulesScreen,
    "quarantine": QuarantineScreen,
}


class Dashboard(Work):
    """Keyboard first; the mouse does the same."""

    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, shared: SharedDatabase, ask: Ask) -> None:
        super().__init__(shared, ask)
        for key in KEYS:
            self.bind(key.names, key.action, description=key.action, show=False)

    def on_mount(self) -> None:
        """The first frame at once, whatever the size of the file."""
        self.push_screen(OverviewScreen())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key works where the table of keys says so."""
        own = [key for key in KEYS if key.action == action]
        if not own:
            return True
        return isinstance(self.screen, View) and any(key.works_in(self.screen.view) for key in own)

    async def _tab(self, name: str) -> None:
        while len(self.screen_stack) > 2:
            await self.pop_screen()
        await self.switch_screen(_TABS[name]())

    async def show_rows(self, choice: Choice) -> None:
        """The rows of a cell or of a person."""
        self.look.choice = choice
        await self.push_screen(RowsScreen())

    async def show_row(self, source_id: str) -> None:
        """One row."""
        await self.push_screen(RowScreen(source_id))

    async def show_trace(self, id_: str) -> None:
        """Everything about a document."""
        await self.push_screen(DocumentScreen(id_))

    async def show_any(self, source_id: str, otherwise: str) -> None:
        """The row of that name if the period has one, else everything about the other ID."""
        model = self.model
        if model is None:
            return
        row = Choice(sought=source_id)

        def found(rows: Any) -> None:
            screen = (
                RowScreen(source_id) if any(one.source_id == source_id for one in rows) else DocumentScreen(otherwise)
            )
            self.push_screen(screen)

        self.fetch(lambda: model.standing.page(row, 20), found)

    async def action_overview(self) -> None:
        """Verdict, conditions, reasons."""
        await self._tab("overview")

    async def action_heat(self) -> None:
        """Service tasks by place."""
        await self._tab("heat")

    async def action_rows(self) -> None:
        """The ledger."""
        await self._tab("rows")

    async def action_rules(self) -> None:
        """The rules."""
        await self._tab("rules")

    async def action_quarantine(self) -> None:
        """What could not be used."""
        await self._tab("quarantine")

    async def action_back(self) -> None:
        """One step back; from rows of a cell the choice is dropped with them."""
        if isinstance(self.screen, RowsScreen) and self.screen.end_typing():
            return
        if len(self.screen_stack) > 2:
            if isinstance(self.screen, RowsScreen):
                self.look.choice = Choice()
            await self.pop_screen()
            self._redraw()
        elif isinstance(self.screen, RowsScreen):
            self.look.choice = Choice()
            self._redraw()

    async def action_conditions(self) -> None:
        """What the conditions rest on."""
        await self.push_screen(ConditionsScreen())

    async def action_mending(self) -> None:
        """Who has to mend how much."""
        await self.push_screen(MendingScreen())

    def action_type(self) -> None:
        """Narrow the rows while one types."""
        if isinstance(self.screen, RowsScreen):
            self.screen.begin_typing()

    def action_order(self) -> None:
        """By another column."""
        if isinstance(self.screen, RowsScreen | RulesScreen):
            self.screen.switch_order()

    def action_copy(self) -> None:
        """What is under the cursor, to the terminal's clipboard (OSC 52)."""
        told = self.screen.copied() if isinstance(self.screen, View) else None
        if told is None:
            self.notify(text(self.ask.lang, "dashboard.copy.nothing"), markup=False)
            return
        shown = redacted(plain(told))
        self.copy_to_clipboard(shown)
        self.notify(text(self.ask.lang, "dashboard.copy.done", what=shown), markup=False)

    def action_palette(self) -> None:
        """What can be done here, by name."""
        if isinstance(self.screen, View):
            self.push_screen(PaletteDialog(self.ask.lang, self.screen.view), self._do)

    def _do(self, action: str | None) -> None:
        if action is not None:
            self.call_later(self.run_action, f"app.{action}")

    def action_search(self) -> None:
        """Find an ID."""
        if not isinstance(self.screen, SearchScreen):
            self.push_screen(SearchScreen())

    def action_filter(self) -> None:
        """Rows by class and reason, with the number of rows of each."""
        model = self.model
        if model is None or not model.ready:
            return
        choice, standing = self.look.choice, model.standing
        whole = replace(choice, classes=(), reasons=())

        def counted(found: Any) -> None:
            dialog = FilterDialog(self.ask.lang, (choice.classes, choice.reasons), *found)
            self.push_screen(dialog, self._filtered)

        self.fetch(lambda: (standing.counts(whole), standing.reason_counts(whole)), counted)

    def _filtered(self, chosen: Any) -> None:
        if chosen is not None:
            self.look.choice = replace(self.look.choice, classes=chosen[0], reasons=chosen[1])
            self._redraw()

    def action_clear(self) -> None:
        """All rows, in the order in which they stand."""
        self.look.choice = Choice(order=self.look.choice.order)
        self._redraw()

    def action_dimension(self) -> None:
        """Another dimension of the heat map."""
        if isinstance(self.screen, HeatScreen):
            self.screen.switch_dimension()

    def action_figure(self) -> None:
        """Another figure in its cells."""
        if isinstance(self.screen, HeatScreen):
            self.screen.switch_figure()

    def action_compare(self) -> None:
        """Against the period before: on the heat map in its cells, else on the overview."""
        if self._here is None or neighbour(self.look.calendar, self._here, -1) is None:
            self.notify(text(self.ask.lang, "dashboard.state.no_before"), markup=False)
            return
        if self.before is None:
            self._compare_before()
        elif isinstance(self.screen, HeatScreen):
            self.look.figure = Figure.ROWS if self.look.figure is Figure.CHANGE else Figure.CHANGE
        self._redraw()

    def action_period(self) -> None:
        """Choose another period."""
        dialog = PeriodDialog(self.ask.lang, self.look.calendar, self._here, self.ask.now().date())
        self.push_screen(dialog, self._go)

    def action_previous_period(self) -> None:
        """The period before."""
        self._step(-1)

    def action_next_period(self) -> None:
        """The period after."""
        self._step(1)

    def _step(self, step: int) -> None:
        if self._here is not None:
            self._go(neighbour(self.look.calendar, self._here, step))

    def _go(self, period: Period | None) -> None:
        if period is None or period == self._here:
            return
        self._here = period
        self._compare(period)
        model = self.model
        small = self.look.glance is not None and self.look.glance.register_rows <= SMALL
        if model is not None and model.ready and small:
            self._compare_before()

    def action_refresh(self) -> None:
        """Compare anew."""
        self.compare_anew()

    def action_export(self) -> None:
        """Write what is on the screen to a file."""
        screen, model = self.screen, self.model
        sheet = screen.sheet() if isinstance(screen, View) else None
        if sheet is None or model is None:
            return

        def write(name: str, tell: Callable[[str, bool], None]) -> None:
            # What is on the screen is taken when it is written: a name may have to be mended first.
            fresh = screen.sheet() if isinstance(screen, View) else None
            if fresh is not None:
                self.fetch(
                    lambda: write_sheet(fresh, name, self.ask.lang, excel=self.ask.excel), lambda told: tell(*told)
                )

        self.push_screen(ExportDialog(self.ask.lang, file_name(model.period.id, sheet.name), write))

    def action_help(self) -> None:
        """All keys."""
        self.push_screen(HelpDialog(self.ask.lang))

    async def action_quit(self) -> None:
        """Leave."""
        self.exit()
