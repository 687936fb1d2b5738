"""A county's own list is read whole or told: sheets, titles, errors in cells, encodings, names of columns."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from analyser.messages.errors import UsageError
from analyser.register.load import RegisterLoad, read_register
from tests.command import run_here as run
from tests.register.lists import HEADER, ORGANISER, OTHER, PERSON, ods, row, workbook


def _read(folder: Path, data: bytes | str, name: str = "f.xlsx") -> RegisterLoad:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    load = read_register(path, None, b"k" * 32)
    assert PERSON not in str(load.errors.to_pylist())
    return load


def _ids(load: RegisterLoad) -> list[str]:
    return load.table.column("source_id").to_pylist()


def _refused(load: RegisterLoad) -> list[tuple[str, int, str]]:
    return [(one["file"], one["row"], one["column"]) for one in load.errors.to_pylist()]


def test_every_visible_sheet_with_the_columns_is_read_and_every_other_is_told(tmp_path: Path) -> None:
    sheets: dict[str, Any] = {
        "Ohje": [["Täytä näin:"], ["Hetu", "henkilötunnus"]],
        "2024": [["Asiakkuudet 2024"], ["tulostettu 1.1.2025"], HEADER, row("A"), [], [], row("B", start="x")],
        "2025": [HEADER, row("C"), ["Yhteensä", "", "", 1]],
        "Vanha": [HEADER, row("D")],
        "Tyhjä": [],
        "Kesken": [("source_id", "person_id", "aloitus"), ("E", OTHER, "1.1.2025")],
    }
    (tmp_path / "e.xlsx").write_bytes(workbook(sheets, hidden=["Vanha"]))
    done = run(tmp_path, "register", "e.xlsx")
    assert done.code == 3
    for told in (
        "e.xlsx: 2 of 4 rows loaded",
        "1 row read from the sheet ‘2025’",
        "e.xlsx (2024), row 7, column start",
        "e.xlsx (2024): the header was found in row 3",
        "sheet ‘Vanha’ was left: it is hidden",
        "sheet ‘Ohje’ was left: it lacks the columns",
        "sheet ‘Tyhjä’ was left: it is empty",
        "e.xlsx (Kesken), row 1, column –: the sheet was not read: it names persons, but "
        "lacks the columns start, organiser",
        "e.xlsx (2025): 1 row sums up other rows",
    ):
        assert told in done.err
    listed = run(tmp_path, "gaps", "--period", "2025Q1", "-f", "csv").out
    assert [line.split(",")[0] for line in listed.splitlines()] == ["source_id", "A", "C"]


@pytest.mark.parametrize("column", range(len(HEADER)))
@pytest.mark.parametrize("cell", ["#N/A", "#REF!", "=B2"])
def test_an_error_or_a_value_that_was_never_stored_refuses_the_row_in_every_column(
    tmp_path: Path, column: int, cell: str
) -> None:
    bad = list(row("B"))
    bad[column] = cell
    rows = [
        ["Lista"],
        [],
        [*HEADER, "Muu"],
        [*row("A"), "#N/A"],
        bad,
        ["", *row("x")[1:]],
        row("C", end=dt.date(2025, 1, 1)),
    ]
    load = _read(tmp_path, workbook({"S": rows}, column=2))
    assert _ids(load) == ["A", "C"]
    assert _refused(load) == [("f.xlsx", 5, HEADER[column]), ("f.xlsx", 6, "source_id")]


@pytest.mark.parametrize("since_1904", [False, True])
def test_a_time_of_no_day_is_no_date(tmp_path: Path, *, since_1904: bool) -> None:
    noon, midnight = dt.time(12), dt.timedelta(0)
    rows = [
        row("A", start=dt.datetime(2025, 1, 2, 12)),
        row("B", start=noon),
        row("C", end=dt.time(23, 59, 59, 600000)),
    ]
    load = _read(tmp_path, workbook({"S": [HEADER, *rows, row("D", end=midnight)]}, since_1904=since_1904))
    # Day 0 is no day where days are counted from 1; where they are counted from 1904-01-01 it is that day.
    assert (load.table["source_id"].to_pylist()[:1], load.table["start_lo"][0].as_py()) == (["A"], dt.date(2025, 1, 2))
    wrong = [("f.xlsx", 3, "start"), ("f.xlsx", 4, "end"), ("f.xlsx", 5, "end")]
    assert _refused(load) == (wrong[:2] if since_1904 else wrong)
    assert all("date" in one["reason"] for one in load.errors.to_pylist())


def test_error_words_in_texts_and_other_kinds_are_no_values(tmp_path: Path) -> None:
    rows = [";".join(row(f"R{n}", end=word)) for n, word in enumerate(("#PUUTTUU!", "#VÄRDEFEL!", "Err:508", "####"))]
    assert len(_read(tmp_path, "\n".join([";".join(HEADER), *rows]), "f.csv").refusals) == 4
    table = [["municipality", "year", "population", "age_group"], ["092", 2025, "=1+1", ""], ["091", 2025, 5, "#N/A"]]
    assert [one[1:] for one in _refused(_read(tmp_path, workbook({"S": table})))] == [
        (2, "population"),
        (3, "age_group"),
    ]


def test_other_workbooks_are_read_with_the_same_care_or_named_with_a_remedy(tmp_path: Path) -> None:
    load = _read(tmp_path, ods([["Lista"], [], HEADER, [], row("A"), row("B", start="")]), "f.ods")
    assert (_ids(load), _refused(load)) == (["A"], [("f.ods", 6, "start")])
    for data, told in (
        (ods([HEADER, row("A", end="=1")]), "formulas whose value is not stored"),
        (ods([HEADER], encrypted=True), "protected by a password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "by a password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "no XLS file"),
        (workbook({"S": [["yksi", "kaksi"], ["a", "b"]]}), "columns of no register file"),
        (workbook({"S": [[*HEADER, "Start"], row("A")]}), "a column twice"),
        (workbook({"S": [[*HEADER, "Alkupvm"], row("A")]}), "several columns that could be start: start, Alkupvm"),
    ):
        with pytest.raises(UsageError, match=told) as refusal:
            _read(tmp_path, data)
        assert refusal.value.hint("en")
    buffer = io.BytesIO()
    pl.DataFrame({"yksi": ["a"]}).write_parquet(buffer)
    with pytest.raises(UsageError, match="columns of no register file"):
        _read(tmp_path, buffer.getvalue(), "f.parquet")


_LINES = [";".join(HEADER), ";".join(row("Ä1")), ";".join(row("Ö2"))]


@pytest.mark.parametrize(
    ("codec", "told"),
    [
        ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("iso-8859-1", "ISO-8859-1"), ("cp1252", "ISO-8859-1"),
    ],
)  # fmt: skip
def test_an_encoding_is_recognised_for_the_whole_file(tmp_path: Path, codec: str, told: str) -> None:
    load = _read(tmp_path, "\r\n".join(_LINES).encode(codec), "f.csv")
    assert _ids(load) == ["Ä1", "Ö2"]
    assert load.book is not None
    assert load.book.encoding == told
    dash = _read(tmp_path, "\n".join([*_LINES, ";".join(row("Š – €"))]).encode("cp1252"), "f.csv")
    assert (_ids(dash)[-1], dash.book and dash.book.encoding) == ("Š – €", "Windows-1252")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["A", "Ä".encode(), "B", "Ä".encode("cp1252"), "Yksikkö".encode("cp850")], "lines 3, 5, 6"),
        (["Ä".encode("cp1252"), "B", "Pöytä".encode("cp850")], "lines 2, 4"),
        (["Pöytä".encode("cp850")], "no encoding that is recognised"),
        (["Pöytä".encode("mac-roman")], "no encoding that is recognised"),
    ],
)
def test_a_file_of_several_encodings_is_refused_whole(tmp_path: Path, lines: list[str | bytes], told: str) -> None:
    names = [line.encode() if isinstance(line, str) else line for line in lines]
    rows = [name + b";" + ";".join(row("")[1:]).encode() for name in names]
    with pytest.raises(UsageError, match=told):
        _read(tmp_path, b"\n".join([";".join(HEADER).encode(), *rows]), "f.csv")


def test_csv_as_spreadsheets_write_it(tmp_path: Path) -> None:
    head = ";".join((*HEADER, "municipality", "unit"))
    full, short = ";".join(row("R1")), f"R2;{PERSON};24;1.10.2024;;{ORGANISER}"
    text = (
        f"sep=;\r\nAsiakkuudet\r\n\r\n{head};\r\n{full};92;a;\r\n{short}\r\nR3;{PERSON};24\r\n{full[:-1]};1;2;3;4\r\n"
        f'R4{full[2:]};092 Vantaa;"kaksi\r\nriviä"\r\n{head}\r\nYhteensä: 4;;;;;;\r\nSumma;4\r\n;;;;;;;\r\n'
    )
    load = _read(tmp_path, text, "f.csv")
    assert [(r["source_id"], r["municipality"], r["unit"], r["row"]) for r in load.table.to_pylist()] == [
        ("R1", "092", "a", 4), ("R2", None, None, 5), ("R4", "092", "kaksi riviä", 8),
    ]  # fmt: skip
    assert [(one[1], one[2]) for one in _refused(load)] == [(6, ""), (7, "")]
    table = load.book.tables[0] if load.book else None
    assert table is not None
    assert (table.heading.row, table.totals, table.repeated) == (3, (10, 11), (9,))
    # Spaces of every kind, and letters put together of parts, make no other word.
    told = f"R5;{PERSON};24\u00a0Lapsiperheiden\u2009 palvelut;1.10.2024;;{ORGANISER}\nR6;{PERSON};Pa\u0308ihde\u200bhuolto;1.10.2024;;{ORGANISER}"
    words = _read(tmp_path, f"{';'.join(HEADER)}\n{told}\n", "f.csv").table.to_pylist()
    assert [one["service_task"] for one in words] == ["24 Lapsiperheiden palvelut", "Päihdehuolto"]
    noted = _read(tmp_path, f"{head};;\n{full};92;a;seen;\n{full};92;a;;;x\n", "f.csv")
    assert (_ids(noted), len(noted.refusals)) == (["R1"], 1)
    cut = _read(tmp_path, f"{head}\n{full};92;a\n{short}", "f.csv")
    assert (_ids(cut), len(cut.refusals)) == (["R1"], 1)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("92", "092"), ("092", "092"), ("Vantaa", "092"), ("VANDA", "092"), ("092 Vantaa", "092"),
        ("Vantaa (092)", "092"),
        ("Itä-Uusimaa", "refused"), ("092 Espoo", "refused"), ("999", None), ("999 Tuntematon", None), ("", None),
        ("Hyvinka\u0308a\u0308", "106"), ("hyvinkaa", "106"), ("1234", "refused"),
    ],
)  # fmt: skip
def test_a_municipality_is_a_code_a_name_or_both(tmp_path: Path, written: str, code: str | None) -> None:
    load = _read(tmp_path, f"{';'.join(HEADER)};municipality\n{';'.join(row('A'))};{written}\n", "f.csv")
    assert (load.table.to_pylist()[0]["municipality"] if load.table.num_rows else "refused") == code


@pytest.mark.parametrize(
    "header",
    [
        "Asiakkuustunnus;Henkilötunnus;Palvelutehtävä;Alkupvm;Loppupvm;Järjestäjä;Yksikkö",
        "AsiakkuusID;Henkilotunnus;PalvelutehtavaNimi;AlkamisPaiva;PaattymisPaiva;Jarjestaja;Toimintayksikko",
        "ASIAKKUUSTUNNUS;HETU;PALVELUTEHTÄVÄ;ALKAEN;PÄÄTTYEN;ORGANISAATIO;TOIMIPAIKKA",
        "Asiakkuus\u00a0tunnus;Henkilo\u0308tunnus;Palvelu tehtävä;Alkupvm (pp.kk.vvvv);Loppu pvm;Järjestäjä;Enhet",
        "Klientrelations-ID;Personbeteckning;Serviceuppgift;Startdatum;Slutdatum;Serviceanordnare;Serviceenhet",
    ],
)
def test_finnish_and_swedish_names_are_known_in_any_spelling(tmp_path: Path, header: str) -> None:
    load = _read(tmp_path, f"{header};Kommentti\nA;{PERSON};24;1.10.2024;1.2.2025;{ORGANISER};Koti\n", "f.csv")
    read = load.table.to_pylist()[0]
    assert (read["source_id"], read["service_task"], str(read["end_lo"]), read["unit"]) == (
        "A",
        "24",
        "2025-02-01",
        "Koti",
    )
    assert load.unknown_columns == ("Kommentti",)


def test_a_length_of_time_is_no_day_in_any_form_of_its_format(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        formats = [book.add_format({"num_format": one}) for one in ("[h]:mm", "[mm]:ss", "[HH]:mm:ss;@", 46)]
        day = book.add_format({"num_format": "d.m.yyyy h:mm"})
        sheet = book.add_worksheet()
        for place, name in enumerate((*HEADER, "x_hours")):
            sheet.write(0, place + 1, name)
        for number, one in enumerate((*formats, day), 1):
            for place, cell in enumerate(row(f"R{number}")):
                sheet.write(number, place + 1, cell)
            sheet.write_number(number, 4, 45566.25)
            sheet.write_number(number, 5, 45600.5, one)
            sheet.write_number(number, 4, 45566.25, day)
            sheet.write_number(number, 7, 1.5, one)
    load = _read(tmp_path, buffer.getvalue())
    assert _ids(load) == ["R5"]
    assert [(one[1], one[2]) for one in _refused(load)] == [(number, "end") for number in (2, 3, 4, 5)]
    assert load.refused.column("source_id").to_pylist() == ["R1", "R2", "R3", "R4"]
    assert load.unshown == 4
