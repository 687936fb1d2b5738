"""Known findings are set aside by a baseline, others by waivers: the verdict is by the rest, and totals never change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import etree

from tests.command import Done
from tests.command import run_here as run
from tests.fixtures.make_county import COUNTY

ALLOW = ("--allow-quarantine", "99", "--allow-undetermined", "99")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("aside")
    run(folder, "ingest", str(COUNTY / "archive"))
    run(folder, "register", str(COUNTY / "episodes-1.csv"), str(COUNTY / "episodes-2.csv"))
    assert _check(folder, "-f", "json", "-o", "saved.json").code == 3
    assert _check(folder, "--baseline", "whole.json", "--update-baseline").code == 3
    return folder


def _check(folder: Path, *options: str) -> Done:
    saved = () if "-o" in options and "saved.json" in options else ("--from", "saved.json")
    period = () if saved else ("--period", "2025Q1")
    return run(folder, "check", *period, *saved, *options)


def _rule(done: Done, code: str) -> dict[str, object]:
    (found,) = [rule for rule in json.loads(done.out)["rules"] if rule["code"] == code]
    return found


def test_only_new_findings_fail_and_each_format_tells_new_known_and_gone(county: Path) -> None:
    whole = json.loads((county / "whole.json").read_text())
    assert whole["schema"] == "kanta-gap/baseline/1"
    done = _check(county, "--baseline", "whole.json", *ALLOW, "-f", "json")
    assert done.code == 0
    counted = json.loads(done.out)["baseline"]
    known = sum(one["count"] for rule in whole["rules"] for one in rule["findings"])
    assert counted == {"new": 0, "known": known, "waived": 0, "gone": 0}
    before = {
        rule["code"]: (rule["failed"], rule["of"]) for rule in json.loads((county / "saved.json").read_text())["rules"]
    }
    assert {rule["code"]: (rule["failed"], rule["of"]) for rule in json.loads(done.out)["rules"]} == before

    of_saved = _check(county, "--baseline", "saved.json", *ALLOW, "-f", "json")
    assert json.loads(of_saved.out)["baseline"] == counted, "a check saved as JSON is a baseline as well"
    assert _check(county, "--baseline", "saved.json", "--update-baseline").code == 2, "and is not written over"
    (errors,) = [rule for rule in whole["rules"] if rule["code"] == "G01"]
    taken = errors["findings"].pop(0)
    errors["findings"].append({"fingerprint": "0" * 16, "subject": "R-gone", "count": 1})
    (county / "part.json").write_text(json.dumps(whole))
    part = ("--baseline", "part.json", *ALLOW)
    assert _check(county, *part).code == 1
    assert _check(county, *part, "--fail-on", "never").code == 0
    assert "new 1" in _check(county, *part).out
    found = _rule(_check(county, *part, "-f", "json"), "G01")
    assert (found["new"], found["status"], [one["subject"] for one in found["gone"]]) == (1, "failed", ["R-gone"])

    results = json.loads(_check(county, *part, "-f", "sarif").out)["runs"][0]["results"]
    states = [result["baselineState"] for result in results]
    assert (states.count("new"), states.count("absent"), states.count("unchanged")) == (1, 1, known - 1)
    (new,) = [result for result in results if result["baselineState"] == "new"]
    assert new["partialFingerprints"]["kantaGapFinding/v1"] == taken["fingerprint"]
    suite = etree.fromstring(_check(county, *part, "-f", "junit").out.encode())[0]
    assert suite.get("failures") == "1"
    properties = {one.get("name"): one.get("value") for one in suite.find("properties")}
    assert (properties["baseline.new"], properties["baseline.gone"], properties["fail_on"]) == ("1", "1", "error")
    for name in ("github", "markdown"):
        told = _check(county, *part, "-f", name).out
        assert "new 1" in told
        assert "gone 1" in told


def test_a_baseline_holds_in_every_database_and_keeps_what_did_not_run(county: Path, tmp_path: Path) -> None:
    run(tmp_path, "ingest", str(COUNTY / "archive"))
    run(tmp_path, "register", str(COUNTY / "episodes-1.csv"), str(COUNTY / "episodes-2.csv"))
    (tmp_path / "base.json").write_bytes((county / "whole.json").read_bytes())
    options = ("check", "--period", "2025Q1", "--baseline", "base.json", *ALLOW)
    assert run(tmp_path, *options).code == 0
    assert run(tmp_path, *options, "--select", "D", "--update-baseline").code == 0
    assert (tmp_path / "base.json").read_bytes() == (county / "whole.json").read_bytes()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"schema": "kanta-gap/baseline/2", "rules": []}', "kanta-gap/baseline/2"),
        ('{"schema": "kanta-gap/gaps/1", "rows": []}', "kanta-gap/baseline/1"),
        ('{"schema": "kanta-gap/baseline/1", "rules": [{}]}', "other.json"),
        ("[", "other.json"),
    ],
)
def test_another_file_is_refused_in_words(county: Path, text: str, told: str) -> None:
    (county / "other.json").write_text(text)
    for option in ("--baseline", "--accept"):
        done = _check(county, option, "other.json")
        assert (done.code, told in done.err) == (2, True), done.err
    assert _check(county, "--baseline", "none.json").code == 2
    assert _check(county, "--update-baseline").code == 2


def test_what_ends_as_3_can_be_allowed_by_number_or_by_name(county: Path) -> None:
    counted = json.loads((county / "saved.json").read_text())
    quarantined, undetermined = counted["documents"]["quarantined"], counted["coverage"]["undetermined"]
    never = ("--fail-on", "never")
    enough = ("--allow-quarantine", str(quarantined), "--allow-undetermined", str(undetermined))
    assert _check(county, *never, *enough).code == 0
    assert _check(county, *never, enough[0], str(quarantined - 1), *enough[2:]).code == 3
    assert _check(county, *never, *enough[:3], str(undetermined - 1)).code == 3
    assert _check(county, *never, "--accept", "whole.json").code == 0
    whole = json.loads((county / "whole.json").read_text())
    for code in ("D01", "G18"):
        part = {**whole, "rules": [rule for rule in whole["rules"] if rule["code"] != code]}
        (county / "fewer.json").write_text(json.dumps(part))
        assert _check(county, *never, "--accept", "fewer.json").code == 3, code


def _waiver(subject: str, expires: str, **other: str) -> str:
    told = {"rule": "G01", "subject": subject, "reason": "agreed", "owner": "unit", "expires": expires} | other
    return "[[waiver]]\n" + "".join(f'{key} = "{value}"\n' for key, value in told.items() if value)


def test_a_waiver_sets_aside_until_it_expires_and_is_told_everywhere(county: Path) -> None:
    subjects = [row["subject"] for row in _rule(_check(county, "-f", "json"), "G01")["rows"]]
    only = ("--select", "G01", *ALLOW, "--config", "waivers.toml")
    (county / "waivers.toml").write_text(
        _waiver(subjects[0], "2999-12-31") + _waiver("", "2999-12-31", pattern="R*", rule="no-document")
    )
    done = _check(county, *only, "-f", "json")
    assert done.code == 0
    told = json.loads(done.out)
    assert [waiver["findings"] for waiver in told["waivers"]] == [1, len(subjects) - 1]  # the first that holds counts
    assert (told["rules"][0]["failed"], told["rules"][0]["waived"]) == (len(subjects), len(subjects))
    for name in ("text", "markdown", "junit"):
        assert "2999-12-31" in _check(county, *only, "-f", name).out, name
    results = json.loads(_check(county, *only, "-f", "sarif").out)["runs"][0]["results"]
    assert {result["suppressions"][0]["status"] for result in results} == {"accepted"}

    (county / "waivers.toml").write_text(_waiver("R-nobody", "2020-01-01") + _waiver("", "2999-12-31", pattern="*"))
    for name in ("text", "markdown", "junit", "github"):
        done = _check(county, *only, "-f", name)
        assert (done.code, "2020-01-01" in done.out) == (1, True), name
    assert _check(county, *only, "--fail-on", "never").code == 0
    for wrong in (
        _waiver("x", "soon"), _waiver("x", "2999-12-31", reason=""), _waiver("x", "2999-12-31", pattern="*"),
        _waiver("x", "2999-12-31", rule="G99"), _waiver("x", "2999-12-31", until="x"), "waiver = 1\n",
    ):  # fmt: skip
        (county / "waivers.toml").write_text(wrong)
        assert _check(county, *only).code == 2, wrong
