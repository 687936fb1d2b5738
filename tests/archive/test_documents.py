"""Every quirk of real documents is read, and every document that cannot be used is named as what it is."""

from __future__ import annotations

import base64
import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analyser.archive.quarantine import Code
from analyser.system.limits import Limits
from tests.archive.build import (
    NATIONAL,
    ORGANISER,
    SETTINGS,
    TEMPORARY,
    client,
    codes,
    content,
    document,
    frame,
    read_bytes,
)

EXAMPLE = Path(__file__).parents[3] / "shared" / "examples" / "client-relationship.xml"


def _periods(found: dict) -> list[tuple]:
    return [(p["role"], p["task_code"], p["start_text"], p["end_text"]) for p in found["client_period"]]


PLAIN = [("unit", "24", "2025-01-17", None)]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(document().encode(), id="UTF-8"),
        pytest.param(b"\xef\xbb\xbf" + document().encode(), id="UTF-8 with BOM"),
        pytest.param(document().encode("utf-16"), id="UTF-16 with BOM, undeclared"),
        pytest.param(('<?xml version="1.0" encoding="UTF-16"?>' + document()).encode("utf-16"), id="UTF-16"),
        pytest.param(
            ('<?xml version="1.0" encoding="ISO-8859-1"?><!-- käyttö -->' + document()).encode("latin-1"), id="Latin-1"
        ),
        pytest.param(
            ('<?xml version="1.0" encoding="windows-1252"?><!-- – -->' + document()).encode("cp1252"), id="windows-1252"
        ),
        pytest.param(document().replace("><", ">\r\n<").encode(), id="CRLF"),
        pytest.param(("\n\n" + document()).encode(), id="white space first"),
        pytest.param(document().replace("f:", "x:").replace("xmlns:f", "xmlns:x").encode(), id="another prefix"),
    ],
)
def test_a_document_is_read_in_every_encoding(tmp_path: Path, raw: bytes) -> None:
    found = read_bytes(tmp_path, raw)
    assert codes(found) == []
    assert _periods(found) == PLAIN


def test_a_prefix_for_every_element_changes_nothing(tmp_path: Path) -> None:
    raw = document().replace("<f:", "<#").replace("</f:", "</#")
    raw = raw.replace("</", "</h:").replace("<", "<h:").replace("<h:/h:", "</h:").replace("<h:/", "</")
    raw = raw.replace("h:#", "f:").replace("</h:h:", "</h:").replace('xmlns="urn', 'xmlns:h="urn')
    assert _periods(read_bytes(tmp_path, raw)) == PLAIN


def test_comments_and_line_breaks_inside_the_base64_are_joined_over(tmp_path: Path) -> None:
    packed = base64.b64encode(json.dumps(content()).encode()).decode()
    odd = f"\n <!-- a -->{packed[:40]}\r\n{packed[40:90]}<!-- b -->\n\t{packed[90:]}<!-- c -->\n"
    assert _periods(read_bytes(tmp_path, document(odd))) == PLAIN


def test_json_as_it_is_is_read_like_base64(tmp_path: Path) -> None:
    plain = json.dumps(content(), indent=1).replace("&", "&amp;").replace("<", "&lt;")
    assert _periods(read_bytes(tmp_path, document(plain))) == PLAIN
    assert _periods(read_bytes(tmp_path, document(f"<![CDATA[{json.dumps(content())}]]>"))) == PLAIN


def test_the_client_may_be_a_list(tmp_path: Path) -> None:
    listed = content(asiakas=[content()["asiakkuusasiakirja"]["asiakas"]])
    assert _periods(read_bytes(tmp_path, document(listed))) == PLAIN


def test_both_identifiers_of_one_client_stand_in_one_slot_and_the_headers_birth_date_wins(tmp_path: Path) -> None:
    about = {
        "henkilotunnus": {"system": "1.2.246.21", "value": NATIONAL.lower()},
        "tilapainen_yksilointitunnus": {"system": "1.2.246.10.99999902.22.2025", "value": TEMPORARY},
        "syntymaaika": "2012-01-01",
    }
    found = read_bytes(tmp_path, document(content(asiakas=about)))
    people = {(row["slot"], row["origin"]) for row in found["document_person"]}
    assert people == {(0, "header"), (0, "content")}
    told = {row["root"]: (row["value"], row["birth_date"]) for row in found["person_identity"]}
    assert told == {
        "1.2.246.21": (NATIONAL, dt.date(2012, 3, 14)),
        "1.2.246.10.99999902.22.2025": (TEMPORARY, dt.date(2012, 3, 14)),
    }
    assert "birth-date-differs" in found["document"][0]["problems"]


def test_a_joint_case_is_about_all_its_clients(tmp_path: Path) -> None:
    case = {
        "asia_asiakirja": {
            "asiakas": [{"henkilotunnus": {"value": NATIONAL}}, {"henkilotunnus": {"value": "010190-901X"}}],
            "asian_tiedot": {
                "avauspaiva": "2025-01-02",
                "yhteinen_asia": True,
                "palvelutehtava": {"code": "24", "display": "Lapsiperheiden palvelut"},
            },
        }
    }
    found = read_bytes(tmp_path, document(case, group="2"))
    assert {row["slot"] for row in found["document_person"]} == {0, 1}
    assert found["case_fact"][0]["joint"] is True
    assert found["document"][0]["kind"] == "case"


def test_several_record_targets_are_several_clients(tmp_path: Path) -> None:
    both = client("1.2.246.21", NATIONAL) + client("1.2.246.21", "010190-901X", "19900101")
    found = read_bytes(tmp_path, document(clients=both))
    assert sorted(row["slot"] for row in found["document_person"] if row["origin"] == "header") == [0, 1]
    assert "several-clients" in found["document"][0]["problems"]


@pytest.mark.parametrize(("second", "differs"), [("010190-901X", False), ("020290-902K", True), (None, False)])
def test_somebody_else_in_the_place_of_a_client_of_the_header_is_told(
    tmp_path: Path, second: str | None, differs: bool
) -> None:
    told = [{"henkilotunnus": {"value": NATIONAL}}, *([{"henkilotunnus": {"value": second}}] if second else [])]
    case = {"asia_asiakirja": {"asiakas": told, "asian_tiedot": {"avauspaiva": "2025-01-02", "yhteinen_asia": True}}}
    both = client("1.2.246.21", NATIONAL) + client("1.2.246.21", "010190-901X", "19900101")
    found = read_bytes(tmp_path, document(case, group="2", clients=both))
    assert ("content-id-differs" in found["document"][0]["problems"]) is differs


def test_a_document_needs_nothing_in_its_header_but_an_id(tmp_path: Path) -> None:
    packed = base64.b64encode(json.dumps(content()).encode()).decode()
    bare = (
        '<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="1.2.9" nullFlavor="NA"/><component><nonXMLBody>'
        f'<json xmlns="urn:hl7finland">{packed}</json></nonXMLBody></component></ClinicalDocument>'
    )
    found = read_bytes(tmp_path, bare)
    told = found["document"][0]
    assert (told["oid"], told["set_id"], told["version"], told["kind"]) == ("1.2.9", "1.2.9", 1, "client-relationship")
    assert {"missing-set-id", "missing-version", "missing-organiser", "id-with-null-flavor"} <= set(told["problems"])
    assert len(found["document_person"]) == 1


def test_unknown_repeated_and_unordered_header_children_are_passed_over(tmp_path: Path) -> None:
    odd = '<f:news a="1"><f:deep/></f:news><f:documentGroup code="1"/><f:recordStatus code="3"/>'
    found = read_bytes(tmp_path, document(header="<unknown/><code/><code/>", social=odd))
    assert found["document"][0]["record_status"] == "3"


def test_without_an_organiser_in_the_header_the_content_and_then_the_custodian_is_taken(tmp_path: Path) -> None:
    silent = document(content(palvelunjarjestajan_toimintayksikko={"code": "1.2.8"})).replace(
        f'<f:outsourcingServiceCustomer root="{ORGANISER}"/>', ""
    )
    assert read_bytes(tmp_path, silent)["document"][0]["organiser_origin"] == "content"


def test_decisions_and_entries_are_evidence_of_services(tmp_path: Path) -> None:
    service = {"code": "45", "display": "Sosiaaliohjaus"}
    nested = {
        "lapsiperheiden_palvelupaatos": {
            "asiakas": [{"henkilotunnus": {"value": NATIONAL}}],
            "paatos": {
                "paatospaivamaara": "2025-01-05",
                "ratkaisun_laji": {"code": "1"},
                "sosiaalipalvelu_jota_paatos_koskee": {"sosiaalipalvelu": service},
                "paatoksen_voimassaolo": {"alkamispaiva": "2025-01-06"},
            },
        }
    }
    flat = {"toinen_paatos": {"ratkaisun_laji": {"code": "2"}, "paatospaivamaara": "2025-01-07"}}
    started = {
        "merkinta_sosiaalipalvelun_alkamisesta": {
            "palvelutehtava": {"code": "24"},
            "sosiaalipalvelu": service,
            "sosiaalipalvelun_alkamispaiva": "2025-02",
        }
    }
    told = [read_bytes(tmp_path, document(body, group="5"))["service_evidence"] for body in (nested, flat, started)]
    assert [(row["kind"], row["outcome"], row["service_code"]) for row in told[0]] == [("decision", "1", "45")]
    assert (told[0][0]["decided_text"], told[0][0]["start_text"], told[0][0]["end_text"]) == (
        "2025-01-05",
        "2025-01-06",
        None,
    )
    assert [(row["outcome"], row["decided_text"]) for row in told[1]] == [("2", "2025-01-07")]
    assert ("service-start", "24", "2025-02") in [(row["kind"], row["task_code"], row["start_text"]) for row in told[2]]


def test_a_frame_tells_when_and_for_which_request(tmp_path: Path) -> None:
    row = read_bytes(tmp_path, frame())["frame"][0]
    assert (row["oid"], row["request_code"], row["voiding"]) == ("1.2.3.4", "SP1", False)
    assert row["created_at"] == dt.datetime(2025, 1, 18, 8)


def test_a_voiding_request_is_known_by_the_table_of_codes_or_by_its_name(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, frame(code="X", name="Asiakirjan mitätöinti"))["frame"][0]["voiding"] is True
    table = replace(SETTINGS, voiding=replace(SETTINGS.voiding, codes=frozenset({"X"})))
    assert read_bytes(tmp_path, frame(code="X", name=""), table)["frame"][0]["voiding"] is True
    assert read_bytes(tmp_path, frame(code="X", name=""))["frame"][0]["voiding"] is False


def test_a_later_version_without_a_body_voids_and_a_first_one_is_set_aside(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, document(version=2, json_element=""))
    assert found["document"][0]["body"] == "none"
    assert codes(read_bytes(tmp_path, document(version=1, json_element=""))) == [Code.NO_BODY]


def test_moments_are_told_in_finnish_time(tmp_path: Path) -> None:
    late = document().replace("20250117130652+0200", "20250630223000+0000")
    assert read_bytes(tmp_path, late)["document"][0]["effective_at"] == dt.datetime(2025, 7, 1, 1, 30)


_UNUSABLE = {
    Code.EMPTY_FILE: b"",
    Code.NOT_XML: b"just words",
    Code.MALFORMED_XML: document().encode()[:-40],
    Code.FORBIDDEN_XML: b'<!DOCTYPE x [<!ENTITY e "e">]>' + document().encode(),
    Code.UNKNOWN_XML: b"<Invoice xmlns='urn:x'/>",
    Code.HEALTHCARE_DOCUMENT: document().replace("localSocialHeader", "localHeader").encode(),
    Code.FRAME_WITHOUT_SUBJECT: frame().replace("clinicalDocument", "nothing").encode(),
    Code.MISSING_ID: document().replace('<id root="1.2.3.4"/>', "").encode(),
    Code.PDF_BODY: document(json_element="").replace("application/xhtml+xml", "application/pdf").encode(),
    Code.BAD_BASE64: document("***").encode(),
    Code.BAD_JSON: document(base64.b64encode(b'{"a": ').decode()).encode(),
    Code.UNKNOWN_CONTENT: document(base64.b64encode(b"[1]").decode()).encode(),
    Code.SEVERAL_CONTENTS: document(content() | {"asia_asiakirja": {}}).encode(),
    Code.BAD_DATE: document(content(sosiaalihuollon_asiakkuus={"asiakkuuden_alkamispvm": "2025-02-30"})).encode(),
    Code.TOO_DEEP: (b"<a>" * 400) + b"</a>" * 400,
}


@pytest.mark.parametrize("code", _UNUSABLE)
def test_what_cannot_be_used_is_named_as_what_it_is(tmp_path: Path, code: Code) -> None:
    found = read_bytes(tmp_path, _UNUSABLE[code])
    assert codes(found) == [code]
    assert found["document"] == []
    row = found["quarantine"][0]
    assert row["message"]
    assert row["stage"]


def test_a_broken_body_keeps_what_the_header_tells(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, document("***"))
    row = found["quarantine"][0]
    assert (row["oid"], row["kind"], row["version"]) == ("1.2.3.4", "client-relationship", 1)
    assert len(found["quarantine_person"]) == 1
    assert found["quarantine_person"][0]["identity_key"] == found["person_identity"][0]["identity_key"]


def test_several_contents_are_never_chosen_between(tmp_path: Path) -> None:
    """Equal ones are one content and are told of; of different ones none is read; the stricter protects."""

    def element(body: Any) -> str:
        return f'<f:json xmlns:f="urn:hl7finland">{base64.b64encode(json.dumps(body).encode()).decode()}</f:json>'

    restricted = content(asiakas={"henkilotunnus": {"value": NATIONAL}, "turvakielto": True})
    twice = read_bytes(tmp_path, document(json_element=element(content()) * 2))
    assert "duplicate-key" in twice["document"][0]["problems"]
    for pair in ((content(), restricted), (restricted, content())):
        found = read_bytes(tmp_path, document(json_element="".join(map(element, pair))))
        assert codes(found) == [Code.SEVERAL_CONTENTS]
        assert found["quarantine"][0]["place"] == "nonXMLBody/json[2]"
        assert found["quarantine_person"][0]["safety_restricted"] is True
        assert found["document"] == found["client_period"] == []


def test_a_bad_date_is_told_by_its_pointer_and_not_by_its_text(tmp_path: Path) -> None:
    bad = content()
    block = bad["asiakkuusasiakirja"]["sosiaalihuollon_palvelutehtava"][0]
    block["palvelunjarjestajan_palveluyksikko"][0]["asiakkuuden_paattymispvm"] = NATIONAL
    row = read_bytes(tmp_path, document(bad))["quarantine"][0]
    pointer = "/sosiaalihuollon_palvelutehtava/0/palvelunjarjestajan_palveluyksikko/0/asiakkuuden_paattymispvm"
    assert row["place"] == f"/asiakkuusasiakirja{pointer}"
    assert NATIONAL not in str(row)


def test_limits_are_kept(tmp_path: Path) -> None:
    small = replace(SETTINGS, limits=Limits(document_bytes=1000, nested_bytes=1000))
    assert codes(read_bytes(tmp_path, document() + " " * 1000, small)) == [Code.TOO_LARGE]
    many = ("<a>" + "<b/>" * 250_000 + "</a>").encode()
    assert codes(read_bytes(tmp_path, many)) == [Code.TOO_MANY_ELEMENTS]


@pytest.mark.skipif(not EXAMPLE.exists(), reason="the example documents are not beside this checkout")
def test_the_example_document_is_read(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, EXAMPLE.read_bytes())
    assert ("unit", "24", "2025-01-17", "2025-03-02") in _periods(found)
    assert ("producer", "24", "2025-02", None) in _periods(found)


_INVALID = {
    "an OID that is none": document().replace('<setId root="1.2.3.4"/>', '<setId root="not an oid"/>'),
    "a version that is no number": document().replace('versionNumber value="1"', 'versionNumber value="one"'),
    "a moment that is none": document().replace("20250117130652+0200", "yesterday"),
    "no body element": document().replace("nonXMLBody", "somethingElse"),
}


@pytest.mark.parametrize("raw", _INVALID.values(), ids=_INVALID.keys())
def test_validation_by_structure_tells_line_and_element(tmp_path: Path, raw: str) -> None:
    structure = replace(SETTINGS, validate="structure")
    assert codes(read_bytes(tmp_path, document(), structure)) == []
    row = read_bytes(tmp_path, raw, structure)["quarantine"][0]
    assert row["code"] == Code.SCHEMA_INVALID
    assert row["place"].startswith("line ")
    assert "ClinicalDocument" in row["place"]


def test_validation_by_definition_tells_the_pointer(tmp_path: Path) -> None:
    definition = {"properties": {"asiakkuusasiakirja": {"properties": {"asiakas": {"type": "object"}}}}}
    (tmp_path / "1.2.246.537.6.1505.1.9.json").write_text(json.dumps(definition))
    named = "<f:contentSpecificationId>1.2.246.537.6.1505.1.9</f:contentSpecificationId>"
    full = replace(SETTINGS, validate="full", sosmeta=tmp_path)
    assert codes(read_bytes(tmp_path, document(social=named), full)) == []
    listed = document(content(asiakas=[]), social=named)
    row = read_bytes(tmp_path, listed, full)["quarantine"][0]
    assert (row["code"], row["place"]) == (Code.SCHEMA_INVALID, "/asiakkuusasiakirja/asiakas")
    silent = read_bytes(tmp_path, document(), full)
    assert "definition-not-available" in silent["document"][0]["problems"]
