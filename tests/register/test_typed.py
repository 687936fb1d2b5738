"""Typed cells of Parquet and databases: what a person would write, and a value beyond the calendar costs its row alone."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import duckdb
import polars as pl
import pyarrow as pa
import pytest

from analyser.messages.errors import UsageError
from analyser.register.typed import texts
from tests.command import run_here

_END = 2**63 - 1
_PLAIN: list[tuple[pa.DataType, list[object], list[str | None]]] = [
    (pa.date32(), [0, 2_932_896, 2_932_897, -719_162, -719_163, 2**31 - 1, None],
     ["1970-01-01", "9999-12-31", "infinity", "0001-01-01", "-infinity", "infinity", None]),
    (pa.date64(), [86_400_000, _END], ["1970-01-02", "infinity"]),
    (pa.timestamp("s"), [-1, 9_200_000_000_000], ["1969-12-31", "infinity"]),
    (pa.timestamp("us"), [253_402_300_799_999_999, _END, -_END], ["9999-12-31", "infinity", "-infinity"]),
    (pa.timestamp("ns"), [86_399_999_999_999, None], ["1970-01-01", None]),
    (pa.timestamp("us", "UTC"), [22 * 3_600_000_000, _END, -_END], ["1970-01-02", "infinity", "-infinity"]),
    (pa.float64(), [24.0, 1.5, float("nan"), float("inf"), 1e30], ["24", "1.5", None, "inf", "1e+30"]),
    (pa.decimal128(38, 0), [Decimal(10**37)], [str(10**37)]),
    (pa.decimal128(10, 2), [Decimal("24.00"), Decimal("24.50")], ["24.00", "24.50"]),
    (pa.large_string(), ["24.0", "2025-01-01 00:00:00", ""], ["24", "2025-01-01", ""]),
    (pa.bool_(), [True], ["true"]),
    (pa.null(), [None], [None]),
    (pa.time64("us"), [0], ["00:00:00.000000"]),
]  # fmt: skip


def test_typed_cells_are_written_as_a_person_would() -> None:
    for kind, cells, expected in _PLAIN:
        if pa.types.is_temporal(kind):
            width = pa.int32() if kind.bit_width == 32 else pa.int64()
            column = pa.chunked_array([pa.array(cells, width).view(kind)])
        else:
            column = pa.chunked_array([pa.array(cells, kind)])
        assert texts(column, "start", "file").to_list() == expected, kind
    coded = pa.chunked_array([pa.array(["a", "b", "a"]).dictionary_encode()])
    assert texts(coded, "start", "file").to_list() == ["a", "b", "a"]
    for odd in (pa.duration("us"), pa.binary(), pa.list_(pa.string()), pa.month_day_nano_interval()):
        with pytest.raises(UsageError):
            texts(pa.chunked_array([pa.array([None], odd)]), "start", "file")


def test_a_value_beyond_the_calendar_costs_its_row(tmp_path: Path) -> None:
    rows = ", ".join(
        f"('R{number}', '010180-90{number}X', 24, {start}, {end}, '1.2.246.10.99999901.10.0')"
        for number, (start, end) in enumerate(
            [("'2025-01-05'", "'2025-02-01'"), ("'2025-01-05'", "'infinity'"), ("'-infinity'", "NULL"), ("'290000-01-01'", "NULL"),
             ("'0044-03-15 (BC)'", "NULL")]
        )
    )  # fmt: skip
    for kind in ("DATE", "TIMESTAMP", "TIMESTAMPTZ"):
        folder = tmp_path / kind
        folder.mkdir()
        with duckdb.connect(str(folder / "source.duckdb")) as connection:
            connection.execute(
                f'CREATE TABLE list AS SELECT * REPLACE (start::{kind} AS start, "end"::{kind} AS "end") '
                f'FROM (VALUES {rows}) AS row (source_id, person_id, service_task, start, "end", organiser)'
            )
            connection.execute("COPY list TO '" + str(folder / "list.parquet") + "'")
        (folder / "kanta-gap.toml").write_text(
            '[source.list]\nengine = "duckdb"\nfile = "source.duckdb"\nquery = "FROM list ORDER BY source_id"\n'
        )
        for asked in (["--source", "list"], ["list.parquet"]):
            done = run_here(folder, "register", *asked, "--db", f"{len(asked)}.duckdb")
            assert done.code == 3, done.err
            assert "1 of 5 rows loaded" in done.err + done.out
            assert "row 3, column end: not a date" in done.err
            assert "column start: not a date of the form YYYY-MM-DD or d.m.yyyy that exists: 3 rows (4–6)" in done.err
            assert "panicked" not in done.err


def test_a_panic_ends_as_one_line(tmp_path: Path) -> None:
    with patch("analyser.cli.info._facts", side_effect=pl.exceptions.PanicException("words")):
        done = run_here(tmp_path, "info")
    assert done.code == 2
    assert done.err.startswith("kanta-gap: error: ")
    assert "words" not in done.err
