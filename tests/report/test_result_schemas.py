"""Every JSON output is what its schema says, and every schema finds what is none; so are the settings."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import jsonschema_rs
import pytest

from analyser.cli.reference import references
from analyser.cli.schema import names
from analyser.cli.shells import values
from analyser.settings import Settings
from analyser.system.resources import schemas
from tests.command import run_here as run
from tests.docs.settings_schema import settings_schema
from tests.fixtures.make_county import COUNTY

OUTPUTS: dict[str, tuple[str, ...]] = {
    "check": (
        "check --period 2025Q1 --min-coverage 99 -f json",
        "check --period 2024Q4 -f json",
        "check --period 2025Q1 --rules own --select X,D -f json",
    ),
    "combine": ("combine kanta-gap.duckdb --period 2025Q1 -f json", "combine kanta-gap.duckdb --share -f json"),
    "closings": ("period list -f json",),
    "config": ("config -f json", "config --config set.toml -f json"),
    "coverage": (
        "coverage --period 2025Q1 -f json --stamp",
        "coverage --period 2025Q1 --by municipality,unit,producer,age-group,layer,service-task -f json",
        "coverage --period 2025Q1 --by municipality -f json",
        "coverage --period 2025Q1 --share -f json",
        "coverage --period 1999Q1 -f json",
        "coverage --period 2025Q1 --as-of 2025-02-01 -f json",
    ),
    "delivery-overview": ("deliver --status -f json",),
    "delivery-status": ("deliver --period 2025Q1 --status -f json",),
    "diff-as-told": ("diff --as-told --period 2025Q1 -f json",),
    "diff": (
        "diff before.json after.json -f json",
        "diff before.json kanta-gap.duckdb -f json",
        "diff early.json later.json -f json",
        "diff cells-early.json cells-later.json -f json",
    ),
    "explain": ("explain G08 -f json", "explain D07 -f json"),
    "gaps": (
        "gaps --period 2025Q1 -f json --stamp",
        "gaps --period 2025Q1 --reveal-ids -f json",
        "gaps --period 2025Q1 --class archived -f json",
    ),
    "handover": ("handover -f json", "handover --period 2025Q1 -f json --stamp"),
    "info": ("info -f json", "info --db none.duckdb -f json", "info --db set.toml -f json"),
    "log": ("log -f json",),
    "periods": ("periods -f json", "periods --today 2025-04-02 -f json"),
    "quarantine": ("quarantine -f json",),
    "register-compare": ("register other.csv --compare -f json",),
    "register-explain": (
        "register other.csv --explain -f json",
        "register broken.csv --explain -f json",
        "register synthetic/episodes.csv synthetic/population.csv --explain -f json",
    ),
    "register-loads": ("register --list -f json",),
    "rules": ("rules -f json", "rules --rules own -f json"),
    "services": ("gaps --services --period 2025Q1 -f json",),
    "trend": ("coverage --periods 2024Q4..2025Q1 -f json --stamp", "coverage --periods 2025Q1..2025Q1 -f json"),
    "trace": (
        "trace R000101-1 --period 2025Q1 -f json",
        "trace R000106-1 --period 2025Q1 -f json",
        "trace R000113-1 --period 2025Q1 -f json",
        "trace S53 --period 2025Q1 -f json",
    ),
}
FILES = {
    "baseline": ("known.json",),
    "export": ("tables/export.json",),
    "manifest": ("delivery/manifest.json", "alone/manifest.json"),
    "part": ("parts/part-1-of-2.json",),
    "truth": ("synthetic/truth.json",),
    "worklist": ("lists/index.json", "again/index.json"),
}
_ELSEWHERE = {"sarif", "settings"}
"""Schemas that tests/rules and the tests below hold outputs to."""
_SET = """
organisers = ["1.2.246.10.99999901"]
lang = "fi"
share_least = 3
[rule.G14]
severity = "info"
error_above = "5 %"
[limits]
elements = 1000
[register.effica]
kind = "episodes"
columns = { source_id = "AsiakkuusID", service_task = ["A", "B"] }
constants = { organiser = "1.2.246.10.99999901.10.0" }
values.service_task = { "Perhesosiaalityö" = "families" }
[source.county]
engine = "duckdb"
file = "x.duckdb"
query = "SELECT 1"
kind = "episodes"
"""


def prepare(folder: Path) -> None:
    """A county with what an output can speak of: quarantine, services, refused rows, deliveries, two days."""
    from tests.rules.test_user_rules import COLUMNS, HEADER

    (folder / "own").mkdir()
    (folder / "own" / "X01-own.sql").write_text(f"{HEADER}SELECT {COLUMNS}")
    (folder / "own" / "X02-two.sql").write_text("no rule")
    (folder / "set.toml").write_text(_SET)
    run(folder, "synth", "synthetic", "--persons", "20", "--seed", "3")
    run(folder, "ingest", str(COUNTY / "archive"))
    run(folder, "register", *map(str, sorted(COUNTY.glob("*.csv"))))
    lines = (folder / "synthetic" / "services.csv").read_text().splitlines()
    (folder / "services.csv").write_text("\n".join(lines) + "\n")
    (folder / "broken.csv").write_text("\n".join([*lines[:3], lines[3].replace("2025", "20x5"), "x"]) + "\n")
    (folder / "other.csv").write_text("\n".join(lines[:2]) + "\n")
    run(folder, "check", "--period", "2025Q1", "-f", "json", "-o", "before.json")
    for name, day in (("early", "2025-02-01"), ("later", "2025-12-31")):
        run(folder, "gaps", "--period", "2025Q1", "--as-of", day, "-f", "json", "-o", f"{name}.json")
        run(folder, "coverage", "--period", "2025Q1", "--as-of", day, "-f", "json", "-o", f"cells-{name}.json")
    run(folder, "register", "services.csv", "broken.csv", "synthetic/population.csv", "synthetic/periods.csv")
    run(folder, "check", "--period", "2025Q1", "-f", "json", "-o", "after.json", "--rules", "own")
    run(folder, "deliver", "--period", "2025Q1", "--out", "alone")
    run(folder, "deliver", "--period", "2025Q1", "--out", "delivery", "--with-services")
    run(folder, "deliver", "--mark-sent", "delivery")
    run(folder, "deliver", "--receipt", "delivery", "--receipt-number", "T-1", "--accepted", "1")
    run(folder, "period", "close", "2025Q1")
    run(folder, "export", "tables", "--period", "2025Q1")
    run(folder, "check", "--from", "before.json", "--baseline", "known.json", "--update-baseline")
    run(folder, "ingest", "synthetic/archive", "--part", "1/2", "--out", "parts")
    run(folder, "worklist", "--period", "2025Q1", "--split-by", "unit", "--out", "lists")
    run(folder, "worklist", "--period", "2025Q1", "--split-by", "fixed-by", "--out", "again", "--since", "lists")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("schemas")
    prepare(folder)
    return folder


def _schema(name: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(
        json.loads(schemas("results", f"{name}.schema.json").read_text(encoding="utf-8"))
    )


def test_every_output_is_what_its_schema_says(county: Path) -> None:
    assert set(names()) == OUTPUTS.keys() | FILES.keys() | _ELSEWHERE
    for name, lines in OUTPUTS.items():
        checker = _schema(name)
        for line in lines:
            document = json.loads(run(county, *line.split()).out)
            assert [f"{error.instance_path}: {error.message}" for error in checker.iter_errors(document)] == [], line
            assert document["schema"] == f"kanta-gap/{name}/1"
            document.pop("schema")
            assert not checker.is_valid(document)
    for name, files in FILES.items():
        for file in files:
            document = json.loads((county / file).read_text())
            assert [error.message for error in _schema(name).iter_errors(document)] == [], file


def test_every_csv_is_written_for_excel_on_request(county: Path) -> None:
    """Semicolons, a byte order mark, CR LF and decimal commas; the same cells else. No CSV output can be forgotten."""
    with_csv = {one.name for one in references("en") if "csv" in values(one.name, "--format", ())}
    lines = [
        lines[0].replace("-f json", "-f csv")
        for lines in OUTPUTS.values()
        if lines[0].split()[0] in {*with_csv, "deliver"}
    ]
    tried, decimals = set(), 0
    for line in (*lines, "coverage --period 2025Q1 --as-told -f csv", "gaps --period 2025Q1 --as-told -f csv"):
        arguments = line.replace("--stamp", "").split()
        plain = run(county, *arguments)
        if plain.code == 2:
            continue
        tried.add(arguments[0])
        told = run(county, *arguments, "--csv-for", "excel").out
        assert told.startswith("\ufeff"), line
        assert told.count("\r\n") == told.count("\n") > 0, line
        before = list(csv.reader(io.StringIO(plain.out)))
        decimals += any(re.fullmatch(r"\d\.\d+", one) for row in before for one in row)
        after = list(csv.reader(io.StringIO(told.removeprefix("\ufeff")), delimiter=";"))
        assert after == [[re.sub(r"^(-?\d+)\.(\d+)$", r"\1,\2", one) for one in row] for row in before], line
    assert with_csv - {"export"} <= tried
    assert decimals
    run(county, "export", "excel", "--period", "2025Q1", "-f", "csv", "--csv-for", "excel")
    assert all(file.read_text(encoding="utf-8").startswith("\ufeff") for file in (county / "excel").glob("*.csv"))
    assert run(county, "coverage", "--csv-for", "exel").code == 2


def test_every_name_of_an_output_and_every_command_with_json_is_among_them() -> None:
    """What the program calls its outputs is read from its text: a new one cannot be forgotten here."""
    named = re.compile(r"\"kanta-gap/([a-z-]+)/1\"|\\?\"kanta-gap/([a-z-]+)/1")
    told = {
        found[1] or found[2]
        for path in (Path(__file__).parents[2] / "analyser").rglob("*.py")
        for found in named.finditer(path.read_text(encoding="utf-8"))
    }
    assert told == OUTPUTS.keys() | FILES.keys()
    commands = {line.split()[0] for lines in OUTPUTS.values() for line in lines}
    for one in references("en"):
        option = next((option for option in one.options if "--format" in option.names), None)
        if option is not None and "json" in values(one.name, "--format", ()):
            assert one.name in commands, one.name


def test_the_settings_are_what_their_schema_says(county: Path) -> None:
    checker = _schema("settings")
    assert [error.message for error in checker.iter_errors(tomllib.loads(_SET))] == []
    kept = schemas("results", "settings.schema.json").read_text(encoding="utf-8")
    assert kept == settings_schema(), "write it anew: python -m tests.docs.write"
    known = json.loads(kept)["properties"].keys()
    assert known == {entry.name for entry in fields(Settings)} - {"tables"} | Settings().tables.keys()
    for wrong in ("lang = 'xx'", "share_least = 'x'", "unheard = 1", "[limits]\nelements = 0", "organisers = [1]"):
        assert not checker.is_valid(tomllib.loads(wrong)), wrong
        (county / "wrong.toml").write_text(f"# a line\n\n{wrong}\n")
        done = run(county, "config", "validate", "--config", "wrong.toml")
        assert (done.code, f"wrong.toml:{3 + wrong.count(chr(10))}" in done.err) == (2, True), done.err


def test_everything_that_is_set_is_tried_and_each_fault_has_its_line(county: Path) -> None:
    assert run(county, "config", "validate", "--config", "set.toml").code == 0
    (county / "faulty.toml").write_text(
        'profile = "none"\n\n[rule.G14]\nseverity = "loud"\n[rule.G99]\nseverity = "info"\n'
        '[register.x]\nkind = "episodes"\ncolumns = { nothing = "A" }\n'
    )
    done = run(county, "config", "validate", "--config", "faulty.toml")
    assert done.code == 2
    told = [line.split(": ")[2] for line in done.err.splitlines() if line.startswith("kanta-gap: error")]
    assert {line.partition(":")[2] for line in told} == {"1", "4", "5", "9"}
    broken = county / "broken.toml"
    broken.write_text("lang = \n")
    assert "line 1" in run(county, "config", "validate", "--config", "broken.toml").err


def test_a_schema_is_asked_for_by_name(county: Path) -> None:
    assert run(county, "schema").out.split() == names()
    assert json.loads(run(county, "schema", "kanta-gap/check/1").out)["title"] == "kanta-gap/check/1"
    done = run(county, "schema", "chekc")
    assert (done.code, "check" in done.err) == (2, True)


def test_the_report_of_an_installation_tells_of_no_data_and_no_place(county: Path) -> None:
    told = run(county, "info", "-f", "json").out
    assert str(county) not in told
    assert "kanta-gap.duckdb" not in told
    document = json.loads(told)
    assert document["database"]["schema"] == document["database_schema"]
    assert run(county, "info").code == 0
