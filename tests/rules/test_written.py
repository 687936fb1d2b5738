"""Rows of a check are written as the JSON writer for everything else would write them, and read as they were."""

from __future__ import annotations

from itertools import product

import orjson
import pytest

from analyser.report.check.rows_json import rows_json
from analyser.report.json import dump
from analyser.rules import findings
from analyser.rules.findings import ROW, Row, machine_fields, rows_of

TEXTS = (None, "", "a", 'say "no"', "C:\\x", "line\nend\t\x00\x1f\x7f", "Työ, ikä \u2028 \U0001f600", "/a/0/b", "[]")
ODD: tuple[Row, ...] = tuple(
    (a, "k", b, a, None, b, a, "7", n, None) for a, b, n in product(TEXTS, TEXTS, (None, "id"))
)


@pytest.fixture(params=[1, 7, 20_480])
def batch(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches that end within, and after, the rows."""
    monkeypatch.setattr(findings, "BATCH", request.param)


@pytest.mark.usefixtures("batch")
@pytest.mark.parametrize("rows", [(), ODD[:1], ODD[:7], ODD, ODD * 3])
def test_rows_are_written_byte_for_byte_as_by_dump(rows: tuple[Row, ...]) -> None:
    named = [machine_fields(dict(zip(ROW, row, strict=True))) for row in rows]
    whole = dump({"rules": [{"of": 1, "rows": named}]}).encode()
    before, after = b'{\n  "rules": [\n    {\n      "of": 1,', b"\n    }\n  ]\n}\n"
    assert before + b"".join(rows_json(rows)) + after == whole
    assert orjson.loads(whole)["rules"][0]["rows"] == named


@pytest.mark.usefixtures("batch")
def test_rows_are_read_as_they_were() -> None:
    rows = rows_of(ODD)
    assert tuple(rows) == ODD
    assert len(rows) == len(ODD)
    assert (rows[0], rows[-1], rows[3:9], rows[:0], rows[70:900]) == (ODD[0], ODD[-1], ODD[3:9], (), ODD[70:900])
    assert rows_of(rows) is rows
