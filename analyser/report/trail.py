"""The audit trail as text, JSON and CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from analyser.messages.catalogue import text
from analyser.report.csv import table_csv
from analyser.report.json import dump
from analyser.report.page import Page, grid, printable
from analyser.store.audit import AuditEntry

TRAIL_SCHEMA = "kanta-gap/log/1"


def trail_json(entries: Sequence[AuditEntry]) -> str:
    """All rows."""
    return dump({"schema": TRAIL_SCHEMA, "rows": [_row(entry) for entry in entries]})


def trail_csv(entries: Sequence[AuditEntry]) -> str:
    """All rows; the detail as `name=value`, joined with `|`."""
    columns: dict[str, list[Any]] = {
        name: [_row(entry)[name] for entry in entries] for name in ("number", "at", "user", "command", "sound")
    }
    columns["detail"] = [[f"{key}={value}" for key, value in entry.detail.items()] for entry in entries]
    types = [pa.int64(), pa.string(), pa.string(), pa.string(), pa.bool_(), pa.list_(pa.string())]
    return "".join(table_csv(pa.table([*map(pa.array, columns.values(), types)], names=list(columns))))


def trail_text(entries: Sequence[AuditEntry], lang: str, *, width: int, color: bool) -> str:
    """One line a row."""
    page = Page(width, color)
    page.heading(text(lang, "privacy.log.title", count=len(entries)))
    names = ("number", "at", "user", "command", "detail")
    table = grid(*(text(lang, f"privacy.log.column.{name}") for name in names), right=(0,), whole=(0, 1))
    for entry in entries:
        told = "  ".join(f"{key}={_short(value)}" for key, value in entry.detail.items() if value not in (None, False))
        mark = "" if entry.sound else f"  ! {text(lang, 'privacy.log.broken')}"
        at = entry.happened_at.isoformat(" ", "seconds")
        table.add_row(str(entry.number), at, printable(entry.os_user), entry.command, printable(told) + mark)
    if entries:
        page.table(table)
    return page.text()


def _row(entry: AuditEntry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "at": entry.happened_at.isoformat() + "Z",
        "user": entry.os_user,
        "command": entry.command,
        "detail": dict(entry.detail),
        "sound": entry.sound,
    }


def _short(value: object) -> object:
    """A hash by its beginning: enough to compare by eye; all of it stands in the JSON."""
    return f"{value[:12]}…" if isinstance(value, str) and len(value) == 64 else value
