"""Failing rows as JSON, a batch at a time: a million of them as one text would take a gigabyte.

Every text of a batch is put into its place at once. Byte for byte it is what `report.json.dump` would write.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from analyser.rules.findings import MACHINE_ROW, Row, machine_table, rows_of

NONE = b'\n      "rows": []'
"""No rows, where a check's JSON has those of a rule."""
_SPECIAL = b'"\\' + bytes(range(0x20))
"""What JSON writes in another way inside a text."""
_SPECIAL_TEXT = r'["\\\x00-\x1f]'
_KEYS = tuple(f'{"," if place else ""}\n          "{name}": ' for place, name in enumerate(MACHINE_ROW))


def rows_json(rows: Sequence[Row]) -> Iterator[bytes]:
    """The rows of one rule, in parts, indented as they stand in a check."""
    if not rows:
        yield NONE
        return
    between = b'\n      "rows": ['
    for batch in rows_of(rows).batches():
        columns = map(_quoted, machine_table(batch).columns)
        cells = [part for pair in zip(_KEYS, columns, strict=True) for part in pair]
        objects = pc.binary_join_element_wise(",\n        {", *cells, "\n        }", "")
        size = pc.sum(pc.binary_length(objects)).as_py()
        yield between
        yield objects.buffers()[2][1:size].to_pybytes()  # without the comma before the first
        between = b","
    yield b"\n      ]"


def _quoted(column: pa.ChunkedArray) -> pa.Array:
    """Texts as JSON writes them."""
    texts = column.combine_chunks()
    data = texts.buffers()[2]
    if data is not None and len(bytes(data).translate(None, _SPECIAL)) < data.size:
        special = pc.fill_null(pc.match_substring_regex(texts, _SPECIAL_TEXT), False)
        written = [orjson.dumps(value).decode()[1:-1] for value in texts.filter(special).to_pylist()]
        texts = pc.replace_with_mask(texts, special, pa.array(written, pa.string()))
    return pc.fill_null(pc.binary_join_element_wise('"', texts, '"', ""), "null")
