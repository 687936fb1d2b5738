"""Structured contents after the published definitions of THL's Sosmeta service, as JSON-ready objects.

A national code that is not published here is left empty and told by its display name: none is made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analyser.synth.people import Person

ORGANISER = "1.2.246.10.99999901.10.0"
OTHER_ORGANISER = "1.2.246.10.99999903.10.0"
ORGANISER_NAME = "Mallilan hyvinvointialue"
TEMPORARY_ROOT = "1.2.246.10.99999902.22.2025"
UNITS = ("1.2.246.10.99999901.10.21", "1.2.246.10.99999901.10.22", "1.2.246.10.99999904.10.31")
"""The third is a unit of a former municipality inside the county's documents."""
PRODUCER = "1.2.246.10.99999905.10.1"
TASK_NAMES = {
    "24": "Lapsiperheiden palvelut",
    "10": "Lastensuojelu",
    "15": "Päihdehuolto",
    "20": "Vammaispalvelut",
    "working_age": "Työikäisten palvelut",
    "elderly": "Iäkkäiden palvelut",
}
"""By code, and by own key where no code is published."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's period inside a service-task block."""

    start: str
    end: str | None = None
    unit: int | None = None
    """Place among the units; none: the one that the person's register rows name."""


@dataclass(frozen=True, slots=True)
class Block:
    """A service-task block; without a task its units are those of the first phase."""

    task: str | None
    units: Sequence[Unit]
    producer_from: str | None = None


def coded(stem: str, code: str, display: str) -> Json:
    """A coded value."""
    return {"system": f"urn:oid:{stem}", "code": code, "display": display}


def task_value(task: str, quirk: int) -> Json:
    """A service task; some systems repeat the code in the display text."""
    name = TASK_NAMES[task]
    if not task.isdigit():
        return coded("1.2.246.537.6.1221.201601", "", name)
    return coded("1.2.246.537.6.1221.201601", task, f"{task} {name}" if quirk % 5 == 0 else name)


def _unit_value(place: int) -> Json:
    return coded("1.2.246.537.6.202.2008", UNITS[place], f"Perhepalvelut {place + 1}, {ORGANISER_NAME}")


def client(person: Person, *, national: bool = True, temporary: bool = False, born: bool = True) -> Json:
    """A client with names and identifiers. The birth date, when told, follows the temporary identifier."""
    told: Json = {"sukunimi": person.family, "etunimet": f"{person.given} Testi"}
    if national:
        told["henkilotunnus"] = {"system": "urn:oid:1.2.246.21", "value": person.henkilotunnus}
    if temporary:
        told["tilapainen_yksilointitunnus"] = {"system": f"urn:oid:{TEMPORARY_ROOT}", "value": person.temporary}
    if born:
        told["syntymaaika"] = (person.temporary_birth_date if temporary else person.birth_date).isoformat()
    return told


def relationship(
    person: Person,
    blocks: Sequence[Block],
    *,
    relationship_id: str,
    start: str,
    protection: tuple[str, str | None] | None = None,
    old: bool = False,
    national: bool = True,
    temporary: bool = False,
    organiser: str = ORGANISER,
    restricted: bool = False,
) -> Json:
    """A client-relationship document."""
    quirk = person.number
    about = client(person, national=national, temporary=temporary)
    shown = f"{person.municipality} {person.municipality_name}" if quirk % 3 == 0 else person.municipality_name
    about["kotikunta"] = {"kunta": coded("1.2.246.537.6.21.2003", person.municipality, shown)}
    about["sukupuoli"] = coded("1.2.246.537.5.1.1997", person.sex, "Mies" if person.sex == "1" else "Nainen")
    about["turvakielto"] = restricted
    about["yhteystiedot"] = {
        "osoite": [{"lahiosoite": "Mallitie 1", "postinumero": "00000", "postitoimipaikka": person.municipality_name}],
        "puhelinnumero": "000",
        "sahkopostiosoite": "asiakas@example.org",
    }
    content: Json = {
        "asiakkuuden_yksilointitunnus": {"system": "urn:oid:1.2.246.1", "value": relationship_id},
        "asiakas": about,
        "sosiaalihuollon_asiakkuus": {"asiakkuuden_alkamispvm": start} | ({"vanha_asiakkuus": True} if old else {}),
        "palvelunjarjestajan_toimintayksikko": coded("1.2.246.537.6.202.2008", organiser, ORGANISER_NAME),
    }
    first_phase = [unit for block in blocks if block.task is None for unit in block.units]
    if first_phase:
        content["palvelunjarjestajan_palveluyksikko"] = [_dated(unit, quirk) for unit in first_phase]
    named = [_block(block, quirk) for block in blocks if block.task is not None]
    if named:
        content["sosiaalihuollon_palvelutehtava"] = named
    if protection is not None:
        begun, ended = protection
        content["lastensuojelun_asiakkuus"] = {"lastensuojelun_asiakkuuden_alkamispvm": begun} | (
            {"lastensuojelun_asiakkuuden_paattymispvm": ended} if ended else {}
        )
    return {"asiakkuusasiakirja": content}


def _block(block: Block, quirk: int) -> Json:
    told: Json = {"palvelutehtava": task_value(block.task or "", quirk)}
    if block.units:
        told["palvelunjarjestajan_palveluyksikko"] = [_dated(unit, quirk) for unit in block.units]
    if block.producer_from:
        told["palveluntuottaja"] = [
            {
                "sosiaalipalvelu": [coded("1.2.246.537.6.1222.201601", "45", "Sosiaaliohjaus")],
                "palveluyksikon_nimi": coded("1.2.246.537.6.202.2008", PRODUCER, "Ostopalvelu Oy"),
                "asiakkuuden_alkamispvm": block.producer_from,
            }
        ]
    return told


def unit_of_client(number: int) -> int:
    """Place among the units of the one that serves the person with this number."""
    return number % len(UNITS)


def _dated(unit: Unit, number: int) -> Json:
    place = unit_of_client(number) if unit.unit is None else unit.unit
    told: Json = {"palveluyksikon_nimi": _unit_value(place), "asiakkuuden_alkamispvm": unit.start}
    if unit.end:
        told["asiakkuuden_paattymispvm"] = unit.end
    return told


def case(people: Sequence[Person], task: str, *, case_id: str, opened: str, closed: str | None = None) -> Json:
    """A case document, joint when it has several clients."""
    first = people[0]
    facts: Json = {
        "asiatunnus": {"system": "urn:oid:1.2.246.537.6.1", "value": case_id},
        "nimi": coded("1.2.246.537.6.1265.201601", "", "Palvelutarpeen arviointi"),
        "tila": coded("1.2.246.537.6.1501.201601", "", "Päättynyt" if closed else "Vireillä"),
        "avauspaiva": opened,
        "yhteinen_asia": len(people) > 1,
        "palvelutehtava": task_value(task, first.number),
    }
    if closed:
        facts["paattymispaiva"] = closed
    return {
        "asia_asiakirja": {
            "palvelunjarjestajan_toimintayksikko": coded("1.2.246.537.6.202.2008", ORGANISER, ORGANISER_NAME),
            "asiakas": [client(person) for person in people],
            "asian_tiedot": facts,
        }
    }
