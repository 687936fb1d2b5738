"""What somebody may have meant: each slip below was typed for real, and its hint has to help."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyser.coverage.periods import parse_period
from analyser.messages.errors import UsageError
from analyser.messages.suggestion import nearest as closest
from analyser.rules.catalogue import find_rule, nearest, rules
from tests.command import run_here as run

_COMMAND_LINES = {
    ("coverge",): "coverage",
    ("rule",): "rules",
    ("cfg",): "config",
    ("report",): "coverage",
    ("version",): "--version",
    ("gaps", "--periods", "2025Q1"): "--period",
    ("gaps", "-p", "2025Q1"): "--period",
    ("gaps", "--reveal"): "--reveal-ids",
    ("coverage", "--asof", "2025-01-01"): "--as-of",
    ("coverage", "-format", "html"): "--format",
    ("coverage", "--colour", "never"): "--color",
    ("coverage", "--database", "x"): "--db",
    ("coverage", "--lang=fin"): "fi",
    ("coverage", "-f", "excel"): "xlsx",
    ("coverage", "-f", "HTML"): "html",
    ("coverage", "--by", "kunta"): "municipality",
    ("coverage", "--by", "service_task"): "service-task",
    ("gaps", "--class", "osittain arkistoitu"): "partial",
    ("gaps", "--class", "saknas"): "missing",
    ("explain", "G8"): "G08",
    ("explain", "no_service_task"): "no-service-task",
    ("check", "--fail-on", "errors"): "error",
    ("ingest", ".", "--validate", "ful"): "full",
}
_PERIODS = {
    "Q1/2025": "2025Q1",
    "2025-01-01--2025-03-31": "2025-01-01..2025-03-31",
    "1.1.2025-31.3.2025": "2025-01-01..2025-03-31",
    "2025-01..2025-03": "2025-01-01..2025-03-31",
    "2024-11 – 2024-12": "2024-11-01..2024-12-31",
}
_SETTINGS = {
    "languge": "lang",
    "organizers": "organisers",
    "colour": "color",
    "Lang": "lang",
    "rule_timelimit": "rule_time_limit",
    "service_task_shar": "service_task_share",
}


@pytest.mark.parametrize(("arguments", "meant"), _COMMAND_LINES.items(), ids=lambda value: str(value))
def test_a_slip_on_the_command_line(arguments: tuple[str, ...], meant: str, tmp_path: Path) -> None:
    done = run(tmp_path, *arguments)
    assert done.code == 2
    assert done.err.splitlines()[1] == f"hint: did you mean ‘{meant}’?"


@pytest.mark.parametrize(("typed", "meant"), _PERIODS.items())
def test_a_slip_in_a_period(typed: str, meant: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_period(typed)
    assert refused.value.hint("en") == f"did you mean ‘{meant}’?"


@pytest.mark.parametrize(("typed", "meant"), _SETTINGS.items())
def test_a_slip_in_a_setting(typed: str, meant: str, tmp_path: Path) -> None:
    (tmp_path / "kanta-gap.toml").write_text(f'{typed} = "x"\n')
    assert f"hint: did you mean ‘{meant}’?" in run(tmp_path, "coverage").err


@pytest.mark.parametrize("name", ["X01", "G99", "g999"])
def test_a_code_that_does_not_exist_is_not_taken_for_another(name: str) -> None:
    told = nearest(name, rules())
    assert told is not None
    assert told.text("en") == "see the codes: kanta-gap rules"


def test_what_is_near_is_near_in_any_letter_case_and_never_by_its_dashes() -> None:
    assert closest("AS_OF", ["--as-of", "--wait"]) == "--as-of"
    assert closest("--data", ["--wait", "--stamp"]) is None
    assert find_rule("g08", rules()).code == "G08"
