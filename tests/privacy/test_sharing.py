"""Nothing that a shared report leaves out can be computed back: for every figure there are two tables that fit all that
is published, and in which the figure lies at least the threshold apart."""

from __future__ import annotations

import csv
import io
import itertools
import json
import random
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analyser.coverage.result import Totals
from analyser.coverage.sharing import Level, planned
from tests.command import run_here as run
from tests.fixtures.make_county import COUNTY

_CLASSES = ("excluded", "undetermined", "archived", "partial", "missing")


def _totals(counts: tuple[int, ...], only: int = 0) -> Totals:
    """A cell of these classes; every row is a person of its own, with 90 days."""
    _, _, archived, partial, missing = counts
    expected = archived + partial + missing
    return Totals(sum(counts), *counts, only, 90 * expected, 90 * archived + 45 * partial, expected, archived)


def _sum(cells: list[Totals]) -> Totals:
    return Totals(
        *(sum(values) for values in zip(*[[getattr(c, n) for n in Totals.__slots__] for c in cells], strict=True))
    )


def _table(rows: list[int], columns: list[int], place: tuple[int, int], value: int) -> list[list[int]] | None:
    """A table of whole numbers with these sums and this value at the place, None when there is none."""
    own, name = place
    rows, columns = list(rows), list(columns)
    rows[own] -= value
    columns[name] -= value
    if min(rows[own], columns[name]) < 0:
        return None
    table = [[0] * len(columns) for _ in rows]
    table[own][name] = value
    # The row and the column of the place first: nothing else may go there.
    order = [(own, k) for k in range(len(columns)) if k != name] + [(i, name) for i in range(len(rows)) if i != own]
    order += [(i, k) for i in range(len(rows)) for k in range(len(columns)) if i != own and k != name]
    for i, k in order:
        more = min(rows[i], columns[k])
        table[i][k] += more
        rows[i] -= more
        columns[k] -= more
    return None if any(rows) or any(columns) else table


def _width(rows: list[int], columns: list[int], place: tuple[int, int]) -> int:
    """Between the smallest and the largest value for which a table exists."""
    fitting = [v for v in range(min(rows[place[0]], columns[place[1]]) + 1) if _table(rows, columns, place, v)]
    return fitting[-1] - fitting[0]


def _assert_hidden(cells: list[Totals], least: int) -> int:
    """Every figure that is left out is wide, given all that is published; returns how many were looked at."""
    whole = _sum(cells)
    plan = planned(whole, cells, least, 90)
    full = [cell for cell, level in zip(cells, plan.levels, strict=True) if level is Level.ALL]
    for cell in [*full, *([whole] if plan.whole is Level.ALL else [])]:
        for name in (*_CLASSES, "archived_only"):
            assert not 0 < getattr(cell, name) < least, "a small count is published"
    hidden = [(cell, level) for cell, level in zip(cells, plan.levels, strict=True) if level is not Level.ALL]
    told = [cell.rows for cell, level in hidden if level is Level.ROWS]
    unknown = [cell for cell, level in hidden if level is Level.NOTHING]
    assert all(rows > least for rows in told)
    looked = 0
    if unknown and plan.whole is not Level.NOTHING:
        spread = sum(cell.rows for cell in unknown)
        assert len(unknown) >= 2, "the one cell is what the totals leave"
        assert spread > least
        looked += len(unknown)
    if plan.whole is not Level.ALL:
        # No sums of classes are published: a cell's figure may be anything from 0 to its rows.
        return looked + len(told) * len(_CLASSES)
    assert len(hidden) != 1
    columns = [sum(getattr(cell, name) for cell, _ in hidden) for name in _CLASSES]
    only = sum(cell.archived_only for cell, _ in hidden)
    assert only == 0 or (only >= least and len(hidden) >= 2)
    for number, (_, level) in enumerate(hidden):
        for place, column in enumerate(columns):
            if column == 0:
                continue  # told as 0: everybody knows it
            if level is Level.ROWS:
                rows = [*told, *([sum(cell.rows for cell in unknown)] if unknown else [])]
                own = sum(1 for _, other in hidden[:number] if other is Level.ROWS)
            else:
                # All rows that no cell is told to have may be this cell's, or none.
                rows, own = [*told, sum(cell.rows for cell in unknown)], len(told)
                if len(unknown) > 1:
                    highest = min(rows[own], column)
                    assert highest >= least
                    looked += 1
                    continue
            assert _width(rows, columns, (own, place)) >= least
            looked += 1
    return looked


_count = st.one_of(st.just(0), st.integers(1, 4), st.integers(5, 60))
_cells = st.lists(st.tuples(st.tuples(*[_count] * 5), st.sampled_from([0, 0, 0, 2, 7])), min_size=1, max_size=7)


@settings(max_examples=300, deadline=None)
@example([((0, 0, 0, 0, 0), 0), ((0, 0, 0, 0, 2), 0), ((0, 0, 1, 1, 0), 0), ((0, 0, 1, 1, 1), 0)], 2)
@given(_cells, st.sampled_from([2, 3, 5, 10]))
def test_no_figure_that_is_left_out_can_be_computed_back(drawn: list[tuple[tuple[int, ...], int]], least: int) -> None:
    _assert_hidden([_totals(counts, only) for counts, only in drawn], least)


def _fitting(cells: list[Totals], levels: list[Level], days: int) -> list[tuple[tuple[int, ...], ...]]:
    """Every table of the hidden cells that fits what is published with the totals, by trying all: for each cell what is
    expected and what is archived of it. Of `days` 1 they are persons."""
    kind = "persons" if days == 1 else "days"
    hidden = [(cell, level) for cell, level in zip(cells, levels, strict=True) if level is not Level.ALL]
    expected, archived = (
        sum(getattr(cell, f"{kind}_{name}") for cell, _ in hidden) for name in ("expected", "archived")
    )
    spread = sum(cell.rows for cell, level in hidden if level is Level.NOTHING)
    told = [[cell.rows] if level is Level.ROWS else list(range(spread + 1)) for cell, level in hidden]
    fitting = set()
    for rows in itertools.product(*told):
        if sum(rows) != sum(cell.rows for cell, _ in hidden):
            continue
        pairs = [[(e, a) for e in range(days * n + 1) for a in range(e + 1)] for n in rows]
        # The last cell's pair is what the others leave.
        for table in itertools.product(*pairs[:-1]):
            last = expected - sum(e for e, _ in table), archived - sum(a for _, a in table)
            if 0 <= last[1] <= last[0] <= days * rows[-1]:
                fitting.add((*table, last))
    return sorted(fitting)


def _expected(pair: tuple[int, ...]) -> int:
    return pair[0]


def _archived(pair: tuple[int, ...]) -> int:
    return pair[1]


def _lacking(pair: tuple[int, ...]) -> int:
    return pair[0] - pair[1]


def _assert_measures_hidden(cells: list[Totals], least: int, days: int) -> int:
    """No figure of persons or of days of a hidden cell lies within fewer values than the threshold; how many were tried.

    One may be known that is known from the rows alone: every row is of a person of its own, or has all its days.
    """
    plan = planned(_sum(cells), cells, least, days)
    hidden = [cell for cell, level in zip(cells, plan.levels, strict=True) if level is not Level.ALL]
    if plan.whole is not Level.ALL or not hidden:
        return 0
    looked = 0
    for kind, most in (("persons", 1), ("days", days)):
        fitting = _fitting(cells, plan.levels, most)
        for place, cell in enumerate(hidden):
            pairs = [table[place] for table in fitting]
            for figure in (_expected, _archived, _lacking):
                if not sum(map(figure, fitting[0])):
                    continue  # it is told to be 0 in all of them
                values = {figure(pair) for pair in pairs}
                width = max(values) - min(values)
                assert width >= least or min(values) == most * cell.rows, (kind, cell, plan.levels, values)
                looked += 1
    return looked


def _small(dice: random.Random) -> Totals:
    excluded, archived, partial, missing = (dice.choice([0, 1, 2, 3]) for _ in range(4))
    rows = archived + partial + missing
    persons, days = dice.randint(min(rows, 1), rows), dice.randint(rows, 2 * rows)
    counts = (excluded, 0, archived, partial, missing)
    whole = dice.randint(0, min(persons, archived))
    return Totals(sum(counts), *counts, 0, days, dice.randint(min(archived, days), days), persons, whole)


def test_no_persons_and_no_days_can_be_computed_back_by_trying_every_table() -> None:
    dice = random.Random(1)
    looked = 0
    for _ in range(600):
        cells = [_small(dice) for _ in range(dice.choice([2, 3]))]
        looked += _assert_measures_hidden(cells, dice.choice([2, 3]), 2) > 0
    assert looked > 100, "tables that hide something beside totals that are told"


def test_a_small_number_of_persons_in_two_hidden_cells_hides_a_third() -> None:
    """One person in each of two cells lacks something: the totals would tell that it is two together."""

    def cell(lacking: int) -> Totals:
        return Totals(40, 0, 0, 30, 0, 10, 0, 3600, 2700, 30, 30 - lacking)

    cells = [cell(1), cell(1), cell(20)]
    plan = planned(_sum(cells), cells, 5, 90)
    assert plan.levels == [Level.ROWS] * 3


def test_a_report_without_small_counts_is_told_whole() -> None:
    cells = [_totals((0, 10, 50, 20, 8)), _totals((5, 0, 40, 5, 9))]
    plan = planned(_sum(cells), cells, 5, 90)
    assert plan.levels == [Level.ALL, Level.ALL]
    assert plan.whole is Level.ALL


def test_one_small_cell_takes_another_along_so_that_the_totals_do_not_give_it_back() -> None:
    cells = [_totals((0, 0, 50, 20, 2)), _totals((0, 0, 40, 10, 9)), _totals((0, 0, 90, 10, 30))]
    plan = planned(_sum(cells), cells, 5, 90)
    assert plan.levels == [Level.ROWS, Level.ROWS, Level.ALL]
    assert plan.whole is Level.ALL
    assert _assert_hidden(cells, 5) == 6


def test_without_a_cell_to_hide_behind_the_totals_are_left_out() -> None:
    cells = [_totals((0, 0, 50, 20, 2))]
    plan = planned(_sum(cells), cells, 5, 90)
    assert (plan.levels, plan.whole) == ([Level.ROWS], Level.ROWS)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixture county, loaded: small counts in nearly every cell."""
    folder = tmp_path_factory.mktemp("share")
    run(folder, "ingest", str(COUNTY / "archive"))
    run(folder, "register", *map(str, sorted(COUNTY.glob("*.csv"))))
    return folder


def _coverage(folder: Path, *more: str) -> str:
    done = run(folder, "coverage", "--period", "2025Q1", *more)
    assert done.code in (0, 1, 3), done.err
    return done.out


@pytest.mark.parametrize("by", ["layer,service-task", "municipality", "service-task,municipality,age-group"])
def test_the_json_keeps_its_keys_and_marks_what_is_left_out(county: Path, by: str) -> None:
    whole = json.loads(_coverage(county, "-f", "json", "--by", by))
    shared = json.loads(_coverage(county, "-f", "json", "--by", by, "--share"))
    assert set(whole) - {"sources", "fingerprints"} <= set(shared)
    assert [set(cell) for cell in whole["cells"]] == [set(cell) for cell in shared["cells"]]
    assert shared["suppressed"]["least"] == 5
    for place in shared["suppressed"]["places"]:
        value = shared
        for part in place.split("/")[1:]:
            value = value[int(part) if part.isdecimal() else part]
        assert value is None
    for cell in [shared["totals"], *shared["cells"]]:
        for name in ("rows", *_CLASSES, "archived_only", "persons_expected", "persons_archived"):
            assert cell[name] is None or not 0 < cell[name] < 5
    assert shared["reasons"] == [row for row in shared["reasons"] if row["rows"] >= 5]
    assert "Kaupunki" not in json.dumps(shared["separate_delivery"])


@pytest.mark.parametrize("output", ["text", "csv", "markdown", "html"])
def test_every_format_leaves_out_the_same(county: Path, output: str) -> None:
    told = _coverage(county, "-f", output, "--share", "1000", "--by", "municipality")
    assert "•" in told
    if output == "csv":
        rows = list(csv.DictReader(io.StringIO(told)))
        assert all(row["missing"] == row["rows"] == row["days_expected"] == "•" for row in rows)
        assert all(row["coverage_rows"] == "" for row in rows)
    elif output != "html":
        assert "%" not in told.split("•")[0]


def test_the_workbook_has_no_sheet_of_rows(county: Path) -> None:
    import polars as pl

    run(county, "coverage", "--period", "2025Q1", "-f", "xlsx", "--share", "-o", "shared.xlsx")
    run(county, "coverage", "--period", "2025Q1", "-f", "xlsx", "-o", "whole.xlsx")
    shared, whole = (
        pl.read_excel(county / name, sheet_id=0, infer_schema_length=0, raise_if_empty=False)
        for name in ("shared.xlsx", "whole.xlsx")
    )
    assert set(shared) < set(whole)
    assert "source_id" not in str(shared)


@pytest.mark.parametrize("command", ["gaps", "trace R1", "quarantine", "check", "deliver --out d", "diff a b", "log"])
def test_what_lists_rows_refuses_to_be_shared(county: Path, command: str) -> None:
    done = run(county, *command.split(), "--share")
    assert done.code == 2
    assert done.out == ""
    assert "cannot be made fit to be shared" in done.err


def test_a_threshold_that_protects_nobody_is_refused(county: Path) -> None:
    for least in ("1", "-3", "--share=1"):
        arguments = [least] if least.startswith("--share") else ["--share", least]
        assert run(county, "coverage", "--period", "2025Q1", *arguments).code == 2


def test_the_threshold_is_a_setting(county: Path) -> None:
    done = run(county, "coverage", "--period", "2025Q1", "-f", "json", "--share", KANTA_GAP_SHARE_LEAST="7")
    assert json.loads(done.out)["suppressed"]["least"] == 7
