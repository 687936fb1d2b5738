"""What a command reads must agree with itself: rows of one key that contradict each other are refused, all of them.

Nothing depends on the order of lines or of files, so no row of a key is the better one. A source_id that names
different persons is nobody's row: two systems may use the same numbers. Two identifiers that an identities row joins
are one person. A row that says word for word what another says is left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl
import pyarrow as pa

from analyser.messages.catalogue import Message
from analyser.national.dates import PartialDate
from analyser.national.identifiers import HENKILOTUNNUS_ROOT
from analyser.register.kinds import RegisterKind
from analyser.register.load import ERRORS, RegisterLoad
from analyser.register.refused import DATES, NEGATIVE, OF_THE_VERDICT, REFUSED, days_of
from analyser.register.table import SHEET_STEP

_PLACE = ("file", "row", "source")
_PERSONS = "several_persons"
_REASONS = {name: Message(f"errors.cell.{name}") for name in (_PERSONS, "twin_unread", "contradicted")}
_OF_ONE_CELL = (RegisterKind.CODES, RegisterKind.PERIODS, RegisterKind.UNITS, RegisterKind.IDENTITIES)
"""Kinds without a source_id whose key is texts, and so can be kept with a refused row."""


def agreed(loads: Sequence[RegisterLoad], joins: Iterable[tuple[str, str]] = ()) -> list[RegisterLoad]:
    """The same loads, without rows that cannot stand beside others of the command, of the same file or another.

    `joins`: identity keys that are known to be of one person, beside those that the loads themselves join.
    """
    result = list(loads)
    persons: Mapping[str, str] | None = None
    for kind in RegisterKind:
        own = [place for place, load in enumerate(loads) if load.kind is kind]
        rows = _of_one_key([loads[place] for place in own], kind)
        if rows is None:
            continue
        if persons is None:
            persons = _persons([*joins, *_joined(loads)])
        judged = _judged(rows, kind, persons, _preferred(loads))
        for number, place in enumerate(own):
            result[place] = _left(result[place], judged.filter(pl.col("__load") == number))
    return result


@dataclass(frozen=True, slots=True)
class Twice:
    """Two files of one command that hold the same rows: two extracts of one list, and no parts of one."""

    one: str
    other: str
    shared: int
    """Rows of the smaller one that the other names too."""


def twice_over(loads: Sequence[RegisterLoad]) -> list[Twice]:
    """Files of one list, as they were read, of which the smaller has most of its rows in the other. `loads`: before
    they agreed."""
    found = []
    for place, one in enumerate(loads):
        for other in loads[:place]:
            lists = [load.source if load.source != load.file else None for load in (one, other)]
            if one.kind is not other.kind or one.kind not in OF_THE_VERDICT or lists[0] != lists[1]:
                continue
            ids = [set(load.table.column("source_id").drop_null().to_pylist()) for load in (other, one)]
            shared = len(ids[0] & ids[1])
            if 2 * shared > min(map(len, ids)):
                found.append(Twice(other.file, one.file, shared))
    return found


def _joined(loads: Sequence[RegisterLoad]) -> list[tuple[str, str]]:
    return [
        pair
        for load in loads
        if load.kind is RegisterKind.IDENTITIES
        for pair in zip(
            load.table.column("identity_key").to_pylist(), load.table.column("same_as_key").to_pylist(), strict=True
        )
    ]


def _persons(joins: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Who is one person: the identities that joins lead to, however far, each under one of them."""
    leader: dict[str, str] = {}

    def led(key: str) -> str:
        while (above := leader.setdefault(key, key)) != key:
            leader[key] = leader.get(above, above)
            key = above
        return key

    for one, other in joins:
        first, second = sorted((led(one), led(other)))
        leader[second] = first
    return {key: led(key) for key in list(leader)}


def _preferred(loads: Sequence[RegisterLoad]) -> Mapping[str, tuple[bool, str, str]]:
    """Which of a person's identifiers a row is kept under: the henkilötunnus, then by what it is."""
    return {
        one["identity_key"]: (one["root"] != HENKILOTUNNUS_ROOT, one["root"], one["value"])
        for load in loads
        if load.kind in OF_THE_VERDICT
        for one in load.identities.to_pylist()
    }


def _of_one_key(loads: Sequence[RegisterLoad], kind: RegisterKind) -> pl.DataFrame | None:
    """The rows whose key stands more than once among some files of a kind, with `__load`, `__row` (their place in its
    table) and `__unread`, a row of the key that was refused; None when there are none."""
    frames = []
    for number, load in enumerate(loads):
        table = pl.DataFrame(pl.from_arrow(load.table)).with_row_index("__row")
        frames.append(table.with_columns(__load=pl.lit(number), __unread=pl.lit(value=False)))
        if kind in OF_THE_VERDICT:
            refused = pl.DataFrame(pl.from_arrow(load.refused.select(["source_id"]))).drop_nulls()
            frames.append(refused.with_columns(__load=pl.lit(number), __unread=pl.lit(value=True)))
    if not frames:
        return None
    rows = pl.concat(frames, how="diagonal_relaxed")
    # A row of which nothing is known but its name takes no other one with it unless there is one.
    twice = rows.filter(pl.struct(kind.key).is_duplicated())
    return twice if twice.select((~pl.col("__unread")).any()).item() else None


def _judged(
    rows: pl.DataFrame, kind: RegisterKind, persons: Mapping[str, str], preferred: Mapping[str, tuple[bool, str, str]]
) -> pl.DataFrame:
    """What becomes of each row that was read: `__why` it is refused, or whether it is a `__copy` of one that stays."""
    key = list(kind.key)
    whose = ["identity_key"] if kind in OF_THE_VERDICT else []
    said = [name for name in rows.columns if name not in (*_PLACE, *key, *whose) and not name.startswith("__")]
    read = rows.filter(~pl.col("__unread"))
    unread = rows.filter("__unread").select(key).unique().with_columns(__twin=pl.lit(value=True))
    rank = {name: place for place, name in enumerate(sorted(preferred, key=lambda name: preferred[name]))}
    person = pl.col("identity_key") if whose else pl.lit("")
    read = read.with_columns(
        __person=person.replace(dict(persons)) if whose else person,
        __rank=person.replace_strict(rank, default=0, return_dtype=pl.Int64) if whose else pl.lit(0),
    )
    counted = read.group_by(key).agg(
        pl.col("__person").n_unique().alias("__persons"),
        (pl.struct(said).n_unique() if said else pl.lit(1)).alias("__contents"),
    )
    counted = counted.join(unread, on=key, how="left", nulls_equal=True)
    why = (
        pl.when(pl.col("__persons") > 1)
        .then(pl.lit(_PERSONS))
        .when(pl.col("__twin").fill_null(value=False))
        .then(pl.lit("twin_unread"))
        .when(pl.col("__contents") > 1)
        .then(pl.lit("contradicted"))
        .alias("__why")
    )
    judged = read.join(counted.with_columns(why), on=key, how="left", nulls_equal=True)
    # total: a row has one place in one file
    order = ["__rank", "__load", "__row"]
    first = judged.sort(order).group_by(key, maintain_order=True).first().select("__load", "__row")
    kept = judged.join(first.with_columns(__first=pl.lit(value=True)), on=["__load", "__row"], how="left")
    return kept.with_columns(__copy=pl.col("__why").is_null() & pl.col("__first").is_null())


def _left(load: RegisterLoad, judged: pl.DataFrame) -> RegisterLoad:
    """The load without the rows that are refused, and without copies of others."""
    table = pl.DataFrame(pl.from_arrow(load.table)).with_row_index("__row")
    gone = judged.select("__row", "__why", "__copy").filter(pl.col("__copy") | pl.col("__why").is_not_null())
    if not gone.height:
        return load
    rows = table.join(gone.filter(pl.col("__why").is_not_null()), on="__row").sort("__row")
    copies = gone.filter("__copy").height
    rest = table.join(gone, on="__row", how="anti", maintain_order="left").drop("__row")
    kept = replace(
        load,
        table=rest.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(load.table.schema),
        repeated=load.repeated + copies,
    )
    return _refused(kept, rows) if rows.height else kept


def _refused(load: RegisterLoad, rows: pl.DataFrame) -> RegisterLoad:
    """The load with these rows of it told as refused."""
    told = rows.select(
        pl.lit(load.kind.value).alias("kind"),
        *("source", "file", "row"),
        (pl.col("source_id") if load.kind in OF_THE_VERDICT else pl.lit(None, pl.String)).alias("source_id"),
        # Of one person's rows any that is read settles all; of several persons' each waits for its own.
        (
            pl.when(pl.col("__why") == _PERSONS).then(pl.col("identity_key"))
            if load.kind in OF_THE_VERDICT
            else pl.lit(None, pl.String)
        ).alias("identity_key"),
        *_days(load.kind, rows),
        key=(
            pl.concat_list(pl.col(load.kind.key).cast(pl.String))
            if load.kind in _OF_ONE_CELL
            else pl.lit(None, pl.List(pl.String))
        ),
    )
    refused = told.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(REFUSED)
    column = load.kind.columns.known[0] if load.kind is RegisterKind.IDENTITIES else load.kind.key[0]
    errors = pa.table(
        {
            "file": pa.array(rows["file"], pa.string()),
            "kind": pa.array([load.kind.value] * rows.height, pa.string()),
            "row": pa.array(rows["row"], pa.int32()),
            "column": pa.array([column] * rows.height, pa.string()),
            "reason": pa.array([str(_REASONS[why]) for why in rows["__why"]], pa.string()),
        },
        schema=ERRORS,
    )
    told_of = rows.select("file", "row", "__why").iter_rows()
    return replace(
        load,
        refused=pa.concat_tables([load.refused, refused]),
        errors=pa.concat_tables([load.errors, errors]),
        refusals=(*load.refusals, *((_place(load, file, row), column, _REASONS[why]) for file, row, why in told_of)),
    )


def _days(kind: RegisterKind, rows: pl.DataFrame) -> Iterator[pl.Series]:
    """The days that each row can have, as those of rows that could not be read."""
    told: list[tuple[dt.date | None, dt.date | None]] = [(None, None)] * rows.height
    if kind in OF_THE_VERDICT:
        told = []
        for row in rows.iter_rows(named=True):
            read = {
                name: PartialDate(text, row[f"{name}_lo"], row[f"{name}_hi"])
                for name in DATES
                if (text := row.get(f"{name}_text"))
            }
            told.append(days_of(kind, read, read.keys(), negative=row.get("kind") == NEGATIVE))
    for place, name in enumerate(("first_day", "last_day")):
        yield pl.Series(name, [days[place] for days in told], dtype=pl.Date)


def _place(load: RegisterLoad, file: str, row: int) -> int:
    """The row's number in the whole workbook."""
    return load.labels.index(file) * SHEET_STEP + row if file in load.labels else row
