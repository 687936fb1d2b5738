"""Progress says what is done, never more, and the same result comes out whoever reads and in whatever order."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from analyser.archive.files import discover
from analyser.archive.settings import ReadSettings
from analyser.ingest import run as ingest_module
from analyser.ingest.progress import IngestProgress, IngestStage
from analyser.ingest.run import ingest
from analyser.store.database import open_database
from analyser.synth import synthesise

_OF_CONTENT = (
    "document", "document_person", "person_identity", "service_task_block", "client_period", "case_fact",
    "service_evidence", "document_task", "content_identity", "unit_name",
)  # fmt: skip


def _dump(database: Path) -> list[list[str]]:
    with open_database(database, write=False) as opened:
        found = [
            sorted(map(repr, opened.connection.execute(f"SELECT * FROM {name}").fetchall())) for name in _OF_CONTENT
        ]
        frames = "SELECT * EXCLUDE (member_key) FROM frame"
        aside = "SELECT content_hash, stage, code, message, place, oid, kind FROM quarantine"
        return found + [sorted(map(repr, opened.connection.execute(sql).fetchall())) for sql in (frames, aside)]


def _ingest(database: Path, archive: Path, workers: int = 1) -> list[IngestProgress]:
    told: list[IngestProgress] = []
    with open_database(database, write=True) as opened:
        ingest(opened, [archive], ReadSettings(b"k" * 32), workers=workers, progress=told.append)
    return told


@pytest.mark.parametrize("container", ["folder", "zip", "tar.zst"])
def test_progress_never_says_more_than_is_done(tmp_path: Path, container: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discover, "_SHARD_ENTRIES", 20)
    synthesise(tmp_path / "county", 40, container=container)  # type: ignore[arg-type]
    told = _ingest(tmp_path / "k.duckdb", tmp_path / "county" / "archive")
    shares = [progress.share for progress in told]
    assert len(told) > 10
    assert shares == sorted(shares)
    assert max(shares) < 1
    halfway = next(progress for progress in told if progress.share > 0.5)
    assert 0.25 < halfway.members / told[-1].members < 0.75
    assert [progress.members for progress in told] == sorted(progress.members for progress in told)
    assert told[-1].stage is IngestStage.LOADING
    assert told[-1].quarantined > 0
    again = _ingest(tmp_path / "k.duckdb", tmp_path / "county" / "archive")
    assert again[-1].members <= told[-1].quarantined + 1  # nothing is read anew but what another look may help


def test_the_same_comes_out_whoever_reads_and_in_whatever_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synthesise(tmp_path / "county", 30)
    folder = tmp_path / "county" / "archive"
    _ingest(tmp_path / "one.duckdb", folder)
    expected = _dump(tmp_path / "one.duckdb")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for name, order in (("forward", files), ("backward", files[::-1])):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as packed:
            for path in order:
                packed.write(path, path.name)
    for name in ("one", "other"):
        synthesise(tmp_path / name, 30, container="zip" if name == "one" else "tar.zst")
    monkeypatch.setattr(discover, "_SHARD_ENTRIES", 30)
    monkeypatch.setattr(ingest_module, "_BATCH_MEMBERS", 100)
    for place, (archive, workers) in enumerate(
        [
            (folder, 2),
            (tmp_path / "forward.zip", 1),
            (tmp_path / "backward.zip", 2),
            (tmp_path / "one" / "archive", 1),
            (tmp_path / "other" / "archive", 2),
        ]
    ):
        _ingest(tmp_path / f"{place}.duckdb", archive, workers)
        assert _dump(tmp_path / f"{place}.duckdb") == expected


def test_a_failed_batch_stops_the_ingest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise MemoryError

    synthesise(tmp_path / "county", 5)
    monkeypatch.setattr("analyser.ingest.loader.load_batch", failing)
    with pytest.raises(MemoryError):
        _ingest(tmp_path / "k.duckdb", tmp_path / "county" / "archive")
