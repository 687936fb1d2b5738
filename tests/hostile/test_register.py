"""Hostile register files: a row that cannot be read costs that row, a file that cannot be read one line; nothing else."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from tests.command import Done, run_here

_ORGANISER = "1.2.246.10.99999901.10.0"
_HEADER = "source_id;person_id;start;organiser;unit"


def _row(number: int, unit: str = "") -> str:
    return f"R{number};140312A907T;2025-01-17;{_ORGANISER};{unit}"


def _load(folder: Path, data: bytes | str, *arguments: str) -> Done:
    (folder / "f.csv").write_bytes(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data)
    done = run_here(folder, "register", "f.csv", "--kind", "episodes", *arguments)
    assert "Traceback" not in done.err
    assert "140312A907T" not in done.err
    assert "panicked" not in done.err
    return done


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (b'R2;"140312A907T;2025-01-17;1.2.3;', "quotes"),
        (b'R2;140312A907T;2025-01-17;1.2.3;"a" b', "quotes"),
        (b"R2\0;140312A907T;2025-01-17;1.2.3;", "control characters"),
        (b"R2;140312A907T;2025-01-17;1.2.3;\x1b[31m", "control characters"),
        ("R2;140312A907T;2025-01-17;1.2.3;\u202eabc".encode(), "control characters"),
        (b"R2;140312A907T;2025-01-17;1.2.3;" + b"x" * 5_000, "longer than 1000"),
        (b"R2;140312A907T;2025-01-17;1.2.3;" + b"x" * 3_000_000, "a line of more than"),
        (b"R2" + b";x" * 100_000, "cells where the header has"),
    ],
)
def test_a_row_that_cannot_be_read_costs_that_row_alone(tmp_path: Path, bad: bytes, told: str) -> None:
    good = "\n".join(map(_row, range(10, 400))).encode()
    done = _load(tmp_path, b"\n".join([_HEADER.encode(), _row(1).encode(), bad, good]))
    assert done.code == 3
    assert "391" in done.err
    assert done.err.count("row 3") == 1
    assert told in done.err


def test_a_quote_that_nobody_closes_at_the_end_costs_the_last_row(tmp_path: Path) -> None:
    done = _load(tmp_path, f'{_HEADER}\n{_row(1)}\n"R2;{_row(3)}')
    assert done.code == 3
    assert "row 3" in done.err


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"x" * 40_000_000, "header"),
        (("a;" * 1_000_000).encode(), "header"),
        ((";".join(f"c{n}" for n in range(100_000)) + "\n").encode(), "columns"),
        (f"{_HEADER}\n{_row(1)}\n".encode("utf-16")[:-1], "UTF-16"),
        ("\n".join([_HEADER, _row(1, "\xf6"), ""]).encode("latin-1") + _row(2, "\xf6").encode(), "lines 2, 3"),
        (b"PAR1" + b"\0" * 500 + b"PAR1", "Parquet"),
        (b"PK\x03\x04" + b"\0" * 500, "XLSX"),
    ],
)
def test_a_file_that_is_no_table_is_told_in_one_line(tmp_path: Path, data: bytes, told: str) -> None:
    done = _load(tmp_path, data)
    assert done.code == 2
    assert told in done.err
    assert len(done.err.splitlines()) == 2


def _workbook(sheet: str | None = None, *, rows: list[list[str]] | None = None) -> bytes:
    """A workbook, its sheet's XML replaced when given."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        written = book.add_worksheet()
        for number, row in enumerate(rows or [_HEADER.split(";"), _row(1, "=1+1").split(";")]):
            for column, cell in enumerate(row):
                written.write_string(number, column, cell)
        written.write_formula(1, 4, '=HYPERLINK("http://127.0.0.1:9/")', None, "shown")
    if sheet is None:
        return buffer.getvalue()
    out = io.BytesIO()
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = sheet.encode() if info.filename.endswith("sheet1.xml") else old.read(info)
            new.writestr(info.filename, data)
    return out.getvalue()


def _sheet(cells: str, doctype: str = "") -> str:
    return (
        f'<?xml version="1.0"?>{doctype}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData></worksheet>"
    )


def _far_apart() -> bytes:
    return _workbook(
        _sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    )


def _laughs() -> bytes:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE x [<!ENTITY l0 "lol">{levels}<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return _workbook(_sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>&l11;&e;</t></is></c></row>', doctype))


def _bomb() -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(1100):
            part.write(b" " * 2**20)
    return out.getvalue()


def _parquet(table: pa.Table, **options: object) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, **options)
    return buffer.getvalue()


def _many_rows() -> bytes:
    return _parquet(pa.table({"source_id": pa.array([None] * 11_000_000, pa.string())}))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (_far_apart, "process_memory|can be read|lacks columns"),
        (_laughs, "can be read|lacks columns"),
        (_bomb, "register_bytes"),
        (lambda: _workbook()[:-200], "can be read"),
        (_many_rows, "register_rows"),
        (lambda: _parquet(pa.table({"source_id": [[1]], "person_id": ["x"], "start": ["x"], "organiser": ["x"]})), "no plain column"),
        (lambda: _parquet(pa.table({"source_id": ["x"] * 1000}))[:-60] + b"PAR1", "can be read"),
    ],
    ids=["two-cells-far-apart", "entities", "bomb", "cut", "eleven-million-rows", "lists-for-texts", "torn"],
)  # fmt: skip
def test_a_hostile_sheet_costs_one_line_and_no_more_memory_than_allowed(
    tmp_path: Path, data: object, told: str
) -> None:
    done = _load(tmp_path, data())  # type: ignore[operator]
    assert done.code == 2
    assert re.search(told, done.err), done.err
    assert len(done.err.splitlines()) == 2


def test_formulas_and_links_of_a_workbook_are_texts_and_the_rest_stays_loaded(tmp_path: Path) -> None:
    assert _load(tmp_path, f"{_HEADER}\n{_row(7)}\n").code == 0
    (tmp_path / "book.xlsx").write_bytes(_workbook(rows=[_HEADER.split(";"), _row(1).split(";"), ["R2", "x"]]))
    done = run_here(tmp_path, "register", "book.xlsx")
    assert done.code == 3
    listed = run_here(tmp_path, "gaps", "--period", "2025Q1", "-f", "csv").out
    assert [line.split(",")[0] for line in listed.splitlines()] == ["source_id", "R1", "R7"]


def test_a_parquet_file_of_other_types_is_read_as_a_person_would_write_it(tmp_path: Path) -> None:
    import datetime as dt

    table = pa.table(
        {
            "source_id": pa.array([1, 2], pa.int64()),
            "person_id": ["140312A907T", None],
            "start": pa.array([dt.datetime(2025, 1, 17), None], pa.timestamp("us")),
            "organiser": pa.array([_ORGANISER, _ORGANISER]).dictionary_encode(),
            "blob": pa.array([b"\xff", b"\0"], pa.binary()),
        }
    )
    (tmp_path / "f.parquet").write_bytes(_parquet(table))
    done = run_here(tmp_path, "register", "f.parquet")
    assert done.code == 3
    assert "row 3" in done.err
    assert "blob" in done.err


def test_the_limits_of_the_register_are_settings(tmp_path: Path) -> None:
    (tmp_path / "kanta-gap.toml").write_text("[limits]\nregister_rows = 2\n")
    rows = "\n".join(map(_row, range(3)))
    assert "register_rows" in _load(tmp_path, f"{_HEADER}\n{rows}\n").err
    (tmp_path / "kanta-gap.toml").write_text("[limits]\nregister_columns = 3\n")
    assert "register_columns" in _load(tmp_path, f"{_HEADER}\n{rows}\n").err
    (tmp_path / "kanta-gap.toml").write_text("[limits]\nregister_bytes = 30\n")
    assert "register_bytes" in _load(tmp_path, f"{_HEADER}\n{rows}\n").err
    (tmp_path / "kanta-gap.toml").write_text("[limits]\nprocess_memory = 1000000\n")
    done = _load(tmp_path, _workbook())
    assert (done.code, "process_memory" in done.err) == (2, True)


def test_a_pipe_in_place_of_a_register_file_keeps_nobody_waiting(tmp_path: Path) -> None:
    subprocess.run(["mkfifo", tmp_path / "f.csv"], check=True)
    done = run_here(tmp_path, "register", "f.csv")
    assert done.code == 2
    assert "a pipe" in done.err
