"""From the verdict to the XPath and back, by keys and by mouse."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import DataTable

from analyser.coverage.result import RowClass
from analyser.dashboard.app import Dashboard
from analyser.dashboard.keys import KEYS, TABS
from analyser.dashboard.screens.view import View
from analyser.dashboard.widgets import RowTable
from analyser.messages.languages import LANGUAGES
from tests.dashboard.county import RESTRICTED, UNITS
from tests.dashboard.walk import dashboard, press, screen, settled, walking

Walk = Callable[[Pilot[Any]], Awaitable[None]]


def walked(database: Path, walk: Walk, lang: str = "en", size: tuple[int, int] = (100, 30)) -> None:
    """Take a walk."""

    async def run() -> None:
        async with walking(dashboard(database, lang), size) as pilot:
            await walk(pilot)

    asyncio.run(run())


def test_from_a_cell_to_the_place_in_the_document_and_back(county: Path) -> None:
    async def walk(pilot: Pilot[Any]) -> None:
        heat = await press(pilot, "2")
        assert "By municipality" in heat
        assert "33.3" in heat
        rows = await press(pilot, "right", "right", "enter")
        assert "Municipality 092" in rows
        assert [line.split()[0] for line in rows.splitlines() if line.startswith(" R0")] == ["R06", "R03", "R01"]
        row = await press(pilot, "enter")
        assert "R06  missing  0 / 18 days archived" in row
        assert "check the newest version" in row
        assert "×" * 10 in row
        document = await press(pilot, "enter")
        assert "archive.zip: 16.xml" in document
        assert "ClinicalDocument/recordTarget[1]/patientRole/id" in document
        assert "/asiakkuusasiakirja/sosiaalihuollon_palvelutehtava/0" in document
        assert "R06  missing" in await press(pilot, "escape")
        assert "Municipality 092" in await press(pilot, "escape")
        assert "By municipality" in await press(pilot, "escape")

    walked(county, walk, size=(120, 60))


def test_partial_dates_and_uncovered_days_are_drawn(county: Path) -> None:
    async def walk(pilot: Pilot[Any]) -> None:
        drawn = await press(pilot, "3", "down", "down", "down", "down", "enter")
        assert "R05  partial" in drawn
        certain = next(line for line in drawn.splitlines() if "2025-02?" in line)
        assert "▒" * 5 in certain
        assert "█" * 5 in certain
        assert "Uncovered: 2025-01-01 – 2025-02-27" in drawn

    walked(county, walk, size=(140, 40))


def test_the_heat_map_breaks_down_by_every_dimension_and_tells_every_figure(county: Path) -> None:
    async def walk(pilot: Pilot[Any]) -> None:
        seen = [await press(pilot, "2")] + [await press(pilot, "d") for _ in range(4)]
        titles = ("By municipality", "By unit", "By age group", "By producer", "By municipality")
        for title, frame in zip(titles, seen, strict=True):
            assert title in frame
        assert UNITS[1] in seen[1]
        figures = [await press(pilot, "v") for _ in range(5)]
        for words, frame in zip(("days", "persons", "to be delivered", "points", "episodes"), figures, strict=True):
            assert words in frame.splitlines()[2]
        assert "▼−21.4" in figures[3]

    walked(county, walk)


def test_rows_are_filtered_by_class_and_reason_and_set_free_again(county: Path) -> None:
    async def walk(pilot: Pilot[Any]) -> None:
        assert "9 rows" in await press(pilot, "3")
        assert "Which rows?" in await press(pilot, "f")
        assert "3 rows  × missing 3" in await press(pilot, "space", "enter")
        only = await press(pilot, "f", "tab", "space", "enter")
        assert "1 row" in only
        assert "R04" in only
        assert "9 rows" in await press(pilot, "f", "c")
        await press(pilot, "f", "space", "enter")
        assert "9 rows" in await press(pilot, "a")
        # Boxes are told apart without colour, and Esc leaves everything as it was.
        assert "√ " not in await press(pilot, "f")
        assert "√ " in await press(pilot, "space")
        assert "9 rows" in await press(pilot, "escape")

    walked(county, walk)


def test_rows_are_put_together_by_a_column_and_a_group_within_a_group(county: Path) -> None:
    async def walk(pilot: Pilot[Any]) -> None:
        assert "Put together by: Class" in await press(pilot, "3", "b")
        tasks = await press(pilot, "b")
        assert [line.split()[-6:] for line in tasks.splitlines() if line.startswith(" 24 ")] == [
            ["5", "1", "2", "0", "2", "0"]
        ]
        rows = await press(pilot, "enter")
        assert "5 rows" in rows
        assert "Task: 24" in rows
        # Within the group by another column; back, the group is as it was, and behind it all rows.
        inner = await press(pilot, "b", "b", "b", "b")
        assert "Put together by: Municipality" in inner
        assert "Put together by" not in await press(pilot, "enter")
        assert "Put together by: Municipality" in await press(pilot, "escape")
        assert "5 rows" in await press(pilot, "escape")
        assert "Put together by: Task" in await press(pilot, "escape")
        assert "9 rows" in await press(pilot, "escape")

    walked(county, walk)


def test_the_trend_marks_the_period_that_is_looked_at(county: Path) -> None:
    async def walk(pilot: Pilot[Any]) -> None:
        trend = await press(pilot, "6")
        assert "▸2025Q1" in trend
        lacking = next(line for line in trend.splitlines() if line.startswith(" Lacking"))
        assert lacking.split()[-2:] == ["1", "5"], "a period after it would only repeat what never ended"
        assert "▸2024Q4" in await press(pilot, ",")
        later = await press(pilot, ".", ".")
        assert "▸2025Q2" in later
        assert "2024Q4" in later

    walked(county, walk)


def test_rows_follow_what_is_typed_and_stand_in_the_order_asked_for(county: Path) -> None:
    async def walk(pilot: Pilot[Any]) -> None:
        await press(pilot, "3")
        table = pilot.app.screen.query_one(RowTable)

        def names() -> list[str]:
            return [row.source_id for row in table.rows_shown]

        whole = names()
        await press(pilot, "slash", *"missing")
        await asyncio.sleep(0.3)
        await settled(pilot)
        assert [row.row_class for row in table.rows_shown] == [RowClass.MISSING] * 3
        await press(pilot, "space", *"vantaa")
        await asyncio.sleep(0.3)
        await settled(pilot)
        assert {row.municipality for row in table.rows_shown} == {"092"}
        assert "/vantaa" in screen(pilot.app)
        await press(pilot, "escape")
        await settled(pilot)
        assert names() == whole
        await press(pilot, "slash", *"010190-900P")
        assert "010190" not in screen(pilot.app)
        await press(pilot, "escape", "t")
        await settled(pilot)
        assert names() == sorted(whole)
        for _ in range(4):
            await press(pilot, "t")
        await settled(pilot)
        lacking = [row.days_expected - row.days_archived for row in table.rows_shown]
        assert lacking == sorted(lacking, reverse=True)
        assert "days" in screen(pilot.app).lower()

    walked(county, walk, size=(120, 40))


def test_commands_are_found_by_name_and_ids_are_copied(county: Path) -> None:
    copied: list[str] = []

    async def walk(pilot: Pilot[Any]) -> None:
        pilot.app.copy_to_clipboard = copied.append  # type: ignore[method-assign]
        assert "What shall be done?" in await press(pilot, "colon")
        assert "the ledger" in await press(pilot, *"ledger")
        assert "9 rows" in await press(pilot, "enter")
        table = pilot.app.screen.query_one(RowTable)
        await press(pilot, "j", "j", "k", "y")
        assert copied == [table.rows_shown[1].source_id]
        await press(pilot, "G")
        assert table.cursor_row == 8
        await press(pilot, "g", "1")
        mending = await press(pilot, "w")
        assert "rows to mend" in mending
        lines = pilot.app.screen.query_one(DataTable)
        told = sum(int(str(lines.get_row_at(place)[-1])) for place in range(lines.row_count))
        assert told == int(mending.split(" rows to mend")[0].split()[-1])
        await press(pilot, "2", "y")
        assert copied[-1].startswith("kanta-gap gaps --period 2025Q1 --service-task")
        await press(pilot, "4", "t", "t", "y")
        assert copied[-1] in {"Z01", "Z02"}

    walked(county, walk, size=(120, 40))


def test_an_id_is_found_and_opened(county: Path) -> None:
    cases = {
        "R06": "R06  missing  0 / 18 days archived",
        "1.2.246.10.99999901.14.2025.15": "archive.zip: 15.xml",
        "6" * 16: "1 row  × missing 1",
        "R10": "R10",  # a row of another period
    }

    async def walk(pilot: Pilot[Any]) -> None:
        for sought, found in cases.items():
            await press(pilot, "1", "slash")
            pilot.app.screen.query_one("#sought").value = sought  # type: ignore[attr-defined]
            assert sought[:20] in await press(pilot, "enter")
            assert found in await press(pilot, "enter")
            await press(pilot, "escape", "escape", "escape")

    walked(county, walk, size=(120, 50))


def test_an_identity_code_is_neither_searched_nor_left_on_the_screen(county: Path) -> None:
    async def walk(pilot: Pilot[Any]) -> None:
        await press(pilot, "slash", *"010190-900P")
        frame = await press(pilot, "enter")
        assert "010190" not in frame
        assert "person_key" in frame

    walked(county, walk)


def test_nobody_learns_where_a_restricted_person_lives(county: Path) -> None:
    async def walk(pilot: Pilot[Any]) -> None:
        seen = [
            await press(pilot, "3", "down", "down", "down", "down", "enter"),
            await press(pilot, "enter"),
            await press(pilot, "4", "5", "slash"),
        ]
        assert "Safety restriction" in seen[0]
        assert RESTRICTED in seen[0]
        for frame in seen:
            assert "753" not in frame
            assert UNITS[1] not in frame
        heat = await press(pilot, "escape", "2")
        assert "753" not in heat

    walked(county, walk, size=(160, 50))


def test_no_data_steers_the_terminal(county: Path) -> None:
    async def walk(pilot: Pilot[Any]) -> None:
        for keys in (("3",), ("end", "enter"), ("escape", "s")):
            assert "\x1b" not in await press(pilot, *keys)
        for key in "R08":
            await pilot.press(key)
        frame = await press(pilot, "enter")
        assert "R08�[31m" in frame
        assert "\x1b" not in frame

    walked(county, walk)


def test_a_period_is_switched_and_compared(county: Path) -> None:
    async def walk(pilot: Pilot[Any]) -> None:
        frame = screen(pilot.app)
        assert "Against the period before, 2024Q4" in frame
        earlier = await press(pilot, "comma")
        assert "2024Q4" in earlier.splitlines()[0]
        assert "2025Q1" in (await press(pilot, "full_stop")).splitlines()[0]
        assert "Which period?" in await press(pilot, "p")
        await press(pilot, "home", "enter")
        assert "2024Q4" in screen(pilot.app).splitlines()[0] or "2025Q1" in screen(pilot.app).splitlines()[0]

    walked(county, walk, size=(120, 50))


def test_rules_are_run_when_looked_at_and_lead_to_rows(county: Path) -> None:
    async def walk(pilot: Pilot[Any]) -> None:
        assert "1 of 2 rules found something" in await press(pilot, "4")
        rule = await press(pilot, "enter")
        assert "archive them" in rule
        assert "WHERE class = 'missing'" in rule
        row = await press(pilot, "down", "enter")
        assert "R06  missing" in row
        assert "Rules found: Z01" in row

    walked(county, walk, size=(120, 50))


def test_the_quarantine_tells_code_place_and_what_to_do(county: Path) -> None:
    async def walk(pilot: Pilot[Any]) -> None:
        frame = await press(pilot, "5", "down")
        assert "2 in quarantine" in frame
        assert "cut.xml" in frame
        assert "not-xml (parse): not an XML document" in frame

    walked(county, walk)


def test_what_is_on_the_screen_is_written_to_a_file(county: Path, tmp_path: Path) -> None:
    cases: tuple[tuple[tuple[str, ...], str, str], ...] = (
        ((), "figures.csv", "missing,3"),
        (("2",), "cells.csv", "service-task,24,092,3,"),
        (("3",), "rows.csv", "R06,6666666666666666,service-task,24"),
        (("3", "down", "enter"), "row.csv", "R06,missing,1.2.246.10.99999901.14.2025.16"),
        (("3", "down", "enter", "enter"), "document.csv", "documents,oid,1.2.246.10.99999901.14.2025.16"),
        (("4",), "rules.csv", "Z01,example,error,failed,3,9"),
        (("5",), "quarantine.csv", "archive.zip,cut.xml,parse,malformed-xml"),
        (("2",), "cells.txt", "33.3"),
        (("3",), "rows.txt", "R06  missing  24  2025-03-03"),
    )

    async def walk(pilot: Pilot[Any]) -> None:
        for keys, name, _ in cases:
            first, *further = keys or ("1",)
            await press(pilot, "1", first, *(["home"] if further else []), *further, "e")
            pilot.app.screen.query_one("#name").value = str(tmp_path / name)  # type: ignore[attr-defined]
            assert f"written: {name}" in await press(pilot, "enter"), name
            assert "exists already" in await press(pilot, "enter"), name
            await press(pilot, *["escape"] * (len(keys) + 1))

    walked(county, walk)
    for _, name, holds in cases:
        path = tmp_path / name
        written = path.read_text(encoding="utf-8")
        assert holds in written, name
        assert name.endswith(".csv") or "\x1b" not in written
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_help_tells_every_key_and_every_key_works(county: Path, lang: str) -> None:
    async def walk(pilot: Pilot[Any]) -> None:
        told = await press(pilot, "question_mark")
        for key in KEYS:
            assert f" {key.shown}  " in told, key
        await press(pilot, "escape")
        app = pilot.app
        assert isinstance(app, Dashboard)
        for key in KEYS:
            assert hasattr(app, f"action_{key.action}"), key
            for view in TABS:
                if view == getattr(app.screen, "view", ""):
                    assert app.check_action(key.action, ()) == key.works_in(view)

    walked(county, walk, lang, size=(100, 60))


def test_the_mouse_does_what_the_keys_do(county: Path) -> None:
    async def walk(pilot: Pilot[Any]) -> None:
        frame = screen(pilot.app)
        column = frame.splitlines()[1].index("Heat map")
        await pilot.click("#tabs", offset=(column, 0))
        await settled(pilot)
        assert "By municipality" in screen(pilot.app)
        lines = screen(pilot.app).splitlines()
        row = next(place for place, line in enumerate(lines) if line.startswith(" 092"))
        column = lines[row].index("33.3")
        for _ in range(2):  # the first click chooses, the second opens
            await pilot.click(offset=(column, row))
            await settled(pilot)
        assert "Municipality 092" in screen(pilot.app)
        column = screen(pilot.app).splitlines()[-1].index("Back")
        await pilot.click("#keys", offset=(column, 0))
        await settled(pilot)
        assert "By municipality" in screen(pilot.app)

    walked(county, walk)


def test_every_screen_fits_every_size(county: Path) -> None:
    async def walk(pilot: Pilot[Any]) -> None:
        for size in ((60, 16), (80, 24), (200, 60), (100, 30)):
            await pilot.resize_terminal(*size)
            for keys in (("1",), ("2",), ("3",), ("enter",), ("4",), ("5",)):
                frame = await press(pilot, *keys)
                assert len(frame.splitlines()) == size[1]
                assert all(len(line) <= size[0] for line in frame.splitlines())

    walked(county, walk)


def test_without_colour_marks_carry_everything(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def run() -> None:
        async with walking(dashboard(county, color=False), (100, 30)) as pilot:
            for key in ("1", "2", "3"):
                frame = await press(pilot, key)
                compositor = pilot.app.screen._compositor
                filters = pilot.app._filters
                for strip in compositor.render_strips():
                    for one in filters:
                        strip = strip.apply_filter(one, pilot.app.screen.styles.background)
                    colours = {
                        (segment.style.color, segment.style.bgcolor) for segment in strip if segment.style is not None
                    }
                    assert all(c is None or c.is_default for pair in colours for c in pair)
            assert "× missing" in frame

    asyncio.run(run())


def test_leaving_ends_it(county: Path) -> None:
    async def run() -> None:
        app = dashboard(county)
        async with walking(app) as pilot:
            assert isinstance(app.screen, View)
            await pilot.press("q")
            await pilot.pause()
        assert app.return_code == 0

    asyncio.run(run())
