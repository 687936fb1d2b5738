"""Ingest end to end beside bare parsing, and again when nothing or little has changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from benchmarks.bare import bare, contents, sample
from benchmarks.measured import Run, command

Figures = dict[str, float | str]
_DEFINITIONS = Path(__file__).parents[2] / "shared" / "sosmeta"
_CONTAINERS = ("folder", "zip", "tar.zst")


def ingest(folder: Path, persons: int, workers: int, county: Path | None, *, small: bool = False) -> Iterator[Figures]:
    """Each container and each level of validation; bare parsing before and after, so that a change of mood shows.

    `small`: folders and zip alone, without validation.
    """
    containers = _CONTAINERS[:2] if small else _CONTAINERS
    for container in containers if county is None else ("as given",):
        place = county or folder / f"county-{container}"
        if county is None:
            made = command("synth", str(place), "--persons", str(persons), "--container", container)
            yield {"what": f"synth, {container}", "seconds": made.seconds, "mib": made.parent_mib}
        yield from _beside_bare(folder, place / "archive", container, workers, small=small)
        if container == "folder":
            yield from _again(folder, place / "archive", workers)
        if county is None and container != "zip":
            shutil.rmtree(place)


def _beside_bare(folder: Path, archive: Path, container: str, workers: int, *, small: bool) -> Iterator[Figures]:
    found = sample(archive)
    size = sum(map(len, found)) / len(found)
    yield {"what": f"{container}: members of the sample", "members": len(found), "bytes each": size}
    levels = [("off", workers), ("structure", workers), ("full", workers), ("off", 1)]
    if not _DEFINITIONS.is_dir():
        levels.remove(("full", workers))
    if container != "zip" or small:
        levels = [("off", workers)]
    for level, count in levels:
        before = bare(found, count)
        database = folder / "county.duckdb"
        run = _ingest(archive, database, count, level)
        after = bare(found, count)
        wall, cpu = ((one + other) / 2 for one, other in zip(before, after, strict=True))
        members = _members(database)
        yield {
            "what": f"{container}: ingest, validation {level}, workers {count}",
            "members/s": members / run.seconds,
            "of bare, wall": wall * members / run.seconds,
            "of bare, cpu": cpu * members / run.cpu if run.cpu else 0.0,
            "us/member": 1e6 * run.cpu / members,
            "parent MiB": run.parent_mib,
            "worker MiB": run.worker_mib,
        }


def _again(folder: Path, archive: Path, workers: int) -> Iterator[Figures]:
    """The same folder anew; then with one document in a hundred rewritten as a document of its own."""
    database = folder / "county.duckdb"
    first = _ingest(archive, database, workers, "off")
    again = command("ingest", str(archive), "--db", str(database), "--workers", str(workers), "-q", accept=(0, 3))
    yield {"what": "again, unchanged", "seconds": again.seconds, "times faster": first.seconds / again.seconds,
           "cpu, times less": first.cpu / again.cpu if again.cpu else 0.0}  # fmt: skip
    for number, path in enumerate(sorted(archive.rglob("*.xml"))):
        if number % 100 == 0:
            path.write_bytes(path.read_bytes() + b"\n")
            os.utime(path, (1, 1))
    changed = command("ingest", str(archive), "--db", str(database), "--workers", str(workers), "-q", accept=(0, 3))
    yield {"what": "again, 1 % changed", "seconds": changed.seconds, "times faster": first.seconds / changed.seconds,
           "cpu, times less": first.cpu / changed.cpu if changed.cpu else 0.0}  # fmt: skip


def _ingest(archive: Path, database: Path, workers: int, level: str) -> Run:
    database.unlink(missing_ok=True)
    definitions = ("--sosmeta", str(_DEFINITIONS)) if level == "full" else ()
    return command(
        "ingest", str(archive), "--db", str(database), "--workers", str(workers), "--validate", level, "-q",
        *definitions, accept=(0, 3),
    )  # fmt: skip


def _members(database: Path) -> int:
    """Members read: documents and frames alike are parsed."""
    with duckdb.connect(str(database), read_only=True) as connection:
        row = connection.execute("SELECT count(*) FROM member WHERE outcome <> 'container'").fetchone()
    return int(row[0]) if row else 0


__all__ = ["Figures", "contents", "ingest"]
