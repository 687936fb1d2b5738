"""Client documents of many definitions: entries of the client record, decisions, plans. The templates follow the
published definitions (THL's Sosmeta service) by their keys; every word of text in them is made up here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

from analyser.synth.content import ORGANISER_NAME, UNITS, Json, client, coded, task_value
from analyser.synth.people import Person

_SERVICE = coded("1.2.246.537.6.1222.201601", "45", "Sosiaaliohjaus")
_FINLAND = ZoneInfo("Europe/Helsinki")
_SIGNED: Json = {
    "allekirjoituksen_tyyppi": coded("1.2.246.537.5.40161.2011", "3", "Järjestelmäallekirjoitus"),
}
_CONTACT: Json = {
    "postiosoite": {"lahiosoite": "Mallitie 1", "postinumero": "00000", "postitoimipaikka": "Mallila"},
    "puhelinnumero": "000",
}
_WORKER: Json = {"sukunimi": "Työntekijä", "etunimet": "Testi", "tehtavanimike": "sosiaaliohjaaja"}
_RULERS = {
    "24": "lapsiperheiden_palvelupaatos",
    "10": "lastensuojelun_palvelu__tai_tukitoimipaatos",
    "15": "paatos_paihde__ja_riippuvuustyon_erityisesta_palvelusta",
    "20": "vammaispalvelupaatos",
    "working_age": "tyoikaisten_palvelupaatos",
    "elderly": "iakkaiden_palvelupaatos",
}
_PLANS = {
    "24": "lapsiperheiden_palvelujen_toteuttamissuunnitelma",
    "10": "lastensuojelun_toteuttamissuunnitelma",
    "15": "paihde__ja_riippuvuustyon_erityisten_palvelujen_toteuttamissuunnitelma",
    "20": "vammaispalvelujen_toteuttamissuunnitelma",
    "working_age": "tyoikaisten_palvelujen_toteuttamissuunnitelma",
    "elderly": "iakkaiden_palvelujen_toteuttamissuunnitelma",
}


def worker(number: int) -> Json:
    """A made-up professional of one of the units."""
    unit = number % len(UNITS)
    return _WORKER | {
        "palveluyksikko": coded("1.2.246.537.6.202.2008", UNITS[unit], f"Perhepalvelut {unit + 1}, {ORGANISER_NAME}")
    }


def decision(
    person: Person, task: str, *, decided: str, start: str, end: str | None = None, positive: bool = True
) -> Json:
    """The decision on a service of the task."""
    ruling: Json = {
        "paatostunnus": {"value": f"P{person.number}"},
        "vireilletulopaivamaara": start,
        "ratkaisu_ja_perustelut": "Palvelu vastaa arvioituun tarpeeseen.",
        "ratkaisun_lakiperuste": "Sosiaalihuoltolaki 1301/2014",
        "paatoksentekija": worker(person.number),
        "lisatietojen_antaja": [_WORKER | {"yhteystiedot": _CONTACT}],
        "paatospaivamaara": decided,
        "ratkaisun_laji": coded(
            "1.2.246.537.6.1248.201601", "1" if positive else "2", "Myönteinen" if positive else "Kielteinen"
        ),
        "sosiaalipalvelu_jota_paatos_koskee": {"sosiaalipalvelu": _SERVICE, "kuvaus": "Ohjausta arjen taitoihin."},
        "paatoksen_voimassaolo": {"alkamispaiva": start} | ({"paattymispaiva": end} if end else {}),
        "muutoksenhaku": {"ohjeteksti": "Päätökseen saa hakea oikaisua 30 päivän kuluessa."},
    }
    return {_RULERS[task]: {"asiakas": [_named(person)], "paatos": ruling, "allekirjoitus": _SIGNED}}


def placement(person: Person, *, decided: str, start: str) -> Json:
    """A decision that places a child: it tells no outcome, and the placement's own period."""
    return {
        "paatos_lastensuojelun_avohuollon_sijoituksesta": {
            "asiakas": [_named(person)],
            "paatospaivamaara": decided,
            "laheisverkoston_kartoittaminen": {"kartoitus_on_tehty": True},
            "lapsen_sijoitus": {
                "sijoituspaikka": coded("1.2.246.537.6.1216.201601", "", "Perhehoito"),
                "alkamispaiva": start,
            },
            "ratkaisu_ja_perustelut": "Sijoitus tukee lasta ja perhettä.",
            "lainkohdat_joihin_ratkaisu_perustuu": "Lastensuojelulaki 417/2007",
            "paatoksentekija": worker(person.number),
            "lisatietojen_antaja": [_WORKER | {"yhteystiedot": _CONTACT}],
            "allekirjoitus": _SIGNED,
        }
    }


def plan(person: Person, task: str, *, written: str, start: str) -> Json:
    """The plan of how a service of the task is carried out. Some have their facts below the root, some at it."""
    root = _PLANS[task]
    facts: Json = {
        "sosiaalipalvelu_jota_suunnitelma_koskee": _SERVICE,
        "sosiaalipalvelun_alkamispaivamaara": start,
        "kuvaus_asiakkaan_tilanteesta": "Tilanne on kuvattu yhdessä asiakkaan kanssa.",
        "asetettavat_tavoitteet": [{"nimi": "Arjen sujuminen", "kuvaus": "Viikko-ohjelma pitää."}],
        "palvelun_vastuuhenkilo": {"sukunimi": "Työntekijä", "etunimet": "Testi"},
    }
    inside = facts if task == "20" else {"suunnitelma": facts}
    return {root: {"asiakas": [_named(person)]} | inside | {"paivamaara": written, "laatija": [worker(person.number)]}}


def family_work(person: Person, task: str, *, written: str, start: str) -> Json:
    """A plan that names the day of its service in its own way."""
    return {
        "perhetyon_suunnitelma": {
            "asiakas": [_named(person)],
            "palvelutehtava": task_value(task, person.number),
            "perhetyon_alkamispaivamaara": start,
            "kuvaus_perheen_tilanteesta": "Perhe toivoo tukea arkeen.",
            "paivamaara": written,
            "laatija": [worker(person.number)],
        }
    }


def assessment(person: Person, task: str, *, written: str) -> Json:
    """An assessment of what a client needs: no evidence of a service, though it names the task."""
    return {
        "sosiaalihuollon_palvelutarpeen_arvio": {
            "asiakas": [_named(person)],
            "palvelutehtava": task_value(task, person.number),
            "kuvaus_asiakkaan_tilanteesta": "Palvelutarve on arvioitu.",
            "paivamaara": written,
            "laatija": [worker(person.number)],
        }
    }


def service_started(person: Person, task: str, *, start: str) -> Json:
    """A client-record entry: a service has started."""
    return {
        "merkinta_sosiaalipalvelun_alkamisesta": {
            "asiakas": [_named(person)],
            "palvelutehtava": task_value(task, person.number),
            "sosiaalipalvelu": _SERVICE,
            "sosiaalipalvelun_alkamispaiva": start,
            "laatija": worker(person.number),
        }
    }


def meeting(person: Person, task: str, day: dt.date) -> Json:
    """A client-record entry: a meeting or contact."""
    event = _event(person, day) | {"paikka": "Perhepalvelut", "osallistujat": "Asiakas ja työntekijä"}
    return _entry("merkinta_tapaamisesta_tai_yhteydenotosta", person, task, event, {"paivamaara": day.isoformat()})


def _advice(person: Person, task: str, day: dt.date) -> Json:
    return _entry("merkinta_ohjauksesta_ja_neuvonnasta", person, task, _event(person, day), {})


def _negotiation(person: Person, task: str, day: dt.date) -> Json:
    event = _event(person, day) | {"osallistujat": "Asiakas, työntekijä ja koulu"}
    return _entry("merkinta_neuvottelusta", person, task, event, {"paivamaara": day.isoformat()})


def _everyday(person: Person, task: str, day: dt.date) -> Json:
    return _entry("merkinta_asiakkaan_arjesta", person, task, _event(person, day), {})


def _other(person: Person, task: str, day: dt.date) -> Json:
    event = _event(person, day)
    del event["asiointitapa"]
    return _entry("muu_asiakaskertomusmerkinta", person, task, event, {"paivamaara": day.isoformat()})


def _therapy(person: Person, task: str, day: dt.date) -> Json:
    return _entry("merkinta_terapeuttisesta_tyoskentelysta", person, task, _event(person, day), {})


def cancelled(person: Person, task: str, day: dt.date) -> Json:
    """A client-record entry: a meeting that did not take place, and so no evidence of a service."""
    event: Json = {"paivamaara_ja_kellonaika": day.isoformat(), "lisatiedot_peruuntumisesta": "Uusi aika sovittiin."}
    root = "merkinta_neuvottelun_tapaamisen_tai_yhteydenoton_peruuntumisesta"
    return _entry(root, person, task, event, {})


_ENTRIES: tuple[Callable[[Person, str, dt.date], Json], ...] = (
    meeting, _advice, _negotiation, _everyday, meeting, _other, _therapy,
)  # fmt: skip


def entry(person: Person, task: str, day: dt.date) -> Json:
    """A client-record entry about the day, of one definition or another."""
    return _ENTRIES[(person.number + day.month) % len(_ENTRIES)](person, task, day)


def _entry(root: str, person: Person, task: str, event: Json, more: Json) -> Json:
    facts: Json = {"palvelutehtava": task_value(task, person.number), "sosiaalipalvelu": [_SERVICE], "tapahtuma": event}
    return {
        root: {"asiakas": [_named(person)], "asiakaskertomusmerkinta": facts}
        | more
        | {"laatija": worker(person.number)}
    }


def _event(person: Person, day: dt.date) -> Json:
    """What happened, an hour before it was written down; some systems tell their moments in UTC."""
    begun = dt.datetime.combine(day, dt.time(8), _FINLAND)
    told = (begun, begun + dt.timedelta(minutes=45))
    if person.number % 6 == 5:
        shown = [f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}" for moment in told]
    else:
        shown = [moment.isoformat() for moment in told]
    return {
        "ajanjakso": {"alkamishetki": shown[0], "paattymishetki": shown[1]},
        "asiointitapa": [coded("1.2.246.537.6.1250.201601", "", "Käynti toimintayksikössä")],
        "kuvaus": "Keskusteltiin kuulumisista.",
    }


def _named(person: Person) -> Json:
    return client(person, born=False)
