"""Coverage, gaps and check over a database of N register rows and as many documents, and how time grows with N."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import duckdb

from analyser.store.database import open_database
from benchmarks.ingest import Figures
from benchmarks.measured import Run, command

_ALL = "service-task,municipality,unit,producer,age-group,layer"
_COMMANDS = {
    "coverage, all dimensions": ("coverage", "--by", _ALL, "-f", "json"),
    "gaps, CSV": ("gaps", "-f", "csv"),
    "check": ("check", "-f", "json"),
}


_ALONE = (
    "SELECT count(*) FROM (SELECT one.k, count(*), min(other.v) FROM "
    "(SELECT hash(i) % 200000 AS k, i AS v FROM range(2000000) AS numbers (i)) AS one "
    "JOIN (SELECT hash(i) % 200000 AS k, i AS v FROM range(400000) AS numbers (i)) AS other USING (k) GROUP BY one.k)"
)


def model(folder: Path, sizes: Sequence[int], times: int = 1) -> Iterator[Figures]:
    """Each command at each size, the median of so many `times`; the exponent is that of the growth from the size before
    (1 = linear). First what the machine takes for a piece of work that is none of ours."""
    yield {"what": "joined and grouped by DuckDB alone", "cpu": median(_alone() for _ in range(3))}
    before: dict[str, tuple[int, Run]] = {}
    for rows in sizes:
        database = folder / f"rows-{rows}.duckdb"
        make(database, rows)
        for what, words in _COMMANDS.items():
            run = sorted((_asked(folder, database, words) for _ in range(times if what != "check" else 1)), key=_cpu)[
                times // 2 if what != "check" else 0
            ]
            figures: Figures = {"what": f"{what}, {rows:,} rows", "seconds": run.seconds, "cpu": run.cpu,
                                "MiB": run.parent_mib}  # fmt: skip
            if what in before:
                size, earlier = before[what]
                figures["exponent"] = math.log(run.cpu / earlier.cpu) / math.log(rows / size)
            before[what] = (rows, run)
            yield figures
        if rows == max(sizes):
            yield from _again(folder, database, rows, times)
        database.unlink()


def _again(folder: Path, database: Path, rows: int, times: int) -> Iterator[Figures]:
    """The same once more of a database that did not change, the median: answered by what was kept."""
    for what, words in _COMMANDS.items():
        _asked(folder, database, words, keep="always")
        count = times if what != "check" else 1
        run = sorted((_asked(folder, database, words, keep="always") for _ in range(count)), key=_cpu)[count // 2]
        yield {"what": f"{what}, again, {rows:,} rows", "seconds": run.seconds, "cpu": run.cpu, "MiB": run.parent_mib}
    kept = sum(file.stat().st_size for file in database.with_name(f"{database.name}.kept").iterdir())
    yield {"what": f"kept beside the database, {rows:,} rows", "MB": kept / 1e6}


def _asked(folder: Path, database: Path, words: Sequence[str], keep: str = "never") -> Run:
    return command(
        *words, "--period", "2025Q1", "--db", str(database), "-o", str(folder / "out"), "-q",
        accept=(0, 1, 3), environ={"KANTA_GAP_RULE_TIME_LIMIT": "600", "KANTA_GAP_KEEP_COMPARISON": keep},
    )  # fmt: skip


def _cpu(run: Run) -> float:
    return run.cpu


def _alone() -> float:
    with duckdb.connect(":memory:") as connection:
        started = time.process_time()
        connection.execute(_ALONE).fetchall()
        return time.process_time() - started


def make(database: Path, rows: int) -> None:
    """Fill a new database with a made-up county."""
    sql = (Path(__file__).parent / "county.sql").read_text(encoding="utf-8")
    with open_database(database, write=True) as opened:
        for statement in duckdb.extract_statements(sql):
            opened.connection.execute(statement, {"rows": rows} if statement.named_parameters else None)
