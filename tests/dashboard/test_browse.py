"""Pages of the ledger: every row once, in both directions, whatever is chosen; and a file that nobody holds."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyser.coverage.browse import BrowsedRow, Choice, Pages
from analyser.coverage.conditions import Thresholds
from analyser.coverage.model import Request
from analyser.coverage.result import Dimension, Reason, RowClass
from analyser.store.database import DatabaseInUseError, open_database
from analyser.store.shared import SharedDatabase
from tests.dashboard.county import RESTRICTED, UNITS
from tests.dashboard.walk import PERIOD

_WRITE = (
    "import sys, time, pathlib\n"
    "from analyser.store.database import open_database\n"
    "with open_database(pathlib.Path(sys.argv[1]), write=True):\n"
    "    print('writing', flush=True)\n"
    "    sys.stdin.read()\n"
)


@pytest.fixture(scope="module")
def standing(county: Path) -> Iterator[Pages]:
    """The county, compared."""
    with closing(SharedDatabase(county)) as shared:
        compared = Pages(shared, Request(PERIOD))
        compared.build(Thresholds())
        yield compared


choices = st.builds(
    Choice,
    classes=st.lists(st.sampled_from(RowClass), max_size=2, unique=True).map(tuple),
    reasons=st.lists(st.sampled_from(Reason), max_size=2, unique=True).map(tuple),
    place=st.sampled_from(
        [None, (Dimension.MUNICIPALITY, "092"), (Dimension.MUNICIPALITY, None), (Dimension.UNIT, UNITS[0])]
    ),
)


@settings(max_examples=30, deadline=None)
@given(choice=choices, size=st.integers(1, 4))
def test_pages_hold_every_chosen_row_once_forwards_and_backwards(standing: Pages, choice: Choice, size: int) -> None:
    forwards: list[BrowsedRow] = []
    while page := standing.page(choice, size, after=forwards[-1] if forwards else None):
        assert len(page) <= size
        forwards += page
    backwards = standing.last_page(choice, size)
    while backwards and (page := standing.page(choice, size, before=backwards[0])):
        backwards = page + backwards
    assert backwards == forwards
    assert len({row.source_id for row in forwards}) == len(forwards)
    assert sum(standing.counts(choice).values()) == len(forwards) == len(list(standing.exported(choice)))


def test_what_needs_somebody_stands_first(standing: Pages) -> None:
    order = [row.row_class for row in standing.page(Choice(), 50)]
    ranks = [RowClass.MISSING, RowClass.PARTIAL, RowClass.UNDETERMINED, RowClass.ARCHIVED, RowClass.EXCLUDED]
    assert order == sorted(order, key=ranks.index)


def test_a_cell_and_the_rows_it_opens_to_tie(standing: Pages) -> None:
    for dimension in (Dimension.MUNICIPALITY, Dimension.UNIT, Dimension.AGE_GROUP, Dimension.PRODUCER):
        for cell in standing.cells(dimension):
            where = dict(cell.place)
            choice = Choice(where["layer"], where["service_task"], (dimension, where[dimension.key]))
            counts = standing.counts(choice)
            assert sum(counts.values()) == cell.totals.rows
            assert counts.get(RowClass.MISSING, 0) == cell.totals.missing


def test_a_restricted_person_is_listed_at_no_place(standing: Pages) -> None:
    for place in ((Dimension.MUNICIPALITY, "753"), (Dimension.UNIT, UNITS[1])):
        assert all(row.person_key != RESTRICTED for row in standing.page(Choice(place=place), 50))
    detail = standing.row("R05")
    assert detail is not None
    assert detail.row.hidden
    assert detail.row.unit is detail.row.municipality is None
    assert all(interval.unit is None for interval in detail.intervals)


def test_the_file_is_let_go_and_the_figures_stay(own_county: Path) -> None:
    shared = SharedDatabase(own_county)
    compared = Pages(shared, Request(PERIOD))
    compared.build(Thresholds())
    with open_database(own_county, write=True) as database:
        database.connection.execute("DELETE FROM register_episode")
        assert len(compared.page(Choice(), 50)) == 9
    assert sum(compared.counts(Choice()).values()) == 9
    shared.close()


def test_a_writer_is_named_while_it_writes(own_county: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _WRITE, str(own_county)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n"
        shared = SharedDatabase(own_county)
        with pytest.raises(DatabaseInUseError) as refused, shared.reading(shared.cursor()):
            pass
        assert refused.value.process == writer.pid
        writer.communicate("")
    with shared.reading(shared.cursor()) as cursor:
        assert cursor.execute("SELECT count(*) FROM register_episode").fetchone() == (10,)
    shared.close()
