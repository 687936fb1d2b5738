"""An export is the ledger and what it rests on, the same in every format, explained, private, in no other's place."""

from __future__ import annotations

import csv
import json
from hashlib import sha256
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from analyser.national.identifiers import holds_identifier
from tests.command import run_here as run
from tests.fixtures.make_county import COUNTY

TABLES = ("ledger", "reasons", "cells", "intervals", "documents")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    run(folder, "ingest", str(COUNTY / "archive"))
    run(folder, "register", *map(str, sorted(COUNTY.glob("*.csv"))))
    for format_ in ("parquet", "csv", "duckdb"):
        assert run(folder, "export", format_, "--period", "2025Q1", "-f", format_).code == 0
    return folder


def test_every_format_holds_the_ledger_that_gaps_tells(county: Path) -> None:
    told = json.loads(run(county, "gaps", "--period", "2025Q1", "-f", "json").out)["rows"]
    ledger = pq.read_table(county / "parquet" / "ledger.parquet").to_pylist()
    assert [{name: row[name] for name in told[0]} for row in ledger] == told
    assert len(pq.read_table(county / "parquet" / "reasons.parquet")) == sum(len(row["reasons"]) for row in told)
    cells = pq.read_table(county / "parquet" / "cells.parquet").to_pylist()
    assert sum(cell["rows"] for cell in cells) == len(told)
    with duckdb.connect(str(county / "duckdb" / "export.duckdb"), read_only=True) as connection:
        for name in TABLES:
            parquet = pq.read_table(county / "parquet" / f"{name}.parquet").to_pylist()
            assert connection.execute(f"FROM {name}").to_arrow_table().to_pylist() == parquet
            with (county / "csv" / f"{name}.csv").open(newline="") as opened:
                assert len(list(csv.DictReader(opened))) == len(parquet) > 0


def test_every_column_is_explained_inside_and_beside_the_files(county: Path) -> None:
    with (county / "parquet" / "columns.csv").open(newline="") as opened:
        beside = {(row["table"], row["column"]): row["meaning"] for row in csv.DictReader(opened)}
    with duckdb.connect(str(county / "duckdb" / "export.duckdb"), read_only=True) as connection:
        inside = connection.execute(
            "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal UNION ALL "
            "SELECT table_name, '', comment FROM duckdb_tables()"
        ).fetchall()
    assert {(table, column): words for table, column, words in inside} == beside
    assert all(beside.values())
    for name in TABLES:
        for field in pq.read_schema(county / "parquet" / f"{name}.parquet"):
            assert field.metadata[b"comment"].decode() == beside[name, field.name]


def test_files_are_private_name_nobody_and_are_the_same_bytes_again(county: Path) -> None:
    def files() -> dict[str, str]:
        found = [path for name in ("parquet", "csv", "duckdb") for path in sorted((county / name).iterdir())]
        assert {path.stat().st_mode & 0o777 for path in found} == {0o600}
        return {f"{path.parent.name}/{path.name}": sha256(path.read_bytes()).hexdigest() for path in found}

    before = files()
    for name in ("parquet", "csv", "duckdb"):
        assert run(county, "export", name, "--period", "2025Q1", "-f", name).code == 0
    assert files() == before
    texts = "".join(path.read_text() for path in (county / "csv").iterdir())
    assert not any(holds_identifier(line) for line in texts.splitlines())
    assert "person_id" not in (county / "csv" / "ledger.csv").read_text().splitlines()[0]
    assert run(county, "export", "revealed", "--period", "2025Q1", "-f", "csv", "--reveal-ids").code == 0
    with (county / "revealed" / "ledger.csv").open(newline="") as opened:
        assert any(holds_identifier(row["person_id"]) for row in csv.DictReader(opened))
    assert "export --reveal-ids" in run(county, "log").out


def test_what_is_no_export_as_it_was_written_is_left_alone(county: Path) -> None:
    """Somebody's file, a changed one, a link, a foreign manifest; an earlier export is replaced by another."""
    for name, prepare in {
        "foreign": lambda folder: (folder / "notes.txt").write_text("mine"),
        "changed": lambda folder: (folder / "cells.csv").write_text("mine"),
        "linked": lambda folder: (folder / "link.csv").symlink_to(county / "csv" / "cells.csv"),
        "claimed": lambda folder: (folder / "export.json").write_text('{"schema": "other/1", "files": []}'),
    }.items():
        folder = county / name
        run(county, "export", name, "--period", "2025Q1", "-f", "csv")
        prepare(folder)
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        done = run(county, "export", name, "--period", "2025Q1")
        assert (done.code, "not an export of kanta-gap" in done.err) == (2, True), name
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    (county / "empty").mkdir()
    assert run(county, "export", "empty", "--period", "2025Q1").code == 0
    assert run(county, "export", "empty", "--period", "2025Q1", "-f", "csv").code == 0
    assert not list((county / "empty").glob("*.parquet"))
    assert run(county, "export", "nowhere/x", "--period", "2025Q1").code == 2
    assert run(county, "export", "kanta-gap.duckdb", "--period", "2025Q1").code == 2
    assert run(county, "export", "nothing", "--period", "1999Q1").code == 4
    assert not list(county.glob(".*"))
