"""Tables show what they hold: whole, however soon they are drawn, and as it is written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from textual.app import App, ComposeResult
from textual.widgets import DataTable

from analyser.dashboard.widgets import Table
from tests.dashboard.walk import screen, settled


class _One(App[None]):
    CSS = "Table { height: 1fr; }"

    def compose(self) -> ComposeResult:
        yield Table(cursor_type="row")


def _drawn(fill: Callable[[DataTable[object], App[None]], None]) -> str:
    async def run() -> str:
        async with _One().run_test(size=(60, 6)) as pilot:
            table = pilot.app.query_one(Table)
            table.add_column("a", key="a")
            await settled(pilot)
            fill(table, pilot.app)
            await settled(pilot)
            return screen(pilot.app)

    return asyncio.run(run())


def test_a_table_that_is_drawn_before_it_is_measured_is_not_cut() -> None:
    def fill(table: DataTable[object], _: App[None]) -> None:
        table.clear()
        table.add_row("a long word")
        table.render_lines(table.size.region)

    assert "a long word" in _drawn(fill)


@pytest.mark.parametrize("told", ["[red]word", "[/no] word", "a [b] c"])
def test_what_data_say_is_shown_and_not_obeyed(told: str) -> None:
    assert told in _drawn(lambda table, _: table.add_row(told) and None)
