"""The structured contents of documents, after Sosmeta's definitions: plain dictionaries, ready to become JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analyser.synth.county import COUNTY, ORGANISER, Definition, Task
from analyser.synth.people import Person

Content = dict[str, Any]
Day = str
"""A date as it is written: `2025-01-17`, or partial."""

_TASKS = "urn:oid:1.2.246.537.6.1221.201601"
_SERVICES = "urn:oid:1.2.246.537.6.1222.201601"
_UNITS = "urn:oid:1.2.246.537.6.202.2008"
_MUNICIPALITIES = "urn:oid:1.2.246.537.6.21.2003"
_LANGUAGES = "urn:oid:1.2.246.537.5.40175.2008"


@dataclass(frozen=True, slots=True)
class Style:
    """How a client system writes coded values."""

    urn: bool = True
    """Identifiers' systems carry `urn:oid:`."""
    code_in_display: bool = False
    """Display names repeat the code, as in `092 Vantaa`."""


@dataclass(frozen=True, slots=True)
class Span:
    """A dated period at a unit. `end` None is open."""

    unit: tuple[str, str]
    start: Day
    end: Day | None = None
    services: tuple[tuple[str, str], ...] = ()
    """What a producer gives: code 1222 and name."""


@dataclass(frozen=True, slots=True)
class Block:
    """A service-task block of a client-relationship document."""

    task: Task
    units: tuple[Span, ...] = ()
    producers: tuple[Span, ...] = ()


def coded(system: str, code: str, display: str, style: Style) -> Content:
    """A coded value."""
    return {
        "system": system,
        "code": code,
        "display": f"{code} {display}" if style.code_in_display and code else display,
    }


def _unit(unit: tuple[str, str], style: Style) -> Content:
    return {"system": _UNITS, "code": unit[0], "display": unit[1]}


def _task(task: Task, style: Style) -> Content:
    return coded(_TASKS, task.code, task.name, style)


def _dated(start: Day, end: Day | None) -> Content:
    dates: Content = {"asiakkuuden_alkamispvm": start}
    if end is not None:
        dates["asiakkuuden_paattymispvm"] = end
    return dates


def _period(span: Span, style: Style) -> Content:
    period: Content = {}
    if span.services:
        period["sosiaalipalvelu"] = [coded(_SERVICES, *service, style) for service in span.services]
    return period | {"palveluyksikon_nimi": _unit(span.unit, style)} | _dated(span.start, span.end)


def _identifier(root: str, value: str, style: Style) -> Content:
    return {"system": f"urn:oid:{root}" if style.urn else root, "value": value}


@dataclass(frozen=True, slots=True)
class Client:
    """A person as one document knows them: by which identifiers, and in a joint case since when."""

    person: Person
    national: bool = True
    temporary: bool = False
    joined: str | None = None

    def content(self, style: Style, *, dated: bool = False) -> Content:
        """Names and identifiers; with the birth date, which follows the temporary identifier if there is one."""
        told: Content = {
            "sukunimi": self.person.family,
            "etunimet": f"{self.person.given} {self.person.second}",
        }
        if self.national:
            told["henkilotunnus"] = _identifier(*self.person.identity, style)
        if self.temporary:
            told["tilapainen_yksilointitunnus"] = _identifier(*self.person.temporary, style)
        if dated:
            birth = self.person.temporary_birth if self.temporary else self.person.birth
            told["syntymaaika"] = birth.isoformat()
        if self.joined:
            told["asiaan_liittymishetki"] = self.joined
        return told


def relationship(
    client: Client,
    style: Style,
    number: str | None,
    start: Day,
    end: Day | None,
    blocks: Sequence[Block],
    *,
    old: bool = False,
    first_phase: Sequence[Span] = (),
    protection: tuple[Day, Day | None] | None = None,
    organiser: tuple[str, str] = (ORGANISER, COUNTY),
) -> Content:
    """A client-relationship document."""
    about = client.content(style, dated=True)
    code, name = client.person.municipality
    about |= {
        "asiointikieli": coded(_LANGUAGES, "FI", "suomi", style),
        "kotikunta": {"kunta": coded(_MUNICIPALITIES, code, name, style)},
        "turvakielto": client.person.restricted,
    }
    content: Content = {}
    if number is not None:
        # The system says nothing here: real documents carry arbitrary ones.
        content["asiakkuuden_yksilointitunnus"] = {"system": "urn:oid:1.2.246.1", "value": number}
    content["asiakas"] = about
    standing = _dated(start, end)
    content["sosiaalihuollon_asiakkuus"] = {"vanha_asiakkuus": True} | standing if old else standing
    content["palvelunjarjestajan_toimintayksikko"] = _unit(organiser, style)
    if first_phase:
        content["palvelunjarjestajan_palveluyksikko"] = [_period(span, style) for span in first_phase]
    if blocks:
        content["sosiaalihuollon_palvelutehtava"] = [_block(block, style) for block in blocks]
    if protection is not None:
        content["lastensuojelun_asiakkuus"] = {"lastensuojelun_asiakkuuden_alkamispvm": protection[0]}
        if protection[1] is not None:
            content["lastensuojelun_asiakkuus"]["lastensuojelun_asiakkuuden_paattymispvm"] = protection[1]
    return content


def _block(block: Block, style: Style) -> Content:
    told: Content = {"palvelutehtava": _task(block.task, style)}
    if block.units:
        told["palvelunjarjestajan_palveluyksikko"] = [_period(span, style) for span in block.units]
    if block.producers:
        told["palveluntuottaja"] = [_period(span, style) for span in block.producers]
    return told


def case(
    clients: Sequence[Client],
    style: Style,
    number: str,
    task: Task,
    opened: Day,
    closed: Day | None,
    organiser: tuple[str, str] = (ORGANISER, COUNTY),
) -> Content:
    """A case document. Codes of case names (1265) and states (1501) are not published here: left empty."""
    facts: Content = {
        "asiatunnus": {"value": number},
        "nimi": coded("urn:oid:1.2.246.537.6.1265", "", "Palvelun järjestäminen", style),
        "tila": coded("urn:oid:1.2.246.537.6.1501", "", "Päättynyt" if closed else "Avoin", style),
        "avauspaiva": opened,
    }
    if closed:
        facts["paattymispaiva"] = closed
    facts |= {"yhteinen_asia": len(clients) > 1, "palvelutehtava": _task(task, style)}
    return {
        "palvelunjarjestajan_toimintayksikko": _unit(organiser, style),
        "asiakas": [client.content(style, dated=True) for client in clients],
        "asian_tiedot": facts,
    }


def _writer(task: Task, style: Style) -> Content:
    return {
        "sukunimi": "Kirjaaja",
        "etunimet": "Kaino",
        "tehtavanimike": "Sosiaaliohjaaja",
        "palveluyksikko": _unit(task.unit, style),
    }


def decision(
    definition: Definition,
    client: Client,
    style: Style,
    number: str,
    task: Task,
    decided: dt.date,
    start: Day,
    end: Day | None,
    *,
    positive: bool = True,
) -> Content:
    """A service decision; an open end is a decision until further notice."""
    validity: Content = {"alkamispaiva": start} | ({"paattymispaiva": end} if end else {})
    writer = _writer(task, style)
    outcome = ("1", "Myönteinen ratkaisu") if positive else ("2", "Kielteinen ratkaisu")
    contact = {
        "postiosoite": {
            "lahiosoite": "Mallikatu 1",
            "postinumero": "00000",
            "postitoimipaikka": "MALLILA",
        },
        "puhelinnumero": "000 000 0000",
    }
    told: Content = {
        "paatostunnus": {"value": number},
        "paatospaivamaara": decided.isoformat(),
        "ratkaisun_laji": coded("urn:oid:1.2.246.537.6.1248.201601", *outcome, style),
        "sosiaalipalvelu_jota_paatos_koskee": {
            "sosiaalipalvelu": coded(_SERVICES, *task.service, style),
            "kuvaus": f"{task.service[1]}, {task.name.lower()}",
        },
        "ratkaisu_ja_perustelut": "Palvelu vastaa asiakkaan arvioitua tuen tarvetta."
        if positive
        else "Palvelun edellytykset eivät täyty.",
        "ratkaisun_lakiperuste": "Sosiaalihuoltolaki 1301/2014",
        "paatoksen_voimassaolo": validity,
        "paatoksentekija": writer,
        "lisatietojen_antaja": [writer | {"yhteystiedot": contact}],
    }
    if not positive:
        del told["paatoksen_voimassaolo"]
    return {
        "asiakas": [client.content(style)],
        "paatos": told,
        "allekirjoitus": {
            "allekirjoituksen_tyyppi": coded(
                "urn:oid:1.2.246.537.5.40161.2006", "1", "Asiakirja on allekirjoitettu sähköisesti", style
            )
        },
    }


def service_started(client: Client, style: Style, task: Task, start: dt.date) -> Content:
    """19002, a service started."""
    return {
        "asiakas": [client.content(style)],
        "palvelutehtava": _task(task, style),
        "sosiaalipalvelu": coded(_SERVICES, *task.service, style),
        "sosiaalipalvelun_alkamispaiva": start.isoformat(),
        "laatija": _writer(task, style),
    }


def service_ended(client: Client, style: Style, task: Task, end: dt.date) -> Content:
    """19012, a service ended."""
    return {
        "asiakas": [client.content(style)],
        "palvelutehtava": _task(task, style),
        "sosiaalipalvelu": coded(_SERVICES, *task.service, style),
        "sosiaalipalvelun_paattymisen_perustelut": "Asiakkaan tilanne on vakiintunut.",
        "sosiaalipalvelun_paattymispaiva": end.isoformat(),
        "laatija": _writer(task, style),
    }


def meeting(client: Client, style: Style, task: Task, day: dt.date) -> Content:
    """19005, a meeting or contact."""
    return {
        "asiakas": [client.content(style)],
        "asiakaskertomusmerkinta": {
            "palvelutehtava": _task(task, style),
            "sosiaalipalvelu": [coded(_SERVICES, *task.service, style)],
            "tapahtuma": {"kuvaus": "Keskusteltiin tilanteesta ja sovittiin jatkosta.", "paikka": "Mallila"},
        },
        "sovitut_asiat": "Seuraava tapaaminen sovitaan puhelimitse.",
        "paivamaara": day.isoformat(),
        "laatija": _writer(task, style),
    }


def plan(client: Client, style: Style, task: Task, day: dt.date) -> Content:
    """A client plan."""
    return {
        "asiakas": [client.content(style)],
        "suunnitelma": {
            "kuvaus_asiakkaan_tilanteesta": "Asiakas tarvitsee tukea arkeen.",
            "palvelut_joita_asiakkaalle_suunnitellaan": [
                {"sosiaalipalvelu": coded(_SERVICES, *task.service, style), "kuvaus": "Säännöllinen tuki"}
            ],
        },
        "paivamaara": day.isoformat(),
        "laatija": [_writer(task, style)],
    }
