"""What runs beside the screen: opening the file, comparing periods, running rules, watching the file.

Everything that reads the database runs in threads and comes back as a message; the screen never waits. The file is
held only while it is read (`store/shared.py`). When somebody else writes it, what was computed last stays on the screen
and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from textual.app import App

from analyser.coverage.browse import Pages, StoppedError, glance
from analyser.coverage.history import runs
from analyser.coverage.result import Dimension, Period
from analyser.dashboard.screens.view import View
from analyser.dashboard.state import Ask, Look, PeriodView, Phase, RuleLine, neighbour
from analyser.messages.catalogue import text
from analyser.messages.errors import KantaGapError
from analyser.report.check.text import reason
from analyser.rules.catalogue import COLUMNS
from analyser.rules.run import Outcome, judge, measure
from analyser.rules.sandbox import apart
from analyser.store.database import DatabaseInUseError
from analyser.store.shared import SharedDatabase

KEPT = 3
"""Periods whose model is kept in memory: the one shown, the one before it, and one more."""
SMALL = 200_000
"""Register rows up to which the period before is compared without being asked for."""
_TICK, _RETRY = 0.5, 2.0
"""Seconds between looks at the clock while something runs, and between tries of a database in use."""
_Found = TypeVar("_Found")


class Work(App[None]):
    """What runs beside the screen. `Dashboard` is the walk over what it brings."""

    def __init__(self, shared: SharedDatabase, ask: Ask) -> None:
        super().__init__(ansi_color=not ask.color)
        self.ask, self.look = ask, Look()
        self._shared = shared
        self._models: dict[Period, PeriodView] = {}
        self._here: Period | None = None
        self._holder: int | None = None
        self._closing = False
        self._last_mark: tuple[int, ...] = ()
        self.failure: BaseException | None = None
        """What ended the dashboard, if it did not end by itself: for the command line to tell."""

    def on_mount(self) -> None:
        """The first frame stands; what takes time begins."""
        self._open()
        self.set_interval(_TICK, self._tick)
        self.set_interval(_RETRY, self._look_at_file)

    def on_unmount(self) -> None:
        """Nothing runs on when nobody looks."""
        self._closing = True
        for model in self._models.values():
            model.standing.stop()

    def _fatal_error(self) -> None:
        # Textual would print a traceback with local variables, which may hold what must not be shown.
        self.failure = self._exception
        self._close_messages_no_wait()

    @property
    def model(self) -> PeriodView | None:
        """The period that is looked at."""
        return self._models.get(self._here) if self._here else None

    @property
    def before(self) -> PeriodView | None:
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
            self.notify(error.told(self.ask.lang), severity="warning", markup=False)

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

    def _open(self) -> None:
        """What is known before anything is compared; then compare."""

        def opened(found: Any) -> None:
            self._holder = None
            self._here, (self.look.glance, self.look.calendar) = found
            self._compare(self._here)

        def work() -> None:
            try:
                cursor = self._shared.cursor()
                with self._shared.reading(cursor):
                    here = self.ask.chosen(cursor)
                    links = self.ask.request(here).succession
                    found = here, glance(self._shared, cursor, self.ask.now().date(), links)
            except DatabaseInUseError as error:
                # Who watches has time; who only looks is told, as by every other command.
                self._later(self._refused if self.ask.watch else self._defect, error)
            except Exception as error:  # noqa: BLE001  named by class and place in the command line's last guard
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
        fresh = PeriodView(period, Pages(self._shared, self.ask.request(period)), began=self.ask.now())
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

    def _compared(self, fresh: PeriodView, old: PeriodView | None) -> None:
        fresh.phase, fresh.ended = Phase.READY, self.ask.now()
        self._holder = None
        self._models.pop(fresh.period, None)
        self._models[fresh.period] = fresh
        if old is not None:
            old.standing.close()
        for period in [one for one in self._models if one not in (self._here, fresh.period)][: 1 - KEPT]:
            self._models.pop(period).standing.close()
        small = self.look.glance is not None and self.look.glance.register_rows <= SMALL
        if fresh.period == self._here:
            self.fetch(lambda: fresh.map(Dimension.MUNICIPALITY), lambda _: None)
            if small:
                self._compare_before()

    def _not_compared(self, period: Period, old: PeriodView | None, phase: Phase, error: KantaGapError) -> None:
        if isinstance(error, DatabaseInUseError):
            self._holder = error.process
        model = self._models[period]
        model.why = error.told(self.ask.lang)
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
            self.compare_anew()

    def compare_anew(self) -> None:
        """Compare anew; figures that stand stay on the screen until then."""
        model = self.model
        if model is None:
            self._open()
        elif model.phase is not Phase.COMPUTING and not model.rules_running:
            for period in [one for one in self._models if one != model.period]:
                if self._models[period].phase is not Phase.COMPUTING:
                    self._models.pop(period).standing.close()
            self._compare(model.period, anew=True)

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

    def _rule_ended(self, model: PeriodView, place: int, outcome: Outcome, found: int) -> None:
        line = model.rules[place]
        line.status, line.of, line.found = outcome.status, outcome.of, found
        line.reason = reason(outcome, self.ask.lang)
        model.rules_done = place + 1
        model.rules_running = model.rules_done < len(model.rules)

    def _rules_refused(self, model: PeriodView, error: KantaGapError) -> None:
        model.rules, model.rules_done, model.rules_running = [], 0, False
        self._refused(error)
