"""What every screen has: the headline, the tabs, the bottom line of keys, and its place in the walk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, TypeVar, cast

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from analyser.coverage.browse import Pages
from analyser.dashboard.board import Board
from analyser.dashboard.drawing.frame import headline
from analyser.dashboard.export import Sheet
from analyser.dashboard.keys import KEYS, TABS, offered
from analyser.dashboard.state import PeriodView
from analyser.dashboard.widgets import KeyBar
from analyser.dashboard.work import Work
from analyser.messages.catalogue import text

_Found = TypeVar("_Found")


class View(Screen[None]):
    """A screen of the walk. Subclasses say their name, compose their body and draw what they know."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "line(1)", show=False),
        Binding("k", "line(-1)", show=False),
        Binding("g", "edge(0)", show=False),
        Binding("G", "edge(1)", show=False),
    ]
    view: ClassVar[str] = ""
    _asked_of: object = None

    @property
    def board(self) -> Board:
        """The dashboard that shows this screen."""
        return cast(Board, self.app)

    @property
    def work(self) -> Work:
        """What runs behind the screen, and what it has found."""
        return self.board.work

    @property
    def lang(self) -> str:
        """The language of all texts."""
        return self.work.ask.lang

    @property
    def model(self) -> PeriodView | None:
        """The period that is looked at."""
        return self.work.model

    def say(self, key: str, **values: object) -> str:
        """A text of the dashboard."""
        return text(self.lang, f"dashboard.{key}", **values)

    def compose(self) -> ComposeResult:
        """The frame around the body."""
        yield Static(id="headline", markup=False)
        yield KeyBar("tabs")
        yield from self.body()
        yield KeyBar("keys")

    def body(self) -> Iterable[Widget]:
        """What the screen is about."""
        return ()

    def on_mount(self) -> None:
        """Draw as soon as there is a size."""
        self.call_after_refresh(self.redraw)

    def on_resize(self) -> None:
        """Another size is another drawing."""
        self.call_after_refresh(self.redraw)

    def redraw(self) -> None:
        """Draw the frame, then the body."""
        if not self.is_mounted:
            return
        self.draw_frame()
        self.draw_body()

    def draw_frame(self) -> None:
        """The headline with what is going on, the tabs, the keys."""
        if not self.is_mounted:
            return
        width = self.app.size.width
        line = (
            headline(self.model.period, self.lang, width, state=self.work.state_told())
            if self.model
            else Text(" kanta-gap", "bold")
        )
        self.query_one("#headline", Static).update(line)
        self.query_one("#tabs", KeyBar).show(
            [
                (key.shown, self.say(f"view.{key.action}"), key.action, key.action == self.tab())
                for key in KEYS
                if key.action in TABS
            ]
        )
        keys = [(key.shown, self.say(f"key.{key.action}"), key.action, False) for key in offered(self.view)]
        self.query_one("#keys", KeyBar).show(keys)

    def tab(self) -> str:
        """The tab under which this screen lies."""
        return self.view

    def draw_body(self) -> None:
        """Draw what the screen is about."""

    def fetch_once(self, call: Callable[[Pages], _Found], then: Callable[[_Found], Any]) -> bool:
        """Fetch once for each state of the figures. True when there are none yet, or a fetch has just begun."""
        model = self.model
        if model is None or model.result is None:
            return True
        if self._asked_of is model.result:
            return False
        self._asked_of = model.result
        standing = model.standing
        self.work.fetch(lambda: call(standing), then)
        return True

    def action_line(self, step: int) -> None:
        """A line on or back, where a page and no table has the keys."""
        for page in self.query(VerticalScroll):
            page.scroll_relative(y=step, animate=False)

    def action_edge(self, end: int) -> None:
        """The first or the last line of the page."""
        for page in self.query(VerticalScroll):
            (page.scroll_end if end else page.scroll_home)(animate=False)

    def copied(self) -> str | None:
        """What `y` puts into the clipboard: the ID under the cursor; None where there is none."""
        return None

    def sheet(self) -> Sheet | None:
        """What is on the screen, for a file; None: nothing yet."""
        return None


class OnePage(View):
    """A screen of one page of lines that scrolls. Subclasses tell the lines."""

    def body(self) -> Iterable[Widget]:
        """One page that scrolls."""
        with VerticalScroll(id="page"):
            yield Static(id="content", markup=False)

    def on_mount(self) -> None:
        """The page takes the arrow keys."""
        super().on_mount()
        self.query_one("#page").focus()

    def draw_body(self) -> None:
        """The lines as they are by now."""
        self.query_one("#content", Static).update(Text("\n").join(self._lines()))

    def _lines(self) -> list[Text]:
        raise NotImplementedError
