"""Fuzz a parser: `python -m tests.fuzz TARGET --seconds N`.

With atheris (extra `fuzz`) inputs are guided by coverage; without it they are mutations of the seeds, the same ones for
the same --seed. An input that breaks the invariant is written to the folder of --keep and ends the run with exit 1.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
import traceback
from pathlib import Path

_EXIT_OF_LIBFUZZER_FINDING = 77


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("target", choices=("document", "content", "container", "register"))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, help="a folder that keeps what guided fuzzing found worth keeping")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"), help="where a breaking input is written")
    parser.add_argument("--plain", action="store_true", help="mutations only, also when atheris is there")
    chosen = parser.parse_args()
    try:
        import atheris
    except ImportError:
        atheris = None
    if atheris is None or chosen.plain:
        return _mutate(chosen)
    return _guided(atheris, chosen)


def _guided(atheris: object, chosen: argparse.Namespace) -> int:
    with atheris.instrument_imports(include=["analyser", "zipfile", "tarfile", "gzip", "csv"]):  # type: ignore[attr-defined]
        from tests.fuzz.targets import SEEDS, TARGETS
    corpus = [str(chosen.corpus)] if chosen.corpus else []
    for folder in map(Path, corpus):
        folder.mkdir(parents=True, exist_ok=True)
    chosen.keep.mkdir(parents=True, exist_ok=True)
    atheris.Setup(  # type: ignore[attr-defined]
        [
            sys.argv[0],
            *corpus,
            str(SEEDS / chosen.target),
            f"-max_total_time={int(chosen.seconds)}",
            f"-artifact_prefix={chosen.keep}/{chosen.target}-",
            f"-seed={chosen.seed}",
            "-max_len=65536",
            "-timeout=300",
            "-rss_limit_mb=3000",
            "-print_final_stats=1",
        ],
        TARGETS[chosen.target],
        enable_python_coverage=True,
    )
    atheris.Fuzz()  # type: ignore[attr-defined]
    return 0


def _mutate(chosen: argparse.Namespace) -> int:
    from tests.fuzz.targets import SEEDS, TARGETS

    target = TARGETS[chosen.target]
    seeds = [path.read_bytes() for path in sorted((SEEDS / chosen.target).iterdir())]
    chance = random.Random(chosen.seed)
    ends = time.monotonic() + chosen.seconds
    tried = 0
    slowest = 0.0
    for seed in seeds:
        target(seed)
    while time.monotonic() < ends:
        data = _mutated(chance, seeds)
        began = time.monotonic()
        try:
            target(data)
        except BaseException as broken:
            if isinstance(broken, KeyboardInterrupt):
                raise
            chosen.keep.mkdir(parents=True, exist_ok=True)
            kept = chosen.keep / f"{chosen.target}-{hashlib.sha256(data).hexdigest()[:16]}"
            kept.write_bytes(data)
            traceback.print_exc()
            sys.stderr.write(f"fuzz {chosen.target}: broken by {kept}\n")
            return 1
        slowest = max(slowest, time.monotonic() - began)
        tried += 1
    sys.stdout.write(f"fuzz {chosen.target}: {tried} inputs, no finding, slowest {slowest:.2f} s\n")
    return 0


_TOKENS = (
    b"\0", b"\xff", b"<", b">", b"&", b'"', b"{", b"}", b"[", b"]", b",", b";", b"\n", b"PK\x01\x02", b"PK\x03\x04",
    b"<!DOCTYPE a>", b"<![CDATA[", b"&#0;", b"\xff\xff\xff\xff", b"9" * 40, b"1e999", b"\\ud800", b"2025-02-30",
    b"0000-00-00", b"ustar", b"\xef\xbb\xbf", b"\xed\xa0\x80", b'"":', b"null", b"true", b"-", b"xmlns=''",
)  # fmt: skip


def _mutated(chance: random.Random, seeds: list[bytes]) -> bytes:
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        place = chance.randrange(len(data) + 1)
        length = chance.choice((1, 1, 2, 4, 16, 64))
        match chance.randrange(7):
            case 0:
                data[place : place + length] = b""
            case 1:
                data[place:place] = chance.randbytes(length)
            case 2:
                data[place : place + length] = chance.randbytes(length)
            case 3:
                data[place:place] = chance.choice(_TOKENS)
            case 4:
                other = chance.choice(seeds)
                start = chance.randrange(len(other) + 1)
                data[place : place + length] = other[start : start + length]
            case 5:
                data[place:place] = data[max(0, place - length) : place] * chance.choice((1, 2, 30))
            case _:
                if data:
                    data[place % len(data)] ^= 1 << chance.randrange(8)
        del data[200_000:]
    if chance.random() < 0.05:
        del data[chance.randrange(len(data) + 1) :]
    return bytes(data)


if __name__ == "__main__":
    sys.exit(main())
