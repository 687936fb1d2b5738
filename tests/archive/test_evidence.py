"""What contents tell of services, by the path table: checked against every published definition that is there."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from analyser.archive.content import Evidence, clients_of, evidence_of
from analyser.archive.quarantine import Code, Trouble
from analyser.resources import schemas

DEFINITIONS = Path(__file__).parents[3] / "shared" / "sosmeta"
# What each definition tells, by kind: which columns its example fills. A definition that is not here tells nothing.
TELLS = {
    "1506.11000": {"decision": {"outcome", "service", "decided", "start", "end"}},
    "1506.11001": {"decision": {"outcome", "service", "decided", "start", "end"}},
    "1506.11002": {"decision": {"outcome", "service", "decided", "start", "end"}},
    "1506.11003": {"decision": {"outcome", "service", "decided", "start", "end"}},
    "1506.11022": {"decision": {"decided"}},
    "1506.11052": {"decision": {"outcome", "service", "decided", "start", "end"}},
    "1506.11053": {"decision": {"outcome", "service", "decided", "start", "end"}},
    "1506.15004": {"plan": {"service", "start"}},
    "1506.19001": {"entry": {"task", "service"}},
    "1506.19002": {"service-start": {"task", "service", "start"}, "entry": {"task", "service"}},
    "1506.19005": {"entry": {"task", "service"}},
    "1506.19012": {"service-end": {"task", "service", "end"}, "entry": {"task", "service"}},
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
    for file in sorted(DEFINITIONS.glob("*.json")):
        name = ".".join(file.stem.removeprefix("1.2.246.537.6.").split(".")[:2])
        for root, definition in json.loads(file.read_text())["properties"].items():
            content = _example(definition)
            if name.startswith("1506"):
                told = {one.kind: _filled(one) for one in evidence_of(content, f"/{root}")}
                assert told == TELLS.get(name, {}), name
            clients = clients_of(content, f"/{root}")
            assert [client.henkilotunnus for client in clients] == ["010190-900P"], name
            kind = definition["properties"]["asiakas"]["type"]
            assert clients[0].pointer == f"/{root}/asiakas" + ("/0" if kind == "array" else ""), name


def test_every_decision_of_the_published_list_is_evidence_with_and_without_an_outcome() -> None:
    with schemas("content", "document_types.csv").open(encoding="utf-8") as table:
        types = list(csv.DictReader(table))
    decisions = [row["json_root"] for row in types if row["general_type"] == "Päätös"]
    assert len(decisions) == 53
    for root in decisions:
        for wrap in (lambda inside: {"paatos": inside}, lambda inside: inside):
            silent = wrap({"paatospaivamaara": "2025-01-05"})
            telling = wrap({"paatospaivamaara": "2025-01-05", "ratkaisun_laji": {"code": "2"}})
            assert [(one.kind, one.outcome) for one in evidence_of(silent, f"/{root}")] == [("decision", None)]
            assert [(one.kind, one.outcome) for one in evidence_of(telling, f"/{root}")] == [("decision", "2")]
    for row in types:
        if row["general_type"] != "Päätös":
            assert not list(evidence_of({"paatos": {"paatospaivamaara": "2025-01-05"}}, f"/{row['json_root']}"))


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
    pairs = [(one.task.code, one.service.code) for one in evidence_of(entry, "/x")]
    assert pairs == [("24", "45"), ("24", "46"), ("10", "45"), ("10", "46")]


def test_a_content_with_absurdly_many_pairs_is_set_aside() -> None:
    many = [{"code": str(number)} for number in range(100)]
    with pytest.raises(Trouble) as trouble:
        list(evidence_of({"palvelutehtava": many, "sosiaalipalvelu": many}, "/x"))
    assert trouble.value.code is Code.UNKNOWN_CONTENT
