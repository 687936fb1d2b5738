"""The page to hand on: one file that asks for nothing, every text of the data escaped, a table beside each picture."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from base64 import b64encode
from html.parser import HTMLParser

import pytest

from analyser.coverage.condition_values import ValueKind
from analyser.coverage.measure import coverage, measured
from analyser.coverage.mending import UnitToMend
from analyser.coverage.model import Request
from analyser.coverage.names import Names, TaskName
from analyser.coverage.outlook import Outlook, history, outlook
from analyser.coverage.result import CoverageResult, Reason
from analyser.messages.catalogue import catalogue
from analyser.messages.languages import LANGUAGES
from analyser.messages.progress import Ended, follow_with
from analyser.report.coverage.evidence import WrittenTable
from analyser.report.coverage.findings import Finding, Findings
from analyser.report.coverage.html import coverage_html
from analyser.report.coverage.mending import UNITS_SHOWN, anchor_of, mending_told
from analyser.store.database import Database
from tests.docs.pictures import PICTURES, looks

_EVIL = '<script>alert("1")</script>&\'"'
_VOID = {"meta", "link", "br", "rect", "line", "circle", "polyline", "path"}


@pytest.fixture(scope="module")
def gathered(county: Database, request_2025q1: Request) -> tuple[CoverageResult, Outlook]:
    model, past = history(county, request_2025q1)
    return measured(model), outlook(model, past)


def _findings(text: str = "told") -> Findings:
    return Findings(
        (Finding("D01", "error", text, text, text, 1, 2, text), Finding("D02", "info", "", "", "", 0, 0, "", text)),
        3,
        4,
    )


def assert_one_script_that_the_policy_names(page: str) -> None:
    """Any other one, from a text of the data, would not be run."""
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert policy[1] == (f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:")
    assert page.count("<script") == 1


class _Page(HTMLParser):
    """Notes tags that stay open, ids, links, and what each picture is called."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.unnamed: list[str] = []
        self.tags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.append(tag)
        if tag not in _VOID:
            self.open.append(tag)
        self.ids += [told["id"] or ""] if "id" in told else []
        self.links += [told["href"] or ""] if "href" in told else []
        if tag == "svg" and not ({"aria-label", "aria-labelledby", "aria-hidden"} & told.keys()):
            self.unnamed.append(str(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_is_whole_and_asks_for_nothing(gathered: tuple[CoverageResult, Outlook], lang: str) -> None:
    page = coverage_html(*gathered, _findings(), lang)
    parsed = _Page(page)
    assert parsed.open == []
    assert f'<html lang="{lang}">' in page
    assert len(parsed.ids) == len(set(parsed.ids))
    assert [link for link in parsed.links if not link.startswith("#") and link != "data:,"] == []
    assert {link[1:] for link in parsed.links if link.startswith("#")} <= set(parsed.ids)
    assert not re.search(r"https?://|@import|url\(|<img|<iframe| on\w+=|innerHTML|fetch\(", page)
    assert_one_script_that_the_policy_names(page)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_can_be_read_without_seeing_it(gathered: tuple[CoverageResult, Outlook], lang: str) -> None:
    page = coverage_html(*gathered, _findings(), lang)
    parsed = _Page(page)
    assert parsed.unnamed == []
    assert {"header", "nav", "main", "footer"} <= set(parsed.tags)
    assert parsed.tags.count("h1") == 1
    assert parsed.tags.count("section") == len(
        re.findall(r'<section(?: class="new-page")? aria-labelledby="([\w-]+)"><h2 id="\1">', page)
    )
    for entry in gathered[1].history:
        assert page.count(entry.period.id) >= 3  # in the picture, in its description, and in the table beside it


def test_months_beside_a_level_look_like_tiles() -> None:
    kinds = (ValueKind.UNIT, ValueKind.LEVEL, ValueKind.COUNT, ValueKind.COUNT, ValueKind.COUNT, ValueKind.FINDING)
    figures = ((None, 10.0, 10, 8, 0, None), (None, None, 3, 0, 1, None))
    table = WrittenTable("units", "", (), (), (), (), figures, kinds)
    assert table.looks == (("", "", "covered", "gap2", "gap3", ""), ("",) * 6)
    assert WrittenTable("tasks", "", (), (), (), (), figures, (ValueKind.COUNT,) * 6).looks == ()


def test_the_picture_of_the_report_is_of_its_template() -> None:
    """After a wanted change, where there is a Chromium: python -m tests.docs.pictures."""
    assert (PICTURES / "report.txt").read_text(encoding="utf-8").strip() == looks(), "docs/pictures/report.png is old"
    assert (PICTURES / "report.png").read_bytes().startswith(b"\x89PNG")


def test_what_is_to_be_mended_is_the_ledger_by_unit_and_by_place(
    gathered: tuple[CoverageResult, Outlook], county: Database
) -> None:
    result, pictures = gathered
    lacking = result.totals.undetermined + result.totals.partial + result.totals.missing
    assert (
        sum(one.rows for one in pictures.mending.units) == sum(one.rows for one in pictures.mending.places) == lacking
    )
    rows = county.connection.execute(
        "SELECT layer, service_task, municipality, reasons[1], count(*) FROM ledger_row "
        "ANTI JOIN restricted_person USING (person_no) "
        "WHERE class NOT IN ('archived', 'excluded') AND municipality IS NOT NULL GROUP BY ALL"
    ).fetchall()
    places = {(one.layer, one.service_task, one.municipality, one.reason): one.rows for one in pictures.mending.places}
    assert rows
    for layer, task, municipality, reason, count in rows:
        assert places[layer, task, municipality, reason] == count
    page = coverage_html(result, pictures, None, "fi")
    leading = re.findall(r'<a href="#(c-[^"]+)"', page)
    assert leading
    assert set(leading) <= {anchor_of(one.layer, one.service_task, one.municipality) for one in pictures.mending.places}
    told = mending_told(pictures.mending, result.names, result.period, "fi")
    assert (told.rows, told.left) == (str(lacking), "")
    many = dataclasses.replace(
        pictures.mending,
        units=tuple(UnitToMend(f"u{place}", False, Reason.VOIDED, 1) for place in range(2 * UNITS_SHOWN)),
    )
    short = mending_told(many, result.names, result.period, "fi")
    assert len(short.units) == UNITS_SHOWN
    assert "200 yksikköä, 200 riviä" in short.left


def test_every_text_from_data_is_escaped(gathered: tuple[CoverageResult, Outlook]) -> None:
    result, pictures = gathered
    evil = dataclasses.replace(
        result,
        organisers=(_EVIL,),
        names=Names(tuple(TaskName(name.service_task, name.key, _EVIL, _EVIL) for name in result.names.tasks)),
        cells=tuple(
            dataclasses.replace(
                cell, place=tuple((key, value if key == "layer" else _EVIL) for key, value in cell.place)
            )
            for cell in result.cells
        ),
    )
    page = coverage_html(evil, pictures, _findings(_EVIL), "fi")
    assert_one_script_that_the_policy_names(page)
    assert "&lt;script&gt;" in page
    assert _Page(page).open == []


def test_the_page_names_no_row_and_no_person(gathered: tuple[CoverageResult, Outlook], county: Database) -> None:
    page = coverage_html(*gathered, _findings(), "en")
    rows = county.connection.execute("SELECT source_id, person_key FROM ledger").fetchall()
    assert rows
    assert [name for row in rows for name in row if name in page] == []


def test_the_history_is_the_report_of_each_period(county: Database, request_2025q1: Request) -> None:
    done: list[str] = []
    follow_with(lambda told: done.append(told.key) if isinstance(told, Ended) else None)
    try:
        _, past = history(county, request_2025q1)
    finally:
        follow_with(None)
    assert len(past) > 1
    assert done == ["model", *["period"] * (len(past) - 1)]  # one comparison, and what each further period adds to it
    assert past[-1].period == request_2025q1.period
    assert [entry.period.start for entry in past] == sorted(entry.period.start for entry in past)
    for entry in past:
        assert entry.totals == coverage(county, dataclasses.replace(request_2025q1, period=entry.period)).totals


def test_an_example_shows_an_interval_of_the_archive(gathered: tuple[CoverageResult, Outlook]) -> None:
    examples = gathered[1].examples
    assert examples
    for example in examples:
        assert len(example.bars) > 1
    assert len({example.reason for example in examples}) == len(examples)


_COLOURS = re.compile(r"--(\w+): (#[0-9a-f]{3,6})")


def _light(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_has_contrast_in_light_and_in_dark(gathered: tuple[CoverageResult, Outlook]) -> None:
    page = coverage_html(*gathered, None, "en")
    light, dark = (dict(_COLOURS.findall(block)) for block in re.findall(r":root \{(.*?)\}", page))
    for scheme in (light, light | dark):
        pairs = [(ink, paper) for ink in ("ink", "quiet", "good", "bad", "mid", "bar") for paper in ("paper", "soft")]
        pairs += [("ink", tile) for tile in ("full", "gap0", "gap1", "gap2", "gap3", "open")]
        for ink, paper in pairs:
            bright, dim = sorted((_light(scheme[ink]), _light(scheme[paper])), reverse=True)
            assert (bright + 0.05) / (dim + 0.05) >= 4.5, (ink, paper)


def test_classes_and_coverages_are_defined_in_every_language() -> None:
    for lang in LANGUAGES:
        assert len([key for key in catalogue(lang) if key.startswith("definition.")]) == 9


def test_a_table_of_a_condition_names_its_condition_once(gathered: tuple[CoverageResult, Outlook]) -> None:
    page = coverage_html(*gathered, _findings(), "fi")
    assert "<details><summary>Palvelutehtävät: kunkin" in page
    assert not re.search(r"<summary>(\w+): \1", page)
