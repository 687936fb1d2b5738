"""The dashboard as a whole: the walk from verdict to XPath, by keys and by mouse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from textual.app import App
from textual.binding import BindingType

from analyser.coverage.browse import Choice
from analyser.coverage.result import Period
from analyser.dashboard.drawing.heatmap import Figure
from analyser.dashboard.export import file_name, write_sheet
from analyser.dashboard.keys import KEYS
from analyser.dashboard.screens.conditions import ConditionsScreen
from analyser.dashboard.screens.dialogs import ExportDialog, FilterDialog, HelpDialog, PaletteDialog, PeriodDialog
from analyser.dashboard.screens.document import DocumentScreen
from analyser.dashboard.screens.groups import GroupsScreen
from analyser.dashboard.screens.heat import HeatScreen
from analyser.dashboard.screens.mending import MendingScreen
from analyser.dashboard.screens.overview import OverviewScreen
from analyser.dashboard.screens.quarantine import QuarantineScreen
from analyser.dashboard.screens.row import RowScreen
from analyser.dashboard.screens.rows import RowsScreen
from analyser.dashboard.screens.rules import RulesScreen
from analyser.dashboard.screens.search import SearchScreen
from analyser.dashboard.screens.trend import TrendScreen
from analyser.dashboard.screens.view import View
from analyser.dashboard.state import Ask, neighbour
from analyser.dashboard.work import SMALL, Work
from analyser.messages.catalogue import text
from analyser.national.identifiers import plain, redacted
from analyser.store.shared import SharedDatabase

_TICK, _RETRY = 0.5, 2.0
"""Seconds between looks at the clock while something runs, and between tries of a database in use."""
_TABS: dict[str, type[View]] = {
    "overview": OverviewScreen,
    "heat": HeatScreen,
    "rows": RowsScreen,
    "rules": RulesScreen,
    "quarantine": QuarantineScreen,
    "trend": TrendScreen,
}


class Dashboard(App[None]):
    """Keyboard first; the mouse does the same."""

    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, shared: SharedDatabase, ask: Ask) -> None:
        super().__init__(ansi_color=not ask.color)
        self.work = Work(self, shared, ask)
        self.failure: BaseException | None = None
        """What ended the dashboard, if it did not end by itself: for the command line to tell."""
        for key in KEYS:
            self.bind(key.names, key.action, description=key.action, show=False)

    def on_mount(self) -> None:
        """The first frame at once, whatever the size of the file; then what takes time begins."""
        self.push_screen(OverviewScreen())
        self.work.open()
        self.set_interval(_TICK, self.work.tick)
        self.set_interval(_RETRY, self.work.look_at_file)

    def on_unmount(self) -> None:
        """Nothing runs on when nobody looks."""
        self.work.stop()

    def _fatal_error(self) -> None:
        # Textual would print a traceback with local variables, which may hold what must not be shown.
        self.failure = self._exception
        self._close_messages_no_wait()

    def give_up(self, error: Exception) -> None:
        """End, and leave the error to the command line."""
        self.failure = error
        self.exit(return_code=3)

    def redraw(self) -> None:
        """Draw the screen that is looked at."""
        for screen in self.screen_stack:
            if isinstance(screen, View) and screen.is_current:
                screen.redraw()

    def draw_frame(self) -> None:
        """Draw what changes while something runs."""
        if isinstance(self.screen, View):
            self.screen.draw_frame()
            model = self.work.model
            if (model is None or not model.ready) and self.screen.is_mounted:
                self.screen.draw_body()

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
        self.work.look.choice = choice
        await self.push_screen(RowsScreen())

    async def show_row(self, source_id: str) -> None:
        """One row."""
        await self.push_screen(RowScreen(source_id))

    async def show_trace(self, id_: str) -> None:
        """Everything about a document."""
        await self.push_screen(DocumentScreen(id_))

    async def show_any(self, source_id: str, otherwise: str) -> None:
        """The row of that name if the period has one, else everything about the other ID."""
        model = self.work.model
        if model is None:
            return
        row = Choice(sought=source_id)

        def found(rows: Any) -> None:
            screen = (
                RowScreen(source_id) if any(one.source_id == source_id for one in rows) else DocumentScreen(otherwise)
            )
            self.push_screen(screen)

        self.work.fetch(lambda: model.standing.page(row, 20), found)

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

    async def action_trend(self) -> None:
        """The periods beside each other."""
        await self._tab("trend")

    async def action_group(self) -> None:
        """The rows that are chosen, put together by a column; there: by the next one."""
        if isinstance(self.screen, GroupsScreen):
            self.screen.switch_column()
        elif self.work.model is not None and self.work.model.ready:
            await self.push_screen(GroupsScreen(self.work.look.choice))

    async def action_back(self) -> None:
        """One step back; from rows of a cell the choice is dropped with them."""
        if isinstance(self.screen, RowsScreen) and self.screen.end_typing():
            return
        if len(self.screen_stack) > 2:
            if isinstance(self.screen, RowsScreen):
                self.work.look.choice = Choice()
            await self.pop_screen()
            if isinstance(self.screen, GroupsScreen):
                self.work.look.choice = self.screen.choice
            self.redraw()
        elif isinstance(self.screen, RowsScreen):
            self.work.look.choice = Choice()
            self.redraw()

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
            self.notify(text(self.work.ask.lang, "dashboard.copy.nothing"), markup=False)
            return
        shown = redacted(plain(told))
        self.copy_to_clipboard(shown)
        self.notify(text(self.work.ask.lang, "dashboard.copy.done", what=shown), markup=False)

    def action_palette(self) -> None:
        """What can be done here, by name."""
        if isinstance(self.screen, View):
            self.push_screen(PaletteDialog(self.work.ask.lang, self.screen.view), self._do)

    def _do(self, action: str | None) -> None:
        if action is not None:
            self.call_later(self.run_action, f"app.{action}")

    def action_search(self) -> None:
        """Find an ID."""
        if not isinstance(self.screen, SearchScreen):
            self.push_screen(SearchScreen())

    def action_filter(self) -> None:
        """Rows by class and reason, with the number of rows of each."""
        model = self.work.model
        if model is None or not model.ready:
            return
        choice, standing = self.work.look.choice, model.standing
        whole = replace(choice, classes=(), reasons=())

        def counted(found: Any) -> None:
            dialog = FilterDialog(self.work.ask.lang, (choice.classes, choice.reasons), *found)
            self.push_screen(dialog, self._filtered)

        self.work.fetch(lambda: (standing.counts(whole), standing.reason_counts(whole)), counted)

    def _filtered(self, chosen: Any) -> None:
        if chosen is not None:
            self.work.look.choice = replace(self.work.look.choice, classes=chosen[0], reasons=chosen[1])
            self.redraw()

    def action_clear(self) -> None:
        """All rows, in the order in which they stand."""
        self.work.look.choice = Choice(order=self.work.look.choice.order)
        self.redraw()

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
        if self.work.here is None or neighbour(self.work.look.calendar, self.work.here, -1) is None:
            self.notify(text(self.work.ask.lang, "dashboard.state.no_before"), markup=False)
            return
        if self.work.before is None:
            self.work.compare_before()
        elif isinstance(self.screen, HeatScreen):
            self.work.look.figure = Figure.ROWS if self.work.look.figure is Figure.CHANGE else Figure.CHANGE
        self.redraw()

    def action_period(self) -> None:
        """Choose another period."""
        dialog = PeriodDialog(self.work.ask.lang, self.work.look.calendar, self.work.here, self.work.ask.now().date())
        self.push_screen(dialog, self._go)

    def action_previous_period(self) -> None:
        """The period before."""
        self._step(-1)

    def action_next_period(self) -> None:
        """The period after."""
        self._step(1)

    def _step(self, step: int) -> None:
        if self.work.here is not None:
            self._go(neighbour(self.work.look.calendar, self.work.here, step))

    def _go(self, period: Period | None) -> None:
        if period is None or period == self.work.here:
            return
        self.work.here = period
        self.work.compare(period)
        model = self.work.model
        small = self.work.look.glance is not None and self.work.look.glance.register_rows <= SMALL
        if model is not None and model.ready and small:
            self.work.compare_before()

    def action_refresh(self) -> None:
        """Compare anew."""
        self.work.compare_anew()

    def action_export(self) -> None:
        """Write what is on the screen to a file."""
        screen, model = self.screen, self.work.model
        sheet = screen.sheet() if isinstance(screen, View) else None
        if sheet is None or model is None:
            return

        def write(name: str, tell: Callable[[str, bool], None]) -> None:
            # What is on the screen is taken when it is written: a name may have to be mended first.
            fresh = screen.sheet() if isinstance(screen, View) else None
            if fresh is not None:
                ask = self.work.ask
                self.work.fetch(lambda: write_sheet(fresh, name, ask.lang, excel=ask.excel), lambda told: tell(*told))

        self.push_screen(ExportDialog(self.work.ask.lang, file_name(model.period.id, sheet.name), write))

    def action_help(self) -> None:
        """All keys."""
        self.push_screen(HelpDialog(self.work.ask.lang))

    async def action_quit(self) -> None:
        """Leave."""
        self.exit()
