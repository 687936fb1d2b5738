"""The catalogue is whole and proven, and `check`, `explain`, `rules` and `diff` tell it in every format."""

from __future__ import annotations

import json
import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import duckdb
import pytest

from analyser.archive.documents.problems import Problem
from analyser.coverage.result import Reason
from analyser.messages.languages import LANGUAGES
from analyser.rules.catalogue import TEXTS, read_rule, rules
from analyser.rules.denominator import count_of
from analyser.rules.run import Status
from analyser.rules.selftest import prove
from analyser.system.resources import queries
from tests.command import run_here as run
from tests.fixtures.make_county import COUNTY

RULES = rules()


@pytest.mark.long
@pytest.mark.skipif(not os.environ.get("TESTS_LONG"), reason="CI runs kanta-gap selftest")
def test_every_rule_is_proven() -> None:
    assert [proof for proof in prove(RULES, workers=2) if not proof.proven] == []


def test_every_reason_of_the_ledger_has_a_rule() -> None:
    assert {rule.name for rule in RULES if rule.code.startswith("G")} == set(Reason)


def test_every_oddity_that_reading_tolerates_has_a_rule() -> None:
    told = {"period-reversed", "period-without-start", "wrong-code-system"}  # found by their places, see D05, D17, D18
    told |= {"open-end", "open-end-as-start"}  # no defect of the data; and a period without a start, see D17
    sql = " ".join(rule.sql for rule in RULES)
    assert {problem.value for problem in Problem if f"'{problem}'" not in sql} == told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_has_its_texts_in_every_language(lang: str) -> None:
    for rule in RULES:
        assert rule.broken is None
        for kind in TEXTS:
            assert rule.texts[kind].get(lang), (rule.code, kind)
        for parameter in rule.parameters:
            assert parameter.texts.get(lang), (rule.code, parameter.name)


def test_codes_names_and_aliases_are_each_one_rule_s_and_consequences_exist() -> None:
    named = [name for rule in RULES for name in (rule.code, rule.name, *rule.aliases)]
    assert len(named) == len(set(named))
    codes = {rule.code for rule in RULES}
    assert {code for rule in RULES for code in rule.consequences} <= codes


def test_no_rule_reads_the_clock() -> None:
    for path in queries("rules").rglob("*.sql"):
        assert not re.search(r"(?i)\b(current_date|current_timestamp|now\(|today\()", path.read_text()), path.name


def test_no_two_tables_of_the_rules_have_one_name() -> None:
    # They are created OR REPLACEd in the order of their files: the second would take the place of the first in silence.
    made = [
        name
        for path in sorted(queries("rules", "tables").glob("*.sql"))
        for name in re.findall(r"CREATE OR REPLACE TEMP (?:TABLE|VIEW) (\w+)", path.read_text())
    ]
    assert len(made) > 40 and sorted(made) == sorted(set(made))


def test_a_denominator_may_be_rows_that_the_rule_collects(tmp_path: Path) -> None:
    body = "WITH RECURSIVE a AS (SELECT ')' AS x -- b AS (\n), b AS MATERIALIZED (SELECT (1) FROM a)\nSELECT * FROM b"
    assert count_of("a", body) == "WITH RECURSIVE a AS (SELECT ')' AS x -- b AS (\n)\nSELECT count(*) FROM a"
    assert count_of("B", body) == body.removesuffix("\nSELECT * FROM b") + "\nSELECT count(*) FROM B"
    assert count_of("c", body) is count_of("a", "SELECT 1 FROM a AS (SELECT 1)") is None
    header = '/*\ncode = "X01"\nname = "x"\nseverity = "info"\n[title]\nen = "x"\n[of]\n{of}\n*/\n' + body
    for of, why in (
        ('counts = "b"', None),
        ('counts = "c"', "errors.rule.no_expression"),
        ('counts = "b"\nsql = "SELECT 1"', "errors.rule.no_count"),
        ('en = "x"', "errors.rule.no_count"),
    ):
        (tmp_path / "X01-x.sql").write_text(header.format(of=of))
        read = read_rule(tmp_path / "X01-x.sql")
        assert (read.broken.values["why"].key if read.broken else None) == why, of


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checked")
    run(folder, "ingest", str(COUNTY / "archive"))
    run(folder, "register", str(COUNTY / "episodes-1.csv"), str(COUNTY / "episodes-2.csv"))
    return folder


def test_check_in_every_format_tells_the_same(county: Path) -> None:
    told = {
        name: run(county, "check", "--period", "2025Q1", "-f", name)
        for name in ("text", "json", "junit", "sarif", "github", "markdown")
    }
    assert {done.code for done in told.values()} == {3}
    found = json.loads(told["json"].out)["rules"]
    failed = [rule["code"] for rule in found if rule["status"] == "failed"]
    assert [rule["code"] for rule in found] == [rule.code for rule in RULES]
    suite = ET.fromstring(told["junit"].out)[0]
    errors = [rule["code"] for rule in found if rule["status"] == "failed" and rule["level"] == "error"]
    assert int(suite.get("failures", "")) == len(errors)
    assert int(suite.get("tests", "")) == len(suite.findall("testcase")) == len(RULES)
    sarif = json.loads(told["sarif"].out)["runs"][0]
    assert len(sarif["results"]) == sum(rule["failed"] for rule in found)
    annotated = [line.split("title=")[1].split()[0] for line in told["github"].out.splitlines()]
    assert [code for code in dict.fromkeys(annotated) if "kanta-gap" not in code] == failed
    for code in failed:
        assert f"\n{code} " in told["text"].out
        assert f"\n| {code} " in told["markdown"].out
    assert run(county, "check", "--period", "2025Q1", "-f", "sarif").out == told["sarif"].out


def test_a_finding_leads_to_its_file_and_place(county: Path) -> None:
    sarif = json.loads(run(county, "check", "--period", "2025Q1", "--select", "A02", "-f", "sarif").out)
    location = sarif["runs"][0]["results"][0]["locations"][0]
    assert location["physicalLocation"]["artifactLocation"]["uri"].endswith(".xml")
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "ClinicalDocument/versionNumber"


def test_select_and_ignore_know_codes_prefixes_names_and_aliases(county: Path) -> None:
    told = run(
        county, "check", "--period", "2025Q1", "--select", "G,no-such".replace(",no-such", ",case-without-relationship"),
        "--ignore", "G08", "-f", "json",
    )  # fmt: skip
    codes = {rule["code"] for rule in json.loads(told.out)["rules"]}
    assert {"G07", "A05"} <= codes
    assert not codes & {"G08", "D01"}
    lost = run(county, "check", "--period", "2025Q1", "--select", "G01,no-documnt")
    assert lost.code == 2
    assert "did you mean ‘no-document’?" in lost.err


def test_explain_shows_the_rule_by_code_name_or_alias(tmp_path: Path) -> None:
    for name in ("G08", "g08", "no-service-task"):
        assert "FROM ledger" in run(tmp_path, "explain", name).out
    assert run(tmp_path, "explain", "case-without-relationship").out.startswith("A05 ")
    assert "did you mean" in run(tmp_path, "explain", "no-servce-task").err


def test_the_statement_for_the_shell_lists_the_failing_rows(county: Path, tmp_path: Path) -> None:
    told = run(county, "check", "--period", "2025Q1", "--tables", str(tmp_path / "tables.duckdb"), "-f", "json")
    found = {rule["code"]: rule["rows"] for rule in json.loads(told.out)["rules"]}
    with duckdb.connect(str(tmp_path / "tables.duckdb"), read_only=True) as shell:
        for rule in RULES:
            statement = (
                json.loads(run(county, "explain", rule.code, "-f", "json").out)["rule"]["shell"]
                if rule.parameters
                else f"{rule.sql};"
            )
            rows = shell.execute(statement).fetchall()
            assert sorted(str(row[0]) for row in rows) == sorted(row["subject"] for row in found[rule.code]), rule.code
        tables = {name for (name,) in shell.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    assert "ledger" in tables
    assert not tables & {"person_identity", "meta"}


def test_parameters_of_a_rule_are_settings_and_shown(county: Path, tmp_path: Path) -> None:
    (tmp_path / "kanta-gap.toml").write_text("[rule.D07]\ndays = 3\n")
    assert "EXECUTE d07_rows(days := 3);" in run(tmp_path, "explain", "D07").out
    (tmp_path / "kanta-gap.toml").write_text("[rule.D07]\ndys = 3\n")
    wrong = run(tmp_path, "explain", "D07")
    assert (wrong.code, "did you mean ‘days’?" in wrong.err) == (2, True)


def test_the_catalogue_in_the_docs_is_the_catalogue(tmp_path: Path) -> None:
    page = (COUNTY.parents[1] / "docs" / "rules.md").read_text(encoding="utf-8")
    assert run(tmp_path, "rules", "-f", "markdown").out == page


def test_an_archive_without_a_register_is_checked_all_the_same(tmp_path: Path) -> None:
    run(tmp_path, "ingest", str(COUNTY / "archive"))
    done = run(tmp_path, "check", "-f", "json")
    assert done.code == 3
    status = {rule["code"]: rule["status"] for rule in json.loads(done.out)["rules"]}
    assert status["D01"] == "failed"
    assert status["A05"] == "failed"
    assert status["G01"] == "not-applicable"
    assert Status.ERROR not in status.values()


def test_nothing_at_all_is_nothing_to_check(tmp_path: Path) -> None:
    (tmp_path / "codes.csv").write_text("code,key\n24,families\n")
    run(tmp_path, "register", "codes.csv")
    assert run(tmp_path, "check").code == 4
