"""What was refused is never forgotten: a row that could not be read stands beside the classes until it is read."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from analyser.messages.catalogue import text
from tests.archive.build import NATIONAL, ORGANISER, document
from tests.command import Done, run_here

_HEAD = "source_id;person_id;service_task;start;end;organiser"
_GOOD = ("R1", NATIONAL, "24", "2025-01-17", "", ORGANISER)
_OTHER = ("R2", "010190-900P", "24", "2025-01-10", "", ORGANISER)


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A county whose archive holds all that the row R1 asks for."""
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "one.xml").write_text(document())
    assert run_here(tmp_path, "ingest", "archive", "-q").code == 0
    return tmp_path


def _register(folder: Path, *rows: tuple[str, ...], name: str = "e.csv", more: tuple[str, ...] = ()) -> Done:
    (folder / name).write_text("\n".join([_HEAD, *(";".join(row) for row in rows)]) + "\n")
    return run_here(folder, "register", name, *more)


def _without(row: tuple[str, ...], place: int, cell: str = "") -> tuple[str, ...]:
    return (*row[:place], cell, *row[place + 1 :])


def _asked(folder: Path, period: str = "2025Q1") -> tuple[int, int, int]:
    """Exit code of `coverage`, refused rows, rows."""
    done = run_here(folder, "coverage", "--period", period, "-f", "json")
    found = json.loads(done.out) if done.out else {"separate_delivery": {"refused": 0}, "totals": {"rows": 0}}
    return done.code, found["separate_delivery"]["refused"], found["totals"]["rows"]


def test_every_face_tells_of_a_row_that_could_not_be_read_and_no_verdict_is_clean(county: Path) -> None:
    assert _register(county, _GOOD).code == 0
    assert (run_here(county, "coverage", "--period", "2025Q1").code, _asked(county)) == (0, (0, 0, 1))
    assert _register(county, _GOOD, _without(_OTHER, 3, "2025-13-01"), name="more.csv").code == 3

    sentence, claim = (
        text("en", "report.coverage.refused", count=1),
        text("en", "report.verdict.not_needed"),
    )
    for command in (("coverage",), ("coverage", "-f", "markdown"), ("coverage", "-f", "html"), ("dashboard", "--once")):
        done = run_here(county, *command, "--period", "2025Q1", COLUMNS="200")
        assert sentence in done.out, command
        assert claim not in done.out, command
    assert _asked(county) == (3, 1, 1)
    gaps = run_here(county, "gaps", "--period", "2025Q1")
    assert (gaps.code, sentence in gaps.out) == (3, True)
    assert json.loads(run_here(county, "gaps", "--period", "2025Q1", "-f", "json").out)["refused"] == 1
    assert run_here(county, "coverage", "--period", "2025Q1", "--exit-zero").code == 0
    check = run_here(county, "check", "--period", "2025Q1", "--select", "G01", "-f", "json")
    assert (check.code, json.loads(check.out)["coverage"]["refused"]) == (3, 1)
    saved = run_here(county, "check", "--period", "2025Q1", "--select", "G01", "-f", "json", "-o", "c.json")
    assert (saved.code, run_here(county, "check", "--from", "c.json").code) == (3, 3)

    deliver = run_here(county, "deliver", "--period", "2025Q1", "--out", "d")
    assert (deliver.code, "1 row of the list could not be read" in deliver.err) == (3, True)
    assert json.loads((county / "d" / "manifest.json").read_text())["refused"] == 1
    note = (county / "d" / "covering-note.txt").read_text()
    assert text("en", "delivery.note.refused", count=1) in note
    assert text("en", "delivery.note.nothing") not in note
    assert run_here(county, "deliver", "--check", "d").code == 0

    # Read well in any file, it is a row like every other.
    assert _register(county, _OTHER, name="mended.csv").code == 0
    assert _asked(county) == (1, 0, 2)
    assert run_here(county, "check", "--period", "2025Q1", "--select", "R03").code == 0


@pytest.mark.parametrize(
    ("row", "in_period"),
    [
        (_without(_OTHER, 5), True),  # the dates can be read and lie in the period
        (_without(_without(_OTHER, 5), 3, "2025-05-01"), False),  # begins after it
        (_without(_without(_without(_OTHER, 3, "2024-11-01"), 4, "2024-12-31"), 5, "no OID"), False),  # ends before it
        (_without(_without(_OTHER, 3, "2024-11-01"), 4, "31.12.2o24"), True),  # ends nobody knows when
        (_without(_without(_OTHER, 3, "31.31.2025"), 4, "2024-12-31"), False),  # whatever its start, it ended before
        (("no", "row", "at", "all"), True),
    ],
)
def test_a_refused_row_counts_in_every_period_that_its_days_may_touch(
    county: Path, row: tuple[str, ...], in_period: bool
) -> None:
    assert _register(county, _GOOD, row).code == 3
    assert _asked(county) == ((3, 1, 1) if in_period else (0, 0, 1))
    assert run_here(county, "check", "--period", "2025Q1", "--select", "G01").code == (3 if in_period else 0)


def test_a_row_that_becomes_unreadable_is_neither_counted_nor_delivered_nor_withdrawn(county: Path) -> None:
    assert _register(county, _GOOD, _OTHER).code == 0
    assert _asked(county) == (1, 0, 2)
    assert run_here(county, "deliver", "--period", "2025Q1", "--out", "1", "-q").code == 0
    for name, bad in (
        ("e.csv", _without(_OTHER, 3, "2025-02-30")),
        ("other.csv", _without(_OTHER, 1)),
        ("e.csv", _without(_OTHER, 0)),  # not even its name can be read
        ("e.csv", ("one", "cell too few")),
    ):
        done = _register(county, _GOOD, bad, name=name)
        assert (done.code, "1 earlier row is out of the comparison" in done.err) == (3, True), bad
        status = _statuses(county)
        assert (status.pop("R2"), set(status.values())) == ("refused", {"archived"}), bad
        corrections = run_here(county, "deliver", "--period", "2025Q1", "--out", f"c-{name}", "--corrections", "-q")
        assert corrections.code == 3
        manifest = json.loads((county / f"c-{name}" / "manifest.json").read_text())
        assert (manifest["delivered"]["withdrawn"], manifest["delivered"]["service_task_episodes"]) == (0, 0)
        _forget(county, f"c-{name}")
        assert _register(county, _GOOD, _OTHER).code == 0
    assert _asked(county) == (1, 0, 2)
    assert _statuses(county) == {"R1": "archived", "R2": "delivered"}


def test_a_refused_row_that_loses_its_name_as_well_stays_refused(county: Path) -> None:
    more = [
        ("R3", "020290-901X", "24", "2025-01-11", "", ORGANISER),
        ("R4", "030390-902Y", "24", "2025-01-12", "", ORGANISER),
    ]
    assert _register(county, _GOOD, _OTHER, *more).code == 0
    assert run_here(county, "deliver", "--period", "2025Q1", "--out", "1", "-q").code == 0
    bad = _without(_OTHER, 3, "2025-02-30")
    nameless = _without(bad, 0)
    (county / "other.csv").write_text(f"{_HEAD}\n{';'.join(nameless)}\n")
    whole = ("--whole", "--yes")
    ways = [
        ([_GOOD, nameless, more[1]], whole),  # R3 is lacking as well: either may be it
        ([_GOOD, *more], ("other.csv", *whole)),  # in another file of the extract
        ([_GOOD, *more, nameless], ()),
        ([nameless, *more], whole),  # on the line of another that is lacking
        ([_GOOD, nameless, *more], whole),  # on its own line
        ([_GOOD, *more, nameless], whole),  # on another
    ]
    for rows, options in ways if os.environ.get("TESTS_LONG") else ways[:4]:
        assert _register(county, _GOOD, bad, *more, more=options and whole).code == 3
        for _again in range(2 if options is whole else 1):
            assert _register(county, *rows, more=options).code == 3
            status = _statuses(county)
            assert (status["R2"], [*status.values()].count("refused")) == ("refused", 1), (rows, options)
        assert _register(county, _GOOD, _OTHER, *more, more=("--replace-all", "--yes")).code == 0
    assert (_statuses(county)["R2"], _asked(county)) == ("delivered", (1, 0, 4))
    # Where every row has a name, it is certainly gone.
    assert _register(county, _GOOD, bad, *more, more=whole).code == 3
    assert _register(county, _GOOD, *more, more=whole).code == 0
    assert (_statuses(county)["R2"], _asked(county)[1]) == ("withdrawn", 0)


def test_a_refused_row_of_the_other_lists_takes_its_earlier_version_out_and_no_verdict_is_clean(county: Path) -> None:
    own = ("R2", "010190-900P", "oma", "2025-01-10", "", ORGANISER)
    assert _register(county, ("R1", "020290-901X", *_GOOD[2:]), own).code == 0

    def load(name: str, *rows: str) -> Done:
        (county / name).write_text("\n".join(rows) + "\n")
        return run_here(county, "register", name)

    def told() -> dict[str, Any]:
        done = run_here(county, "gaps", "--period", "2025Q1", "-f", "json")
        found = json.loads(done.out)
        return {"code": done.code, "refused": found["refused"]} | {r["source_id"]: r["class"] for r in found["rows"]}

    people, codes = "person_id;same_as_id;from", "code;key;name_fi;name_sv;in_register"
    join, leave = f"020290-901X;{NATIONAL};2024-01-01", "oma;own_y;Oma;Egen;no"
    assert (load("i.csv", people, join).code, load("c.csv", codes, leave).code) == (0, 0)
    good = {"code": 0, "refused": 0, "R1": "archived", "R2": "excluded"}
    assert told() == good
    for bad, other in (
        (join.replace("2024-01-01", "x"), "i.csv"),
        (f"020290-901X;{NATIONAL};x", "o.csv"),
        (";x;", "i.csv"),
    ):
        done = load(other, people, bad)
        assert (done.code, "1 earlier row is out of the comparison" in done.err) == (3, True), (bad, done.err)
        assert told() == good | {"code": 3, "refused": 1, "R1": "missing"}
        assert load("i.csv", people, join).code == 0  # read in any file, it is in force again
        assert told() == good, bad
    done = load("c.csv", codes, leave.replace("no", "maybe"))
    assert (done.code, "1 earlier row is out of the comparison" in done.err) == (3, True)
    now = told()
    assert (now["code"], now["refused"], now["R2"] != "excluded") == (3, 1, True)
    for command in (("coverage",), ("check", "--select", "G01"), ("deliver", "--out", "d")):
        assert run_here(county, *command, "--period", "2025Q1").code == 3, command
    assert load("mended.csv", codes, leave).code == 0
    assert told() == good
    # A period that cannot be read is not asked with its old days; and taking the load back brings them.
    periods = "period;start;end;deadline"
    assert load("p.csv", periods, "2025Q1;2025-01-01;2025-02-28;").code == 0
    assert load("p.csv", periods, "2025Q1;2025-01-01;2025-13-28;").code == 3

    def asked() -> tuple[int, str]:
        done = run_here(county, "coverage", "--period", "2025Q1", "-f", "json")
        return done.code, json.loads(done.out)["period"]["end"]

    assert asked() == (3, "2025-03-31")
    last = json.loads(run_here(county, "register", "--list", "-f", "json").out)["loads"][-1]["number"]
    assert run_here(county, "register", "--undo", str(last)).code == 0
    assert asked() == (0, "2025-02-28")


def _forget(folder: Path, name: str) -> None:
    """Out of the way of the next one of that name; the memory of it holds no row."""
    (folder / name).rename(folder / f"{name}-{len(list(folder.iterdir()))}")


def _statuses(folder: Path) -> dict[str, Any]:
    done = run_here(folder, "deliver", "--period", "2025Q1", "--status", "-f", "json")
    found = {row["source_id"]: row["status"] for row in json.loads(done.out)["rows"]}
    assert done.code == (3 if "refused" in found.values() else 0), "3 beside rows that could not be read"
    return found


def test_one_source_id_of_two_persons_in_one_command_is_nobodys_row(county: Path) -> None:
    theirs = ("R1", "010190-900P", "24", "2025-02-01", "", ORGANISER)
    (county / "other.csv").write_text("\n".join([_HEAD, ";".join(theirs), ";".join(_OTHER)]) + "\n")
    done = _register(county, _GOOD, more=("other.csv",))
    assert done.code == 3
    assert "e.csv, row 2, column source_id" in done.err and "other.csv, row 2, column source_id" in done.err
    assert _asked(county) == (3, 2, 1)
    # The same in one file; and the same row twice, word for word, is one row, told and not refused.
    assert _register(county, _GOOD, theirs, more=("--replace-all",)).code == 3
    assert _asked(county) == (3, 2, 0)
    twice = _register(county, _GOOD, _GOOD, more=("--replace-all",))
    assert (twice.code, "1 row says word for word" in twice.err) == (0, True)
    (county / "copy.csv").write_text((county / "e.csv").read_text())
    again = _register(county, _GOOD, more=("copy.csv",))
    assert (again.code, "copy.csv: 2 rows say word for word" in again.err) == (0, True)
    assert _asked(county) == (0, 0, 1)


def test_rows_of_one_source_id_that_contradict_each_other_are_nobodys_whatever_their_order(county: Path) -> None:
    longer = (*_GOOD[:4], "2025-03-02", ORGANISER)
    unread = (*_GOOD[:4], "2025-13-02", ORGANISER)
    (county / "other.csv").write_text("\n".join([_HEAD, ";".join(longer)]) + "\n")
    for rows in ((_GOOD, longer), (longer, _GOOD), (_GOOD, unread), (unread, _GOOD)):
        done = _register(county, *rows, more=("--replace-all",))
        assert (done.code, _asked(county)) == (3, (3, 2, 0)), rows
        assert "rows (2–3)" in done.err or ("row 2" in done.err and "row 3" in done.err)
    explained = run_here(county, "register", "--explain", "e.csv")
    assert explained.code == 3
    # Between two files of one command as in one, in either order; a later row that can be read settles both.
    for names in (("e.csv", "other.csv"), ("other.csv", "e.csv")):
        (county / "e.csv").write_text("\n".join([_HEAD, ";".join(_GOOD)]) + "\n")
        done = run_here(county, "register", *names, "--replace-all", "-q")
        assert (done.code, _asked(county)) == (3, (3, 2, 0))
        assert "e.csv, row 2, column source_id" in done.err and "other.csv, row 2, column source_id" in done.err
    (county / "right.csv").write_text("\n".join([_HEAD, ";".join(longer)]) + "\n")
    assert (run_here(county, "register", "right.csv", "-q").code, _asked(county)) == (0, (0, 0, 1))
    # A row of the other kinds is nobody's as well.
    units = ["oid;name_fi", f"{ORGANISER}.1;Yksi", f"{ORGANISER}.1;Toinen", f"{ORGANISER}.2;Muu"]
    (county / "units.csv").write_text("\n".join(units) + "\n")
    done = run_here(county, "register", "units.csv")
    assert (done.code, "1 of 3 rows" in done.err, "rows (2–3)" in done.err) == (3, True, True)


def test_identifiers_that_are_joined_are_one_person_in_one_command_as_in_two(county: Path) -> None:
    identities = ["person_id;person_id_root;same_as_id;same_as_root"]
    identities += [f"T-1;1.2.246.10.1.22.2024;{NATIONAL};", "T-1;1.2.246.10.1.22.2024;T-2;1.2.246.10.1.22.2024"]
    (county / "i.csv").write_text("\n".join(identities) + "\n")
    head = "source_id;person_id;person_id_root;service_task;start;organiser"
    said = ("24", "2025-02-01", ORGANISER)
    named = {"own": (NATIONAL, ""), "first": ("T-1", "1.2.246.10.1.22.2024"), "second": ("T-2", "1.2.246.10.1.22.2024")}
    for name, (value, root) in named.items():
        (county / f"{name}.csv").write_text("\n".join([head, ";".join(("R1", value, root, *said))]) + "\n")
    # Not joined yet: two persons. Joined by the same command, however far and in whatever order: one.
    assert run_here(county, "register", "own.csv", "second.csv", "-q").code == 3
    for names in (("own.csv", "second.csv", "i.csv"), ("i.csv", "second.csv", "own.csv"), ("first.csv", "own.csv")):
        done = run_here(county, "register", *names)
        assert (done.code, _asked(county)) == (0, (0, 0, 1)), done.err
    # And from one command to the next.
    for name in ("second", "own", "first"):
        assert run_here(county, "register", f"{name}.csv").code == 0
    assert _asked(county) == (0, 0, 1)


def test_refused_services_stand_beside_the_services(county: Path) -> None:
    head = "source_id;person_id;kind;service_task;decided;start;end;organiser"
    (county / "s.csv").write_text(
        f"{head}\nS1;{NATIONAL};service;24;;2025-02-01;;{ORGANISER}\nS2;{NATIONAL};service;24;;2025-13-01;;{ORGANISER}\n"
    )
    assert run_here(county, "register", "s.csv", "-q").code == 3
    # Alone, they say whose rows count; the readable row is judged.
    alone = json.loads(run_here(county, "gaps", "--services", "--period", "2025Q1", "-f", "json").out)
    assert [one["class"] for one in alone["rows"]] != ["excluded"] and len(alone["rows"]) == 1
    assert _register(county, _GOOD).code == 0
    assert _asked(county) == (0, 0, 1)
    services = run_here(county, "gaps", "--services", "--period", "2025Q1", "-f", "json")
    assert (services.code, json.loads(services.out)["totals"]["refused"]) == (3, 1)
    assert run_here(county, "check", "--period", "2025Q1", "--select", "G01").code == 3
    assert run_here(county, "deliver", "--period", "2025Q1", "--out", "d", "-q").code == 0
    assert run_here(county, "deliver", "--period", "2025Q1", "--out", "s", "--with-services", "-q").code == 3
    assert "1 row of the register could not be read" in (county / "s" / "covering-note.txt").read_text()


@pytest.mark.parametrize("place", [0, 3, 6])
@pytest.mark.parametrize("torn", ["more", "fewer", "quotes"])
def test_a_torn_row_takes_its_earlier_version_out_by_the_name_that_it_shows(
    tmp_path: Path, place: int, torn: str
) -> None:
    header = ["person_id", "service_task", "start", "end", "organiser", "unit"]
    header.insert(place, "source_id")

    def line(name: str, more: int = 0) -> str:
        cells = [NATIONAL, "24", "2025-01-01", "", ORGANISER, "Itä"]
        cells.insert(place, name)
        if name == "AK-2" and more:
            unit = header.index("unit")
            match torn:
                case "more":  # a separator in a text without quotes
                    cells[unit] = "Itä; Länsi"
                case "fewer":
                    del cells[header.index("end") :]
                    cells = cells if place < 4 else [*cells, "AK-2"]
                case _:
                    cells[unit] = '"Itä'
        return ";".join(cells)

    names = ["AK-1", "AK-2", "AK-3"]
    (tmp_path / "a.csv").write_text("\n".join([";".join(header), *map(line, names)]) + "\n")
    assert run_here(tmp_path, "register", "a.csv").code == 0
    (tmp_path / "b.csv").write_text("\n".join([";".join(header), *(line(name, 1) for name in names)]) + "\n")
    done = run_here(tmp_path, "register", "b.csv", "--rejected", "r.csv")
    assert done.code == 3
    assert "1 earlier row is out of the comparison" in done.err
    assert "AK-2" in (tmp_path / "r.csv").read_text()
    told = json.loads(run_here(tmp_path, "gaps", "--period", "2025Q1", "-f", "json").out)
    assert [one["source_id"] for one in told["rows"]] == ["AK-1", "AK-3"]
    assert told["refused"] == 1


def test_no_other_cell_of_a_torn_row_is_taken_for_its_name(tmp_path: Path) -> None:
    header = "unit;source_id;person_id;service_task;start;organiser"
    sound = f"Itä;AK-1;{NATIONAL};24;2025-01-01;{ORGANISER}\n"
    for moved in (f"Itä;Länsi;AK-1;{NATIONAL};24;2025-01-01", f"{NATIONAL};Aku Ankka", "AK-1;AK-3;AK-4;a;b;c;d"):
        (tmp_path / "a.csv").write_text(f"{header}\n{sound}{moved};{ORGANISER};x\n")
        run_here(tmp_path, "register", "a.csv", "--rejected", "r.csv", "--replace-all")
        told = (tmp_path / "r.csv").read_text()
        assert "Ankka" not in told
        assert NATIONAL not in told


def test_each_list_that_could_not_be_read_has_a_sentence_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text(
        f"source_id;person_id;service_task;start;organiser\nA;{NATIONAL};24;2025-01-01;{ORGANISER}\n"
        f"B;{NATIONAL};24;x;{ORGANISER}\n"
    )
    for name, rows in {
        "i": f"person_id;same_as_id\n{NATIONAL};\n",
        "c": "code;key;name_fi;in_register\n90;own;x;maybe\n91;own;x;maybe\n",
        "p": "period;start;end\n2030H1;x;2030-06-30\n",
        "u": "oid;name_fi\nx;y\n",
        "r": "period;indicator;value\n2025Q1;clients;..\n",
    }.items():
        (tmp_path / f"{name}.csv").write_text(rows)
    run_here(tmp_path, "register", *(f"{name}.csv" for name in "eicpur"))
    told = json.loads(run_here(tmp_path, "coverage", "--period", "2025Q1", "-f", "json").out)["separate_delivery"]
    assert told["refused"] == 7
    assert told["refused_lists"] == {"codes": 2, "identities": 1, "periods": 1, "reference": 1, "units": 1}
    for command in ("coverage", "gaps"):
        shown = " ".join(run_here(tmp_path, command, "--period", "2025Q1").out.split())
        for sentence in (
            "1 row of the list could not be read",
            "1 row of the list of identifiers",
            "2 rows of the list of service tasks",
            "1 row of the list of periods",
            "1 row of the list of units",
            "1 row of the published figures",
        ):
            assert sentence in shown
