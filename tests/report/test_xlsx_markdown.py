"""Workbooks and Markdown: real dates and numbers, no formula, no markup, no identifier that was not asked for."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re
import zipfile

import fastexcel
import pytest

from analyser.coverage.condition_values import ValueKind, ValueTable
from analyser.coverage.measure import coverage, gaps
from analyser.coverage.mending import Mending, UnitToMend
from analyser.coverage.model import Request
from analyser.coverage.names import Names, TaskName
from analyser.coverage.outlook import history, outlook
from analyser.coverage.result import CoverageResult, GapsResult, Reason
from analyser.coverage.two_sources import CountedDeliveries, Sources, TwoSources
from analyser.messages.catalogue import text
from analyser.messages.languages import LANGUAGES
from analyser.report.coverage.evidence import tables
from analyser.report.coverage.html import coverage_html
from analyser.report.coverage.markdown import coverage_markdown, plain
from analyser.report.coverage.text import coverage_text
from analyser.report.coverage.xlsx import coverage_xlsx, gaps_xlsx
from analyser.report.listings import gaps_text
from analyser.report.words import task_title
from analyser.store.database import Database
from analyser.store.quarantine import quarantine


@pytest.fixture(scope="module")
def result(county: Database, request_2025q1: Request) -> CoverageResult:
    return coverage(county, request_2025q1)


@pytest.fixture(scope="module")
def ledger(county: Database, request_2025q1: Request) -> GapsResult:
    return gaps(county, request_2025q1)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_workbook_has_its_sheets_in_every_language(
    county: Database, result: CoverageResult, ledger: GapsResult, lang: str
) -> None:
    found = Mending((UnitToMend("1.2.3", False, Reason.VOIDED, 2), UnitToMend(None, True, Reason.REFUSED, 1)))
    book = fastexcel.read_excel(coverage_xlsx(result, ledger, quarantine(county), lang, to_mend=found))
    mends = book.load_sheet(text(lang, "sheet.mending")).to_polars()
    assert mends[text(lang, "sheet.rows")].to_list() == [2, 1]
    assert mends[text(lang, "sheet.fixed_by_code")].to_list() == ["service-unit", "vendor"]
    assert mends[text(lang, "sheet.unit")].to_list() == ["1.2.3", None]
    keys = (
        "worklist",
        "verdict",
        "mending",
        "cells",
        "conditions",
        "ledger",
        "archived_only",
        "reasons",
        "quarantine",
        "definitions",
    )
    assert book.sheet_names == [text(lang, f"sheet.{key}") for key in keys]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_to_be_mended_comes_first_and_rows_are_in_words_with_their_codes(ledger: GapsResult, lang: str) -> None:
    def name(key: str) -> str:
        return text(lang, f"sheet.{key}")

    book = fastexcel.read_excel(gaps_xlsx(ledger, lang))
    assert book.sheet_names[0] == name("worklist")
    told = ledger.rows.to_pylist()
    rows = book.load_sheet(name("ledger"), dtypes="string").to_polars()
    assert rows[name("class_code")].to_list() == [row["class"] for row in told]
    assert rows[name("class")].to_list() == [text(lang, f"report.class.{row['class']}") for row in told]
    assert rows[name("reasons_code")].to_list() == ["|".join(row["reasons"]) or None for row in told]
    assert rows[name("service_task_code")].to_list() == [row["service_task"] for row in told]
    mended = book.load_sheet(name("worklist"), dtypes="string").to_polars()
    to_mend = [row for row in told if row["class"] in ("undetermined", "partial", "missing")]
    assert mended[name("source_id")].to_list() == [row["source_id"] for row in to_mend]
    assert mended[name("todo")].to_list() == [text(lang, f"reason.{row['reasons'][0]}.todo") for row in to_mend]
    assert [int(days or 0) for days in mended[name("days_lacking")]] == [
        row["days_expected"] - row["days_archived"] if row["class"] != "undetermined" else 0 for row in to_mend
    ]


def test_days_are_days_and_partial_dates_stay_text(ledger: GapsResult) -> None:
    sheet = fastexcel.read_excel(gaps_xlsx(ledger, "en")).load_sheet("Rows", dtypes={"Start": "string"})
    starts = sheet.to_polars()["Start"].to_list()
    assert starts == [
        f"{row['start']} 00:00:00" if len(row["start"]) == 10 else row["start"] for row in ledger.rows.to_pylist()
    ]
    whole = fastexcel.read_excel(gaps_xlsx(dataclasses.replace(ledger, rows=ledger.rows.slice(0, 1)), "en"))
    assert isinstance(whole.load_sheet("Rows").to_polars()["Start"][0], dt.date)


def test_figures_are_numbers_and_tie_to_the_report(
    county: Database, result: CoverageResult, ledger: GapsResult
) -> None:
    book = fastexcel.read_excel(coverage_xlsx(result, ledger, quarantine(county), "en"))
    cells = book.load_sheet("Coverage").to_polars()
    assert cells["Rows"].sum() == result.totals.rows
    assert cells["Missing"].sum() == result.totals.missing
    rows = book.load_sheet("Rows").to_polars()
    assert rows.height == result.totals.rows
    assert rows["Days archived"].sum() == result.totals.days_archived
    assert book.load_sheet("Quarantine").to_polars().height == result.documents.quarantined
    assert set(Reason) <= set(book.load_sheet("Definitions").to_polars()["Code"])


def test_a_workbook_runs_nothing(county: Database, result: CoverageResult, ledger: GapsResult) -> None:
    evil = ["=1+1", "+cmd", "@SUM(A1)", "-1", "http://example.org/", "{=1}"]
    rows = ledger.rows.slice(0, len(evil))
    rows = rows.set_column(0, "source_id", [evil])
    book = coverage_xlsx(result, dataclasses.replace(ledger, rows=rows), quarantine(county), "fi")
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        for name in parts.namelist():
            content = parts.read(name).decode()
            assert "<f>" not in content, name
            assert "hyperlink" not in content, name
        shared = parts.read("xl/sharedStrings.xml").decode()
    assert "<t>=1+1</t>" in shared


def test_a_workbook_is_the_same_bytes_each_time(county: Database, result: CoverageResult, ledger: GapsResult) -> None:
    held = quarantine(county)
    assert coverage_xlsx(result, ledger, held, "sv") == coverage_xlsx(result, ledger, held, "sv")


def test_identifiers_are_in_a_workbook_only_when_asked_for(county: Database, request_2025q1: Request) -> None:
    (identifier,) = county.connection.execute("SELECT value FROM person_identity ORDER BY value").fetchone() or ("",)

    def strings(reveal: bool) -> str:
        book = gaps_xlsx(gaps(county, request_2025q1, reveal=reveal), "fi")
        with zipfile.ZipFile(io.BytesIO(book)) as parts:
            return parts.read("xl/sharedStrings.xml").decode()

    assert re.search(r"<t>\d{6}[-A-FYXWVU+]9\d\d[0-9A-Y]</t>", strings(True))
    assert not re.search(r"<t>\d{6}[-A-FYXWVU+]\d\d\d[0-9A-Y]</t>", strings(False))
    assert identifier not in strings(False)


def test_markdown_shows_what_data_say_and_obeys_none_of_it(result: CoverageResult) -> None:
    evil = "a|b <script> [x](y) `c`\n# d"
    told = coverage_markdown(
        dataclasses.replace(
            result, names=Names(tuple(TaskName(n.service_task, n.key, evil, evil) for n in result.names.tasks))
        ),
        "fi",
    )
    assert r"a\|b \<script\> \[x\](y) \`c\` \# d" in told
    widths = {
        len(re.findall(r"(?<!\\)\|", line)) for line in told.splitlines() if line.startswith("| ") and "%" in line
    }
    assert len(widths) == 1


def test_plain_text_is_one_line() -> None:
    assert plain("a\r\n*b*") == r"a \*b\*"


@pytest.fixture(scope="module")
def delivered(result: CoverageResult) -> CoverageResult:
    """The report after one delivery was written."""
    cells = (Sources("service-task", "24", rows=7, kanta=3, delivery=2, both=1, neither=1, undetermined=0),)
    return dataclasses.replace(result, sources=TwoSources(CountedDeliveries.WRITTEN, 1, 0, cells))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_two_sources_stand_in_every_report_once_something_was_delivered(
    county: Database, request_2025q1: Request, result: CoverageResult, delivered: CoverageResult, lang: str
) -> None:
    title = text(lang, "delivery.sources.title")
    task = task_title(result.names, "24", lang)
    pictures = outlook(*history(county, request_2025q1))
    page = coverage_html(delivered, pictures, None, lang)
    assert f'<h2 id="sources">{title}</h2>' in page
    assert f'<th scope="row">{task}</th><td class="n">7</td><td class="n">3</td><td class="n">2</td>' in page
    assert f"## {title}\n" in coverage_markdown(delivered, lang)
    assert f"| {task} | 7 | 3 | 2 | 1 | 1 | 0 |" in coverage_markdown(delivered, lang)
    sheet = fastexcel.read_excel(coverage_xlsx(delivered, None, None, lang)).load_sheet(
        text(lang, "sheet.sources"), header_row=3
    )
    assert sheet.to_polars().row(0)[1:8] == (task, 7, 3, 2, 1, 1, 0)
    assert title in coverage_text(delivered, lang, width=100, color=False)
    for face in (coverage_html(result, pictures, None, lang), coverage_markdown(result, lang)):
        assert title not in face


def test_the_numbers_of_the_conditions_are_numbers(result: CoverageResult) -> None:
    book = zipfile.ZipFile(io.BytesIO(coverage_xlsx(result, None, None, "fi")))
    xml = book.read("xl/worksheets/sheet3.xml").decode()
    numbers = re.findall(r'<c r="[A-Z]+\d+" s="\d+"><v>([\d.]+)</v>', xml)
    condition = result.separate_delivery.service_tasks
    rows = [row for table in tables(condition, result.names, "fi") for row in table.figures]
    figures = [figure for row in rows for figure in row if figure is not None]
    assert figures
    assert {f"{figure:.12g}" for figure in figures} <= {f"{float(number):.12g}" for number in numbers}
    shared = re.findall(r"<t>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode())
    assert [told for told in shared if re.fullmatch(r"[\d\u00a0,]+( %)?", told)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_ledger_as_text_names_its_service_tasks(ledger: GapsResult, lang: str) -> None:
    told = gaps_text(ledger, lang, width=160, color=False, limit=50)
    assert task_title(ledger.names, "24", lang) in told
    assert " 24  " not in told


def test_a_year_is_no_thousand_and_every_sheet_fits_the_width_of_a_page(result: CoverageResult) -> None:
    people = ValueTable(
        "municipalities", (("municipality", ValueKind.MUNICIPALITY), ("year", ValueKind.YEAR)), (("092", 2025),)
    )
    population = dataclasses.replace(result.separate_delivery.population, details=(people,))
    told = dataclasses.replace(
        result, separate_delivery=dataclasses.replace(result.separate_delivery, population=population)
    )
    book = zipfile.ZipFile(io.BytesIO(coverage_xlsx(told, None, None, "en")))
    styles = re.findall(r'<xf numFmtId="(\d+)"', book.read("xl/styles.xml").decode().partition("<cellXfs")[2])
    years = re.findall(r's="(\d+)"><v>2025</v>', book.read("xl/worksheets/sheet3.xml").decode())
    assert [styles[int(style)] for style in years] == ["1"]  # the format `0`: 2025, not 2,025
    for name in book.namelist():
        if name.startswith("xl/worksheets/sheet"):
            assert "<pageSetUpPr fitToPage" in book.read(name).decode(), name
