"""Counties side by side: the measure of a task is right to the person, and what cannot be known is not reckoned."""

from __future__ import annotations

from typing import Any

import pytest

from analyser.coverage.combined import Combined, combined
from analyser.coverage.names import Names
from analyser.messages.errors import UsageError
from analyser.report.combined import combined_html, combined_json, combined_text


def _cell(task: str, archived: int, missing: int = 0, **further: Any) -> dict[str, Any]:
    counts = {"excluded": 0, "undetermined": 0, "partial": 0} | further
    rows = archived + missing + sum(counts.values())
    basis = archived + missing + counts["partial"]
    share = round(archived / basis, 6) if basis else None
    told = {"layer": "service-task", "service_task": task, "rows": rows, "archived": archived, "missing": missing}
    return told | counts | {"coverage_rows": share}


def _report(organiser: str, *cells: dict[str, Any], population: int | None = 100, **further: Any) -> dict[str, Any]:
    return {
        "schema": "kanta-gap/coverage/1",
        "tool_version": "9",
        "period": {"id": "2025Q1", "start": "2025-01-01", "end": "2025-03-31"},
        "as_of": None,
        "organisers": [organiser],
        "separate_delivery": {"refused": 0, "conditions": {"population": {"numbers": {"population": population}}}},
        "cells": list(cells),
        "documents": {"quarantined": 0},
        "reasons": [{"class": "missing", "reason": "other-organiser", "rows": 2}],
    } | further


def _combined(*reports: dict[str, Any], threshold: float = 1.0) -> Combined:
    named = [(f"{place}.json", f"County {place}", report) for place, report in enumerate(reports)]
    return combined(named, threshold, "9")


def test_the_share_of_the_population_is_that_of_counties_where_the_task_is_comprehensive() -> None:
    found = _combined(
        _report("1.2", _cell("24", 10), _cell("15", 3, 1), population=300),
        _report("1.1", _cell("24", 9, 1), _cell("15", 4), population=100),
        _report("1.3", _cell("24", 5), _cell("12", 0, excluded=4), population=200),
    )
    told = {one.service_task: one for one in found.measures}
    assert [county.organisers for county in found.counties] == [("1.1",), ("1.2",), ("1.3",)]
    families, substance = told["24"], told["15"]
    assert (families.comprehensive, families.not_comprehensive, families.population_share) == (
        2,
        1,
        round(500 / 600, 6),
    )
    assert (substance.comprehensive, substance.not_comprehensive, substance.without_rows) == (1, 1, 1)
    assert substance.population_share == round(100 / 600, 6)
    assert "12" not in told, "a task whose rows are all excluded is no county's matter"
    assert all(
        one.comprehensive + one.not_comprehensive + one.unknown + one.without_rows == one.counties == 3
        for one in found.measures
    )


def test_a_threshold_is_reached_by_exactly_as_many_rows_as_it_says() -> None:
    """0.95 of 20 is 19: as a float 19/20 may be a little less, or more."""
    for archived, reached in ((19, True), (18, False)):
        (one,) = _combined(_report("1.1", _cell("24", archived, 20 - archived)), threshold=0.95).measures
        assert bool(one.comprehensive) is reached


@pytest.mark.parametrize(
    "report",
    [
        _report("1.2", _cell("24", 10, undetermined=1)),
        _report("1.2", _cell("24", 10)) | {"separate_delivery": _report("1.2")["separate_delivery"] | {"refused": 1}},
        _report("1.2", _cell("24", 10) | {"archived": None, "missing": None, "coverage_rows": None}),
        _report("1.2", _cell("24", 10), population=None),
    ],
    ids=["undetermined", "refused", "left out", "no population"],
)
def test_what_cannot_be_known_leaves_no_share(report: dict[str, Any]) -> None:
    found = _combined(_report("1.1", _cell("24", 4)), report)
    (one,) = found.measures
    assert one.population_share is None
    page = combined_text(found, Names(), "en", width=100, color=False)
    assert "–" in page and "100.0% of its rows" in page


def test_what_would_mislead_is_refused_in_words() -> None:
    one = _report("1.1", _cell("24", 4))
    by_unit = _report("1.2", _cell("24", 4) | {"unit": "1.9"})
    other_day = _report("1.2", _cell("24", 4), as_of="2025-05-01")
    earlier = _report("1.1", period={"id": "2024Q4", "start": "2024-10-01", "end": "2024-12-31"})
    other_days = _report("1.2", period={"id": "2025Q1", "start": "2025-01-01", "end": "2025-03-30"})
    for key, reports in {
        "combine.twice": (one, _report("1.1", _cell("24", 9))),
        "combine.version": (one, _report("1.2", tool_version="8")),
        "combine.by": (one, by_unit),
        "combine.as_of": (one, other_day),
        "combine.lacks": (one, earlier, _report("1.2", _cell("24", 4))),
        "combine.period": (one, other_days),
        "combine.no_organiser": (one, _report("1.2", organisers=[])),
        "combine.not_whole": (one, {"schema": "kanta-gap/coverage/1", "tool_version": "9"}),
    }.items():
        with pytest.raises(UsageError) as refused:
            _combined(*reports)
        assert refused.value.key == key


def test_the_same_counties_give_the_same_bytes_in_any_order_and_no_name_is_markup() -> None:
    reports = [_report(f"1.{place}", _cell("24", place, 1)) for place in range(1, 5)]
    named = [(f"{place}.json", f"<b>{place}</b>", report) for place, report in enumerate(reports)]
    one, other = combined(named, 1.0, "9"), combined(named[::-1], 1.0, "9")
    assert combined_json(one) == combined_json(other)
    page = combined_html(one, Names(), "fi")
    assert page == combined_html(other, Names(), "fi")
    assert "<b>" not in page and "&lt;b&gt;1" in page
