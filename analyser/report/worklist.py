"""Lists of work as files: a workbook for each who mends, on request a page to print, and an index with the counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import pyarrow as pa

from analyser import __version__
from analyser.coverage.result import REVEALED_COLUMNS, Stale
from analyser.coverage.worklist import TO_MEND, FixedBy, SplitBy, WorkList, WorkLists
from analyser.messages.catalogue import date_text, day, text
from analyser.messages.errors import UsageError
from analyser.national.redaction import plain, redacted
from analyser.report.json import dump, period_of
from analyser.report.template import filled
from analyser.report.words import (
    extracted,
    municipality_title,
    of_county,
    period_title,
    place_title,
    unit_name,
    what_to_do,
)
from analyser.report.workbook import table_xlsx
from analyser.system.file_names import is_ordinary

WORKLIST_SCHEMA = "kanta-gap/worklist/1"
INDEX, PAGE = "index.json", "index.html"
_LONGEST = 60
"""Characters of a file's name before its ending: with a folder before it, it fits every file system."""


@dataclass(frozen=True, slots=True)
class Since:
    """What stood on the lists of an earlier time."""

    rows: frozenset[str]

    def state(self, row: Mapping[str, Any]) -> str:
        """`new` or `open`."""
        return "open" if row["row_id"] in self.rows else "new"


def read_index(raw: bytes, period: str, file: str) -> Since:
    """The rows of an earlier index. Raises UsageError for anything else, and for one of another period."""
    try:
        document = orjson.loads(raw)
        if document["schema"] != WORKLIST_SCHEMA:
            raise UsageError("worklist.not_index", file=file)
        told, rows = document["period"]["id"], document["rows"]
        if not all(isinstance(row, str) for row in rows):
            raise UsageError("worklist.not_index", file=file)
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise UsageError("worklist.not_index", file=file) from None
    if told != period:
        raise UsageError("worklist.other_period", file=file, period=str(told), asked=period)
    return Since(frozenset(rows))


def lists_of_work(
    made: WorkLists, since: Since | None, lang: str, *, pages: bool, county: str, ends: Stale
) -> dict[str, bytes]:
    """Every file of the folder by name; `index.json` is to be written last. `county` and `ends` head its pages."""
    head = {"county": county, "extracted": extracted(ends, lang)}
    named = dict(zip(_names(made, lang), made.lists, strict=True))
    found: dict[str, bytes] = {}
    for name, one in named.items():
        table = _table(made, one, since, lang)
        found[f"{name}.xlsx"] = table_xlsx("worklist", table, lang)
        if pages:
            found[f"{name}.html"] = _page(
                "worklist.html", made, lang, title=title(made, one, lang), table=table, **head
            ).encode()
    found[PAGE] = _index_page(made, named, since, lang, head).encode()
    found[INDEX] = _index(made, named, since, lang).encode()
    return found


def title(made: WorkLists, one: WorkList, lang: str) -> str:
    """Whose list it is."""
    if one.restricted:
        return text(lang, "worklist.restricted")
    if made.split is SplitBy.FIXED_BY and one.key:
        return text(lang, f"worklist.fixed_by.{FixedBy(one.key)}")
    if one.key is None:
        return text(lang, f"worklist.nobody.{made.split}")
    return plain(redacted(unit_name(made.names, one.key, lang) or one.key))


def _names(made: WorkLists, lang: str) -> Iterator[str]:
    """A file name for each list: how it is called, in letters that every system takes, and a number where two agree."""
    given: set[str] = {"index"}
    for one in made.lists:
        base = re.sub(r"[^\w-]+", "-", title(made, one, lang), flags=re.UNICODE).strip("-_")[:_LONGEST] or "list"
        base = base if is_ordinary(base) else f"list-{base}"
        name, number = base, 1
        while name.casefold() in given:
            number += 1
            name = f"{base}-{number}"
        given.add(name.casefold())
        yield name


def _columns(made: WorkLists, since: Since | None) -> list[str]:
    return [
        *(["since"] if since else []),
        "source_id",
        "person_key",
        *(REVEALED_COLUMNS if made.revealed else ()),
        *("layer", "service_task", "start", "end", "class", "days_expected", "days_archived", "days_lacking"),
        *("what", "todo", "who", "due", "unit", "unit_name", "producer", "producer_name", "municipality"),
        *("reasons", "documents"),
        *made.own_columns,
    ]


def _table(made: WorkLists, one: WorkList, since: Since | None, lang: str) -> pa.Table:
    columns = _columns(made, since)
    rows = [_row(made, row, since, lang) for row in one.rows]
    whole = {"days_expected", "days_archived", "days_lacking"}
    return pa.table(
        {
            name: pa.array([row.get(name) for row in rows], pa.int64() if name in whole else pa.string())
            for name in columns
        }
    )


def _row(made: WorkLists, row: Mapping[str, Any], since: Since | None, lang: str) -> dict[str, Any]:
    first = row["reasons"][0] if row["reasons"] else None
    expected, archived = row["days_expected"], row["days_archived"]
    names = made.names
    return dict(row) | {
        "since": text(lang, f"worklist.state.{since.state(row)}") if since else None,
        "layer": place_title(names, "layer", row["layer"], lang),
        "service_task": place_title(names, "service_task", row["service_task"], lang),
        "class": text(lang, f"report.class.{row['class']}"),
        "days_lacking": expected - archived if expected is not None and archived is not None else None,
        **what_to_do(first, lang),
        "due": made.period.deadline.isoformat() if made.period.deadline else None,
        "unit_name": unit_name(names, row["unit"], lang),
        "producer_name": unit_name(names, row["producer"], lang),
        "municipality": municipality_title(row["municipality"], lang) if row["municipality"] else None,
        "reasons": "|".join(row["reasons"]),
        "documents": "|".join(row["documents"]),
    }


def _counts(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    counted = Counter(row["class"] for row in rows)
    return {one.value: counted[one.value] for one in TO_MEND}


def _everything(made: WorkLists) -> list[Mapping[str, Any]]:
    return [row for one in made.lists for row in one.rows]


def progress(made: WorkLists, since: Since) -> dict[str, int]:
    """Rows that are new on the lists, still on them, and gone from them."""
    now = {row["row_id"] for row in _everything(made)}
    return {"new": len(now - since.rows), "open": len(now & since.rows), "mended": len(since.rows - now)}


def _index(made: WorkLists, named: Mapping[str, WorkList], since: Since | None, lang: str) -> str:
    rows = _everything(made)
    return dump(
        {
            "schema": WORKLIST_SCHEMA,
            "tool_version": __version__,
            "period": period_of(made.period),
            "split_by": made.split.value,
            "totals": {"rows": len(rows)} | _counts(rows),
            "since": progress(made, since) if since else None,
            "lists": [
                {
                    "file": f"{name}.xlsx",
                    "key": one.key,
                    "name": title(made, one, lang),
                    "restricted": one.restricted,
                    "rows": len(one.rows),
                }
                | _counts(one.rows)
                for name, one in named.items()
            ],
            "rows": sorted(row["row_id"] for row in rows),
        }
    )


def _index_page(
    made: WorkLists, named: Mapping[str, WorkList], since: Since | None, lang: str, head: Mapping[str, str]
) -> str:
    heads = [text(lang, "worklist.whose"), text(lang, "sheet.rows")] + [
        text(lang, f"report.class.{c}") for c in TO_MEND
    ]
    if since:
        heads += [text(lang, f"worklist.state.{state}") for state in ("new", "open")]
    lines = []
    for name, one in named.items():
        states = Counter(since.state(row) for row in one.rows) if since else Counter()
        more = [states["new"], states["open"]] if since else []
        lines.append((f"{name}.xlsx", title(made, one, lang), [len(one.rows), *_counts(one.rows).values(), *more]))
    told = progress(made, since) if since else None
    sums = [sum(column) for column in zip(*(line[2] for line in lines), strict=True)] if lines else []
    mended = text(lang, "worklist.mended", count=told["mended"]) if told else None
    return _page("worklists.html", made, lang, heads=heads, lines=lines, sums=sums, mended=mended, **head)


def _page(name: str, made: WorkLists, lang: str, **values: object) -> str:
    deadline = made.period.deadline
    return filled(
        name,
        lang=lang,
        period=period_title(made.period, lang),
        of_county=of_county,
        date=lambda written: date_text(lang, written),
        due=text(lang, "worklist.due", day=day(lang, deadline)) if deadline else text(lang, "worklist.no_deadline"),
        say=lambda key: text(lang, key),
        **values,
    )
