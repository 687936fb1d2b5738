"""In which line of a settings file something stands: TOML's reader says it of what is no TOML, and of nothing else."""

from __future__ import annotations

import re

_TABLE = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_ENTRY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")


def line_of(text: str, name: str, under: str = "") -> int | None:
    """The line of the entry or table `name` (its dotted name), else of the table it would stand in; None for neither.

    `under`: the table that all names are told from, as `tool.kanta-gap` is in pyproject.toml.
    """
    wanted = _parts(f"{under}.{name}" if under else name)
    table: tuple[str, ...] = ()
    best, found = 0, None
    for number, line in enumerate(text.splitlines(), 1):
        if match := _TABLE.match(line):
            table = _parts(match[1])
            place = table
        elif match := _ENTRY.match(line):
            place = (*table, *_parts(match[1]))
        else:
            continue
        # An inline table holds what would stand below it.
        if len(place) > best and wanted[: len(place)] == place:
            best, found = len(place), number
    return found


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))
