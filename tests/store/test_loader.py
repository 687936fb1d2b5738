"""Loading keeps little in memory, and a batch that needs more gets it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from analyser.archive.settings import ReadSettings
from analyser.ingest import loader
from analyser.ingest.run import ingest
from analyser.store.database import open_database
from analyser.synth.county import synthesise
from tests.store.dump import dump

_SETTINGS = ReadSettings(b"k" * 32)


def _ingested(archive: Path, database: Path) -> dict[str, list[str]]:
    with open_database(database, write=True) as opened:
        (before,) = opened.connection.execute("SELECT current_setting('threads')").fetchone() or (0,)
        ingest(opened, [archive], _SETTINGS)
        (after,) = opened.connection.execute("SELECT current_setting('threads')").fetchone() or (0,)
    assert after == before
    return dump(database)


def test_a_batch_that_needs_more_memory_than_the_loader_has_is_loaded_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "county" / "archive"
    synthesise(archive.parent, persons=60, seed=4)
    usual = _ingested(archive, tmp_path / "usual.duckdb")
    load = loader.load_batch
    refused: list[int] = []

    def first_refused(connection: duckdb.DuckDBPyConnection, *given: object) -> None:
        limit = connection.execute("SELECT current_setting('memory_limit')").fetchone()
        if not refused:
            assert limit == ("61.0 MiB",)
            refused.append(1)
            load(connection, *given)  # type: ignore[arg-type]
            raise duckdb.OutOfMemoryException
        assert limit != ("61.0 MiB",)
        load(connection, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(loader, "load_batch", first_refused)
    assert _ingested(archive, tmp_path / "refused.duckdb") == usual
    assert refused


def test_after_loading_the_database_has_all_its_memory_again(tmp_path: Path) -> None:
    archive = tmp_path / "county" / "archive"
    synthesise(archive.parent, persons=3, seed=4)
    large = "CREATE TEMP TABLE large AS SELECT range AS n, repeat('x', 100) || range AS told FROM range(1_500_000)"
    with open_database(tmp_path / "k.duckdb", write=True) as opened:
        # Nothing can give way to the disk, so that a limit would be felt.
        opened.connection.execute("SET max_temp_directory_size = '0KiB'")
        opened.connection.execute("SET memory_limit = '64MB'")
        with pytest.raises(duckdb.OutOfMemoryException):
            opened.connection.execute(large)
        opened.connection.execute("SET memory_limit = '2GB'")
        ingest(opened, [archive], _SETTINGS)
        opened.connection.execute(large)


def test_what_does_not_fit_at_all_is_the_error_of_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / "county" / "archive"
    synthesise(archive.parent, persons=3, seed=4)

    def refused(*_: object) -> None:
        raise duckdb.OutOfMemoryException("no room")

    monkeypatch.setattr(loader, "load_batch", refused)
    with open_database(tmp_path / "k.duckdb", write=True) as opened, pytest.raises(duckdb.OutOfMemoryException):
        ingest(opened, [archive], _SETTINGS)


def test_a_real_batch_fits_into_the_memory_of_the_loader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No second try for ordinary documents: the bound is not below what they take."""
    archive = tmp_path / "county" / "archive"
    synthesise(archive.parent, persons=300, seed=5)
    tries: list[int] = []
    load = loader.load_batch
    monkeypatch.setattr(loader, "load_batch", lambda *given: (tries.append(1), load(*given))[1])
    with open_database(tmp_path / "k.duckdb", write=True) as opened:
        ingest(opened, [archive], _SETTINGS)
    assert len(tries) == 1


def test_after_an_ingest_nothing_is_left_for_the_closing_of_the_file(tmp_path: Path) -> None:
    archive = tmp_path / "county" / "archive"
    synthesise(archive.parent, persons=3, seed=4)
    log = tmp_path / "k.duckdb.wal"
    with open_database(tmp_path / "k.duckdb", write=True) as opened:
        opened.connection.execute("CREATE TABLE beside AS SELECT 1 AS one")
        assert log.stat().st_size > 0
        ingest(opened, [archive], _SETTINGS)
        assert not log.exists() or log.stat().st_size == 0


def test_what_is_put_in_place_takes_more_memory_only_when_it_must(tmp_path: Path) -> None:
    limits: list[str] = []

    class Refusing:
        """Has no room for the first try."""

        def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
            self._connection = connection

        def execute(self, sql: str, values: object = None) -> duckdb.DuckDBPyConnection:
            if sql == "CHECKPOINT":
                limits.append(_limit(self._connection))
                if len(limits) == 1:
                    raise duckdb.OutOfMemoryException
            return self._connection.execute(sql, values)

    with open_database(tmp_path / "k.duckdb", write=True) as opened:
        opened.connection.execute("SET memory_limit = '2GiB'")
        loader.put_in_place(Refusing(opened.connection))  # type: ignore[arg-type]
        assert limits == ["61.0 MiB", "2.0 GiB"]
        loader.put_in_place(opened.connection)
        assert _limit(opened.connection) == "2.0 GiB"


def _limit(connection: duckdb.DuckDBPyConnection) -> str:
    (limit,) = connection.execute("SELECT current_setting('memory_limit')").fetchone() or ("",)
    return str(limit)
