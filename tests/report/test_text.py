"""Text reports: never wider than the page, the same words with and without colour, nothing dropped in silence."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable

import pytest

from analyser.coverage.measure import coverage, gaps
from analyser.coverage.model import Request
from analyser.coverage.result import CellStatus, Dimension, Period, RowClass, Stale
from analyser.coverage.timeline import Bar, Side
from analyser.coverage.trace import trace
from analyser.messages.catalogue import date_text, moment_text, text
from analyser.messages.languages import LANGUAGES
from analyser.report.coverage.markdown import coverage_markdown
from analyser.report.coverage.text import coverage_text
from analyser.report.json import extraction_of
from analyser.report.listings import gaps_text, quarantine_text
from analyser.report.timeline import marks
from analyser.report.trace import trace_text
from analyser.report.words import extracted
from analyser.store.database import Database
from analyser.store.quarantine import quarantine

Drawn = Callable[[str, int, bool], str]
_WIDTHS = (60, 80, 120, 200)
_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(scope="module")
def pages(county: Database, request_2025q1: Request) -> dict[str, Drawn]:
    """Every text report, as a function of language, width and colour."""
    plain = coverage(county, request_2025q1)
    heat = coverage(county, request_2025q1, [Dimension.SERVICE_TASK, Dimension.MUNICIPALITY])
    units = coverage(county, request_2025q1, [Dimension.UNIT])
    ledger = gaps(county, request_2025q1)
    traced = [trace(county, request_2025q1, row["source_id"]) for row in ledger.rows.to_pylist()[::4]]
    held = quarantine(county)
    return {
        "coverage": lambda lang, width, color: coverage_text(plain, lang, width=width, color=color),
        "heat": lambda lang, width, color: coverage_text(heat, lang, width=width, color=color),
        "units": lambda lang, width, color: coverage_text(units, lang, width=width, color=color),
        "gaps": lambda lang, width, color: gaps_text(
            ledger, lang, width=width, color=color, limit=50, asked=list(RowClass)
        ),
        "trace": lambda lang, width, color: "".join(
            trace_text(one, lang, width=width, color=color) for one in traced if one
        ),
        "quarantine": lambda lang, width, color: quarantine_text(held, lang, width=width, color=color),
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_line_is_wider_than_the_page(pages: dict[str, Drawn], lang: str) -> None:
    for name, drawn in pages.items():
        for width in _WIDTHS:
            wide = [line for line in drawn(lang, width, False).splitlines() if len(line) > width]
            # A command is never broken: it is to be copied.
            assert [line for line in wide if "kanta-gap" not in line] == [], (name, width)


def test_colour_adds_no_word_and_takes_none_away(pages: dict[str, Drawn]) -> None:
    for name, drawn in pages.items():
        coloured, plain = drawn("fi", 100, True), drawn("fi", 100, False)
        assert "\x1b[" not in plain
        assert "\x1b[" in coloured, name
        stripped = [line.rstrip() for line in _ESCAPE.sub("", coloured).splitlines()]
        assert [line for line in stripped if line] == [line for line in plain.splitlines() if line], name


def test_a_narrow_page_says_which_columns_it_leaves_out(pages: dict[str, Drawn]) -> None:
    assert "Left out on a narrow page: excl., only Kanta." in pages["coverage"]("en", 60, False)
    assert "Left out" not in pages["coverage"]("en", 100, False)


def test_every_report_says_how_far_its_data_reach(county: Database, request_2025q1: Request) -> None:
    """By facts of the data: the newest document's storing and the newest start, never the day of a load."""
    result, ledger = coverage(county, request_2025q1), gaps(county, request_2025q1)
    (begun,) = county.connection.execute("SELECT max(start_lo) FROM register_episode").fetchall()[0]
    told = extracted(result.stale, "en")
    assert told == f"Extracted: newest archived document {result.stale.newest}, newest start in the register {begun}."
    assert extracted(Stale(), "en") == ""
    assert extraction_of(result.stale) == {"documents": f"{result.stale.newest}", "register": f"{begun}"}
    for page in (
        coverage_text(result, "en", width=120, color=False),
        coverage_markdown(result, "en"),
        gaps_text(ledger, "en", width=120, color=False, limit=5),
    ):
        assert told in page.splitlines()[1:3]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_status_and_no_figure_is_cut_at_any_width(pages: dict[str, Drawn], lang: str) -> None:
    """Whether the cells are a table with words, one with marks, or lines: what is told of a cell is told whole."""
    whole = {text(lang, f"report.status.{status}") for status in CellStatus}
    for name, width in itertools.product(("coverage", "units"), range(44, 132, 4)):
        shown = pages[name](lang, width, False)
        table = re.split("^[✓✗?] ", shown.split(text(lang, "report.coverage.cells"))[1], flags=re.MULTILINE)[0]
        told = set(re.findall("[✓✗?] ([^\n]*)", re.sub("\n  (?=[a-zåäö])", " ", table)))
        assert {one.strip() for one in told} <= whole, (name, width)
        # A space inside a figure or before its % never is where a line is broken.
        assert re.search("[0-9]\u00a0?\n +([0-9]{3}\\b|%)", shown) is None, (name, width)


def test_two_dimensions_make_a_heat_map_and_lose_no_cell(pages: dict[str, Drawn]) -> None:
    shown = pages["heat"]("en", 100, False)
    assert "Service task by municipality: the archived share" in shown
    assert "by municipality" not in pages["coverage"]("en", 100, False)


def test_settled_rows_are_counted_and_listed_only_when_asked_for(county: Database, request_2025q1: Request) -> None:
    ledger = gaps(county, request_2025q1)
    short = gaps_text(ledger, "en", width=100, color=False, limit=50)
    asked = gaps_text(ledger, "en", width=100, color=False, limit=50, asked=[RowClass.ARCHIVED])
    assert "see them with --class archived" in short
    assert "see them with --class archived" not in asked
    assert len(asked) > len(short)


def test_a_trace_draws_the_rows_days_against_the_archives(county: Database, request_2025q1: Request) -> None:
    partial = gaps(county, request_2025q1, [RowClass.PARTIAL]).rows.to_pylist()
    ended = next(row for row in partial if "dates-outside" in row["reasons"])
    found = trace(county, request_2025q1, ended["source_id"])
    assert found is not None
    shown = trace_text(found, "en", width=100, color=False).splitlines()
    register = next(line for line in shown if line.startswith("Register  "))
    archive = next(line for line in shown if line.startswith("Kanta  "))
    assert register.count("█") == 88
    assert (ended["days_archived"], archive.count("█")) == (46, 45)
    assert any(line.strip().startswith("@/asiakkuusasiakirja/") for line in shown)


_QUARTER = Period("2025Q1", dt.date(2025, 1, 1), dt.date(2025, 3, 31))


def _bar(start: str, end: str | None, *, counts: bool = True, sure: bool = True) -> Bar:
    first, last = dt.date.fromisoformat(start), dt.date.fromisoformat(end) if end else None
    certain = first if sure else (last or first)
    return Bar(Side.ARCHIVE, "1.2.3", "current", counts, start, end, first, certain, last, last)


def test_a_day_that_lacks_is_seen_however_narrow_the_page_is() -> None:
    for columns in (10, 37, 90):
        drawn = marks(_bar("2025-01-01", "2025-03-30"), _QUARTER, columns)
        assert drawn[1:-1].count("█") == columns - 1
        assert drawn[-2] in "▒·"


def test_a_bar_shows_where_it_goes_on_and_whether_it_counts() -> None:
    assert marks(_bar("2024-12-31", None), _QUARTER, 9) == "◀█████████▶"
    assert marks(_bar("2025-01-01", "2025-03-31"), _QUARTER, 9) == " █████████ "
    assert marks(_bar("2024-01-01", "2024-12-31"), _QUARTER, 9) == "◀········· "
    assert "█" not in marks(_bar("2025-01-01", None, counts=False), _QUARTER, 9)
    assert "█" not in marks(_bar("2025-01-01", "2025-01-31", sure=False), _QUARTER, 9)


def test_dates_of_the_data_are_written_as_the_language_does() -> None:
    assert [date_text("fi", text) for text in ("2024-05-07", "2024-05", "2024", None)] == [
        "7.5.2024",
        "5.2024",
        "2024",
        "",
    ]
    assert date_text("en", "2024-05-07") == "2024-05-07"
    assert moment_text("sv", "2025-01-17T09:06:52") == "17.1.2025 9.06"
