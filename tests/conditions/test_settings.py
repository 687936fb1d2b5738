"""Thresholds are settings, and every setting says what it is."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from analyser.coverage.conditions import Thresholds
from analyser.messages.catalogue import has_text, text
from analyser.messages.languages import LANGUAGES
from analyser.national.municipalities import municipalities, municipalities_of, municipality_name
from analyser.settings import Settings
from tests.command import run_here as run


def test_every_threshold_is_a_setting_with_the_same_default() -> None:
    settings = Settings()
    for entry in fields(Thresholds):
        assert getattr(settings, entry.name) == entry.default, entry.name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_setting_says_what_it_is(lang: str) -> None:
    lacking = [entry.name for entry in fields(Settings) if not has_text(lang, f"setting.{entry.name}")]
    assert lacking == ["tables"]


def test_config_shows_a_threshold_its_origin_and_what_it_means(tmp_path: Path) -> None:
    (tmp_path / "kanta-gap.toml").write_text("month_share = 0.4\n", encoding="utf-8")
    lines = run(tmp_path, "config", "--lang", "fi").out.splitlines()
    (place,) = [place for place, line in enumerate(lines) if line.startswith("month_share ")]
    assert lines[place].split() == ["month_share", "0.4", "kanta-gap.toml"]
    assert lines[place + 1].strip() == text("fi", "setting.month_share")


def test_municipalities_have_names_and_a_county_in_each_year() -> None:
    assert (municipality_name("091", "fi"), municipality_name("091", "sv")) == ("Helsinki", "Helsingfors")
    assert municipality_name("999", "fi") is None
    assert len([place for place in municipalities().values() if place.last_year == 2026]) == 308
    # Pertunmaa was joined to Mäntyharju at the turn of 2025.
    assert "588" in municipalities_of("12", 2024)
    assert "588" not in municipalities_of("12", 2025)
    assert municipalities_of("4", 2040) == ("092", "245")
