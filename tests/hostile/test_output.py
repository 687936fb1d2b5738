"""What data say never becomes what a spreadsheet, a terminal, a browser or a parser does."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import unicodedata
from pathlib import Path
from xml.etree import ElementTree

import pytest

from analyser.report.csv import cell
from tests.archive.build import ORGANISER, content, document, frame
from tests.command import run_here as run

_EVIL = "=cmd|' /C calc'!A0;=1+1;\uff1d1"
_TASK = "\x9b31m\u202e<script>alert(1)</script>|`x`"


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("a;=1+1", "a;'=1+1"),
        ("a,=1+1", "a,'=1+1"),
        ('";=1+1;"', '";\'=1+1;"'),
        ("-17", "-17"),
        ("+3,5", "+3,5"),
        ("2025-01-01", "2025-01-01"),
        ("R1-2", "R1-2"),
        ("a; b", "a; b"),
    ],
)
def test_no_cell_is_taken_for_a_formula_whatever_separator_the_spreadsheet_knows(told: str, shown: str) -> None:
    assert cell(told) == shown


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive and a register in which every text that may be free is an attack."""
    place = tmp_path_factory.mktemp("output")
    archive = place / "archive"
    archive.mkdir()
    body = json.dumps(content()).replace('"24"', json.dumps(_TASK)).replace('"L"', json.dumps(_TASK))
    packed = base64.b64encode(body.encode()).decode()
    (archive / "one.xml").write_text(document(packed))
    (archive / "two.xml").write_text(frame("\x9b31m.2.3", code="\x9bX", name="\u202eX"))
    (archive / _EVIL.replace("/", "_")).write_text("?")
    (archive / "=1\n\x1b[31m\u202e.xml").write_text("?")
    rows = [["source_id", "person_id", "service_task", "start", "end", "organiser", "unit", "producer", "municipality"]]
    rows += [
        [f"{_EVIL}{n}", "140312A907T", "<script>|`=1`", "2025-01-17", end, ORGANISER, _EVIL, "@x", "092"]
        for n, end in enumerate(("", "2024-01-01"))
    ]
    with (place / "episodes.csv").open("w", newline="") as opened:
        csv.writer(opened).writerows(rows)
    (place / "codes.csv").write_text(
        'code,key,name_fi,name_sv,in_register\n<script>|`=1`,,"=1+1<script>alert(1)</script>[x](javascript:x)|",@x,yes\n'
    )
    assert run(place, "ingest", "archive").code == 3
    assert run(place, "register", "episodes.csv", "codes.csv").code == 0
    return place


def _out(folder: Path, *arguments: str) -> str:
    done = run(folder, *arguments)
    assert done.code in (0, 1, 3), done.err
    assert "Traceback" not in done.err
    assert not [c for c in done.err if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs")]
    return done.out


_PERIOD = ("--period", "2025Q1")
_ALL_DIMENSIONS = ("--by", "service-task,municipality,unit,producer,age-group,layer")


@pytest.mark.parametrize(
    "arguments",
    [
        ("coverage", *_PERIOD, *_ALL_DIMENSIONS),
        ("coverage", *_PERIOD, *_ALL_DIMENSIONS, "-f", "markdown"),
        ("gaps", *_PERIOD),
        ("quarantine",),
        ("check", *_PERIOD),
        ("check", *_PERIOD, "-f", "markdown"),
        ("check", *_PERIOD, "-f", "github"),
        ("trace", "1.2.3.4"),
        ("trace", f"{_EVIL}0"),
        ("dashboard", "--once", *_PERIOD),
    ],
    ids=" ".join,
)
def test_no_text_for_a_person_steers_a_terminal(folder: Path, arguments: tuple[str, ...]) -> None:
    out = _out(folder, *arguments)
    assert out
    assert not [c for c in out if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs")]


@pytest.mark.parametrize(
    "arguments", [("coverage", *_PERIOD, *_ALL_DIMENSIONS), ("gaps", *_PERIOD), ("quarantine",)], ids=" ".join
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_cell_of_a_csv_is_a_formula(folder: Path, arguments: tuple[str, ...], separator: str) -> None:
    out = _out(folder, *arguments, "-f", "csv")
    for line in out.splitlines() if separator != "," else [None]:
        cells = line.split(separator) if line is not None else [c for row in csv.reader(io.StringIO(out)) for c in row]
        for one in cells:
            told = one.strip('"')
            assert not re.match(r"[=+\-@\t\r\uff1d]", told) or re.fullmatch(r"[+-]?\d+([.,]\d+)?", told), one


def test_a_page_runs_no_script(folder: Path) -> None:
    out = _out(folder, "coverage", *_PERIOD, *_ALL_DIMENSIONS, "-f", "html")
    assert "<script>alert" not in out
    assert "&lt;script&gt;alert" in out


def test_reports_for_machines_are_well_formed(folder: Path) -> None:
    ElementTree.fromstring(_out(folder, "check", *_PERIOD, "-f", "junit"))
    for command in (("check", *_PERIOD, "-f", "sarif"), ("gaps", *_PERIOD, "-f", "json"), ("quarantine", "-f", "json")):
        json.loads(_out(folder, *command))


def test_a_workbook_holds_texts_and_no_formulas(folder: Path) -> None:
    import zipfile

    _out(folder, "coverage", *_PERIOD, *_ALL_DIMENSIONS, "-f", "xlsx", "-o", "book.xlsx")
    with zipfile.ZipFile(folder / "book.xlsx") as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name]
    assert sheets
    assert not any(re.search(r"<f[ >]|<hyperlink", sheet) for sheet in sheets)
