"""Proves each rule: silent on a clean county, and firing with exactly its consequences when its defect is put there.

The county is made in memory of the same documents and rows as any synthetic one, read by the same readers. A rule's
header says how to spoil it, in `[defect]`:

- `story`: one more person, whose story is one of the synthetic county's defects;
- `edit`: a JSON pointer into a content of the first person (`person = "child"`: of the first child) and its new
  `value`; without one the value is removed;
- `xml`: a text of a document with this content `root`, and what is put in its place;
- `seed`: SQL on the store, for what no document of ours carries;
- `as_of` and `parameters` of the run.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa

from analyser.archive.files.entries import Shard, ShardEntry
from analyser.archive.settings import ReadSettings
from analyser.archive.shard import read_shard
from analyser.coverage.model import Model, Request
from analyser.coverage.result import Period
from analyser.messages.catalogue import Message
from analyser.messages.errors import UsageError
from analyser.register.kinds import RegisterKind
from analyser.register.load import rows_of
from analyser.rules.catalogue import Rule
from analyser.rules.policy import Policy, policies
from analyser.rules.run import Measured, Outcome, Status, judge, measure
from analyser.rules.sandbox import furnish
from analyser.store.database import Database, connect_memory
from analyser.store.register_load import load_register
from analyser.store.tables import load_batch
from analyser.synth.content import ORGANISER
from analyser.synth.county import CODES, EPISODE_COLUMNS, IDENTITY_COLUMNS, SERVICE_COLUMNS
from analyser.synth.envelope import Draft, Printer
from analyser.synth.messages import messages
from analyser.synth.people import MUNICIPALITIES
from analyser.synth.scenarios import CHILDREN, STORIES, Defect, tell
from analyser.synth.story import Story, Teller
from analyser.system.processes import end_with_parent, silent_start

_SECRET = b"selftest" * 4
# Clients without the oddities that some rules tell of: in one or two units, with newer versions, ended, children in
# both layers, one with a safety restriction; in all four municipalities. Nobody in disability services.
_CLEAN = (5, 1, 2, 3, 76, 6, 8, 10, 12, 16, 57)
_CHILD = 10
_QUARTER = Period("2025Q1", dt.date(2025, 1, 1), dt.date(2025, 3, 31))


@dataclass(frozen=True, slots=True)
class Proof:
    """What was seen of one rule."""

    code: str
    name: str
    silent: bool
    """It found nothing in the clean county."""
    fired: tuple[str, ...]
    """The rules that found something in the county with its defect."""
    expected: tuple[str, ...]
    """The rule and the consequences that its header names."""
    flaw: Message | None = None
    """Why it could not be proven."""

    @property
    def fires(self) -> bool:
        """It found its own defect."""
        return self.code in self.fired

    @property
    def proven(self) -> bool:
        """Silent without the defect; with it exactly the rule and its consequences fire."""
        return self.silent and self.fired == self.expected and not self.flaw


def prove(rules: Sequence[Rule], also: Sequence[Rule] = (), workers: int = 1) -> list[Proof]:
    """Prove `rules`; `also` are further rules that may fire with them and are not proven themselves."""
    everything = sorted({rule.code: rule for rule in (*also, *rules)}.values(), key=lambda rule: rule.code)
    clean = {outcome.rule.code: outcome for outcome in _outcomes(policies(everything, {}), {})}
    if workers < 2:
        return [_proof(rule, everything, clean[rule.code].status) for rule in rules]
    # Not forked: the threads of the databases that were opened here would not live on in a copy of this process.
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    if method == "forkserver":
        from multiprocessing import forkserver

        with silent_start():
            forkserver.ensure_running()
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(workers, mp_context=context, initializer=end_with_parent) as pool:
        futures = [pool.submit(_proof, rule, everything, clean[rule.code].status) for rule in rules]
        try:
            return [future.result() for future in futures]
        except BaseException:
            # Whoever is interrupted does not wait for proofs under way: each takes seconds, and a pool waits for them.
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.kill()
            raise


def _proof(rule: Rule, everything: Sequence[Rule], clean: Status) -> Proof:
    silent = clean in (Status.PASSED, Status.NOT_APPLICABLE)
    expected = tuple(sorted({rule.code, *rule.consequences}))
    if rule.broken:
        return Proof(rule.code, rule.name, silent, (), expected, rule.broken)
    if not rule.defect:
        return Proof(rule.code, rule.name, silent, (), expected, Message("rules.selftest.no_defect"))
    try:
        tables = {rule.code: dict(rule.defect.get("parameters", {}))}
        outcomes = _outcomes(policies(everything, tables), rule.defect)
    except (UsageError, duckdb.Error, LookupError, TypeError, ValueError) as error:
        told = error.what if isinstance(error, UsageError) else f"{type(error).__name__}: {error}"
        return Proof(rule.code, rule.name, silent, (), expected, Message("rules.selftest.not_made", {"told": told}))
    fired = tuple(outcome.rule.code for outcome in outcomes if outcome.status is Status.FAILED)
    broken = [outcome.rule.code for outcome in outcomes if outcome.status is Status.ERROR]
    return Proof(
        rule.code,
        rule.name,
        silent,
        fired,
        expected,
        Message("rules.selftest.in_error", {"codes": broken}) if broken else None,
    )


def _outcomes(chosen: Sequence[Policy], defect: Mapping[str, Any]) -> list[Outcome]:
    request = Request(_QUARTER, organisers=(ORGANISER,))
    if "as_of" in defect:
        request = replace(request, as_of=dt.date.fromisoformat(defect["as_of"]))
    if defect.keys() & {"story", "edit", "xml"}:
        with connect_memory() as connection:
            connection.execute("SET threads = 1")
            _fill(connection, _spoiled(defect), defect.get("xml", ()))
            measured = _measured(connection, chosen, request, defect)
    else:
        # Nothing but SQL spoils it: the clean county serves, and is put right again.
        connection = _clean()
        connection.begin()
        try:
            measured = _measured(connection, chosen, request, defect)
        finally:
            connection.rollback()
    return [judge(policy, counted) for policy, counted in zip(chosen, measured, strict=True)]


def _measured(
    connection: duckdb.DuckDBPyConnection, chosen: Sequence[Policy], request: Request, defect: Mapping[str, Any]
) -> list[Measured]:
    if "seed" in defect:
        connection.execute(defect["seed"])
    furnish(Model.build(connection, request))
    return measure(connection, chosen, _QUARTER, seconds=None)


@cache
def _clean() -> duckdb.DuckDBPyConnection:
    """The clean county, for as long as the process lives."""
    connection = connect_memory()
    connection.execute("SET threads = 1")
    _fill(connection, _spoiled({}), ())
    return connection


def _spoiled(defect: Mapping[str, Any]) -> list[Story]:
    """The clean county's stories, with the defect's story and edits."""
    stories = [tell(number, ()) for number in _CLEAN]
    if "story" in defect:
        kind = Defect(defect["story"])
        teller = Teller(901, child=kind in CHILDREN)
        STORIES[kind](teller)
        stories.append(teller.story)
    whose = stories[_CLEAN.index(_CHILD) if defect.get("person") == "child" else 0]
    for edit in defect.get("edit", ()):
        _edit(whose, edit["at"], edit.get("value"))
    return stories


def _edit(story: Story, at: str, value: Any) -> None:
    """Put the value at the pointer, in the first content with the pointer's root; `+` appends to a list."""
    root, *path = at.removeprefix("/").split("/")
    here: Any = _with_root(story.drafts, root).content
    for key in (root, *path[:-1]):
        here = here[int(key)] if isinstance(here, list) else here[key]
    last = path[-1]
    if isinstance(here, list) and last == "+":
        unit = here[0].get("palveluyksikon_nimi", {}).get("code", "")
        here.append(_filled(value, unit=unit))
    elif value is None:
        del here[int(last) if isinstance(here, list) else last]
    else:
        here[int(last) if isinstance(here, list) else last] = value


def _filled(value: Any, **known: str) -> Any:
    if isinstance(value, dict):
        return {key: _filled(entry, **known) for key, entry in value.items()}
    for name, text in known.items():
        value = value.replace(f"{{{name}}}", text) if isinstance(value, str) else value
    return value


def _with_root(drafts: Sequence[Draft], root: str) -> Draft:
    return next(draft for draft in drafts if draft.content and root in draft.content)


def _fill(connection: duckdb.DuckDBPyConnection, stories: Sequence[Story], swaps: Sequence[Mapping[str, str]]) -> None:
    read = [_read(story.person.number, tuple(_files(story, swaps if story is stories[0] else ()))) for story in stories]
    load_batch(connection, {name: pa.concat_tables([tables[name] for tables in read]) for name in read[0]})
    database = Database(connection, _SECRET, Path("selftest"))
    _load(database, RegisterKind.EPISODES, EPISODE_COLUMNS, [row for story in stories for row in story.rows])
    _load(database, RegisterKind.SERVICES, SERVICE_COLUMNS, [row for story in stories for row in story.services])
    _load(database, RegisterKind.IDENTITIES, IDENTITY_COLUMNS, [row for story in stories for row in story.identities])
    _load(database, RegisterKind.CODES, ("code", "key", "name_fi", "name_sv", "in_register"), CODES)
    people = [(code, "2025", str(count)) for code, _, count in MUNICIPALITIES]
    _load(database, RegisterKind.POPULATION, ("municipality", "year", "population"), people)


@lru_cache(maxsize=256)
def _read(person: int, files: tuple[bytes, ...]) -> Mapping[str, pa.Table]:
    """A person's files, read. Most persons are the same in every county, and are read once."""
    entries = tuple(
        ShardEntry(
            "selftest", f"m{person}-{n}", f"m{person}-{n}", "selftest", f"{person}-{n}.xml", len(data), data=data
        )
        for n, data in enumerate(files)
    )
    return read_shard(Shard(entries), ReadSettings(_SECRET))


_PRINTER = Printer(3, brief=True)


def _files(story: Story, swaps: Sequence[Mapping[str, str]]) -> Iterator[bytes]:
    for place, draft in enumerate(story.drafts):
        # Of the oddities of real documents, an id marked as absent has a rule.
        data = _PRINTER.document(draft, story.person.number + place).replace(b'" nullFlavor="NA"/>', b'"/>')
        for swap in swaps:
            if draft is _with_root(story.drafts, swap["root"]):
                known = {"henkilotunnus": story.person.henkilotunnus, "oid": draft.oid}
                find, put = (_filled(swap[key], **known).encode() for key in ("find", "put"))
                if find not in data:
                    raise ValueError("the text to replace is not in the document")
                data = data.replace(find, put)
        yield data
        yield from (content for _, content in messages(draft))
    yield from (content for _, content in story.files)


def _load(database: Database, kind: RegisterKind, columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    table = {name: pl.Series([row[place] for row in rows], dtype=pl.String) for place, name in enumerate(columns)}
    frame_ = pl.DataFrame(table).with_columns(pl.int_range(2, len(rows) + 2, dtype=pl.Int32).alias("__row"))
    load_register(database, rows_of(frame_, kind, "selftest", database.secret))
