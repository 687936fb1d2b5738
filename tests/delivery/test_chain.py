"""The whole way, by the real command on a synthetic county: deliver, archive what was missing, deliver again.

What is archived in between is made from the ledger by the same generator that makes the county.
"""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from analyser.synth.content import ORGANISER, Block, Unit, relationship
from analyser.synth.envelope import Draft, Printer
from analyser.synth.frames import frame
from analyser.synth.people import person
from tests.command import run_here as run

PERIOD = ("--period", "2025Q1")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("county")
    assert run(place, "synth", "c", "--persons", "160", "--seed", "3").code == 0
    run(place, "ingest", "c/archive", "--workers", "1")
    tables = ("episodes", "services", "identities", "codes", "periods", "population")
    assert run(place, "register", *(f"c/{name}.csv" for name in tables)).code == 0
    return place


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, delimiter=";"))


def ledger(county: Path) -> dict[str, dict[str, Any]]:
    shown = run(county, "gaps", *PERIOD, "-f", "json").out
    return {row["source_id"]: row for row in json.loads(shown)["rows"]}


def archive_missing(county: Path, into: str) -> int:
    """A client-relationship document for each row that the archive lacks, with the row's own dates; returns their number."""
    (county / into).mkdir()
    rows = [row for row in ledger(county).values() if row["class"] in ("missing", "partial")]
    printer = Printer(9)
    for place, row in enumerate(rows):
        number = int(row["source_id"][1:].split("-")[0])
        told = next(one for one in table(county / "c" / "episodes.csv") if one["source_id"] == row["source_id"])
        who = next(
            one for child in (False, True) if (one := person(number, child=child)).henkilotunnus == told["person_id"]
        )
        protection = row["layer"] == "child-protection"
        content = relationship(
            who,
            [] if protection else [Block(row["service_task"], [Unit(row["start"], row["end"])])],
            relationship_id=f"1.2.246.10.99999901.95.2026.{number}.{place}",
            start=row["start"],
            protection=(row["start"], row["end"]) if protection else None,
        )  # fmt: skip
        oid = f"1.2.246.10.99999901.95.2026.{number}.{place}.1"
        draft = Draft(oid, oid, 1, "20250401120000+0300", [who], content, relationship_id=oid, organiser=ORGANISER)
        (county / into / f"{place}.xml").write_bytes(printer.document(draft, place))
        (county / into / f"{place}.frame.xml").write_bytes(frame(draft))
    return len(rows)


def test_deliver_archive_the_missing_deliver_again_and_correct_one(county: Path) -> None:
    first = run(county, "deliver", *PERIOD, "--out", "first", "--with-services")
    assert first.code == 3, first.err
    manifest = json.loads((county / "first" / "manifest.json").read_text())
    report = json.loads(run(county, "coverage", *PERIOD, "-f", "json").out)
    totals = {name: report["totals"][name] for name in ("excluded", "undetermined", "archived", "partial", "missing")}
    assert manifest["ledger"] == totals
    lacking = totals["missing"] + totals["partial"]
    assert lacking == report["separate_delivery"]["episodes"] > 5
    assert sum(one["rows"] for one in manifest["delivered_by_class"] if one["part"] != "services") == lacking
    assert sum(file["rows"] for file in manifest["files"] if file["part"] == "episodes") == lacking
    for file in manifest["files"]:
        raw = (county / "first" / file["name"]).read_bytes()
        assert (len(raw), hashlib.sha256(raw).hexdigest()) == (file["bytes"], file["sha256"])
        assert len(table(county / "first" / file["name"])) == file["rows"]
    assert report["sources"]["counted"] == "written"
    assert report["sources"]["totals"]["delivery"] == lacking
    assert run(county, "deliver", "--mark-sent", "first").code == 0

    # One row changes its end before anything else happens: exactly one correction.
    sent = table(county / "first" / "service_task_episodes.csv")[0]
    changed = {
        key: sent[key] for key in ("source_id", "person_id", "person_id_root", "organiser", "service_task", "start")
    }
    changed["end"] = "2025-03-30" if sent["end"] != "2025-03-30" else "2025-03-29"
    with (county / "changed.csv").open("w", encoding="utf-8", newline="") as opened:
        csv.DictWriter(opened, changed, delimiter=";").writeheader()
        csv.DictWriter(opened, changed, delimiter=";").writerow(changed)
    assert run(county, "register", "changed.csv", "--kind", "episodes").code == 0
    told = run(county, "deliver", *PERIOD, "--corrections", "--out", "corrected")
    assert told.code == 3, told.err
    rows = table(county / "corrected" / "service_task_episodes.csv")
    assert [(row["source_id"], row["end"]) for row in rows] == [(sent["source_id"], changed["end"])]
    assert table(county / "corrected" / "corrections.csv") == [
        {"source_id": sent["source_id"], "part": "episodes", "change": "changed", "former_source_id": ""}
    ]
    assert table(county / "corrected" / "child_protection_episodes.csv") == []
    assert run(county, "deliver", "--mark-sent", "corrected").code == 0

    # What was missing is archived: nothing is left to send, and what was sent is now in both sources.
    assert archive_missing(county, "more") == lacking
    assert "0 put into quarantine" in run(county, "ingest", "more", "--workers", "1").err
    again = run(county, "deliver", *PERIOD, "--out", "again")
    assert again.code == 3, again.err
    manifest = json.loads((county / "again" / "manifest.json").read_text())
    assert {file["rows"] for file in manifest["files"]} == {0}
    assert manifest["ledger"]["missing"] == manifest["ledger"]["partial"] == 0
    assert "Nothing need be sent." in (county / "again" / "covering-note.txt").read_text()
    report = json.loads(run(county, "coverage", *PERIOD, "-f", "json").out)
    sources = report["sources"]["totals"]
    assert (sources["both"], sources["delivery"], sources["neither"]) == (lacking, 0, 0)
    assert report["separate_delivery"]["needed"] is False
    shown = run(county, "deliver", "--status", *PERIOD).out
    assert "delivered, and in Kanta since: double" in shown
    assert "deliveries that are marked as sent count" in shown
    assert run(county, "deliver", "--check", "first").code == 0
