"""Columns `x_…` stand beside the row wherever rows are listed, whatever the list came out of, and nowhere else."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from pathlib import Path

import duckdb
import fastexcel
import polars as pl
import pytest

from tests.command import run_here as run
from tests.register.lists import HEADER, ORGANISER, OTHER, PERSON, ods, workbook

HEAD = [*HEADER, "x_team", "X_Muu tieto", "y_other"]
ROWS = [
    ["A", PERSON, "24", "2024-10-01", "", ORGANISER, "Itä;=1+1", f"soitti {PERSON}", "no"],
    ["B", OTHER, "24", "2024-10-01", "", ORGANISER, "=HYPERLINK(1)", "", "no"],
    ["C", OTHER, "15", "2024-10-01", "", ORGANISER, "", "", "no"],
]
TOLD = [
    {"x_Muu tieto": "soitti [id]", "x_team": "Itä;=1+1"},
    {"x_Muu tieto": None, "x_team": "=HYPERLINK(1)"},
    {"x_Muu tieto": None, "x_team": None},
]


def _written(folder: Path, form: str) -> list[str]:
    """The list in a form, and the arguments that load it."""
    path = folder / f"list.{form}"
    frame = pl.DataFrame(ROWS, schema=HEAD, orient="row")
    match form:
        case "csv":
            frame.write_csv(path, separator=";")
        case "xlsx":
            path.write_bytes(workbook({"S": [HEAD, *ROWS]}))
        case "ods":
            path.write_bytes(ods([HEAD, *([c if c[:1] != "=" else f" {c}" for c in r] for r in ROWS)]))
        case "parquet":
            frame.write_parquet(path)
        case _:
            columns = ", ".join(f'"{name}" TEXT' for name in HEAD)
            opened = sqlite3.connect(path) if form == "sqlite" else duckdb.connect(str(path))
            opened.execute(f"CREATE TABLE list ({columns})")
            opened.executemany(f"INSERT INTO list VALUES ({', '.join('?' * len(HEAD))})", ROWS)
            opened.commit()
            opened.close()
            table = f'[source.s]\nengine = "{form}"\nfile = "{path.name}"\nquery = "SELECT * FROM list ORDER BY 1"\n'
            (folder / "kanta-gap.toml").write_text(table)
            return ["--source", "s"]
    return [path.name]


@pytest.mark.parametrize("form", ["csv", "xlsx", "ods", "parquet", "sqlite", "duckdb"])
def test_columns_of_the_countys_own_come_out_beside_the_rows(tmp_path: Path, form: str) -> None:
    done = run(tmp_path, "register", *_written(tmp_path, form))
    if form == "xlsx":  # there a text that begins with = is a formula, which nobody computed
        assert "1 cell of a column x_… was too long, or an error" in done.err
    assert done.code == 0, done.err
    assert "y_other" in done.err
    assert "x_team" not in done.err
    rows = json.loads(run(tmp_path, "gaps", "--period", "2025Q1", "-f", "json").out)["rows"]
    expected = [one | ({"x_team": None} if form == "xlsx" and one["x_team"] == "=HYPERLINK(1)" else {}) for one in TOLD]
    assert [{name: row[name] for name in TOLD[0]} for row in rows] == expected
    assert list(rows[0])[-3:] == ["documents", "x_Muu tieto", "x_team"]


def test_they_are_masked_guarded_kept_by_version_and_forgotten(tmp_path: Path) -> None:
    run(tmp_path, "register", *_written(tmp_path, "csv"))
    listed = run(tmp_path, "gaps", "--period", "2025Q1", "-f", "csv").out.splitlines()
    assert listed[0].endswith(",documents,x_Muu tieto,x_team")
    assert listed[1].endswith(",soitti [id],Itä;'=1+1")
    assert listed[2].endswith(",,'=HYPERLINK(1)")
    run(tmp_path, "gaps", "--period", "2025Q1", "-f", "xlsx", "-o", "gaps.xlsx")
    sheet = fastexcel.read_excel(tmp_path / "gaps.xlsx").load_sheet(0, dtypes="string").to_polars()
    assert sheet["x_team"].to_list() == ["Itä;=1+1", "=HYPERLINK(1)", None]
    for width in ("60", "160"):
        assert "Itä;=1+1" in run(tmp_path, "gaps", "--period", "2025Q1", COLUMNS=width).out
    for command in ("coverage", "check"):
        assert "x_team" not in run(tmp_path, command, "--period", "2025Q1", "-f", "json").out
    # Of one team to the other: a change of the row, by the column's name; taken back with the load.
    ROW = ";".join(ROWS[0][:6])
    (tmp_path / "next.csv").write_text(f"{';'.join(HEADER)};x_team\n{ROW};Länsi\n")
    compared = run(tmp_path, "register", "--compare", "next.csv", "-f", "json").out
    assert '"x_Muu tieto"' in compared and '"x_team"' in compared and "carried" not in compared
    run(tmp_path, "register", "next.csv")
    assert '"x_team":"Länsi"' in run(tmp_path, "gaps", "--period", "2025Q1", "-f", "json").out
    run(tmp_path, "register", "--undo", "2")
    assert "Länsi" not in run(tmp_path, "gaps", "--period", "2025Q1", "-f", "json").out
    run(tmp_path, "register", "next.csv")
    assert run(tmp_path, "db", "forget-persons").code == 0
    assert "x_" not in run(tmp_path, "gaps", "--period", "2025Q1", "-f", "json").out
    assert "Itä".encode() not in (tmp_path / "kanta-gap.duckdb").read_bytes()


def test_no_cell_of_theirs_refuses_a_row_and_a_mapping_may_name_them(tmp_path: Path) -> None:
    (tmp_path / "kanta-gap.toml").write_text(
        f'organiser = "{ORGANISER}"\n[register.own]\nkind = "episodes"\n'
        'columns = { x_worker = "Työntekijä", x_both = ["Tiimi", "Työntekijä"] }\nconstants = { x_file = "1" }\n'
    )
    header = "source_id;person_id;service_task;start;Työntekijä;Tiimi;x_file"
    cells = ["#N/A", "a\x07b", "ä" * 1200, "rivi \u00a0 toinen"]
    rows = [f"{n};{PERSON};24;1.1.2025;{cell};T{n};" for n, cell in enumerate(cells)]
    (tmp_path / "own.csv").write_text("\n".join([header, *rows]) + "\n")
    done = run(tmp_path, "register", "--as", "own", "own.csv")
    assert done.code == 0, done.err
    assert "3 cells of columns x_" in done.err
    told = json.loads(run(tmp_path, "gaps", "--period", "2025Q1", "-f", "json").out)["rows"]
    assert [row["x_worker"] for row in told] == [None, "a\ufffdb", "ä" * 999 + "…", "rivi toinen"]
    assert told[3]["x_both"] == "T3|rivi toinen"
    assert {row["x_file"] for row in told} == {"1"}
    explained = json.loads(run(tmp_path, "register", "--explain", "--as", "own", "own.csv", "-f", "json").out)
    columns = explained["files"][0]["sheets"][0]["columns"]
    assert {one["column"] for one in columns} >= {"x_worker", "x_both", "x_file"}


def test_a_restricted_persons_columns_are_not_told_and_services_carry_theirs(tmp_path: Path) -> None:
    lines = [f"S{n};{person};service;24;2025-01-10;{ORGANISER};Itä" for n, person in enumerate((PERSON, OTHER))]
    (tmp_path / "s.csv").write_text("\n".join(["source_id;person_id;kind;service_task;start;organiser;x_team", *lines]))
    (tmp_path / "e.csv").write_text(
        "source_id;person_id;service_task;start;organiser;safety_restricted;x_team\n"
        f"A;{PERSON};24;2025-01-01;{ORGANISER};yes;Länsi\nB;{OTHER};24;2025-01-01;{ORGANISER};no;Länsi\n"
    )
    assert run(tmp_path, "register", "s.csv", "e.csv").code == 0
    episodes = json.loads(run(tmp_path, "gaps", "--period", "2025Q1", "-f", "json").out)["rows"]
    assert [row["x_team"] for row in episodes] == [None, "Länsi"]
    services = json.loads(run(tmp_path, "gaps", "--services", "--period", "2025Q1", "-f", "json").out)["rows"]
    assert [row["x_team"] for row in services] == [None, "Itä"]
    assert "Itä" in run(tmp_path, "gaps", "--services", "--period", "2025Q1", "-f", "csv").out
    run(tmp_path, "gaps", "--services", "--period", "2025Q1", "-f", "xlsx", "-o", "services.xlsx")
    with zipfile.ZipFile(tmp_path / "services.xlsx") as book:
        told = book.read("xl/sharedStrings.xml").decode()
    assert all(word in told for word in ("Itä", services[0]["source_id"], services[0]["reason"], "Social service"))
