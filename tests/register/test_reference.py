"""Published figures stand beside own counts of the same days: differences are told, and decide nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import fastexcel
import pytest

from tests.command import Done
from tests.command import run_here as run
from tests.register.lists import ORGANISER, OTHER, PERSON

THIRD = "010190-900P"
EPISODES = "source_id;person_id;layer;service_task;start;organiser;municipality\n" + "".join(
    f"{name};{person};{layer};{task};2025-01-01;{ORGANISER};{place}\n"
    for name, person, layer, task, place in (
        ("A", PERSON, "", "24", "092"),
        ("B", PERSON, "", "24", "049"),
        ("C", OTHER, "", "24", "092"),
        ("D", THIRD, "", "15", "092"),
        ("E", THIRD, "child-protection", "", "092"),
        ("F", THIRD, "", "family_law", "092"),  # excluded: in no count
    )
)
FIGURES = (
    "period;layer;service_task;municipality;indicator;value;source\n"
    "2025Q1;;24;;clients;2;Sotkanet\n"  # the same
    "2025-01-01..2025-03-31;;Lapsiperheiden palvelut;;Episodes;3,0;THL\n"  # the same days, otherwise written
    "2025Q1;;24;Vantaa;clients;1 000;Sotkanet\n"
    "2025Q1;;;;clients;3;\n"
    "2025Q1;child-protection;;;episodes;1;\n"
    "2025Q1;;20;;clients;0;\n"
    "2025Q1;;mielenrauha;;clients;5;\n"
    "2024Q4;;24;;clients;2;\n2025;;24;;clients;9;\n2025;;24;;episodes;9;\n"
)


def _county(folder: Path, figures: str = FIGURES, settings: str = "") -> Done:
    (folder / "e.csv").write_text(EPISODES)
    (folder / "f.csv").write_text(figures)
    (folder / "kanta-gap.toml").write_text(settings)
    assert run(folder, "register", "e.csv").code == 0
    return run(folder, "register", "f.csv")


def _told(folder: Path, *more: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(folder, "coverage", "--period", "2025Q1", "-f", "json", *more).out)
    return found


def test_own_counts_stand_beside_the_published_figures_of_the_same_days(tmp_path: Path) -> None:
    without = tmp_path / "without"
    without.mkdir()
    (without / "e.csv").write_text(EPISODES)
    run(without, "register", "e.csv")
    assert "reference" not in _told(without)
    done = _county(tmp_path)
    assert done.code == 0, done.err
    assert "10 of 10 rows loaded as reference" in done.err
    told = _told(tmp_path)["reference"]
    rows = [
        (row["service_task"], row["municipality"], row["indicator"], row["published"], row["own"], row["plausible"])
        for row in told["rows"]
        if row["layer"] == "service-task"
    ]
    assert rows == [
        (None, None, "clients", 3, 3, "near"),
        ("20", None, "clients", 0, 0, "near"),
        ("24", None, "clients", 2, 2, "near"),
        ("24", None, "episodes", 3, 3, "near"),
        ("24", "092", "clients", 1000, 2, "apart"),
        ("mielenrauha", None, "clients", 5, None, "unknown-task"),
    ]
    assert [row["own"] for row in told["rows"] if row["layer"] == "child-protection"] == [1]
    assert told["not_compared"] == [{"period": "2024Q4", "figures": 1}, {"period": "2025", "figures": 2}]
    assert told["threshold"] == 0.1
    # A whole year is compared when it is asked about, and nothing of it changes a verdict or an exit code.
    year = json.loads(run(tmp_path, "coverage", "--period", "2025-01-01..2025-12-31", "-f", "json").out)
    assert [row["published"] for row in year["reference"]["rows"]] == [9, 9]
    assert {**_told(tmp_path), "reference": 0} == {**_told(without), "reference": 0}
    codes = [run(folder, "coverage", "--period", "2025Q1").code for folder in (tmp_path, without)]
    assert codes[0] == codes[1]


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_every_face_tells_what_lies_apart_and_what_was_not_compared(tmp_path: Path, lang: str) -> None:
    _county(tmp_path, settings="reference_share = 0.5\n")
    apart = {"fi": "poikkeaa", "sv": "avviker", "en": "apart"}[lang]
    for face in ("text", "html", "markdown"):
        told = run(tmp_path, "coverage", "--period", "2025Q1", "--lang", lang, "-f", face).out
        assert apart in told
        assert "2024Q4 (1), 2025 (2)" in told.replace("\\", "")
        assert "Sotkanet" in told
    frame = run(tmp_path, "dashboard", "--once", "--period", "2025Q1", "--lang", lang, "--width", "80").out
    assert apart in " ".join(frame.split())
    assert "2024Q4 (1), 2025 (2)" in " ".join(frame.split())
    assert "→ 2" in frame
    run(tmp_path, "coverage", "--period", "2025Q1", "--lang", lang, "-f", "xlsx", "-o", "c.xlsx")
    book = fastexcel.read_excel(tmp_path / "c.xlsx")
    sheet = next(
        name for name in book.sheet_names if name in ("Published figures", "Julkaistut luvut", "Publicerade tal")
    )
    cells = book.load_sheet(sheet, header_row=None, dtypes="string").to_polars()
    assert any("1000" in row and "2" in row for row in cells.iter_rows())
    # What small counts are left out of shows none of them here either.
    shared = run(tmp_path, "coverage", "--period", "2025Q1", "--share", "5", "-f", "json").out
    assert "reference" not in json.loads(shared)


def test_a_figure_that_is_none_is_refused_and_a_later_one_replaces_the_earlier(tmp_path: Path) -> None:
    head = FIGURES.splitlines()[0]
    done = _county(
        tmp_path, f"{head}\n2025Q1;;24;;clients;..;\n2025Q1;;24;;people;1;\n;;24;;clients;1;\n2025Q1;;;;clients;4;X\n"
    )
    assert done.code == 3
    for told in ("row 2, column value", "row 3, column indicator", "row 4, column period"):
        assert told in done.err
    (tmp_path / "g.csv").write_text(f"{head}\n2025Q1;;;;clients;7;X\n2025Q1;;;;clients;8;Y\n")
    run(tmp_path, "register", "g.csv")
    assert [(row["source"], row["published"]) for row in _told(tmp_path)["reference"]["rows"]] == [("X", 7), ("Y", 8)]
