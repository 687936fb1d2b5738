"""Everyday manners: completion, the manual, a settings file to begin with, what is next, suggestions for slips."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

import pytest

from analyser.cli.commands import COMMANDS
from analyser.cli.options import chosen_format
from analyser.cli.reference import common, references
from analyser.cli.shells import values
from analyser.cli.starter import starter
from analyser.coverage.periods import parse_period
from analyser.messages.errors import UsageError
from analyser.messages.languages import LANGUAGES
from analyser.settings import Settings, load_settings
from benchmarks.large import make
from tests.archive.build import document
from tests.command import run_here as run

_TRY = r"""
source ./script
try() { COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); COMPREPLY=(); _kanta_gap; echo "${COMPREPLY[*]}"; }
try kanta-gap cov
try kanta-gap coverage --by service-task,mun
try kanta-gap coverage -f h
try kanta-gap gaps --class mis
try kanta-gap --lang s
try kanta-gap --lang fi gaps --lim
try kanta-gap explain G08
try kanta-gap config i
"""
_COMPLETED = ["coverage", "service-task,municipality", "html", "missing", "sv", "--limit", "G08", "init"]


def test_bash_completes_commands_options_and_values(tmp_path: Path) -> None:
    (tmp_path / "script").write_text(run(tmp_path, "completion", "bash").out)
    done = subprocess.run(["bash", "-c", _TRY], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.splitlines() == _COMPLETED


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_can_read_their_script(tmp_path: Path, shell: str) -> None:
    script = run(tmp_path, "completion", shell).out
    for name in COMMANDS:
        assert name in script
    if shutil.which(shell):
        (tmp_path / "script").write_text(script)
        done = subprocess.run([shell, "-n", "script"], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


def test_the_formats_that_complete_are_those_that_a_command_has(tmp_path: Path) -> None:
    for one in references("en"):
        option = next((o for o in one.options if "--format" in o.names), None)
        if option is None or one.name in ("deliver", "diff", "period"):
            continue
        arguments = ["x"] * sum(argument.metavar != "init|validate" for argument in one.arguments)
        told = run(tmp_path, one.name, *arguments, "-f", "nonsense").err
        assert f"is none of {', '.join(values(one.name, '--format', ()))}\n" in told, one.name


def test_a_settings_file_to_begin_with_changes_nothing_until_its_user_does(tmp_path: Path) -> None:
    before = run(tmp_path, "config", "-f", "json").out
    assert run(tmp_path, "config", "init").code == 0
    assert run(tmp_path, "config", "-f", "json").out == before
    again = run(tmp_path, "config", "init")
    assert again.code == 2
    assert "exists already" in again.err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_line_of_that_file_is_the_default_when_it_is_uncommented(lang: str, tmp_path: Path) -> None:
    lines = [line.removeprefix("# ") for line in starter(lang).splitlines() if " = " in line and "severity" not in line]
    known = {entry.name for entry in fields(Settings)} - {"tables"}
    (tmp_path / "kanta-gap.toml").write_text("\n".join(line for line in lines if line.split(" = ")[0] in known))
    loaded = load_settings(None, {}, tmp_path, {})
    assert loaded.settings == Settings()
    assert {name for name, origin in loaded.origins.items() if origin == "kanta-gap.toml"} == known


@pytest.mark.parametrize("typed", ["Q1/2025", "2025/1", "1-2025", "2025Q01", "2025-1"])
def test_a_period_in_another_form_gets_a_suggestion(typed: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_period(typed)
    assert refused.value.hint("en") == "did you mean ‘2025Q1’?"


def test_a_word_that_is_none_of_a_closed_set_gets_a_suggestion() -> None:
    with pytest.raises(UsageError) as refused:
        chosen_format("fihs", ("bash", "zsh", "fish"), "shell")
    assert str(refused.value) == "the shell ‘fihs’ is none of bash, zsh, fish"
    assert refused.value.hint("en") == "did you mean ‘fish’?"


def test_alone_it_names_what_lies_in_the_folder_and_then_the_next_step(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "one.xml").write_text(document())
    (tmp_path / "episodes.csv").write_text("source_id,person_id,service_task,start,end,organiser\n")
    first = run(tmp_path).out
    assert "kanta-gap ingest archive\n" in first
    assert "kanta-gap register episodes.csv\n" in first
    run(tmp_path, "ingest", "archive")
    second = run(tmp_path).out
    assert "kanta-gap ingest" not in second
    assert "kanta-gap register episodes.csv\n" in second


def test_every_help_teaches_by_examples(tmp_path: Path) -> None:
    for one in references("en"):
        assert one.examples, one.name
    told = run(tmp_path, "coverage", "--help").out
    assert "Examples:\n    kanta-gap coverage\n        the newest ended period\n" in told


def test_the_manual_holds_every_command_and_no_stray_request(tmp_path: Path) -> None:
    manual = run(tmp_path, "man").out
    for name in COMMANDS:
        assert f".SS {name}" in manual
    requests = {line.split()[0] for line in manual.splitlines() if line.startswith(".")}
    assert requests <= {".TH", ".SH", ".SS", ".TP", ".PP", ".B", ".RS", ".RE", ".EX", ".EE"}
    for option, _ in common("en"):
        assert option.split()[0].strip(",").replace("-", r"\-") in manual


def test_a_closed_stdout_a_name_that_is_no_text_and_sigterm_end_in_a_line_and_a_code(tmp_path: Path) -> None:
    def ended(line: str) -> tuple[int, str]:
        done = subprocess.run(
            ["bash", "-c", line.replace("kanta-gap", f"{sys.executable} -m analyser")], cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "LANG": "C.UTF-8"},
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        return done.returncode, done.stderr

    for line in ("kanta-gap rules >&-", "kanta-gap --version >&-", "kanta-gap --help >&-"):
        code, told = ended(line)
        assert (code, told.startswith("kanta-gap: error: ")) == (2, True), told
    code, told = ended("kanta-gap register x.csv --db $'\\xff.duckdb'")
    assert (code, "is not UTF-8" in told) == (2, True), told
    code, told = ended("kanta-gap selftest > /dev/null & sleep 4; kill -TERM $!; wait $!")
    assert (code, "interrupted" in told) == (130, True), told


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_nothing_of_a_killed_selftest_goes_on(tmp_path: Path) -> None:
    """Its pool is its own: whoever kills the command leaves no process that waits for work."""
    mark = f"MARK={tmp_path}".encode()

    def alive() -> int:
        found = 0
        for environ in Path("/proc").glob("[0-9]*/environ"):
            with suppress(OSError):
                found += mark in environ.read_bytes()
        return found

    running = subprocess.Popen(
        [sys.executable, "-m", "analyser", "selftest"], cwd=tmp_path, stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "MARK": str(tmp_path)},
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while alive() < 4 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert alive() >= 4  # itself, two that start others, and a worker
    running.kill()
    running.wait()
    while alive() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert alive() == 0


def _listening() -> None:
    """As if nobody had the signals ignored: under nohup the command ignores SIGHUP, as it should."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)


def test_a_signal_in_the_middle_of_an_ingest_ends_in_one_plain_line(tmp_path: Path) -> None:
    many = tmp_path / "many"
    many.mkdir()
    for number in range(30_000):
        (many / f"{number}.xml").write_bytes(b"<a/>")
    ended = []
    for name, seconds in (("INT", 0.4), ("TERM", 0.0), ("TERM", 0.8), ("HUP", 0.2)):
        database = tmp_path / f"{name}{seconds}.duckdb"
        running = subprocess.Popen(
            [sys.executable, "-m", "analyser", "ingest", "many", "--workers", "2", "--db", database.name, "-q"],
            cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "LANG": "C.UTF-8"},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=_listening,
        )  # fmt: skip
        while not database.exists() and running.poll() is None:
            time.sleep(0.02)
        time.sleep(seconds)
        running.send_signal(getattr(signal, f"SIG{name}"))
        out, told = running.communicate(timeout=60)
        ended.append((name, running.returncode, out, told.splitlines()[:1], len(told.splitlines())))
    assert ended == [(name, 130, "", ["kanta-gap: error: interrupted"], 2) for name, *_ in ended]


def test_a_signal_while_sql_runs_ends_in_one_plain_line(tmp_path: Path) -> None:
    make(tmp_path / "county.duckdb", 20_000)
    words = ["check", "--period", "2025Q1", "--db", "county.duckdb", "-f", "json", "-v"]
    running = subprocess.Popen(
        [sys.executable, "-m", "analyser", *words],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "LANG": "C.UTF-8"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stderr is not None
    # The comparison is told; what is left, the room of the rules and a hundred rules, is SQL and takes longer than this.
    assert next((line for line in running.stderr if line.startswith("2025Q1 compared in ")), "")
    running.send_signal(signal.SIGINT)
    out, told = running.communicate(timeout=60)
    assert (running.returncode, out, told.splitlines()[:1]) == (130, "", ["kanta-gap: error: interrupted"])
