"""Made-up persons: identifiers that no real person has, names from short lists, municipalities of one county.

Municipality codes, names and populations: Statistics Finland (CC BY 4.0), population figures for 2025.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

_CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_GIVEN = (
    "Aino",
    "Eino",
    "Helmi",
    "Väinö",
    "Siiri",
    "Onni",
    "Lyyli",
    "Toivo",
    "Åsa",
    "Björn",
    "Meri",
    "Tuisku",
)
_FAMILY = ("Esimerkki", "Malli", "Testinen", "Koeläinen", "Näyte", "Harjoitus", "Provsson", "Mallila")
_ADULT_DAYS, _CHILD_DAYS = 30_011, 5_003
"""Prime numbers of birth dates, so that dates and individual numbers never meet twice."""
MOST_PERSONS = 120_000
_ASIDE = dt.timedelta(days=40)
"""How far the birth date of a temporary identifier lies from the real one: they differ, and stay distinct."""

# Municipality, name, population: the two municipalities of Vantaa and Kerava, and two of East Uusimaa.
MUNICIPALITIES = (
    ("092", "Vantaa", 252_956),
    ("245", "Kerava", 38_767),
    ("638", "Porvoo", 51_863),
    ("753", "Sipoo", 23_006),
)


@dataclass(frozen=True, slots=True)
class Person:
    """One made-up person."""

    number: int
    henkilotunnus: str
    temporary: str
    birth_date: dt.date
    given: str
    family: str
    municipality: str
    municipality_name: str

    @property
    def sex(self) -> str:
        """As the identifier tells it: `1` male, `2` female."""
        return "1" if int(self.henkilotunnus[9]) % 2 else "2"

    @property
    def temporary_birth_date(self) -> dt.date:
        """The birth date that the temporary identifier carries."""
        return self.birth_date + _ASIDE


def person(number: int, *, child: bool) -> Person:
    """The person with this number; distinct up to MOST_PERSONS."""
    if child:
        born = dt.date(2008, 6, 1) + dt.timedelta(days=number * 7919 % _CHILD_DAYS)
        individual = 950 + (number * 37 + number // _CHILD_DAYS) % 50
    else:
        born = dt.date(1925, 1, 1) + dt.timedelta(days=number * 7919 % _ADULT_DAYS)
        individual = 900 + (number * 37 + number // _ADULT_DAYS) % 50
    place = MUNICIPALITIES[0 if number % 10 < 6 else 1 + number % 3]
    return Person(
        number,
        _identifier(born, individual, 0),
        # A temporary identifier looks alike, and its check character is wrong: so do real ones.
        _identifier(born + _ASIDE, individual, 1 + number % 7),
        born,
        _GIVEN[number % len(_GIVEN)],
        _FAMILY[number // 7 % len(_FAMILY)],
        place[0],
        place[1],
    )


def _identifier(born: dt.date, individual: int, wrong_by: int) -> str:
    day = born.strftime("%d%m%y")
    sign = "A" if born.year >= 2000 else "-"
    check = _CHECK[(int(f"{day}{individual}") + wrong_by) % 31]
    return f"{day}{sign}{individual}{check}"
