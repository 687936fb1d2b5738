"""Where CSV outputs pass: as programs read them, or as Excel does where a comma is the decimal sign (`--csv-for`)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from analyser.cli.session import Session, write
from analyser.report.csv import for_excel


def as_asked(run: Session, data: str | Iterable[str]) -> str | Iterable[str]:
    """CSV in the form that this run asks for."""
    return for_excel(data) if run.settings.csv_for == "excel" else data


def write_csv(run: Session, data: str | Iterable[str], output: Path | None) -> None:
    """Write it to stdout or to a file."""
    write(as_asked(run, data), output)
