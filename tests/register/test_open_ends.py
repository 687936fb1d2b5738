"""A date that means "no end yet" is an open end, in documents and register alike; as a start it is none."""

from __future__ import annotations

import json
from pathlib import Path

from tests.archive.build import NATIONAL, ORGANISER, content, document
from tests.command import run_here as run

_ENDS = ("9999-12-31", "31.12.9999", "9999-12-31T23:59:59Z", "2999-12-31", "2099-12-31", "9999", "99991231")
_PERSONS = ("010190-900P", "020290-9016", "140312A907T", "010112A955B", "311299+9011", "010160-900Y", "020261-901P",
            "030362-902E")  # fmt: skip


def _document(folder: Path, number: int, start: str, end: str) -> None:
    told = content()["asiakkuusasiakirja"]
    told["asiakas"]["henkilotunnus"]["value"] = _PERSONS[number]
    unit = {"asiakkuuden_alkamispvm": start, "asiakkuuden_paattymispvm": end}
    told["sosiaalihuollon_palvelutehtava"][0]["palvelunjarjestajan_palveluyksikko"] = [unit]
    told["sosiaalihuollon_asiakkuus"] = {"asiakkuuden_alkamispvm": start, "asiakkuuden_paattymispvm": end}
    oid = f"1.2.3.{number + 10}"
    written = (
        document({"asiakkuusasiakirja": told}, oid=oid).replace("1.2.3.4", oid).replace(NATIONAL, _PERSONS[number])
    )
    (folder / "archive" / f"{number}.xml").write_text(written)


def test_an_open_end_is_open_in_any_spelling_and_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    lines = ["source_id;person_id;service_task;start;end;organiser"]
    for number, end in enumerate(_ENDS):
        _document(tmp_path, number, "2025-01-01", end)
        lines.append(f"R{number};{_PERSONS[number]};24;1.1.2025;{end};{ORGANISER}")
    # A start that nobody lives to see is none; an end that is no open end, and far away, is a day like any other.
    _document(tmp_path, 7, "9999-12-31", "")
    lines += [
        f"S{n};{_PERSONS[7]};24;{start};;{ORGANISER}" for n, start in enumerate(("9999-12-31", "31.12.2099", "5555"))
    ]
    lines.append(f"T;{_PERSONS[7]};24;2025-01-01;7777-07-07;{ORGANISER}")
    (tmp_path / "e.csv").write_text("\n".join([*lines, ""]))
    read = run(tmp_path, "ingest", "archive")
    assert (read.code, "7 documents write an open end as a date" in read.err) == (0, True)
    loaded = run(tmp_path, "register", "e.csv")
    assert (loaded.code, loaded.err.count("a date that means an open end")) == (3, 2)
    assert "7 ends are written as a date that means an open end" in loaded.err
    rows = json.loads(run(tmp_path, "gaps", "--period", "2025Q1", "-f", "json").out)["rows"]
    seen = {row["source_id"]: (row["end"], row["class"], row["days_archived"]) for row in rows}
    assert seen == {f"R{n}": (None, "archived", 90) for n in range(7)} | {"T": ("7777-07-07", "missing", 0)}
    assert not {reason for row in rows for reason in row["reasons"]} & {"dates-differ"}
    told = run(tmp_path, "trace", "1.2.3.17").out
    assert "open-end-as-start" in told
    assert "open-end" in run(tmp_path, "trace", "1.2.3.10").out

    # Other days by the setting; what was read before is not silently something else.
    assert "9999-12-31" in run(tmp_path, "config").out
    other = run(tmp_path, "ingest", "archive", KANTA_GAP_OPEN_ENDS="2050-01-01")
    assert "the setting open_ends is not the one" in other.err
    own = {"KANTA_GAP_OPEN_ENDS": "2099-12-31", "KANTA_GAP_DB": "other.duckdb"}
    assert "1 document writes an open end" in run(tmp_path, "ingest", "archive", **own).err
    wrong = run(tmp_path, "ingest", "archive", KANTA_GAP_OPEN_ENDS="soon")
    assert (wrong.code, "list of days" in wrong.err, "Traceback" in wrong.err) == (2, True, False)
