"""Lists as offices hand them over: merged cells, totals of units, pages with their headers, lines to sign on, Swedish."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path

import pytest
import xlsxwriter

from analyser.register.headings import _KNOWN, normal
from analyser.register.table import is_footer, is_totals
from tests.archive.build import NATIONAL, ORGANISER
from tests.command import run_here as run
from tests.register.lists import OTHER, ods

THIRD = "010190-900P"
_DAY = dt.datetime(2025, 1, 17)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "kanta-gap.toml").write_text(f'organiser = "{ORGANISER}"\n')
    return tmp_path


def _rows(folder: Path) -> dict[str, tuple[str, ...]]:
    told = run(folder, "gaps", "--period", "2025Q1", "-f", "csv").out
    wanted = ("service_task", "unit", "municipality", "start", "end", "person_key")
    return {row["source_id"]: tuple(row[name] for name in wanted) for row in csv.DictReader(io.StringIO(told))}


def test_what_is_merged_over_rows_is_said_of_each_and_what_is_no_row_is_told_as_that(folder: Path) -> None:
    with xlsxwriter.Workbook(str(folder / "lista.xlsx"), {"default_date_format": "d.m.yyyy"}) as book:
        sheet = book.add_worksheet("Perhepalvelut")
        sheet.merge_range("B1:I1", "Mallilan hyvinvointialue – asiakkuudet 1.1.–31.3.2025")
        sheet.merge_range("B3:D3", "Asiakas")
        sheet.merge_range("E3:I3", "Asiakkuus")
        head = [
            "Nro",
            "Asiakkaan henkilötunnus",
            "Kotikunta",
            "Asiakkuustunnus",
            "Palvelutehtävä",
            "Yksikkö",
            "Alkaa",
            "Päättyy",
        ]
        rows = [
            [1, NATIONAL, "Vantaa", "A-1", "24", "Keskus", _DAY, None],
            [2, None, None, "A-2", "24", "Keskus", _DAY, dt.datetime(2025, 3, 1)],
            [2, None, None, "A-3", "15", None, _DAY, None],
            [3, THIRD, "Kerava", "A-4", "15", None, "17.1.2025", "jatkuu"],
        ]
        for number, row in enumerate([head, *rows], 3):
            for place, value in enumerate(row, 1):
                if value is not None:
                    sheet.write(number, place, value)
        sheet.merge_range(5, 2, 6, 2, OTHER)
        sheet.merge_range(5, 3, 6, 3, "Vantaa")
        sheet.merge_range(6, 6, 7, 6, "Klinikka")
        sheet.write(8, 1, "Yhteensä")
        sheet.write(8, 4, 4)
        sheet.merge_range("B11:I11", "Päiväys ja allekirjoitus: ____________ Testi Työntekijä")
    done = run(folder, "register", "lista.xlsx")
    assert done.code == 0, done.err
    for told in (
        "4 of 4 rows",
        "3 cells in the shadow of merged cells",
        "sums up other rows and was left (9)",
        "left (11)",
    ):
        assert told in done.err
    found = _rows(folder)
    assert [found[f"A-{number}"][1:5] for number in (2, 3, 4)] == [
        ("Keskus", "092", "2025-01-17", "2025-03-01"),
        ("Klinikka", "092", "2025-01-17", ""),
        ("Klinikka", "245", "2025-01-17", ""),
    ]
    assert found["A-2"][5] == found["A-3"][5] != found["A-4"][5]
    explained = json.loads(run(folder, "register", "lista.xlsx", "--explain", "-f", "json").out)
    assert "merged_cells" in json.dumps(explained)


@pytest.mark.parametrize("many", [0, 2_100])
def test_totals_pages_and_printers_are_told_apart_from_rows_in_a_csv_of_any_length(folder: Path, many: int) -> None:
    head = "Asiakkuuden numero;Asiakkaan henkilötunnus;Asiakkaan kotikunta;Palvelutehtävän nimi;Alkamisaika;Päättymisaika;Yksikkö"
    lines = [
        "Raportti: Asiakkuudet palvelutehtävittäin;;;;;;", "Ajopäivä: 3.4.2025;;;;;;", "", head,
        f"1001;{NATIONAL};Vantaa;Lapsiperheiden palvelut;17.1.2025;;Itäinen keskus",
        *(f"{2000 + number};{OTHER};Vantaa;Lapsiperheiden palvelut;17.1.2024;1.3.2024;Itäinen keskus" for number in range(many)),
        "Itäinen keskus yhteensä;;;;;;2", head, f"1003;{THIRD};Järvenpää;Päihdehuolto;1.2.2025;toistaiseksi;Päihdeyksikkö",
        "Välisumma;;;;;;1", "Loppusumma: 4 asiakkuutta;;;;;;", "Kaikki yhteensä;3;;;;;", "Sivu 1/1;;;;;;",
        "Tulostanut: Testi Työntekijä 3.4.2025;;;;;;", "",
    ]  # fmt: skip
    (folder / "vienti.csv").write_bytes("\r\n".join(lines).encode("cp1252"))
    done = run(folder, "register", "vienti.csv")
    assert done.code == 0, done.err
    for told in (
        f"{2 + many:,} of {2 + many:,} rows",
        "4 rows sum up",
        "1 row repeats the header",
        "2 rows say something of the list",
    ):
        assert told in done.err
    assert set(_rows(folder)) == {"1001", "1003"}


def test_a_row_that_names_somebody_is_a_row_whatever_its_first_cell_says(folder: Path) -> None:
    for first in ("Huom", "Lähde 7", "Yhteensä", "Sivu 2"):
        assert is_footer(first) or is_totals(first)
    for first in ("1001", "R-7", "Sivula", "Rapunzel-3", "Huomenna", "A-1 yhteensä-", "Totalisator"):
        assert not is_footer(first), first
        assert not is_totals(first), first
    head = "source_id;person_id;service_task;start;end"
    (folder / "a.csv").write_text(
        f"{head}\nHuom;{NATIONAL};24;17.1.2025;\nSivu 2;;24;17.1.2025;\nLähde 7;{OTHER};24;;\n"
    )
    done = run(folder, "register", "a.csv")
    assert done.code == 3  # two of them lack something, and are refused and not passed over
    assert "1 of 3 rows" in done.err


def test_names_of_columns_are_known_with_whose_they_are_in_both_languages() -> None:
    for ours, theirs in (
        ("person_id", "Klientens personbeteckning"), ("person_id", "Asiakkaan hetu"), ("start", "Asiakkuuden aloituspäivä"),
        ("start", "Klientrelationens begynnelsedag"), ("end", "Klientrelationen upphör"), ("end", "Asiakkuus päättynyt"),
        ("service_task", "Socialvårdens serviceuppgift"), ("municipality", "Klientens hemkommun"),
        ("source_id", "Klientrelationens nummer"), ("birth_date", "Asiakkaan syntymäaika"),
    ):  # fmt: skip
        assert _KNOWN[normal(theirs)] == ours
    # The service's and the decision's days are others.
    assert not {normal(name) for name in ("Palvelun alkupvm", "Päätöksen päättymispäivä")} & _KNOWN.keys()


def test_a_torn_row_of_several_tasks_takes_out_all_that_it_was(folder: Path) -> None:
    head = "source_id;person_id;service_task;start;end"
    with (folder / "kanta-gap.toml").open("a") as settings:
        settings.write('[register.monta]\nfiles = ["monta.csv"]\ntask_separator = ","\n')
    sound = f"A;{NATIONAL};24;17.1.2025;\nB;{OTHER};24, 15;17.1.2025;\nBB;{THIRD};24;17.1.2025;\n"
    (folder / "monta.csv").write_text(f"{head}\n{sound}")
    assert run(folder, "register", "--as", "monta").code == 0
    assert set(_rows(folder)) == {"A/24", "B/24", "B/15", "BB/24"}
    (folder / "monta.csv").write_text(f"{head}\n" + sound.replace("17.1.2025;\nBB", "17.1.2025;;;1\nBB"))
    assert run(folder, "register", "--as", "monta").code == 3
    assert set(_rows(folder)) == {"A/24", "BB/24"}
    verdict = json.loads(run(folder, "coverage", "--period", "2025Q1", "-f", "json").out)
    assert (verdict["separate_delivery"]["refused"], verdict["totals"]["rows"]) == (1, 2)
    (folder / "monta.csv").write_text(f"{head}\n{sound}")
    assert run(folder, "register", "--as", "monta").code == 0
    assert set(_rows(folder)) == {"A/24", "B/24", "B/15", "BB/24"}


def test_a_length_of_time_in_an_ods_sheet_is_told_as_that(folder: Path) -> None:
    head = ["source_id", "person_id", "service_task", "start", "end"]
    (folder / "a.ods").write_bytes(ods([head, ["A", NATIONAL, "24", "17.1.2025", "PT36H00M00S"]]))
    done = run(folder, "register", "a.ods")
    assert (done.code, "a length of time" in done.err) == (3, True), done.err
