"""Units and producers have the names of the county's list, beside their codes, in the language, on every face."""

from __future__ import annotations

import json
from pathlib import Path

import fastexcel
import pytest

from tests.archive.build import content, document
from tests.command import run_here as run
from tests.register.lists import ORGANISER, OTHER, PERSON

UNIT, PRODUCER, NAMELESS = (f"{ORGANISER}.{number}" for number in (21, 31, 99))
EPISODES = (
    "source_id;person_id;service_task;start;organiser;unit;producer\n"
    f"A;{PERSON};24;2025-01-01;{ORGANISER};{UNIT};{PRODUCER}\nB;{OTHER};24;2025-01-01;{ORGANISER};{NAMELESS};\n"
)
UNITS = (
    "OID;Nimi;Namn;kind;Yhteystiedot\n"
    f"{UNIT};<b>Perhe|palvelut</b>;Familjeservice;unit;perhe@example.fi\nurn:oid:{PRODUCER};Tuki Oy;;producer;\n"
)
NAMED = {"fi": "Perhe|palvelut", "sv": "Familjeservice", "en": "Perhe|palvelut"}


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A county with a list of its units."""
    (tmp_path / "episodes.csv").write_text(EPISODES)
    (tmp_path / "units.csv").write_text(UNITS)
    (tmp_path / "kanta-gap.toml").write_text('county_name = "Mallila"\n')
    done = run(tmp_path, "register", "episodes.csv", "units.csv")
    assert done.code == 0, done.err
    assert "2 of 2 rows loaded as units" in done.err
    return tmp_path


@pytest.mark.parametrize("lang", ["fi", *(pytest.param(one, marks=pytest.mark.long) for one in ("sv", "en"))])
def test_names_stand_beside_codes_on_every_face_in_the_language(county: Path, lang: str) -> None:
    def told(*arguments: str, **variables: str) -> str:
        return run(county, *arguments, "--period", "2025Q1", "--lang", lang, **variables).out

    by = ("coverage", "--by", "unit,service-task")
    shown_by = [told(*by, COLUMNS="200"), told(*by, "-f", "markdown").replace("\\", ""), told("gaps", COLUMNS="70")]
    if lang == "fi":
        page = told(*by, "-f", "html")
        assert "<b>Perhe" not in page
        shown_by += [page.replace("&lt;", "<").replace("&gt;", ">"), told("gaps", COLUMNS="200")]
    for shown in shown_by:
        assert NAMED[lang] in shown
        assert UNIT[:20] in shown  # a table may break it
        assert "Mallila" in shown
    assert "Tuki Oy" in told("coverage", "--by", "producer", COLUMNS="200")
    run(county, *by, "--period", "2025Q1", "--lang", lang, "-f", "xlsx", "-o", "c.xlsx")
    run(county, "gaps", "--period", "2025Q1", "--lang", lang, "-f", "xlsx", "-o", "g.xlsx")
    cells = fastexcel.read_excel(county / "c.xlsx").load_sheet(3, dtypes="string").to_polars()
    assert any(NAMED[lang] in cell for cell in cells.to_series(1))
    rows = fastexcel.read_excel(county / "g.xlsx").load_sheet(1, dtypes="string").to_polars()
    place = rows.columns.index(next(name for name in rows.columns if UNIT in (rows[name].to_list()[0] or "")))
    assert rows.to_series(place + 1)[0].replace("<b>", "").replace("</b>", "") == NAMED[lang]
    # Codes stay what they are for programs.
    csv = told("gaps", "-f", "csv").splitlines()
    assert csv[0].split(",")[5] == "unit"
    assert csv[1].split(",")[5] == UNIT
    assert json.loads(told(*by, "-f", "json"))["cells"][0]["unit"] == UNIT
    assert "Mallila" in told("check", "--exit-zero", "--select", "G01")
    assert told("check", "--exit-zero", "--select", "G01", "-f", "markdown").startswith("## Mallila: ")
    traced = told("trace", "A")
    assert f"({UNIT})" in traced
    assert NAMED[lang] in traced
    assert f"Tuki Oy ({PRODUCER})" in " ".join(traced.split())
    assert "Mallila: " in told("deliver", "--status")


def test_the_list_of_units_is_a_list_as_any_other(county: Path) -> None:
    (county / "u.csv").write_text(f"oid,name_fi,kind\n{UNIT},Perhetiimi,unit\nx,Outo,unit\n{NAMELESS},Y,team\n")
    done = run(county, "register", "u.csv", "--rejected", "r.csv")
    assert done.code == 3
    assert "row 3, column oid" in done.err
    assert "row 4, column kind" in done.err
    # When a unit works, in the words of lists; an open end is none.
    (county / "d.csv").write_text(
        f"OID;Nimi;Voimassa alkaen;Lakkautettu\n{UNIT};A;1.1.2020;31.12.9999\n{PRODUCER};B;1.2.2025;1.1.2025\n{NAMELESS};C;2025;\n"
    )
    done = run(county, "register", "d.csv")
    assert done.code == 3
    assert "the unit ends before it starts" in done.err
    assert "row 4, column start" in done.err
    run(county, "register", "--undo", "4")
    shown = run(county, "coverage", "--by", "unit", "--period", "2025Q1", COLUMNS="200").out
    assert "Perhetiimi" in shown
    assert "2 rows" in shown
    run(county, "register", "--undo", "3")
    assert "palvelut" in run(county, "coverage", "--by", "unit", "--period", "2025Q1", COLUMNS="200").out
    listed = run(county, "register", "--list").out
    assert "units" in listed
    # A refused row takes its earlier version out: a name that cannot be read is no name.
    (county / "u.csv").write_text(f"oid,name_fi,kind\n{UNIT},Perhetiimi,team\n")
    assert run(county, "register", "u.csv").code == 3
    assert "palvelut" not in run(county, "coverage", "--by", "unit", "--period", "2025Q1", COLUMNS="200").out
    # A list of units may call the unit's name as other lists call the unit.
    for head, lang in (("Yksikkö", "fi"), ("Enhet", "sv"), ("Palveluntuottaja", "fi")):
        (county / "n.csv").write_text(f"{head};OID-tunnus\nKoti\u00a0 {head};{NAMELESS}\n")
        assert "ignored" not in run(county, "register", "n.csv").err
        shown = run(county, "coverage", "--by", "unit", "--period", "2025Q1", "--lang", lang, COLUMNS="200").out
        assert f"Koti {head} ({NAMELESS})" in shown
    # Nothing that looks like a person's identifier gets in by a name.
    (county / "u.csv").write_text(f"oid,name_fi,contact\n{UNIT},Tiimi {PERSON},{PERSON}\n")
    done = run(county, "register", "u.csv")
    assert PERSON not in run(county, "coverage", "--by", "unit", "--period", "2025Q1", COLUMNS="200").out + done.err


def _documented(folder: Path, number: int, stored: str, **units: str) -> None:
    """A client-relationship document that calls units, by the last part of their OID."""
    told = content()
    told["asiakkuusasiakirja"]["sosiaalihuollon_palvelutehtava"][0]["palvelunjarjestajan_palveluyksikko"] = [
        {
            "palveluyksikon_nimi": {"code": f"{ORGANISER}.{place[1:]}", "display": name},
            "asiakkuuden_alkamispvm": "2025-01-17",
        }
        for place, name in units.items()
    ]
    made = document(told, oid=f"1.2.3.{number}", header=f'<effectiveTime value="{stored}"/>', version=None)
    (folder / "archive").mkdir(exist_ok=True)
    (folder / "archive" / f"{number}.xml").write_text(made)


def test_a_unit_that_the_list_does_not_name_is_called_as_its_newest_document_calls_it(county: Path) -> None:
    hostile = {
        "_41": f"Tiimi {PERSON}", "_42": "Aino Esimerkki", "_43": "Tiimi 14.3.2012", "_44": "x" * 121,
        "_45": "\u202eimiiT", "_46": "12", "_47": "=1+1 <b>Tiimi</b>",
    }  # fmt: skip
    _documented(county, 9, "20250118", _99="Vanha nimi", _21="Toinen nimi")
    _documented(county, 8, "20250201", _99="Uusi  nimi", **hostile)
    rows = "".join(
        f"N{place};{PERSON};24;2025-01-01;{ORGANISER};{ORGANISER}.{place[1:]};\n" for place in sorted(hostile)
    )
    (county / "more.csv").write_text(EPISODES.splitlines()[0] + "\n" + rows)
    assert run(county, "register", "more.csv").code == 0
    assert run(county, "ingest", "archive").code == 0
    shown = run(county, "coverage", "--by", "unit", "--period", "2025Q1", COLUMNS="200").out
    assert f"Uusi nimi ({NAMELESS})" in shown
    assert "Vanha nimi" not in shown
    assert f"Perhe|palvelut</b> ({UNIT})" in shown  # the county's own name goes before
    assert f"=1+1 <b>Tiimi</b> ({ORGANISER}.47)" in shown
    assert "<b>Tiimi" not in run(county, "coverage", "--by", "unit", "--period", "2025Q1", "-f", "html").out
    for place, name in hostile.items():
        if place != "_47":
            assert name not in shown
            assert f" {ORGANISER}.{place[1:]} " in shown
    # What was not there on the day is not known of it.
    early = run(county, "coverage", "--by", "unit", "--period", "2025Q1", "--as-of", "2025-01-20", COLUMNS="200").out
    assert f"Vanha nimi ({NAMELESS})" in early
