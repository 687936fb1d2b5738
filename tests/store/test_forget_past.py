"""Persons of whom nothing reaches a day are forgotten; figures and the memory of deliveries live on without them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from analyser.store.database import open_database
from tests.archive.build import ORGANISER, client, content, document
from tests.command import run_here as here

_P = ("--period", "2022Q1")
_PEOPLE = {
    "ended": "010190-901A", "open": "020290-902B", "late": "030390-903C", "joined": "040490-904D", "other": "050590-905E",
    "alone": "060690-906F", "again": "070790-907H", "past": "080890-908J", "recent": "090990-909K",
}  # fmt: skip
_HEAD = "source_id,person_id,service_task,start,end,organiser\n"


def _document(who: str, number: int, day: str, end: str | None = None, version: int = 1) -> str:
    """A client-relationship document of a task that no row names."""
    told = content()
    told["asiakkuusasiakirja"]["asiakas"]["henkilotunnus"]["value"] = _PEOPLE[who]
    (task,) = told["asiakkuusasiakirja"]["sosiaalihuollon_palvelutehtava"]
    task["palvelutehtava"] |= {"code": "20", "display": "Päihdepalvelut"}
    unit = {"asiakkuuden_alkamispvm": "2022-01-10"} | ({"asiakkuuden_paattymispvm": end} if end else {})
    task["palvelunjarjestajan_palveluyksikko"] = [unit]
    born = f"19{_PEOPLE[who][4:6]}{_PEOPLE[who][2:4]}{_PEOPLE[who][:2]}"
    clients = client("1.2.246.21", _PEOPLE[who], born)
    text = document(told, oid=f"1.2.3.{number}.{version}", clients=clients, version=version)
    return text.replace("20250117130652+0200", day).replace('setId root="1.2.3.4"', f'setId root="1.2.3.{number}"')


def _rows(folder: Path, *rows: tuple[str, str, str, str]) -> None:
    text = "".join(f"{name},{_PEOPLE[who]},24,{start},{end},{ORGANISER}\n" for name, who, start, end in rows)
    (folder / "episodes.csv").write_text(_HEAD + text)
    done = here(folder, "register", "episodes.csv", "--replace-all")
    assert done.code == 0, done.err


def _statuses(folder: Path) -> Counter[str]:
    told = json.loads(here(folder, "deliver", "--status", *_P, "-f", "json").out)
    return Counter(row["status"] for row in told["rows"])


def test_who_is_past_a_day_goes_and_what_was_told_of_them_stays(tmp_path: Path) -> None:
    rows = [
        ("R1", "ended", "2022-01-10", "2022-02-01"),
        ("R2", "open", "2022-01-10", ""),
        ("R3", "late", "2022-01-10", "2023-01-01"),  # ends on the day itself
        ("R4", "joined", "2022-01-10", "2022-02-01"),
        ("R5", "other", "2022-01-10", "2022-03-01"),
        ("R7", "again", "2022-01-10", "2022-02-01"),
    ]
    _rows(tmp_path, *rows)
    # One person under two identifiers, of whom the other is there still.
    (tmp_path / "ids.csv").write_text(f"person_id,same_as_id\n{_PEOPLE['joined']},{_PEOPLE['open']}\n")
    assert here(tmp_path, "register", "ids.csv").code == 0
    for number, command in enumerate((("--out", "d1"), ("--mark-sent", "d1"))):
        done = here(tmp_path, "deliver", *(_P if not number else ()), *command)
        assert done.code == 0, done.err
    (tmp_path / "refused.txt").write_text("R5\n")
    assert here(tmp_path, "deliver", "--receipt", "d1", "--refused-rows", "refused.txt").code == 0
    assert here(tmp_path, "period", "close", "2022Q1").code == 0
    # Whom the register has is open as it says; of others the archive tells, by the newest version.
    files = {
        "a": _document("ended", 11, "20220301120000"),
        "b": _document("late", 12, "20220301120000", "2022-02-01"),
        "c": _document("alone", 13, "20220301120000", "2022-02-01"),
        "d": _document("alone", 13, "20220401120000", version=2),
        "e": _document("past", 14, "20220301120000"),
        "f": _document("past", 14, "20220401120000", "2022-02-01", version=2),
        "g": _document("recent", 15, "20230101120000", "2022-02-01"),
    }
    (tmp_path / "archive").mkdir()
    for name, text in files.items():
        (tmp_path / "archive" / f"{name}.xml").write_text(text)
    assert here(tmp_path, "ingest", "archive").code == 0
    # One was told under another name, and corrected, since.
    _rows(tmp_path, *rows[:-1], ("N7", "again", "2022-01-10", "2022-02-03"))
    assert here(tmp_path, "deliver", *_P, "--corrections", "--out", "c1").code == 0
    assert here(tmp_path, "deliver", "--mark-sent", "c1").code == 0
    before = _statuses(tmp_path)
    assert before == Counter(delivered=6)
    figures = here(tmp_path, "coverage", *_P, "--as-told").out

    with open_database(tmp_path / "kanta-gap.duckdb", write=False) as database:
        known = dict(
            database.connection.execute(
                "SELECT value, identity_key FROM person_identity WHERE root <> 'source-id'"
            ).fetchall()
        )
    for wrong in (("forget-person", "R1", "--before", "2023-01-01"), ("forget-persons", "--before", "2999-01-01")):
        assert here(tmp_path, "db", *wrong).code == 2
    for day, persons in (("2022-03-31", "nobody"), ("2022-04-01", "3 persons")):  # the delivered period's last day
        assert persons in here(tmp_path, "db", "forget-persons", "--before", day, "--dry-run").err
    assert _statuses(tmp_path) == before
    done = here(tmp_path, "db", "forget-persons", "--before", "2023-01-01")
    assert done.code == 0, done.err
    assert "gone: 4 persons, with 3 documents, 3 rows of the register" in done.err
    assert "5 rows of deliveries were about them" in done.err  # R5 once more: the receiver had not taken it

    gone = [_PEOPLE[name] for name in ("ended", "other", "again", "past")]
    with open_database(tmp_path / "kanta-gap.duckdb", write=False) as database:
        cells = "".join(
            repr(database.connection.execute(f'FROM "{table}"').fetchall())
            for (table,) in database.connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        ) + (tmp_path / "kanta-gap.duckdb").read_bytes().decode("latin-1")
    assert not [one for one in gone if one in cells or known[one] in cells]
    assert all(known[_PEOPLE[name]] in cells for name in ("open", "late", "joined", "alone", "recent"))
    # Nothing is withdrawn, no figure is another, and the folders are still those of the deliveries.
    assert _statuses(tmp_path) == Counter(delivered=3, forgotten=3)
    assert (
        here(tmp_path, "deliver", *_P, "--corrections", "--out", "c2").err.count("0 new, 0 changed, 0 withdrawn") == 1
    )
    assert here(tmp_path, "coverage", *_P, "--as-told").out == figures
    assert [here(tmp_path, "deliver", "--check", name).code for name in ("d1", "c1")] == [0, 0]
