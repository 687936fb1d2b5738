"""A profile is data: very different forms come from the same rows, and what a form cannot express is never silent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fastexcel
import pytest
from lxml import etree

from analyser.coverage.model import Request
from analyser.coverage.result import Period
from analyser.delivery.reading import read_profile
from analyser.delivery.write import DeliveryWanted, deliver
from analyser.messages.errors import UsageError
from analyser.store.database import Database
from tests.delivery.store import NOW, ORGANISER, PEOPLE, QUARTER, REQUEST, episode, insert, store

ALL = "-- file: rows\nSELECT * FROM episode_to_deliver ORDER BY source_id\n"
FIXED = """
format = "fixed"
encoding = "latin-1"
line_end = "crlf"
person = "henkilotunnus"
[codes.task]
24 = "LAPSI"
10 = "LASTENS"
[[file]]
name = "ERILL_{period}.DAT"
rows = "rows"
part = "episodes"
column = [
  { name = "kind", type = "code", value = "A", width = 1 },
  { name = "source_id", type = "id", width = 6, align = "right", pad = "0" },
  { name = "person_id", type = "person-id", width = 11 },
  { name = "task", from = "service_task", type = "code", codes = "task", width = 8 },
  { name = "start", type = "date", format = "%d%m%Y", width = 8 },
  { name = "end", type = "date", format = "%d%m%Y", width = 8, required = false, empty = "99999999" },
]
"""
LINES = """
format = "jsonl"
[[file]]
name = "{value}.jsonl"
rows = "rows"
part = "episodes"
split_by = "task.code"
column = [
  { name = "row", from = "source_id", type = "id" },
  { name = "person.id", from = "person_id", type = "person-id" },
  { name = "person.root", from = "person_id_root", type = "oid" },
  { name = "task.code", from = "service_task", type = "code" },
  { name = "from", from = "start", type = "date", partial = true },
  { name = "to", from = "end", type = "date", required = false },
]
"""
XML = """
format = "xml"
[[file]]
name = "episodes.xml"
rows = "rows"
part = "episodes"
root = "episodes"
row = "episode"
namespace = "urn:example:delivery"
xsd = "delivery.xsd"
column = [
  { name = "@id", from = "source_id", type = "id" },
  { name = "client.id", from = "person_id", type = "person-id" },
  { name = "task", from = "service_task", type = "code" },
  { name = "start", type = "date" },
  { name = "end", type = "date", required = false },
]
"""
BOOK = """
format = "xlsx"
[[file]]
name = "jaksot_{period}.xlsx"
rows = "rows"
part = "episodes"
column = [
  { name = "Asiakkuus", from = "source_id", type = "id" },
  { name = "Hetu", from = "person_id", type = "person-id" },
  { name = "Tehtävä", from = "service_task", type = "code" },
  { name = "Alku", from = "start", type = "date", format = "%d.%m.%Y", partial = true },
  { name = "Loppu", from = "end", type = "date", required = false, empty = "avoin" },
  { name = "Päiviä", from = "days", type = "integer" },
  { name = "Asiakirjat", from = "documents", type = "text", required = false },
]
"""
XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:example:delivery"
  elementFormDefault="qualified"><xs:element name="episodes"><xs:complexType><xs:sequence>
  <xs:element name="episode" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence>
  <xs:element name="client"><xs:complexType><xs:sequence><xs:element name="id" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
  <xs:element name="task"><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="10"/><xs:enumeration value="24"/>
  </xs:restriction></xs:simpleType></xs:element>
  <xs:element name="start" type="xs:date"/><xs:element name="end" type="xs:date" minOccurs="0"/>
  </xs:sequence><xs:attribute name="id" use="required"/></xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element></xs:schema>"""


@pytest.fixture
def database() -> Iterator[Database]:
    with store() as opened:
        episode(opened, "1", end="2025-02-28")
        episode(opened, "2", person="b", task="10", layer="child-protection")
        yield opened


def _profile(folder: Path, description: str, sql: str = ALL, xsd: str = XSD) -> str:
    (folder / "own.toml").write_text(description, encoding="utf-8")
    (folder / "own.sql").write_text(sql, encoding="utf-8")
    (folder / "delivery.xsd").write_text(xsd)
    return str(folder / "own.toml")


def _deliver(database: Database, folder: Path, profile: str, **more: Any) -> Path:
    deliver(database, REQUEST, folder / "out", DeliveryWanted(profile, **more), NOW)
    return folder / "out"


def test_fixed_width_in_latin_1_with_crlf(database: Database, tmp_path: Path) -> None:
    out = _deliver(database, tmp_path, _profile(tmp_path, FIXED.replace("LAPSI", "LÄPSI")))
    assert (out / "ERILL_2025Q1.DAT").read_bytes() == (
        b"A000001010190-900PL\xc4PSI   1001202528022025\r\nA000002020290-9016LASTENS 1001202599999999\r\n"
    )


def test_json_lines_one_file_a_service_task(database: Database, tmp_path: Path) -> None:
    out = _deliver(database, tmp_path, _profile(tmp_path, LINES))
    assert [json.loads(line) for line in (out / "10.jsonl").read_text().splitlines()] == [
        {
            "row": "2",
            "person": {"id": PEOPLE["b" * 16][1], "root": "1.2.246.21"},
            "task": {"code": "10"},
            "from": "2025-01-10",
            "to": None,
        }
    ]
    assert len((out / "24.jsonl").read_text().splitlines()) == 1
    manifest = json.loads((out / "manifest.json").read_text())
    assert {entry["name"]: entry["rows"] for entry in manifest["files"]} == {"10.jsonl": 1, "24.jsonl": 1}


def test_a_workbook_gives_the_same_rows_back_with_its_dates_as_dates(database: Database, tmp_path: Path) -> None:
    episode(database, "=1+1", start="2024-05")
    episode(database, "007", start="1899-12-31", end="2025-01-31")
    more = "*, 1234567 AS days, CASE WHEN source_id = '1' THEN ['1.2.3', '1.2.4'] END AS documents"
    done = deliver(
        database, REQUEST, tmp_path / "out", DeliveryWanted(_profile(tmp_path, BOOK, ALL.replace("*", more))), NOW
    )
    assert done.formulas == 0
    path = tmp_path / "out" / "jaksot_2025Q1.xlsx"
    assert path.stat().st_mode & 0o777 == 0o600
    read = fastexcel.read_excel(path)
    assert read.sheet_names == ["jaksot"]
    rows = read.load_sheet(0, dtypes={"Asiakkuus": "string", "Alku": "string", "Loppu": "string"}).to_polars()
    assert rows["Päiviä"].dtype.is_numeric()
    one, two = PEOPLE["a" * 16][1], PEOPLE["b" * 16][1]
    assert [[str(cell or "").removesuffix(" 00:00:00") for cell in row] for row in rows.drop("Päiviä").iter_rows()] == [
        ["007", one, "24", "1899-12-31", "2025-01-31", ""],
        ["1", one, "24", "2025-01-10", "2025-02-28", "1.2.3|1.2.4"],
        ["2", two, "10", "2025-01-10", "avoin", ""],
        ["=1+1", one, "24", "2024-05", "avoin", ""],
    ]
    deliver(
        database, REQUEST, tmp_path / "again", DeliveryWanted(_profile(tmp_path, BOOK, ALL.replace("*", more))), NOW
    )
    assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


def test_xml_that_its_schema_accepts(database: Database, tmp_path: Path) -> None:
    out = _deliver(database, tmp_path, _profile(tmp_path, XML))
    document = etree.parse(str(out / "episodes.xml"))
    assert etree.XMLSchema(etree.parse(str(tmp_path / "delivery.xsd"))).validate(document)
    assert [row.get("id") for row in document.getroot()] == ["1", "2"]


def test_what_the_schema_refuses_is_rejected_by_row_without_its_value(database: Database, tmp_path: Path) -> None:
    episode(database, "3", person="b", task="20")
    profile = _profile(tmp_path, XML)
    out = _deliver(database, tmp_path, profile)
    assert [row.get("id") for row in etree.parse(str(out / "episodes.xml")).getroot()] == ["1", "2"]
    assert (out / "rejected.csv").read_text().splitlines()[1:] == ["episodes.xml;3;task;against-the-schema"]


def test_a_schema_that_refuses_the_whole_file_refuses_the_profile(database: Database, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="as a whole"):
        _deliver(database, tmp_path, _profile(tmp_path, XML.replace('root = "episodes"', 'root = "other"')))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("objection", "row", "profile"),
    [
        ("start: partial-date", {"start": "2025-02"}, FIXED),
        ("end: partial-date", {"end": "2025-02"}, "plain"),
        ("person_id: no-henkilotunnus", {"person": "c"}, FIXED),
        ("person_id: no-identifier", {"person": "d"}, "plain"),
        ("task: unmapped-code", {"task": "20"}, FIXED),
        ("source_id: too-long", {"source_id": "1234567"}, FIXED),
        ("source_id: like-a-formula", {"source_id": "=1+1"}, 'formulas = "refuse"\n' + FIXED),
        ("source_id: control-character", {"source_id": "a\nb"}, "plain"),
        ("source_id: not-in-encoding", {"source_id": "\u0416"}, FIXED),
        ("organiser: not-an-oid", {"organiser": "county"}, "plain"),
    ],
)
def test_what_a_profile_cannot_express_is_set_apart(
    database: Database, tmp_path: Path, objection: str, row: dict[str, str], profile: str
) -> None:
    values: dict[str, Any] = {"source_id": "9", "person": "b"} | row
    episode(database, **values)
    name = profile if profile == "plain" else _profile(tmp_path, profile)
    out = _deliver(database, tmp_path, name)
    assert objection.replace(": ", ";") in (out / "rejected.csv").read_text()
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["delivered"]["rejected"] == 1
    assert database.connection.execute("SELECT count(*) FROM delivery_row").fetchone() == (2,)


def test_never_quoting_refuses_a_separator_and_minimal_quotes_it(database: Database, tmp_path: Path) -> None:
    episode(database, "a;b", person="b")
    column = '[{ name = "source_id", type = "id" }]'
    csv = f'format = "csv"\n[[file]]\nname = "f.csv"\nrows = "rows"\npart = "episodes"\ncolumn = {column}\n'
    out = _deliver(database, tmp_path, _profile(tmp_path, csv))
    assert '"a;b"\n' in (out / "f.csv").read_text()
    (tmp_path / "never").mkdir()
    out = _deliver(database, tmp_path / "never", _profile(tmp_path, 'quoting = "never"\n' + csv))
    assert "f.csv;a;b;source_id;separator-in-value".replace("a;b", '"a;b"') in (out / "rejected.csv").read_text()


@pytest.mark.parametrize(
    ("told", "description", "sql"),
    [
        ("did you mean ‘format’", LINES.replace("format", "formt", 1), ALL),
        ("column 2: ‘type’ must be one of", LINES.replace('"person-id"', '"person"'), ALL),
        ("needs the column ‘strt’", LINES.replace('from = "start"', 'from = "strt"'), ALL),
        ("must be one of rows", LINES.replace('rows = "rows"', 'rows = "other"'), ALL),
        ("must be exactly one SELECT", LINES, "-- file: rows\nDELETE FROM register_episode\n"),
        ("must be exactly one SELECT", LINES, "-- file: rows\nSELECT 1; SELECT 2\n"),
        ("cannot be asked", LINES, "-- file: rows\nSELECT * FROM nowhere\n"),
        ("1 lost", LINES, ALL.replace("ORDER", "WHERE source_id <> '1' ORDER")),
        ("2 doubled", LINES, ALL.replace("ORDER", ", range(2) ORDER")),
        ("no statement", LINES, "SELECT 1"),
        ("not a known encoding", 'encoding = "utf-9"\n' + LINES, ALL),
        ("plain file name", LINES.replace("{value}.jsonl", "../{value}.jsonl"), ALL),
        ("plain file name", FIXED.replace("ERILL_{period}.DAT", "manifest.json"), ALL),
        ("‘width’ must be", FIXED.replace(", width = 11", ""), ALL),
        ("names no table", FIXED.replace('codes = "task"', 'codes = "tasks"'), ALL),
        ("nothing that is mandatory", FIXED.replace('"episodes"', '"services"'), ALL),
        ("not about the person", LINES.replace('"task.code"\n', '"person.id"\n'), ALL),
        ("is not TOML", "format = ", ALL),
        ("does not belong to the format jsonl", 'separator = ";"\n' + LINES, ALL),
        ("does not belong to the format fixed", FIXED.replace('rows = "rows"', 'rows = "rows"\nxsd = "a.xsd"'), ALL),
        ("belongs to the type date", LINES.replace('"code" }', '"code", partial = true }'), ALL),
        ("must tell year, month and day", FIXED.replace("%d%m%Y", "%x"), ALL),
        ("must tell year, month and day", FIXED.replace("%d%m%Y", "%m/%Y"), ALL),
        ("‘empty’ is wider", FIXED.replace("99999999", "999999999"), ALL),
        ("‘value’ must be a whole number", FIXED.replace('"code", value = "A"', '"integer", value = "A"'), ALL),
        ("does not have", FIXED.replace("LAPSI", "\u0416"), ALL),
        ("holds a control character", FIXED.replace('value = "A"', 'value = "\\n"'), ALL),
        ("not a known encoding", 'encoding = "rot13"\n' + LINES, ALL),
        ("not a known encoding", 'encoding = "punycode"\n' + LINES, ALL),
        ("readers of XML", 'encoding = "mac-roman"\n' + XML, ALL),
        ("is wider than its column", "header = true\n" + FIXED, ALL),
        ("cannot show the day of the year", BOOK.replace("%d.%m.%Y", "%j/%Y"), ALL),
        ("does not belong", 'encoding = "latin-1"\n' + BOOK, ALL),
        ("no path of names", XML.replace('"client.id"', '"@client.id"'), ALL),
        (
            "is no plain file name",
            LINES.replace("{value}.jsonl", "{value}"),
            ALL.replace("*", "* REPLACE ('UNFINISHED' AS service_task)"),
        ),
        ("identity_key of another row", LINES, ALL.replace("*", "* REPLACE ('c' AS identity_key)")),
        ("identifiers are joined", LINES, ALL.replace("*", "*, 'x' AS person_id")),
    ],
)
def test_a_profile_is_judged_before_anything_is_written(
    database: Database, tmp_path: Path, told: str, description: str, sql: str
) -> None:
    with pytest.raises(UsageError) as refusal:
        _deliver(database, tmp_path, _profile(tmp_path, description, sql))
    assert told in f"{refusal.value} {refusal.value.hint('en')}"
    assert not (tmp_path / "out").exists()
    assert database.connection.execute("SELECT count(*) FROM register_episode").fetchone() == (2,)


def test_an_unknown_profile_and_a_schema_that_is_none_are_told(database: Database, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not known"):
        read_profile("plane")
    with pytest.raises(UsageError, match="not a delivery profile"):
        read_profile("../plain")
    with pytest.raises(UsageError, match="is not an XSD"):
        _deliver(database, tmp_path, _profile(tmp_path, XML, xsd="<no/>"))


def test_services_are_delivered_on_request_and_only_if_the_archive_has_no_evidence(
    database: Database, tmp_path: Path
) -> None:
    for source_id, service in (("S1", "1"), ("S2", "2")):
        insert(
            database.connection,
            "register_service",
            source_id=source_id,
            identity_key="a" * 16,
            kind="service",
            social_service=service,
            organiser=ORGANISER,
            start_text="2025-02-01",
            start_lo="2025-02-01",
            start_hi="2025-02-01",
        )
    insert(
        database.connection,
        "document",
        document_key="s",
        oid="1.2.3.9",
        set_id="1.2.3.9",
        version=1,
        kind="client",
        body="json",
        organiser=ORGANISER,
    )
    insert(database.connection, "document_person", document_key="s", identity_key="a" * 16, slot=0)
    insert(
        database.connection,
        "service_evidence",
        document_key="s",
        kind="service-start",
        service_code="1",
        start_text="2025-02-03",
        start_lo="2025-02-03",
        start_hi="2025-02-03",
    )
    out = _deliver(database, tmp_path, "plain", with_services=True)
    assert (out / "services.csv").read_text().splitlines()[1:] == [
        f"S2;010190-900P;1.2.246.21;service;{ORGANISER};;2;;2025-02-01;"
    ]
    with pytest.raises(UsageError, match="no file for services"):
        deliver(database, REQUEST, tmp_path / "x", DeliveryWanted(_profile(tmp_path, LINES), with_services=True), NOW)


def test_a_value_like_a_formula_stays_as_the_register_has_it(database: Database, tmp_path: Path) -> None:
    episode(database, "=1+1", person="b")
    done = deliver(database, REQUEST, tmp_path / "out", DeliveryWanted(), NOW)
    assert "\n=1+1;020290-9016;" in (tmp_path / "out" / "service_task_episodes.csv").read_text()
    assert done.formulas == 1


def test_xml_in_latin_1_is_declared_so_that_readers_understand_it(database: Database, tmp_path: Path) -> None:
    episode(database, "\xe4", person="b")
    out = _deliver(database, tmp_path, _profile(tmp_path, 'encoding = "latin-1"\n' + XML))
    assert (out / "episodes.xml").read_bytes().startswith(b'<?xml version="1.0" encoding="ISO-8859-1"?>')
    assert etree.parse(str(out / "episodes.xml")).getroot()[-1].get("id") == "\xe4"


def test_an_attribute_against_the_schema_rejects_its_row(database: Database, tmp_path: Path) -> None:
    xsd = XSD.replace('name="id" use="required"', 'name="id" type="xs:byte" use="required"')
    episode(database, "1000", person="b")
    out = _deliver(database, tmp_path, _profile(tmp_path, XML, xsd=xsd))
    assert (out / "rejected.csv").read_text().splitlines()[1:] == ["episodes.xml;1000;episode;against-the-schema"]


def test_a_period_whose_name_is_no_file_name_writes_nowhere_else(database: Database, tmp_path: Path) -> None:
    request = Request(Period("../../x", QUARTER.start, QUARTER.end))
    with pytest.raises(UsageError, match="no plain file name"):
        deliver(database, request, tmp_path / "out", DeliveryWanted(_profile(tmp_path, FIXED)), NOW)
    assert not (tmp_path / "out").exists()


def test_a_profile_cannot_pass_for_the_neutral_one(tmp_path: Path) -> None:
    (tmp_path / "plain.toml").write_text(LINES)
    (tmp_path / "plain.sql").write_text(ALL)
    with pytest.raises(UsageError, match="neutral profile"):
        read_profile(str(tmp_path / "plain.toml"))


def test_early_years_keep_their_zeros(database: Database, tmp_path: Path) -> None:
    episode(database, "9", person="b", start="0999-01-02")
    out = _deliver(database, tmp_path, _profile(tmp_path, FIXED))
    assert b"02010999" in (out / "ERILL_2025Q1.DAT").read_bytes()
