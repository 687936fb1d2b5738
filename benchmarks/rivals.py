"""The same work as one would write it without this program: fields by xmltodict and pandas, intervals by polars."""

from __future__ import annotations

import base64
import datetime as dt
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import duckdb

from analyser.archive.files.discover import shards, survey
from analyser.archive.settings import ReadSettings
from analyser.archive.shard import read_shard
from benchmarks.bare import contents
from benchmarks.ingest import Figures

_DOCUMENTS = 3_000
_WRAPPED = 200


def rivals(archive: Path, database: Path) -> Iterator[Figures]:
    """Documents a second of one process; seconds for the days covered. What is not installed is said to be missing."""
    documents = []
    for data in contents(archive):
        if b"ClinicalDocument" in data[:300] and len(data) > 4_000 and data.startswith(b"<?xml"):
            try:
                data.decode()
            except UnicodeDecodeError:
                continue  # not everybody reads other encodings
            documents.append(data)
        if len(documents) >= _DOCUMENTS:
            break
    settings = ReadSettings(secret=b"k" * 32)
    first, *work = islice(shards(survey([archive]), settings), 7)
    read_shard(first, settings)  # whoever is measured has its modules loaded and its tables read
    started = time.process_time()
    for shard in work or [first]:
        read_shard(shard, settings)
    pairs = sum(len(shard.entries) for shard in work or [first]) / 2
    yield {"what": "read_shard: every field, checked", "documents/s": pairs / (time.process_time() - started)}
    yield _one("xmltodict + pandas", ("xmltodict", "pandas"), lambda: _xmltodict(documents), len(documents))
    yield _one("pandas.read_xml", ("pandas",), lambda: _read_xml(documents[:300]), 300)
    yield _one("xml2arrow, documents wrapped by 200", ("xml2arrow",), lambda: _xml2arrow(documents), len(documents))
    yield from _intervals(database)


def _one(what: str, needs: tuple[str, ...], does: Callable[[], int], count: int) -> Figures:
    if any(find_spec(name) is None for name in needs):
        return {"what": what, "told": "not installed"}
    started = time.process_time()
    found = does()
    spent = time.process_time() - started
    return {"what": what, "documents/s": count / spent, "read": found, "of": count}


def _xmltodict(documents: list[bytes]) -> int:
    import pandas
    import xmltodict

    rows = []
    for data in documents:
        try:
            tree = xmltodict.parse(data, process_namespaces=True)["urn:hl7-org:v3:ClinicalDocument"]
            body = tree["urn:hl7-org:v3:component"]["urn:hl7-org:v3:nonXMLBody"]["urn:hl7finland:json"]
            content = json.loads(base64.b64decode(body["#text"] if isinstance(body, dict) else body))
        except (KeyError, TypeError, ValueError):
            continue
        rows.append(
            {
                "oid": tree["urn:hl7-org:v3:id"]["@root"],
                "set_id": tree["urn:hl7-org:v3:setId"]["@root"],
                "version": tree["urn:hl7-org:v3:versionNumber"]["@value"],
                "effective": tree["urn:hl7-org:v3:effectiveTime"]["@value"],
                "content": next(iter(content)),
            }
        )
    return len(pandas.DataFrame(rows))


def _read_xml(documents: list[bytes]) -> int:
    import io

    import pandas

    found = 0
    for data in documents:
        try:
            found += len(pandas.read_xml(io.BytesIO(data), xpath="/*/*")) > 0
        except ValueError:
            continue
    return found


def _xml2arrow(documents: list[bytes]) -> int:
    """The same five fields; it goes by local names, whatever the namespace."""
    from xml2arrow import XmlToArrowParser

    place = "/all/ClinicalDocument"
    fields = {
        "oid": "id/@root",
        "set_id": "setId/@root",
        "version": "versionNumber/@value",
        "effective": "effectiveTime/@value",
        "json": "component/nonXMLBody/json",
    }
    told = [
        f"      - {{name: {name}, xml_path: {place}/{path}, data_type: Utf8, nullable: true}}"
        for name, path in fields.items()
    ]
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as config:
        config.write(
            "\n".join(["tables:", "  - name: documents", "    xml_path: /all", "    levels: []", "    fields:", *told])
        )
        config.flush()
        parser = XmlToArrowParser(config.name)
    found = 0
    for start in range(0, len(documents), _WRAPPED):
        parts = [data[data.index(b"?>") + 2 :] for data in documents[start : start + _WRAPPED]]
        table = parser.parse(b"<all>" + b"".join(parts) + b"</all>")["documents"]
        for body in table.column("json").to_pylist():
            try:
                found += bool(json.loads(base64.b64decode(body or "")))
            except ValueError:
                continue
    return found


def _intervals(database: Path) -> Iterator[Figures]:
    """Days of each register row that periods of the same person and task cover, in DuckDB and in polars."""
    import polars as pl

    with duckdb.connect(str(database), read_only=True) as connection:
        covered = (
            "WITH period AS (SELECT p.identity_key, c.task_code, greatest(c.start_lo, DATE '2025-01-01') AS first, "
            "least(coalesce(c.end_hi, DATE '2025-03-31'), DATE '2025-03-31') AS last FROM client_period AS c "
            "JOIN document_person AS p USING (document_key)) SELECT count(*) FROM (SELECT DISTINCT r.source_id "
            "FROM register_episode AS r JOIN period ON period.identity_key = r.identity_key "
            "AND period.task_code = r.service_task AND period.first <= period.last)"
        )
        started, wall = time.process_time(), time.perf_counter()
        (one,) = connection.execute(covered).fetchone() or (0,)
        yield {
            "what": "intervals joined by DuckDB",
            "cpu": time.process_time() - started,
            "seconds": time.perf_counter() - wall,
        }
        periods = connection.execute(
            "SELECT p.identity_key, c.task_code AS service_task, c.start_lo, c.end_hi FROM client_period AS c "
            "JOIN document_person AS p USING (document_key)"
        ).pl()
        rows = connection.execute("SELECT source_id, identity_key, service_task FROM register_episode").pl()
    started, wall = time.process_time(), time.perf_counter()
    last = dt.date(2025, 3, 31)
    other = (
        rows.lazy()
        .join(
            periods.lazy()
            .with_columns(
                pl.max_horizontal("start_lo", pl.lit(dt.date(2025, 1, 1))).alias("first"),
                pl.min_horizontal(pl.col("end_hi").fill_null(last), pl.lit(last)).alias("last"),
            )
            .filter(pl.col("first") <= pl.col("last")),
            on=["identity_key", "service_task"],
        )
        .select(pl.col("source_id").n_unique())
        .collect()
        .item()
    )
    if one != other:
        raise SystemExit(f"DuckDB and polars disagree: {one} and {other}")
    yield {
        "what": "intervals joined by polars",
        "cpu": time.process_time() - started,
        "seconds": time.perf_counter() - wall,
    }
