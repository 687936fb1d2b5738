"""Names of municipalities, and which municipalities make up a county. Codes stay codes; a name only stands beside them.

`schemas/places/` holds the lists. Source: Statistics Finland (CC BY 4.0). A code that is in no list is told as it is.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from analyser.messages.errors import UsageError
from analyser.system.resources import schemas


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality of the national classification."""

    code: str
    """Three digits."""
    name_fi: str
    name_sv: str
    county: str
    """Two digits; 90 Helsinki, 91 Åland."""
    first_year: int
    last_year: int
    """The first and the last year in which it is known to exist."""


@cache
def municipalities() -> Mapping[str, Municipality]:
    """Every municipality since 2023, by code."""
    with schemas("places", "municipalities.csv").open(encoding="utf-8", newline="") as opened:
        return {
            row["municipality"]: Municipality(
                row["municipality"],
                row["name_fi"],
                row["name_sv"],
                row["county"],
                int(row["first_year"]),
                int(row["last_year"]),
            )
            for row in csv.DictReader(opened)
        }


def municipality_name(code: str, lang: str) -> str | None:
    """The name in Swedish or Finnish (which English uses as well), None for a code that is not known."""
    found = municipalities().get(code)
    if found is None:
        return None
    return found.name_sv if lang == "sv" else found.name_fi


UNKNOWN_MUNICIPALITY = "999"
"""The code of a municipality that is not known, in the national classification."""


def municipality_code(written: str) -> str | None:
    """The code that a list means by `92`, `092`, `Vantaa`, `Vanda` or `092 Vantaa`; None when it means none.

    A code that is in no list stays what it is; one beside the name of another municipality means nothing.
    """
    text = written.strip()
    if match := re.fullmatch(r"(\d{1,3})", text, re.ASCII):
        return match[1].zfill(3)
    if (code := _codes().get(_spelled(text))) is not None:
        return code
    match = re.fullmatch(r"(\d{1,3})[\s,;:–-]+(\D+)", text, re.ASCII) or re.fullmatch(
        r"(?P<name>\D+?)[\s,;:(–-]+(?P<code>\d{1,3})\)?", text, re.ASCII
    )
    if match is None:
        return None
    digits, name = (match["code"], match["name"]) if "code" in match.groupdict() else match.groups()
    code = digits.zfill(3)
    if code == UNKNOWN_MUNICIPALITY:
        return code
    return code if _codes().get(_spelled(name)) == code else None


@cache
def _codes() -> Mapping[str, str]:
    return {_spelled(name): one.code for one in municipalities().values() for name in (one.name_fi, one.name_sv)}


def _spelled(name: str) -> str:
    """A name without case, accents, spaces and punctuation."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def municipalities_of(county: str, year: int) -> tuple[str, ...]:
    """The municipalities that make up a county in a year, as far as the list reaches.

    Raises UsageError for a county that does not exist.
    """
    places = municipalities().values()
    within = min(max(year, min(place.first_year for place in places)), max(place.last_year for place in places))
    found = sorted(
        place.code
        for place in places
        if place.county == county.zfill(2) and place.first_year <= within <= place.last_year
    )
    if not found:
        known = ", ".join(sorted({place.county for place in places}))
        raise UsageError("settings.no_county", county=county, known=known)
    return tuple(found)
