"""Answers of the archive are read from whatever carries them, and tell of no person."""

from __future__ import annotations

import base64
import html
import json
import re
import zipfile
from pathlib import Path

import pytest

from analyser.archive.documents import wording
from analyser.archive.documents.wording import shown_place, shown_text
from analyser.messages.catalogue import catalogue
from tests.archive.build import ORGANISER, client, document, frame, read, read_bytes
from tests.command import run_here

_V3 = 'xmlns="urn:hl7-org:v3"'
_HETU = "140312A907T"


def answer(
    inside: str, root: str = "MCCI_IN000002FI01", own: str = '<id root="1.2.246.556.1" extension="A-1"/>'
) -> str:
    """An answer of the archive."""
    return f'<{root} {_V3}>{own}<creationTime value="20250117130700+0200"/>{inside}</{root}>'


def acknowledgement(code: str = "AA", message: str = "10037140046", details: str = "") -> str:
    """Its part that answers."""
    target = f'<targetMessage><id root="1.2.246.10.99999903.10.0" extension="{message}"/></targetMessage>'
    return f'<acknowledgement typeCode="{code}">{target}{details}</acknowledgement>'


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (answer(acknowledgement()), "AA"),
        (answer(acknowledgement(), "MCCI_IN000002UV01"), "AA"),
        (answer(acknowledgement("AE"), "RCMR_IN200003FI01"), "AE"),
        (answer(acknowledgement("CA"), "SomethingElse"), "CA"),
        (answer(acknowledgement().replace('typeCode="AA">', '><typeCode code="ar"/>')), "AR"),
        (f"<Batch {_V3}>{answer(acknowledgement())}</Batch>".replace("Batch", "MCCI_IN200100UV01"), "AA"),
        (answer(acknowledgement().replace(' typeCode="AA"', "")), None),
        (answer(acknowledgement()).replace("<", "<v:").replace("<v:/", "</v:").replace("xmlns=", "xmlns:v="), "AA"),
    ],
)
def test_an_answer_is_read_wherever_it_stands(tmp_path: Path, xml: str, code: str | None) -> None:
    with zipfile.ZipFile(tmp_path / "answers.zip", "w") as packed:
        packed.writestr("a.xml", xml)
    found = read(tmp_path)
    assert not found["quarantine"]
    assert sorted(row["outcome"] for row in found["member"]) == ["acknowledgement", "container"]
    (row,) = found["acknowledgement"]
    assert row["type_code"] == code
    assert (row["target_root"], row["target_extension"]) == ("1.2.246.10.99999903.10.0", "10037140046")
    assert str(row["created_at"]) == "2025-01-17 13:07:00"


_MIME = (
    'Content-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhei\r\n'
    "--b\r\nContent-Type: text/xml\r\n\r\n\r\n<?xml version='1.0'?>{}\r\n--b--\r\n"
)


@pytest.mark.parametrize("root", ["MCCI_IN000002FI01", "SomethingElse"])
@pytest.mark.parametrize(
    "wrapper",
    ["base64", "url", "escaped", "cdata", "element", "mime", "bare", "three", "frame", "batch"],
)
def test_an_answer_inside_a_wrapper_is_read_once(tmp_path: Path, wrapper: str, root: str) -> None:
    plain = answer(acknowledgement("AR"), root)
    packed = base64.b64encode(plain.encode()).decode()

    def inside(text: str) -> str:
        return f'<trace xmlns="urn:messaging"><head>now</head><payload>{text}</payload></trace>'

    whole = {
        "base64": inside(packed),
        "url": inside(base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")),
        "escaped": inside(html.escape(plain)),
        "cdata": inside(f"<![CDATA[{plain}]]>"),
        "element": inside(plain),
        "mime": _MIME.format(plain),
        "bare": packed,
        "three": inside(base64.b64encode(inside(html.escape(inside(f"<![CDATA[{plain}]]>"))).encode()).decode()),
        "frame": frame().replace("</controlActProcess>", f"<text>{packed}</text></controlActProcess>"),
        "batch": inside(f"<MCCI_IN200100UV01 {_V3}>{plain}</MCCI_IN200100UV01>"),
    }[wrapper]
    found = read_bytes(tmp_path, whole.encode())
    assert not found["quarantine"]
    assert [row["type_code"] for row in found["acknowledgement"]] == ["AR"]
    assert len(found["frame"]) == (wrapper == "frame")


def test_a_frame_keeps_its_own_id_and_sender(tmp_path: Path) -> None:
    sent = (
        f'<RCMR_IN200002FI01 {_V3}><id root="1.2.246.10.99999903.10.0" extension="10037140046"/>'
        '<sender><device><id root="1.2.246.10.99999901.10.0"/></device></sender><controlActProcess><subject>'
        '<clinicalDocument><id root="1.2.3.4"/></clinicalDocument></subject></controlActProcess></RCMR_IN200002FI01>'
    )
    (tmp_path / "f.xml").write_text(sent, encoding="utf-8")
    (row,) = read(tmp_path)["frame"]
    assert (row["message_root"], row["message_extension"]) == ("1.2.246.10.99999903.10.0", "10037140046")
    assert row["sender"] == "1.2.246.10.99999901.10.0"


@pytest.mark.parametrize(
    "inside",
    ["", "<acknowledgement typeCode='AA'/>", "<acknowledgement typeCode='AE'><targetMessage/></acknowledgement>"],
)
def test_an_answer_to_nothing_is_set_aside_under_its_own_code(tmp_path: Path, inside: str) -> None:
    (tmp_path / "a.xml").write_text(answer(inside), encoding="utf-8")
    found = read(tmp_path)
    assert [row["code"] for row in found["quarantine"]] == ["answer-without-message"]
    assert not found["acknowledgement"]


def test_details_keep_codes_and_known_words_and_nothing_of_a_person(tmp_path: Path) -> None:
    said = f"Asiakirja puuttuu: asiakas Testinen Maija {_HETU}, s. 14.3.2012, Kotikatu 5"
    details = (
        '<acknowledgementDetail typeCode="E"><code code="NS260" codeSystem="1.2.3.4.5.6"/>'
        f"<text>{said}</text><location>/ClinicalDocument/recordTarget/patientRole/id[@extension='{_HETU}']</location>"
        '</acknowledgementDetail><acknowledgementDetail><typeCode code="w"/>'
        '<code code="Testinen" displayName="Testinen"/>'
        f"<location>Testinen {_HETU}</location></acknowledgementDetail>"
    )
    for name in ("a", "b", "c"):  # the second and third by the form of the first
        (tmp_path / f"{name}.xml").write_text(answer(acknowledgement("AE", name, details)), encoding="utf-8")
    found = read(tmp_path)
    told = found["acknowledgement_detail"]
    assert [(row["type_code"], row["detail_code"]) for row in told[:1]] == [("E", "NS260")]
    assert told[0]["detail_text"] == "Asiakirja puuttuu: …"
    assert told[0]["detail_place"] == "/ClinicalDocument/recordTarget/patientRole/id[…]"
    assert len(told) == 6
    for word in ("Testinen", "Maija", _HETU, "2012", "Kotikatu"):
        assert word not in str(found["acknowledgement"]) + str(told)


@pytest.mark.parametrize(
    "name", ["Virtanen", "MATTI", "Aino-Maria", "meikäläinen", "010190-900P", "0401234567", "Mark", "1.1.1990"]
)
def test_words_that_may_be_a_persons_are_never_shown(name: str) -> None:
    for told in (
        shown_text(f"virhe: {name}"),
        shown_text(f"{name} puuttuu"),
        shown_place(f"/id/{name}[{name}='{name}']"),
    ):
        assert told is not None
        assert name not in told


def test_the_words_that_stay_are_those_of_the_texts_themselves() -> None:
    """The catalogues are read without their keys, headings and comments, though not as TOML: that takes too long."""
    texts = [text for lang in ("fi", "sv", "en") for text in catalogue(lang).values()]
    words = {word for text in texts for word in re.findall(r"[A-Za-zÅÄÖåäö]{2,}", text) if word.islower()}
    assert wording._words() == words


@pytest.mark.parametrize("organisers", ["", ORGANISER, ORGANISER.removesuffix(".10.0")])
def test_an_unanswered_document_is_told_whatever_part_of_the_oid_the_settings_call_its_organiser(
    tmp_path: Path, organisers: str
) -> None:
    """One document has no frame; another of its organiser, sent in the same month, was answered."""
    if organisers:
        (tmp_path / "kanta-gap.toml").write_text(f'organisers = ["{organisers}"]\n')
    own = '<id root="1.2.246.10.99999903.10.0" extension="M-1"/>'
    sender = f'<sender><device><id root="{ORGANISER}"/></device></sender>'
    sent = (
        frame("1.2.3.9").replace("<creationTime", f"{own}<creationTime").replace("<controlAct", f"{sender}<controlAct")
    )
    (tmp_path / "in").mkdir()
    told = {
        "lone": document(),
        "other": document(oid="1.2.3.9", clients=client("1.2.246.21", "010190-900P", "19900101")).replace(
            'setId root="1.2.3.4"', 'setId root="1.2.3.9"'
        ),
        "frame": sent,
        "answer": answer(acknowledgement("AA", "M-1")),
    }
    for name, xml in told.items():
        (tmp_path / "in" / f"{name}.xml").write_text(xml)
    row = f"R1;{_HETU};24;2025-02-01;;{ORGANISER}"
    (tmp_path / "e.csv").write_text(f"source_id;person_id;service_task;start;end;organiser\n{row}\n")
    assert run_here(tmp_path, "ingest", "in").code == 0
    assert run_here(tmp_path, "register", "e.csv").code == 0
    (found,) = json.loads(run_here(tmp_path, "gaps", "--period", "2025Q1", "-f", "json").out)["rows"]
    assert found["class"] == "archived"
    assert "not-acknowledged" in found["reasons"]
