"""Where the time of a document and its frame goes, step by step, in one process (processor time, best of three)."""

from __future__ import annotations

import gc
import pickle
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from lxml import etree

from analyser.archive.documents.document import HeldBack, add_document
from analyser.archive.documents.envelope import envelope_of
from analyser.archive.documents.frames import add_message, telling_of_frame
from analyser.archive.documents.header import telling
from analyser.archive.documents.known_markup import Forms
from analyser.archive.documents.learn_markup import learn
from analyser.archive.documents.validate import validate_envelope
from analyser.archive.documents.xml import parse
from analyser.archive.files.discover import shards, survey
from analyser.archive.files.zipped import read_zip_member
from analyser.archive.quarantine import Trouble
from analyser.archive.rows import Rows
from analyser.archive.settings import ReadSettings, VoidingTable
from analyser.archive.shard import read_shard
from analyser.store.database import open_database
from analyser.store.tables import load_batch
from benchmarks.ingest import Figures

_MOST = 3_000


def stages(folder: Path, archive: Path) -> Iterator[Figures]:
    """Steps of a zip's members. `archive` is a folder with the zip that synth wrote."""
    settings = ReadSettings(secret=b"k" * 32)
    started = time.process_time()
    work = []
    for shard in shards(survey([archive]), settings):
        work.append(shard)
        if sum(len(one.entries) for one in work) >= 2 * _MOST:
            break
    members = sum(len(shard.entries) for shard in work)
    yield _figure("list members and cut shards", time.process_time() - started, members / 2)

    places = [entry.zip_place for shard in work for entry in shard.entries if entry.zip_place]
    read = [read_zip_member(place, settings.limits)[0] for place in places]
    documents = [data for data in read if b"ClinicalDocument" in data[:300] and len(data) > 4_000]
    frames = [data for data in read if data.startswith(b"<RCMR")]
    pairs = len(documents)
    gc.disable()
    yield _step("bare lxml.etree.fromstring", lambda data: etree.fromstring(data), [*documents, *frames], pairs)
    yield _step(
        "read, inflate and check a zip's member", lambda p: read_zip_member(p, settings.limits), places, len(places) / 2
    )
    yield _step(
        "inflate by zlib alone", lambda data: zlib.decompress(data), [zlib.compress(d, 1) for d in documents], pairs
    )
    yield _step("hash", lambda data: sha256(data).hexdigest(), [*documents, *frames], pairs)
    yield _step("parse safely", lambda data: parse(data, settings.limits), [*documents, *frames], pairs)
    yield _step(
        "parse and read the header", lambda d: envelope_of(telling(parse(d, settings.limits))), documents, pairs
    )
    forms = Forms(settings.limits, judged=False)
    for data in [*documents, *frames]:
        if forms.recognise(data) is None:
            root = parse(data, settings.limits)
            told = telling_of_frame(root) if data.startswith(b"<RCMR") else telling(root)
            learn(forms, data, root, told, settings.limits)
    yield _step("find the header of a known form", forms.recognise, [*documents, *frames], pairs)
    rows = Rows()

    def document(data: bytes) -> None:
        try:
            add_document(telling(parse(data, settings.limits)), "k" * 32, len(data), settings, rows)
        except (HeldBack, Trouble):
            return

    yield _step("parse, header, content, rows", document, documents, pairs)
    yield _step(
        "parse a frame and its rows",
        lambda data: _message(parse(data, settings.limits), settings.voiding),
        frames,
        len(frames),
    )
    structure = ReadSettings(secret=b"k" * 32, validate="structure")
    yield _step(
        "parse and validate by libxml2",
        lambda d: validate_envelope(parse(d, settings.limits), structure),
        documents,
        pairs,
    )
    started = time.process_time()
    tables = [read_shard(shard, settings) for shard in work]
    yield _figure("all of reading a shard", time.process_time() - started, members / 2)
    started = time.process_time()
    moved = [pickle.loads(pickle.dumps(one)) for one in tables]
    yield _figure("results from worker to parent", time.process_time() - started, members / 2)
    gc.enable()
    database = folder / "stages.duckdb"
    database.unlink(missing_ok=True)
    with open_database(database, write=True) as opened:
        opened.connection.execute("SET threads = 1")
        started = time.process_time()
        for one in moved:
            load_batch(opened.connection, one)
        yield _figure("load, shard by shard", time.process_time() - started, members / 2)


def _step(what: str, does: Callable[[Any], object], items: Sequence[Any], pairs: float) -> Figures:
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        for item in items:
            does(item)
        best = min(best, time.process_time() - started)
    return _figure(what, best, pairs)


def _figure(what: str, seconds: float, pairs: float) -> Figures:
    return {"what": what, "us/pair": 1e6 * seconds / max(pairs, 1)}


def _message(root: etree._Element, voiding: VoidingTable) -> None:
    add_message(telling_of_frame(root), root.tag, "k", "m", voiding, Rows())
