"""The loads of register files, and what a file would change, as text and JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from analyser.messages.catalogue import number, text
from analyser.report.json import dump
from analyser.report.page import Page, printable

LOADS_SCHEMA = "kanta-gap/register-loads/1"
COMPARE_SCHEMA = "kanta-gap/register-compare/1"
CHANGES = ("new", "changed", "renamed", "gone", "refused")
"""What may become of a row, in the order in which it is told."""
_COUNTS = ("read", "new", "changed", "same", "gone", "refused")
_SHOWN = 20
_HASH = 12


def loads_json(loads: Sequence[Mapping[str, Any]]) -> str:
    """Every load with its figures; times are UTC."""
    return dump({"schema": LOADS_SCHEMA, "loads": list(loads)})


def loads_text(loads: Sequence[Mapping[str, Any]], lang: str, *, width: int, color: bool) -> str:
    """The loads, the newest last."""
    page = Page(width, color)
    page.heading(text(lang, "register.loads.title"))
    if not loads:
        page.line(text(lang, "register.loads.none"))
        return page.text()
    wide = max(len(str(load["number"])) for load in loads) + 2
    for load in loads:
        own = load["source"] == load["file"]
        page.line(
            text(
                lang,
                "register.loads.whole" if load["whole"] else "register.loads.part",
                file=printable(load["file"] if own else f"{load['source']}: {load['file']}"),
                kind=load["kind"],
                moment=load["loaded_at"],
                user=printable(load["os_user"]),
            ),
            hang=wide,
            first=f"{load['number']:<{wide}}",
        )
        page.line(
            text(lang, "register.loads.counts", **{one: load[one] for one in _COUNTS}), hang=wide, first=" " * wide
        )
        if load["undone_at"]:
            page.line(text(lang, "register.loads.undone", moment=load["undone_at"]), hang=wide, first=" " * wide)
        if load["sha256"]:
            page.line(f"SHA-256 {load['sha256'][:_HASH]}…", hang=wide, first=" " * wide, style="dim")
    return page.text()


def compare_json(files: Sequence[Mapping[str, Any]]) -> str:
    """What each file, or the files of one source, would change; the rows are those that would not stay the same."""
    return dump({"schema": COMPARE_SCHEMA, "files": list(files)})


def compare_text(files: Sequence[Mapping[str, Any]], lang: str, *, width: int, color: bool) -> str:
    """The counts, and the first rows of each change."""
    page = Page(width, color)
    for compared in files:
        page.heading(
            text(lang, "register.compare.title", files=printable(", ".join(compared["files"])), kind=compared["kind"])
        )
        counts = Counter(row["change"] for row in compared["rows"])
        told = [(number(lang, compared["same"]), text(lang, "register.compare.same"))]
        names = {one: text(lang, f"register.compare.{one}") for one in CHANGES}
        if not compared["whole"]:
            names["gone"] = text(lang, "register.compare.left")
        told += [(number(lang, counts[one]), names[one]) for one in CHANGES]
        page.facts(told)
        for change in CHANGES:
            own = [row for row in compared["rows"] if row["change"] == change]
            if not own:
                continue
            page.gap()
            page.line(f"{names[change]}:", hang=2)
            for row in own[:_SHOWN]:
                page.line(printable(_row(row, lang)), hang=4, first="  ")
            if len(own) > _SHOWN:
                page.line(text(lang, "report.gaps.more", count=len(own) - _SHOWN), hang=2)
    return page.text()


def _row(row: Mapping[str, Any], lang: str) -> str:
    name = row["source_id"] or text(lang, "register.compare.nameless", row=row["row"])
    if row["was"]:
        return f"{row['was']} → {name}"
    return f"{name}: {', '.join(row['differs'])}" if row["differs"] else str(name)
