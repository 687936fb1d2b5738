"""`--parts N` divides the work and changes no byte: not of a report, a list, a check or a delivery."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analyser.cli import asking
from analyser.coverage import model
from analyser.coverage import parts as in_parts
from analyser.synth import synthesise
from tests.command import run_here


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county")
    synthesise(folder / "county", 25)
    assert run_here(folder, "ingest", "county/archive", "-q", "--db", "county.duckdb", "--workers", "1").code in (0, 3)
    files = [str(file) for file in sorted((folder / "county").glob("*.csv"))]
    assert run_here(folder, "register", *files, "-q", "--db", "county.duckdb").code in (0, 3)
    return folder


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("coverage", "-f", "json", "--by", "municipality,unit"), marks=pytest.mark.long),
        pytest.param(("coverage", "-f", "html"), marks=pytest.mark.long),
        pytest.param(("gaps", "-f", "csv"), marks=pytest.mark.long),
        ("gaps", "--services", "-f", "csv"),
        pytest.param(("check", "-f", "json"), marks=pytest.mark.long),
        ("deliver", "--out", "delivery", "--with-services"),
        pytest.param(("deliver", "--status", "-f", "csv"), marks=pytest.mark.long),
    ],
    ids=" ".join,
)
def test_no_byte_tells_in_how_many_parts_a_county_was_compared(
    county: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    asked: list[int] = []
    of_model = model.compare_in_parts
    monkeypatch.setattr(asking, "parts_that_fit", lambda _: 2)  # as if memory were short

    def compared(connection: duckdb.DuckDBPyConnection, parts: int, *others: Any, **named: Any) -> float:
        asked.append(parts)
        return of_model(connection, parts, *others, **named)

    monkeypatch.setattr(model, "compare_in_parts", compared)
    told = []
    for parts in (("--parts", "1"), ("--parts", "3"), ()):
        folder = tmp_path / "-".join(parts or ("chosen",))
        folder.mkdir()
        shutil.copy(county / "county.duckdb", folder / "kanta-gap.duckdb")
        done = run_here(folder, *words, "--period", "2025Q1", *parts)
        assert done.code in (0, 1, 3), done.err
        assert ("compared in 2 parts" in done.err) == (not parts), done.err
        files = {path.name: path.read_bytes() for path in sorted((folder / "delivery").glob("*"))}
        told.append((done.code, done.out, files))
    assert set(asked) == {3, 2}, "every command goes by parts when it is asked to, or memory is short"
    assert all(one == told[0] for one in told)


@pytest.mark.parametrize("command", ["coverage", "check"])
def test_where_disk_or_memory_give_out_no_figure_is_told(
    county: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    shutil.copy(county / "county.duckdb", tmp_path / "kanta-gap.duckdb")
    of_part = in_parts._add
    asked: list[int] = []
    for gave_out, said in (
        (duckdb.IOException("No space left on device"), "the disk is full"),
        (duckdb.OutOfMemoryException("failed to offload data block"), "not enough memory"),
    ):

        def add(*arguments: Any, gave_out: Exception = gave_out) -> None:
            asked.append(arguments[1])
            if asked[-1] == 2:  # the last part
                raise gave_out
            of_part(*arguments)

        with monkeypatch.context() as patch:
            patch.setattr(in_parts, "_add", add)
            done = run_here(tmp_path, command, "--period", "2025Q1", "--parts", "2", "-f", "json", "-o", "out")
        assert (done.code, done.out, said in done.err, "in 2 parts" in done.err) == (3, "", True, True), done.err
        assert sorted(path.name for path in tmp_path.iterdir()) == ["kanta-gap.duckdb"], "nothing is left"
    assert asked[:2] + asked[-4:] == [1, 2, 1, 2, 1, 2], "where the bound of memory was too little, it is lifted first"


def test_a_number_of_parts_that_is_none_is_usage(county: Path) -> None:
    for written, said in (("0", "--parts must be 1 or more"), ("x", "--parts needs a whole number")):
        done = run_here(county, "coverage", "--parts", written, "--db", "county.duckdb")
        assert (done.code, said in done.err) == (2, True), done.err
