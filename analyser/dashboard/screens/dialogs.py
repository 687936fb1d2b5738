"""Small windows over a screen: which rows, which period, which file, which keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import DataTable, Input, SelectionList, Static

from analyser.coverage.periods import CalendarEntry
from analyser.coverage.result import Period, Reason, RowClass
from analyser.dashboard.drawing.marks import BAD, CLASS_MARKS, DOUBTFUL, FAINT, GOOD, STRONG
from analyser.dashboard.drawing.overview import wrapped
from analyser.dashboard.keys import KEYS, KeyBinding
from analyser.dashboard.widgets import Boxes, Table
from analyser.messages.catalogue import day, number, text
from analyser.report.words import days_left

Chosen = tuple[tuple[RowClass, ...], tuple[Reason, ...]]


class FilterDialog(ModalScreen[Chosen | None]):
    """Classes and reasons; nothing chosen means all. Space chooses, Enter accepts, Esc leaves everything as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,f", "apply", show=False, priority=True),
        Binding("escape", "leave", show=False),
        Binding("c", "clear", show=False),
    ]

    def __init__(
        self, lang: str, chosen: Chosen, classes: Mapping[RowClass, int], reasons: Mapping[Reason, int]
    ) -> None:
        super().__init__()
        self._lang, self._chosen, self._class_rows, self._reason_rows = lang, chosen, classes, reasons

    def compose(self) -> ComposeResult:
        """Two lists, each entry with its number of rows."""
        classes, reasons = self._chosen
        with Vertical(classes="dialog"):
            yield Static(text(self._lang, "dashboard.filter.title"), markup=False, classes="title")
            yield Static(text(self._lang, "dashboard.filter.classes"), markup=False)
            yield Boxes[RowClass](
                [
                    (
                        self._entry(f"{CLASS_MARKS[one]} {text(self._lang, f'report.class.{one.value}')}", rows),
                        one,
                        one in classes,
                    )
                    for one, rows in self._class_rows.items()
                ],
                "classes",
            )
            yield Static(text(self._lang, "dashboard.filter.reasons"), markup=False)
            yield Boxes[Reason](
                [
                    (self._entry(text(self._lang, f"reason.{one.value}.what"), rows), one, one in reasons)
                    for one, rows in self._reason_rows.items()
                ],
                "reasons",
            )

    def _entry(self, words: str, rows: int) -> Text:
        return Text(f"{number(self._lang, rows):>9}  {words}", no_wrap=True)

    def action_apply(self) -> None:
        """Close with what is chosen."""
        self.dismiss(
            (
                tuple(one for one in RowClass if one in self.query_one("#classes", SelectionList).selected),
                tuple(one for one in Reason if one in self.query_one("#reasons", SelectionList).selected),
            )
        )

    def action_clear(self) -> None:
        """Close with nothing chosen."""
        self.dismiss(((), ()))

    def action_leave(self) -> None:
        """Nothing changes."""
        self.dismiss(None)


class PeriodDialog(ModalScreen[Period | None]):
    """The periods with their rows and deadlines."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,p", "leave", show=False)]

    def __init__(self, lang: str, calendar: Sequence[CalendarEntry], here: Period | None, today: dt.date) -> None:
        super().__init__()
        self._lang, self._calendar, self._here, self._today = lang, calendar, here, today

    def compose(self) -> ComposeResult:
        """One period a line."""
        with Vertical(classes="dialog"):
            yield Static(text(self._lang, "dashboard.period.title"), markup=False, classes="title")
            yield Table(id="periods", cursor_type="row", zebra_stripes=True)
            yield Static(text(self._lang, "report.note.assumed"), markup=False)

    def on_mount(self) -> None:
        """The cursor stands on the period that is shown."""
        table = self.query_one("#periods", DataTable)
        for name in ("period", "start", "end", "deadline", "left", "rows"):
            table.add_column(text(self._lang, f"report.column.{name}"), key=name)
        for place, entry in enumerate(self._calendar):
            period = entry.period
            table.add_row(
                period.id + (" *" if period.assumed else ""),
                day(self._lang, period.start),
                day(self._lang, period.end),
                day(self._lang, period.deadline) if period.deadline else "–",
                self._left(entry),
                Text(number(self._lang, entry.rows), justify="right"),
                key=str(place),
            )
            if period == self._here:
                table.move_cursor(row=place)
        table.focus()

    def _left(self, entry: CalendarEntry) -> str:
        return days_left(entry.period.deadline, self._today, self._lang, settled=entry.settled)

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter chooses."""
        if event.row_key.value is not None:
            self.dismiss(self._calendar[int(event.row_key.value)].period)

    def action_leave(self) -> None:
        """Nothing changes."""
        self.dismiss(None)


class ExportDialog(ModalScreen[None]):
    """The name of a file; writing it is told here, so that a wrong name can be mended."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, lang: str, name: str, write: Callable[[str, Callable[[str, bool], None]], None]) -> None:
        """`write` gets the name, and tells in its own time what came of it and whether that is good."""
        super().__init__()
        self._lang, self._suggested, self._write_file = lang, name, write

    def compose(self) -> ComposeResult:
        """A line to write in."""
        with Vertical(classes="dialog"):
            yield Static(text(self._lang, "dashboard.export.prompt"), markup=False, classes="title")
            yield Input(self._suggested, id="name", select_on_focus=False)
            yield Static(id="told", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Write it."""
        self._write_file(event.value.strip(), self._tell)

    def _tell(self, words: str, good: bool) -> None:
        if self.is_attached:
            self.query_one("#told", Static).update(Text(words, GOOD if good else BAD))

    def action_leave(self) -> None:
        """Back to the screen."""
        self.dismiss(None)


class PaletteDialog(ModalScreen[str | None]):
    """What can be done here, by name: type a part of it, Enter does it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
    ]

    def __init__(self, lang: str, view: str) -> None:
        super().__init__()
        self._lang = lang
        works = {key.action: key for key in KEYS if key.works_in(view) and key.action != "palette"}
        self._all = list(works.values())
        self._found: list[KeyBinding] = []

    def compose(self) -> ComposeResult:
        """A line to write in, and the list."""
        with Vertical(classes="dialog"):
            yield Input(placeholder=text(self._lang, "dashboard.palette.prompt"), id="wanted")
            yield Table(id="actions", cursor_type="row", show_header=False)

    def on_mount(self) -> None:
        """Everything, until something is typed."""
        table = self.query_one("#actions", DataTable)
        for name in ("key", "what"):
            table.add_column("", key=name)
        table.can_focus = False
        self._fill("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """What holds all words that are typed."""
        self._fill(event.value)

    def _fill(self, typed: str) -> None:
        told = {key.action: text(self._lang, f"dashboard.help.{key.action}") for key in self._all}
        words = typed.lower().split()
        self._found = [key for key in self._all if all(word in told[key.action].lower() for word in words)]
        table = self.query_one("#actions", DataTable)
        table.clear()
        for key in self._found:
            table.add_row(key.shown, told[key.action], key=key.action)

    def on_input_submitted(self) -> None:
        """Enter does what the cursor is on."""
        row = self.query_one("#actions", DataTable).cursor_row
        self.dismiss(self._found[row].action if self._found else None)

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """So does a click."""
        self.dismiss(event.row_key.value)

    def action_move(self, step: int) -> None:
        """The cursor, while one types."""
        table = self.query_one("#actions", DataTable)
        table.move_cursor(row=table.cursor_row + step)

    def action_leave(self) -> None:
        """Nothing is done."""
        self.dismiss(None)


class HelpDialog(ModalScreen[None]):
    """All keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q", "leave", show=False),
    ]

    def __init__(self, lang: str) -> None:
        super().__init__()
        self._lang = lang

    def compose(self) -> ComposeResult:
        """One key a line."""
        with VerticalScroll(classes="dialog", id="help"):
            yield Static(Text("\n").join(help_lines(self._lang, 70)), markup=False)

    def on_mount(self) -> None:
        """The page takes the arrow keys."""
        self.query_one("#help").focus()

    def action_leave(self) -> None:
        """Back to the screen."""
        self.dismiss(None)


_MOVING = (
    ("↑ ↓ ← →", "arrows"),
    ("PgUp PgDn", "pages"),
    ("Home End", "ends"),
    ("Enter", "enter"),
    ("Tab", "tab"),
    ("h j k l g G", "vi"),
)


def help_lines(lang: str, width: int) -> list[Text]:
    """All keys with what they do."""
    lines = [Text(text(lang, "dashboard.help.title"), STRONG)]
    for shown, name in _MOVING:
        lines += _key(shown, text(lang, f"dashboard.help.{name}"), width)
    lines.append(Text(""))
    for key in KEYS:
        words = text(lang, f"dashboard.help.{key.action}")
        if key.views:
            words += f" ({', '.join(text(lang, f'dashboard.view.{view}') for view in key.views)})"
        lines += _key(key.shown, words, width)
    return [*lines, Text(""), *wrapped(text(lang, "dashboard.help.persons"), width, FAINT)]


def _key(shown: str, words: str, width: int) -> list[Text]:
    lines = wrapped(words, width - 11)
    for place, line in enumerate(lines):
        lines[place] = Text(f"{shown if not place else '':>10} ", DOUBTFUL, no_wrap=True).append_text(line)
    return lines
