"""Ten lists in the manners of offices and systems, each from the file as it comes to the verdict.

One person's document is archived, another's lacks; a third row is what the manner puts to the test. People are made up.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.archive.build import NATIONAL, ORGANISER, document
from tests.command import run_here as run
from tests.register.lists import OTHER, ods, workbook

THIRD = "010190-900P"
FI = ["Asiakkuustunnus", "Henkilötunnus", "Palvelutehtävä", "Alkupvm", "Loppupvm"]
DAY = dt.datetime(2025, 1, 17)
OWN = f'organiser = "{ORGANISER}"\n'


@dataclass(frozen=True)
class Export:
    """A list as it comes, how it is loaded, and what is found."""

    files: dict[str, bytes]
    settings: str = OWN
    arguments: tuple[str, ...] = ()
    """Empty: its files."""
    rows: int = 3
    told: tuple[str, ...] = ()
    """Of the narration."""
    code: int = 0
    """Of loading; 3: something was left to look at."""
    classes: dict[str, int] = field(default_factory=lambda: {"archived": 1, "missing": 2})


def _csv(*lines: str, encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    return (end.join(lines) + end).encode(encoding)


EXPORTS = {
    "Excel list with an instruction sheet, a title, days of Excel and a total": Export(
        {
            "lista.xlsx": workbook(
                {
                    "Ohje": [["Täytä rivit"]],
                    "Asiakkuudet": [
                        ["Asiakkuudet 2025"], [], FI,
                        ["A", NATIONAL, "24", DAY, ""], ["B", OTHER, "24", DAY, dt.datetime(2025, 3, 1)],
                        ["C", THIRD, "15", DAY, ""], ["Yhteensä", 3],
                    ],
                }
            )
        },
        told=("the header was found in row 3", "1 row sums up other rows", "sheet ‘Ohje’ was left"),
    ),
    "CamelCase without ä and ö, Windows-1252, a time behind each day, 31.12.9999, a separator at the end": Export(
        {
            "vie.csv": _csv(
                "AsiakkuusID;HenkiloTurvatunnus;PalvelutehtavaNimi;AlkamisPaiva;PaattymisPaiva;",
                f"A;{NATIONAL};Lapsiperheiden palvelut;17.01.2025 08:00:00;31.12.9999 00:00:00;",
                f"B;{OTHER};Lapsiperheiden palvelut;17.01.2025 08:00:00;31.12.2099;",
                f"C;{THIRD};Päihdehuolto;17.01.2025 08:00:00;;",
                encoding="cp1252",
            )
        },
        told=("2 ends are written as a date that means an open end", "ISO-8859-1"),
    ),
    "Excel's Unicode text": Export(
        {
            "unicode.txt": _csv(
                "\t".join(FI), *("\t".join(row) for row in (
                    ["A", NATIONAL, "24", "17.1.2025", ""], ["B", OTHER, "24", "17.1.2025", ""],
                    ["C", THIRD, "15", "17.1.2025", ""],
                )), encoding="utf-16",
            )
        },
        told=("UTF-16",),
    ),
    "Swedish, with a sep= line": Export(
        {
            "export.csv": _csv(
                "sep=;", "Klientrelations-ID;Personbeteckning;Serviceuppgift;Startdatum;Slutdatum;Hemkommun",
                f"A;{NATIONAL};Tjänster för barnfamiljer;2025-01-17;;Vanda",
                f"B;{OTHER};Tjänster för barnfamiljer;2025-01-17;;092 Vanda",
                f"C;{THIRD};Missbrukarvård;2025-01-17;;999",
            )
        },
    ),
    "a sheet a year, an old one hidden, other columns first": Export(
        {
            "vuodet.xlsx": workbook(
                {
                    "2024": [FI, ["A", NATIONAL, "24", DAY, ""], ["B", OTHER, "24", DAY, ""]],
                    "2025": [[*FI[1:], FI[0]], [THIRD, "15", DAY, "", "C"]],
                    "2019": [FI, ["D", THIRD, "24", DAY, ""]],
                },
                hidden=["2019"],
            )
        },
        told=("2 rows read from the sheet ‘2024’", "sheet ‘2019’ was left: it is hidden"),
    ),
    "a service task by two columns that a mapping table resolves, and no name for a row": Export(
        {
            "muu.csv": _csv(
                "Asiakasnro;Hetu;Ryhmä;Palvelu;Alkaen;Päättyen", f"7;{NATIONAL};Perhe;Tuki;17.1.2025;",
                f"8;{OTHER};Perhe;Tuki;17.1.2025;", f"8;{OTHER};Päihde;;17.1.2025;1.3.2025",
            ),
            "tehtavat.csv": _csv("service_task,Ryhmä,Palvelu", "families,Perhe,Tuki", "substance,Päihde,"),
        },
        OWN + '[register.muu]\nfiles = ["muu.csv"]\nvalues.service_task = "tehtavat.csv"\n'
        'columns = { service_task = ["Ryhmä", "Palvelu"], source_id = ["Asiakasnro", "Ryhmä", "Alkaen"] }\n',
        ("--as", "muu"),
    ),
    "several tasks in one cell": Export(
        {
            "monta.csv": _csv(
                ";".join(FI), f"A;{NATIONAL};24;17.1.2025;", f'B;{OTHER};"24; 15";17.1.2025;',
            )
        },
        OWN + '[register.monta]\nfiles = ["monta.csv"]\ntask_separator = ";"\n',
        ("--as", "monta"),
        rows=3,
    ),
    "OpenDocument": Export(
        {
            "lista.ods": ods(
                [FI, ["A", NATIONAL, "24", "17.1.2025", ""], ["B", OTHER, "24", "17.1.2025", ""],
                 ["C", THIRD, "15", "17.1.2025", "1.3.2025"]]
            )
        },
    ),
    "two systems that number alike": Export(
        {
            "yksi.csv": _csv(";".join(FI), f"1;{NATIONAL};24;17.1.2025;", f"2;{OTHER};24;17.1.2025;"),
            "kaksi.csv": _csv(";".join(FI), f"1;{THIRD};15;17.1.2025;"),
        },
        OWN + '[register.yksi]\nfiles = ["yksi.csv"]\nsource_prefix = "yksi:"\n'
        '[register.kaksi]\nfiles = ["kaksi.csv"]\nsource_prefix = "kaksi:"\n',
        ("--as", "yksi", "then", "--as", "kaksi"),
    ),
    "dashes of print, spaces that do not break, a note over two lines, a row that is torn, a column of her own": Export(
        {
            "kopio.csv": _csv(
                ";".join([*FI, "Kunta", "x_tiimi"]),
                f'A;{NATIONAL[:6]}A{NATIONAL[7:]}\u00a0;24;17.1.2025;;092 Vantaa;"Itä\nSoita"',
                f"B;{OTHER[:6]}\u2013{OTHER[7:]};24;17.1.2025;;Espoo;Länsi",
                f"C;{THIRD[:6]}\u2212{THIRD[7:]}\u200b;15;17.1.2025;;92;",
                f"D;{THIRD};15;17.1.2025;;092;Itä; etelä",
            )
        },
        told=("8 cells where the header has 7",),
        code=3,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that has read the archive."""
    folder = tmp_path_factory.mktemp("archived")
    (folder / "archive").mkdir()
    (folder / "archive" / "one.xml").write_text(document())
    assert run(folder, "ingest", "archive", "-q").code == 0
    return folder / "kanta-gap.duckdb"


@pytest.mark.parametrize("name", EXPORTS)
def test_a_list_as_it_comes_leads_to_the_verdict(name: str, archived: Path, tmp_path: Path) -> None:
    export = EXPORTS[name]
    shutil.copy(archived, tmp_path / archived.name)
    for file, data in export.files.items():
        (tmp_path / file).write_bytes(data)
    # Without its settings nothing is loaded from a list that does not name its organiser; the archive's are told.
    if not export.arguments:
        before = run(tmp_path, "register", *export.files)
        assert before.code == 2
        assert ORGANISER in before.err
    (tmp_path / "kanta-gap.toml").write_text(export.settings)
    narrated, code, loaded = "", 0, 0
    for arguments in " ".join(export.arguments or tuple(export.files)).split(" then "):
        explained = run(tmp_path, "register", "--explain", *arguments.split(), "-f", "json")
        assert explained.code == export.code, explained.err
        loaded += sum(file["rows"] for file in json.loads(explained.out)["files"])
        done = run(tmp_path, "register", *arguments.split())
        narrated, code = narrated + done.err, max(code, done.code)
    assert code == export.code, narrated
    for told in export.told:
        assert told in narrated
    for person in (NATIONAL, OTHER, THIRD):
        assert person not in narrated
    verdict = run(tmp_path, "coverage", "--period", "2025Q1", "-f", "json")
    found = json.loads(verdict.out)["totals"]
    assert {key: found[key] for key in export.classes} == export.classes, narrated
    assert found["rows"] == export.rows == loaded
    assert verdict.code == (3 if export.code else 1)
