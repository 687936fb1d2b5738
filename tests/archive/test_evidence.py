"""What contents tell of services, by the path table: checked against every published definition that is there."""

from __future__ import annotations

import csv
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from analyser.archive.documents.content import clients_of
from analyser.archive.documents.service_evidence import Evidence, evidence_of
from analyser.archive.quarantine import Code, Trouble
from analyser.system.resources import schemas

DEFINITIONS = Path(__file__).parents[3] / "shared" / "sosmeta"
FOUND_WANTING = DEFINITIONS.parent / "facts" / "evidence.csv"
# What each definition tells, by kind: which facts its whole example fills. One that is not here tells nothing. Written
# down from the definitions, not from the table.
TELLS = {
    "1506.1003": {"assessment": "start"},
    "1506.11000": {"decision": "decided end outcome service start"},
    "1506.11001": {"decision": "decided end outcome service start"},
    "1506.11002": {"decision": "decided end outcome service start"},
    "1506.11003": {"decision": "decided end outcome service start"},
    "1506.11005": {"decision": "decided end start"},
    "1506.11007": {"decision": "decided end start"},
    "1506.11008": {"decision": "decided"},
    "1506.11009": {"decision": "decided"},
    "1506.11010": {"decision": "decided"},
    "1506.11011": {"decision-end": "decided"},
    "1506.11012": {"decision": "decided"},
    "1506.11014": {"decision": "decided"},
    "1506.11018": {"decision": "decided"},
    "1506.11019": {"decision": "decided"},
    "1506.11021": {"decision": "decided"},
    "1506.11022": {"decision": "decided"},
    "1506.11023": {"decision": "decided start"},
    "1506.11024": {"decision": "decided end outcome"},
    "1506.11025": {"decision": "decided start"},
    "1506.11026": {"decision-end": "decided end"},
    "1506.11027": {"decision": "decided start"},
    "1506.11028": {"decision": "decided"},
    "1506.11030": {"decision": "decided end start"},
    "1506.11031": {"decision-end": "decided"},
    "1506.11032": {"decision": "decided"},
    "1506.11033": {"decision": "decided"},
    "1506.11035": {"decision": "decided end outcome start"},
    "1506.11036": {"decision": "decided"},
    "1506.11037": {"decision": "decided"},
    "1506.11038": {"decision": "decided"},
    "1506.11039": {"decision": "decided"},
    "1506.11040": {"decision": "decided"},
    "1506.11041": {"decision": "decided"},
    "1506.11042": {"decision": "decided start"},
    "1506.11043": {"decision": "decided end outcome start"},
    "1506.11044": {"decision-end": "decided"},
    "1506.11045": {"decision": "decided end start"},
    "1506.11046": {"decision": "decided end start"},
    "1506.11047": {"decision": "decided end outcome start"},
    "1506.11048": {"decision": "decided"},
    "1506.11049": {"decision-end": "decided"},
    "1506.11050": {"decision": "decided"},
    "1506.11052": {"decision": "decided end outcome service start"},
    "1506.11053": {"decision": "decided end outcome service start"},
    "1506.11054": {"decision": "decided end outcome service start task"},
    "1506.11055": {"decision-end": "decided end"},
    "1506.11056": {"decision": "decided"},
    "1506.11059": {"decision": "decided end outcome service start task"},
    "1506.11060": {"decision": "decided end start"},
    "1506.11061": {"decision": "decided start"},
    "1506.11062": {"decision": "decided"},
    "1506.11063": {"decision": "decided"},
    "1506.11066": {"decision": "decided"},
    "1506.13004": {"agreement": "end service start task"},
    "1506.13007": {"agreement": "end service start task"},
    "1506.15001": {"plan": "end start task"},
    "1506.15002": {"plan": "service start"},
    "1506.15004": {"plan": "service start"},
    "1506.15008": {"plan": "service start"},
    "1506.15012": {"plan": "start task"},
    "1506.15014": {"plan": "start task"},
    "1506.15016": {"plan": "service start"},
    "1506.15017": {"plan": "start"},
    "1506.15019": {"received": "service"},
    "1506.15021": {"plan": "service start"},
    "1506.15024": {"plan": "service start"},
    "1506.15026": {"plan": "service start"},
    "1506.16009": {"summary": "end service start task"},
    "1506.19001": {"entry": "service start task"},
    "1506.19002": {"service-start": "service start task"},
    "1506.19003": {"entry": "end service start task"},
    "1506.19004": {"entry": "end service start task"},
    "1506.19005": {"entry": "end service start task"},
    "1506.19007": {"entry": "end service start task"},
    "1506.19008": {"entry": "end service start task"},
    "1506.19009": {"entry": "service start task"},
    "1506.19010": {"entry": "service start task"},
    "1506.19012": {"service-end": "end service task"},
    "1506.19013": {"entry": "end service start task"},
    "1506.19014": {"entry": "end service start task"},
    "1506.19015": {"entry": "end service start task"},
    "1506.9001": {"payment-commitment": "end service start task"},
}


def _example(schema: dict[str, Any], name: str = "") -> Any:
    """A content with every property of its definition, dates as dates and codes as codes."""
    if "properties" in schema:
        return {key: _example(inner, key) for key, inner in schema["properties"].items()}
    if "items" in schema:
        return [_example(schema["items"], name)]
    if schema.get("type") == "boolean":
        return False
    if name == "value":
        return "010190-900P"
    return "2025-01-05" if "pattern" in schema else name


def _filled(told: Evidence) -> set[str]:
    named = {name for name in ("task", "service") if getattr(told, name).code}
    dated = {name for name in ("decided", "start", "end") if getattr(told, name)[0]}
    return named | dated | ({"outcome"} if told.outcome else set())


@pytest.mark.skipif(not DEFINITIONS.is_dir(), reason="the published definitions are not beside this checkout")
def test_every_published_definition_tells_what_it_holds_and_nothing_else() -> None:
    files = sorted(DEFINITIONS.glob("*.json"))
    assert len(files) == 202
    for file in files:
        name = ".".join(file.stem.removeprefix("1.2.246.537.6.").split(".")[:2])
        for root, definition in json.loads(file.read_text())["properties"].items():
            content = _example(definition)
            if name.startswith("1506"):
                told = {one.kind: " ".join(sorted(_filled(one))) for one in evidence_of(content, f"/{root}")}
                assert told == TELLS.get(name, {}), name
                assert list(evidence_of(_least(definition), f"/{root}")) is not None, name
            clients = clients_of(content, f"/{root}")
            if "asiakas" not in definition["properties"]:
                assert name == "1506.12004"  # about the parties of an adoption, whom the header names
                continue
            assert [client.henkilotunnus for client in clients] == ["010190-900P"], name
            kind = definition["properties"]["asiakas"]["type"]
            assert clients[0].pointer == f"/{root}/asiakas" + ("/0" if kind == "array" else ""), name


def _least(schema: dict[str, Any], name: str = "") -> Any:
    """A content with nothing but what its definition requires."""
    if "properties" in schema:
        return {key: _least(schema["properties"][key], key) for key in schema.get("required", ())}
    return [_least(schema["items"], name)] if "items" in schema else _example(schema, name)


def test_every_published_definition_is_evidence_or_has_a_reason_why_not() -> None:
    table = tomllib.loads(schemas("content", "evidence.toml").read_text(encoding="utf-8"))
    with schemas("content", "document_types.csv").open(encoding="utf-8") as file:
        types = list(csv.DictReader(file))
    assert len(types) == 202
    undecided = []
    for row in types:
        code, general = row["code"], row["general_type"]
        evident = any(
            code not in one.get("but", ()) and (code in one["in"] if "in" in one else general == one["of"])
            for one in table["evidence"]
        )
        if not evident and code not in table["none"]["definitions"] and general not in table["none"]["types"]:
            undecided.append(code)
    assert undecided == []
    known = {row["code"] for row in types}
    assert all(set(one.get("in", ())) | set(one.get("but", ())) <= known for one in table["evidence"])


@pytest.mark.skipif(
    not FOUND_WANTING.is_file(), reason="the list of facts that were missed is not beside this checkout"
)
def test_each_fact_that_was_missed_once_is_read_where_it_stands() -> None:
    """By the list of somebody else, who read the definitions: each path alone, with what makes a decision one."""
    names = {"day of the event": "start", "-": None}
    with FOUND_WANTING.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 43
    for row in rows:
        _, root, *way = row["json_path"].replace("[]", "").split("/")
        fact = names.get(row["fact"], row["fact"])
        content: dict[str, Any] = {}
        if row["kind"].startswith("decision") and fact != "decided":
            content = {"paatospaivamaara": "2024-12-24", "paivamaara": "2024-12-24"}
            if "paatos" in way:
                content = {"paatos": content}
        elif row["kind"] == "plan" and fact == "service":
            content = {"sosiaalipalvelun_alkamispaivamaara": "2024-12-24"}
        elif row["kind"] == "agreement" and fact != "start":
            content = {"toiminnan_sisaltoa_koskevat_tiedot": {"toiminnan_kesto": {"alkamispaiva": "2024-12-24"}}}
        elif row["kind"].startswith("entry"):
            content = {"asiakaskertomusmerkinta": {"palvelutehtava": {"code": "24"}}}
        holder = content
        for key in way[:-1]:
            holder = holder.setdefault(key, {})
        if fact is not None:
            holder[way[-1]] = {"code": "7"} if fact in ("task", "service") else "2025-02-09T23:30:00Z"[: _length(row)]
        told = [
            value.code if fact in ("task", "service") else value[0]
            for one in evidence_of(content, f"/{root}")
            for value in [getattr(one, fact or "start")]
        ]
        right = {"task": ["7"], "service": ["7"], None: []}
        expected = right.get(fact, ["2025-02-10" if _length(row) > 10 else "2025-02-09"])
        assert told == expected, (row, told)


def test_a_placement_tells_its_own_period_with_an_outcome_and_without_one() -> None:
    """No published definition of a placement holds an outcome; a system may write one all the same."""
    placement = {"alkamispaiva": "2025-01-10", "paattymispaiva": "2025-02-10"}
    for root, name, period in (
        ("paatos_lapsen_huostaanotosta_ja_sijaishuollosta", "huostaanotto", {"alkamispaiva": "2025-01-10"}),
        ("paatos_lastensuojelun_avohuollon_sijoituksesta", "lapsen_sijoitus", placement),
        ("paatos_lapsen_kiireellisen_sijoituksen_jatkamisesta", "kiireellisen_sijoituksen_alkamispaiva", "2025-01-10"),
        ("paatos_sijaishuoltopaikan_muuttamisesta", "uuden_sijoituksen_alkamispaiva", "2025-01-10"),
    ):
        for outcome in ({}, {"ratkaisun_laji": {"code": "1"}}):
            content = {"paatospaivamaara": "2024-12-24", name: period, **outcome}
            ((start, end),) = [(one.start[0], one.end[0]) for one in evidence_of(content, f"/{root}")]
            assert (start, end) == ("2025-01-10", "2025-02-10" if period is placement else None), (name, outcome)


def _length(row: dict[str, str]) -> int:
    """An entry tells a moment, whose day is its day in Finland; all others a day."""
    return 20 if row["kind"] == "entry" else 10


def test_a_content_without_a_definition_is_judged_by_its_header() -> None:
    decision = {"paatospaivamaara": "2025-01-05"}
    entry = {"palvelutehtava": {"code": "24"}}
    assert [one.kind for one in evidence_of(decision, "/uusi_paatos", "11")] == ["decision"]
    assert [one.kind for one in evidence_of(entry, "/uusi_merkinta", "19")] == ["entry"]
    for code in (None, "10", "15"):
        assert not list(evidence_of(decision, "/uusi_asiakirja", code))
        assert not list(evidence_of(entry, "/uusi_asiakirja", code))
    assert [one.outcome for one in evidence_of({"ratkaisun_laji": {"code": "2"}}, "/uusi")] == ["2"]


def test_lists_on_the_way_and_several_tasks_are_all_told() -> None:
    several = {
        "paatos": {
            "ratkaisun_laji": {"code": "1"},
            "sosiaalipalvelu_jota_paatos_koskee": [
                {"sosiaalipalvelu": {"code": "45"}},
                {"sosiaalipalvelu": [{"code": "46"}, {"code": "45"}]},
            ],
        }
    }
    assert [one.service.code for one in evidence_of(several, "/x")] == ["45", "46"]
    entry = {"palvelutehtava": [{"code": "24"}, {"code": "10"}], "sosiaalipalvelu": [{"code": "45"}, {"code": "46"}]}
    pairs = [(one.task.code, one.service.code) for one in evidence_of(entry, "/x", "19")]
    assert pairs == [("24", "45"), ("24", "46"), ("10", "45"), ("10", "46")]


def test_an_entry_with_its_task_at_the_root_is_of_the_day_of_its_event() -> None:
    task = {"palvelutehtava": {"code": "24"}, "paivamaara": "2025-03-01"}
    event = {"ajanjakso": {"alkamishetki": "2025-02-09T22:30:00Z", "paattymishetki": "2025-02-10T01:00:00Z"}}
    periods = [
        {"ajanjakso": {"alkamishetki": f"2025-02-0{n}T10:00:00Z", "paattymishetki": f"2025-02-1{n}"}} for n in (3, 2, 4)
    ]
    told = {
        "muu_asiakaskertomusmerkinta": ({"asiakaskertomusmerkinta": {"tapahtuma": event}}, "2025-02-10", "2025-02-10"),
        "merkinta_asian_vireilletulosta": ({"vireilletulopaiva": "2025-02-09"}, "2025-02-09", None),
        "merkinta_rajoitustoimenpiteesta": (
            {"rajoitustoimenpide": {"rajoitustoimenpide": periods}}, "2025-02-02", "2025-02-14"
        ),
        "merkinta_asiakasta_koskevien_tietojen_pyytamisesta_tai_saamisesta": (
            {"tietojen_pyytamisen_paivamaara": None, "tietojen_saamisen_paivamaara": "2025-02-11"}, "2025-02-11", None
        ),
        "merkinta_asiakastietojen_luovuttamisesta": (
            {"tietojen_luovuttamisen_paivamaara": "2025-02-12"}, "2025-02-12", None
        ),
        "uusi_merkinta": ({"asiakaskertomusmerkinta": {"tapahtuma": event}}, "2025-02-10", "2025-02-10"),
    }  # fmt: skip
    for root, (content, start, end) in told.items():
        (one,) = evidence_of(task | content, f"/{root}", "19")
        assert (one.task.code, one.start[0], one.end[0]) == ("24", start, end), root
    with pytest.raises(Trouble) as trouble:
        list(
            evidence_of(
                task | {"rajoitustoimenpide": {"rajoitustoimenpide": [{}, {"ajanjakso": {"alkamishetki": "x"}}]}},
                "/merkinta_rajoitustoimenpiteesta",
            )
        )
    assert (
        trouble.value.place
        == "/merkinta_rajoitustoimenpiteesta/rajoitustoimenpide/rajoitustoimenpide/1/ajanjakso/alkamishetki"
    )


def test_a_content_with_absurdly_many_pairs_is_set_aside() -> None:
    many = [{"code": str(number)} for number in range(100)]
    with pytest.raises(Trouble) as trouble:
        list(evidence_of({"palvelutehtava": many, "sosiaalipalvelu": many}, "/x", "19"))
    assert trouble.value.code is Code.UNKNOWN_CONTENT
