"""Rules end in one status each, whatever their file holds; every rule is proven on its own defect."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from analyser.coverage.result import Reason
from analyser.rules.catalogue import read_rule, rules
from analyser.rules.run import Status, run_rules
from analyser.rules.selftest import prove
from analyser.store.database import connect_memory
from tests.command import run
from tests.fixtures.make_county import COUNTY

_HEADER = '/*\ncode = "X01"\nname = "own"\nseverity = "error"\nof_sql = "SELECT 1"\n*/\n'
_COLUMNS = (
    "'s' AS subject, NULL AS person_key, NULL AS service_task, NULL AS municipality, NULL AS document, NULL AS place"
)


def _status(folder: Path, text: str, seconds: float = 20) -> tuple[Status, str]:
    path = folder / "X01-own.sql"
    path.write_text(text)
    with connect_memory() as connection:
        connection.execute("CREATE TEMP TABLE restricted_person (person_key VARCHAR)")
        outcome = run_rules(connection, [read_rule(path)], seconds)[0]
        assert connection.execute("SELECT count(*) FROM meta").fetchone()[0] == 3
    return outcome.status, outcome.reason


def test_a_rule_that_finds_rows_fails_and_one_that_finds_none_passes(tmp_path: Path) -> None:
    assert _status(tmp_path, f"{_HEADER}SELECT {_COLUMNS}")[0] is Status.FAILED
    assert _status(tmp_path, f"{_HEADER}SELECT {_COLUMNS} LIMIT 0")[0] is Status.PASSED


def test_nothing_to_look_at_is_not_passed(tmp_path: Path) -> None:
    empty = _HEADER.replace("SELECT 1", "SELECT 0")
    assert _status(tmp_path, f"{empty}SELECT {_COLUMNS} LIMIT 0")[0] is Status.NOT_APPLICABLE


_BROKEN = {
    "no header": (f"SELECT {_COLUMNS}", "no header"),
    "a header that is no TOML": ("/* code = */ SELECT 1", ""),
    "a header without a name": ('/*\ncode = "X01"\nseverity = "error"\n*/ SELECT 1', "lacks"),
    "an unknown severity": (_HEADER.replace('"error"', '"awful"') + "SELECT 1", ""),
    "two statements": (f"{_HEADER}SELECT {_COLUMNS}; SELECT 1", "one statement"),
    "a write": (f"{_HEADER}DELETE FROM meta", "SELECT"),
    "a file is written": (f"{_HEADER}COPY meta TO 'stolen.csv'", "SELECT"),
    "wrong columns": (f"{_HEADER}SELECT 1 AS one", "columns"),
    "no SQL": (f"{_HEADER}this is no SQL", ""),
    "an unknown table": (f"{_HEADER}SELECT {_COLUMNS} FROM nowhere", "refused"),
}


@pytest.mark.parametrize(("text", "told"), _BROKEN.values(), ids=_BROKEN.keys())
def test_a_broken_rule_is_an_error_with_its_reason(tmp_path: Path, text: str, told: str) -> None:
    status, reason = _status(tmp_path, text)
    assert status is Status.ERROR
    assert told in reason
    assert reason


def test_a_rule_that_runs_too_long_is_stopped(tmp_path: Path) -> None:
    slow = f"{_HEADER}SELECT {_COLUMNS} FROM range(10000000) AS a, range(10000000) AS b WHERE a.range * b.range = -1"
    status, reason = _status(tmp_path, slow, 0.3)
    assert status is Status.ERROR
    assert "longer than" in reason


def test_every_rule_fires_on_its_defect_and_is_silent_without_it() -> None:
    assert [proof.rule.code for proof in prove(rules()) if not proof.proven] == []


def test_every_reason_of_the_ledger_has_a_rule() -> None:
    assert {rule.name for rule in rules() if rule.code.startswith("G")} == set(Reason)


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_every_rule_has_its_texts_in_every_language(lang: str) -> None:
    for rule in rules():
        for kind in ("title", "guidance", "of"):
            assert rule.texts[kind].get(lang), rule.code
        assert rule.basis
        assert rule.fixed_by


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checked")
    run(folder, "ingest", str(COUNTY / "archive"))
    run(folder, "register", str(COUNTY / "episodes-1.csv"), str(COUNTY / "episodes-2.csv"))
    return folder


def test_check_in_every_format(county: Path, tmp_path: Path) -> None:
    told = {
        name: run(county, "check", "--period", "2025Q1", "-f", name) for name in ("json", "junit", "sarif", "github")
    }
    assert {done.code for done in told.values()} == {3}
    found = json.loads(told["json"].out)["rules"]
    assert {rule["status"] for rule in found} <= set(Status)
    assert len(found) == len(rules())
    suite = ET.fromstring(told["junit"].out)[0]
    assert int(suite.get("failures", "")) == sum(rule["status"] == "failed" for rule in found)
    assert int(suite.get("tests", "")) == len(suite)
    sarif = json.loads(told["sarif"].out)
    assert sarif["version"] == "2.1.0"
    assert len(sarif["runs"][0]["results"]) == sum(rule["failed"] for rule in found)
    again = run(county, "check", "--period", "2025Q1", "-f", "sarif")
    assert again.out == told["sarif"].out


def test_select_ignore_and_severity(county: Path) -> None:
    only = json.loads(
        run(county, "check", "--period", "2025Q1", "--select", "G,no-case", "--ignore", "G08", "-f", "json").out
    )
    codes = {rule["code"] for rule in only["rules"]}
    assert "G07" in codes
    assert not codes & {"G08", "D01"}
    assert run(county, "check", "--period", "2025Q1", "--select", "nothing").code == 2


def test_explain_shows_the_rule_and_its_sql(tmp_path: Path) -> None:
    for name in ("G08", "no-service-task"):
        assert "FROM ledger" in run(tmp_path, "explain", name).out
    assert "did you mean" in run(tmp_path, "explain", "no-servce-task").err


def test_diff_tells_what_is_new(county: Path, tmp_path: Path) -> None:
    saved = tmp_path / "before.json"
    saved.write_text(run(county, "gaps", "--period", "2025Q1", "-f", "json").out)
    same = run(county, "diff", str(saved), "kanta-gap.duckdb", "--period", "2025Q1")
    assert (same.code, same.out) == (0, "0 new, 0 gone, 0 changed\n")
    document = json.loads(saved.read_text())
    document["rows"] = [row for row in document["rows"] if row["class"] != "missing"]
    saved.write_text(json.dumps(document))
    assert run(county, "diff", str(saved), "kanta-gap.duckdb", "--period", "2025Q1").code == 1


def test_the_catalogue_in_the_docs_is_the_catalogue(tmp_path: Path) -> None:
    page = (COUNTY.parents[1] / "docs" / "rules.md").read_text(encoding="utf-8")
    assert run(tmp_path, "rules", "-f", "markdown").out == page


def test_an_archive_without_a_register_is_checked_all_the_same(tmp_path: Path) -> None:
    run(tmp_path, "ingest", str(COUNTY / "archive"))
    done = run(tmp_path, "check", "-f", "json")
    assert done.code == 3
    status = {rule["code"]: rule["status"] for rule in json.loads(done.out)["rules"]}
    assert status["D01"] == "failed"
    assert status["G01"] == "not-applicable"


def test_nothing_at_all_is_nothing_to_check(tmp_path: Path) -> None:
    (tmp_path / "codes.csv").write_text("code,key\n24,families\n")
    run(tmp_path, "register", "codes.csv")
    assert run(tmp_path, "check").code == 4
