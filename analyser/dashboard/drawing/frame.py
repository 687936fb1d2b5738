"""One frame without a terminal: for CI, for a mail, for a look in passing. The same request gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from analyser.coverage.result import Period
from analyser.dashboard.drawing.marks import STRONG
from analyser.dashboard.drawing.overview import OverviewFrame, overview_lines
from analyser.messages.catalogue import day, text


def frame(shown: OverviewFrame, lang: str, *, width: int, color: bool) -> str:
    """The overview as text, no line wider than `width`, plain unless colour is wanted."""
    return plain(
        [headline(shown.result.period, lang, width), Text(""), *overview_lines(shown, lang, width)], width, color
    )


def headline(period: Period, lang: str, width: int, view: str = "", state: str = "") -> Text:
    """The first line: program, period, and on the right what is going on."""
    line = Text(f" kanta-gap  {period.id}  {day(lang, period.start)} – {day(lang, period.end)}", STRONG, no_wrap=True)
    if period.assumed:
        line.append(f" ({text(lang, 'dashboard.assumed')})", "dim")
    if view:
        line.append(f"  {view}", "bold")
    if state:
        room = width - len(state) - 2
        line.truncate(max(0, room), overflow="ellipsis", pad=True)
        line.append(f" {state} ")
    line.truncate(width, overflow="ellipsis")
    return line


def plain(lines: Iterable[Text], width: int, color: bool) -> str:
    """Lines as text, with colours when they are wanted, and without white space at line ends."""
    buffer = io.StringIO()
    console = Console(
        file=buffer,
        width=width,
        force_terminal=color,
        no_color=not color,
        color_system="truecolor" if color else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    for line in lines:
        shown = line.copy()
        shown.rstrip()
        console.print(shown, no_wrap=True, overflow="ignore", crop=False, soft_wrap=True)
    return buffer.getvalue()
