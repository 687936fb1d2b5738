"""One word for one thing: the authority's, as docs/glossary.md has them, in every text and in every rule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analyser.messages.catalogue import catalogue
from analyser.rules.catalogue import rules

_GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
_NOT_SAID = {
    "sv": {
        r"\bklientperiod": "klientrelationsperiod",
        r"\bklientinformationssystem|\bklientsystem": "klientdatasystem",
        r"\bserviceanordnar|(?<!tjänste)(?<!Tjänste)\banordnar(?:e|en|ens)\b": "tjänsteanordnare",
        r"\bserviceproducent|\bproducent(?:en|er|ens)?\b(?!s? period)": "tjänsteproducent",
        r"\blevererad|\bleverera(?!nt)s?\b|\bleverans(?!$)": "lämna in, inlämning",
        r"\bklientdokument|\bklientförhållande": "klienthandling, klientrelation",
        r"\bvårdområde": "välfärdsområde",
        r"\bexkludera(?!d)|\bavgränsad": "exkluderad",
        r"\bsekretessmarkering": "spärrmarkering",
        r"(?i)\boavgj": "oklar",
        r"(?i)\bi ordning\b": "utan anmärkning",
        r"(?i)\bfynd": "iakttagelse",
        r"(?i)\btäckt\b|\bluck(?:a|or|ans?)\b": "heltäckande, brister",
        r"(?i)den som kör": "användaren av kanta-gap",
        r"(?i)\bmänniska": "handläggaren, manuellt",
        r"(?i)\b(?:codes|periods|identities)-fil": "kodfilen (codes.csv), periodfilen, identitetsfilen",
        r"\b[Ii] registret\b": "det egna registret",
        r"(?i)slutkod": "utgångskod",
    },
    "fi": {
        r"(?<!palvelun)\bjärjestäj(?:ä|än|ää)\b": "palvelunjärjestäjä",
        r"\balueen (?:oma|rekister)": "hyvinvointialueen",
        r"\bvalinnalla --": "valitsimella",
        r"\bperheoikeus\b": "perheoikeudelliset palvelut",
        r"\basiakassuhde|\basiakassuhte": "asiakkuus",
        r"\bhyvinvointikunt": "hyvinvointialue",
        r"sekunnissa": "/s",
        r"(?i)\bihmi(?:nen p|sen o)": "käsittelijä ratkaisee, tarkistettava käsin",
        r"(?i)\bvaja(?:a|i|u)": "epätäydellinen, osittain arkistoitu, puutteellinen",
        r"(?i)\bkatet(?:tu|uksi)\b|\bauk(?:ko|on|ot)": "kattava, puutteita",
        r"(?i)\bratkaisema(?:t(?!kin)|ton)": "selvitettävä",
        r"(?i)\bjäsen": "paketin tiedosto",
        r"(?i)\bkerro(?:s|kse)": "taso",
        r"(?i)\b(?:periods|codes|identities)-tiedost|jaksoluettel": "jaksotiedosto (periods.csv)",
        r"(?i)jaksotiedosto\w*(?! \(periods|\w)": "jaksotiedosto (periods.csv)",
        r"(?i)\bei kerrota": "ei tiedossa",
        r"(?i)\blöydö[ks]": "havainto",
        r"\bHuomioita": "Huomautuksia",
        r"\bMitä tehdä|(?<!\w)Kuka$": "Toimenpide, Vastuu",
        r"(?i)poistumiskood": "paluukoodi",
        r"(?i)korjaa rekisteri\b|rekisterin ylläpi": "oma asiakkuusluettelo",
        r"(?i)\brekisteri(?:riv|tied|aineis)|hyvinvointialueen (?:oman? )?rekisteri": "luettelorivi, -tiedosto",
        r"Pylväät ovat": "Pylväät: …",
        r"kanta-gapin vika": "ohjelmavirhe",
    },
    "en": {r"\bfamily law\b": "family-law services", r"\bmunicipal federation": "wellbeing services county"},
}
_SHORT = {"dashboard.timeline.elsewhere"}
"""Where a column is too narrow for the whole word."""


@pytest.mark.parametrize("lang", _NOT_SAID)
def test_texts_and_rules_use_the_words_of_the_glossary(lang: str) -> None:
    texts = {key: told for key, told in catalogue(lang).items() if key not in _SHORT}
    for rule in rules():
        texts |= {f"{rule.code}.{kind}": rule.text(kind, lang) for kind in rule.texts}
        texts |= {f"{rule.code}.{one.name}": one.texts.get(lang, "") for one in rule.parameters}
    wrong = {
        key: f"{re.search(pattern, told)[0]} → {rather}"  # type: ignore[index]
        for key, told in texts.items()
        for pattern, rather in _NOT_SAID[lang].items()
        if re.search(pattern, told)
    }
    assert wrong == {}


def test_the_words_that_are_meant_are_those_of_the_glossary() -> None:
    glossary = _GLOSSARY.read_text(encoding="utf-8")
    for word in ("klientrelationsperiod", "klientdatasystem", "tjänsteanordnare", "tjänsteproducent", "exkluderad"):
        assert f"| {word} |" in glossary
    for word in (
        "palvelunjärjestäjä",
        "hyvinvointialue",
        "asiakkuus",
        "selvitettävä",
        "havainto",
        "oma asiakkuusluettelo",
    ):
        assert f"| {word} |" in glossary
    for lang in ("fi", "sv"):
        unwanted = [found[0] for pattern in _NOT_SAID[lang] if (found := re.search(pattern, glossary))]
        assert unwanted == [], "the glossary has none of them"
