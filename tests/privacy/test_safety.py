"""A person under a safety restriction is never told together with a place: no municipality, no unit, no producer."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.archive.build import NATIONAL, ORGANISER, TEMPORARY, client, content, document, frame
from tests.archive.test_answers import acknowledgement, answer
from tests.command import run_here as run
from tests.rules.test_user_rules import HEADER

_OTHER = "010190-9012"
_UNIT, _PRODUCER, _HOME, _CUSTODIAN = "1.2.246.10.99999901.10.7", "1.2.246.10.88888881.10.3", "753", "1.2.246.10.7.10.0"
_ROWS = (
    f"R1,{NATIONAL},24,2025-01-17,,{ORGANISER},{_HOME},{_UNIT},{_PRODUCER}\n"
    f"R2,{_OTHER},24,2025-01-17,,{ORGANISER},092,1.2.246.10.99999901.10.8,\n"
)
_ADM = (
    '<componentOf><encompassingEncounter><encounterParticipant typeCode="ADM"><assignedEntity><representedOrganization>'
    f'<id root="{_UNIT}"/></representedOrganization></assignedEntity></encounterParticipant></encompassingEncounter>'
    "</componentOf>"
    "<custodian><assignedCustodian><representedCustodianOrganization>"
    f'<id root="{_CUSTODIAN}"/></representedCustodianOrganization></assignedCustodian></custodian>'
)
_QUESTIONS = [
    *(f"gaps --period 2025Q1 -f {name}" for name in ("text", "json", "csv")),
    "check --period 2025Q1 -f text",
    "check --period 2025Q1 -f json -o saved.json",  # the other formats are drawn from what it holds
    *(f"check --from saved.json -f {name}" for name in ("json", "junit", "sarif", "github", "markdown")),
    *(f"trace {id_} -f {name}" for id_ in ("R1", "1.2.3.4") for name in ("text", "json")),
    "gaps --period 2025Q1 -f csv --reveal-ids",
    "quarantine -f json",
]


def _body(**safety: Any) -> dict[str, Any]:
    about = {
        "sukunimi": "Esimerkki",
        "henkilotunnus": {"value": NATIONAL},
        "tilapainen_yksilointitunnus": {"system": "1.2.246.10.1.22.2024", "value": TEMPORARY},
        "kotikunta": {"kunta": {"code": _HOME}},
        **safety,
    }
    task = {
        "palvelutehtava": {
            "system": "urn:oid:1.2.246.537.6.1221.201601",
            "code": "24",
            "display": "Lapsiperheiden palvelut",
        },
        "palvelunjarjestajan_palveluyksikko": [
            {"palveluyksikon_nimi": {"code": _UNIT, "display": "Y"}, "asiakkuuden_alkamispvm": "2025-02-01"}
        ],
    }
    return content(asiakas=about, sosiaalihuollon_palvelutehtava=[task])


def _load(folder: Path, *documents: str, rows: str = _ROWS, columns: str = "", identities: str = "") -> None:
    archive = folder / "archive"
    archive.mkdir()
    for number, written in enumerate(documents):
        (archive / f"{number}.xml").write_text(written)
    header = "source_id,person_id,service_task,start,end,organiser,municipality,unit,producer"
    (folder / "episodes.csv").write_text(f"{header}{columns}\n{rows}")
    assert run(folder, "ingest", "archive").code in (0, 3)
    assert run(folder, "register", "episodes.csv").code == 0
    if identities:
        (folder / "identities.csv").write_text("person_id,person_id_root,same_as_id,same_as_root\n" + identities)
        assert run(folder, "register", "identities.csv").code == 0


def _rows(folder: Path, period: str = "2025Q1") -> dict[str, dict[str, Any]]:
    told = json.loads(run(folder, "gaps", "--period", period, "-f", "json").out)
    return {row["source_id"]: row for row in told["rows"]}


def _places(folder: Path, period: str = "2025Q1") -> tuple[Any, Any]:
    row = _rows(folder, period)["R1"]
    return row["municipality"], row["unit"]


_ANSWERING = "1.2.246.10.99999901.10.7771"
"""A unit that only the archive's answer names."""
_ANSWERED = (
    frame().replace("<creationTime", '<id root="1.2.246.10.99999903.10.0" extension="10037140046"/><creationTime', 1),
    answer(
        acknowledgement(
            "AA",
            details=f'<acknowledgementDetail typeCode="W"><code code="W1"/><text>{_ANSWERING}</text></acknowledgementDetail>',
        )
    ),
)


def test_no_listing_names_a_place_of_a_restricted_person(tmp_path: Path) -> None:
    _load(tmp_path, document(_body(turvakielto=True), header=_ADM), *_ANSWERED)
    assert "W1" in run(tmp_path, "trace", "1.2.3.4", "--period", "2025Q1").out
    assert _places(tmp_path) == (None, None)
    assert _rows(tmp_path)["R2"]["municipality"] == "092"
    for question in _QUESTIONS:
        told = run(tmp_path, *question.split())
        for place in (_UNIT, _PRODUCER, _HOME, _CUSTODIAN, _ANSWERING):
            assert place not in told.out + told.err, question
    for split in ("unit", "fixed-by"):
        lists = tmp_path / split
        asked = ("worklist", "--period", "2025Q1", "--split-by", split, "--out", str(lists), "--pages")
        assert run(tmp_path, *asked).code == 0
        of_their_own = [one for one in json.loads((lists / "index.json").read_text())["lists"] if one["restricted"]]
        assert [one["rows"] for one in of_their_own] == [1], "R1 stands on a list of the restricted"
        page = (lists / of_their_own[0]["file"].replace(".xlsx", ".html")).read_text()
        assert "R1 ·" in page and "R2 ·" not in page
        assert not [place for place in (_UNIT, _PRODUCER, _HOME, _CUSTODIAN) if place in page]


def test_without_a_restriction_the_same_listings_do_name_them(tmp_path: Path) -> None:
    """The counter-proof: the test above looks at what would be there."""
    _load(tmp_path, document(_body(turvakielto=False), header=_ADM), *_ANSWERED)
    assert _places(tmp_path) == (_HOME, _UNIT)
    told = "".join(run(tmp_path, *question.split()).out for question in _QUESTIONS if question.endswith("json"))
    for place in (_UNIT, _PRODUCER, _HOME, _CUSTODIAN, _ANSWERING):
        assert place in told


@pytest.mark.parametrize("output", ["text", "json", "csv", "markdown", "html"])
def test_a_breakdown_counts_the_restricted_under_no_place_and_still_ties(tmp_path: Path, output: str) -> None:
    _load(tmp_path, document(_body(turvakielto=True), header=_ADM))
    by = "municipality,unit,producer"
    told = run(tmp_path, "coverage", "--period", "2025Q1", "--by", by, "-f", output)
    for place in (_UNIT, _PRODUCER, _HOME):
        assert place not in told.out
    if output == "json":
        report = json.loads(told.out)
        assert sum(cell["rows"] for cell in report["cells"]) == report["totals"]["rows"] == 2
        assert [(cell["municipality"], cell["rows"]) for cell in report["cells"]] == [("092", 1), (None, 1)]


@pytest.mark.parametrize(
    ("safety", "hidden"),
    [
        ({"turvakielto": True}, True),
        ({"turvakielto": {"code": "true", "display": "Kyllä"}}, True),
        ({"turvakielto": True, "turvakiellon_paattymispaiva": "2024-12-31"}, False),
        ({"turvakielto": True, "turvakiellon_paattymispaiva": "2025-01-01"}, True),
        ({"turvakielto": True, "turvakiellon_paattymispaiva": "2025"}, True),
        ({"turvakielto": True, "turvakiellon_paattymispaiva": "2024-12"}, False),
        ({"turvakielto": True, "turvakiellon_paattymispaiva": "in spring"}, True),
        ({"turvakiellon_paattymispaiva": "2030-01-01"}, True),
        ({"turvakielto": False, "turvakiellon_paattymispaiva": "2030-01-01"}, True),
        ({"turvakielto": False}, False),
        ({}, False),
    ],
)
def test_a_restriction_holds_unless_it_ended_before_the_period(
    tmp_path: Path, safety: dict[str, Any], hidden: bool
) -> None:
    _load(tmp_path, document(_body(**safety)))
    assert (_places(tmp_path) == (None, None)) is hidden


def test_another_document_does_not_lift_a_restriction_but_the_next_version_of_its_set_does(tmp_path: Path) -> None:
    first = document(_body(turvakielto=True), oid="1.2.3.4", version=1)
    elsewhere = document(_body(turvakielto=False), oid="1.2.3.5").replace(
        'setId root="1.2.3.4"', 'setId root="1.2.3.5"'
    )
    _load(tmp_path, first, elsewhere)
    assert _places(tmp_path) == (None, None)
    (tmp_path / "archive" / "next.xml").write_text(document(_body(turvakielto=False), oid="1.2.3.6", version=2))
    run(tmp_path, "ingest", "archive")
    assert _places(tmp_path) == (_HOME, _UNIT)


def test_a_restriction_told_later_than_the_as_of_date_holds_all_the_same(tmp_path: Path) -> None:
    _load(tmp_path, document(_body(turvakielto=True)))
    told = run(tmp_path, "gaps", "--period", "2025Q1", "--as-of", "2024-01-01", "-f", "json")
    assert {row["source_id"]: row["municipality"] for row in json.loads(told.out)["rows"]} == {"R1": None, "R2": "092"}


def test_a_restriction_under_one_identity_holds_for_all_that_are_joined(tmp_path: Path) -> None:
    root = "1.2.246.10.1.22.2023"
    about = {"tilapainen_yksilointitunnus": {"system": root, "value": "010112A966N"}, "turvakielto": True}
    other = document(content(asiakas=about), clients=client(root, "010112A966N"), oid="1.2.9.9")
    _load(tmp_path, other, identities=f"{NATIONAL},,010112A966N,{root}\n")
    assert _places(tmp_path) == (None, None)


def test_a_restriction_under_an_identity_named_as_the_same_client_holds(tmp_path: Path) -> None:
    together = document(_body())
    root = "1.2.246.10.1.22.2024"
    about = {"tilapainen_yksilointitunnus": {"system": root, "value": TEMPORARY}, "turvakielto": True}
    alone = document(content(asiakas=about), clients=client(root, TEMPORARY), oid="1.2.9.9")
    _load(tmp_path, together, alone.replace('setId root="1.2.3.4"', 'setId root="1.2.9.9"'))
    assert _places(tmp_path) == (None, None)


@pytest.mark.parametrize("cut", [False, True])
def test_a_document_in_quarantine_still_protects(tmp_path: Path, cut: bool) -> None:
    broken = _body(turvakielto=True)
    broken["asiakkuusasiakirja"]["sosiaalihuollon_palvelutehtava"][0]["palvelunjarjestajan_palveluyksikko"] = [
        {"asiakkuuden_alkamispvm": "soon"}
    ]
    _load(tmp_path, document(base64.b64encode(json.dumps(broken).encode()[:-3]).decode() if cut else broken))
    told = json.loads(run(tmp_path, "quarantine", "-f", "json").out)["rows"][0]["code"]
    assert told == ("bad-json" if cut else "bad-date")
    assert _places(tmp_path) == (None, None)


def test_the_register_can_tell_of_a_restriction_that_the_archive_does_not_know(tmp_path: Path) -> None:
    rows = "".join(f"{row},{said}\n" for row, said in zip(_ROWS.splitlines(), ("kyllä", ""), strict=True))
    _load(tmp_path, document(_body()), rows=rows, columns=",safety_restricted")
    assert _places(tmp_path) == (None, None)
    assert _rows(tmp_path)["R2"]["municipality"] == "092"


def test_no_table_for_analysts_or_rules_names_a_place_or_a_team_of_a_restricted_person(tmp_path: Path) -> None:
    rows = _ROWS.replace("\n", ",itäinen-tiimi\n")
    found = {}
    for restricted in (True, False):
        folder = tmp_path / str(restricted)
        folder.mkdir()
        _load(folder, document(_body(turvakielto=restricted), header=_ADM), rows=rows, columns=",x_team")
        assert run(folder, "check", "--period", "2025Q1", "--select", "D", "--tables", "t.duckdb").code in (0, 1)
        assert run(folder, "export", "tables", "--period", "2025Q1", "-f", "duckdb").code == 0
        (tables,) = (folder / "tables").glob("*.duckdb")
        (folder / "own").mkdir()
        text = HEADER.replace("SELECT 1000", "SELECT count(*) FROM archived_municipality")
        row = "SELECT municipality AS subject, NULL AS person_key, NULL AS service_task, municipality, NULL AS document, NULL AS place"
        (folder / "own" / "X01-own.sql").write_text(f"{text}\n{row} FROM archived_municipality")
        own = run(folder, "check", "--period", "2025Q1", "--rules", "own", "--select", "X01", "-f", "json")
        assert (_HOME in own.out) == (not restricted)
        found[restricted] = _places_in(folder / "t.duckdb") | _places_in(tables)
    # R2 is under no restriction, and rules see no column of the county's own.
    assert found[True] == {("ledger", "carried")}
    assert found[False] > found[True], "the counter-proof: they would be there"
    told = (tmp_path / "True" / "tables").glob("*.duckdb")
    with duckdb.connect(str(next(told)), read_only=True) as tables_:
        assert tables_.execute("SELECT source_id FROM ledger WHERE carried IS NOT NULL").fetchall() == [("R2",)]


def _places_in(path: Path) -> set[tuple[str, str]]:
    """Tables and columns of a DuckDB file that hold a place of R1, or a team."""
    with duckdb.connect(str(path), read_only=True) as opened:
        columns = opened.execute("SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal").fetchall()
        return {
            (table, column)
            for table, column in columns
            for (told,) in opened.execute(f'SELECT "{column}"::VARCHAR FROM "{table}"').fetchall()
            if told is not None
            and (told == _HOME or any(place in told for place in (_UNIT, _PRODUCER, _CUSTODIAN, "itäinen-tiimi")))
        }
