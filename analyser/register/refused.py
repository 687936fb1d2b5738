"""Rows that could not be read, as far as they could: what they were called, and which days they can have.

A refused row is never forgotten: it stands beside the classes until it is read, and takes the place of its own earlier
version. Where its dates can be read and lie outside a period, that period is none of its business; every other period
has to reckon with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

import polars as pl
import pyarrow as pa

from analyser.national.dates import PartialDate, register_date
from analyser.national.identifiers import HENKILOTUNNUS_ROOT, identity_key, normal_root, normal_value, redacted
from analyser.register.kinds import RegisterKind
from analyser.register.table import SHEET_STEP

REFUSED = pa.schema(
    [
        ("kind", pa.string()),
        ("source", pa.string()),
        ("file", pa.string()),
        ("row", pa.int32()),
        ("source_id", pa.string()),
        ("identity_key", pa.string()),
        ("first_day", pa.date32()),
        ("last_day", pa.date32()),
        ("key", pa.list_(pa.string())),
    ]
)
"""Columns of `register_refused`, where each is explained; `key` as the values of its columns."""
OF_THE_VERDICT = (RegisterKind.EPISODES, RegisterKind.SERVICES)
"""Kinds whose refused rows stand in the verdict: each row would have had a class."""
_OPEN = dt.date(9999, 12, 31)
DATES = ("start", "end", "decided")
"""What bounds the days that a row can have."""
NEGATIVE = "decision-negative"
"""The kind of a service's row that decides against it."""


def refused_table(
    kind: RegisterKind,
    labels: Sequence[str],
    rows: Collection[int],
    given: pl.DataFrame,
    shown: Mapping[str, str],
    secret: bytes,
) -> pa.Table:
    """One row for each refused row of a file. `labels`: what the rows of each of its sheets are said to come from.

    `given`: the file's cells as they were written, with `__row`; a row that stands nowhere in it could not be taken
    apart at all. `shown`: how the source_ids are called that can be read.
    """
    cells = {row["__row"]: row for row in given.filter(pl.col("__row").is_in(list(rows))).iter_rows(named=True)}
    told = []
    for row in sorted(rows):
        own = cells.get(row, {})
        first, last = _days(kind, own)
        told.append(
            {
                "kind": kind.value,
                "source": labels[0],
                "file": labels[row // SHEET_STEP],
                "row": row % SHEET_STEP,
                "source_id": shown.get(own.get("source_id") or ""),
                "identity_key": None,
                "first_day": first,
                "last_day": last,
                "key": _key(kind, own, secret),
            }
        )
    return pa.Table.from_pylist(told, schema=REFUSED)


def _key(kind: RegisterKind, cells: Mapping[str, str | None], secret: bytes) -> list[str | None] | None:
    """The natural key of a row without a source_id; None where it cannot be known."""
    match kind:
        case RegisterKind.IDENTITIES:
            found = [
                identity_key(secret, normal_root(cells.get(root) or HENKILOTUNNUS_ROOT), normal_value(value))
                for name, root in (("person_id", "person_id_root"), ("same_as_id", "same_as_root"))
                if (value := cells.get(name))
            ]
            return [*found] if len(found) == len(kind.key) else None
        case RegisterKind.CODES | RegisterKind.PERIODS | RegisterKind.UNITS:
            told = [(cells.get(name) or "").removeprefix("urn:oid:") or None for name in kind.key]
            return [value and redacted(value) for value in told] if any(told) else None
        case _:
            return None


def _days(kind: RegisterKind, cells: Mapping[str, str | None]) -> tuple[dt.date | None, dt.date | None]:
    if kind not in OF_THE_VERDICT or not cells:
        return None, None
    read = {name: _read(cells.get(name)) for name in DATES}
    given = {name for name in DATES if cells.get(name)}
    return days_of(kind, read, given, negative=(cells.get("kind") or "").lower() == NEGATIVE)


def days_of(
    kind: RegisterKind, read: Mapping[str, PartialDate | None], given: Collection[str], *, negative: bool
) -> tuple[dt.date | None, dt.date | None]:
    """The earliest and the latest day that a row of a verdict's kind can have; None where it cannot be known.

    `read`: its start, end and decided, as far as they are dates; `given`: those in which anything stands. `negative`:
    the row is a negative decision.
    """
    start = "start" if kind is RegisterKind.EPISODES or "start" in given else "decided"
    end = "end"
    if kind is RegisterKind.SERVICES and negative and "end" not in given:
        end = "decided" if "decided" in given else "start"
    first, last = read.get(start), read.get(end)
    latest = last.last if last else _OPEN if end not in given else None
    # A row that ends before it starts lies between the two.
    days = [one for one in (first, last) if one is not None]
    return (
        min(one.first for one in days) if first else None,
        max([*(one.last for one in days), latest]) if latest else None,
    )


def _read(text: str | None) -> PartialDate | None:
    try:
        return register_date(text) if text else None
    except ValueError:
        return None
