"""What the pages on rules tell people to type does what they say, tried literally."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.command import run_here as run

_DOCS = Path(__file__).parents[2] / "docs"


def _blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (_DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


def _shell(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    bin_ = folder / ".bin"
    bin_.mkdir(exist_ok=True)
    (bin_ / "kanta-gap").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m analyser "$@"\n')
    (bin_ / "kanta-gap").chmod(0o755)
    paths = {"PATH": f"{bin_}:{os.environ['PATH']}", "PYTHONPATH": str(_DOCS.parent), "LANG": "C.UTF-8"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LC_")} | paths
    return subprocess.run(
        ["sh", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=240, check=False
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the page is followed, up to the file of the rule."""
    folder = tmp_path_factory.mktemp("ten-minutes")
    for script in _blocks("writing-rules.md", "sh")[:2]:
        done = _shell(folder, script)
        assert done.returncode == 0, done.stderr
    (folder / "rules").mkdir()
    (folder / "rules" / "X01-early-start.sql").write_text(_blocks("writing-rules.md", "sql")[1])
    return folder


def test_the_first_statement_finds_rows_in_the_tables(written: Path) -> None:
    with duckdb.connect(str(written / "tables.duckdb"), read_only=True) as shell:
        assert shell.execute(_blocks("writing-rules.md", "sql")[0]).fetchall()


def test_the_rule_of_the_page_runs_and_its_settings_count(written: Path) -> None:
    command = _blocks("writing-rules.md", "sh")[2]
    done = _shell(written, command)
    assert "X01 early-start  warning" in done.stdout
    (written / "kanta-gap.toml").write_text(_blocks("writing-rules.md", "toml")[0])
    set_ = _shell(written, command.replace("--rules rules ", ""))
    assert "X01 early-start" in set_.stdout
    assert "months = 4" in run(written, "explain", "X01").out
    (written / "kanta-gap.toml").unlink()


def test_the_rule_of_the_page_is_proven(written: Path) -> None:
    path = written / "rules" / "X01-early-start.sql"
    told = path.read_text().replace("\n*/\n", f"\n\n{_blocks('writing-rules.md', 'toml')[1]}*/\n")
    path.write_text(told)
    done = _shell(written, _blocks("writing-rules.md", "sh")[3])
    assert "1 of 1 rules proven" in done.stdout or "expected" in done.stdout, done.stdout + done.stderr


@pytest.mark.long
def test_the_shell_recipe_ends_with_the_verdict_and_leaves_its_reports(tmp_path: Path) -> None:
    run(tmp_path, "synth", "county", "--persons", "40", "--defects", "no-document")
    (tmp_path / "county" / "archive").rename(tmp_path / "archive")
    (tmp_path / "county" / "episodes.csv").rename(tmp_path / "episodes.csv")
    recipe, baseline = _blocks("ci.md", "sh")
    done = _shell(tmp_path, recipe)
    assert done.returncode == 1, done.stderr
    assert (tmp_path / "check.xml").read_text().startswith("<?xml")
    assert (tmp_path / "summary.md").read_text().startswith("## kanta-gap check 2025Q1")
    (waiver,) = _blocks("ci.md", "toml")
    (tmp_path / "kanta-gap.toml").write_text(waiver.replace("2026-", "2999-"))
    done = _shell(tmp_path, baseline)
    assert done.returncode == 0, done.stderr
    assert "new 0" in done.stderr


def test_every_command_of_the_other_recipes_exists() -> None:
    from analyser.cli.commands import COMMANDS

    for recipe in _blocks("ci.md", "yaml"):
        for name in re.findall(r"kanta-gap ([a-z]+)", recipe):
            assert name in COMMANDS
