"""An identifier is found however it is written and wherever it stands; what is nobody's stays readable."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random
import re
import unicodedata
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from analyser.national.identifiers import (
    PERSONAL_CANDIDATE,
    henkilotunnus_is_valid,
    holds_identifier,
    normal_value,
    redacted,
    shown_source_id,
)
from analyser.store.proof import Known
from tests.archive.build import ORGANISER, content, document
from tests.command import run_here as run
from tests.privacy.files import everything_in

_CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u00ad"
_UNSEEN = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u200e", "\u200f", "\u202a", "\u2066", "\u180e"]
_SIGNS = [
    *_DASHES,
    "_",
    "%2D",
    "%2d",
    "%252D",
    "%E2%80%93",
    " ",
    "  ",
    "\u00a0",
    "+",
    "%2B",
    " - ",
    "-\u200b",
    "--",
    "",
]


def _wide(text: str, more: str = "") -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() or sign in more else sign for sign in text)


@st.composite
def _people(draw: st.DrawFn) -> tuple[str, str, str]:
    """Day, letters that may stand for its sign, and number with check character, of somebody who is not there."""
    day = draw(st.dates(dt.date(1900, 1, 1), dt.date(2026, 12, 31))).strftime("%d%m%y")
    number = f"{draw(st.integers(900, 999))}"
    return day, draw(st.sampled_from("ABCDEFUVWXYabcdefuvwxy")), number + _CHECK[int(day + number) % 31]


@given(
    _people(), st.sampled_from(range(6)), st.sampled_from(_SIGNS), st.text(max_size=12), st.text(max_size=12), st.data()
)
def test_every_spelling_in_any_surroundings_is_gone(
    person: tuple[str, str, str], way: int, sign: str, before: str, after: str, data: st.DataObject
) -> None:
    day, letter, number = person
    written = {
        0: day + sign + number,
        1: day + letter + number,
        2: _wide(day) + sign + _wide(number),
        3: _wide(day) + letter + _wide(number, _CHECK),
        4: "\u200b".join(day + (sign if len(sign) == 1 else "-") + number),
        5: day + data.draw(st.sampled_from(_UNSEEN)) + sign + data.draw(st.sampled_from(_UNSEEN)) + number.lower(),
    }[way]
    # Nobody's words may lie around it, glued to it: a day, a digit, a letter of any script.
    glue = data.draw(st.sampled_from(["", "x", "20250131", "7", "doc", "ä", "_", ".", "/", "A-", "1.2.246.21."]))
    shown = redacted(
        before + glue + written + data.draw(st.sampled_from(["", "x", "doc", "ö", "_1", ".xml", "!"])) + after
    )
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKC", shown) if unicodedata.category(sign) not in ("Cf", "Mn")
    )
    assert not re.search(f"{day}.{{0,8}}{number[:3]}", plain), "an identifier is left"


@given(_people(), st.sampled_from(_DASHES), st.sampled_from(["", "\u200b", "\ufeff", "\u00a0", " "]))
def test_an_identifier_is_the_same_however_it_was_copied(person: tuple[str, str, str], dash: str, unseen: str) -> None:
    day, _, number = person
    right = f"{day}-{number}"
    for spelt in (day + dash + number, unseen + day + dash + number + unseen, _wide(day) + dash + _wide(number, _CHECK),
                  day[:3] + unseen + day[3:] + dash + number.lower()):  # fmt: skip
        assert normal_value(spelt) == right
    assert normal_value(day + number) == day + number, "what lacks is not guessed"


def test_the_issue_s_spellings_are_gone_whatever_their_check_character() -> None:
    for text in ("20250131010190-123A.xml", "010190-123Adoc.xml", "010190_123A", "010190%2D123A", "010190 123A",
                 "a010190\u2212123Ab", "010190\u200b-\u200b123A", "\uff10\uff11\uff10\uff11\uff19\uff10-\uff11\uff12\uff13A",
                 "010190-1234", "x010190-1234x", "1-010190A123A_2"):  # fmt: skip
        assert "[id]" in redacted(text), text
        assert holds_identifier(text)
        assert shown_source_id(b"k" * 32, text) != text


# Ways to write a birth date (day, month, year, century), the sign, and a number before its check character.
_DAYS = [
    "{d}.{m}.{y}", "{d}/{m}/{y}", "{d}-{m}-{y}", "{d} {m} {y}", "{d}. {m}. {y}", "{d}.{m}.{c}{y}", "{d}{m}{c}{y}", "{c}{y}-{m}-{d}",
    "{c}{y}{m}{d}", "{d}{m}{y}", "{d:.1}.{m:.1}.{y}",
]  # fmt: skip
_LOOSE_SIGNS = [
    "-", "/", " / ", " - ", ":", ".", ",", ";", "|", "=", "~", "*", "(", "\\-", "     ", "", "A", "\t", "\n", "\u2e17", "\u2e1a",
    "\u2e3a", "\u301c", "\U00010ead", "&#45;", "&#x2d;", "&#x2D;", "&#0045;", "&amp;#45;", "&ndash;", "&minus;", "&shy;", "&nbsp;",
    "&#8211;", "%2D", "%E2%88%92", "\\u002d", "\\x2d", "=2D", "_x002d_", "<b>",
]  # fmt: skip


@st.composite
def _loosely_written(draw: st.DrawFn) -> tuple[str, str]:
    """An identifier that somebody wrote in a way of their own, its check character a letter; and as it should be."""
    day = draw(st.dates(dt.date(1911, 11, 11), dt.date(1999, 12, 31)))
    number = draw(st.integers(900, 999))
    check = _CHECK[int(f"{day:%d%m%y}{number}") % 31]
    assume(check.isalpha())
    written = draw(st.sampled_from(_DAYS))
    assume(":.1" not in written or (day.day < 10 and day.month < 10))
    d, m = (f"{day:%d}", f"{day:%m}") if ":.1" not in written else (str(day.day), str(day.month))
    date = written.format(d=d, m=m, y=f"{day:%y}", c=f"{day:%Y}"[:2])
    return (
        f"{date}{draw(st.sampled_from(_LOOSE_SIGNS))}{number}{draw(st.sampled_from(['', ' ', '-']))}{check}",
        f"{day:%d%m%y}-{number}{check}",
    )


@given(
    _loosely_written(),
    st.sampled_from(["", "synt. ", "x ", "(", "id=", "Ö", "100%"]),
    st.sampled_from(["", ".", " x", ")", "_1", "&"]),
)
@example(("02.01.99%2D900N", "020199-900N"), "100%", "")
def test_what_somebody_wrote_in_a_way_of_their_own_is_gone(written: tuple[str, str], before: str, after: str) -> None:
    text = before + written[0] + after
    identifier = written[1]
    assert identifier[7:10] not in redacted(text).replace("[id]", ""), "an identifier is left"
    assert Known.of([identifier]).in_text(text), "the proof of forgetting reads what redaction finds"
    assert pl.Series([text]).str.contains(PERSONAL_CANDIDATE).item()
    spread = " ".join(re.sub(r"[^0-9A-Za-z]", "", "010190-901R"))
    assert redacted(f"{before} {spread} {after}") == redacted(before) + " [id] " + after


def test_dates_amounts_clocks_and_numbers_stay_readable() -> None:
    """Of each kind as many as a county has: next to none looks like a person, of most kinds none at all."""
    draw = random.Random(3)

    def day(form: str) -> str:
        return (dt.date(1900, 1, 1) + dt.timedelta(draw.randrange(46_000))).strftime(form)

    def some(length: int) -> str:
        return "".join(draw.choices("0123456789", k=length))

    def clock(sign: str) -> str:
        return f"{draw.randrange(24):02}{sign}{draw.randrange(60):02}"

    kinds: dict[str, Callable[[], str]] = {
        "day": lambda: day("%d.%m.%Y"), "short day": lambda: day("%d.%m.%y"), "iso": lambda: day("%Y-%m-%d"),
        "day and clock": lambda: f"{day('%d.%m.%Y')} {clock(draw.choice('.:'))}", "day, clock": lambda: f"{day('%d.%m.%y')} {clock('')}",
        "span": lambda: f"{day('%d.%m.%Y')}-{day('%d.%m.%Y')}", "short span": lambda: f"{day('%d.%m.%y')}–{day('%d.%m.%y')}",
        "moment": lambda: f"{day('%Y-%m-%d')}T{clock(':')}:{some(2)}.{some(3)}Z", "file": lambda: f"e_{day('%Y%m%d')}_{clock('')}.csv",
        "file of a day": lambda: f"register_{day('%Y-%m-%d')}_{some(4)}.csv", "amount": lambda: f"{some(6)},{some(2)}",
        "thousands": lambda: f"{draw.randrange(10**9):,}".replace(",", " ") + f",{some(2)}", "decimals": lambda: f"{some(6)}.{some(4)}",
        "oid": lambda: f"1.2.246.10.{some(8)}.95.{some(4)}.{some(3)}", "two oids": lambda: f"1.2.246.10.{some(8)}.22 1.2.246.10.{some(8)}",
        "cells": lambda: f"{some(3)};{day('%d.%m.%Y')};{some(5)};{some(3)}", "day, cell": lambda: f"{day('%d%m%y')};{some(4)}",
        "phone": lambda: f"0{some(2)} {some(3)} {some(4)}", "account": lambda: f"FI{some(2)} {some(4)} {some(4)} {some(4)} {some(2)}",
        "law": lambda: f"{draw.randrange(1500)}/{draw.randrange(1990, 2030)} {draw.randrange(60)} §", "digits apart": lambda: " ".join(some(10)),
    }  # fmt: skip
    assert {
        name: text for name, make in kinds.items() for text in (make() for _ in range(2_000)) if holds_identifier(text)
    } == {}


def test_what_is_nobody_s_stays_as_it_is() -> None:
    stays = (
        "1.2.246.10.99999901.10.0", "1.2.246.10.0101909005.95.2025", "urn:oid:1.2.246.10.99999901.95.0101909005.3",
        "550e8400-e29b-41d4-a716-446655440000", "20250131-1234", "20250131-101112.xml", "export_20250131_0930.csv",
        "20250131101112", "2025-01-31T10:11:12", "31.1.2025", "1234567-8", "FI21 1234 5600 0007 85", "R1", "2025Q1",
        "3010112a955b4e0f90123456789abcde", "99999901", "0101909006", "310290900", "010190-12345678",
    )  # fmt: skip
    for text in stays:
        assert redacted(text) == shown_source_id(b"k" * 32, text) == text
    # Numbers and hashes by the thousand: next to none looks like a person.
    draw = random.Random(1)
    numbers = ["".join(draw.choices("0123456789", k=10)) for _ in range(20_000)]
    assert sum(map(holds_identifier, numbers)) < 60
    hashes = ["".join(draw.choices("0123456789abcdef", k=k)) for k in (16, 32, 64) for _ in range(10_000)]
    assert sum(map(holds_identifier, hashes)) == 0


def test_a_number_that_nobody_gets_is_not_valid() -> None:
    for number, valid in (("000", False), ("001", False), ("002", True), ("899", True), ("900", True), ("999", True)):
        assert henkilotunnus_is_valid(f"010190-{number}{_CHECK[int('010190' + number) % 31]}") is valid
    # Another check character, a day that is none, and what is not in its normal form.
    for value in ("010190-900Q", "300290-900P", "010190-900p", "010190-900P ", "010190–900P", "010190G900P"):
        assert not henkilotunnus_is_valid(value), value


@given(st.text(st.characters(categories=["L", "N", "P", "Zs", "Cf"]), max_size=20), _people(), st.sampled_from(_SIGNS))
def test_the_filter_of_columns_lets_through_whatever_the_definition_finds(
    around: str, person: tuple[str, str, str], sign: str
) -> None:
    text = around + person[0] + sign + person[2]
    assert not holds_identifier(text) or pl.Series([text]).str.contains(PERSONAL_CANDIDATE).item()


@pytest.mark.parametrize("written", ["20250131010190-900P", "010190\u2013900P", "010190_900Pdoc", "010190900P"])
def test_names_members_cells_and_codes_hold_none(tmp_path: Path, written: str) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    odd = content(asian_tiedot=[])
    unit = {"palveluyksikon_nimi": {"code": written}, "asiakkuuden_alkamispvm": "2025-01-17"}
    odd["asiakkuusasiakirja"]["sosiaalihuollon_palvelutehtava"][0]["palvelunjarjestajan_palveluyksikko"] = [unit]
    (archive / f"{written}.xml").write_text(document(odd))
    with zipfile.ZipFile(archive / f"a{written}.zip", "w") as packed:
        packed.writestr(f"{written}/b.xml", document(oid="1.2.3.9"))
        packed.writestr(f"{written}.txt", "no document")
    rows = f"source_id,person_id,service_task,start,organiser,unit\nA{written},140312A907T,24,2025-01-01,{ORGANISER},{written}\n"
    (tmp_path / "e.csv").write_text(rows)
    told = [run(tmp_path, "ingest", "archive"), run(tmp_path, "register", "e.csv")]
    told += [run(tmp_path, "gaps", "--period", "2025Q1", "-f", "json"), run(tmp_path, "quarantine", "-f", "json")]
    said = "".join(done.out + done.err for done in told)
    assert json.loads(told[2].out)["rows"][0]["source_id"].startswith("A[id-") or written.startswith("2025")
    from analyser.store.database import open_database

    with open_database(tmp_path / "kanta-gap.duckdb", write=False) as database:
        said += everything_in(database, without={"person_identity"})
    for part in (written, "010190-900P", "900P"):
        assert part not in said


def test_a_file_whose_name_held_an_identifier_is_found_by_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    for name, content_ in (("010190-900P.xml", "one"), ("01.01.90-901R.xml", "two"), ("plain.xml", "three")):
        (tmp_path / "archive" / name).write_text(content_)
    assert run(tmp_path, "ingest", "archive").code == 3
    rows = json.loads(run(tmp_path, "quarantine", "-f", "json").out)["rows"]
    hashes = [sha256(told).hexdigest()[:12] for told in (b"one", b"two")]
    assert {row["member"] for row in rows} == {*(f"[id].xml #{one}" for one in hashes), "plain.xml"}


def test_the_proof_of_forgetting_finds_every_way_of_writing_in_the_bytes_of_a_file(tmp_path: Path) -> None:
    people = (
        (day, f"{day:%d%m%y}{number}", _CHECK[int(f"{day:%d%m%y}{number}") % 31])
        for day in (dt.date(1981, 1, 1) + dt.timedelta(days) for days in range(9_000))
        for number in range(900, 999)
        if day.day < 10 and day.month < 10
    )
    letters = ((day, told, check) for day, told, check in people if check.isalpha())
    texts, known = [], set()
    for (written, sign), (day, told, check) in zip(itertools.product(_DAYS, _LOOSE_SIGNS), letters, strict=False):
        d, m = (f"{day:%d}", f"{day:%m}") if ":.1" not in written else (str(day.day), str(day.month))
        texts.append(
            f"{written.format(d=d, m=m, y=f'{day:%y}', c='19' if day.year < 2000 else '20')}{sign}{told[6:]}{check}"
        )
        known.add(f"{told[:6]}-{told[6:]}{check}")
    (tmp_path / "file").write_bytes(b"\0\1text\0".join(text.encode() for text in texts))
    assert sorted(known - Known.of(known).in_file(tmp_path / "file")) == []
    assert Known.of(["010190-900P"]).in_file(tmp_path / "file") == set()
