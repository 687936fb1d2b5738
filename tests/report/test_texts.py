"""Every text is there in every language, with the same places to fill."""

from __future__ import annotations

from string import Formatter

import pytest

from analyser.coverage.result import Reason
from analyser.messages.catalogue import catalogue, day, number, percent
from analyser.messages.languages import LANGUAGES
from analyser.report.csv import cell


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_is_missing_and_none_is_left_over(lang: str) -> None:
    assert catalogue(lang).keys() == catalogue("en").keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_texts_fill_the_same_places(lang: str) -> None:
    for key, text in catalogue("en").items():
        assert _places(catalogue(lang)[key]) == _places(text), key


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_says_what_and_what_to_do(reason: Reason) -> None:
    assert catalogue("fi")[f"reason.{reason}.what"]
    assert catalogue("fi")[f"reason.{reason}.todo"]


def test_numbers_and_days_are_written_as_each_language_does() -> None:
    import datetime as dt

    assert number("fi", 12345) == "12\u00a0345"
    assert percent("fi", 0.5) == "50,0 %"
    assert percent("en", 0.5) == "50.0%"
    assert day("sv", dt.date(2025, 3, 1)) == "1.3.2025"


def test_a_percentage_is_never_rounded_to_nothing_or_to_everything() -> None:
    assert percent("en", 0.99999) == "99.9%"
    assert percent("en", 0.00001) == "0.1%"
    assert percent("en", None) == "–"


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-x", "@SUM", "\tx", "\rx"])
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    assert cell(text) == "'" + text


def test_numbers_stay_numbers() -> None:
    assert cell("-5") == "-5"
    assert cell(["a", "b"]) == "a|b"
