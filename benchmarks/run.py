"""The measured steps. Each runs in a process of its own, so that peak memory is that step's."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

# Documents parsed bare are held in memory; this many bytes are enough for a steady figure.
_SAMPLE_BYTES = 400_000_000


@dataclass(frozen=True, slots=True)
class Step:
    """One measured step."""

    seconds: float
    peak_mib: float
    """Peak memory of the step's own process."""
    children_mib: float
    """Peak memory of its largest worker."""


def run(folder: Path, persons: int, workers: int, container: str, county: Path | None) -> Iterator[str]:
    """Measure the steps one after another; yields lines to print."""
    if county is None:
        county = folder / "county"
        step = _command("synth", str(county), "--persons", str(persons), "--container", container)
        yield f"synth                      {step.seconds:8.1f} s   {step.peak_mib:6.0f} MiB"
    archive = county / "archive"
    sample = _sample(archive)
    size = sum(map(len, sample))
    yield f"sample                     {len(sample):8,} documents, {size / len(sample) / 1000:.1f} kB each"
    bare = len(sample) / _bare(sample, 1)
    bare_pool = len(sample) / _bare(sample, workers)
    yield f"bare lxml, 1 process       {bare:8,.0f} documents/s"
    yield f"bare lxml, {workers} processes     {bare_pool:8,.0f} documents/s   (= 1.00)"
    del sample

    database = folder / "county.duckdb"
    ingest = _command("ingest", str(archive), "--db", str(database), "--workers", str(workers), accept=(0, 3))
    documents = _documents(database)
    rate = documents / ingest.seconds
    yield (
        f"ingest, {workers} workers          {rate:8,.0f} documents/s   ({rate / bare_pool:.2f} of bare lxml)   "
        f"{ingest.seconds:.1f} s   parent {ingest.peak_mib:.0f} MiB, worker {ingest.children_mib:.0f} MiB"
    )
    again = _command("ingest", str(archive), "--db", str(database), "--workers", str(workers), accept=(0, 3))
    yield f"ingest again, unchanged    {again.seconds:8.2f} s   ({ingest.seconds / again.seconds:.0f} times faster)"
    files = [
        str(county / f"{kind}.csv") for kind in ("episodes", "services", "population", "identities", "codes", "periods")
    ]
    register = _command("register", *files, "--db", str(database), accept=(0, 3))
    yield f"register                   {register.seconds:8.2f} s"
    for command in (
        ["coverage"],
        ["coverage", "--by", "service-task,municipality,unit,producer,age-group"],
        ["gaps"],
    ):
        step = _command(*command, "--period", "2025Q1", "--db", str(database), "-f", "json", accept=(0, 1, 3))
        yield f"{' '.join(command)[:26]:26} {step.seconds:8.2f} s   {step.peak_mib:6.0f} MiB"


def _command(*arguments: str, accept: tuple[int, ...] = (0,)) -> Step:
    wrapper = (
        "import resource, runpy, sys, time\n"
        "sys.argv = ['kanta-gap', *sys.argv[1:]]\n"
        "try:\n    runpy.run_module('analyser', run_name='__main__')\n"
        "finally:\n"
        "    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss\n"
        "    print(f'peak {own} {workers}', file=sys.stderr)\n"
    )
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", wrapper, *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    seconds = time.perf_counter() - started
    if done.returncode not in accept:
        raise SystemExit(f"{' '.join(arguments[:1])} ended with {done.returncode}: {done.stderr[-500:]}")
    peaks = [line.split() for line in done.stderr.splitlines() if line.startswith("peak ")][-1]
    return Step(seconds, int(peaks[1]) / 1024, int(peaks[2]) / 1024)


def _sample(archive: Path) -> list[bytes]:
    """Documents and frames as they lie in the archive, up to a limit."""
    sample: list[bytes] = []
    size = 0
    for content in _contents(archive):
        sample.append(content)
        size += len(content)
        if size >= _SAMPLE_BYTES:
            break
    return sample


def _contents(archive: Path) -> Iterator[bytes]:
    for path in sorted(archive.rglob("*")):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as container:
                for name in container.namelist():
                    yield container.read(name)
        elif path.suffix == ".xml":
            yield path.read_bytes()


def _bare(sample: list[bytes], processes: int) -> float:
    """Seconds to parse the sample with lxml and nothing else."""
    if processes == 1:
        return _parse(sample)
    # Forked children see the sample without it being copied through a pipe.
    global _SHARED
    _SHARED = sample
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("fork")) as pool:
        list(pool.map(_warm, range(processes)))
        started = time.perf_counter()
        list(pool.map(_parse_part, [(part, processes) for part in range(processes)]))
        return time.perf_counter() - started


_SHARED: list[bytes] = []


def _warm(_: int) -> None:
    time.sleep(0.2)


def _parse_part(part: tuple[int, int]) -> float:
    return _parse(_SHARED[part[0] :: part[1]])


def _parse(sample: list[bytes]) -> float:
    started = time.perf_counter()
    for content in sample:
        try:
            etree.fromstring(content)
        except etree.XMLSyntaxError:
            continue
    return time.perf_counter() - started


def _documents(database: Path) -> int:
    """Members read: documents and frames alike are parsed."""
    import duckdb

    with duckdb.connect(str(database), read_only=True) as connection:
        row = connection.execute("SELECT count(*) FROM member WHERE outcome <> 'container'").fetchone()
    return int(row[0]) if row else 0
