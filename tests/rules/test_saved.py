"""Saved results: judged again under other thresholds, compared with later ones, refused when they are not whole."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from analyser.coverage import fingerprints
from analyser.messages.errors import UsageError
from analyser.rules.catalogue import rules
from analyser.rules.policy import policies
from analyser.rules.run import Outcome
from analyser.rules.saved import is_saved, saved_check
from tests.command import run_here as run
from tests.fixtures.make_county import COUNTY
from tests.rules.test_user_rules import COLUMNS, HEADER

RULES = rules()


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved")
    run(folder, "ingest", str(COUNTY / "archive"))
    run(folder, "register", str(COUNTY / "episodes-1.csv"), str(COUNTY / "episodes-2.csv"))
    run(folder, "check", "--period", "2025Q1", "-f", "json", "-o", "check.json")
    run(folder, "gaps", "--period", "2025Q1", "-f", "json", "-o", "gaps.json")
    run(folder, "coverage", "--period", "2025Q1", "-f", "json", "-o", "coverage.json")
    return folder


def _edited(county: Path, name: str, edit: Any) -> Path:
    document = json.loads((county / name).read_text())
    edit(document)
    path = county / f"edited-{name}"
    path.write_text(json.dumps(document))
    return path


@pytest.mark.parametrize("name", ["text", "sarif"])
def test_a_saved_check_tells_the_same_as_the_check(county: Path, name: str) -> None:
    fresh = run(county, "check", "--period", "2025Q1", "-f", name)
    again = run(county, "check", "--from", "check.json", "-f", name)
    # A saved check is for machines, and holds no person_key; as text the check of a database names them.
    told = re.sub(r"  [0-9a-f]{16}(?=\s)", "", fresh.out)
    assert (again.code, again.out.split(), again.err) == (fresh.code, told.split(), fresh.err)


def _judged(county: Path, settings: str = "") -> dict[str, Outcome]:
    """The saved check under other settings, rule by rule."""
    tables = tomllib.loads(settings).get("rule", {})
    check, _ = saved_check(county / "check.json", policies(RULES, tables), RULES, None)
    return {outcome.rule.code: outcome for outcome in check.outcomes}


def test_thresholds_are_counts_or_shares_and_give_error_and_warning_in_one_run(county: Path) -> None:
    before = _judged(county)["G08"]
    failed = len(before.rows)
    assert before.level == "error"
    for limit, level in ((failed, None), (failed - 1, "error"), ('"100 %"', None), ('"0,01 %"', "error")):
        assert _judged(county, f"[rule.G08]\nerror_above = {limit}")["G08"].level == level
    both = _judged(county, f"[rule.G08]\nwarning_above = 0\nerror_above = {failed}")["G08"]
    assert (both.status, both.level, both.policy.too_many(failed, both.of)) == ("failed", "warning", failed)
    tolerated = _judged(county, f"[rule.G08]\nerror_above = {failed}")["G08"]
    assert (tolerated.status, tolerated.reason, len(tolerated.rows)) == ("passed", "tolerated", failed)
    assert tolerated.of == before.of


def test_a_rule_s_settings_may_be_told_by_its_name_or_what_it_was_called(county: Path) -> None:
    assert _judged(county, '[rule.no-service-task]\nseverity = "info"')["G08"].level == "info"
    assert _judged(county, '[rule.case-without-relationship]\nseverity = "info"')["A05"].policy.severity == "info"


@pytest.mark.parametrize("setting", ['error_above = "lots"', "error_above = -1", 'severity = "bad"', "days = 3"])
def test_a_setting_that_means_nothing_is_refused(county: Path, setting: str) -> None:
    with pytest.raises(UsageError):
        _judged(county, f"[rule.G08]\n{setting}")


def test_other_parameters_cannot_be_judged_from_a_saved_result(county: Path) -> None:
    told = _judged(county, "[rule.D07]\ndays = 5")["D07"]
    assert (told.status, told.reason, told.values["then"]) == ("error", "changed-since", "days = 90")


def test_what_a_coverage_needs_is_told_and_a_coverage_that_is_asked_for_decides(county: Path) -> None:
    def settled(document: dict[str, Any]) -> None:
        document["rules"] = []
        document["documents"]["quarantined"] = document["coverage"]["undetermined"] = 0
        document["coverage"] |= {"judged": 200, "archived": 190}

    saved = str(_edited(county, "check.json", settled))
    told = run(county, "check", "--from", saved, "--min-coverage", "98")
    assert (told.code, "98% needs 6 more rows archived" in told.out) == (1, True)
    assert run(county, "check", "--from", saved, "--min-coverage", "95").code == 0
    junit = run(county, "check", "--from", saved, "--min-coverage", "98", "-f", "junit").out
    assert 'failures="1"' in junit
    assert run(county, "check", "--from", saved, "--min-coverage", "101").code == 2


def test_a_result_of_another_version_or_a_damaged_one_is_refused(county: Path) -> None:
    newer = _edited(county, "check.json", lambda document: document.update(schema="kanta-gap/check/2"))
    done = run(county, "diff", str(newer), "check.json")
    assert (done.code, "another version" in done.err) == (2, True)
    (county / "none.json").write_text("{")
    damaged = [
        lambda document: document["rules"][0].pop("rows"),
        lambda document: next(rule for rule in document["rules"] if rule["rows"])["rows"].pop(),
        lambda document: document.pop("coverage"),
    ]
    for path in (newer, county / "none.json"):
        with pytest.raises(UsageError):
            saved_check(path, policies(RULES, {}), RULES, None)
    for edit in damaged:
        with pytest.raises(UsageError):
            saved_check(_edited(county, "check.json", edit), policies(RULES, {}), RULES, None)


@pytest.mark.long
def test_nothing_differs_between_a_saved_result_and_its_database(county: Path) -> None:
    for saved in ("check.json", "gaps.json"):
        done = run(county, "diff", saved, "kanta-gap.duckdb")
        assert (done.code, "Nothing changed." in done.out) == (0, True), saved
    assert run(county, "diff", "coverage.json", "coverage.json").code == 0
    assert run(county, "diff", "kanta-gap.duckdb", "kanta-gap.duckdb", "--period", "2025Q1").code == 0


def test_findings_that_came_and_went_are_told_with_their_cause(county: Path) -> None:
    def fewer(document: dict[str, Any]) -> None:
        rules = {rule["code"]: rule for rule in document["rules"]}
        rules["G08"]["rows"].pop()
        rules["G10"] |= {"hash": "another", "rows": rules["G10"]["rows"][1:]}
        rules["A08"]["parameters"] = {"least": 9}
        rules["A08"]["rows"] = [dict.fromkeys(rules["G08"]["rows"][0]) | {"subject": "1.2.3"}]

    before = _edited(county, "check.json", fewer)
    done = run(county, "diff", str(before), "check.json", "-f", "json")
    told = {rule["code"]: rule for rule in json.loads(done.out)["rules"]}
    assert done.code == 1
    assert {code: (len(rule["new"]), len(rule["gone"]), rule["cause"]) for code, rule in told.items()} == {
        "A08": (2, 1, "settings"),
        "G08": (1, 0, "data"),
        "G10": (1, 0, "rule"),
    }
    assert run(county, "diff", "check.json", str(before)).code == 1

    def causes(edit: Any) -> list[str]:
        edited = _edited(county, "check.json", lambda document: (fewer(document), edit(document)))
        rules = json.loads(run(county, "diff", str(edited), "check.json", "-f", "json").out)["rules"]
        return next(rule["causes"] for rule in rules if rule["code"] == "G08")

    # What is the same on both sides is no cause, whatever the versions are called.
    assert causes(lambda d: (d.update(tool_version="0.0.1"), d["fingerprints"].update(data="d"))) == ["data"]
    assert causes(lambda d: d["fingerprints"].update(tool="t")) == ["version"]
    assert causes(lambda d: d["fingerprints"].update(settings="s")) == ["settings"]
    assert causes(lambda d: d["fingerprints"].update(tool="t", data="d")) == ["version", "data"]
    # Saved before results told what they came from.
    assert causes(lambda d: (d.pop("fingerprints"), d.update(tool_version="0.0.1"))) == ["version", "data"]
    assert causes(lambda d: d.pop("fingerprints")) == ["data"]


@pytest.mark.long
def test_what_changed_is_told_as_the_cause_between_a_saved_result_and_a_database(county: Path, tmp_path: Path) -> None:
    """The example of the documentation: saved today by one version, compared later by another."""
    run(tmp_path, "ingest", str(COUNTY / "archive"))
    lists = [str(COUNTY / f"episodes-{n}.csv") for n in (1, 2)]
    run(tmp_path, "register", *lists)
    old, newer, oldest = tmp_path / "old.json", tmp_path / "newer.json", tmp_path / "oldest.json"
    told = json.loads((county / "gaps.json").read_text()) | {"tool_version": "0.0.1"}
    old.write_text(json.dumps(told))
    newer.write_text(json.dumps(told | {"fingerprints": told["fingerprints"] | {"tool": "t"}}))
    missing = next(row["source_id"] for row in told["rows"] if row["class"] == "missing" and row["end"] is None)
    lines = [line for path in lists for line in Path(path).read_text(encoding="utf-8-sig").splitlines()]
    row = next(line for line in lines if line.startswith(f"{missing};"))
    (tmp_path / "changed.csv").write_text(f"{lines[0]}\n{row.replace(';;1.2', ';2024-12-31;1.2')}\n")
    oldest.write_text(json.dumps({key: told[key] for key in ("schema", "period", "rows", "archived_only", "refused")}))
    for saved in (old, oldest, newer):
        same = run(tmp_path, "diff", str(saved), "kanta-gap.duckdb")
        assert (same.code, "Nothing changed." in same.out) == (0, True), same.out
    run(tmp_path, "register", "changed.csv")
    for saved in (old, oldest, newer):
        rows = json.loads(run(tmp_path, "diff", str(saved), "kanta-gap.duckdb", "-f", "json").out)["ledger"]
        assert [(told["source_id"], told["causes"]) for told in rows] == [(missing, ["data"])]
    run(tmp_path, "register", *lists)
    (tmp_path / "kanta-gap.toml").write_text('acknowledgements = "ignore"\nproducer_periods_cover = true\n')
    rows = json.loads(run(tmp_path, "diff", str(old), "kanta-gap.duckdb", "-f", "json").out)["ledger"]
    assert {tuple(told["causes"]) for told in rows} == {("settings",)}


@pytest.mark.long
def test_a_fingerprint_is_of_what_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path, "ingest", str(COUNTY / "archive"))
    head = "source_id;person_id;layer;service_task;start;end;organiser\n"
    row = "R1;010180-900N;service-task;24;2025-01-01;;1.2.246.10.99999901.10.0\n"

    def prints(*options: str) -> dict[str, str]:
        told = json.loads(run(tmp_path, "gaps", "--period", "2025Q1", "-f", "json", *options).out)
        return dict(told["fingerprints"])

    def loaded(text: str) -> dict[str, str]:
        (tmp_path / "r.csv").write_text(text)
        run(tmp_path, "register", "r.csv", "--replace-all")
        return prints()

    first = loaded(head + row)
    assert loaded(head + row) == first
    document = next(line for line in (COUNTY / "episodes-1.csv").read_text(encoding="utf-8").splitlines()[1:])
    person = document.split(";")[1]
    others = [
        row.replace("2025-01-01", "2025-01-02"),
        row.replace(";;1.2", ";2025-03-31;1.2"),
        row.replace(";24;", ";10;"),
        row.replace("R1", "R2"),
        row.replace("010180-900N", person),
        row + row.replace("R1", "R2"),
    ]
    changed = [loaded(head + other) for other in others]
    assert len({told["data"] for told in (first, *changed)}) == len(others) + 1
    assert {(told["tool"], told["settings"]) for told in changed} == {(first["tool"], first["settings"])}
    loaded(head + row)
    as_of = prints("--as-of", "2025-02-01")
    assert (as_of["tool"], as_of["data"]) == (first["tool"], first["data"])
    assert as_of["settings"] != first["settings"]
    steps = fingerprints.steps()
    for edit, same in ((lambda sql: sql + "\n-- a word", True), (lambda sql: sql.replace("<=", "<"), False)):
        fingerprints._model.cache_clear()
        monkeypatch.setattr(fingerprints, "steps", lambda edit=edit: [(name, edit(sql)) for name, sql in steps])
        assert (fingerprints._model() == first_model(steps)) == same
    fingerprints._model.cache_clear()


def first_model(steps: Any) -> str:
    """The fingerprint of the model as it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fingerprints, "steps", lambda: steps)
        fingerprints._model.cache_clear()
        return fingerprints._model()


def test_ledger_rows_that_changed_class_are_told_before_and_after(county: Path) -> None:
    def archived(document: dict[str, Any]) -> None:
        row = next(row for row in document["rows"] if row["class"] == "missing")
        row |= {"class": "archived", "reasons": []}

    before = str(_edited(county, "gaps.json", archived))
    worse = run(county, "diff", before, "kanta-gap.duckdb", "-f", "json")
    (row,) = json.loads(worse.out)["ledger"]
    assert (worse.code, row["before"]["class"], row["after"]["class"], row["added"]) == (1, "archived", "missing", True)
    better = run(county, "diff", "gaps.json", before)
    assert (better.code, "→ archived" in better.out) == (0, True)


def test_a_database_whose_checksum_looks_like_json_is_a_database(tmp_path: Path) -> None:
    for number, head in enumerate((b"{1234567DUCK", b" [234567DUCK", b'"1234567DUCK')):
        path = tmp_path / f"{number}.duckdb"
        path.write_bytes(head + bytes(100))
        assert not is_saved(path), head
    (tmp_path / "saved.json").write_text(' {"schema": "DUCK"}')
    assert is_saved(tmp_path / "saved.json")


def test_what_cannot_be_compared_is_not_called_the_same(county: Path) -> None:
    assert run(county, "diff", "gaps.json", "coverage.json").code == 3
    other = _edited(county, "gaps.json", lambda document: document["period"].update(id="2024Q4"))
    assert run(county, "diff", str(other), "gaps.json").code == 3
    gone = json.loads((county / "check.json").read_text())["rules"][-1]["code"]
    lost = _edited(county, "check.json", lambda document: document["rules"].pop())
    done = run(county, "diff", str(lost), "check.json")
    assert (done.code, gone in done.out) == (3, True)


@pytest.mark.long
def test_findings_of_two_databases_of_one_county_are_the_same(county: Path, tmp_path: Path) -> None:
    run(tmp_path, "ingest", str(COUNTY / "archive"))
    run(tmp_path, "register", str(COUNTY / "episodes-1.csv"), str(COUNTY / "episodes-2.csv"))
    done = run(tmp_path, "diff", str(county / "kanta-gap.duckdb"), "kanta-gap.duckdb", "--period", "2025Q1")
    assert (done.code, "Nothing changed." in done.out) == (0, True), done.out


def test_a_retired_rule_of_a_saved_result_is_told_as_it_was(county: Path, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "X01-own.sql").write_text(f"{HEADER}SELECT {COLUMNS}")
    run(county, "check", "--period", "2025Q1", "--rules", str(folder), "-f", "json", "-o", "own.json")
    told = json.loads(run(county, "check", "--from", "own.json", "-f", "json").out)["rules"]
    assert {rule["code"]: rule["status"] for rule in told}["X01"] == "failed"


def test_two_databases_of_one_input_give_the_same_bytes_to_machines(county: Path, tmp_path: Path) -> None:
    """Their secrets differ, so a person_key, or an order by one, would show."""
    run(tmp_path, "ingest", str(COUNTY / "archive"), "--workers", "2")
    run(tmp_path, "register", str(COUNTY / "episodes-2.csv"), str(COUNTY / "episodes-1.csv"))
    key = run(county, "gaps", "--period", "2025Q1", "-f", "csv").out.splitlines()[1].split(",")[1]
    assert re.fullmatch("[0-9a-f]{16}", key)
    # tests/rules/test_same_bytes.py compares the other formats.
    one, other = (run(folder, "check", "--period", "2025Q1", "-f", "sarif").out for folder in (county, tmp_path))
    assert one == other
    assert key not in one
    results = json.loads(one)["runs"][0]["results"]
    register = [r for r in results if r["properties"].get("line")]
    assert register
    assert all(
        r["locations"][0]["physicalLocation"]["region"]["startLine"] == int(r["properties"]["line"]) for r in register
    )
