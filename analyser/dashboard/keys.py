"""Every key of the dashboard, in one table: what binds them, what the bottom line offers, and what `?` explains."""

from __future__ import annotations

from dataclasses import dataclass

TABS = ("overview", "heat", "rows", "rules", "quarantine")
"""The views that stand beside each other; the others lie deeper."""


@dataclass(frozen=True, slots=True)
class Key:
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
    Key("1", "1", "overview", offered=False),
    Key("2", "2", "heat", offered=False),
    Key("3", "3", "rows", offered=False),
    Key("4", "4", "rules", offered=False),
    Key("5", "5", "quarantine", offered=False),
    Key("escape,backspace", "Esc", "back", ("rows", "row", "document", "rule", "search", "conditions")),
    Key("o", "o", "conditions", ("overview",)),
    Key("f", "f", "filter", ("rows",)),
    Key("a", "a", "clear", ("rows",)),
    Key("d", "d", "dimension", ("heat",)),
    Key("v", "v", "figure", ("heat",)),
    Key("c", "c", "compare", ("overview", "heat")),
    Key("p", "p", "period", (*TABS, "row")),
    Key("comma", ",", "previous_period", TABS, offered=False),
    Key("full_stop", ".", "next_period", TABS, offered=False),
    Key("slash,s", "/", "search"),
    Key("e", "e", "export"),
    Key("r,f5", "r", "refresh", offered=False),
    Key("question_mark,f1", "?", "help"),
    Key("q", "q", "quit"),
)


def offered(view: str) -> list[Key]:
    """The keys that the bottom line of a view names."""
    return [key for key in KEYS if key.offered and key.works_in(view)]
