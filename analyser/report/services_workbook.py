"""The ledger of supplementary services as a workbook. Apart, so that only who asks for one loads what writes it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from analyser.coverage.services import ServiceReason, ServicesResult
from analyser.messages.catalogue import text
from analyser.report.workbook import workbook

_CODED = ("class", "kind", "reason")


def services_xlsx(result: ServicesResult, lang: str, stamp: str | None = None) -> bytes:
    """The services ledger as a workbook: every row in words with its codes beside, and what the reasons mean."""
    names = result.rows.column_names
    columns = [*names, *(f"{name}_code" for name in _CODED)]

    def told() -> Iterator[list[Any]]:
        for batch in result.rows.to_batches(max_chunksize=20_000):
            for row in batch.to_pylist():
                worded = row | {f"{name}_code": row[name] for name in _CODED}
                worded["class"] = text(lang, f"report.class.{row['class']}")
                worded["kind"] = text(lang, f"services.kind.{row['kind']}")
                worded["reason"] = row["reason"] and text(lang, f"services.reason.{row['reason']}")
                yield [worded[name] for name in columns]

    buffer = io.BytesIO()
    with workbook(buffer, lang, stamp) as book:
        book.table("services_ledger", columns, told(), result.rows.num_rows)
        meanings = [(one.value, text(lang, f"services.reason.{one.value}")) for one in ServiceReason]
        book.table("reasons", ("code", "told"), meanings, len(meanings))
    return buffer.getvalue()
