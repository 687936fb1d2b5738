"""Drives the dashboard without a terminal, and reads what stands on its screen."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import DataTable

from analyser.coverage.conditions import Thresholds
from analyser.coverage.model import Request
from analyser.coverage.result import Period
from analyser.dashboard.app import Dashboard
from analyser.dashboard.state import Ask
from analyser.rules.catalogue import rules
from analyser.rules.policy import Policy, policies
from analyser.store.shared import SharedDatabase

PERIOD = Period("2025Q1", dt.date(2025, 1, 1), dt.date(2025, 3, 31), dt.date(2025, 5, 15), assumed=False)
NOW = dt.datetime(2025, 4, 20, 12, 30)


def few_rules(folder: Path) -> list[Policy]:
    """Two rules of our own: frames must not change whenever the catalogue grows."""
    folder.mkdir(exist_ok=True)
    for code, where in (("Z01", "class = 'missing'"), ("Z02", "false")):
        (folder / f"{code}-example.sql").write_text(
            textwrap.dedent(
                f'''\
                /*
                code = "{code}"
                name = "example"
                severity = "error"
                [title]
                en = "rows without a day in the archive"
                [guidance]
                en = "archive them"
                [of]
                en = "register rows"
                sql = "SELECT count(*) FROM ledger"
                [basis]
                en = "703/2023 38 §"
                [fixed_by]
                en = "service unit"
                */
                SELECT source_id AS subject, person_key, service_task, municipality, NULL AS document, NULL AS place
                FROM ledger
                WHERE {where}
                '''
            )
        )
    return policies([rule for rule in rules([folder]) if rule.code.startswith("Z")], {})


def dashboard(database: Path, lang: str = "en", *, color: bool = True, watch: bool = False) -> Dashboard:
    """The dashboard of a county, with a clock that stands still."""
    ask = Ask(
        lang=lang,
        request=Request,
        chosen=lambda _: PERIOD,
        rules=lambda: few_rules(database.parent / "rules"),
        thresholds=Thresholds(),
        rule_time_limit=60,
        now=lambda: NOW,
        color=color,
        watch=watch,
    )
    return Dashboard(SharedDatabase(database), ask)


@asynccontextmanager
async def walking(app: Dashboard, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[Any]]:
    """The dashboard at work, once the first comparison stands. What ends it is raised here."""
    with closing(app.work._shared):
        async with app.run_test(size=size) as pilot:
            await settled(pilot)
            yield pilot
    if app.failure is not None:
        raise app.failure


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until nothing runs in the background any more, and what it brought is drawn."""
    quiet, drawn = 0, ""
    for _ in range(600):
        await pilot.pause()
        before, drawn = drawn, screen(pilot.app)
        quiet = 0 if _busy(pilot) or drawn != before else quiet + 1
        if quiet == 2:
            return
        await pilot.pause(0.01)
    raise AssertionError("something in the background does not end")


def _busy(pilot: Pilot[Any]) -> bool:
    """Workers that run, a screen that will draw itself yet, or tables that have not measured their columns."""
    shown = pilot.app.screen
    return (
        any(not worker.is_finished for worker in pilot.app.workers)
        or bool(shown._callbacks)
        or any(
            table._require_update_dimensions or table._new_rows or table._updated_cells
            for table in shown.query(DataTable)
        )
    )


async def press(pilot: Pilot[Any], *keys: str) -> str:
    """Press keys, one when the one before has had its effect; returns the screen."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)
    return screen(pilot.app)


def screen(app: Any) -> str:
    """What stands on the screen, as lines without colours."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips) + "\n"
