"""What an older reader understood gives way to what this one understands; what cannot be read again is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analyser.archive import reader
from analyser.archive.files import discover
from analyser.ingest import run as ingest_module
from analyser.store import tables
from analyser.store.database import open_database
from tests.archive.build import client, document, frame
from tests.command import run_here as run
from tests.store.dump import dump
from tests.store.test_keeping import _pack

_PLANTED = "010180-900N"


def _age(folder: Path, *spoils: str) -> None:
    """As a database of before versions were counted, with what its reader left in it."""
    with open_database(folder / "kanta-gap.duckdb", write=True) as opened:
        connection = opened.connection
        for sql in (*spoils, "ALTER TABLE member DROP COLUMN reader", "ALTER TABLE document DROP COLUMN reader"):
            connection.execute(sql)
        before = min(number for number, sql in _migrations() if "member ADD COLUMN IF NOT EXISTS reader" in sql) - 1
        connection.execute("UPDATE meta SET value = $1 WHERE key = 'schema_version'", [str(before)])


def _migrations() -> list[tuple[int, str]]:
    from analyser.store.schema import migrations

    return migrations()


@pytest.fixture
def county(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    raws = {f"{n}.xml": document(oid=f"1.2.3.{n}", version=None, clients=_who(n)).encode() for n in range(4)}
    for name in ("0.xml", "1.xml"):
        (folder / name).write_bytes(raws[name])
    (folder / "f.xml").write_text(frame("1.2.3.1"))
    _pack(folder / "x.zip", {name: raws[name] for name in ("1.xml", "2.xml", "3.xml")})
    assert run(tmp_path, "ingest", "in").code == 0
    return tmp_path


def _who(number: int) -> str:
    return client("1.2.246.21", f"01018{number}-900{'NPRS'[number]}")


_SPOILS = (
    "UPDATE document SET organiser = 'wrong', unit = '010180-900N'",
    "UPDATE document_person SET municipality = '999'",
    "DELETE FROM service_task_block",
    "INSERT INTO person_identity VALUES ('k', '1.2.246.21', '010199-900X', NULL)",
    "UPDATE document_person SET identity_key = 'k' WHERE document_key = (SELECT min(document_key) FROM document)",
)


def test_an_upgrade_reads_again_what_is_there_and_equals_a_fresh_start(county: Path) -> None:
    _age(county, *_SPOILS)
    done = run(county, "ingest", "in")
    assert done.code == 0
    assert "4 files were read by an older version of the reader" in done.err
    assert "0 files unchanged" in done.err
    run(county, "ingest", "in", "--db", "fresh.duckdb")
    assert dump(county / "kanta-gap.duckdb") == dump(county / "fresh.duckdb")
    again = run(county, "ingest", "in")
    assert "4 files unchanged" in again.err
    assert "older" not in again.err


def test_a_rereading_that_is_stopped_goes_on(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _age(county, *_SPOILS)
    monkeypatch.setattr(ingest_module, "_BATCH_MEMBERS", 2)
    monkeypatch.setattr(discover, "_SHARD_ENTRIES", 2)

    class _StoppedError(Exception):
        pass

    load, calls = tables.make_room, [0]

    def stopping(*given: object) -> bool:
        calls[0] += 1
        if calls[0] == 2:
            raise _StoppedError
        return load(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(tables, "make_room", stopping)
    assert run(county, "ingest", "in").code != 0
    done = run(county, "ingest", "in")
    assert "2 files unchanged" in done.err, done.err
    run(county, "ingest", "in", "--db", "fresh.duckdb")
    assert dump(county / "kanta-gap.duckdb") == dump(county / "fresh.duckdb")


def test_where_the_file_is_gone_columns_are_redacted_and_the_rest_is_told_until_it_is_read_or_let_go(
    county: Path,
) -> None:
    folder = county / "in"
    kept = (folder / "x.zip").read_bytes()
    (folder / "x.zip").unlink()
    run(county, "ingest", "in")
    _age(
        county,
        f"UPDATE document SET organiser = '{_PLANTED}', unit = 'Matti Meikäläinen'",
        f"UPDATE member SET member = 'x.zip!{_PLANTED}.xml' WHERE standing = 'gone'",
        "UPDATE document_person SET safety_ends = DATE '2020-01-01', safety_restricted = false",
    )
    (county / "episodes.csv").write_text(
        "source_id;person_id;layer;service_task;start;end;organiser\n"
        "R1;010180-900N;service-task;24;2025-01-01;;1.2.246.10.99999901.10.0\n"
    )
    run(county, "register", "episodes.csv")
    with open_database(county / "kanta-gap.duckdb", write=False) as opened:
        ask = opened.connection.execute
        assert ask("SELECT count(*) FROM document_person WHERE NOT safety_restricted").fetchone() == (0,)
        told = ask("SELECT DISTINCT organiser, unit FROM document").fetchall()
        assert all(organiser.startswith("text-") and unit.startswith("text-") for organiser, unit in told)
        names = ask("SELECT DISTINCT member FROM member WHERE standing = 'gone'").fetchall()
        assert names == [("x.zip![id].xml",)]
    run(county, "ingest", "in")
    told_of = "2 documents stand as an older version of the reader understood them"
    for command in ("coverage", "gaps"):
        assert told_of in run(county, command, "--period", "2025Q1").err
    report = json.loads(run(county, "check", "--period", "2025Q1", "-f", "json").out)
    (rule,) = [rule for rule in report["rules"] if rule["code"] == "D23"]
    assert (rule["failed"], rule["of"]) == (2, 4)
    (folder / "x.zip").write_bytes(kept)
    run(county, "ingest", "in")
    assert "older" not in run(county, "coverage", "--period", "2025Q1").err


def test_what_this_reader_puts_aside_counts_no_more_wherever_an_older_one_read_it(
    county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same bytes in a file that is gone and in one that is there."""
    folder = county / "in"
    (folder / "x.zip").unlink()
    run(county, "ingest", "in")
    _age(county)

    from analyser.archive import shard
    from analyser.archive.quarantine import Code, Trouble

    read = shard._read_xml

    def refusing(entry: object, data: bytes, *given: object) -> str:
        if b'"1.2.3.1"' in data and b"ClinicalDocument" in data:
            raise Trouble(Code.BAD_DATE)
        return read(entry, data, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(shard, "_read_xml", refusing)
    done = run(county, "ingest", "in", "--workers", "1")
    assert done.code == 3
    with open_database(county / "kanta-gap.duckdb", write=False) as opened:
        held = opened.connection.execute("SELECT oid, reader FROM document ORDER BY oid").fetchall()
    assert held == [("1.2.3.0", reader.READER), ("1.2.3.2", None), ("1.2.3.3", None)]


def test_an_upgrade_says_from_where_to_where_and_leaves_a_protected_copy(county: Path) -> None:
    _age(county, *_SPOILS)
    refused = run(county, "coverage", "--period", "2025Q1")
    assert refused.code == 2
    assert "kanta-gap db upgrade" in refused.err
    old = (county / "kanta-gap.duckdb").read_bytes()
    done = run(county, "db", "upgrade")
    assert done.code == 0, done.err
    assert "4 documents stand as an older version of the reader understood them" in done.err
    assert "reads 4 files again" in done.err
    (copy,) = county.glob("kanta-gap.duckdb.schema-*")
    assert copy.stat().st_mode & 0o777 == 0o600
    assert len(copy.read_bytes()) == len(old)
    assert f"brought from schema {copy.name.rpartition('-')[2]} to {_migrations()[-1][0]}" in done.err
    assert "has the schema of this version" in run(county, "db", "upgrade").err
    assert len(list(county.glob("*.schema-*"))) == 1
    assert run(county, "db", "encrypt", "--no-backup").code == 2
    copy.rename(county / "older.duckdb")
    assert run(county, "db", "upgrade", "--no-backup", "--db", "older.duckdb").code == 0
    assert not list(county.glob("*.schema-*"))
    run(county, "ingest", "in")
    run(county, "ingest", "in", "--db", "older.duckdb")
    assert dump(county / "older.duckdb") == dump(county / "kanta-gap.duckdb")
    trail = json.loads(run(county, "log", "-f", "json").out)["rows"]
    assert [row["command"] for row in trail].count("db upgrade") == 1
