"""The display form of a document: an XHTML fragment such as people read in a client system."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from analyser.synth.county import COUNTY

_TEXTS = (
    "Asiakkaan tilannetta on arvioitu yhdessä asiakkaan ja hänen läheistensä kanssa. Asiakas kertoo, että arki sujuu "
    "pääosin hyvin, mutta kuormitusta on ollut erityisesti viikonloppuisin.",
    "Palvelun tavoitteena on tukea asiakkaan omatoimisuutta ja osallisuutta. Tavoitteiden toteutumista seurataan "
    "säännöllisesti, ja suunnitelmaa tarkistetaan tarvittaessa.",
    "Sovittiin, että työntekijä on yhteydessä asiakkaaseen kahden viikon kuluttua. Asiakas ottaa yhteyttä aiemmin, "
    "jos tilanteessa tapahtuu muutoksia.",
    "Asiakkaalle on selvitetty hänen oikeutensa, velvollisuutensa ja erilaiset vaihtoehdot palvelun toteuttamiseksi "
    "sekä niiden vaikutukset.",
    "Läheisverkosto on mukana arjessa. Isovanhemmat auttavat lastenhoidossa, ja naapuri käy tarvittaessa kaupassa.",
    "Palvelu toteutetaan asiakkaan kotona tai yksikön tiloissa. Käyntien määrää voidaan muuttaa asiakkaan tarpeen "
    "mukaan, ja muutoksista sovitaan etukäteen.",
    "Tämä asiakirja on keksitty. Henkilöt, organisaatiot ja tapahtumat eivät ole todellisia.",
)
_HEADINGS = ("Tilanne", "Tavoitteet", "Sovitut asiat", "Seuranta", "Lisätiedot")


@cache
def _sections(variant: int, length: int) -> str:
    parts = []
    for number in range(length):
        heading = _HEADINGS[(variant + number) % len(_HEADINGS)]
        text = " ".join(_TEXTS[(variant + number + step) % len(_TEXTS)] for step in range(3))
        parts.append(
            f'<div class="soc-section"><h2 class="soc-title">{heading}</h2>'
            f'<p class="soc-paragraph">{text}</p></div>'
        )
    return "".join(parts)


def xhtml(oid: str, title: str, facts: Sequence[tuple[str, str]], variant: int, length: int) -> str:
    """The fragment. `length` is the number of sections, about 700 characters each; `variant` orders them."""
    rows = "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in facts)
    return (
        f'<div class="soc-document" id="OID{oid}" xmlns="http://www.w3.org/1999/xhtml">'
        f'<div class="soc-header"><div class="soc-hdr1">{COUNTY}</div></div>'
        f'<div class="soc-main-wrapper"><h1 class="soc-fulltitle">{title}</h1>'
        f'<table class="soc-facts">{rows}</table>{_sections(variant % 35, length)}</div></div>'
    )
