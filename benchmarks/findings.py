"""Whether rules find the defects that a synthetic county was given, and nothing else: precision and recall by rule.

Rules of the ledger (G) are held against the truth file, row by row. Of the others it is known by person: each seeded defect must
fire certain rules, as the self-test proves (a rule's own story and the consequences that its header names). Recall: of the
persons whose defect must fire the rule, how many it finds. Precision: of the persons that it finds, how many have such a defect.
Persons with another defect, or with none, that a rule tells of all the same make its precision less.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from analyser.rules.catalogue import rules
from analyser.synth.people import MOST_PERSONS
from analyser.synth.scenarios import DEFECTS_PER_1000, Defect, tell, tell_defect
from benchmarks.ingest import Figures
from benchmarks.measured import command

_SEED = 1
_PERIOD = "2025Q1"
_ROW = re.compile(r"R(\d{6})-\d+")
_FILE = re.compile(r"/(\d{6})-")
_OF_THE_WHOLE = ("P",)
"""Rules that tell of no person."""
_ALSO = {
    Defect.BROKEN_JSON: {"A05", "D01", "S01", "S05"},
    Defect.BAD_BASE64: {"D01"},
    Defect.PDF_ONLY: {"D01"},
    Defect.HEALTHCARE_DOCUMENT: {"D01"},
    Defect.BROKEN_XML: {"D01"},
    Defect.NOT_XML: {"D01"},
    Defect.ENTITY_BOMB: {"D01"},
}
"""Defects that no rule of this kind has for its own story, and what they must fire."""


def must_fire() -> Mapping[Defect, set[str]]:
    """The rules, those of the ledger left out, that each defect must fire."""
    told: dict[Defect, set[str]] = defaultdict(set)
    for rule in rules():
        if "story" in rule.defect and not rule.defect.get("parameters"):
            told[Defect(rule.defect["story"])] |= {rule.code, *rule.consequences}
    for defect, codes in _ALSO.items():
        told[defect] |= codes
    return {defect: {code for code in codes if code[0] not in ("G", *_OF_THE_WHOLE)} for defect, codes in told.items()}


def findings(folder: Path, persons: int) -> Iterator[Figures]:
    """Seed all defects, check, and compare by row or by person. A rule without a seeded defect and a finding is not told."""
    county, database, told = folder / "seeded", folder / "seeded.duckdb", folder / "seeded.json"
    command("synth", str(county), "--persons", str(persons), "--seed", str(_SEED), "-q")
    command("ingest", str(county / "archive"), "--db", str(database), "-q", accept=(0, 3))
    files = [str(file) for file in sorted(county.glob("*.csv"))]
    command("register", *files, "--db", str(database), "-q", accept=(0, 3))
    command(
        "check", "--period", _PERIOD, "--db", str(database), "-f", "json", "-o", str(told), "-q", accept=(0, 1, 3)
    )  # fmt: skip
    found = {rule["code"]: rule["rows"] for rule in json.loads(told.read_bytes())["rules"]}

    by_oid: dict[str, int] = {}
    wanted_of: dict[str, set[str]] = defaultdict(set)
    must = must_fire()
    for place in range(persons):
        number = (place + _SEED * 17) % MOST_PERSONS
        by_oid |= {draft.oid: number for draft in tell(number, tuple(Defect), place).drafts}
        if tell_defect(number, tuple(Defect)) is not None:
            for code in must.get(_defect_of(number), ()):
                wanted_of[code].add(str(number))
    truth = json.loads((county / "truth.json").read_bytes())["rows"]
    for rule in rules():
        if rule.code[0] in _OF_THE_WHOLE:
            continue
        if rule.code[0] == "G":
            wanted = {source_id for source_id, row in truth.items() if rule.name in row["reasons"]}
            told_of = {str(row["subject"]) for row in found[rule.code]}
        else:
            wanted = wanted_of[rule.code]
            told_of = {str(_person(row, by_oid)) for row in found[rule.code]}
        if wanted or told_of:
            right = told_of & wanted
            yield {
                "what": f"{rule.code} {rule.name}",
                "seeded": float(len(wanted)),
                "found": float(len(told_of)),
                "precision": len(right) / len(told_of) if told_of else 1.0,
                "recall": len(right) / len(wanted) if wanted else 1.0,
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
