"""Data that end before the period does are told beside the verdict, of an explicit period too, by every command that gives one;
of data that reach to its end nothing is said."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from tests.command import run_here

_COMMANDS = (
    "coverage -f csv", "gaps", "check --select G01", "deliver --out d", "deliver --status",
    "worklist --split-by unit --out lists", "period close",
)  # fmt: skip


def _line(command: str, period: str) -> list[str]:
    words = command.split()
    return [*words, period] if words[0] == "period" else [*words, "--period", period]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small county in a database."""
    folder = tmp_path_factory.mktemp("county")
    run_here(folder, "synth", "county", "--persons", "8", "--seed", "3")
    run_here(folder, "ingest", "county/archive")
    run_here(folder, "register", "county/episodes.csv", "county/services.csv")
    return folder


def _first_row(folder: Path) -> str:
    return (folder / "county" / "episodes.csv").read_text().splitlines()[1].partition(";")[0]


def test_a_setting_that_decides_what_is_counted_is_told_by_every_command_and_format(folder: Path) -> None:
    usual = run_here(folder, "coverage", "--period", "2025Q1")
    assert "producer_periods_cover" not in usual.out + usual.err
    settings = "producer_periods_cover = true\nacknowledgements = 'ignore'\npass_over = ['*.bak']\n"
    (folder / "own.toml").write_text(
        f"{settings}[[succession.units]]\nold = '1.2.3'\nnew = '1.2.4'\nfrom = '2026-01-01'\n"
    )
    told = "producer_periods_cover = true; acknowledgements = ignore; pass_over = *.bak; succession = units"
    for command in ("coverage", "coverage -f markdown", "gaps", "dashboard --once --width 200"):
        done = run_here(folder, "--config", "own.toml", *_line(command, "2025Q1"))
        assert told in " ".join(done.out.replace("\\", "").split()), (command, done)
    for command in ("coverage -f json", "gaps -f json"):
        found = json.loads(run_here(folder, "--config", "own.toml", *_line(command, "2025Q1")).out)["settings"]
        assert "; ".join(f"{name} = {value}" for name, value in found.items()) == told
    for command in (
        "coverage -f csv", "gaps -f csv", "gaps -f xlsx -o g.xlsx", "gaps --services -f csv", "check --select G01",
        "deliver --out own", "worklist --split-by unit --out own-lists", f"trace {_first_row(folder)}",
    ):  # fmt: skip
        done = run_here(folder, "--config", "own.toml", *_line(command, "2025Q1"))
        assert told in done.err, (command, done.err)


def test_data_that_end_before_the_period_are_told_by_every_command_with_a_verdict(folder: Path) -> None:
    tmp_path = folder
    with duckdb.connect(str(tmp_path / "kanta-gap.duckdb")) as connection:
        (newest,) = connection.execute("SELECT max(coalesce(created_at, effective_at))::DATE FROM document").fetchone()
        connection.execute("UPDATE register_load SET loaded_at = TIMESTAMP '2025-07-10 21:30:00'")
    late = "2025-05-01..2025-07-11"  # 21:30 in UTC is the next day in Finland
    assert f"{newest:%Y-%m}" < "2025-07"
    for command in _COMMANDS:
        done = run_here(tmp_path, *_line(command, late))
        assert "was loaded on 2025-07-11, before the period had ended" in done.err, (command, done.err)
        assert f"the newest document was stored on {newest}" in done.err, command
    for form in ("text", "markdown"):
        told = run_here(tmp_path, *_line(f"coverage -f {form}", late)).out
        assert "was loaded before the period had ended" in told.replace("\n", " "), form
        assert f"stored on {newest}" in told.replace("\n", " "), form
        assert "2025-07-10 21" not in told
    found = json.loads(run_here(tmp_path, *_line("coverage -f json", late)).out)
    assert found["stale"] == {"documents": newest.isoformat(), "register": True}
    # Of an as-of date before that day the newest document is an earlier one.
    early = json.loads(run_here(tmp_path, *_line("coverage -f json --as-of 2025-02-01", late)).out)["stale"][
        "documents"
    ]
    assert early < newest.isoformat()
    silent = f"2025-01-01..{newest}"
    assert json.loads(run_here(tmp_path, *_line("coverage -f json", silent)).out)["stale"] == {
        "documents": None, "register": False,
    }  # fmt: skip
    for command in ("coverage", "gaps"):
        done = run_here(tmp_path, *_line(command, silent))
        assert "had ended" not in done.err + done.out, command
        assert "newest document" not in done.err + done.out, command
