"""Ratios that hold: what a run measured beside what is stored, and whether any of them is worse than noise explains.

    python -m benchmarks --small            holds this run against benchmarks/baseline.json
    python -m benchmarks --small --store    takes this run into it: after a change that is meant, with its reason told

Only processor time is compared, and only as ratios within one run, so that neither the machine nor other work on it
plays a part. How far a ratio may rise comes from the runs from which it was taken: twice as far as the farthest of them
lay above their median, and no less than a half, because another kind of machine has other ratios too (Python's start beside
DuckDB's work). So a run that is merely unlucky passes, and a step that takes twice as long does not.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.ingest import Figures

FILE = Path(__file__).parent / "baseline.json"
_LEAST = 1.5
_INGEST = "zip: ingest, validation off, workers"


@dataclass(frozen=True, slots=True)
class Ratio:
    """A figure of the run, beside another one of it."""

    name: str
    one: tuple[str, str]
    """What was measured, as it is told, and which figure of it."""
    other: tuple[str, str] | None = None
    """None: the figure is a ratio already, of which more is better."""


RATIOS = (
    Ratio(
        "gaps as CSV, of coverage", ("gaps, CSV, 20,000 rows", "cpu"), ("coverage, all dimensions, 20,000 rows", "cpu")
    ),
    Ratio("check, of coverage", ("check, 20,000 rows", "cpu"), ("coverage, all dimensions, 20,000 rows", "cpu")),
    Ratio(
        "coverage of four times the rows",
        ("coverage, all dimensions, 20,000 rows", "cpu"),
        ("coverage, all dimensions, 5,000 rows", "cpu"),
    ),
    Ratio("check of four times the rows", ("check, 20,000 rows", "cpu"), ("check, 5,000 rows", "cpu")),
    *(
        Ratio(
            f"{what} again, of the first time", (f"{told}, again, 20,000 rows", "cpu"), (f"{told}, 20,000 rows", "cpu")
        )
        for what, told in (("coverage", "coverage, all dimensions"), ("gaps as CSV", "gaps, CSV"), ("check", "check"))
    ),
    Ratio("ingest with its start, of bare parsing", (_INGEST, "of bare, cpu")),
    Ratio("ingest again, of the first time", ("again, unchanged", "cpu, times less")),
)


@dataclass(frozen=True, slots=True)
class Held:
    """A ratio of this run beside the stored one."""

    name: str
    now: float
    stored: float
    bound: float

    @property
    def worse(self) -> bool:
        """Whether it is worse than noise explains."""
        return self.now > self.stored * self.bound


def ratios(measured: Mapping[str, Figures]) -> dict[str, float]:
    """The ratios of a run: the smaller the better. Raises KeyError for what was not measured."""
    found = {}
    for ratio in RATIOS:
        value = _figure(measured, *ratio.one)
        found[ratio.name] = 1 / value if ratio.other is None else value / _figure(measured, *ratio.other)
    return found


def held(now: Mapping[str, float], stored: Mapping[str, Mapping[str, object]]) -> list[Held]:
    """Every ratio beside what is stored of it. Raises KeyError for one of which nothing is stored."""
    return [Held(name, value, _middle(stored[name]), _bound(stored[name])) for name, value in now.items()]


def stored() -> dict[str, dict[str, list[float]]]:
    """What is stored: of each ratio the runs that it was taken from."""
    found: dict[str, dict[str, list[float]]] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    return found


def store(now: Mapping[str, float], runs: int) -> None:
    """Take a run in, as the newest of so many."""
    known = stored()
    for name, value in now.items():
        known[name] = {"runs": [*known.get(name, {"runs": []})["runs"], round(value, 3)][-runs:]}
    FILE.write_text(json.dumps({name: known[name] for name in now}, indent=1) + "\n", encoding="utf-8")


def table(found: list[Held]) -> str:
    """As a table of Markdown, for people and for the summary of a step of CI."""
    lines = ["| ratio, by processor time | now | stored | may be | |", "|---|---|---|---|---|"]
    for one in found:
        told = "**worse**" if one.worse else ""
        lines.append(f"| {one.name} | {one.now:.2f} | {one.stored:.2f} | {one.stored * one.bound:.2f} | {told} |")
    return "\n".join(lines)


def summarise(told: str) -> None:
    """Put it into the summary of the step, where CI has one."""
    if path := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(path).open("a", encoding="utf-8") as summary:
            summary.write(f"\n### Benchmark\n\n{told}\n")


def _figure(measured: Mapping[str, Figures], what: str, name: str) -> float:
    (found,) = [figures for told, figures in measured.items() if told.startswith(what)][:1] or [{}]
    value = found[name]
    assert isinstance(value, float)
    return value


def _middle(told: Mapping[str, object]) -> float:
    runs = told["runs"]
    assert isinstance(runs, list)
    return float(median(runs))


def _bound(told: Mapping[str, object]) -> float:
    runs = told["runs"]
    assert isinstance(runs, list)
    return max(_LEAST, 1 + 2 * (max(runs) / median(runs) - 1))
