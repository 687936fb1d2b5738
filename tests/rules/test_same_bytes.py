"""The same input gives the same bytes of `check` in every database, whose secrets are all different."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path

import pytest

from tests.archive.build import content, document
from tests.command import run_here as run
from tests.fixtures.make_county import COUNTY
from tests.rules.test_user_rules import HEADER

MACHINE = ("json", "sarif", "junit")
OF_JSON = ("github", "markdown")
"""Formats that `check --from` makes of the same JSON, in a tenth of the time."""
_OWN = """
SELECT 'row ' || source_id || ' of ' || person_key AS subject, person_key, NULL AS service_task, NULL AS municipality,
    NULL AS document, 'at ' || source_id AS place
FROM register_row"""


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
    for folder in folders:
        (folder / "own").mkdir()
        (folder / "own" / "X01-own.sql").write_text(
            HEADER.replace("SELECT 1000", "SELECT count(*) FROM register_row") + _OWN
        )
        # A service task in words, which may name somebody, is kept as a mark.
        block = {"palvelutehtava": {"code": "Ainon perhetyö"}, "palvelunjarjestajan_palveluyksikko": [{}]}
        (folder / "odd.xml").write_text(document(content(sosiaalihuollon_palvelutehtava=[block])))
        run(folder, "ingest", str(COUNTY / "archive"), "odd.xml")
        _with_identifiers(COUNTY / "episodes-1.csv", folder / "episodes-1.csv")
        _with_identifiers(COUNTY / "episodes-2.csv", folder / "episodes-2.csv", "\t")
        assert run(folder, "register", "episodes-1.csv", "episodes-2.csv").code in (0, 3)
        run(folder, "gaps", "--period", "2024Q4")
        _with_identifiers(COUNTY / "episodes-1.csv", folder / "episodes-1.csv", without=2)
        assert run(folder, "register", "episodes-1.csv", "episodes-2.csv", "--replace-all").code in (0, 3)
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
