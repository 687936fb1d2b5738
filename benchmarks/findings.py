"""Whether rules find the defects that a synthetic county was given, and nothing else: precision and recall by rule.

Rules of the ledger (G) are held against the truth file, row by row. Of the others those are looked at whose self-test spoils a
county by a story of the synthetic one. Recall: of the persons with that story, how many the rule finds. Precision: of the
persons that it finds, how many have any defect at all.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from analyser.rules.catalogue import rules
from analyser.synth.scenarios import DEFECTS_PER_1000, Defect, tell, tell_defect
from benchmarks.ingest import Figures
from benchmarks.measured import command

_SEED = 1
_PERIOD = "2025Q1"
_ROW = re.compile(r"R(\d{6})-\d+")
_FILE = re.compile(r"/(\d{6})-")


def findings(folder: Path, persons: int) -> Iterator[Figures]:
    """Seed all defects, check, and compare by person."""
    county, database, told = folder / "seeded", folder / "seeded.duckdb", folder / "seeded.json"
    command("synth", str(county), "--persons", str(persons), "--seed", str(_SEED), "-q")
    command("ingest", str(county / "archive"), "--db", str(database), "-q", accept=(0, 3))
    files = [str(file) for file in sorted(county.glob("*.csv"))]
    command("register", *files, "--db", str(database), "-q", accept=(0, 3))
    command(
        "check", "--period", _PERIOD, "--db", str(database), "-f", "json", "-o", str(told), "-q", accept=(0, 1, 3)
    )  # fmt: skip
    found = {rule["code"]: rule["rows"] for rule in json.loads(told.read_bytes())["rules"]}

    numbers = [place + _SEED * 17 for place in range(persons)]
    with_story: dict[str, set[int]] = defaultdict(set)
    by_oid: dict[str, int] = {}
    for number in numbers:
        for draft in tell(number, tuple(Defect)).drafts:
            by_oid[draft.oid] = number
        for defect in Defect:
            if tell_defect(number, tuple(Defect)) is not None and _defect_of(number) is defect:
                with_story[defect.value].add(number)
    truth = json.loads((county / "truth.json").read_bytes())["rows"]
    for rule in rules():
        if rule.code.startswith("G"):
            wanted = {source_id for source_id, row in truth.items() if rule.name in row["reasons"]}
            told_of = {str(row["subject"]) for row in found[rule.code]}
            right = told_of & wanted
        elif "story" in rule.defect and not rule.code.startswith("P"):
            wanted = {str(number) for number in with_story[rule.defect["story"]]}
            told_of = {str(_person(row, by_oid)) for row in found[rule.code]}
            right = {number for number in told_of if any(int(number) in some for some in with_story.values())}
        else:
            continue
        yield {
            "what": f"{rule.code} {rule.name}",
            "seeded": float(len(wanted)),
            "found": float(len(told_of)),
            "precision": len(right) / len(told_of) if told_of else 1.0,
            "recall": len(told_of & wanted) / len(wanted) if wanted else 1.0,
        }


def _defect_of(number: int) -> Defect:
    """Which of all defects the person with this number has, as `tell_defect` spreads them."""
    kinds = tuple(Defect)
    return kinds[number * DEFECTS_PER_1000 // 1000 % len(kinds)]


def _person(row: dict[str, str | None], by_oid: dict[str, int]) -> int:
    """The number of whom the finding is about; -1 where it tells nobody."""
    subject = row["subject"] or ""
    if told := _ROW.fullmatch(subject) or _FILE.search(subject) or _FILE.search(row["file"] or ""):
        return int(told[1])
    return by_oid.get(row["document"] or "", -1)
