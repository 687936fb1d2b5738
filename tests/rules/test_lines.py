"""A finding can be clicked on: its file as the repository has it, the line and column of its element, in one run with
other formats; and a check may look at some files only, and tells when its yardstick has changed."""

from __future__ import annotations

import json
import os
import shutil
import tarfile
import zipfile
from io import BytesIO
from pathlib import Path

import jsonschema_rs
import pytest

from analyser.archive.documents.positions import Position, Sought, positions
from analyser.rules.narrow import patterns
from tests.command import Done
from tests.command import run_here as run
from tests.fixtures.make_county import COUNTY

_ID = "1.2.246.10.99999901.95.2025.1.{}"
_DOCUMENT = """<ClinicalDocument xmlns="urn:hl7-org:v3">
  <id root="{oid}"/>
  <recordTarget><patientRole><id root="1"/></patientRole></recordTarget>
  <recordTarget><patientRole>å <id root="2"/></patientRole></recordTarget>
  <component><nonXMLBody><text/><f:json xmlns:f="urn:hl7finland">e30=</f:json></nonXMLBody></component>
</ClinicalDocument>
"""


def _at(data: bytes, place: str | None, oid: str | None = None) -> Position:
    return positions(data, [Sought(place, oid)])[Sought(place, oid)]


def test_a_place_has_the_line_and_column_of_its_element() -> None:
    one = _DOCUMENT.format(oid=_ID.format(1))
    for data in (one.encode(), one.encode("utf-16"), b"\xef\xbb\xbf" + one.encode()):
        assert _at(data, "ClinicalDocument/recordTarget[2]/patientRole/id") == (4, 32)
        assert _at(data, "/asiakkuusasiakirja/asiakas/0") == (5, 33)
        assert _at(data, "nonXMLBody/json, line 1, column 3") == (5, 33)
        assert _at(data, None) == (1, 1)
    # What is not there is at the nearest above it; what is cut off or no XML, at what there is.
    assert _at(one.encode(), "ClinicalDocument/recordTarget[2]/patient/name") == (4, 3)
    cut = one.encode().partition(b"<recordTarget><patientRole>\xc3")[0]
    assert _at(cut, "ClinicalDocument/recordTarget[1]/patientRole/id") == (3, 30)
    assert _at(b"no XML", "ClinicalDocument/id") == (1, 1)
    assert _at(b"<a", "line 7, column 5") == (7, 5)
    # Of several documents in one file, in the one that is meant.
    other = _DOCUMENT.format(oid=_ID.format(2))
    both = f"<batch>\n{one}{other}</batch>".encode()
    assert _at(both, "ClinicalDocument/id", _ID.format(1)) == (3, 3)
    assert _at(both, "ClinicalDocument/id", _ID.format(2)) == (9, 3)
    assert _at(b'<!DOCTYPE a [<!ENTITY b "b">]><ClinicalDocument/>', "ClinicalDocument") == (1, 1)


@pytest.mark.parametrize(
    ("path", "file", "holds"),
    [
        ("vendorA/**", "archive/vendorA/b/c.xml", True), ("vendorA/**", "archive/vendorB/c.xml", False),
        ("vendorA/", "archive/vendorA/c.xml", True), ("**/c.xml", "archive/a/b/c.xml", True),
        ("**/c.xml", "archive/c.xml", True), ("*.xml", "archive/a/c.xml", False), ("*.xml", "archive/c.xml", True),
        ("archive/*/c.xml", "archive/a/c.xml", True), ("a.zip!**", "archive/a.zip!b/c.xml", True),
        ("*.zip!c.xml", "archive/a.zip!b/c.xml", False), ("episodes.csv", "episodes.csv", True), ("a+b/**", "archive/a+b/c", True),
    ],
)  # fmt: skip
def test_a_pattern_of_paths_is_read_as_people_write_it(path: str, file: str, holds: bool) -> None:
    where = patterns([path], [])
    assert where is not None
    assert where.holds(file) is holds


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose folder `tests` holds an archive, parts of it in a zip and in a zip in a tar, and the list."""
    root = tmp_path_factory.mktemp("lines")
    (root / ".git").mkdir()
    folder = root / "tests"
    shutil.copytree(COUNTY / "archive", folder / "archive")
    shutil.copy(COUNTY / "episodes-1.csv", folder)
    files = sorted(path for path in (folder / "archive").rglob("*") if path.is_file())
    with zipfile.ZipFile(folder / "archive" / "part.zip", "w") as packed:
        for path in files[::3]:
            packed.write(path, path.relative_to(folder / "archive"))
            path.unlink()
    inner = BytesIO()
    with zipfile.ZipFile(inner, "w") as packed:
        for path in files[1::6]:
            packed.write(path, path.relative_to(folder / "archive"))
            path.unlink()
    with tarfile.open(folder / "archive" / "whole.tar.gz", "w:gz") as whole:
        told = tarfile.TarInfo("inner.zip")
        told.size = len(inner.getvalue())
        inner.seek(0)
        whole.addfile(told, inner)
    run(folder, "ingest", "archive")
    run(folder, "register", "episodes-1.csv")
    done = _check(folder, "--timings", "-f", "json", "-o", "saved.json", "-f", "sarif", "-o", "a.sarif", "-f", "junit")
    assert done.out.startswith("<?xml")
    assert (folder / "a.sarif").is_file()
    assert any(line.endswith(" s  model") for line in done.err.splitlines())
    return folder


def _check(folder: Path, *options: str) -> Done:
    saved = () if "--timings" in options else ("--from", "saved.json")
    return run(folder, "check", *(saved or ("--period", "2025Q1")), *options)


def _places(sarif: str) -> list[tuple[str, int, int, str, dict[str, str]]]:
    told = []
    for result in json.loads(sarif)["runs"][0]["results"]:
        (location,) = result["locations"]
        place, at = location["physicalLocation"]["artifactLocation"], location["physicalLocation"]["region"]
        message = result["message"]["text"]
        told.append((place["uri"], at["startLine"], at["startColumn"], message, result["properties"]))
    return told


def test_every_result_is_where_its_element_stands(county: Path) -> None:
    told = _places((county / "a.sarif").read_text())
    assert _check(county, "-f", "sarif").out == (county / "a.sarif").read_text()
    elements = packed = deeper = 0
    for uri, line, column, message, fields in told:
        file = Path(uri.replace("%21", "!"))
        if fields.get("line"):
            assert (line, uri) == (int(fields["line"]), "episodes-1.csv")
            continue
        place = fields.get("place", "")
        if "!" in str(file):
            packed += line > 1
            deeper += line > 1 and str(file).count("!") > 1
            continue
        lines = (county / file).read_bytes().split(b"\n") if (county / file).is_file() else []
        if place.startswith("ClinicalDocument/") and lines:
            elements += 1
            name = place.rpartition("/")[2].partition("[")[0]
            assert (
                lines[line - 1]
                .decode(errors="replace")[column - 1 :]
                .partition(">")[0]
                .partition(" ")[0]
                .endswith(name)
            )
        if place.startswith("/"):
            assert f"({place})" in message
    assert elements > 3
    assert packed > 3
    assert deeper > 1
    # The official schema is its owners' to hand out: who has it names it here.
    if official := os.environ.get("TESTS_SARIF_SCHEMA"):
        checker = jsonschema_rs.validator_for(json.loads(Path(official).read_text()), validate_formats=True)
        assert [one.message for one in checker.iter_errors(json.loads((county / "a.sarif").read_text()))] == []


def test_files_are_told_from_the_root_of_the_repository(county: Path) -> None:
    plain = _places((county / "a.sarif").read_text())
    assert _places(_check(county, "-f", "sarif", "--uri-base", ".").out) == [
        (f"tests/{one[0]}", *one[1:]) for one in plain
    ]
    done = _check(county, "-f", "sarif", "--uri-base", "elsewhere")
    assert "not at hand" in done.err
    assert {one[1:3] for one in _places(done.out) if not one[4].get("line")} == {(1, 1)}
    github = _check(county, "-f", "github", "--uri-base", str(county)).out
    assert ",file=tests/archive/" in github
    assert any(f",line={line},col={column}::" in github for _, line, column, *_ in plain if line > 1)
    assert _check(county, "-f", "sarif", "--uri-base", "..").code == 3
    for outside in ("../..", "https://example.org/a", "/"):
        assert _check(county, "-f", "sarif", "--uri-base", outside).code == 2, outside


def test_formats_and_files_belong_together_as_they_stand(county: Path) -> None:
    for options in (
        ("-f", "json", "-f", "sarif"),
        ("-f", "json", "-o", "x", "-o", "y"),
        ("-f", "json", "-o", "x", "-f", "sarif", "-o", "x"),
    ):
        assert _check(county, *options).code == 2, options
    done = _check(county, "-f", "github", "-f", "sarif", "-o", "b.sarif", "-o", "b.xml", "-f", "junit")
    assert done.out.startswith("::")
    assert (county / "b.sarif").read_text() == (county / "a.sarif").read_text()
    assert (county / "b.xml").read_text().startswith("<?xml")


def test_a_check_of_some_files_judges_those_and_tells_how_much_it_left_out(county: Path) -> None:
    whole = json.loads((county / "saved.json").read_text())
    _check(county, "--baseline", "known.json", "--update-baseline")
    there = _check(county, "--path", "*.csv", "-f", "json")
    rules = json.loads(there.out)["rules"]
    rows = [row for rule in rules for row in rule["rows"]]
    assert rows
    assert {row["file"] for row in rows} == {"episodes-1.csv"}
    left = json.loads(there.out)["elsewhere"]
    assert left["findings"] + len(rows) == sum(rule["failed"] for rule in whole["rules"])
    assert left["quarantined"] > 0
    assert str(left["findings"]) in _check(county, "--path", "*.csv").out
    # A document in quarantine elsewhere does not make it end as 3; a baseline does not miss what is elsewhere.
    assert _check(county, "--path", "*.csv", "--ignore", "G18,G19,G20,G21,R03", "--allow-undetermined", "99").code == 1
    done = _check(county, "--path", "*.csv", "--baseline", "known.json", "--allow-undetermined", "99", "-f", "json")
    assert json.loads(done.out)["baseline"] == {"new": 0, "known": len(rows), "waived": 0, "gone": 0}
    assert done.code == 0
    assert json.loads(_check(county, "--source", "nowhere", "-f", "json").out)["elsewhere"]["findings"] > len(rows)


def test_a_change_of_the_yardstick_is_told(county: Path, tmp_path: Path) -> None:
    lock = run(county, "rules", "-f", "lock").out
    code = lock.splitlines()[1].partition(" ")[0]
    for name, text, told in (
        ("same", lock, ""),
        ("changed", lock.replace(f"{code} ", f"{code} 0"), f"changed since changed: {code}"),
        ("new", lock.replace(lock.splitlines()[1], ""), f"does not have: {code}"),
        ("gone", lock + "X99 00\n", "no more: X99"),
    ):
        (county / name).write_text(text)
        err = _check(county, "--lock", name, "-o", str(tmp_path / "x")).err
        assert (told in err) if told else ("rules" not in err), name
    (county / "rules.lock").write_text(lock + "X98 00\n")
    assert "X98" in _check(county, "-o", str(tmp_path / "x")).err
    (county / "rules.lock").write_text("X98\n")
    assert _check(county).code == 2
    (county / "rules.lock").unlink()
    assert _check(county, "--lock", "none").code == 2
