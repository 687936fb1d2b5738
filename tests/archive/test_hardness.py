"""Nothing that comes from outside stops the reader, is lost on the way, or shows who it is about."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import tarfile
import tomllib
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analyser.archive import shard as shard_module
from analyser.archive.documents.problems import Problem
from analyser.archive.files import zipped as zips_module
from analyser.archive.quarantine import Code, Stage, Trouble
from analyser.messages.errors import UsageError
from analyser.system.limits import Limits
from analyser.system.resources import schemas
from tests.archive.build import NATIONAL, SETTINGS, codes, content, document, read, read_bytes

DEFINITIONS = Path(__file__).parents[3] / "shared" / "sosmeta"


def _packed(names: tuple[str, ...], data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name in names:
            packed.writestr(name, data)
    return buffer.getvalue()


def test_every_code_has_a_stage_and_a_remedy() -> None:
    for code in Code:
        trouble = Trouble(code)
        assert trouble.stage in Stage
        assert len(trouble.told) > 20


def test_a_tar_cut_between_two_members_is_told_to_be_cut(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    ends = []
    with tarfile.open(fileobj=buffer, mode="w") as packed:
        for number in range(3):
            data = document(oid=f"1.2.3.{number}").encode()
            info = tarfile.TarInfo(f"{number}.xml")
            info.size = len(data)
            packed.addfile(info, io.BytesIO(data))
            ends.append(buffer.tell())
    for count, end in enumerate(ends, 1):
        (tmp_path / "x.tar").write_bytes(buffer.getvalue()[:end])
        found = read(tmp_path / "x.tar")
        assert len(found["document"]) == count
        assert codes(found) == [Code.BAD_CONTAINER]


def test_a_zip_directory_that_points_nowhere_sets_its_members_aside(tmp_path: Path) -> None:
    raw = bytearray(_packed(("a.xml", "b.xml"), document().encode()))
    first = raw.find(b"PK\x01\x02")
    for place, width in ((42, 4), (20, 4)):  # where the member lies, and how long it is
        broken = bytearray(raw)
        broken[first + place : first + place + width] = b"\xf0\xff\xff\x7f"
        (tmp_path / "x.zip").write_bytes(bytes(broken))
        found = read(tmp_path / "x.zip")
        assert codes(found) == [Code.BAD_CONTAINER]
        assert len(found["document"]) == 1


def test_a_zip_replaced_under_its_name_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    for oid in ("1.2.3.1", "1.2.3.22222222"):
        other = tmp_path / "other"
        other.write_bytes(_packed(("a.xml",), document(oid=oid).encode()))
        other.replace(path)
        assert [row["oid"] for row in read(path)["document"]] == [oid]


def test_a_container_inside_may_be_larger_than_a_document(tmp_path: Path) -> None:
    inner = _packed(tuple("abcdef"), document().encode())
    limits = replace(SETTINGS, limits=Limits(document_bytes=len(document()) + 10))
    assert len(inner) > limits.limits.document_bytes
    (tmp_path / "x.zip").write_bytes(_packed(("inner.zip",), inner))
    assert len(read(tmp_path / "x.zip", settings=limits)["document"]) == 6


def test_too_many_members_are_told(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(_packed(("a.xml", "b.xml", "c.xml"), document().encode()))
    few = replace(SETTINGS, limits=Limits(container_members=2))
    found = read(tmp_path / "x.zip", settings=few)
    assert codes(found) == [Code.TOO_MANY_MEMBERS]
    assert len(found["document"]) == 2


def test_a_folder_that_cannot_be_listed_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "good.xml").write_text(document())
    name = "d" * 250
    folder = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):  # too deep for a path, not for the file system
        os.mkdir(name, dir_fd=folder)
        inner = os.open(name, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = inner
    os.close(folder)
    found = read(tmp_path)
    assert codes(found) == [Code.UNREADABLE]
    assert len(found["document"]) == 1


def test_a_version_number_beyond_measure_spoils_nothing(tmp_path: Path) -> None:
    for body in (None, "***"):
        raw = document(body).replace('versionNumber value="1"', 'versionNumber value="99999999999"')
        found = read_bytes(tmp_path, raw)
        assert len(found["document"]) + len(found["quarantine"]) == 1


def test_an_unforeseen_failure_sets_one_document_aside_and_takes_its_rows_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = shard_module.add_document

    def failing(told: Any, key: str, size: int, settings: Any, rows: Any) -> str | None:
        done = whole(told, key, size, settings, rows)
        if "1.2.3.1" in told.texts:
            raise RecursionError(NATIONAL)
        return done

    monkeypatch.setattr(shard_module, "add_document", failing)
    for number in range(3):
        (tmp_path / f"{number}.xml").write_text(document(oid=f"1.2.3.{number}"))
    found = read(tmp_path)
    assert codes(found) == [Code.READER_FAILED]
    assert [row["oid"] for row in found["document"]] == ["1.2.3.0", "1.2.3.2"]
    assert len(found["client_period"]) == 2
    assert NATIONAL not in str(found["quarantine"])


def test_markup_beyond_the_limit_is_refused_before_a_tree_is_built(tmp_path: Path) -> None:
    few = replace(SETTINGS, limits=Limits(elements=1000))
    for raw in (b"<a>" + b"<b/>" * 60_000 + b"</a>", b"<a" + b" b=''" * 60_000 + b">"):
        found = read_bytes(tmp_path, raw, few)
        assert codes(found) == [Code.TOO_MANY_ELEMENTS]


def test_no_place_shows_an_identifier(tmp_path: Path) -> None:
    odd = {NATIONAL: {"asiakas": 5}}
    row = read_bytes(tmp_path, document(odd))["quarantine"][0]
    assert row["place"] == "/unknown-root/asiakas"
    found = read_bytes(tmp_path, document({NATIONAL: content()["asiakkuusasiakirja"]}, oid=NATIONAL))
    shown = {name: rows for name, rows in found.items() if name != "person_identity"}
    assert NATIONAL not in str(shown)


def test_a_document_that_fails_the_schema_keeps_what_its_header_tells(tmp_path: Path) -> None:
    structure = replace(SETTINGS, validate="structure")
    raw = document().replace("20250117130652+0200", "yesterday")
    found = read_bytes(tmp_path, raw, structure)
    row = found["quarantine"][0]
    assert (row["code"], row["oid"], row["kind"]) == (Code.SCHEMA_INVALID, "1.2.3.4", "client-relationship")
    assert len(found["quarantine_person"]) == 1


@pytest.mark.parametrize("text", ["{", '{"type": 5}', '{"$ref": "https://example.invalid/x.json"}'])
def test_a_definition_that_cannot_be_used_is_the_users_to_know(tmp_path: Path, text: str) -> None:
    (tmp_path / "1.2.246.537.6.1505.1.9.json").write_text(text)
    named = "<f:contentSpecificationId>1.2.246.537.6.1505.1.9</f:contentSpecificationId>"
    full = replace(SETTINGS, validate="full", sosmeta=tmp_path)
    with pytest.raises(UsageError, match="no JSON Schema"):
        read_bytes(tmp_path, document(social=named), full)


def test_a_schema_that_cannot_be_used_is_the_users_to_know(tmp_path: Path) -> None:
    (tmp_path / "x.xsd").write_text("<no/>")
    structure = replace(SETTINGS, validate="structure", xsd=tmp_path / "x.xsd")
    with pytest.raises(UsageError, match="no XML schema"):
        read_bytes(tmp_path, document(), structure)


FI = 'xmlns:f="urn:hl7finland"'
CASE, ENDS = "<componentOf><encompassingEncounter>", "</encompassingEncounter></componentOf>"
CUSTODIAN = (
    "<custodian><assignedCustodian><representedCustodianOrganization>"
    '<id root="1.2.3" nullFlavor="NA"/></representedCustodianOrganization></assignedCustodian></custodian>'
)


def _problems(folder: Path, raw: str) -> list[str]:
    problems: list[str] = read_bytes(folder, raw)["document"][0]["problems"]
    return problems


def test_tolerated_defects_are_kept_with_the_document(tmp_path: Path) -> None:
    other = {"asiakkuuden_yksilointitunnus": {"system": "x", "value": "1.2.9"}}
    for named, expected in (("1.2.9", []), ("1.2.8", [Problem.RELATIONSHIP_ID_DIFFERS])):
        social = f'<f:encompassingClientRelationship root="{named}"/>'
        assert _problems(tmp_path, document(content(**other), social=social)) == expected

    for header, social, expected in (
        ('<setId root="1.2.3.4" nullFlavor="NA"/>', "", [Problem.SET_ID_WITH_NULL_FLAVOR]),
        (f'{CASE}<id root="1.2.5" nullFlavor="NA"/>{ENDS}', "", [Problem.CASE_ID_WITH_NULL_FLAVOR]),
        (f'{CASE}<id nullFlavor="NA"/>{ENDS}', "", []),
        (CUSTODIAN, "", [Problem.ORGANISATION_ID_WITH_NULL_FLAVOR]),
        ('<effectiveTime value="last week"/>', "", [Problem.UNREADABLE_TIME]),
        ("", '<f:creationTime value="20251340"/>', [Problem.UNREADABLE_TIME]),
        ("", f"</f:localSocialHeader><f:localSocialHeader {FI}>", [Problem.SEVERAL_SOCIAL_HEADERS]),
        ("", '<f:registryType code="2"/>', [Problem.OTHER_REGISTRY]),
        ("", '<f:registryType code="1"/>', []),
    ):
        assert _problems(tmp_path, document(header=header, social=social)) == expected

    block = content()["asiakkuusasiakirja"]["sosiaalihuollon_palvelutehtava"][0]
    foreign = {**block, "palvelutehtava": {"system": "urn:oid:1.2.246.537.6.1222.1", "code": "24"}}
    assert _problems(tmp_path, document(content(sosiaalihuollon_palvelutehtava=[foreign]))) == [
        Problem.WRONG_CODE_SYSTEM
    ]
    bare = {"palvelutehtava": {"code": "24"}, "palvelunjarjestajan_palveluyksikko": [{}]}
    assert _problems(tmp_path, document(content(sosiaalihuollon_palvelutehtava=[bare]))) == [
        Problem.PERIOD_WITHOUT_START
    ]


def test_an_organisation_is_the_same_with_and_without_its_prefix(tmp_path: Path) -> None:
    periods = []
    for code in ("1.2.246.10.99999901.10.21", "urn:oid:1.2.246.10.99999901.10.21"):
        unit = {"palveluyksikon_nimi": {"code": code}, "asiakkuuden_alkamispvm": "2025-01-17"}
        block = {"palvelutehtava": {"code": "24"}, "palvelunjarjestajan_palveluyksikko": [unit]}
        found = read_bytes(tmp_path, document(content(sosiaalihuollon_palvelutehtava=[block])))
        periods.append(found["client_period"][0]["unit"])
    assert periods[0] == periods[1] == "1.2.246.10.99999901.10.21"


def test_content_nested_without_end_is_set_aside(tmp_path: Path) -> None:
    deep = base64.b64encode(b'{"a":' * 5000 + b"1" + b"}" * 5000).decode()
    assert codes(read_bytes(tmp_path, document(deep))) == [Code.TOO_DEEP]


@pytest.mark.skipif(not DEFINITIONS.is_dir(), reason="the published definitions are not beside this checkout")
def test_every_path_of_the_content_mapping_stands_in_a_published_definition() -> None:
    def walk(part: dict[str, Any], path: str, known: set[str]) -> set[str]:
        known.add(path)
        for key, inner in part.get("properties", {}).items():
            walk(inner, f"{path}/{key}", known)
        return walk(part["items"], path, known) if "items" in part else known

    contents = [
        walk(root, "", set())
        for file in DEFINITIONS.glob("*.json")
        for root in json.loads(file.read_text())["properties"].values()
    ]
    table = tomllib.loads(schemas("content", "evidence.toml").read_text())
    nowhere = {
        (row["kind"], path)
        for row in table["evidence"]
        for column in ("outcome", "task", "service", "decided", "start", "end")
        for path in row.get(column, ())
        if not any(
            "/".join(("", *filter(None, (base, row["sign"])))) in known
            and "/".join(("", *filter(None, ("" if path[0] == "/" else base, *path.lstrip("/").split("."))))) in known
            for base in row["base"]
            for known in contents
        )
    }
    # Places where a task or an outcome would stand, if a definition told one, and the period of a placement beside an
    # outcome: none does today.
    assert {path for _, path in nowhere} <= {
        "palvelutehtava", "/palvelutehtava", "sosiaalipalvelu", "ratkaisun_laji",
        "sosiaalipalvelun_paattymispaivamaara", "huostaanotto.alkamispaiva", "lapsen_sijoitus.alkamispaiva",
        "lapsen_sijoitus.paattymispaiva", "kiireellisen_sijoituksen_alkamispaiva", "uuden_sijoituksen_alkamispaiva",
    }  # fmt: skip


@pytest.mark.parametrize("before", [b"", b"!", b"a!<!-- ! -->" * 3, b"!" * 500])
def test_a_declaration_of_a_document_type_is_found_wherever_it_stands(tmp_path: Path, before: bytes) -> None:
    raw = b"<a>" + before + b"<!DOCTYPE b></a>"
    assert codes(read_bytes(tmp_path, raw)) == [Code.FORBIDDEN_XML]
    assert codes(read_bytes(tmp_path, raw.replace(b"<!DOCTYPE b>", b"!DOCTYPE"))) != [Code.FORBIDDEN_XML]


def test_what_the_fast_inflater_refuses_the_usual_one_judges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        crc32 = staticmethod(zlib.crc32)

        @staticmethod
        def decompressobj(_: int) -> None:
            raise zips_module._REFUSED

    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.xml", document())
    expected = read(tmp_path / "x.zip")
    monkeypatch.setattr(zips_module, "fast_zlib", Refusing)
    assert read(tmp_path / "x.zip") == expected
    assert len(expected["document"]) == 1


def test_a_defect_of_the_reader_is_named_by_class_and_line_and_by_nothing_of_what_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise KeyError(NATIONAL)

    monkeypatch.setattr(shard_module, "add_document", fails)
    (row,) = read_bytes(tmp_path, document())["quarantine"]
    assert row["code"] == Code.READER_FAILED
    assert re.fullmatch(r"KeyError at archive/shard\.py:\d+", row["place"])


@pytest.mark.parametrize("depth", [200, 300, 1_100, 100_000])
def test_content_nested_deep_is_told_as_such_and_keeps_whom_it_is_about(tmp_path: Path, depth: int) -> None:
    deep = '{"asiakkuusasiakirja": {"a": ' + "[" * depth + '"turvakielto"' + "]" * depth + "}}"
    found = read_bytes(tmp_path, document(base64.b64encode(deep.encode()).decode()))
    if depth == 200:
        assert codes(found) == []
        return
    (row,) = found["quarantine"]
    assert (row["code"], row["oid"]) == (Code.TOO_DEEP, "1.2.3.4")
    assert [held["safety_restricted"] for held in found["quarantine_person"]] == [True]


@pytest.mark.parametrize("level", ["off", "structure", "full"])
def test_a_healthcare_document_is_told_as_such_before_it_is_judged(tmp_path: Path, level: Any) -> None:
    healthcare = document().replace("localSocialHeader", "localHeader")
    settings = replace(SETTINGS, validate=level, sosmeta=tmp_path)
    assert codes(read_bytes(tmp_path, healthcare, settings)) == [Code.HEALTHCARE_DOCUMENT]
