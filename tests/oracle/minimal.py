"""The smallest county that still shows a disagreement: rows are taken away one by one while it stays."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

from tests.oracle.county import TABLES, County


def minimal(county: County, differs: Callable[[County], bool]) -> County:
    """A county in which `differs` still holds and that no row can leave."""
    smaller = True
    while smaller:
        smaller = False
        for table in TABLES:
            for n in reversed(range(len(county[table]))):
                tried = _without(county, table, n)
                if differs(tried):
                    county, smaller = tried, True
    return county


def _without(county: County, table: str, number: int) -> County:
    tried = deepcopy(county)
    gone = tried[table].pop(number)
    if table == "document":
        for name in TABLES:
            tried.tables[name] = [row for row in tried[name] if row.get("document_key") != gone["document_key"]]
        tried.tables["document"] = [row for row in tried["document"] if row is not gone]
    return tried


def told(county: County) -> str:
    """The county in a line for each row."""
    lines = [
        f"period {county.start}..{county.end} as-of {county.as_of} organisers {county.organisers}"
        f" producer_periods_cover {county.producer_periods_cover} acknowledgements {county.acknowledgements}"
    ]
    for table in TABLES:
        for row in county[table]:
            shown = {
                name: value
                for name, value in row.items()
                if value is not None and value is not False and not name.endswith(("_lo", "_hi"))
            }
            lines.append(f"{table}: " + ", ".join(f"{name}={value}" for name, value in shown.items()))
    return "\n".join(lines)
