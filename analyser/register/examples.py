"""How cells look that were refused, without what they say: whoever mends a list sees `99/99/9999`, and nobody's day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from analyser.messages.catalogue import Message

_MOST = 3
_LOOKED_AT = 200
"""Rows of one cause that are looked at for examples that differ."""
_LONGEST = 24


def examples_of(
    errors: Sequence[tuple[int, str, Message]], given: pl.DataFrame
) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """By column and reason, some looks of the refused cells. `given`: the cells as they were written."""
    rows: dict[tuple[str, str], list[int]] = {}
    for row, column, reason in errors:
        found = rows.setdefault((column, str(reason)), [])
        if len(found) < _LOOKED_AT:
            found.append(row)
    result: dict[tuple[str, str], tuple[str, ...]] = {}
    for (column, told), places in rows.items():
        if column not in given.columns:
            continue
        cells = given.filter(pl.col("__row").is_in(places))[column].drop_nulls().to_list()
        looks = tuple(dict.fromkeys(look(cell) for cell in cells))[:_MOST]
        if looks:
            result[column, told] = looks
    return result


def look(cell: str) -> str:
    """A cell with every digit as 9 and every letter as a or A."""
    shown = "".join(
        "9" if sign.isdigit() else ("A" if sign.isupper() else "a") if sign.isalpha() else sign
        for sign in cell[:_LONGEST]
    )
    return (shown if shown.isprintable() else "�") + ("…" if len(cell) > _LONGEST else "")
