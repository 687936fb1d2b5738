"""For all tests: no example of a property is judged by the clock, which a busy machine would make fail by chance;
DuckDB takes one thread where several prove nothing; and what tests write lies in memory where the machine has room.

Three workers on two cores leave no core waiting while a test waits for something; with two threads each they would
spend a tenth of their time waiting for one another. What may depend on the order of threads (the model, the oracle, a
check and a delivery whose bytes are compared) is tried with as many as DuckDB takes by itself, and so is loading, which
sets their number.

Some thousand small databases are written and synced to the disk: on a slow disk the workers wait a third of their time.
TMPDIR, where it is set, is heeded.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

_MEMORY = Path("/dev/shm")
_ROOM = 4 << 30  # bytes free that a run must find there; it uses some hundred million


def _in_memory() -> bool:
    """Whether files can lie there: enough room, and what tests install there can be run."""
    if not os.access(_MEMORY, os.W_OK):
        return False
    state = os.statvfs(_MEMORY)
    return state.f_bavail * state.f_frsize >= _ROOM and not state.f_flag & os.ST_NOEXEC


if "TMPDIR" not in os.environ and _in_memory():
    os.environ["TMPDIR"] = str(_MEMORY)  # for the commands that tests start, too
    tempfile.tempdir = None  # read anew

_SEVERAL = {"oracle", "coverage", "sql", "test_loader.py", "test_same_bytes.py", "test_chain.py"}
_connect = duckdb.connect
_one_thread = False


def _connected(*arguments: Any, **options: Any) -> duckdb.DuckDBPyConnection:
    opened = _connect(*arguments, **options)
    if _one_thread:
        opened.execute("SET threads = 1")
    return opened


duckdb.connect = _connected


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Choose for this test, and for the fixtures that are made for it."""
    global _one_thread
    _one_thread = not _SEVERAL & set(item.path.parts)


_LONGEST = """
    docs/test_docs rules/test_cases register/test_refused store/test_rewrites dashboard/test_walk
    report/test_result_schemas privacy/test_offline privacy/test_encryption oracle/test_parts store/test_kills
    privacy/test_safety hostile/test_set rules/test_user_rules cli/test_command conditions/test_conditions
    register/test_versions delivery/test_services delivery/test_followed privacy/test_canaries privacy/test_audit
    delivery/test_profiles store/test_keeping store/test_two_at_once hostile/test_register
"""
"""Files that take longest begin first, so that no worker is left with one of them when the others have ended."""


def pytest_configure(config: pytest.Config) -> None:
    """Workers take files in the order below, not by how many tests they hold."""
    config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test marked as long waits for `make long`; docs/contributing.md says what holds its guarantee until then."""
    place = {name: number for number, name in enumerate(_LONGEST.split())}
    items.sort(key=lambda item: place.get("/".join(item.path.with_suffix("").parts[-2:]), len(place)))
    if not (os.environ.get("TESTS_LONG") or os.environ.get("TESTS_GOLDEN")):
        for item in items:
            if item.get_closest_marker("long"):
                item.add_marker(pytest.mark.skip(reason="long: make long"))


@pytest.fixture
def keeps_all() -> Iterator[None]:
    """Everything that can be kept between questions is kept, however quick, and nothing once the test has ended."""
    from analyser.system.keeping import Keeping, keep_with

    keep_with(Keeping(0.0))
    yield
    keep_with(None)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A small database in which rows were deleted, so that others stand in other places than first."""
    from analyser.store.database import open_database
    from tests.coverage.test_stand_alone import _STORE

    path = tmp_path / "kanta-gap.duckdb"
    with open_database(path, write=True) as database:
        database.connection.execute(_STORE)
    return path
