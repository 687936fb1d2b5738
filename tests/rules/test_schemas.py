"""SARIF and JUnit output is what the readers of these formats take, whatever the rules and the data hold."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest
from lxml import etree

from analyser.system.resources import schemas
from tests.command import run_here as run
from tests.fixtures.make_county import COUNTY
from tests.rules.test_user_rules import HEADER

_HOSTILE = (
    "SELECT 'a%0A::error::<b>]]>&' || chr(10) || '::warning title=x::' || chr(1) AS subject, NULL AS person_key, "
    "NULL AS service_task, NULL AS municipality, NULL AS document, 'p|`*' AS place, 'ä b/ü%.xml' AS file"
)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county with a rule whose findings hold what formats are broken with, and one that cannot be run."""
    folder = tmp_path_factory.mktemp("formats")
    (folder / "own").mkdir()
    (folder / "own" / "X01-own.sql").write_text(HEADER.replace('en = "own"', 'en = "100%: a, b | <c>"') + _HOSTILE)
    (folder / "own" / "X02-two.sql").write_text("no rule")
    run(folder, "ingest", str(COUNTY / "archive"))
    run(folder, "register", str(COUNTY / "episodes-1.csv"), str(COUNTY / "episodes-2.csv"))
    return folder


def _told(county: Path, name: str) -> str:
    return run(county, "check", "--period", "2025Q1", "--rules", "own", "--min-coverage", "99.9", "-f", name).out


def test_sarif_is_sarif(county: Path) -> None:
    schema = json.loads(schemas("results", "sarif.schema.json").read_text(encoding="utf-8"))
    document = json.loads(_told(county, "sarif"))
    checker = jsonschema_rs.validator_for(schema, validate_formats=True)
    assert [error.message for error in checker.iter_errors(document)] == []
    (one,) = document["runs"]
    rules = one["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in one["results"])
    prints = [result["partialFingerprints"]["kantaGapFinding/v1"] for result in one["results"]]
    assert len(prints) == len(set(prints))
    assert not one["invocations"][0]["executionSuccessful"]


def test_the_schema_finds_what_is_no_sarif() -> None:
    schema = json.loads(schemas("results", "sarif.schema.json").read_text(encoding="utf-8"))
    assert not jsonschema_rs.is_valid(schema, {"version": "2.1.0", "runs": [{"results": []}]})
    assert not jsonschema_rs.is_valid(schema, {"version": "2.0.0", "runs": []})


def test_junit_is_junit(county: Path) -> None:
    schema = etree.XMLSchema(etree.parse(schemas("results", "junit.xsd")))
    document = etree.fromstring(_told(county, "junit").encode())
    schema.assertValid(document)
    (suite,) = document
    for name in ("failure", "error", "skipped"):
        told = suite.get({"failure": "failures", "error": "errors"}.get(name, name))
        assert int(told) == len(suite.findall(f"testcase/{name}")) > 0


def test_annotations_are_one_line_each_and_escaped(county: Path) -> None:
    lines = _told(county, "github").splitlines()
    assert all(line.startswith(("::error title=", "::warning title=", "::notice title=")) for line in lines)
    (own,) = [line for line in lines if "title=X01" in line]
    assert "100%25: a, b | <c>" in own
    assert ",file=ä b/ü%25.xml,line=1,col=1::" in own
    assert any(line.startswith("::error title=X02 two::") for line in lines)


def test_further_findings_are_annotated_as_far_as_they_are_shown_and_the_rest_is_counted(county: Path) -> None:
    options = ("check", "--period", "2025Q1", "--select", "R", "-f")
    rules = [rule for rule in json.loads(run(county, *options, "json").out)["rules"] if rule["status"] == "failed"]
    lines = run(county, *options, "github").out.splitlines()
    findings = sum(rule["failed"] for rule in rules)
    annotated = [line for line in lines if "title=R" in line]
    (rest,) = [line for line in lines if "title=kanta-gap" in line] or [f"::{findings - len(annotated)} "]
    assert f"::{findings - len(annotated)} " in rest
    assert any(",file=episodes-" in line and ",line=" in line for line in annotated)


def test_no_more_results_than_code_scanning_takes_and_what_is_left_out_is_told(
    county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analyser.report.check.sarif.MOST_RESULTS", 5)
    (one,) = json.loads(_told(county, "sarif"))["runs"]
    assert [result["level"] for result in one["results"]] == ["error"] * 5
    assert any("left out" in told["message"]["text"] for told in one["invocations"][0]["toolExecutionNotifications"])


def test_a_step_summary_keeps_its_table(county: Path) -> None:
    rows = [line for line in _told(county, "markdown").splitlines() if line.startswith("| ")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {8}
    assert "\\<c\\>" in "".join(rows)
