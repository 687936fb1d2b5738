"""`kanta-gap export`: ledger, reasons, cells, intervals and documents as tables for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analyser import __version__
from analyser.cli.asking import asked, keep_shown
from analyser.cli.formats import formats_of
from analyser.cli.options import AsOf, Period, chosen_format
from analyser.cli.session import session
from analyser.coverage.exported import Exported, exported
from analyser.coverage.measure import model_to_reveal, refused
from analyser.messages.errors import ExitCode
from analyser.report.json import period_of
from analyser.report.tables import COLUMNS, columns_bytes, csv_bytes, parquet_bytes
from analyser.store.exports import assert_replaceable, database_bytes, put_export

app = typer.Typer(add_completion=False)
_DATABASE = "export.duckdb"


@app.command()
def command(
    out: Annotated[Path, typer.Argument(metavar="DIR")],
    period: str | None = Period,
    as_of: str | None = AsOf,
    format_: str = typer.Option("parquet", "-f", "--format", metavar="FORMAT"),
    reveal_ids: bool = typer.Option(False, "--reveal-ids"),
) -> int:
    """Write ledger, reasons, cells, intervals and documents as tables for other programs."""
    run = session()
    chosen = chosen_format(format_, formats_of("export"))
    assert_replaceable(out)
    with asked(run, period, as_of) as (database, request):
        model = model_to_reveal(database, request, reveal=reveal_ids)
        tables, unread = exported(model, reveal=reveal_ids), refused(model).beside_episodes
    ledger = tables[0].rows
    detail = {
        "period": request.period.id,
        "as_of": as_of,
        "rows": ledger.num_rows,
        "persons": len(ledger.column("person_key").unique()),
        "format": chosen,
    }
    keep_shown(run, "export", detail, reveal=reveal_ids)
    facts = {
        "tool_version": __version__,
        "period": period_of(request.period),
        "as_of": request.as_of.isoformat() if request.as_of else None,
        "format": chosen,
        "revealed": reveal_ids,
        "rows": {table.name: table.rows.num_rows for table in tables},
    }
    excel = chosen == "csv" and run.settings.csv_for == "excel"
    files = {COLUMNS: columns_bytes(tables, excel=excel), **_files(out, tables, chosen, excel=excel)}
    put_export(out, files, facts)
    run.say("narration.export.written", folder=out.name, rows=tables[0].rows.num_rows)
    if unread:
        run.warn("narration.refused", count=unread)
    return ExitCode.DONE if tables[0].rows.num_rows or unread else ExitCode.NOTHING


def _files(out: Path, tables: tuple[Exported, ...], chosen: str, *, excel: bool) -> dict[str, bytes]:
    if chosen == "duckdb":
        told = [(table.name, table.comment, table.rows, table.comments) for table in tables]
        return {_DATABASE: database_bytes(out, told)}
    if chosen == "csv":
        return {f"{table.name}.csv": csv_bytes(table, excel=excel) for table in tables}
    return {f"{table.name}.parquet": parquet_bytes(table) for table in tables}
