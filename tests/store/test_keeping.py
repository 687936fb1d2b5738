"""A document read once stays: whatever becomes of its file, and whenever a run is stopped."""

from __future__ import annotations

import io
import json
import os
import random
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest

from analyser.archive.files import discover
from analyser.archive.settings import ReadSettings
from analyser.ingest import known
from analyser.ingest import run as ingest_module
from analyser.ingest.forget import forget
from analyser.ingest.run import IngestSummary, ingest
from analyser.store.database import open_database
from tests.archive.build import client, document, frame
from tests.command import run_here as run
from tests.store.dump import dump

_SETTINGS = ReadSettings(b"k" * 32)
_LONG = os.environ.get("TESTS_LONG") == "1"
_DOCUMENTS = [document(oid=f"1.2.3.{n}", version=None).encode() for n in range(8)]
_FRAMES = [frame(f"1.2.3.{n}").encode() for n in range(3)]
_BROKEN = [b"<ClinicalDocument", b"no document", b"<a/>"]
_KEY = {raw: sha256(raw).hexdigest()[:32] for raw in (*_DOCUMENTS, *_FRAMES, *_BROKEN)}
_ALL = list(_KEY)


class _Stopped(BaseException):
    """A run that ends in the middle."""


def _ingest(database: Path, source: Path, stop_after: int | None = None) -> IngestSummary | None:
    calls = [0]

    def progress(_: object) -> None:
        calls[0] += 1
        if calls[0] == stop_after:
            raise _Stopped

    with open_database(database, write=True) as opened:
        try:
            return ingest(opened, [source], _SETTINGS, progress=progress)
        except _Stopped:
            return None


def _pack(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, raw in members.items():
            packed.writestr(name, raw)


@dataclass
class _Truth:
    """What lies in the folder now, and all that was ever read and not forgotten, by the file it was read from."""

    now: dict[str, list[bytes]] = field(default_factory=dict)
    ever: dict[str, set[str]] = field(default_factory=dict)

    def came_in(self) -> None:
        for name, members in self.now.items():
            self.ever.setdefault(name, set()).update(_KEY[raw] for raw in members if raw not in _BROKEN)

    @property
    def read(self) -> set[str]:
        return set().union(*self.ever.values())

    def keys(self) -> set[str]:
        return {_KEY[raw] for members in self.now.values() for raw in members if raw not in _BROKEN}

    def broken(self) -> int:
        return sum(raw in _BROKEN for members in self.now.values() for raw in members)


def _change(folder: Path, truth: _Truth, chance: random.Random) -> None:
    """One file comes, is replaced, moved, or goes."""
    name = chance.choice(["a.xml", "b.xml", "c.xml", "q.zip", "r.zip"])
    path = folder / name
    what = chance.random()
    if what < 0.15 and name in truth.now:
        path.unlink()
        del truth.now[name]
    elif what < 0.3 and name in truth.now:
        other = ("z" if name.endswith("zip") else "x") + "moved" + name[1:]
        path.rename(folder / other)
        truth.now[other] = truth.now.pop(name)
    elif name.endswith(".zip"):
        members = [chance.choice(_ALL) for _ in range(chance.randint(0, 7))]
        _pack(path, {f"{number}.xml": raw for number, raw in enumerate(members)})
        truth.now[name] = members
    else:
        raw = chance.choice(_ALL)
        path.write_bytes(raw)
        truth.now[name] = [raw]


def _forget(databases: Iterable[Path], source: Path) -> None:
    for database in databases:
        with open_database(database, write=True) as opened:
            forget(opened, str(source), dry=False)


def _assert_held(database: Path, truth: _Truth) -> None:
    with open_database(database, write=False) as opened:
        ask: Callable[[str], list[tuple[object, ...]]] = lambda sql: opened.connection.execute(sql).fetchall()  # noqa: E731
        held = {key for (key,) in ask("SELECT document_key FROM document UNION SELECT frame_key FROM frame")}
        assert held == truth.read
        there = "SELECT content_hash FROM member WHERE outcome IN ('document', 'frame') AND standing IS NULL"
        assert {key for (key,) in ask(there)} == truth.keys()
        assert ask("SELECT count(*) FROM quarantine JOIN member USING (member_key)") == [(truth.broken(),)]
        assert ask("SELECT count(*) FROM quarantine") == [(truth.broken(),)]
        standings = {standing for (standing,) in ask("SELECT DISTINCT standing FROM member")}
        assert standings <= {None, "gone"}
        assert ask("SELECT member_key FROM member GROUP BY ALL HAVING count(*) > 1") == []
        assert ask("SELECT frame_key FROM frame ANTI JOIN member USING (member_key)") == []
        # Nothing stands twice for one file: the same bytes in it are there, or gone.
        twice = (
            "SELECT file_key FROM member WHERE content_hash IS NOT NULL AND outcome <> 'quarantine' "
            "GROUP BY file_key, content_hash HAVING count(DISTINCT coalesce(standing, 'there')) > 1"
        )
        assert ask(twice) == []


@pytest.mark.parametrize("seed", range(200 if _LONG else 1))
def test_what_is_held_is_all_that_was_ever_read_whatever_became_of_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(ingest_module, "_BATCH_MEMBERS", 3)
    monkeypatch.setattr(discover, "_SHARD_ENTRIES", 2)
    chance = random.Random(seed)
    folder, stopped, undisturbed = tmp_path / "in", tmp_path / "stopped.duckdb", tmp_path / "undisturbed.duckdb"
    folder.mkdir()
    (folder / "always.xml").write_bytes(_DOCUMENTS[0])
    truth = _Truth({"always.xml": [_DOCUMENTS[0]]})
    for _ in range(6):
        for _ in range(chance.randint(1, 3)):
            _change(folder, truth, chance)
        while chance.random() < 0.4:
            _ingest(stopped, folder, stop_after=chance.randint(1, 6))
        _ingest(stopped, folder)
        _ingest(undisturbed, folder)
        truth.came_in()
        if chance.random() < 0.3:
            name = chance.choice(
                [name for name, read in truth.ever.items() if read and name != "always.xml"] or ["always.xml"]
            )
            _forget((stopped, undisturbed), folder / name)
            del truth.ever[name]
            _ingest(stopped, folder)
            _ingest(undisturbed, folder)
            truth.came_in()  # what lies there still is read anew
        _assert_held(stopped, truth)
        assert dump(stopped) == dump(undisturbed)
        again = _ingest(stopped, folder)
        assert again is not None
        assert (again.unchanged, again.kept, again.closed) == (again.files, (), 0)


@pytest.mark.parametrize("coarse", [True, False])
def test_a_file_replaced_by_another_of_the_same_size_and_time_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, coarse: bool
) -> None:
    """And one that is the same is not, whoever copied it back; nobody's bytes are looked at who was not touched."""
    looked: list[str] = []
    monkeypatch.setattr(known, "content_key", lambda path: looked.append(path) or discover.content_key(path))
    if not coarse:
        monkeypatch.setattr(discover, "_COARSE_NS", -(10**12))
    folder, database = tmp_path / "in", tmp_path / "k.duckdb"
    folder.mkdir()

    def put(number: int, name: str) -> None:
        path = folder / name
        if name.endswith(".xml"):
            path.write_bytes(_DOCUMENTS[number])
        elif name.endswith(".zip"):
            with zipfile.ZipFile(path, "w") as packed:
                packed.writestr(zipfile.ZipInfo("a.xml"), _DOCUMENTS[number])
        else:
            with tarfile.open(path, "w") as archive:
                inner = tarfile.TarInfo("a.xml")
                inner.size = len(_DOCUMENTS[number])
                archive.addfile(inner, io.BytesIO(_DOCUMENTS[number]))
        os.utime(path, ns=(10**18, 10**18))

    names = ("a.xml", "b.zip", "c.tar")
    for number, name in enumerate(names):
        put(number, name)
    first = _ingest(database, folder)
    assert first is not None
    assert (first.unchanged, first.new_documents, looked) == (0, 3, [])
    again = _ingest(database, folder)
    assert again is not None
    assert (again.unchanged, again.documents, len(looked)) == (3, 0, 3 if coarse else 0)
    looked.clear()
    for number, name in enumerate(names):
        put(number, name)  # the same bytes, copied back
        (folder / name).chmod(0o600)
    copied = _ingest(database, folder)
    assert copied is not None
    assert (copied.unchanged, copied.documents, len(looked)) == (3, 0, 3)
    for number, name in enumerate(names):
        before = (folder / name).stat()
        put(number + 3, name)
        after = (folder / name).stat()
        assert (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    third = _ingest(database, folder)
    assert third is not None
    assert (third.unchanged, third.new_documents, third.documents_held) == (0, 3, 6)


def test_the_run_says_what_it_keeps_and_what_it_closes(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    archive = tmp_path / "in" / "kanta.zip"
    _pack(archive, {f"{n}.xml": _DOCUMENTS[n] for n in range(4)} | {"bad.xml": _BROKEN[0], "worse.xml": _BROKEN[1]})
    (tmp_path / "in" / "loose.xml").write_bytes(_DOCUMENTS[4])
    assert run(tmp_path, "ingest", "in").code == 3
    _pack(archive, {"3.xml": _DOCUMENTS[3], "5.xml": _DOCUMENTS[5], "worse.xml": _BROKEN[1]})
    (tmp_path / "in" / "loose.xml").rename(tmp_path / "in" / "moved.xml")
    done = run(tmp_path, "ingest", "in")
    assert done.code == 3
    assert "in/kanta.zip held 3 documents that are not in it now: kept" in done.err
    assert done.err.count(" held ") == 1, "what moved inside the source is in it"
    assert "1 entry of the quarantine closed" in done.err
    (tmp_path / "in" / "moved.xml").unlink()
    archive.unlink()
    (tmp_path / "in" / "new.xml").write_bytes(_DOCUMENTS[6])
    done = run(tmp_path, "ingest", "in")
    assert done.code == 0, done.err
    assert "in held 3 documents that are not in it now: kept" in done.err
    assert "1 entry of the quarantine closed" in done.err
    assert run(tmp_path, "quarantine", "-f", "csv").out.count("\n") == 1
    assert " held " not in run(tmp_path, "ingest", "in").err


def test_trace_names_the_file_of_a_document_that_is_not_in_it_any_more(tmp_path: Path) -> None:
    archive = tmp_path / "kanta.zip"
    _pack(archive, {"0.xml": _DOCUMENTS[0], "f.xml": _FRAMES[0]})
    run(tmp_path, "ingest", "kanta.zip")
    _pack(archive, {"1.xml": _DOCUMENTS[1]})
    run(tmp_path, "ingest", "kanta.zip")
    run(tmp_path, "register", _episodes(tmp_path))
    told = run(tmp_path, "trace", "1.2.3.0", "--period", "2025Q1").out
    assert "kanta.zip!0.xml (not in it any more)" in told
    assert "kanta.zip!f.xml (not in it any more)" in told
    assert "(not in it any more)" not in run(tmp_path, "trace", "1.2.3.1", "--period", "2025Q1").out
    archive.write_bytes(archive.read_bytes()[:60])
    run(tmp_path, "ingest", "kanta.zip")
    assert "kanta.zip!1.xml (not come to at its last reading)" in run(
        tmp_path, "trace", "1.2.3.1", "--period", "2025Q1"
    ).out  # fmt: skip


def _episodes(folder: Path) -> str:
    (folder / "episodes.csv").write_text(
        "source_id;person_id;layer;service_task;start;end;organiser\n"
        "R1;010180-900N;service-task;24;2025-01-01;;1.2.246.10.99999901.10.0\n"
    )
    return "episodes.csv"


@pytest.mark.parametrize("cut", ["directory", "stream", "folder"])
def test_a_reading_that_does_not_come_to_everything_closes_nothing_of_the_rest(tmp_path: Path, cut: str) -> None:
    """A damaged container and a folder that may not be listed; both are whole again later."""
    folder = tmp_path / "in"
    inner = folder / "inner"
    inner.mkdir(parents=True)
    (folder / "beside.xml").write_bytes(_DOCUMENTS[7])
    members = {f"{n}.xml": raw for n, raw in enumerate([_DOCUMENTS[0], _BROKEN[0], _DOCUMENTS[1], _BROKEN[1]])}
    database = tmp_path / "k.duckdb"
    if cut == "directory":
        _pack(folder / "x.zip", members)
    elif cut == "stream":
        for name, raw in members.items():
            (tmp_path / name).write_bytes(raw + b" " * 5000)
        with tarfile.open(folder / "x.tar", "w") as packed:
            for name in members:
                packed.add(tmp_path / name, name)
    else:
        for name, raw in members.items():
            (inner / name).write_bytes(raw)
    first = _ingest(database, folder)
    assert first is not None
    assert (first.documents, first.quarantined) == (3, 2)
    if cut == "folder":
        if os.geteuid() == 0:
            pytest.skip("everything may be listed by root")
        inner.chmod(0)
    else:
        whole = folder / ("x.zip" if cut == "directory" else "x.tar")
        kept = whole.read_bytes()
        whole.write_bytes(kept[: len(kept) * 2 // 5])
    second = _ingest(database, folder)
    assert second is not None
    assert second.closed == 0
    assert second.kept == ()
    assert second.quarantine_total >= 2
    if cut == "folder":
        inner.chmod(0o700)
    else:
        whole.write_bytes(kept)
    third = _ingest(database, folder)
    assert third is not None
    assert third.quarantine_total == 2
    with open_database(database, write=False) as opened:
        assert opened.connection.execute("SELECT count(*) FROM document").fetchone() == (3,)
        assert opened.connection.execute("SELECT count(*) FROM member WHERE standing IS NOT NULL").fetchone() == (0,)


def test_bytes_that_were_a_document_and_are_refused_by_a_stricter_reading_are_one_no_more(tmp_path: Path) -> None:
    """The same bytes are judged anew; other bytes in quarantine at the same place take nothing away."""
    raw = document(oid="1.2.3.9").replace('versionNumber value="1"', 'versionNumber value="one"')
    (tmp_path / "x.xml").write_text(raw)
    assert run(tmp_path, "ingest", "x.xml").code == 0
    assert _documents(tmp_path) == 1
    assert run(tmp_path, "ingest", "x.xml", "--validate", "structure").code == 3
    assert _documents(tmp_path) == 0
    assert run(tmp_path, "ingest", "x.xml").code == 0
    assert _documents(tmp_path) == 1
    (tmp_path / "x.xml").write_text(raw[:-20])
    assert run(tmp_path, "ingest", "x.xml").code == 3
    assert _documents(tmp_path) == 1
    (tmp_path / "x.xml").write_text(raw)
    done = run(tmp_path, "ingest", "x.xml")
    assert done.code == 0
    assert "1 entry of the quarantine closed" in done.err


def _documents(folder: Path) -> int:
    with open_database(folder / "kanta-gap.duckdb", write=False) as opened:
        row = opened.connection.execute("SELECT count(*) FROM document").fetchone()
    return int(row[0]) if row else -1


def test_forget_takes_a_source_out_and_leaves_what_was_read_elsewhere_too(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    persons = [client("1.2.246.21", f"01018{n}-900{'NPRSTUVW'[n]}") for n in range(4)]
    raws = [document(oid=f"1.2.3.{n}", version=None, clients=persons[n]).encode() for n in range(4)]
    _pack(folder / "kanta.zip", {"0.xml": raws[0], "1.xml": raws[1], "f.xml": _FRAMES[0], "bad.xml": _BROKEN[0]})
    (folder / "loose.xml").write_bytes(raws[1])
    (tmp_path / "beside.xml").write_bytes(raws[2])
    assert run(tmp_path, "ingest", "in", "beside.xml").code == 3
    # What lies there now is not all that was read from it.
    _pack(folder / "kanta.zip", {"3.xml": raws[3]})
    assert run(tmp_path, "ingest", "in").code == 0
    before = dump(tmp_path / "kanta-gap.duckdb")

    done = run(tmp_path, "forget", "in/kanta.zip", "--dry-run")
    assert (done.code, done.out) == (0, "")
    assert "would go: 2 documents, 1 frame, 0 entries of the quarantine, 2 identifiers" in done.err
    assert "1 document of it stays: read from elsewhere too" in done.err
    assert dump(tmp_path / "kanta-gap.duckdb") == before
    (folder / "kanta.zip").unlink()
    done = run(tmp_path, "forget", "in/kanta.zip")
    assert done.code == 0, done.err
    assert "taken out: 2 documents, 1 frame" in done.err
    assert "documents in the database: 4 before, 2 after" in done.err
    assert _held_keys(tmp_path) == {_key(raws[1]), _key(raws[2])}
    # Two whom the headers name, and the one whom the contents of both that are left name.
    assert len(dump(tmp_path / "kanta-gap.duckdb")["identities"]) == 3

    unknown = run(tmp_path, "forget", "beside.xlm")
    assert unknown.code == 2
    assert "did you mean ‘beside.xml’?" in unknown.err
    (tmp_path / "elsewhere").mkdir()
    moved = run(tmp_path / "elsewhere", "forget", "in", "--db", "../kanta-gap.duckdb")
    assert moved.code == 0, "what is not at its path is found by the name that outputs show"
    assert _held_keys(tmp_path) == {_key(raws[2])}
    assert run(tmp_path, "forget", str(tmp_path / "beside.xml"), "--yes").code == 0
    empty = dump(tmp_path / "kanta-gap.duckdb")
    assert {name for name, rows in empty.items() if rows} == set()
    trail = json.loads(run(tmp_path, "log", "-f", "json").out)["rows"]
    assert [row["detail"]["documents"] for row in trail if row["command"] == "forget"] == [2, 1, 1]
    assert run(tmp_path, "ingest", "beside.xml").err.startswith("1 document (1 new)")


def test_two_sources_of_one_name_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    for number, name in enumerate(("a", "b")):
        (tmp_path / name / "in").mkdir(parents=True)
        (tmp_path / name / "in" / "x.xml").write_bytes(_DOCUMENTS[number])
    run(tmp_path, "ingest", "a/in", "b/in")
    refused = run(tmp_path, "forget", "in")
    assert refused.code == 2
    assert "sources called ‘in’: 2" in refused.err
    assert run(tmp_path, "forget", "b").code == 2, "a folder that was no source, with the name of nothing that was read"
    assert run(tmp_path, "forget", "b/in/x.xml").code == 0
    assert _held_keys(tmp_path) == {_KEY[_DOCUMENTS[0]]}


def test_an_archive_in_which_every_document_is_broken_is_not_checked_and_not_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number, raw in enumerate(_BROKEN):
        (tmp_path / "in" / f"{number}.xml").write_bytes(raw)
    for command in (("ingest", "in"), ("check",)):
        done = run(tmp_path, *command)
        assert done.code == 3, done.err
        assert "nothing readable: 3 in quarantine" in done.err


def _held_keys(folder: Path) -> set[str]:
    with open_database(folder / "kanta-gap.duckdb", write=False) as opened:
        return {key for (key,) in opened.connection.execute("SELECT document_key FROM document").fetchall()}


def _key(raw: bytes) -> str:
    return sha256(raw).hexdigest()[:32]
