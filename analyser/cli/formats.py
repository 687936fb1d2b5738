"""In which formats each command answers: read by the command, its completion, and the test of its help and manual."""

from __future__ import annotations

from collections.abc import Mapping

_FORMATS: Mapping[str, tuple[str, ...]] = {
    "check": ("text", "json", "junit", "sarif", "github", "markdown"),
    "combine": ("text", "json", "csv", "html", "xlsx"),
    "coverage": ("text", "json", "csv", "markdown", "html", "xlsx"),
    "deliver": ("text", "json", "csv"),
    "explain": ("text", "markdown", "json"),
    "export": ("parquet", "csv", "duckdb"),
    "gaps": ("text", "json", "csv", "xlsx"),
    "handover": ("text", "html", "json"),
    "log": ("text", "json", "csv"),
    "man": ("man", "markdown"),
    "period": ("text", "json", "csv"),
    "quarantine": ("text", "json", "csv"),
    "rules": ("text", "json", "markdown", "lock"),
}


def formats_of(command: str) -> tuple[str, ...]:
    """The formats of a command, its usual one first; text and JSON where nothing more is said."""
    return _FORMATS.get(command, ("text", "json"))
