"""A document of a known form is read without a tree, and nobody can tell the difference by what comes out."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from analyser.archive import shard as shard_module
from analyser.archive.documents import known_markup as forms_module
from analyser.archive.documents import learn_markup as probe
from analyser.archive.documents.known_markup import Forms
from analyser.archive.files.discover import shards, survey
from analyser.archive.files.entries import Shard, ShardEntry
from analyser.archive.quarantine import Code
from analyser.archive.settings import ReadSettings
from analyser.archive.shard import read_shard
from analyser.synth.county import synthesise
from analyser.system.limits import Limits
from analyser.system.resources import schemas
from tests.archive.build import SETTINGS, client, document, frame

FIXTURES = Path(__file__).parents[2] / "fixtures"
JUDGED = replace(SETTINGS, validate="structure")
MUTANTS = int(os.environ.get("TESTS_FORM_CASES", "3000" if os.environ.get("TESTS_LONG") else "200"))

# What could make a value more than a value, or a document another one.
_ODD = (
    "<", ">", "&", '"', "'", "=", "/", "]]>", "&amp;", "&#65;", "&#0;", "&x;", "<!--", "-->", "<!-- a -->", "<![CDATA[",
    "<?x?>", "<?xml version='1.0'?>", "<!DOCTYPE x>", "\0", "\x01", "\x0b", "\x1f", "\x7f", "\x85", "\xa0", "\t", "\n",
    "\r", "\r\n", " ", "\ufeff", "\ufffe", "\uffff", "\ue000", "\ue0001\ue001", "\U0001f600", "\u2028", "ä", "|", "é",
    "xmlns=", ' xmlns:v="u"', ' xml:id="1a"', ' xml:lang=""', ' root="1"', ' typeCode="RPLC"', ' nullFlavor="NA"',
    "<id root='9.9'/>", "</id>", "<x/>", "v3:", "9999", "-1", "00", "", "  ",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    probe._forms.cache_clear()
    yield
    probe._forms.cache_clear()


def _tables(raw: bytes, settings: ReadSettings) -> dict[str, list[dict[str, Any]]]:
    entry = ShardEntry("s", "m", "m", "source", "one.xml", len(raw), data=raw)
    return {name: table.to_pylist() for name, table in read_shard(Shard((entry,)), settings).items()}


def _by_tree(raw: bytes, settings: ReadSettings, patch: pytest.MonkeyPatch) -> dict[str, list[dict[str, Any]]]:
    with patch.context() as without:
        without.setattr(shard_module, "forms_for", lambda _: None)
        return _tables(raw, settings)


def _hits(settings: ReadSettings) -> int:
    known = probe.forms_for(settings)
    assert known is not None
    return known._hits


def _known(raw: str | bytes, settings: ReadSettings = SETTINGS) -> bool:
    """Whether a document is read by its form."""
    before = _hits(settings)
    _tables(raw.encode() if isinstance(raw, str) else raw, settings)
    return _hits(settings) == before + 1


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Real-shaped documents and frames: those of the fixture county, of a synthetic one, and smallest ones."""
    place = tmp_path_factory.mktemp("forms") / "county"
    synthesise(place, persons=25, seed=3)
    files = sorted([*place.rglob("*.xml"), *(FIXTURES / "county").rglob("*.xml")])
    return [*(path.read_bytes() for path in files), document().encode(), frame().encode()]


@pytest.mark.parametrize("settings", [SETTINGS, JUDGED], ids=["off", "structure"])
def test_real_shaped_documents_give_the_same_rows_and_most_need_no_tree(
    seeds: list[bytes], settings: ReadSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for raw in seeds:
        assert _tables(raw, settings) == _by_tree(raw, settings, monkeypatch)
    assert _hits(settings) > len(seeds) / 2


@pytest.mark.parametrize("settings", [SETTINGS, JUDGED], ids=["off", "structure"])
def test_no_change_of_a_document_makes_its_form_tell_something_else(
    seeds: list[bytes], settings: ReadSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for raw in seeds * 2:
        _tables(raw, settings)
    chance = random.Random(7)
    before = _hits(settings)
    for number in range(MUTANTS):
        raw = _mutant(chance.choice(seeds), chance, seeds)
        assert _tables(raw, settings) == _by_tree(raw, settings, monkeypatch), f"mutant {number}"
    assert _hits(settings) - before > MUTANTS / 10


def _mutant(raw: bytes, chance: random.Random, seeds: list[bytes]) -> bytes:
    """A document with something odd inside a value, a text or the markup; or two documents mixed."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        match chance.randrange(6):
            case 0 | 1:  # inside an attribute's value or in its place
                places = [found.span(1) for found in re.finditer(rb'="([^"]*)"', raw)]
            case 2:  # inside a text or in its place
                places = [found.span(1) for found in re.finditer(rb">([^<>]+)<", raw)]
            case 3:  # anywhere
                places = [(chance.randrange(len(raw)),) * 2]
            case 4:  # a value of another document
                other = re.findall(rb'="([^"]*)"', chance.choice(seeds))
                start, end = chance.choice([found.span(1) for found in re.finditer(rb'="([^"]*)"', raw)] or [(0, 0)])
                raw = raw[:start] + chance.choice(other or [b""]) + raw[end:]
                continue
            case _:  # a bit
                place = chance.randrange(len(raw))
                raw = raw[:place] + bytes([raw[place] ^ 1 << chance.randrange(8)]) + raw[place + 1 :]
                continue
        start, end = chance.choice(places or [(0, 0)])
        at = chance.randint(start, end)
        told = chance.choice(_ODD).encode()
        raw = raw[:start] + told + raw[end:] if chance.random() < 0.3 else raw[:at] + told + raw[at:]
    return raw


def test_each_odd_thing_in_each_value_and_text_is_judged_as_by_the_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = document(header="<title>Otsikko</title>", clients=client("1.2.246.21", "140312A907T"))
    for _ in range(2):
        _tables(plain.encode(), SETTINGS)
    assert _known(plain)
    places = [found.span(1) for found in re.finditer(r'="([^"]*)"|>([^<>]+)<', plain) if found[1]]
    places += [found.span(1) for found in re.finditer(r">([^<>]{1,200})<", plain)]
    for start, end in places:
        for odd in _ODD:
            raw = f"{plain[:start]}{odd}{plain[end:]}".encode()
            assert _tables(raw, SETTINGS) == _by_tree(raw, SETTINGS, monkeypatch), (start, odd)


@pytest.mark.parametrize("length", [10, 5_000])
@pytest.mark.parametrize("byte", [*range(33), 60, 62, 127])
def test_no_control_character_hides_in_a_short_or_a_long_text(
    length: int, byte: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made(text: str) -> bytes:
        return document(header=f"<title>{text}</title>").encode()

    filler = "QUJD" * (length // 4)
    for text in (filler, filler[::-1]):
        _tables(made(text), SETTINGS)
    for text in (chr(byte) + filler, filler + chr(byte), filler[:8] + chr(byte) + filler[8:]):
        raw = made(text)
        assert _tables(raw, SETTINGS) == _by_tree(raw, SETTINGS, monkeypatch)


def test_ends_of_lines_are_those_of_xml(monkeypatch: pytest.MonkeyPatch) -> None:
    lined = document().replace("><", ">\r\n<").replace("PGRpdi8+", "PGRp\r\ndi8+\r")
    for number in range(3):
        raw = lined.replace("1.2.3.4", f"1.2.3.{number}").encode()
        assert _tables(raw, SETTINGS) == _by_tree(raw, SETTINGS, monkeypatch)
    assert _hits(SETTINGS) == 2


def test_a_text_in_pieces_around_comments_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        whole = document(oid=f"1.2.3.{number}")
        raw = re.sub(r"(urn:hl7finland\">\w{7})(\w+)(=*<)", r"\1<!-- a --> \n\2<!-- b -->\3", whole).encode()
        assert raw.count(b"<!--") == 2
        assert _tables(raw, SETTINGS) == _by_tree(raw, SETTINGS, monkeypatch)
        assert _tables(raw, SETTINGS)["client_period"]
    assert _hits(SETTINGS) > 2


def test_what_a_namespace_or_a_schema_hangs_on_is_part_of_the_form() -> None:
    typed = '<id xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="{}" '
    for first, other in (
        (document(), document().replace("urn:hl7finland", "urn:another")),
        (document().replace("<id ", '<id xml:lang="fi" '), document().replace("<id ", '<id xml:lang="sv" ')),
        (document().replace("<id ", typed.format("a")), document().replace("<id ", typed.format("b"))),
        ('<?xml version="1.0"?>' + document(), '<?xml version="1.1"?>' + document()),
    ):
        _tables(first.encode(), SETTINGS)
        assert _known(first)
        assert not _known(other)


def test_markup_after_a_text_is_compared_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = document(header='<title>Otsikko</title><code code="1"/>')
    _tables(plain.encode(), SETTINGS)
    assert _known(plain)
    raw = plain.replace('<code code="1"', '<code code= "1"').encode()
    assert not _known(raw)
    broken = plain.replace('<code code="1"', '<code code=x"1"').encode()
    assert _tables(broken, SETTINGS) == _by_tree(broken, SETTINGS, monkeypatch)


def test_a_document_without_a_content_keeps_its_display_form() -> None:
    pdf = document(json_element="").replace("application/xhtml+xml", "application/pdf")
    for _ in range(3):
        assert not _known(pdf)
        assert [row["code"] for row in _tables(pdf.encode(), SETTINGS)["quarantine"]] == [Code.PDF_BODY]


@pytest.mark.parametrize(
    "raw",
    [
        document(json_element="<f:json xmlns:f='urn:hl7finland'></f:json>"),  # the display form may be asked about
        '<?xml version="1.0" encoding="ISO-8859-1"?>' + document(),
        document(header="<title>A &amp; B</title>"),
        document(header='<title>a "quoted" word</title>'),
        document().replace("</ClinicalDocument>", "<!-- \ue000 --></ClinicalDocument>"),
        "<other/>",
        "<a>",
    ],
)
def test_what_has_no_form_is_read_by_its_tree_each_time(raw: str) -> None:
    for _ in range(3):
        assert not _known(raw)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<id root="1.2.3.4"', '<id root="1.2.03.4"'),
        ('<id root="1.2.3.4"', '<id root="1.2|1.3"'),
        ('<id root="1.2.3.4"', '<id root="aino"'),
        ('value="1"', 'value="0"'),
        ('<effectiveTime value="20250117130652+0200"', '<effectiveTime value="2025-01-17"'),
        ('<birthTime value="20120314"', '<birthTime value="14.3.2012"'),
    ],
)
def test_a_value_that_the_schema_refuses_is_refused_in_a_known_form(before: str, after: str) -> None:
    good = document()
    _tables(good.encode(), JUDGED)
    assert _known(good, JUDGED)
    found = _tables(good.replace(before, after, 1).encode(), JUDGED)
    assert [row["code"] for row in found["quarantine"]] == [Code.SCHEMA_INVALID]


def test_the_shapes_of_values_are_those_that_the_schema_of_the_envelope_judges() -> None:
    tree = etree.fromstring(schemas("archive", "envelope.xsd").read_bytes())
    name = {"x": "http://www.w3.org/2001/XMLSchema"}
    judging = {
        kind.get("name"): [(one.get("name"), one.get("type")) for one in kind.iterfind(".//x:attribute", name)]
        for kind in tree.iterfind("x:complexType", name)
    }
    told = {
        (probe.V3 + element.get("name"), attribute): shape
        for element in tree.iterfind("x:element[@type]", name)
        for attribute, shape in judging[element.get("type").removeprefix("v3:")]
    }
    assert probe.SHAPES.keys() == told.keys()
    for place, shape in told.items():
        same = [other for other, another in told.items() if another == shape]
        assert {probe.SHAPES[other] for other in same} == {probe.SHAPES[place]}
    # No element's text has a shape, and no other type judges an attribute.
    simple = {kind.get("name") for kind in tree.iterfind("x:simpleType", name)}
    assert simple == {"oid", "moment"}
    assert not [e for e in tree.iterfind(".//x:element[@type]", name) if e.get("type") in {f"v3:{s}" for s in simple}]
    assert not tree.findall(".//x:simpleContent", name)
    assert not tree.findall(".//x:element//x:attribute", name)


def test_a_schema_of_the_users_own_always_judges_a_tree(tmp_path: Path) -> None:
    own = tmp_path / "own.xsd"
    own.write_text(schemas("archive", "envelope.xsd").read_text(encoding="utf-8"), encoding="utf-8")
    assert probe.forms_for(replace(JUDGED, xsd=own)) is None


def test_limits_hold_for_documents_of_a_known_form() -> None:
    few = replace(SETTINGS, limits=Limits(elements=400, document_bytes=3_000))
    _tables(document().encode(), few)
    assert _known(document(), few)
    long = document(header=f"<title>{'a' * 900}</title>")
    for _ in range(2):
        assert not _known(long, few)  # its elements are counted
    found = _tables(document(header=f"<title>{'a' * 3_000}</title>").encode(), few)
    assert [row["code"] for row in found["quarantine"]] == [Code.TOO_LARGE]


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms_module, "_MOST_FORMS", 5)
    monkeypatch.setattr(forms_module, "_FIRST_FORMS", 1_000)
    known = probe.forms_for(SETTINGS)
    assert known is not None
    for number in range(40):
        _tables(document(header="<title/>" * number).encode(), SETTINGS)
        assert known._count <= 5
    monkeypatch.setattr(forms_module, "_MOST_ALIKE", 3)
    for number in range(20):
        _tables(document(header=f"<title{number} a='1'/>").encode(), SETTINGS)
    assert max(len(alike.forms) for alike in known._known.values()) <= 5
    monkeypatch.setattr(forms_module, "_MOST_SIZE", 10)
    _tables(document(header='<title b="2" c="3"/>').encode(), SETTINGS)
    assert known._count <= 1


def test_documents_that_are_each_of_a_form_of_their_own_cost_few_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Forms(Limits(), judged=False)
    monkeypatch.setattr(probe, "forms_for", lambda _: known)
    monkeypatch.setattr(shard_module, "forms_for", lambda _: known)
    for number in range(700):
        _tables(document(header="<title/>" * (number % 300) + f"<t{number}/>").encode(), SETTINGS)
    assert known._count <= 100
    assert known._resting
    assert not known.wants(3)


def test_shards_of_many_forms_are_read_the_same_by_and_without_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synthesise(tmp_path / "county", persons=12, seed=9)
    work = list(shards(survey([tmp_path / "county"]), SETTINGS))
    by_form = [read_shard(shard, SETTINGS) for shard in work]
    assert _hits(SETTINGS)
    monkeypatch.setattr(shard_module, "forms_for", lambda _: None)
    for shard, told in zip(work, by_form, strict=True):
        for name, table in read_shard(shard, SETTINGS).items():
            assert table.equals(told[name])
