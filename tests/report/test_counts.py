"""One row, two rows: words follow their number, in every language, by forms that the texts themselves hold."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from analyser.messages.catalogue import Count, catalogue, text
from analyser.messages.languages import LANGUAGES

_FORMS = re.compile(r"-?[^|]*\|[^|]*|d?")
_NEGATED = re.compile(r"1 (?:luetteloriviä|tiedostoa|riviä) ei voi")
"""Finnish has the partitive after a negation, whatever the number."""


def _forms(lang: str) -> list[tuple[str, str, str]]:
    """Each place with two forms: its name, the form of one and the form of many."""
    found = []
    for written in catalogue(lang).values():
        for _, name, forms, _ in Formatter().parse(written):
            if name and forms and "|" in forms:
                one, _, many = forms.removeprefix("-").partition("|")
                found.append((name, one, many))
    return found


COUNTS = {name for lang in LANGUAGES for name, _, _ in _forms(lang)}
"""Places that hold a number of things."""


def _told(lang: str, key: str, count: int) -> str:
    places = {name for _, name, _, _ in Formatter().parse(catalogue(lang)[key]) if name}
    digits = set(re.findall(r"{(\w+):d}", catalogue(lang)[key]))
    return text(lang, key, **{name: 7 if name in digits else count if name in COUNTS else "x" for name in places})


def test_a_count_chooses_its_word_and_is_written_as_its_language_does() -> None:
    assert f"{Count('en', 1):row|rows}" == "1 row"
    assert f"{Count('en', 2):row|rows}" == "2 rows"
    assert f"{Count('fi', 0):rivi|riviä}" == "0 riviä"
    assert f"{Count('sv', 12345):rad|rader}" == "12\u00a0345 rader"
    assert f"{Count('en', 1):-is|are}" == "is"
    assert f"{Count('en', 12345):d}" == "12345"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_forms_are_two_and_never_empty_beside_a_number(lang: str) -> None:
    for key, written in catalogue(lang).items():
        for _, name, forms, _ in Formatter().parse(written):
            if name and forms:
                assert _FORMS.fullmatch(forms), (key, forms)
                assert forms.startswith("-") or "" not in forms.split("|"), (key, forms)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("count", [1, 2])
def test_no_word_stands_beside_a_number_that_is_not_its_own(lang: str, count: int) -> None:
    """After 1 no word that some text has for many, after 2 none that it has for one."""
    pairs = [(one.split()[0], many.split()[0]) for _, one, many in _forms(lang) if one and many]
    wrong_words = {(many if count == 1 else one) for one, many in pairs if one != many}
    wrong = {}
    for key in catalogue(lang):
        if key == "help.page.exit_codes":
            continue  # its numbers are codes, and count nothing
        told = _told(lang, key, count)
        for word in re.findall(rf"(?<![\w.,]){count} ([\w-]+)", told):
            if word in wrong_words and not _NEGATED.search(told):
                wrong[key] = told
    assert wrong == {}


@pytest.mark.parametrize(
    ("key", "one", "two"),
    [
        ("report.verdict.needed", "1 asiakkuusjakso ei ole", "2 asiakkuusjaksoa ei ole"),
        ("rules.check.levels", "1 virhe, 1 varoitus, 1 tiedoksi", "2 virhettä, 2 varoitusta, 2 tiedoksi"),
        (
            "narration.ingest.done",
            "1 asiakirja (1 uusi) ja 1 kehys luettu",
            "2 asiakirjaa (2 uutta) ja 2 kehystä luettu",
        ),
    ],
)
def test_one_and_two_in_finnish(key: str, one: str, two: str) -> None:
    assert one in _told("fi", key, 1)
    assert two in _told("fi", key, 2)
