"""What runs beside the screen: opening the file, comparing periods, running rules, watching the file.

Everything that reads the database runs in threads and comes back as a message; the screen never waits. The file is
held only while it is read (`store/shared.py`). When somebody else writes it, what was computed last stays on the screen
and says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from textual.screen import Screen

from analyser.coverage.browse import Pages, StoppedError, glance
from analyser.coverage.browse_trend import Series
from analyser.coverage.history import runs
from analyser.coverage.result import Dimension, Period
from analyser.coverage.trend import Trend
from analyser.dashboard.state import Ask, Look, PeriodView, Phase, RuleLine, neighbour, recent
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
SERIES = 12
"""Periods of the trend at most."""
SMALL = 200_000
"""Register rows up to which the period before is compared without being asked for."""
_Found = TypeVar("_Found")


class Face(Protocol):
    """What the work needs of the terminal's program: a thread for a call and a way back, and somebody to tell."""

    def run_worker(self, work: Callable[[], None], *, thread: bool, exit_on_error: bool) -> Any:
        """Call in a thread."""

    def call_from_thread(self, callback: Callable[..., Any], *args: Any) -> Any:
        """Call where the screen is drawn."""

    def notify(self, message: str, *, severity: Any, markup: bool) -> None:
        """Tell the person who looks."""

    def redraw(self) -> None:
        """Draw the screen that is looked at."""

    def draw_frame(self) -> None:
        """Draw what changes while something runs."""

    def give_up(self, error: Exception) -> None:
        """End, and leave the error to the command line."""


class Work:
    """The periods that were compared, what is looked at, and all that runs in threads for them."""

    def __init__(self, face: Face, shared: SharedDatabase, ask: Ask) -> None:
        self.ask, self.look = ask, Look()
        self._face = face
        self._shared = shared
        self._models: dict[Period, PeriodView] = {}
        self.here: Period | None = None
        """The period that is looked at, compared or not."""
        self._holder: int | None = None
        self._closing = False
        self._last_mark: tuple[int, ...] = ()
        self._series = Series(shared)
        self._trend: Trend | None = None
        self._trend_asked: object = None
        """The file's state and the periods that the trend was asked for."""
        self._trend_end = dt.date.min
        """The last start of a period that was looked at: those after it would only repeat what never ended."""

    def stop(self) -> None:
        """Nothing runs on when nobody looks."""
        self._closing = True
        self._series.stop()
        for model in self._models.values():
            model.standing.stop()

    @property
    def model(self) -> PeriodView | None:
        """The period that is looked at."""
        return self._models.get(self.here) if self.here else None

    @property
    def before(self) -> PeriodView | None:
        """The period before it, once it has been compared."""
        if self.here is None:
            return None
        earlier = neighbour(self.look.calendar, self.here, -1)
        model = self._models.get(earlier) if earlier else None
        return model if model is not None and model.ready else None

    def trend(self) -> Trend | None:
        """The newest periods beside each other; None while they are being compared."""
        if self.here is not None:
            self._trend_end = max(self._trend_end, self.here.start)
        periods = recent(self.look.calendar, self._trend_end, SERIES)
        asked = (self._shared.mark(), periods)
        if periods and self._trend_asked != asked and self.model is not None and self.model.ready:
            self._trend_asked, self._trend = asked, None
            request = self.ask.request(periods[-1])

            def compared(found: Trend) -> None:
                self._trend = found

            def refused(error: KantaGapError) -> None:
                self._trend_asked = None
                self._refused(error)

            self._in_thread(lambda: self._series.compare(request, periods), compared, refused)
        return self._trend

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
        self._in_thread(call, then, self._refused)

    def _in_thread(
        self, call: Callable[[], _Found], then: Callable[[_Found], Any], refused: Callable[[KantaGapError], Any]
    ) -> None:
        """Call in a thread; what it found, or why it was refused, comes back to where the screen is drawn."""

        def work() -> None:
            try:
                found = call()
            except StoppedError:
                return
            except KantaGapError as error:
                self._later(refused, error)
            except Exception as error:  # noqa: BLE001  named by class and place in the command line's last guard
                self._later(self._face.give_up, error)
            else:
                self._later(then, found)

        self._face.run_worker(work, thread=True, exit_on_error=False)

    def _later(self, call: Callable[..., Any], *arguments: Any) -> None:
        if not self._closing:
            self._face.call_from_thread(self._guarded, call, *arguments)

    def _guarded(self, call: Callable[..., Any], *arguments: Any) -> None:
        """What a thread brings comes too late for a screen that was left meanwhile."""
        owner = getattr(call, "__self__", None)
        if isinstance(owner, Screen) and not owner.is_mounted:
            return
        try:
            call(*arguments)
            self._face.redraw()
        except Exception as error:  # noqa: BLE001  it would end in the thread that brought it, seen by nobody
            self._face.give_up(error)

    def _refused(self, error: KantaGapError) -> None:
        if isinstance(error, DatabaseInUseError):
            self._holder = error.process
        else:
            self._face.notify(error.told(self.ask.lang), severity="warning", markup=False)

    def open(self) -> None:
        """What is known before anything is compared; then compare."""

        def known() -> tuple[Period, Any]:
            cursor = self._shared.cursor()
            with self._shared.reading(cursor):
                here = self.ask.chosen(cursor)
                links = self.ask.request(here).succession
                return here, glance(self._shared, cursor, self.ask.now().date(), links)

        def opened(found: tuple[Period, Any]) -> None:
            self._holder = None
            self.here, (self.look.glance, self.look.calendar) = found
            self.compare(self.here)

        def refused(error: KantaGapError) -> None:
            # Who watches has time; who only looks is told, as by every other command.
            waits = self.ask.watch and isinstance(error, DatabaseInUseError)
            (self._refused if waits else self._face.give_up)(error)

        self._in_thread(known, opened, refused)

    def compare(self, period: Period, *, anew: bool = False) -> None:
        """Compare a period in the background, unless that stands already."""
        old = self._models.get(period)
        if old is not None and not anew:
            self._face.redraw()
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

        def build() -> None:
            found = fresh.standing.build(self.ask.thresholds, progress)
            fresh.result = replace(found, settings=self.ask.settings, county_name=self.ask.county)
            with fresh.standing.reading() as cursor:
                fresh.runs = runs(cursor, period)

        def refused(error: KantaGapError) -> None:
            phase = Phase.WAITING if isinstance(error, DatabaseInUseError) else Phase.FAILED
            self._not_compared(period, old, phase, error)

        self._in_thread(build, lambda _: self._compared(fresh, old), refused)
        self._face.redraw()

    def _compared(self, fresh: PeriodView, old: PeriodView | None) -> None:
        fresh.phase, fresh.ended = Phase.READY, self.ask.now()
        self._holder = None
        self._models.pop(fresh.period, None)
        self._models[fresh.period] = fresh
        if old is not None:
            old.standing.close()
        for period in [one for one in self._models if one not in (self.here, fresh.period)][: 1 - KEPT]:
            self._models.pop(period).standing.close()
        small = self.look.glance is not None and self.look.glance.register_rows <= SMALL
        if fresh.period == self.here:
            self.fetch(lambda: fresh.map(Dimension.MUNICIPALITY), lambda _: None)
            if small:
                self.compare_before()

    def _not_compared(self, period: Period, old: PeriodView | None, phase: Phase, error: KantaGapError) -> None:
        if isinstance(error, DatabaseInUseError):
            self._holder = error.process
        model = self._models[period]
        model.why = error.told(self.ask.lang)
        # What was computed before stays on the screen.
        model.phase = Phase.READY if old is not None else phase
        model.mark = ()

    def compare_before(self) -> None:
        """Compare the period before, for whoever wants to see the change."""
        if self.here is None:
            return
        earlier = neighbour(self.look.calendar, self.here, -1)
        if earlier is not None:
            self.compare(earlier)

    def tick(self) -> None:
        """Seconds go on while something runs."""
        if any(model.phase is Phase.COMPUTING or model.rules_running for model in self._models.values()):
            self._face.draw_frame()

    def look_at_file(self) -> None:
        """Has the file changed, is it free again? With --watch that is compared anew by itself."""
        model = self.model
        if model is None:
            if self.ask.watch:
                self.open()
            return
        if model.phase is Phase.COMPUTING:
            return
        mark = self._shared.mark()
        if mark != self._last_mark:
            self._last_mark = mark
            self._face.draw_frame()
        changed = mark != model.mark
        if changed and (self.ask.watch or self._holder is not None or model.phase is Phase.WAITING):
            self.compare_anew()

    def compare_anew(self) -> None:
        """Compare anew; figures that stand stay on the screen until then."""
        model = self.model
        if model is None:
            self.open()
        elif model.phase is not Phase.COMPUTING and not model.rules_running:
            for period in [one for one in self._models if one != model.period]:
                if self._models[period].phase is not Phase.COMPUTING:
                    self._models.pop(period).standing.close()
            self.compare(model.period, anew=True)

    def run_rules(self) -> None:
        """Run the rules of the period that is looked at, once, in the background."""
        model = self.model
        if model is None or not model.ready or model.rules:
            return
        model.rules = [RuleLine(policy) for policy in self.ask.rules()]
        model.rules_running = True

        def run() -> None:
            with model.standing.reading() as cursor:
                room = apart(cursor, model.standing.request)
            for place, line in enumerate(model.rules):
                if self._closing:
                    raise StoppedError
                (counted,) = measure(room, [line.policy], model.period, self.ask.rule_time_limit)
                model.standing.remember(line.rule.code, [row[: len(COLUMNS)] for row in counted.rows])
                outcome = judge(line.policy, counted)
                self._later(self._rule_ended, model, place, replace(outcome, rows=()), len(counted.rows))

        self._in_thread(run, lambda _: None, lambda error: self._rules_refused(model, error))

    def _rule_ended(self, model: PeriodView, place: int, outcome: Outcome, found: int) -> None:
        line = model.rules[place]
        line.status, line.of, line.found = outcome.status, outcome.of, found
        line.reason = reason(outcome, self.ask.lang)
        model.rules_done = place + 1
        model.rules_running = model.rules_done < len(model.rules)

    def _rules_refused(self, model: PeriodView, error: KantaGapError) -> None:
        model.rules, model.rules_done, model.rules_running = [], 0, False
        self._refused(error)
