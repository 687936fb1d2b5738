"""Every dialect and kind is read; every row that cannot be read is told by file, row, column and reason, never by cell."""

from __future__ import annotations

import datetime as dt
import unicodedata
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyser.messages.errors import UsageError
from analyser.register.kinds import RegisterKind
from analyser.register.load import RegisterLoad, read_register
from analyser.register.several_files import agreed
from analyser.store.database import Database, connect_memory
from analyser.store.register_load import LoadScope, Together, load_register

_ORGANISER = "1.2.246.10.99999901.10.0"
_CANARY = "140312A907T"
_HEADER = ("source_id", "person_id", "service_task", "start", "end", "organiser")
_ROW = ("R1", _CANARY, "24", "2025-01-17", "", _ORGANISER)


def _csv(folder: Path, *rows: tuple[str, ...], separator: str = ";", bom: bool = False, name: str = "f.csv") -> Path:
    path = folder / name
    text = "\n".join(separator.join(row) for row in rows) + "\n"
    path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + text.encode())
    return path


def _read(path: Path, kind: RegisterKind | None = None) -> RegisterLoad:
    return read_register(path, kind, b"k" * 32)


def _errors(load: RegisterLoad) -> list[tuple[int, str]]:
    assert _CANARY not in str(load.errors.to_pylist())
    return [(row["row"], row["column"]) for row in load.errors.to_pylist()]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("bom", [False, True])
def test_every_dialect_is_read(tmp_path: Path, separator: str, bom: bool) -> None:
    load = _read(_csv(tmp_path, _HEADER, _ROW, separator=separator, bom=bom))
    row = load.table.to_pylist()[0]
    assert load.kind is RegisterKind.EPISODES
    assert (row["source_id"], row["layer"], row["start_lo"], row["end_lo"]) == (
        "R1",
        "service-task",
        dt.date(2025, 1, 17),
        None,
    )
    assert load.identities.to_pylist()[0]["value"] == _CANARY


def test_quoted_cells_may_hold_separators_and_line_breaks(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_text(f'source_id,person_id,start,organiser,unit\nR1,{_CANARY},2025-01-01,{_ORGANISER},"a, ""b""\nc"\n')
    assert _read(path).table.to_pylist()[0]["unit"] == 'a, "b" c'


def test_finnish_and_partial_dates_are_read(tmp_path: Path) -> None:
    rows = [("R1", "p", "24", "1.2.2025", "2025-03", _ORGANISER), ("R2", "p", "24", "2025", "", _ORGANISER)]
    told = _read(_csv(tmp_path, _HEADER, *rows)).table.to_pylist()
    assert (told[0]["start_text"], told[0]["end_lo"], told[0]["end_hi"]) == (
        "2025-02-01",
        dt.date(2025, 3, 1),
        dt.date(2025, 3, 31),
    )
    assert told[1]["start_hi"] == dt.date(2025, 12, 31)


@pytest.mark.parametrize("suffix", ["xlsx", "parquet"])
def test_spreadsheets_and_parquet_give_what_a_person_meant(tmp_path: Path, suffix: str) -> None:
    frame = pl.DataFrame(
        {
            "source_id": ["R1"],
            "person_id": [_CANARY],
            "service_task": [24.0],
            "start": [dt.date(2025, 1, 17)],
            "organiser": [_ORGANISER],
            "municipality": [92],
        }
    )
    path = tmp_path / f"f.{suffix}"
    frame.write_excel(path) if suffix == "xlsx" else frame.write_parquet(path)
    row = _read(path).table.to_pylist()[0]
    assert (row["service_task"], row["municipality"], row["start_text"]) == ("24", "092", "2025-01-17")


_BAD: list[tuple[dict[str, str], str]] = [
    ({"source_id": ""}, "source_id"),
    ({"person_id": ""}, "person_id"),
    ({"start": ""}, "start"),
    ({"start": _CANARY}, "start"),
    ({"start": "31.2.2025"}, "start"),
    ({"end": "2025-13-01"}, "end"),
    ({"organiser": ""}, "organiser"),
    ({"organiser": _CANARY}, "organiser"),
    ({"source_id": "x" * 1001}, "source_id"),
]


@pytest.mark.parametrize(("changed", "column"), _BAD)
def test_a_row_that_cannot_be_read_is_told_and_the_rest_is_loaded(
    tmp_path: Path, changed: dict[str, str], column: str
) -> None:
    bad = tuple((dict(zip(_HEADER, ("R2", *_ROW[1:]), strict=True)) | changed).values())
    load = _read(_csv(tmp_path, _HEADER, _ROW, bad, ("R3", *_ROW[1:])))
    assert _errors(load) == [(3, column)]
    assert [row["source_id"] for row in load.table.to_pylist()] == ["R1", "R3"]


def test_rows_of_one_key_that_contradict_each_other_are_all_refused(tmp_path: Path) -> None:
    other = ("R1", *_ROW[1:3], "2025-01-18", *_ROW[4:])
    read = _read(_csv(tmp_path, _HEADER, _ROW, other, ("R3", *_ROW[1:])))
    (load,) = agreed([read])
    assert _errors(load) == [(2, "source_id"), (3, "source_id")]
    assert [row["source_id"] for row in load.table.to_pylist()] == ["R3"]


def test_a_row_with_another_number_of_cells_is_told(tmp_path: Path) -> None:
    load = _read(_csv(tmp_path, _HEADER, _ROW, ("R2", "too", "few")))
    assert _errors(load) == [(3, "")]


_KINDS: dict[RegisterKind, tuple[tuple[tuple[str, ...], ...], list[tuple[int, str]]]] = {
    RegisterKind.POPULATION: (
        (("municipality", "year", "population", "age_group"), ("92", "2025", "5", "0-17"), ("092", "2025", "x", ""),
         ("1234", "2025", "1", ""), ("091", "2025", "1", "teens")),
        [(3, "population"), (4, "municipality"), (5, "age_group")],
    ),
    RegisterKind.IDENTITIES: (
        (("person_id", "same_as_id", "from"), ("a", "b", "2025-01-01"), ("a", "a", ""), ("a", "c", "2025")),
        [(3, "same_as_id"), (4, "from")],
    ),
    RegisterKind.CODES: (
        (("code", "key", "in_register"), ("1", "a", "kyllä"), ("", "", "no"), ("2", "b", "perhaps")),
        [(3, "code"), (4, "in_register")],
    ),
    RegisterKind.PERIODS: (
        (("period", "start", "end", "deadline"), ("A", "2025-01-01", "2025-03-31", ""), ("B", "2025-06-01", "2025-05-01", ""),
         ("C", "2025-03-01", "2025-04-30", "")),
        [(3, "end"), (4, "start")],
    ),
    RegisterKind.SERVICES: (
        (("source_id", "person_id", "kind", "organiser"), ("S1", "p", "service", _ORGANISER), ("S2", "p", "gift", _ORGANISER)),
        [(3, "kind")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", _KINDS)
def test_every_kind_is_recognised_by_its_columns_and_told_of_its_errors(tmp_path: Path, kind: RegisterKind) -> None:
    rows, errors = _KINDS[kind]
    load = _read(_csv(tmp_path, *rows))
    assert load.kind is kind
    assert sorted(_errors(load)) == errors
    with connect_memory() as connection:
        assert load_register(Database(connection, b"k" * 32, tmp_path), load).loaded == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"one,two\n1,2\n", "columns of no register file"),
        (b"source_id,source_id,person_id\n", "twice"),
        ("source_id;nimi\xe4\n\xc3\xa4".encode("latin-1"), "several encodings; they meet in the lines 1, 2"),
        (b"source_id;P\x84ihde\n", "no encoding that is recognised"),
        (b"\xff\xfes\0o\0u", "not UTF-16 text"),
        (b"source\0_id;nimi\n", "NUL"),
        (b"PAR1 no parquet", "Parquet"),
        (b"PK\x03\x04 no workbook", "XLSX"),
        (b'"source_id,person_id,start,organiser\n', "header"),
        (b"\n\n", "header"),
        (b"a," * 600_000, "header"),
        (b"a," * 5_000 + b"\n", "columns"),
    ],
)
def test_a_file_that_is_no_table_is_one_line_and_a_hint(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=told) as refusal:
        _read(path)
    assert refusal.value.hint("en")


def test_unknown_columns_are_told_and_ignored(tmp_path: Path) -> None:
    load = _read(_csv(tmp_path, (*_HEADER, "colour"), (*_ROW, "red")))
    assert load.unknown_columns == ("colour",)
    assert load.table.num_rows == 1


def test_loading_again_replaces_and_replace_all_starts_anew(tmp_path: Path) -> None:
    one = _read(_csv(tmp_path, _HEADER, _ROW, ("R2", *_ROW[1:])))
    other = _read(_csv(tmp_path, _HEADER, ("R2", *_ROW[1:]), ("R3", *_ROW[1:])))
    with connect_memory() as connection:
        database = Database(connection, b"k" * 32, tmp_path)
        load_register(database, one)
        assert (load_register(database, other).replaced, load_register(database, other).total) == (1, 3)
        assert load_register(database, other, Together([other], LoadScope(everything=True))).total == 2


_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=12
)


@settings(max_examples=50, deadline=None)
@given(units=st.lists(_TEXT, min_size=1, max_size=5), separator=st.sampled_from(",;\t"))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, units: list[str], separator: str
) -> None:
    path = tmp_path_factory.mktemp("round") / "f.csv"
    rows: list[dict[str, Any]] = [
        dict(zip(_HEADER, (f"R{n}", *_ROW[1:]), strict=True)) | {"unit": unit} for n, unit in enumerate(units)
    ]
    pl.DataFrame(rows).write_csv(path, separator=separator, quote_style="always")
    assert [row["unit"] for row in _read(path).table.to_pylist()] == [
        unicodedata.normalize("NFC", unit).strip() for unit in units
    ]
