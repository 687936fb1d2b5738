"""Parts of an archive add up to what one ingest reads, or nothing is loaded and it is told what is missing or wrong."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from analyser.archive.files import discover
from analyser.ingest.part_read import _machine
from analyser.synth import synthesise
from tests.archive.build import document
from tests.command import run_here
from tests.store.dump import dump

_GOOD = (0, 3)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county whose archive has documents, frames, faults, and a container that parts share; `empty.duckdb` and what
    one ingest makes of it."""
    folder = tmp_path_factory.mktemp("county")
    synthesise(folder / "county", 4)
    archive = folder / "county" / "archive"
    with zipfile.ZipFile(archive / "more.zip", "w") as packed:
        for number in range(25):
            packed.writestr(f"{number}.xml", document(oid=f"1.2.246.10.77.11.{number}"))
        packed.writestr("broken.xml", b"<ClinicalDocument")
    (folder / "nothing").mkdir()
    (folder / "nothing" / "x.txt").write_text("x")
    assert run_here(folder, "ingest", "nothing", "--db", "empty.duckdb", "-q").code == 3
    assert run_here(folder, "forget", "nothing", "--db", "empty.duckdb", "-q").code == 0
    shutil.copy(folder / "empty.duckdb", folder / "whole.duckdb")
    assert run_here(folder, "ingest", "county/archive", "--db", "whole.duckdb", "-q").code == 3
    return folder


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discover, "_SHARD_ENTRIES", 12)


def _copy(county: Path, tmp_path: Path) -> None:
    shutil.copytree(county / "county", tmp_path / "county", copy_function=shutil.copy2)
    shutil.copy(county / "empty.duckdb", tmp_path / "db.duckdb")


def _part(folder: Path, part: str, *more: str, out: str = "parts", db: str = "db.duckdb") -> int:
    words = ("ingest", "county/archive", "--part", part, "--out", out, "--db", db, "--workers", "1", "-q")
    return run_here(folder, *words, *more).code


def test_parts_load_what_one_ingest_reads(county: Path, tmp_path: Path, small_shards: None) -> None:
    """The same rows, the same bytes of an answer; the next ingest finds every file unchanged, loading again adds nothing."""
    (tmp_path / "county").symlink_to(county / "county")
    shutil.copy(county / "empty.duckdb", tmp_path / "db.duckdb")
    for part in (2, 1):
        assert _part(tmp_path, f"{part}/2", out=f"parts/host{part}") in _GOOD
    for file in (tmp_path / "parts").rglob("part-*"):
        assert os.name != "posix" or file.stat().st_mode & 0o077 == 0
        assert file.suffix != ".json" or str(tmp_path) not in file.read_text()
    for _ in range(2):
        loaded = run_here(tmp_path, "ingest", "--from", "parts", "--db", "db.duckdb")
        assert loaded.code == 3, loaded.err
        assert dump(tmp_path / "db.duckdb") == dump(county / "whole.duckdb")
    answers = [
        run_here(folder, "quarantine", "-f", "json", "--db", db).out
        for folder, db in ((tmp_path, "db.duckdb"), (county, "whole.duckdb"))
    ]
    assert answers[0] == answers[1] and "more.zip!broken.xml" in answers[0]
    again = run_here(tmp_path, "ingest", "county/archive", "--db", "db.duckdb")
    assert "0 documents (0 new) and 0 frames read" in again.err, again.err


def test_what_does_not_make_the_whole_is_refused_and_nothing_is_loaded(
    county: Path, tmp_path: Path, small_shards: None
) -> None:
    """Missing and damaged parts end with 3, those that do not belong together with 2; each says what to do."""
    _copy(county, tmp_path)
    before = dump(tmp_path / "db.duckdb")

    def refused(code: int, *told: str, more: tuple[str, ...] = (), db: str = "db.duckdb") -> None:
        done = run_here(tmp_path, "ingest", "--from", "parts", "--db", db, *more)
        assert (done.code, [one for one in told if one not in done.err]) == (code, []), done.err

    (tmp_path / "parts").mkdir()
    refused(3, "holds no part")
    assert _part(tmp_path, "1/2") in _GOOD
    refused(3, "missing: 2;")
    assert _part(tmp_path, "2/2") in _GOOD
    # The same part from two machines is one; with other content it is refused.
    twin = tmp_path / "parts" / "twin"
    twin.mkdir()
    manifest = next((tmp_path / "parts").glob("part-2-of-2.json"))
    told = json.loads(manifest.read_text())
    shutil.copy(tmp_path / "parts" / told["data"], twin)
    for changed, code, words in (
        ({"content": "0" * 64}, 2, "part 2/2 is there twice"),
        ({"parts": 4}, 2, "one of 4 parts"),
        ({"database": "0" * 16}, 2, "another database"),
        ({"tool_version": "0.0.1"}, 2, "version 0.0.1"),
        ({"reader": 1}, 2, "another version of its reader"),
        ({"sources": ["0" * 32]}, 2, "other sources"),
        ({"surveyed": "0" * 32}, 2, "files came, went or changed"),
        ({"settings": told["settings"] | {"voiding_words": "0"}}, 2, "voiding_words"),
        ({"data": "../../elsewhere"}, 3, "no whole manifest"),
    ):
        (twin / manifest.name).write_text(json.dumps(told | changed))
        refused(code, words)
    (twin / manifest.name).write_text(manifest.read_text()[:100])
    refused(3, "no whole manifest")
    shutil.rmtree(twin)
    (tmp_path / "kanta-gap.toml").write_text('open_ends = ["2099-12-31"]\n')
    refused(2, "open_ends")
    (tmp_path / "kanta-gap.toml").unlink()
    refused(2, "another database", db="other.duckdb")
    data = tmp_path / "parts" / told["data"]
    whole = data.read_bytes()
    data.write_bytes(whole[:-1] + b"?")
    refused(3, data.name, "nothing was loaded")
    assert dump(tmp_path / "db.duckdb") == before
    # A part that is damaged or of changed sources is read again, one that stands is not.
    assert (
        "was there already"
        in run_here(tmp_path, "ingest", "county/archive", "--part", "1/2", "--out", "parts", "--db", "db.duckdb").err
    )
    (tmp_path / "county" / "archive" / "new.xml").write_bytes(document(oid="1.2.246.10.77.11.900").encode())
    assert _part(tmp_path, "1/2") in _GOOD
    refused(2, "files came, went or changed")  # told before the damage of the other part
    # What a killed process of this machine began to write of the part goes with its next reading.
    for left in ("", ".wal"):
        (tmp_path / "parts" / f".part-2-of-2.{_machine()}-999999999{left}").write_bytes(b"begun")
    assert _part(tmp_path, "2/2") in _GOOD
    assert len([*(tmp_path / "parts").iterdir()]) == 4
    assert run_here(tmp_path, "ingest", "--from", "parts", "--db", "db.duckdb", "-q").code == 3


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["a", "--part", "3/2", "--out", "p"], "no part 3/2"),
        (["a", "--part", "0/2", "--out", "p"], "no part 0/2"),
        (["a", "--part", "x", "--out", "p"], "not ‘x’"),
        (["a", "--part", "1/2"], "--out DIR"),
        (["a", "--out", "p"], "no part is asked for"),
        (["a", "--from", "p"], "takes no source"),
        (["--from", "nowhere"], "no folder ‘nowhere’"),
        (["a", "--part", "1/2", "--out", "a/p"], "lies in the source"),
        ([], "SOURCE"),
    ],
)
def test_options_that_make_no_part_are_usage(tmp_path: Path, words: list[str], told: str) -> None:
    (tmp_path / "a").mkdir()
    done = run_here(tmp_path, "ingest", *words)
    assert (done.code, told in done.err) == (2, True), done.err


def test_parts_of_an_encrypted_database_are_encrypted(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.xml").write_bytes(document(oid="1.2.246.10.77.11.900").encode())
    key = {"KANTA_GAP_KEY": "k" * 40}
    assert run_here(tmp_path, "ingest", "a", "--part", "1/1", "--out", "p", **key).code == 0
    (data,) = (tmp_path / "p").glob("*.part")
    assert b"1.2.246.10.77.11.900" not in data.read_bytes()
    assert run_here(tmp_path, "ingest", "--from", "p").code == 2
    assert run_here(tmp_path, "ingest", "--from", "p", **key).code == 0
