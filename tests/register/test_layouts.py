"""A settings table reads a list of another shape; a table that cannot be right is told with its key."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import duckdb
import pytest

from analyser.archive.documents.pseudonyms import plain_name
from analyser.register.tasks import PUBLISHED
from analyser.system.resources import queries
from tests.command import Done
from tests.command import run_here as run
from tests.register.lists import ORGANISER, OTHER, PERSON, workbook

_COLUMNS = """source_id = "AsiakkuusID", person_id = "Hetu", start = "Alkupvm", end = "Loppupvm", unit = "Yksikkö", \
service_task = ["Palvelutehtävä", "PalveluSelite"]"""
_TABLE = f"""
[register.effica]
kind = "episodes"
files = ["effica/*.xlsx"]
sheets = ["2024", "2025"]
header_row = 3
columns = {{ {_COLUMNS} }}
constants = {{ organiser = "{ORGANISER}", layer = "service-task" }}
values.service_task = {{ "Perhesosiaalityö" = "families", "perhesosiaalityö | Tukihenkilö" = "child_protection" }}
open_ends = ["Toistaiseksi"]
source_prefix = "effica:"
"""
_HEAD = ("AsiakkuusID", "Hetu", "Palvelutehtävä", "PalveluSelite", "Alkupvm", "Loppupvm", "Yksikkö", "Toimipaikka")


def _rows(folder: Path) -> list[tuple[object, ...]]:
    told = json.loads(run(folder, "gaps", "--period", "2025Q1", "-f", "json").out)["rows"]
    return [tuple(one[name] for name in ("source_id", "service_task", "start", "end", "organiser")) for one in told]


def _settings(folder: Path, text: str) -> None:
    (folder / "kanta-gap.toml").write_text(text, encoding="utf-8")


def test_a_table_reads_a_list_of_another_shape(tmp_path: Path) -> None:
    _settings(tmp_path, _TABLE)
    (tmp_path / "effica").mkdir()
    sheet = [["Asiakkuudet"], ["1.1.2025"], _HEAD]
    book = {
        "2024": [*sheet, (1, PERSON, "Perhesosiaalityö", "", "1.10.2024", "toistaiseksi", "Koti", "x")],
        "2025": [*sheet, (2, OTHER, "PERHESOSIAALITYÖ", "Tukihenkilö", "1.1.2025", "2.2.2025", "Koti", "x"),
                 (3, OTHER, "Perhesosiaalityö", "muu", "1.1.2025", "", "", ""),
                 (4, OTHER, "24", "", "1.1.2025", "", "", ""),
                 (5, OTHER, "Muu", "työ", "1.1.2025", "", "", ""),
                 (6, OTHER, "24", "Tukihenkilö", "1.1.2025", "", "", ""),
                 (7, OTHER, "Muu", "Lastensuojelu", "1.1.2025", "", "", "")],
        "Muut": [*sheet, (9, OTHER, "Perhesosiaalityö", "", "1.1.2025", "", "", "")],
    }  # fmt: skip
    (tmp_path / "effica" / "a.xlsx").write_bytes(workbook(book))
    (tmp_path / "effica" / "~$a.xlsx").write_bytes(b"open")
    done = run(tmp_path, "register", "--as", "effica")
    assert done.code == 0, done.err
    assert "1 row names a service task that is not known" in done.err
    assert "‘Muut’ was left: the settings name others" in done.err
    assert _rows(tmp_path) == [
        ("effica:1", "24", "2024-10-01", None, ORGANISER),
        ("effica:2", "10", "2025-01-01", "2025-02-02", ORGANISER),
        ("effica:3", "24", "2025-01-01", None, ORGANISER),
        ("effica:4", "24", "2025-01-01", None, ORGANISER),
        ("effica:5", "Muu|työ", "2025-01-01", None, ORGANISER),
        ("effica:6", "24", "2025-01-01", None, ORGANISER),
        ("effica:7", "10", "2025-01-01", None, ORGANISER),
    ]
    (tmp_path / "b.csv").write_text("a\nb\nAsiakkuusID;Hetu;Alkupvm;Loppupvm;Yksikkö\n1;x\n")
    done = run(tmp_path, "register", "--as", "effica", "b.csv")
    assert (done.code, "[register.effica] names: Palvelutehtävä, PalveluSelite" in done.err) == (2, True)


def test_several_tasks_of_a_cell_are_rows_of_their_own_with_names_that_do_not_move(tmp_path: Path) -> None:
    (tmp_path / "map.csv").write_text("Tehtävä;service_task\nPerhe;families\nLasu;child_protection\n", encoding="utf-8")
    _settings(
        tmp_path,
        f'organiser = "{ORGANISER}"\n[register.x]\nvalues.service_task = "map.csv"\ntask_separator = ";"\n'
        'columns = { source_id = ["Asiakasnro", "Alkupvm"] }\n',
    )
    head = "Asiakasnro\tHetu\tPalvelutehtävä\tAlkupvm\tLoppupvm\n"
    rows = f"7\t{PERSON}\tLasu; Perhe;Lasu\t1.1.2025\t\n8\t{PERSON}\tPerhe\t1.1.2025\tx\n9\t{OTHER}\t15\t1.1.2025\t\n"
    (tmp_path / "f.csv").write_text(head + rows, encoding="utf-8")
    done = run(tmp_path, "register", "f.csv", "--as", "x")
    assert done.code == 3
    assert "row 3, column end" in done.err
    assert [one[0] for one in _rows(tmp_path)] == [
        "7|1.1.2025/child_protection", "7|1.1.2025/families", "9|1.1.2025/15",
    ]  # fmt: skip
    assert run(tmp_path, "register", "--as", "x").code == 2


def _told(folder: Path, lines: str) -> Done:
    _settings(folder, f"[register.x]\n{lines}\n")
    (folder / "f.csv").write_text(f"id;hetu;alku;tehtava\n1;{PERSON};1.1.2025;24\n")
    done = run(folder, "register", "f.csv", "--as", "x")
    assert PERSON not in done.err
    assert len(done.err.splitlines()) == 2
    return done


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('colums = { start = "alku" }', "did you mean ‘columns’"),
        ('columns = { strat = "alku" }', "did you mean ‘start’"),
        ('columns = { source_id = "id", start = "aloitus" }\nconstants = { organiser = "1.2" }', "names: aloitus"),
        ('columns = { start = "alku", end = "alku" }', "for two of ours: start, end"),
        ('columns = { start = ["alku", "loppu"] }', "only source_id, service_task"),
        ('values.service_task = { "A" = "familes" }', "did you mean ‘families’"),
        ('values.layer = { "A" = "lasu" }', "child-protection, service-task"),
        ('values.service_task = { "A" = "families", "a " = "elderly" }', "two meanings"),
        ('values.service_task = "none.csv"', "cannot be read"),
        ('constants = { source_id = "1" }', "the same source_id"),
        ('kind = "episode"', "did you mean ‘episodes’"),
        ("header_row = 0", "the number of a row"),
        ('encoding = "ebcdic"', "none of utf-8"),
        ('files = "nix/*.csv"\nseparator = ";;"', "one character"),
        ('sheets = [1]', "a list of texts"),
        ('columns = "x"', "must be a table"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_right_is_told_with_its_key(tmp_path: Path, lines: str, told: str) -> None:
    done = _told(tmp_path, lines)
    assert done.code == 2
    assert told in done.err


def test_a_list_without_an_organiser_or_without_names_of_its_rows_is_told_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text(f"Asiakkuustunnus;Hetu;Alkupvm\n1;{PERSON};1.1.2025\n")
    done = run(tmp_path, "register", "f.csv")
    assert (done.code, 'organiser = "OID"' in done.err) == (2, True)
    (tmp_path / "g.csv").write_text(f"Hetu;Alkupvm\n{PERSON};1.1.2025\n")
    assert "a row's number is no name" in run(tmp_path, "register", "g.csv").err
    _settings(tmp_path, f'organiser = "{ORGANISER}"\ncounty_name = "Mallila"')
    assert run(tmp_path, "register", "f.csv").code == 0
    for form in ("text", "markdown", "html"):
        assert "Mallila: Coverage" in run(tmp_path, "coverage", "--period", "2025Q1", "-f", form).out
    _settings(tmp_path, 'organiser = "Mallila"')
    assert "must be an OID" in run(tmp_path, "register", "f.csv").err


@pytest.mark.parametrize(
    ("line", "told"),
    [
        *((f"organisers = {wrong}", "list of OIDs") for wrong in ('["abc"]', '["1.2.246..3"]', '["1.2.0246"]')),
        *((f"{key} = [\"\"]", "an empty entry") for key in ("organisers", "voiding_words", "pass_over", "accepting_codes")),
        *((f"{key} = {wrong}", "from 0 to 1") for key in ("service_task_share", "month_share", "register_drop") for wrong in (80, 1.01)),
        *((f"{key} = {wrong}", "not below 0") for key in ("sparse_share", "wait", "least_level") for wrong in ("nan", "inf", "true", -1)),
        ("active_months = 13", "from 1 to 12"), ("active_months = 1.5", "a whole number"), ("share_least = 0", "not below 1"),
        ('accepting_codes = ["AE"]', "refuse it"), ('refusing_codes = ["X", "AA"]', "refuse it"),
        ('accepting_codes = ["X"]\nrefusing_codes = ["X"]', "refuse it"), ('db = ""', "is empty"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_right_is_refused_with_its_line(tmp_path: Path, line: str, told: str) -> None:
    _settings(tmp_path, f"\n{line}")
    done = run(tmp_path, "config", "validate")
    assert (done.code, told in done.err, "kanta-gap.toml" in done.err) == (2, True, True), done.err


def test_an_organiser_of_the_settings_that_nobody_has_is_told(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text(
        "source_id,person_id,service_task,start,end,organiser\n"
        f"1,{PERSON},24,2025-01-01,,{ORGANISER}\n2,{PERSON},20,2025-01-01,,{ORGANISER}\n"
    )
    assert run(tmp_path, "register", "f.csv").code == 0
    near = ORGANISER[:-2]
    for written, told in (
        (f"{near}9", True),
        (ORGANISER[: ORGANISER.rindex(".", 0, -3) + 1], False),
        (near[:-4], True),
    ):
        _settings(tmp_path, f'organisers = ["{written}"]')
        for command in ("gaps", "check") if told else ("gaps",):
            done = run(tmp_path, *command.split(), "--period", "2025Q1")
            assert (f"organisers names {written}" in done.err) == told, (command, written, done.err)
    after = f'organisers = ["{near}9"]\n[succession]\norganisers = [{{ old = "{ORGANISER}", new = "{near}9", from = "2025-01-01" }}]'
    _settings(tmp_path, after)
    assert "organisers names" not in run(tmp_path, "gaps", "--period", "2025Q1").err


def test_a_source_of_the_settings_takes_the_same_keys(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "s.db") as connection:
        connection.execute("CREATE TABLE a (tunnus, Hetu, Tehtava, Alkupvm)")
        connection.execute("INSERT INTO a VALUES (1, ?, 'Perhe', '2025-01-01')", (PERSON,))
    connection.close()
    _settings(
        tmp_path,
        '[source.s]\nengine = "sqlite"\nfile = "s.db"\nquery = "SELECT * FROM a"\nsource_prefix = "s:"\n'
        'columns = { source_id = "tunnus", service_task = "Tehtava" }\n'
        f'constants = {{ organiser = "{ORGANISER}" }}\nvalues.service_task = {{ Perhe = "families" }}\n',
    )
    assert run(tmp_path, "register", "--source", "s").code == 0
    assert _rows(tmp_path) == [("s:1", "24", "2025-01-01", None, ORGANISER)]


def test_the_tasks_that_are_known_beforehand_are_those_of_the_model() -> None:
    sql = queries("model", "30-service-tasks.sql").read_text(encoding="utf-8")
    begin = sql.index("SELECT *\nFROM (\n    VALUES")
    rows = duckdb.sql(sql[begin : sql.index(";", begin)]).fetchall()
    assert [tuple(row) for row in rows] == list(PUBLISHED)


def test_a_name_is_plain_alike_in_documents_and_in_the_model() -> None:
    sql = queries("model", "30-service-tasks.sql").read_text(encoding="utf-8")
    begin = sql.index("CREATE OR REPLACE TEMP MACRO plain_name")
    told = [
        "24\u00a0 Lapsiperheiden\u2009palvelut",
        " 15 - Pa\u0308ihdehuolto\u3000",
        "A\tB\n",
        "10: Lastensuojelu",
        "\u200bX",
    ]
    with duckdb.connect() as connection:
        connection.execute(sql[begin : sql.index(";", begin)])
        found = [connection.execute("SELECT plain_name($name)", {"name": name}).fetchone() for name in told]
    assert found == [(plain_name(name),) for name in told]
    assert found[:2] == [("lapsiperheiden palvelut",), ("päihdehuolto",)]
