"""The same input gives the same bytes of `check` in every database, whose secrets are all different."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.archive.build import content, document
from tests.command import run_here as run
from tests.fixtures.make_county import COUNTY
from tests.rules.test_user_rules import HEADER

MACHINE = ("json", "sarif", "junit")
OF_JSON = ("github", "markdown")
"""Formats that `check --from` makes of the same JSON, in a tenth of the time."""
_LISTS = ("episodes-1.csv", "episodes-2.csv")
_OWN = """
SELECT 'row ' || source_id || ' of ' || person_key AS subject, person_key, NULL AS service_task, NULL AS municipality,
    NULL AS document, 'at ' || source_id AS place
FROM register_row"""

# A service task in words, which may name somebody, is kept as a mark.
_BLOCK = {"palvelutehtava": {"code": "Ainon perhetyö"}, "palvelunjarjestajan_palveluyksikko": [{}]}
_SERVICES = """source_id;person_id;person_id_root;kind;service_task;social_service;decided;start;end;organiser
S1;250678-937A;;decision-positive;24;45;2025-01-02;2025-01-02;;1.2.246.10.99999901.10.0
S2;290200A9244;;service;24;45;2025-01-02;2025-01-02;;1.2.246.10.99999901.10.0
S3;290200A9244;;decision-negative;20;45;2025-02-02;;;1.2.246.10.99999901.10.0
"""
_ODD = document(content(sosiaalihuollon_palvelutehtava=[_BLOCK]))


def _with_identifiers(source: Path, target: Path, sign: str = ";", *, without: int | None = None) -> None:
    """The same rows, each named by its person's identifier in one of few ways; without one row, if that is said."""
    rows = list(csv.reader(source.read_text(encoding="utf-8-sig").splitlines(), delimiter=sign))
    for number, row in enumerate(rows[1:]):
        row[0] = f"{'ABC'[number % 3]}-{row[1]}" if number % 5 else row[0]
    kept = [row for number, row in enumerate(rows) if number != without]
    with target.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened, delimiter=";").writerows(kept)


@pytest.fixture(scope="module")
def counties(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two folders with the same input, each read into a database of its own; one row has vanished since last quarter."""
    folders = tuple(tmp_path_factory.mktemp(name) for name in ("one", "other"))
    for folder, threads, lists in zip(folders, ("1", "2"), (_LISTS, _LISTS[::-1]), strict=True):
        (folder / "own").mkdir()
        (folder / "own" / "X01-own.sql").write_text(
            HEADER.replace("SELECT 1000", "SELECT count(*) FROM register_row") + _OWN
        )
        (folder / "odd.xml").write_text(_ODD)
        run(folder, "ingest", str(COUNTY / "archive"), "odd.xml", "--workers", threads)
        _with_identifiers(COUNTY / "episodes-1.csv", folder / "episodes-1.csv")
        _with_identifiers(COUNTY / "episodes-2.csv", folder / "episodes-2.csv", "\t")
        assert run(folder, "register", *lists).code in (0, 3)
        run(folder, "gaps", "--period", "2024Q4")
        _with_identifiers(COUNTY / "episodes-1.csv", folder / "episodes-1.csv", without=2)
        assert run(folder, "register", *lists, "--replace-all").code in (0, 3)
    return folders


@cache
def _told(folder: Path, format_: str) -> str:
    return run(folder, "check", "--period", "2025Q1", "--rules", "own", "-f", format_).out


def test_machine_formats_hold_nothing_that_follows_the_secret(counties: tuple[Path, Path]) -> None:
    one, other = counties
    for format_ in MACHINE:
        assert _told(one, format_) == _told(other, format_), format_
    for format_ in OF_JSON:
        asked = ("check", "--rules", "own", "--from", "saved.json", "-f", format_)
        for folder in counties:
            (folder / "saved.json").write_text(_told(folder, "json"))
        assert run(one, *asked).out == run(other, *asked).out != "", format_
    assert _told(one, "text") != _told(other, "text")  # people can ask for a row by its pseudonym
    assert "[id-" in _told(one, "text")
    saved = json.loads(_told(one, "json"))
    found = {rule["code"]: [row["subject"] for row in rule["rows"]] for rule in saved["rules"] if rule["rows"]}
    assert any("[id]" in subject for subject in found["R12"])
    told = [cell for rule in saved["rules"] for row in rule["rows"] for cell in row.values() if cell]
    assert any("[text]" in cell for cell in told)
    assert any("#2" in subject for subjects in found.values() for subject in subjects)
    assert all(subject.endswith(" of [person]") for subject in found["X01"])


def test_a_finding_is_one_finding_however_it_was_kept(counties: tuple[Path, Path]) -> None:
    """A saved result and a database of the same input differ in nothing, and two rows are never one finding."""
    one, other = counties
    (one / "check.json").write_text(_told(one, "json"))
    told = run(other, "diff", str(one / "check.json"), "kanta-gap.duckdb", "--rules", "own", "-f", "json")
    assert json.loads(told.out)["rules"] == []
    results = json.loads(_told(one, "sarif"))["runs"][0]["results"]
    prints = [result["partialFingerprints"]["kantaGapFinding/v1"] for result in results if result["ruleId"] != "X01"]
    assert len(prints) == len(set(prints)) > 20


_P = ("--period", "2025Q1")
_BY = ("--by", "service-task,municipality,unit,producer,age-group")
_COMMANDS = (
    *(("coverage", *_P, "-f", form) for form in ("text", "json", "csv", "markdown", "html", "xlsx")),
    *(("coverage", *_P, *_BY, "-f", form) for form in ("text", "json", "csv")),
    *(("coverage", *_P, *more, "-f", "json") for more in (("--share",), ("--conditions",), ("--as-of", "2025-02-15"))),
    *(("gaps", *_P, "-f", form) for form in ("text", "json", "csv", "xlsx")),
    *(("gaps", *_P, *more, "-f", "json") for more in (("--services",), ("--parts", "3"), ("--reveal-ids",))),
    *(("check", *_P, "-f", form) for form in ("text", "json", "markdown", "junit", "sarif", "github")),
    *(("trace", one, "-f", form) for one in ("R000117-1", "R000101-1") for form in ("text", "json")),
    *(("quarantine", "-f", form) for form in ("text", "json", "csv")),
    ("dashboard", *_P, "--once"),
    *(("handover", *_P, "-f", form) for form in ("text", "json")),
    ("deliver", *_P, "--out", "OUT"),
    ("deliver", *_P, "--with-services", "--out", "OUT"),
    *(("deliver", "--status", *_P, "-f", form) for form in ("text", "json")),
    *(("export", "OUT", *_P, "--format", form) for form in ("csv", "parquet")),
    *(("worklist", *_P, "--split-by", one, "--out", "OUT") for one in ("unit", "producer", "fixed-by")),
    ("period", "close", "2025Q1"),
    ("coverage", *_P, "--as-told", "-f", "json"),
    ("gaps", *_P, "--as-told", "-f", "csv"),
    ("period", "list", "-f", "json"),
    ("register", "--list", "-f", "json"),
    ("combine", "kanta-gap.duckdb", "-f", "json"),
    ("diff", "kanta-gap.duckdb", "kanta-gap.duckdb", *_P, "-f", "json"),
    ("db", "verify"),
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?")
_BY_SECRET = re.compile(r"\b[0-9a-f]{16}\b")
"""Pseudonyms of persons and texts, and what identifies the database itself."""
_OF_LEDGER = re.compile(r'"ledger": "[0-9a-f]{32}"')
_OF_FILES = re.compile(r'"sha256": "[0-9a-f]{64}"')


def _plain(told: str) -> str:
    return _OF_LEDGER.sub("", _BY_SECRET.sub("KEY", _MOMENT.sub("MOMENT", told)))


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    """What a command wrote, as text. The hashes in export.json are those of files that hold keys of persons."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as opened:
                told = "\n".join(opened.read(part).decode() for part in sorted(opened.namelist()))
        elif path.suffix == ".parquet":
            told = repr(pq.read_table(path).to_pylist())
        else:
            told = path.read_text(encoding="utf-8")
        yield name, _plain(_OF_FILES.sub("", told) if name == "export.json" else told)


@pytest.mark.long
def test_nothing_follows_the_secret(tmp_path: Path) -> None:
    """Every command in every format: the same lines in the same order, but for the pseudonyms themselves. Rows are sorted
    by their source_id, which follows the secret as well where the register's own holds an identifier: not so here."""
    folders = tmp_path / "one", tmp_path / "other"
    lists = [str(COUNTY / f"{name}.csv") for name in ("episodes-1", "episodes-2", "codes", "identities")]
    for folder, threads in zip(folders, ("1", "2"), strict=True):
        folder.mkdir()
        (folder / "odd.xml").write_text(_ODD)
        run(folder, "ingest", str(COUNTY / "archive"), "odd.xml", "--workers", threads)
        assert run(folder, "register", *lists).code == 0
        (folder / "services.csv").write_text(_SERVICES)
        assert run(folder, "register", "services.csv").code == 0
    for number, command in enumerate(_COMMANDS):
        told = []
        for folder in folders:
            out = folder / f"out-{number}"
            asked = [out.name if word == "OUT" else word for word in command]
            if "xlsx" in command:
                out.mkdir()
                asked += ["-o", f"{out.name}/told.xlsx"]
            done = run(folder, *asked)
            assert "defect" not in done.err and done.code in (0, 1, 3), (command, done.err)
            told.append((done.code, _plain(done.out), dict(_files(out))))
        for one, other in zip(*told, strict=True):
            assert one == other, command
