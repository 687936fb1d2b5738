"""Columns that are carried through: `x_team`, `x_worker`. They mean nothing here and stand beside the row in `gaps`.

They are free text of the county. What is shaped like a person's identifier is masked, and no cell of theirs refuses a
row: what cannot be shown as it is stands as far as it can, and is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analyser.national.identifiers import redacted
from analyser.register.kinds import RegisterKind

if TYPE_CHECKING:
    import polars as pl

PREFIX = "x_"
KINDS = frozenset({RegisterKind.EPISODES, RegisterKind.SERVICES})
"""Kinds whose rows `gaps` lists."""
COLUMN = "carried"
"""Where they stand in the store: a JSON object of texts, null where a row has none."""
LONGEST = 1_000
"""Characters of a cell; what is longer is cut, and ends in `…`."""
_LONGEST_NAME = 60


def carried_name(header: str) -> str | None:
    """What a column is carried under, None when it is none of these."""
    told = redacted(" ".join(header.split()))
    if len(told) > _LONGEST_NAME or len(told) <= len(PREFIX) or told[: len(PREFIX)].lower() != PREFIX:
        return None
    return PREFIX + told[len(PREFIX) :]


def carried_columns(names: Sequence[str]) -> tuple[str, ...]:
    """Those of some columns that are carried through, in the order of their names."""
    return tuple(sorted(name for name in names if name.startswith(PREFIX)))


def together(columns: Sequence[str]) -> pl.Expr:
    """Some columns of texts as one JSON object without what is empty; null where all of them are."""
    import polars as pl  # who shows such columns need not read a register

    parts = [
        pl.when(pl.col(name).is_not_null()).then(
            pl.struct(pl.col(name)).struct.json_encode().str.strip_prefix("{").str.strip_suffix("}")
        )
        for name in columns
    ]
    if not parts:
        return pl.lit(None, pl.String).alias(COLUMN)
    said = pl.concat_str(parts, separator=",", ignore_nulls=True)
    return pl.when(pl.any_horizontal(pl.col(list(columns)).is_not_null())).then("{" + said + "}").alias(COLUMN)
