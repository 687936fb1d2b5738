"""The dashboard as a whole: periods compared in the background, and the walk from verdict to XPath.

The first frame needs counts only, so it stands at once whatever the size. The comparison runs in a thread and tells
how far it is; so do the rules. The file is held only while it is read (`store/shared.py`): nobody's ingest has to wait
for somebody who looks, and when somebody writes, what was computed last stays on the screen and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar, TypeVar

from textual.app import App
from textual.binding import BindingType

from analyser.coverage.browse import Choice, Standing, StoppedError, glance
from analyser.coverage.memory import runs
from analyser.coverage.result import Dimension, Period
from analyser.dashboard.drawing.heatmap import Figure
from analyser.dashboard.export import file_name, write_sheet
from analyser.dashboard.keys import KEYS
from analyser.dashboard.screens.conditions import ConditionsScreen
from analyser.dashboard.screens.dialogs import ExportDialog, FilterDialog, HelpDialog, PeriodDialog
from analyser.dashboard.screens.document import DocumentScreen
from analyser.dashboard.screens.heat import HeatScreen
from analyser.dashboard.screens.overview import OverviewScreen
from analyser.dashboard.screens.quarantine import QuarantineScreen
from analyser.dashboard.screens.row import RowScreen
from analyser.dashboard.screens.rows import RowsScreen
from analyser.dashboard.screens.rules import RulesScreen
from analyser.dashboard.screens.search import SearchScreen
from analyser.dashboard.screens.view import View
from analyser.dashboard.state import Ask, Look, Model, Phase, RuleLine, neighbour
from analyser.errors import KantaGapError, NothingToCheckError
from analyser.language import text
from analyser.rules.catalogue import COLUMNS
from analyser.rules.faces import reason
from analyser.rules.room import apart
from analyser.rules.run import Outcome, judge, measure
from analyser.store.database import DatabaseInUseError
from analyser.store.shared import SharedDatabase

_KEPT = 3
"""Periods whose model is kept in memory: the one shown, the one before it, and one more."""
_SMALL = 200_000
"""Register rows up to which the period before is compared without being asked for."""
_TICK, _RETRY = 0.5, 2.0
"""Seconds between looks at the clock while something runs, and between tries of a database in use."""
_Found = TypeVar("_Found")
_TABS: dict[str, type[View]] = {
    "overview": OverviewScreen,
    "heat": HeatScreen,
    "rows": RowsScreen,
    "rules": RulesScreen,
    "quarantine": QuarantineScreen,
}


def _nothing() -> NothingToCheckError:
    return NothingToCheckError(
        "no ended period has register rows",
        "load the county's episodes first (kanta-gap register episodes.csv), or name a period with --period",
    )


class Dashboard(App[None]):
    """Keyboard first; the mouse does the same."""

    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, shared: SharedDatabase, ask: Ask) -> None:
        super().__init__(ansi_color=not ask.color)
        self.ask, self.look = ask, Look()
        self._shared = shared
        self._models: dict[Period, Model] = {}
        self._here: Period | None = ask.period
        self._holder: int | None = None
        self._closing = False
        self._last_mark: tuple[int, ...] = ()
        self.failure: BaseException | None = None
        """What ended the dashboard, if it did not end by itself: for the command line to tell."""
        for key in KEYS:
            self.bind(key.names, key.action, description=key.action, show=False)

    # --- what is looked at ---

    @property
    def model(self) -> Model | None:
        """The period that is looked at."""
        return self._models.get(self._here) if self._here else None

    @property
    def before(self) -> Model | None:
        """The period before it, once it has been compared."""
        if self._here is None:
            return None
        earlier = neighbour(self.look.calendar, self._here, -1)
        model = self._models.get(earlier) if earlier else None
        return model if model is not None and model.ready else None

    def state_told(self) -> str:
        """What is going on, in a few words for the headline."""
        model, lang = self.model, self.ask.lang
        time = f"{model.ended:%H:%M:%S}" if model and model.ended else ""
        if self._holder is not None:
            key = "locked" if time else "waiting"
            return text(lang, f"dashboard.state.{key}", process=self._holder, time=time)
        if model is None:
            return ""
        if model.phase is Phase.COMPUTING:
            return text(lang, "dashboard.state.computing", done=model.step, whole=model.steps or "…")
        if model.phase is Phase.FAILED:
            return text(lang, "dashboard.state.failed", why=model.why)
        if model.rules_running:
            return text(lang, "dashboard.rules.running", done=model.rules_done, whole=len(model.rules))
        if model.mark != self._last_mark:
            return text(lang, "dashboard.state.changed")
        return text(lang, "dashboard.state.at", time=time)

    # --- beginning and end ---

    def on_mount(self) -> None:
        """The first frame at once; what takes time afterwards."""
        self.push_screen(OverviewScreen())
        self._open()
        self.set_interval(_TICK, self._tick)
        self.set_interval(_RETRY, self._look_at_file)

    def on_unmount(self) -> None:
        """Nothing runs on when nobody looks."""
        self._closing = True
        for model in self._models.values():
            model.standing.stop()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key works where the table of keys says so."""
        for key in KEYS:
            if key.action == action:
                return isinstance(self.screen, View) and key.works_in(self.screen.view)
        return True

    def _fatal_error(self) -> None:
        # Textual would print a traceback with local variables, which may hold what must not be shown.
        self.failure = self._exception
        self._close_messages_no_wait()

    # --- work in the background ---

    def fetch(self, call: Callable[[], _Found], then: Callable[[_Found], Any]) -> None:
        """Call in a thread, and give what it found to `then` on the screen; a refusal is told, not raised."""

        def work() -> None:
            try:
                found = call()
            except StoppedError:
                return
            except KantaGapError as error:
                self._later(self._refused, error)
            except Exception as error:  # noqa: BLE001  named by class and place in the command line's last guard
                self._later(self._defect, error)
            else:
                self._later(then, found)

        self.run_worker(work, thread=True, exit_on_error=False)

    def _later(self, call: Callable[..., Any], *arguments: Any) -> None:
        if not self._closing:
            self.call_from_thread(self._guarded, call, *arguments)

    def _guarded(self, call: Callable[..., Any], *arguments: Any) -> None:
        """What a thread brings comes too late for a screen that was left meanwhile."""
        owner = getattr(call, "__self__", None)
        if isinstance(owner, View) and not owner.is_mounted:
            return
        try:
            call(*arguments)
            self._redraw()
        except Exception as error:  # noqa: BLE001  it would end in the thread that brought it, seen by nobody
            self._defect(error)

    def _defect(self, error: Exception) -> None:
        self.failure = error
        self.exit(return_code=3)

    def _refused(self, error: KantaGapError) -> None:
        if isinstance(error, DatabaseInUseError):
            self._holder = error.process
        else:
            self.notify(error.message, severity="warning", markup=False)

    def _redraw(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, View) and screen.is_current:
                screen.redraw()

    def _draw_frame(self) -> None:
        if isinstance(self.screen, View):
            self.screen.draw_frame()
            model = self.model
            if (model is None or not model.ready) and self.screen.is_mounted:
                self.screen.draw_body()

    # --- opening and comparing ---

    def _open(self) -> None:
        """What is known before anything is compared; then compare."""

        def call() -> Any:
            return glance(self._shared, self._shared.cursor(), self.ask.now().date())

        def opened(found: Any) -> None:
            self._holder = None
            self.look.glance, self.look.calendar, newest = found
            self._here = self._here or newest
            if self._here is None:
                self._defect(_nothing())
                return
            self._compare(self._here)

        def work() -> None:
            try:
                found = call()
            except DatabaseInUseError as error:
                if not self.ask.watch:
                    self._later(self._defect, error)
                else:
                    self._later(self._refused, error)
            except Exception as error:  # noqa: BLE001  told by the command line
                self._later(self._defect, error)
            else:
                self._later(opened, found)

        self.run_worker(work, thread=True, exit_on_error=False)

    def _compare(self, period: Period, *, anew: bool = False) -> None:
        """Compare a period in the background, unless that stands already."""
        old = self._models.get(period)
        if old is not None and not anew:
            self._redraw()
            return
        fresh = Model(period, Standing(self._shared, self.ask.request(period)), began=self.ask.now())
        fresh.mark = self._shared.mark()
        self._last_mark = fresh.mark
        if old is None:
            self._models[period] = fresh
        else:
            old.phase, old.step = Phase.COMPUTING, 0
        shown = old or fresh

        def progress(step: int, steps: int) -> None:
            if self._closing:
                raise StoppedError
            shown.step, shown.steps = step, steps

        def work() -> None:
            try:
                fresh.result = fresh.standing.build(self.ask.thresholds, progress)
                with fresh.standing.reading() as cursor:
                    fresh.runs = runs(cursor, period)
            except StoppedError:
                return
            except DatabaseInUseError as error:
                self._later(self._not_compared, period, old, Phase.WAITING, error)
            except KantaGapError as error:
                self._later(self._not_compared, period, old, Phase.FAILED, error)
            except Exception as error:  # noqa: BLE001  named by class and place in the command line's last guard
                self._later(self._defect, error)
            else:
                self._later(self._compared, fresh, old)

        self.run_worker(work, thread=True, exit_on_error=False)
        self._redraw()

    def _compared(self, fresh: Model, old: Model | None) -> None:
        fresh.phase, fresh.ended = Phase.READY, self.ask.now()
        self._holder = None
        self._models.pop(fresh.period, None)
        self._models[fresh.period] = fresh
        if old is not None:
            old.standing.close()
        for period in [one for one in self._models if one not in (self._here, fresh.period)][: -_KEPT + 1]:
            self._models.pop(period).standing.close()
        small = self.look.glance is not None and self.look.glance.register_rows <= _SMALL
        if fresh.period == self._here:
            self.fetch(lambda: fresh.map(Dimension.MUNICIPALITY), lambda _: None)
            if small:
                self._compare_before()

    def _not_compared(self, period: Period, old: Model | None, phase: Phase, error: KantaGapError) -> None:
        if isinstance(error, DatabaseInUseError):
            self._holder = error.process
        model = self._models[period]
        model.why = error.message
        # What was computed before stays on the screen.
        model.phase = Phase.READY if old is not None else phase
        model.mark = ()

    def _compare_before(self) -> None:
        if self._here is None:
            return
        earlier = neighbour(self.look.calendar, self._here, -1)
        if earlier is not None:
            self._compare(earlier)

    def _tick(self) -> None:
        """Seconds go on while something runs."""
        if any(model.phase is Phase.COMPUTING or model.rules_running for model in self._models.values()):
            self._draw_frame()

    def _look_at_file(self) -> None:
        """Has the file changed, is it free again? With --watch that is compared anew by itself."""
        model = self.model
        if model is None:
            if self.ask.watch:
                self._open()
            return
        if model.phase is Phase.COMPUTING:
            return
        mark = self._shared.mark()
        if mark != self._last_mark:
            self._last_mark = mark
            self._draw_frame()
        changed = mark != model.mark
        if changed and (self.ask.watch or self._holder is not None or model.phase is Phase.WAITING):
            self.action_refresh()

    def run_rules(self) -> None:
        """Run the rules of the period that is looked at, once, in the background."""
        model = self.model
        if model is None or not model.ready or model.rules:
            return
        model.rules = [RuleLine(policy) for policy in self.ask.rules()]
        model.rules_running = True

        def work() -> None:
            try:
                with model.standing.reading() as cursor:
                    room = apart(cursor, model.standing.request)
                for place, line in enumerate(model.rules):
                    if self._closing:
                        return
                    (counted,) = measure(room, [line.policy], model.period, self.ask.rule_time_limit)
                    model.standing.remember(line.rule.code, [row[: len(COLUMNS)] for row in counted.rows])
                    outcome = judge(line.policy, counted)
                    self._later(self._rule_ended, model, place, replace(outcome, rows=()), len(counted.rows))
            except StoppedError:
                return
            except KantaGapError as error:
                self._later(self._rules_refused, model, error)
            except Exception as error:  # noqa: BLE001  named by class and place in the command line's last guard
                self._later(self._defect, error)

        self.run_worker(work, thread=True, exit_on_error=False)

    def _rule_ended(self, model: Model, place: int, outcome: Outcome, found: int) -> None:
        line = model.rules[place]
        line.status, line.of, line.found = outcome.status, outcome.of, found
        line.reason = reason(outcome, self.ask.lang)
        model.rules_done = place + 1
        model.rules_running = model.rules_done < len(model.rules)

    def _rules_refused(self, model: Model, error: KantaGapError) -> None:
        model.rules, model.rules_done, model.rules_running = [], 0, False
        self._refused(error)

    # --- the walk ---

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
        """All rows."""
        self.look.choice = Choice()
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
        small = self.look.glance is not None and self.look.glance.register_rows <= _SMALL
        if model is not None and model.ready and small:
            self._compare_before()

    def action_refresh(self) -> None:
        """Compare anew; figures that stand stay on the screen until then."""
        model = self.model
        if model is None:
            self._open()
        elif model.phase is not Phase.COMPUTING and not model.rules_running:
            for period in [one for one in self._models if one != model.period]:
                if self._models[period].phase is not Phase.COMPUTING:
                    self._models.pop(period).standing.close()
            self._compare(model.period, anew=True)

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
                self.fetch(lambda: write_sheet(fresh, name, self.ask.lang), lambda told: tell(*told))

        self.push_screen(ExportDialog(self.ask.lang, file_name(model.period.id, sheet.name), write))

    def action_help(self) -> None:
        """All keys."""
        self.push_screen(HelpDialog(self.ask.lang))

    async def action_quit(self) -> None:
        """Leave."""
        self.exit()
