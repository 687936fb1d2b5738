"""The measure of all things: `lxml.etree.fromstring` and nothing else, over the bytes that the archive holds."""

from __future__ import annotations

import multiprocessing
import tarfile
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import zstandard
from lxml import etree

# Documents parsed bare are held in memory; this many bytes are enough for a steady figure.
_SAMPLE_BYTES = 300_000_000
_shared: list[bytes] = []


def sample(archive: Path) -> list[bytes]:
    """Documents and frames as they lie in the archive, up to a limit."""
    found: list[bytes] = []
    size = 0
    for content in contents(archive):
        found.append(content)
        size += len(content)
        if size >= _SAMPLE_BYTES:
            break
    return found


def contents(archive: Path) -> Iterator[bytes]:
    """Every member of an archive that synth wrote."""
    for path in sorted(archive.rglob("*")):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as container:
                for name in container.namelist():
                    yield container.read(name)
        elif path.suffix == ".zst":
            with (
                path.open("rb") as raw,
                zstandard.ZstdDecompressor().stream_reader(raw) as stream,
                tarfile.open(fileobj=stream, mode="r|") as container,
            ):
                for info in container:
                    member = container.extractfile(info)
                    yield member.read() if member else b""
        elif path.is_file():
            yield path.read_bytes()


def bare(found: list[bytes], processes: int) -> tuple[float, float]:
    """Wall and processor seconds for one member, parsed by this many processes at once."""
    # Forked children see the sample without it being copied through a pipe.
    _shared[:] = found
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("fork")) as pool:
        list(pool.map(_warm, range(processes)))
        started = time.perf_counter()
        cpu = list(pool.map(_parse_part, [(part, processes) for part in range(processes)]))
        seconds = time.perf_counter() - started
    return seconds / len(found), sum(cpu) / len(found)


def _warm(_: int) -> None:
    time.sleep(0.2)


def _parse_part(part: tuple[int, int]) -> float:
    started = time.process_time()
    for content in _shared[part[0] :: part[1]]:
        try:
            etree.fromstring(content)
        except etree.XMLSyntaxError:
            continue
    return time.process_time() - started
