"""Lists of work: together they are what the ledger says is to be mended, no row twice, and for their owner alone."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import orjson
import polars as pl
import pytest

from analyser.coverage.result import Reason
from analyser.coverage.worklist import TO_MEND, FixedBy, fixed_by
from analyser.delivery.folder import is_file_name
from analyser.messages.catalogue import text
from analyser.system.file_names import is_ordinary
from tests.command import run_here as run
from tests.fixtures.make_county import COUNTY


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lists")
    shutil.copy(COUNTY / "kanta-gap.toml", folder)
    run(folder, "ingest", str(COUNTY / "archive"), "--workers", "1")
    run(folder, "register", *(str(file) for file in sorted(COUNTY.glob("*.csv"))))
    return folder


def _rows(folder: Path) -> dict[str, list[str]]:
    """Row by row what each workbook holds."""
    return {
        file.stem: pl.read_excel(file, infer_schema_length=0).get_column("Row (source_id)").to_list()
        for file in sorted(folder.glob("*.xlsx"))
    }


@pytest.mark.parametrize("split", ["unit", "producer", "fixed-by"])
def test_the_lists_together_are_the_ledger_and_no_row_stands_on_two(split: str, loaded: Path, tmp_path: Path) -> None:
    done = run(loaded, "worklist", "--period", "2025Q1", "--split-by", split, "--out", str(tmp_path / "lists"))
    assert done.code == 0, done.err
    ledger = orjson.loads(run(loaded, "gaps", "--period", "2025Q1", "-f", "json").out)["rows"]
    expected = {row["source_id"]: row for row in ledger if row["class"] in [str(one) for one in TO_MEND]}
    lists = _rows(tmp_path / "lists")
    told = [row for rows in lists.values() for row in rows]
    assert sorted(told) == sorted(expected) and len(told) > 10
    index = orjson.loads((tmp_path / "lists" / "index.json").read_bytes())
    assert index["rows"] == sorted(expected)
    assert {one["file"].removesuffix(".xlsx"): one["rows"] for one in index["lists"]} == {
        name: len(rows) for name, rows in lists.items()
    }
    assert sum(one["missing"] for one in index["lists"]) == index["totals"]["missing"]
    if split == "unit":
        for one in index["lists"]:
            units = {expected[row]["unit"] for row in lists[one["file"].removesuffix(".xlsx")]}
            assert units == {one["key"]} or one["restricted"]
    for path in (tmp_path / "lists").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "lists").stat().st_mode) == 0o700
    again = run(loaded, "worklist", "--period", "2025Q1", "--split-by", split, "--out", str(tmp_path / "again"))
    assert again.code == 0
    assert all(
        (tmp_path / "again" / file.name).read_bytes() == file.read_bytes() for file in (tmp_path / "lists").iterdir()
    )


def test_the_next_lists_tell_what_is_new_still_open_and_mended(loaded: Path, tmp_path: Path) -> None:
    arguments = ("worklist", "--period", "2025Q1", "--split-by", "fixed-by", "--pages", "--out")
    assert run(loaded, *arguments, str(tmp_path / "first")).code == 0
    index = orjson.loads((tmp_path / "first" / "index.json").read_bytes())
    kept = index["rows"]
    index["rows"] = [*kept[1:], "mended-1", "mended-2"]
    (tmp_path / "first" / "index.json").write_bytes(orjson.dumps(index))
    done = run(loaded, *arguments, str(tmp_path / "second"), "--since", str(tmp_path / "first"))
    assert done.code == 0
    assert f"1 new, {len(kept) - 1} still open, 2 mended" in done.err
    told = orjson.loads((tmp_path / "second" / "index.json").read_bytes())
    assert told["since"] == {"new": 1, "open": len(kept) - 1, "mended": 2}
    page = (tmp_path / "second" / "index.html").read_text()
    assert "2 rows were mended" in page and "<script" not in page
    pages = [file for file in (tmp_path / "second").glob("*.html") if file.name != "index.html"]
    assert sum(file.read_text().count('class="box"') - 0 for file in pages) == len(kept)

    for folder, hint in ((tmp_path, "holds no index.json"), (COUNTY, "holds no index.json")):
        refused = run(loaded, *arguments, str(tmp_path / "third"), "--since", str(folder))
        assert (refused.code, hint in refused.err) == (2, True)
    (tmp_path / "first" / "index.json").write_bytes(orjson.dumps(index | {"period": {"id": "2024Q4"}}))
    assert (
        "is of 2024Q4, not of 2025Q1"
        in run(loaded, *arguments, str(tmp_path / "x"), "--since", str(tmp_path / "first")).err
    )
    (tmp_path / "first" / "index.json").write_text('{"schema": "other"}')
    assert (
        "is no index of lists" in run(loaded, *arguments, str(tmp_path / "x"), "--since", str(tmp_path / "first")).err
    )
    assert run(loaded, *arguments, str(tmp_path / "second")).code == 2, "a folder that exists is never written into"
    assert run(loaded, "worklist", "--period", "2019Q1", "--split-by", "unit", "--out", str(tmp_path / "y")).code == 4


def test_every_reason_has_somebody_who_mends_it() -> None:
    for reason in Reason:
        nobody = text("en", f"reason.{reason.value}.who") == "nobody"
        assert (fixed_by([reason.value]) is FixedBy.NOBODY) == nobody, reason


def test_a_list_of_a_unit_named_as_a_device_can_be_opened_on_windows(loaded: Path, tmp_path: Path) -> None:
    oids = sorted(
        {
            row["unit"]
            for row in orjson.loads(run(loaded, "gaps", "--period", "2025Q1", "-f", "json").out)["rows"]
            if row["unit"] and row["class"] in ("missing", "partial", "undetermined")
        }
    )
    names = ["CON", "nul.", "Com1", "lpt9 ", "Aux"]
    rows = [f"{oid};{name}" for oid, name in zip(oids, names, strict=False)]
    (tmp_path / "units.csv").write_text("\n".join(["oid;name_fi", *rows]) + "\n")
    assert len(rows) > 1 and run(loaded, "register", str(tmp_path / "units.csv"), "-q").code == 0
    done = run(
        loaded, "worklist", "--period", "2025Q1", "--split-by", "unit", "--out", str(tmp_path / "lists"), "--lang", "fi"
    )
    assert done.code == 0, done.err
    stems = {path.stem.casefold() for path in (tmp_path / "lists").iterdir()}
    assert "list-con" in stems
    assert not stems & {"con", "nul", "com1", "lpt9", "aux"}
    assert not any(is_file_name(name) for name in ("CON", "nul.csv", "COM1.txt", "a.csv.")) and is_file_name(
        "console.csv"
    )
    assert all(is_ordinary(path.name) for path in (tmp_path / "lists").iterdir())
