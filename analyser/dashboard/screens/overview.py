"""The first screen: verdict, conditions, reasons. While figures are computed: what is known, and how far it is."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text

from analyser.coverage.result import Dimension
from analyser.dashboard.drawing.marks import DOUBTFUL, FAINT, STRONG, bar
from analyser.dashboard.drawing.overview import OverviewFrame, overview_lines, wrapped
from analyser.dashboard.export import Sheet
from analyser.dashboard.screens.view import OnePage, View
from analyser.dashboard.state import PeriodView, Phase
from analyser.messages.catalogue import text
from analyser.report.words import reasons_told


class OverviewScreen(OnePage):
    """The verdict and what it rests on."""

    view: ClassVar[str] = "overview"

    def sheet(self) -> Sheet | None:
        """Figures of the whole period."""
        model = self.model
        if model is None or model.result is None:
            return None
        totals = model.result.totals
        names = ("rows", "excluded", "undetermined", "archived", "partial", "missing", "archived_only")
        shares = ("coverage_rows", "coverage_days", "coverage_persons")
        rows: list[tuple[object, ...]] = [(name, getattr(totals, name)) for name in (*names, *shares)]
        rows += [(f"reason:{reason.value}", count) for reason, count in reasons_told(model.result)]
        return Sheet("overview", ("figure", "value"), rows, self._lines())

    def _lines(self) -> list[Text]:
        model, width = self.model, max(40, self.app.size.width - 2)
        if model is None or model.result is None:
            return waiting_lines(self, model, width)
        before = self.work.before
        shown = OverviewFrame(
            model.result,
            model.runs,
            before.result if before else None,
            self.work.ask.now().date(),
            model.maps.get(Dimension.MUNICIPALITY),
        )
        return overview_lines(shown, self.lang, width)


def waiting_lines(view: View, model: PeriodView | None, width: int) -> list[Text]:
    """What is known before anything is compared, and how far the comparison is."""
    lang, glance = view.lang, view.work.look.glance
    lines = [Text("")]
    if glance is not None:
        told = view.say("state.begin", rows=glance.register_rows, documents=glance.documents)
        lines += wrapped(told, width, STRONG)
        if glance.quarantined:
            lines += wrapped(view.say("state.known", quarantined=glance.quarantined), width)
    if model is None or model.phase is Phase.WAITING:
        lines += wrapped(view.work.state_told(), width, DOUBTFUL)
    elif model.phase is Phase.FAILED:
        lines += wrapped(text(lang, "dashboard.state.failed", why=model.why), width, DOUBTFUL)
    else:
        share = model.step / model.steps if model.steps else 0.0
        line = Text(f" {bar(share, min(40, width - 30))} ", no_wrap=True)
        line.append(view.say("state.computing", done=model.step, whole=model.steps or "…"))
        if model.began is not None:
            seconds = (view.work.ask.now() - model.began).total_seconds()
            line.append(f"  {view.say('state.seconds', seconds=int(seconds))}", FAINT)
        lines += [Text(""), line]
    return lines
