"""Command line of the benchmarks."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import tempfile
from collections.abc import Iterator
from pathlib import Path

from analyser import __version__
from benchmarks.baseline import held, ratios, store, stored, summarise, table
from benchmarks.findings import findings
from benchmarks.ingest import Figures, ingest
from benchmarks.measured import command
from benchmarks.model import make, model
from benchmarks.rivals import rivals
from benchmarks.stages import stages
from benchmarks.start import start

_GROUPS = ("ingest", "stages", "model", "start", "rivals", "findings")
_SMALL = _GROUPS[:4]
"""Of a small run: what the stored ratios are of, and what is for the eye."""
_RUNS = 7
"""Runs that are stored."""


def main() -> None:
    """Run the benchmarks and print their tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Speed, as ratios within one run.")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of {', '.join(_GROUPS)}; default: all")
    parser.add_argument("--persons", type=int, default=4_000, help="persons of the synthetic county")
    parser.add_argument("--rows", type=int, nargs="*", default=[100_000, 1_000_000], help="sizes of the model's group")
    parser.add_argument("--small", action="store_true", help="ratios within a minute, for every change")
    parser.add_argument("--store", action="store_true", help="take the ratios of a small run into the stored ones")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--county", type=Path, help="a county that synth wrote before, instead of new ones")
    parser.add_argument("--history", type=Path, help="file to which the figures are appended")
    arguments = parser.parse_args()
    unknown = set(arguments.groups) - set(_GROUPS)
    if unknown:
        parser.error(f"no group {', '.join(sorted(unknown))}")
    if arguments.small:
        arguments.persons, arguments.rows = 300, [5_000, 20_000]
    measured: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory(prefix="kanta-gap-benchmark-") as folder:
        for group in arguments.groups or (_SMALL if arguments.small else _GROUPS):
            print(f"\n{group}", flush=True)
            for figures in _group(group, Path(folder), arguments):
                print(f"  {figures['what']:52}" + "".join(_shown(*one) for one in figures.items()), flush=True)
                measured[str(figures["what"])] = figures
                if arguments.history:
                    _remember(arguments.history, group, figures)
    if arguments.small and not arguments.groups:
        _hold(ratios(measured), into=arguments.store)


def _hold(now: dict[str, float], *, into: bool) -> None:
    """Tell the ratios beside the stored ones; ends the run as failed when one is worse than noise explains."""
    if into:
        store(now, _RUNS)
    found = held(now, stored())
    told = table(found)
    print(f"\n{told}", flush=True)
    summarise(told)
    if worse := [one.name for one in found if one.worse]:
        raise SystemExit(f"worse than noise explains: {', '.join(worse)} (benchmarks/baseline.py)")


def _group(group: str, folder: Path, arguments: argparse.Namespace) -> Iterator[Figures]:
    county: Path = arguments.county or folder / "county-zip"
    if group in ("stages", "rivals") and not county.exists():
        command("synth", str(county), "--persons", str(min(arguments.persons, 1_000)), "--container", "zip")
    match group:
        case "ingest":
            yield from ingest(folder, arguments.persons, arguments.workers, arguments.county, small=arguments.small)
        case "stages":
            yield from stages(folder, county / "archive")
        case "model":
            yield from model(folder, arguments.rows, times=3 if arguments.small else 1)
        case "start":
            yield from start()
        case "findings":
            yield from findings(folder, min(arguments.persons, 1_000))
        case "rivals":
            make(folder / "rivals.duckdb", min(arguments.rows))
            yield from rivals(county / "archive", folder / "rivals.duckdb")


def _shown(name: str, value: float | str) -> str:
    if name == "what":
        return ""
    if isinstance(value, str):
        return f"  {name}: {value}"
    return f"  {name}: {value:,.0f}" if value >= 100 else f"  {name}: {value:.2f}"


def _remember(history: Path, group: str, figures: Figures) -> None:
    line = {
        "day": dt.datetime.now(dt.UTC).date().isoformat(),
        "version": __version__,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "group": group,
        **{name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()},
    }
    with history.open("a", encoding="utf-8") as opened:
        opened.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
