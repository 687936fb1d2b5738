"""A source_id that holds an identifier is shown without it everywhere, and delivered as the register wrote it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analyser.national.identifiers import redacted, shown_source_id
from analyser.store.database import open_database
from tests.archive.build import NATIONAL, ORGANISER, document, frame
from tests.archive.test_answers import acknowledgement, answer
from tests.command import run_here as run
from tests.privacy.files import everything_in

_RAW = (f"AS-{NATIONAL}-1", f"AS-{NATIONAL}-2", "R3")


@pytest.fixture
def loaded(tmp_path: Path) -> Path:
    """Two rows whose source_id holds a henkilötunnus, and one whose does not."""
    header = "source_id,person_id,service_task,start,end,organiser,unit,producer\n"
    rows = "".join(f"{raw},{NATIONAL},24,2025-01-0{n},,{ORGANISER},{NATIONAL},x\n" for n, raw in enumerate(_RAW, 1))
    (tmp_path / "episodes.csv").write_text(header + rows)
    done = run(tmp_path, "register", "episodes.csv")
    assert done.code == 0
    assert "2 cells of the column source_id" in done.err
    assert "3 cells of the column unit" in done.err
    return tmp_path


def _shown(folder: Path) -> list[str]:
    told = run(folder, "gaps", "--period", "2025Q1", "-f", "json")
    assert NATIONAL not in told.out + told.err
    return [row["source_id"] for row in json.loads(told.out)["rows"]]


def test_rows_keep_names_of_their_own_and_the_identifier_lies_in_one_table(loaded: Path) -> None:
    shown = _shown(loaded)
    assert len(set(shown)) == 3
    assert "R3" in shown
    with open_database(loaded / "kanta-gap.duckdb", write=False) as database:
        assert NATIONAL not in everything_in(database, without={"person_identity"})
        assert NATIONAL in everything_in(database)


def test_the_delivery_holds_what_the_register_wrote(loaded: Path) -> None:
    assert run(loaded, "deliver", "--period", "2025Q1", "--out", "d").code == 0
    lines = (loaded / "d" / "service_task_episodes.csv").read_text().splitlines()[1:]
    assert sorted(line.split(";")[0] for line in lines) == sorted(_RAW)
    assert run(loaded, "deliver", "--check", "d").code == 0
    assert NATIONAL not in (loaded / "d" / "manifest.json").read_text()
    status = run(loaded, "deliver", "--status", "--period", "2025Q1", "-f", "json")
    assert NATIONAL not in status.out
    revealed = run(loaded, "gaps", "--period", "2025Q1", "-f", "csv", "--reveal-ids").out
    assert all(raw in revealed for raw in _RAW)


def test_a_source_that_is_forgotten_leaves_the_rows_their_names_and_no_row_of_its_own(loaded: Path) -> None:
    """What is delivered is as the register wrote it, whatever else was read and taken out again."""
    told = acknowledgement("AE", details="")
    (loaded / "archive").mkdir()
    (loaded / "archive" / "one.xml").write_text(document())
    (loaded / "archive" / "frame.xml").write_text(frame())
    (loaded / "archive" / "answer.xml").write_text(answer(told))
    (loaded / "archive" / "bad.xml").write_text(document().replace("</", "<", 1))
    assert run(loaded, "ingest", "archive").code == 3
    assert run(loaded, "forget", "archive").code == 0
    assert run(loaded, "deliver", "--period", "2025Q1", "--out", "d").code == 0
    lines = (loaded / "d" / "service_task_episodes.csv").read_text().splitlines()[1:]
    assert sorted(line.split(";")[0] for line in lines) == sorted(_RAW)
    with open_database(loaded / "kanta-gap.duckdb", write=False) as database:
        tables = database.connection.execute(
            "SELECT DISTINCT table_name FROM duckdb_columns() WHERE column_name IN ('member_key', 'document_key') "
            "AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE NOT temporary)"
        ).fetchall()
        assert len(tables) > 8
        for (table,) in tables:
            assert database.connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


def test_the_row_is_found_by_what_the_register_wrote_and_by_what_is_shown(loaded: Path) -> None:
    for id_ in (_RAW[0], _shown(loaded)[0]):
        told = run(loaded, "trace", id_, "-f", "json", "--period", "2025Q1")
        assert told.code == 0
        assert NATIONAL not in told.out + told.err
        assert json.loads(told.out)["kind"] == "episode"


def test_loading_again_replaces_the_same_rows(loaded: Path) -> None:
    before = _shown(loaded)
    assert "(3 replaced)" in run(loaded, "register", "episodes.csv").err
    assert _shown(loaded) == before


@pytest.mark.parametrize(
    "shape",
    ["140312A907T", "140312a907t", "140312-907T", "140312A907U", "010112A955B", "140312 A907T", "140312A 907T",
     "010100-9T9Z", "311299+9011"],
)  # fmt: skip
def test_everything_shaped_like_an_identifier_is_seen(shape: str) -> None:
    for text in (shape, f"x{shape}", f"a/{shape}.xml", f"1-{shape}_2", f"({shape})"):
        assert shape not in redacted(text)
        assert shape not in shown_source_id(b"k" * 32, text)


@pytest.mark.parametrize(
    "text", ["1.2.246.10.99999901.10.0", "550e8400-e29b-41d4-a716-446655440000", "2025-01-31", "1234567-8", "R1"]
)
def test_what_is_no_identifier_stays_as_it_is(text: str) -> None:
    assert redacted(text) == shown_source_id(b"k" * 32, text) == text
