"""The page for a colleague tells what was done by the commands before it, and what waits: in every format alike."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.command import run_here

ORGANISER = "1.2.246.10.99999901.10.0"
PERSONS = ("010190-900P", "020290-9016", "030390-9022")


def _register(folder: Path, *rows: str) -> None:
    header = "source_id;person_id;service_task;start;end;organiser"
    (folder / "episodes.csv").write_text("\n".join([header, *rows]) + "\n")
    assert run_here(folder, "register", "episodes.csv").code in (0, 3)


def test_a_colleague_is_told_what_was_done_and_what_waits(tmp_path: Path) -> None:
    def told(*arguments: str) -> dict[str, object]:
        done = run_here(tmp_path, "handover", "-f", "json", *arguments)
        assert done.code == 0, done.err
        return dict(json.loads(done.out))

    rows = [f"R{place};{who};24;2025-01-10;;{ORGANISER}" for place, who in enumerate(PERSONS, 1)]
    _register(tmp_path, *rows)
    before = told("--period", "2025Q1")
    assert before["waiting"]["periods"][0]["to_deliver"] == 3
    assert (before["deliveries"], before["closings"]) == ([], [])
    assert run_here(tmp_path, "deliver", "--period", "2025Q1", "--out", "d1").code == 0
    unsent = told()["waiting"]
    assert unsent["unsent_deliveries"] == [1]
    (tmp_path / "not-taken.txt").write_text("R2\n")
    assert run_here(tmp_path, "deliver", "--mark-sent", "d1").code == 0
    answer = ("--receipt-number", "T-7", "--accepted", "2", "--refused-rows", "not-taken.txt", "--note", "format")
    assert run_here(tmp_path, "deliver", "--receipt", "d1", *answer).code == 0
    # One row ends in the period, one cannot be read, one of another quarter comes.
    _register(
        tmp_path,
        rows[0].replace(";;", ";2025-02-01;"),
        rows[2].replace("2025-01-10", "2025-13-10"),
        f"R4;{PERSONS[0]};24;2025-05-01;2025-05-02;{ORGANISER}",
    )
    assert run_here(tmp_path, "period", "close", "2025Q1").code == 3
    page = told()
    waits = page["waiting"]
    first = next(one for one in waits["periods"] if one["period"]["id"] == "2025Q1")
    assert (first["new"], first["changed"], first["withdrawn"], first["refused"], first["closed"]) == (1, 1, 0, 1, True)
    assert waits["refused_by_receiver"] == [{"delivery": 1, "rows": 1}]
    assert waits["unsent_deliveries"] == []
    assert len(waits["periods"]) > 1
    # One comparison for all periods, and what each further one adds to it.
    for words in (("handover",), ("deliver", "--status")):
        said = run_here(tmp_path, *words, "-v").err
        assert len(re.findall(r"^\S+ compared in [\d.]+ s$", said, re.MULTILINE)) == 1
        assert said.count("on the ground of the comparison before") == len(waits["periods"]) - 1
    assert [(one["number"], one["new"], one["changed"], one["refused"]) for one in page["loads"]] == [
        (1, 3, 0, 0), (2, 1, 1, 1),
    ]  # fmt: skip
    assert page["newest"]["register"][0]["load"] == 2
    (delivery,) = page["deliveries"]
    assert (delivery["rows"], delivery["receipts"][0]["number"]) == (3, "T-7")
    assert delivery["sent_by"] == delivery["written_by"] == page["loads"][0]["loaded_by"]
    assert page["closings"][0]["period"] == "2025Q1"
    assert told("--period", "2024Q4")["deliveries"] == []
    corrections = run_here(tmp_path, "deliver", "--period", "2025Q1", "--corrections", "--out", "c1")
    assert corrections.code == 3
    assert run_here(tmp_path, "deliver", "--mark-sent", "c1").code == 0
    assert told("--period", "2025Q1")["waiting"]["refused_by_receiver"] == []
    for lang, words in (("en", "could not be read"), ("fi", "ei voitu lukea"), ("sv", "kunde inte läsas")):
        shown = run_here(tmp_path, "handover", "--period", "2025Q1", "--lang", lang).out
        html = run_here(tmp_path, "handover", "--period", "2025Q1", "--lang", lang, "-f", "html").out
        assert all("T-7" in one and words in one for one in (shown, html))
        assert not any(part in one for one in (shown, html) for part in (str(tmp_path), *PERSONS))
    assert run_here(tmp_path, "handover", "-f", "html").out == run_here(tmp_path, "handover", "-f", "html").out


def test_an_empty_database_has_a_page_too(tmp_path: Path) -> None:
    assert run_here(tmp_path, "handover").code == 2
    (tmp_path / "population.csv").write_text("municipality;year;population\n049;2024;300000\n")
    assert run_here(tmp_path, "register", "population.csv").code == 0
    done = run_here(tmp_path, "handover")
    assert (done.code, "Nothing waits." in done.out) == (0, True)


def test_no_figure_is_cut_or_turned_into_signs_however_narrow_the_page(tmp_path: Path) -> None:
    _register(tmp_path, *(f"R{place};{PERSONS[place % 3]};24;2025-01-10;;{ORGANISER}" for place in range(1_234)))
    for columns in ("60", "100", "300"):
        told = run_here(tmp_path, "handover", "--period", "2025Q1", "--lang", "fi", COLUMNS=columns).out
        assert "1\u00a0234" in told
        assert "\ufffd" not in told
        assert "Hylätty" in told
        assert max(map(len, told.splitlines())) <= int(columns)
