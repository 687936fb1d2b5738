"""Proves each rule: silent on a clean county, and firing when its defect is put there.

The county is made in memory of the same documents and rows as any synthetic one, read by the same readers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import polars as pl

from analyser.archive.settings import ReadSettings
from analyser.archive.shard import Entry, Shard, read_shard
from analyser.coverage.model import Request, build_model
from analyser.coverage.result import Period
from analyser.register.kinds import Kind
from analyser.register.load import rows_of
from analyser.rules.catalogue import Rule
from analyser.rules.run import Status, run_rules
from analyser.store.database import Database, connect_memory
from analyser.store.register_load import load_register
from analyser.store.tables import load_batch
from analyser.synth.content import ORGANISER, OTHER_ORGANISER
from analyser.synth.county import _EPISODES
from analyser.synth.envelope import Printer, frame
from analyser.synth.scenarios import _CHILDREN, STORIES, Defect, Story, Teller, tell

_SECRET = b"selftest" * 4
# Clients without the oddities that some rules tell of: covered, ended, and children in both layers.
_CLEAN = (1, 2, 4, 5, 10, 13, 17, 22, 24)
_REQUEST = Request(Period("2025Q1", dt.date(2025, 1, 1), dt.date(2025, 3, 31)), organisers=(ORGANISER,))
# Defects that no document of ours carries, put into the store itself.
_SEEDS = {
    "@organiser": f"UPDATE register_episode SET organiser = '{OTHER_ORGANISER}' WHERE source_id = 'R000001-1'",
    "@task": "INSERT INTO register_code BY NAME SELECT '24' AS code, 'families' AS key, false AS in_register",
    "@birth-date": "UPDATE document SET problems = ['birth-date-differs']",
    "@no-identifier": "UPDATE document SET problems = ['person-without-identifier']",
    "@reversed": "UPDATE document SET problems = ['period-reversed']",
    "@content-id": "UPDATE document SET problems = ['content-id-differs']",
    "@protection-only": "DELETE FROM client_period WHERE role = 'unit'",
    "@document-task": "UPDATE service_task_block SET task_code = '999', task_display = NULL",
    "@municipality": "INSERT INTO register_population BY NAME SELECT '999' AS municipality, 2025 AS year, 1 AS population",
    "@overlap": "INSERT INTO register_episode BY NAME SELECT * REPLACE ('X' AS source_id) FROM register_episode LIMIT 1",
    "@rejected": "INSERT INTO register_error VALUES ('episodes.csv', 'episodes', 7, 'start', 'empty')",
    "@check-character": "UPDATE person_identity SET value = '010101-900A' WHERE root = '1.2.246.21'",
}


@dataclass(frozen=True, slots=True)
class Proof:
    """What was seen of one rule."""

    rule: Rule
    silent: bool
    fires: bool

    @property
    def proven(self) -> bool:
        """Both."""
        return self.silent and self.fires


def prove(rules: Sequence[Rule]) -> list[Proof]:
    """Run every rule on the clean county, and on the clean county with its own defect."""
    clean = _statuses(rules, [], "", _REQUEST)
    proofs = []
    for rule in rules:
        stories, seed, request = [], "", _REQUEST
        if rule.defect == "@as-of":
            request = replace(_REQUEST, as_of=dt.date(2024, 6, 30))
        elif rule.defect.startswith("@"):
            seed = _SEEDS[rule.defect]
        else:
            defect = Defect(rule.defect)
            teller = Teller(901, child=defect in _CHILDREN)
            STORIES[defect](teller)
            stories = [teller.story]
        fires = _statuses([rule], stories, seed, request)[rule.code] is Status.FAILED
        silent = clean[rule.code] in (Status.PASSED, Status.NOT_APPLICABLE)
        proofs.append(Proof(rule, silent, fires))
    return proofs


def _statuses(rules: Sequence[Rule], stories: list[Story], seed: str, request: Request) -> dict[str, Status]:
    with connect_memory() as connection:
        _fill(connection, [*(tell(number, ()) for number in _CLEAN), *stories])
        if seed:
            connection.execute(seed)
        build_model(connection, request)
        return {outcome.rule.code: outcome.status for outcome in run_rules(connection, rules, 60)}


def _fill(connection: duckdb.DuckDBPyConnection, stories: Sequence[Story]) -> None:
    printer = Printer(3, brief=True)
    files: list[bytes] = []
    for story in stories:
        for place, draft in enumerate(story.drafts):
            files += [printer.document(draft, story.person.number + place), frame(draft)]
        files += [content for _, content in story.files]
    entries = tuple(
        Entry("selftest", f"m{n}", f"m{n}", "selftest", f"{n}.xml", len(data), data=data)
        for n, data in enumerate(files)
    )
    load_batch(connection, read_shard(Shard(entries), ReadSettings(_SECRET)))
    database = Database(connection, _SECRET, Path("selftest"))
    _load(database, Kind.EPISODES, _EPISODES, [row for story in stories for row in story.rows])
    joined = ("person_id", "person_id_root", "same_as_id", "same_as_root", "from")
    _load(database, Kind.IDENTITIES, joined, [row for story in stories for row in story.identities])


def _load(database: Database, kind: Kind, columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    table = {name: pl.Series([row[place] for row in rows], dtype=pl.String) for place, name in enumerate(columns)}
    frame_ = pl.DataFrame(table).with_columns(pl.int_range(2, len(rows) + 2, dtype=pl.Int32).alias("__row"))
    load_register(database, rows_of(frame_, kind, "selftest", database.secret))
