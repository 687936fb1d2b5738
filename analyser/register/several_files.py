"""Several files in one command: what contradicts itself between them is refused, before anything is written.

Two systems may use the same numbers. A source_id that names different persons is nobody's row: all its rows are
refused, with their files. A row that says word for word what an earlier file says is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import polars as pl
import pyarrow as pa

from analyser.messages.catalogue import Told
from analyser.register.load import ERRORS, RegisterLoad
from analyser.register.refused import OF_THE_VERDICT, REFUSED
from analyser.register.table import SHEET_STEP

_PLACE = ("file", "row", "source")
_SEVERAL = Told("errors.cell.several_persons")


def agreed(loads: Sequence[RegisterLoad]) -> list[RegisterLoad]:
    """The same loads, without rows that cannot stand beside those of the other files."""
    if len(loads) < 2:
        return list(loads)
    result = list(loads)
    for kind in OF_THE_VERDICT:
        own = [place for place, load in enumerate(loads) if load.kind is kind]
        if len(own) > 1:
            contested = _contested([loads[place] for place in own])
            seen: list[pl.DataFrame] = []
            for place in own:
                result[place] = _once(_refused(result[place], contested), seen)
    return result


def _contested(loads: Sequence[RegisterLoad]) -> Collection[str]:
    """Source_ids that name several persons, in one file or between them."""
    named = [
        pl.DataFrame(pl.from_arrow(part.select(["source_id", "identity_key"])))
        for load in loads
        for part in (load.table, load.refused)
    ]
    persons = pl.concat(named).drop_nulls().unique().group_by("source_id").len()
    return set(persons.filter(pl.col("len") > 1)["source_id"])


def _refused(load: RegisterLoad, contested: Collection[str]) -> RegisterLoad:
    """The load with its contested rows refused."""
    table = pl.DataFrame(pl.from_arrow(load.table))
    theirs = pl.col("source_id").is_in(list(contested))
    rows = table.filter(theirs)
    if not rows.height:
        return load
    days = {
        "first_day": pl.min_horizontal("start_lo", "end_lo"),
        "last_day": pl.when(pl.col("end_text").is_null())
        .then(pl.date(9999, 12, 31))
        .otherwise(pl.max_horizontal("start_hi", "end_hi")),
    }
    told = rows.select(
        pl.lit(load.kind.value).alias("kind"),
        *("source", "file", "row", "source_id", "identity_key"),
        **days if "decided_text" not in table.columns else dict.fromkeys(days, pl.lit(None, pl.Date)),
        key=pl.lit(None, pl.List(pl.String)),  # these kinds have a source_id
    )
    refused = told.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(REFUSED)
    errors = pa.table(
        {
            "file": pa.array(rows["file"], pa.string()),
            "kind": pa.array([load.kind.value] * rows.height, pa.string()),
            "row": pa.array(rows["row"], pa.int32()),
            "column": pa.array(["source_id"] * rows.height, pa.string()),
            "reason": pa.array([str(_SEVERAL)] * rows.height, pa.string()),
        },
        schema=ERRORS,
    )
    places = [_place(load, file, row) for file, row in rows.select("file", "row").iter_rows()]
    return replace(
        load,
        table=_arrow(table.filter(~theirs), load.table),
        refused=pa.concat_tables([load.refused, refused]),
        errors=pa.concat_tables([load.errors, errors]),
        refusals=(*load.refusals, *((place, "source_id", _SEVERAL) for place in places)),
    )


def _place(load: RegisterLoad, file: str, row: int) -> int:
    """The row's number in the whole workbook."""
    return load.labels.index(file) * SHEET_STEP + row if file in load.labels else row


def _once(load: RegisterLoad, seen: list[pl.DataFrame]) -> RegisterLoad:
    """The load without rows that a file before it has word for word."""
    table = pl.DataFrame(pl.from_arrow(load.table))
    said = [name for name in table.columns if name not in _PLACE]
    left = table
    for earlier in seen:
        left = left.join(earlier, on=said, how="anti", nulls_equal=True, maintain_order="left")
    seen.append(left.select(said))
    if left.height == table.height:
        return load
    return replace(load, table=_arrow(left, load.table), repeated=load.repeated + table.height - left.height)


def _arrow(frame: pl.DataFrame, like: pa.Table) -> pa.Table:
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(like.schema)
