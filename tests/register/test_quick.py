"""Lines of a text file that are taken apart at once give what they give one by one, whatever stands in them."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analyser.messages.errors import UsageError
from analyser.register.layout import PLAIN
from analyser.register.lines import read_csv
from analyser.register.quick import sound_lines
from analyser.system.limits import Limits

_CELLS = st.sampled_from(
    ["", "A1", "A2", " b ", '"c"', '"c;d"', '"c""d"', 'c"d', '"', "Yhteensä", "Yhteensä 3 kpl", "24", "ä\u00a0", '" e"']
)
_LINES = st.lists(_CELLS, max_size=8).map(";".join)
_HEAD = "source_id;person_id;service_task;start;organiser;x_muu"


def _told(path: Path, *, quick: bool) -> object:
    with patch("analyser.register.quick._FEWEST", 1 if quick else 2**40):
        try:
            (table,) = read_csv(path, "f.csv", PLAIN, None, Limits(register_rows=30)).tables
        except UsageError as refusal:
            return refusal.told("en")
    lost = None if table.lost is None else table.lost.to_dicts()
    return table.frame.to_dicts(), table.odd, table.totals, table.repeated, lost


@given(
    lines=st.lists(_LINES | st.just(_HEAD) | st.just(";".join("abcdef")), max_size=34),
    end=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(),
    above=st.sampled_from(["", "sep=;\n", "Otsikko\n\n"]),
    trailing=st.sampled_from(["", ";", ";;"]),
)
@example(lines=["A1;p;24;s;o"], end="\n", last=False, above="", trailing="")
@example(lines=['A1;p;24;s;o;"x', 'A2;p;24;s;o;y"'], end="\n", last=True, above="", trailing="")
@settings(max_examples=150, deadline=None)
def test_the_way_of_reading_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], end: str, last: bool, above: str, trailing: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "quick.csv"
    text = above + end.join([_HEAD + trailing, *lines]) + (end if last else "")
    file.write_bytes(text.encode())
    assert _told(file, quick=True) == _told(file, quick=False)


def test_a_plain_list_is_taken_apart_at_once_and_one_with_riddles_is_not() -> None:
    plain = "A;1\n" * 3_000
    found = sound_lines(plain + "Yhteensä;\nB\n", ";", ["a", "b"], 2, [0, 1], 2, 100)
    assert found is not None
    assert (found.rows.height, found.rest) == (3_000, ((3_002, "Yhteensä;"), (3_003, "B")))
    for riddle in ('"A\nB";1\n', "A\0;1\n", "A;1\r"):
        assert sound_lines(plain + riddle, ";", ["a", "b"], 2, [0, 1], 2, 100) is None
