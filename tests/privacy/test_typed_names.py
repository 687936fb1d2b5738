"""An identifier that somebody types as a name – of a county, an organiser, a table of the settings – is shown by nothing."""

from __future__ import annotations

from pathlib import Path

from tests.command import run_here

_ID = "170837-922P"
_SETTINGS = f"""
county_name = "County of {_ID}"
organisers = ["1.2.246.10.99999901"]
[register."{_ID}"]
kind = "episodes"
columns = {{ source_id = "{_ID}" }}
[source."{_ID}"]
engine = "sqlite"
file = "{_ID}.db"
query = "SELECT '{_ID}'"
"""


def test_identifiers_among_names_and_settings_are_shown_by_nothing(tmp_path: Path) -> None:
    (tmp_path / "kanta-gap.toml").write_text(_SETTINGS, encoding="utf-8")
    (tmp_path / "list.csv").write_text(
        "source_id,person_id,service_task,start,organiser\nR1,010190-901X,24,2025-02-01,1.2.246.10.99999901.10.0\n"
    )
    assert run_here(tmp_path, "register", "list.csv").code == 0
    wrong = run_here(tmp_path, "config", "validate", KANTA_GAP_ORGANISERS=_ID)
    assert (wrong.code, _ID in wrong.out + wrong.err) == (2, False)
    run_here(tmp_path, "coverage", "--period", "2025Q1", "-f", "json", "-o", "saved.json")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / f"X01-{_ID}.sql").write_text("SELECT 1")
    for line in (
        f"check --period 2025Q1 --select G01 --rules rules --path arc/{_ID}.xml --source {_ID}.zip",
        f"check --period 2025Q1 --rules rules --path arc/{_ID}.xml --source {_ID}.zip -f json",
        "config",
        "config -f json",
        "config validate",
        "coverage --period 2025Q1",
        "coverage --period 2025Q1 -f json",
        "coverage --period 2025Q1 -f html",
        "handover -f html",
        f"register list.csv --as {_ID}",
        f"register --source {_ID}",
        f"combine {_ID}=saved.json",
        f"combine {_ID}=saved.json -f json",
        f"combine {_ID}=kanta-gap.duckdb --period 2025Q1 -f html",
    ):
        done = run_here(tmp_path, *line.split())
        assert done.out + done.err, line
        assert _ID not in done.out + done.err, line
