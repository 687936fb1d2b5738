"""The county, built once a test process, and a copy of it for tests that write."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.dashboard.county import build


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county's database; not to be written."""
    path = tmp_path_factory.mktemp("county") / "county.duckdb"
    build(path)
    return path


@pytest.fixture
def own_county(county: Path, tmp_path: Path) -> Path:
    """A copy that a test may write."""
    return Path(shutil.copy(county, tmp_path / "own.duckdb"))
