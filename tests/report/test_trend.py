"""The trend is the report of each of its periods, and says what was delivered and mended of each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import fastexcel
import orjson
import pytest

from analyser.coverage.measure import measured
from analyser.coverage.model import Model, Request
from analyser.coverage.periods import parse_period, parse_series
from analyser.coverage.trend import trend
from analyser.messages.errors import UsageError
from analyser.messages.languages import LANGUAGES
from analyser.report.trend import trend_csv, trend_text
from analyser.report.trend_pages import trend_html, trend_xlsx
from analyser.store.database import Database
from tests.command import run_here as run
from tests.report.test_html import assert_one_script_that_the_policy_names


def test_each_period_is_its_own_report(county: Database, request_2025q1: Request) -> None:
    """Whatever the face: the figures of `coverage --period`."""
    series = parse_series("2024Q3..2025Q1", county.connection)
    model = Model.build(county.connection, replace(request_2025q1, period=series[0]))
    found = trend(model, series[1:], "Mallila")
    assert [one.period.id for one in found.periods] == ["2024Q3", "2024Q4", "2025Q1"]
    for one in found.periods:
        alone = measured(Model.build(county.connection, replace(request_2025q1, period=one.period)))
        assert one.totals == alone.totals
        assert [(cell.totals, cell.status) for cell in one.cells] == [
            (cell.totals, cell.status) for cell in alone.cells
        ]
        assert one.received.delivered + one.received.not_delivered == one.totals.partial + one.totals.missing
    for lang in LANGUAGES:
        text, page = trend_text(found, lang, width=100, color=False), trend_html(found, lang)
        assert_one_script_that_the_policy_names(page)
        for one in found.periods:
            assert one.period.id in text
            assert page.count(one.period.id) >= 4
    rows = "".join(trend_csv(found)).splitlines()
    assert len(rows) == 1 + sum(len(one.cells) for one in found.periods)
    book = fastexcel.read_excel(trend_xlsx(found, "fi"))
    assert book.sheet_names[:2] == ["Kehitys", "Tehtävät jaksoittain"]
    first = book.load_sheet("Kehitys", header_row=3).to_polars().row(0, named=True)
    totals = found.periods[0].totals
    assert (first["Jakso"], first["Arkistoitu"]) == ("2024Q3", totals.archived)
    assert first["Puutteita"] == totals.partial + totals.missing


def test_a_series_is_of_stated_periods_and_of_quarters_between(county: Database) -> None:
    def names(text: str) -> list[str]:
        return [period.id for period in parse_series(text, county.connection)]

    assert names("2024Q4..2025Q1") == ["2024Q4", "2025Q1"]
    assert names("2025Q1..2025Q1") == ["2025Q1"]
    assert len(names("2020Q1..2024Q4")) == 20
    for wrong in ("2025Q1", "2025Q1..", "2025Q2..2025Q1", "1990Q1..2025Q1", "2024Q1..2024Q2..2024Q3"):
        with pytest.raises(UsageError):
            names(wrong)
    assert parse_period("2024Q4", county.connection) in parse_series("2024Q4..2025Q1", county.connection)


def test_what_was_sent_and_mended_is_told(tmp_path: Path) -> None:
    run(tmp_path, "synth", "county", "--persons", "40", "--seed", "7")
    run(tmp_path, "ingest", "county/archive")
    run(tmp_path, "register", "county/episodes.csv", "county/codes.csv")

    def newest() -> dict[str, object]:
        document = orjson.loads(run(tmp_path, "coverage", "--periods", "2024Q4..2025Q1", "-f", "json").out)
        period: dict[str, object] = document["periods"][-1]
        return period

    before = newest()
    lacking = before["totals"]["partial"] + before["totals"]["missing"]  # type: ignore[index]
    assert before["since_last_look"] is None
    assert (before["deliveries"], before["totals"]["not_delivered"]) == ("none", lacking)  # type: ignore[index]
    run(tmp_path, "deliver", "--period", "2025Q1", "--out", "sent")
    run(tmp_path, "deliver", "--mark-sent", "sent")
    gaps = run(tmp_path, "gaps", "--period", "2025Q1", "--class", "missing", "-f", "json").out
    (gone, *_) = [row["source_id"] for row in orjson.loads(gaps)["rows"]]
    lines = (tmp_path / "county/episodes.csv").read_text().splitlines(keepends=True)
    (tmp_path / "county/episodes.csv").write_text("".join(line for line in lines if not line.startswith(gone)))
    run(tmp_path, "register", "county/episodes.csv", "--replace-all")
    after = newest()
    assert after["since_last_look"] == {"mended": 1, "new": 0}
    assert after["deliveries"] == "sent"
    totals = after["totals"]
    assert (totals["delivered"], totals["not_delivered"]) == (lacking - 1, 0)  # type: ignore[index]
    assert totals["received"] == 1.0  # type: ignore[index]
