"""A list is explained before it is read: nothing is written, nobody is named, and what it prints can be pasted."""

from __future__ import annotations

import json
import stat
import tomllib
from pathlib import Path

import fastexcel
import pytest

from tests.command import run_here as run
from tests.register.lists import HEADER, ORGANISER, OTHER, PERSON, row, workbook

_LIST = f"""Asiakkuudet 1.1.2025;;;;;;
Asiakasnro;Hetu;Palvelutehtävä;Alkupvm;Loppupvm;Kotikunta;Nimi
1;{PERSON};Perhesosiaalityö;1.1.2025;31.12.9999;Vantaa;Testinen
2;{OTHER};24;1.1.1900;;Atlantis;Testinen
3;{OTHER};{PERSON};32.1.2025;;92;Testinen
4;{OTHER};Perhesosiaalityö;33.1.2025;;;Testinen
Yhteensä;4;;;;;
"""


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_a_list_is_explained_and_nothing_is_written(tmp_path: Path, lang: str) -> None:
    (tmp_path / "e.csv").write_text(_LIST, encoding="cp1252")
    done = run(tmp_path, "--lang", lang, "register", "--explain", "e.csv")
    assert (done.code, [path.name for path in tmp_path.iterdir()]) == (3, ["e.csv"])
    for told in ("ISO-8859-1", "Asiakasnro", "50 %", "Perhesosiaalityö", "1900-01-01", "99.9.9999", "Atlantis"):
        assert told in done.out
    for hidden in (PERSON, OTHER, "Testinen"):
        assert hidden not in done.out + done.err


def test_the_explanation_as_data_and_its_settings_table_read_the_list(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text(_LIST, encoding="cp1252")
    one = json.loads(run(tmp_path, "register", "--explain", "e.csv", "-f", "json").out)["files"][0]
    assert (one["kind"], one["encoding"], one["rows"], one["readable"]) == ("episodes", "ISO-8859-1", 4, False)
    sheet = one["sheets"][0]
    assert (sheet["header_row"], sheet["left"], sheet["lacking"], sheet["totals"]) == (2, ["Nimi"], ["organiser"], [7])
    assert [(word["column"], word["value"], word["rows"]) for word in one["not_understood"]] == [
        ("service_task", "Perhesosiaalityö", 2), ("service_task", "[id]", 1), ("municipality", "Atlantis", 1),
    ]  # fmt: skip
    assert [(days["column"], days["first"], days["open"], days["unread"]) for days in one["dates"]] == [
        ("start", "1900-01-01", 0, 2), ("end", None, 1, 0),
    ]  # fmt: skip
    assert {(cause["column"], cause["count"]) for cause in one["refused"]} == {("start", 2), ("municipality", 1)}
    assert tomllib.loads(one["settings"])["register"]["e"]["columns"]["source_id"] == "Asiakasnro"
    said = one["settings"].replace(
        '# constants = { organiser = "1.2.246.10.…" }', f'constants.organiser = "{ORGANISER}"'
    )
    (tmp_path / "kanta-gap.toml").write_text(
        said.replace("# values.service_task = {", "values.service_task = {")
        .replace('"Perhesosiaalityö" = "…", "[id]" = "…"', '"Perhesosiaalityö" = "families"')
        .replace("# values.municipality", "# ")
    )
    done = run(tmp_path, "register", "--as", "e", "e.csv")
    assert (done.code, "1 of 4 rows loaded" in done.err) == (3, True)
    assert "e.csv, column start: not a date of the form" in done.err
    assert "2 rows (5–6); cells look like 99.9.9999" in done.err


def test_what_cannot_be_read_yet_is_explained_as_far_as_it_goes(tmp_path: Path) -> None:
    sheets = {
        "Ohje": [["Hetu", "henkilön tunnus"]],
        "A": [[*HEADER, "Alkupvm"], [*row("1"), "2.2.2025"]],
        "B": [["Hetu", "Alkupvm"], [PERSON, "#N/A"]],
    }
    (tmp_path / "e.xlsx").write_bytes(workbook(sheets, hidden=[]))
    one = json.loads(run(tmp_path, "register", "--explain", "e.xlsx", "-f", "json").out)["files"][0]
    assert [(sheet["name"], sheet["lacking"]) for sheet in one["sheets"]] == [
        ("A", []),
        ("B", ["source_id", "organiser"]),
    ]
    assert "start, Alkupvm" in one["sheets"][0]["problem"]
    assert [left["name"] for left in one["sheets_left"]] == ["Ohje"]


@pytest.mark.long
def test_forty_thousand_refusals_of_one_cause_are_one_line_and_all_stand_in_a_file_for_their_reader(
    tmp_path: Path,
) -> None:
    rows = [";".join(row(f"=R{number}" if number % 2 else "B", start="x")) for number in range(40_000)]
    (tmp_path / "e.csv").write_text("\n".join([";".join(HEADER), ";".join(row("A")), *rows]) + "\n")
    assert "40\u00a0000 riviä" in run(tmp_path, "--lang", "fi", "register", "e.csv").err
    for name in ("out.csv", "out.xlsx"):
        done = run(tmp_path, "register", "e.csv", "--rejected", name)
        assert (done.code, len(done.err.splitlines()) < 8) == (3, True)
        assert "40,000 rows (3–40002); cells look like a" in done.err
        path = tmp_path / name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert PERSON.encode() not in path.read_bytes()
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert (lines[0], len(lines)) == ("file,row,column,source_id,reason", 40_001)
    assert lines[2].startswith("e.csv,4,start,'=R1,not a date")
    assert fastexcel.read_excel(tmp_path / "out.xlsx").load_sheet(0).total_height == 40_000
