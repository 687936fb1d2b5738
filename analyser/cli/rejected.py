"""`--rejected FILE`: every refused row with its sheet, row, column and reason, for whoever mends the list."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from analyser.cli.session import write
from analyser.register.causes import set_of
from analyser.register.load import RegisterLoad
from analyser.register.table import SHEET_STEP
from analyser.report.csv import for_excel, table_csv

_COLUMNS = ("file", "row", "column", "source_id", "reason")


def write_rejected(path: Path, loads: Iterable[RegisterLoad], lang: str, *, excel: bool = False) -> int:
    """Write them for their reader alone, as a workbook when the name ends in .xlsx; returns how many there are."""
    rows = []
    for load in loads:
        named = {(one["file"], one["row"]): one["source_id"] for one in load.refused.to_pylist()}
        for place, column, reason in sorted(set_of(load.refusals), key=lambda one: (one[0], one[1])):
            file, row = load.labels[place // SHEET_STEP], place % SHEET_STEP
            rows.append((file, row, column or None, named.get((file, row)), reason.text(lang)))
    columns = list(zip(*rows, strict=True)) or [()] * len(_COLUMNS)
    types = (pa.string(), pa.int64(), pa.string(), pa.string(), pa.string())
    table = pa.table({name: pa.array(cells, kind) for name, cells, kind in zip(_COLUMNS, columns, types, strict=True)})
    if path.suffix.lower() == ".xlsx":
        from analyser.report.workbook import table_xlsx

        data: bytes | Iterable[str] = table_xlsx("rejected", table, lang)
    else:
        data = for_excel(table_csv(table)) if excel else table_csv(table)
    write(data, path, private=True)
    return len(rows)
