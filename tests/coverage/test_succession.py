"""A merger: what the old organiser has counts for the new one, in documents, rows and deliveries; reckoned by hand."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from analyser.coverage.measure import coverage, gaps
from analyser.coverage.model import Model, Request
from analyser.coverage.narrow import narrowed
from analyser.coverage.result import Dimension, Period
from analyser.coverage.worklist import SplitBy, worklists
from analyser.rules.sandbox import furnish
from analyser.store.database import Database
from analyser.succession import Link
from tests.command import run_here
from tests.delivery.store import ORGANISER, archive, episode, store

A, B, C = (f"1.2.246.10.9999990{number}.10.0" for number in (1, 2, 3))
MERGER = Link("organisers", A, B, dt.date(2025, 4, 1))
Q1 = Period("2025Q1", dt.date(2025, 1, 1), dt.date(2025, 3, 31))
Q2 = Period("2025Q2", dt.date(2025, 4, 1), dt.date(2025, 6, 30))


def _ledger(
    database: Database, period: Period, *links: Link, organisers: tuple[str, ...] = ()
) -> dict[str, list[object]]:
    found = coverage(database, Request(period, organisers=organisers, succession=links))
    rows = database.connection.execute(
        "SELECT source_id, class, organiser, reasons FROM ledger_row ORDER BY 1"
    ).fetchall()
    return {"organisers": list(found.organisers), **{key: list(rest) for key, *rest in rows}}


def test_the_old_organiser_counts_for_the_new_one() -> None:
    with store() as database:
        archive(database, "1", "a")
        archive(database, "2", "b")
        archive(database, "3", "c", task="20")
        database.connection.execute("UPDATE document SET organiser = $a WHERE oid <> '1.2.3.2'", {"a": A})
        database.connection.execute("UPDATE document SET organiser = $b WHERE oid = '1.2.3.2'", {"b": B})
        episode(database, "R1", "a", organiser=B)  # the register says the new one, the document the old one
        episode(database, "R2", "b", organiser=A)  # and the other way round
        episode(database, "R3", "c", organiser=A)  # another task is archived: lacking whoever organises
        alone = _ledger(database, Q2)
        assert [alone[key][0] for key in ("R1", "R2", "R3")] == ["missing", "missing", "missing"]
        assert "other-organiser" in alone["R1"][2]
        merged = _ledger(database, Q2, MERGER)
        # A row is told under the organiser that the register gives it, whoever answers for it.
        assert {key: merged[key][:2] for key in ("R1", "R2", "R3")} == {
            "R1": ["archived", B], "R2": ["archived", A], "R3": ["missing", A],
        }  # fmt: skip
        assert "other-organiser" not in merged["R3"][2]
        # In a period that ended before the merger everything counts alike.
        before = _ledger(database, Q1, MERGER)
        assert {key: before[key] for key in ("R1", "R2", "R3")} == {key: merged[key] for key in ("R1", "R2", "R3")}
        assert (before["organisers"], merged["organisers"]) == ([A, B], [B])
        # Whose rows count may be set by the old name or the new one.
        for scope in (A, B, "1.2.246.10.99999902"):
            assert _ledger(database, Q2, MERGER, organisers=(scope,))["R3"][0] == "missing", scope
        assert _ledger(database, Q2, organisers=(B,))["R3"][0] == "excluded"
        # A chain leads to its end, and is told as far as it has come.
        later = Link("organisers", B, C, dt.date(2026, 1, 1))
        assert _ledger(database, Q2, MERGER, later) == merged
        assert _ledger(database, Period("2026Q1", dt.date(2026, 1, 1), dt.date(2026, 3, 31)), MERGER, later) == {
            **merged, "organisers": [C],
        }  # fmt: skip
        # Of a whole tree of OIDs the part that is told changes, the rest of each OID stays.
        tree = Link("organisers", A.removesuffix(".10.0"), B.removesuffix(".10.0"), MERGER.since)
        assert _ledger(database, Q2, tree) == merged


@pytest.mark.parametrize("merged", [False, True])
def test_a_unit_that_was_merged_has_not_fallen_silent(merged: bool) -> None:
    old, new = f"{A}.1", f"{A}.2"
    q4 = Period("2024Q4", dt.date(2024, 10, 1), dt.date(2024, 12, 31))
    links = (Link("units", old, new, q4.start),) if merged else ()
    with store() as database:
        for month in range(1, 13):
            for place in range(6):
                moment = dt.datetime(2024, month, 2 + place, 12)
                unit = old if month < 10 else new
                archive(database, f"{month:02}{place}", unit=unit, created_at=moment, effective_at=moment)
        episode(database, "R1")
        found = coverage(database, Request(q4, organisers=(ORGANISER,), succession=links))
        assert found.separate_delivery.period.status.value == ("met" if merged else "not-met")
        furnish(Model(database.connection, Request(q4, organisers=(ORGANISER,), succession=links)))
        told = database.connection.execute(
            "SELECT unit, min(month) FROM unit_month GROUP BY unit ORDER BY unit"
        ).fetchall()
        assert told == ([(new, dt.date(2024, 1, 1))] if merged else [(old, dt.date(2024, 1, 1)), (new, q4.start)])


def test_cells_and_work_lists_tell_an_old_unit_under_the_new_one() -> None:
    old, new = f"{A}.1", f"{A}.2"
    link = Link("units", old, new, Q2.start)
    with store() as database:
        for name, unit in (("R1", old), ("R2", new)):
            episode(database, name, organiser=A)
            database.connection.execute(
                "UPDATE register_episode SET unit = $unit WHERE source_id = $name", {"unit": unit, "name": name}
            )

        def told(period: Period) -> dict[str, int]:
            found = coverage(database, Request(period, succession=(link,)), (Dimension.UNIT,))
            return {str(dict(cell.place)["unit"]): cell.totals.rows for cell in found.cells}

        assert told(Q2) == {new: 2}
        assert told(Q1) == {old: 1, new: 1}  # it answered then
        assert {row["unit"] for row in gaps(database, Request(Q2, succession=(link,))).rows.to_pylist()} == {old, new}
        asked = Request(Q2, succession=(link,))
        found = gaps(database, asked)
        for unit, names in ((new, ["R1", "R2"]), (old, ["R1"])):
            narrow = narrowed(Model.build(database.connection, asked), found, [("unit", unit, False)])
            assert narrow.rows.column("source_id").to_pylist() == names
        for period in (Q1, Q2):  # who mends it answers now
            lists = worklists(Model.build(database.connection, Request(period, succession=(link,))), SplitBy.UNIT).lists
            assert [(one.key, len(one.rows)) for one in lists] == [(new, 2)]


def _links(*entries: tuple[str, str, str]) -> str:
    told = (f'{{ old = "{old}", new = "{new}", from = "{day}" }}' for old, new, day in entries)
    return f"organisers = [{', '.join(told)}]"


SETTINGS = f"""
[succession]
organisers = [{{ old = "{A}", new = "{B}", from = "2025-04-01" }}]
ids = "ids.csv"
"""
PERSONS = ("010190-900P", "020290-9016", "030390-9022")


def _register(folder: Path, *rows: str) -> None:
    header = "source_id;person_id;service_task;start;end;organiser"
    (folder / "episodes.csv").write_text("\n".join([header, *rows]) + "\n")
    done = run_here(folder, "register", "episodes.csv", "--replace-all")
    assert done.code in (0, 3), done.err  # 3: a row of another organiser than before


def _statuses(folder: Path, period: str) -> dict[str, tuple[str, str | None]]:
    told = json.loads(run_here(folder, "deliver", "--status", "--period", period, "-f", "json").out)
    return {row["source_id"]: (row["status"], row["former_source_id"]) for row in told["rows"]}


def test_what_was_delivered_for_the_old_organiser_is_delivered(tmp_path: Path) -> None:
    _register(tmp_path, *(f"R{n};{who};24;2025-01-10;;{A}" for n, who in enumerate(PERSONS, 1)))
    assert run_here(tmp_path, "deliver", "--period", "2025Q1", "--out", "d1").code == 0
    assert run_here(tmp_path, "deliver", "--mark-sent", "d1").code == 0
    # The merged register numbers its rows anew; of one it corrects the start, too.
    _register(
        tmp_path,
        f"N1;{PERSONS[0]};24;2025-01-10;;{B}",
        f"N2;{PERSONS[1]};24;2025-01-11;;{B}",
        f"R3;{PERSONS[2]};24;2025-01-10;;{B}",
    )
    assert {status for status, _ in _statuses(tmp_path, "2025Q1").values()} == {"changed", "new", "withdrawn"}
    assert run_here(tmp_path, "register", "--undo", "2").code == 0
    (tmp_path / "ids.csv").write_text("old;new\nR2;N2\n")
    (tmp_path / "kanta-gap.toml").write_text(SETTINGS)
    merged = run_here(tmp_path, "register", "episodes.csv", "--replace-all")
    assert (merged.code, "another person or organiser" in merged.err) == (0, False)
    assert _statuses(tmp_path, "2025Q1") == {
        "N1": ("renamed", "R1"), "N2": ("changed", "R2"), "R3": ("delivered", None),
    }  # fmt: skip
    done = run_here(tmp_path, "deliver", "--period", "2025Q1", "--corrections", "--out", "c1")
    assert "0 new, 1 changed, 0 withdrawn" in done.err
    assert run_here(tmp_path, "deliver", "--mark-sent", "c1").code == 0
    assert _statuses(tmp_path, "2025Q1")["N2"][0] == "delivered"
    assert "succession.organisers" in run_here(tmp_path, "config").out


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (_links((A, B, "2025-01-01"), (B, A, "2026-01-01")), "circle"),
        (_links((A, A, "2025-01-01")), "circle"),
        (_links((A, f"{A}.1", "2025-01-01")), "circle"),
        (_links((A, B, "2025-01-01"), (A, C, "2025-01-01")), "two successors"),
        ('ids = [{ old = "x", new = "y" }, { old = "y", new = "z" }, { old = "z", new = "x" }]', "circle"),
        (_links((A, B, "soon")), "no day"),
        (_links((A, "Unit B", "2025-01-01")), "OIDs"),
        (f'units = [{{ old = "{A}", new = "{B}" }}]', "is a list of"),
        ('ids = "nowhere.csv"', "does not exist"),
        ("people = []", "unknown setting"),
    ],
)
def test_what_leads_nowhere_is_refused_in_words(tmp_path: Path, written: str, told: str) -> None:
    (tmp_path / "kanta-gap.toml").write_text(f"[succession]\n{written}\n")
    done = run_here(tmp_path, "coverage")
    assert (done.code, told in done.err) == (2, True), done.err
