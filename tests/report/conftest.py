"""The fixture county, read once: what every report is tried on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from analyser.archive.settings import ReadSettings
from analyser.coverage.model import Request
from analyser.coverage.periods import parse_period
from analyser.ingest.run import ingest
from analyser.register.load import read_register
from analyser.store.database import Database, open_database
from analyser.store.register_load import load_register
from analyser.synth.content import ORGANISER
from tests.fixtures.make_county import COUNTY


@pytest.fixture(scope="package")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database with the fixture county."""
    path = tmp_path_factory.mktemp("county") / "county.duckdb"
    with open_database(path, write=True) as database:
        ingest(database, [COUNTY / "archive"], ReadSettings(database.secret), workers=1)
        for file in sorted(COUNTY.glob("*.csv")):
            load_register(database, read_register(file, None, database.secret))
        yield database


@pytest.fixture(scope="package")
def request_2025q1() -> Request:
    """The quarter that the county's stories are about."""
    return Request(parse_period("2025Q1"), organisers=(ORGANISER,))
