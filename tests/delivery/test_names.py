"""Names of rows in a delivery: those that the receiver has, in an order that follows no secret."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.command import run_here as run

ORGANISER = "1.2.246.10.99999901.10.0"
PERSONS = ("010190-900P", "020290-9016", "030390-9022", "010190-901R", "020290-9027")


def _list(folder: Path, *rows: str, db: str = "kanta-gap.duckdb") -> None:
    head = "source_id;person_id;service_task;start;end;organiser"
    (folder / "e.csv").write_text("\n".join([head, *(f"{row};{ORGANISER}" for row in rows)]) + "\n")
    assert run(folder, "register", "e.csv", "--whole", "--yes", "--db", db).code == 0


def _told(folder: Path, name: str) -> dict[str, tuple[str, str]]:
    """What the corrections tell of each name, and by which name the receiver knows it."""
    with (folder / name / "corrections.csv").open() as opened:
        return {
            row["source_id"]: (row["change"], row["former_source_id"]) for row in csv.DictReader(opened, delimiter=";")
        }


def test_rows_named_by_identifiers_stand_in_the_order_of_their_names_in_every_database(tmp_path: Path) -> None:
    for db in ("a", "b", "c"):
        rows = [f"{name};{PERSONS[0]};24;2025-01-01;2025-03-31" for name in (*PERSONS, "X1", "00")]
        _list(tmp_path, *rows, db=f"{db}.duckdb")
        assert run(tmp_path, "deliver", "--period", "2025Q1", "--out", db, "--db", f"{db}.duckdb").code == 0
    files = {(tmp_path / db / "service_task_episodes.csv").read_bytes() for db in ("a", "b", "c")}
    (only,) = files
    names = [line.split(b";")[0] for line in only.splitlines()[1:]]
    assert names == sorted(names)
    assert len(names) == 7


def test_a_row_that_is_changed_and_renamed_is_told_by_the_name_that_the_receiver_has(tmp_path: Path) -> None:
    one, two, id_name = PERSONS[:3]
    _list(tmp_path, f"{id_name};{one};24;2025-01-01;2025-03-31", f"E2;{two};24;2025-01-01;2025-03-31")
    assert run(tmp_path, "deliver", "--period", "2025Q1", "--out", "d1").code == 0
    assert run(tmp_path, "deliver", "--mark-sent", "d1").code == 0
    _list(tmp_path, f"Z1;{one};24;2025-01-01;2025-03-01", f"Z2;{two};24;2025-01-01;2025-03-31")
    done = run(tmp_path, "deliver", "--period", "2025Q1", "--corrections", "--out", "c1")
    assert done.code == 0
    assert _told(tmp_path, "c1") == {"Z1": ("changed", id_name)}, "Z2 is E2 by another name, and nothing else"
    assert run(tmp_path, "deliver", "--check", "c1").code == 0
    assert run(tmp_path, "deliver", "--mark-sent", "c1").code == 0
    status = run(tmp_path, "deliver", "--period", "2025Q1", "--status", "-f", "csv").out
    assert id_name not in status + done.out + done.err
    # A database that took both deliveries in knows as much as the one that wrote them.
    (tmp_path / "new").mkdir()
    _list(tmp_path, f"Z1;{one};24;2025-01-01;2025-02-01", f"Z2;{two};24;2025-01-01;2025-03-31", db="new.duckdb")
    for name in ("d1", "c1"):
        assert run(tmp_path, "deliver", "--adopt", name, "--db", "new.duckdb").code == 0
    _list(tmp_path, f"Z1;{one};24;2025-01-01;2025-02-01", f"Z2;{two};24;2025-01-01;2025-03-31")
    for out, db in (("c2", "kanta-gap.duckdb"), ("c3", "new.duckdb")):
        done = run(tmp_path, "deliver", "--period", "2025Q1", "--corrections", "--out", out, "--db", db)
        assert done.code == 0, done.err
        assert _told(tmp_path, out) == {"Z1": ("changed", "")}
