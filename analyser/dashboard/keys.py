"""Every key of the dashboard, in one table: what binds them, what the bottom line offers, and what `?` explains."""

from __future__ import annotations

from dataclasses import dataclass

TABS = ("overview", "heat", "rows", "rules", "quarantine", "trend")
"""The views that stand beside each other; the others lie deeper."""


@dataclass(frozen=True, slots=True)
class KeyBinding:
    """A key: its names for the terminal, how it is shown, and its action, which also names its texts."""

    names: str
    shown: str
    action: str
    views: tuple[str, ...] = ()
    """Where it works; empty: everywhere."""
    offered: bool = True
    """Whether the bottom line names it where it works."""

    def works_in(self, view: str) -> bool:
        """Whether the key does anything in a view."""
        return not self.views or view in self.views


KEYS = (
    KeyBinding("1", "1", "overview", offered=False),
    KeyBinding("2", "2", "heat", offered=False),
    KeyBinding("3", "3", "rows", offered=False),
    KeyBinding("4", "4", "rules", offered=False),
    KeyBinding("5", "5", "quarantine", offered=False),
    KeyBinding("6", "6", "trend", offered=False),
    KeyBinding(
        "escape,backspace",
        "Esc",
        "back",
        ("rows", "row", "document", "rule", "search", "conditions", "mending", "groups"),
    ),
    KeyBinding("o", "o", "conditions", ("overview",)),
    KeyBinding("w", "w", "mending", ("overview", "heat")),
    KeyBinding("f", "f", "filter", ("rows",)),
    KeyBinding("slash", "/", "type", ("rows",)),
    KeyBinding("t", "t", "order", ("rows", "rules")),
    KeyBinding("b", "b", "group", ("rows", "groups")),
    KeyBinding("a", "a", "clear", ("rows",)),
    KeyBinding("d", "d", "dimension", ("heat",)),
    KeyBinding("v", "v", "figure", ("heat",)),
    KeyBinding("c", "c", "compare", ("overview", "heat")),
    KeyBinding("p", "p", "period", (*TABS, "row")),
    KeyBinding("comma", ",", "previous_period", TABS, offered=False),
    KeyBinding("full_stop", ".", "next_period", TABS, offered=False),
    # Where `/` narrows nothing, it looks for an ID as well: of the bindings of a key the first that works counts.
    KeyBinding("s,slash", "s", "search"),
    KeyBinding("y", "y", "copy", offered=False),
    KeyBinding("colon,ctrl+p", ":", "palette", offered=False),
    KeyBinding("e", "e", "export"),
    KeyBinding("r,f5", "r", "refresh", offered=False),
    KeyBinding("question_mark,f1", "?", "help"),
    KeyBinding("q", "q", "quit"),
)


def offered(view: str) -> list[KeyBinding]:
    """The keys that the bottom line of a view names."""
    return [key for key in KEYS if key.offered and key.works_in(view)]
