"""While somebody else writes the database: what was computed last stays, and says so."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

from analyser.store.database import open_database
from tests.dashboard.test_browse import _WRITE
from tests.dashboard.walk import dashboard, press, screen, settled, walking


def test_the_last_state_stays_while_another_process_writes_and_is_renewed_afterwards(own_county: Path) -> None:
    async def run() -> None:
        app = dashboard(own_county, watch=True)
        async with walking(app, (160, 40)) as pilot:
            assert "5 episodes are not wholly in Kanta" in screen(app)
            with subprocess.Popen(
                [sys.executable, "-c", _WRITE, str(own_county)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            ) as writer:
                assert writer.stdout is not None
                writer.stdout.readline()
                told = await press(pilot, "r")
                assert f"process {writer.pid} is writing the database" in told
                assert "5 episodes are not wholly in Kanta" in told
                writer.communicate("")
            with open_database(own_county, write=True) as database:
                database.connection.execute("DELETE FROM register_episode WHERE source_id = 'R04'")
            app.work.look_at_file()
            await settled(pilot)
            fresh = screen(app)
            assert "4 episodes are not wholly in Kanta" in fresh
            assert "is writing" not in fresh

    asyncio.run(run())


def test_who_begins_while_another_writes_waits_with_watch_and_is_told_without(own_county: Path) -> None:
    async def run(writer: subprocess.Popen[str]) -> None:
        app = dashboard(own_county, watch=True)
        async with walking(app, (100, 30)) as pilot:
            assert f"process {writer.pid} is writing the database: waiting" in screen(app)
            writer.communicate("")
            app.work.look_at_file()
            await settled(pilot)
            assert "A separate delivery is needed" in screen(app)

    with subprocess.Popen(
        [sys.executable, "-c", _WRITE, str(own_county)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        asyncio.run(run(writer))


def test_a_change_is_told_and_not_acted_on_without_watch(own_county: Path) -> None:
    async def run() -> None:
        app = dashboard(own_county)
        async with walking(app, (120, 40)) as pilot:
            with open_database(own_county, write=True) as database:
                database.connection.execute("DELETE FROM register_episode WHERE source_id = 'R04'")
            app.work.look_at_file()
            await settled(pilot)
            assert "the database has changed: r compares anew" in screen(app)
            assert "5 episodes are not wholly" in screen(app)
            assert "4 episodes are not wholly" in await press(pilot, "r")

    asyncio.run(run())
