"""The recipes for other people's pipelines are run: every step of the action, the lines of the component, the hooks."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml

from tests.archive.build import NATIONAL, ORGANISER, document
from tests.docs.pages import shell

DATA = "test $(touch was-here) data"
TOP = Path(__file__).parents[2]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a test archive whose folder is a riddle to shells, a list, and a place for the runner."""
    for name in (".git", DATA, "runner"):
        (tmp_path / name).mkdir()
    (tmp_path / DATA / "a.xml").write_text(document())
    (tmp_path / DATA / "broken.xml").write_text("<ClinicalDocument")
    head = "source_id;person_id;service_task;start;end;organiser"
    (tmp_path / "episodes.csv").write_text(f"{head}\nR1;{NATIONAL};24;17.1.2025;;{ORGANISER}\n")
    return tmp_path


def _action(repository: Path, **inputs: str) -> tuple[int, str]:
    """Run the steps of the action as a runner does; the code of the one that failed, and all that was said."""
    action = yaml.safe_load((TOP / "action.yml").read_text(encoding="utf-8"))
    given = {name: entry.get("default", "") for name, entry in action["inputs"].items()} | inputs
    known = {f"inputs.{name}": value for name, value in given.items()}
    known |= {"github.action_path": str(TOP), "runner.temp": str(repository / "runner")}

    def filled(text: str) -> str:
        return re.sub(r"\$\{\{ (\S+) \}\}", lambda found: known[found[1]], text)

    said = ""
    for step in action["runs"]["steps"]:
        assert "${{" not in step["run"], "a value must not become text of the shell"
        variables = {name: filled(value) for name, value in step.get("env", {}).items()}
        variables |= {name: str(repository / "runner" / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        (repository / "runner" / "step.sh").write_text(step["run"])
        exported = "; ".join(f"export {name}={_quoted(value)}" for name, value in variables.items())
        done = shell(repository, f"{exported}; {step['shell']} --noprofile --norc -eo pipefail runner/step.sh")
        said += done.stdout + done.stderr
        if done.returncode:
            return done.returncode, said
    return 0, said


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"


def test_every_step_of_the_action_runs(repository: Path) -> None:
    code, said = _action(repository, archive=f"{DATA}\n", register="episodes.csv", period="2025Q1", **{"uri-base": "."})
    assert code == 3, said  # one document is broken
    told = dict(line.split("=", 1) for line in (repository / "runner" / "GITHUB_OUTPUT").read_text().splitlines())
    assert told["code"] == "3"
    assert json.loads(Path(told["json"]).read_text())["documents"] == {"ingested": 2, "quarantined": 1}
    results = json.loads(Path(told["sarif"]).read_text())["runs"][0]["results"]
    uris = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in results}
    assert f"{quote(DATA)}/broken.xml" in uris
    assert "::error title=D01" in said
    assert f"file={DATA}/broken.xml,line=1" in said
    assert "kanta-gap check 2025Q1" in (repository / "runner" / "GITHUB_STEP_SUMMARY").read_text()
    # A value that looks like a command is a value.
    assert not (repository / "was-here").exists()


@pytest.mark.long
def test_the_lines_of_the_component_run(repository: Path) -> None:
    text = (TOP / "recipes" / "gitlab" / "kanta-gap.yml").read_text(encoding="utf-8")
    spec, job = yaml.safe_load_all(text)
    given = {name: entry.get("default", "") for name, entry in spec["spec"]["inputs"].items()}
    given |= {"archive": DATA, "register": "episodes.csv", "period": "2025Q1", "fail-on": "never"}

    def filled(value: str) -> str:
        return re.sub(r"\$\[\[ inputs\.(\S+) \]\]", lambda found: str(given[found[1]]), value)

    assert not any("$[[" in line for line in job["kanta-gap"]["script"]), "a value must not become text of the shell"
    exported = "; ".join(
        f"export {name}={_quoted(filled(value))}" for name, value in job["kanta-gap"]["variables"].items()
    )
    done = shell(repository, f"set -e; {exported}\n" + "\n".join(job["kanta-gap"]["script"]))
    assert done.returncode == 3, done.stderr
    assert (repository / "check.xml").read_text().startswith("<?xml")


@pytest.mark.long
def test_the_hooks_run(repository: Path) -> None:
    hooks: dict[str, Any] = {hook["id"]: hook for hook in yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text())}
    (repository / "kanta-gap.toml").write_text("lang = 'xx'\n")
    assert shell(repository, hooks["kanta-gap-settings"]["entry"]).returncode == 2
    (repository / "kanta-gap.toml").write_text(f'organiser = "{ORGANISER}"\n')
    assert shell(repository, hooks["kanta-gap-settings"]["entry"]).returncode == 0
    entry = hooks["kanta-gap-documents"]["entry"]
    assert shell(repository, f"{entry} {_quoted(DATA + '/a.xml')}").returncode == 0
    assert shell(repository, f"{entry} {_quoted(DATA + '/a.xml')} {_quoted(DATA + '/broken.xml')}").returncode == 3
    assert not list(repository.glob("*.duckdb"))


@pytest.mark.long
def test_the_container_is_nobodys_and_writes_nowhere_else(repository: Path) -> None:
    lines = (TOP / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert "USER 10001:10001" in lines
    assert any("--require-hashes -r requirements.lock" in line for line in lines)
    kept = {line[1:] for line in (TOP / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert all((TOP / name).exists() for name in kept)
    copied = {
        word for line in lines if line.startswith("COPY ") and "--from" not in line for word in line.split()[1:-1]
    }
    assert copied == kept
    # What a read-only root comes to, as far as it can be had without one: no home, and a folder for passing files.
    (repository / "passing").mkdir()
    places = f"HOME=/nowhere TMPDIR={_quoted(str(repository / 'passing'))} PYTHONDONTWRITEBYTECODE=1"
    done = shell(
        repository,
        f"{places} kanta-gap ingest {_quoted(DATA + '/a.xml')} -q && {places} kanta-gap check -f json -o c.json",
    )
    assert done.returncode in (0, 1), done.stderr
    assert not os.listdir(repository / "passing")
