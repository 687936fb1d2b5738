"""How a share, a class and a status look: a mark that carries the meaning, and a colour that only repeats it.

Colours run from blue (archived) to orange (lacking), which every kind of colour vision tells apart, and differ in
lightness too. Without colour nothing is lost: every colour stands beside a mark of its own.
"""

from __future__ import annotations

from rich.style import Style

from analyser.coverage.condition_values import ConditionStatus
from analyser.coverage.result import CellStatus, RowClass

_LEVELS = "▁▂▃▄▅▆▇█"
"""A share as a column that fills up; the full one only for everything."""

CLASS_MARKS = {
    RowClass.ARCHIVED: "█",
    RowClass.PARTIAL: "▓",
    RowClass.MISSING: "×",
    RowClass.UNDETERMINED: "?",
    RowClass.EXCLUDED: "·",
}
CLASS_STYLES = {
    RowClass.ARCHIVED: Style(color="#5b9bd5"),
    RowClass.PARTIAL: Style(color="#f6b26b"),
    RowClass.MISSING: Style(color="#e8833a", bold=True),
    RowClass.UNDETERMINED: Style(color="#c9b8e8"),
    RowClass.EXCLUDED: Style(dim=True),
}
CONDITION_MARKS = {ConditionStatus.MET: "✓", ConditionStatus.NOT_MET: "×", ConditionStatus.UNKNOWN: "?"}
CONDITION_STYLES = {
    ConditionStatus.MET: Style(color="#5b9bd5", bold=True),
    ConditionStatus.NOT_MET: Style(color="#e8833a", bold=True),
    ConditionStatus.UNKNOWN: Style(color="#c9b8e8", bold=True),
}
GOOD, BAD, DOUBTFUL = (
    CONDITION_STYLES[status] for status in (ConditionStatus.MET, ConditionStatus.NOT_MET, ConditionStatus.UNKNOWN)
)
FAINT = Style(dim=True)
STRONG = Style(bold=True)

_HEAT = (
    (1.0, Style(color="#ffffff", bgcolor="#0b5394")),
    (0.95, Style(color="#000000", bgcolor="#6fa8dc")),
    (0.8, Style(color="#000000", bgcolor="#bdd7ee")),
    (0.5, Style(color="#000000", bgcolor="#fbe0c3")),
    (0.2, Style(color="#000000", bgcolor="#f6b26b")),
    (0.0, Style(color="#000000", bgcolor="#e07b28")),
)
_UNDECIDED = Style(color="#000000", bgcolor="#c9b8e8")


def level(share: float | None, status: CellStatus) -> str:
    """One character for a share: a column from ▁ (nothing) to █ (everything); ? and · where there is none."""
    if share is None:
        return "?" if status is CellStatus.UNDETERMINED else "·"
    if share >= 1:
        return "?" if status is CellStatus.UNDETERMINED else _LEVELS[-1]
    return _LEVELS[int(share * 7)] if share > 0 else "_"


def heat(share: float | None, status: CellStatus) -> Style:
    """The colours of a share."""
    if status is CellStatus.UNDETERMINED:
        return _UNDECIDED
    if share is None:
        return FAINT
    return next(style for least, style in _HEAT if share >= least)


def bar(share: float | None, columns: int) -> str:
    """A horizontal bar. Never empty above 0, never full below 1."""
    if share is None:
        return "·" * columns
    filled = int(share * columns)
    if share > 0:
        filled = max(1, filled)
    if share < 1:
        filled = min(columns - 1, filled)
    return "█" * filled + "░" * (columns - filled)
