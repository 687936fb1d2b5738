"""`kanta-gap gaps`: the ledger, every register episode of the period with its class, reasons and documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import typer

from analyser.cli.as_told import GAPS_SHOWN, tell_again
from analyser.cli.asking import asked, keep_shown, say_beyond, say_stale, stamp, verdict_code
from analyser.cli.deciding import deciding, say_settings
from analyser.cli.formats import formats_of
from analyser.cli.options import AsOf, AsTold, ExitZero, Format, Output, Parts, Period, Stamp, chosen_format, members
from analyser.cli.session import Session, session, write
from analyser.cli.spreadsheet import as_asked
from analyser.coverage.fingerprints import fingerprints
from analyser.coverage.measure import documents, ledger, model_to_reveal
from analyser.coverage.model import Model
from analyser.coverage.narrow import asked_for, narrowed
from analyser.coverage.result import RowClass
from analyser.coverage.services import services as services_ledger
from analyser.coverage.stale import stale
from analyser.messages.errors import UsageError
from analyser.report.csv import gaps_csv, table_csv
from analyser.report.json import gaps_json
from analyser.report.listings import gaps_text
from analyser.report.services import services_json, services_text

app = typer.Typer(add_completion=False)
Where: list[str] = typer.Option([], "--where", metavar="'COLUMN = VALUE'")


@app.command()
def command(
    period: str | None = Period,
    class_: str | None = typer.Option(None, "--class", metavar="C,…"),
    as_of: str | None = AsOf,
    parts: int | None = Parts,
    format_: str = Format,
    output: Path | None = Output,
    reveal_ids: bool = typer.Option(False, "--reveal-ids"),
    limit: int = typer.Option(GAPS_SHOWN),
    services: bool = typer.Option(False, "--services"),
    unit: str | None = typer.Option(None, "--unit", metavar="U,…"),
    producer: str | None = typer.Option(None, "--producer", metavar="P,…"),
    service_task: str | None = typer.Option(None, "--service-task", metavar="T,…"),
    municipality: str | None = typer.Option(None, "--municipality", metavar="M,…"),
    reason: str | None = typer.Option(None, "--reason", metavar="R,…"),
    fixed_by: str | None = typer.Option(None, "--fixed-by", metavar="W,…"),
    where: list[str] = Where,
    exit_zero: bool = ExitZero,
    with_stamp: bool = Stamp,
    as_told: int | None = AsTold,
) -> int:
    """List each register episode of the period with its class, reasons and documents."""
    run = session()
    named = {
        "unit": unit,
        "producer": producer,
        "service_task": service_task,
        "municipality": municipality,
        "reason": reason,
        "fixed_by": fixed_by,
    }
    wanted = asked_for(named, where)
    if as_told is not None:
        others: dict[str, object] = {
            "--class": class_,
            "--as-of": as_of,
            "--reveal-ids": reveal_ids,
            "--services": services,
        }
        others |= {"--" + name.replace("_", "-"): typed for name, typed in named.items()} | {"--where": where}
        others |= {"--stamp": with_stamp, "--limit": limit if limit != GAPS_SHOWN else None}
        return tell_again(run, "gaps", period, as_told, format_, output, others, exit_zero=exit_zero)
    chosen = chosen_format(format_, formats_of("gaps"))
    classes = members(class_, RowClass, "--class")
    if services and wanted:
        raise UsageError("cli.filters_and_services")
    if services:
        return _services(
            run, chosen, classes, (period, as_of, parts), output, reveal_ids, limit, exit_zero, stamp(with_stamp)
        )
    with asked(run, period, as_of, parts=parts) as (database, request):
        model = model_to_reveal(database, request, reveal=reveal_ids)
        result = replace(
            ledger(model, classes, reveal=reveal_ids),
            county_name=run.settings.county_name,
            settings=deciding(run.settings),
        )
        counts = Counter(dict(model.rows("ledger-by-class")))
        quarantined = documents(model).quarantined
        of_all = result.rows.num_rows
        if wanted:
            result = narrowed(model, result, wanted, classes)
        if chosen == "json":
            result = replace(result, fingerprints=fingerprints(database.connection, request))
    seen = _seen(request.period.id, as_of, result.rows, chosen)
    keep_shown(run, "gaps", seen, reveal=reveal_ids)
    match chosen:
        case "json":
            data: str | bytes | Iterable[str] = gaps_json(result, stamp(with_stamp))
        case "csv":
            data = as_asked(run, gaps_csv(result))
            if result.archived_only.num_rows:
                run.say("narration.gaps.archived_only", count=result.archived_only.num_rows)
        case "xlsx":
            from analyser.report.coverage.xlsx import gaps_xlsx

            data = gaps_xlsx(result, run.lang, stamp(with_stamp))
        case _:
            data = gaps_text(result, run.lang, width=run.width(), color=run.color(), limit=limit, asked=classes)
    write(data, output, private=reveal_ids)
    if wanted:
        run.say("narration.gaps.narrowed", count=result.rows.num_rows, of=of_all)
    say_beyond(run, result.beyond_limit)
    say_stale(run, result.stale)
    if chosen in ("csv", "xlsx"):
        say_settings(run)
    if result.refused:
        run.warn("narration.refused", count=result.refused)
    return verdict_code(
        rows=counts.total(),
        lacking=counts["missing"] + counts["partial"],
        undetermined=counts["undetermined"],
        quarantined=quarantined,
        refused=result.refused,
        exit_zero=exit_zero,
    )


def _services(
    run: Session,
    chosen: str,
    classes: list[RowClass],
    when: tuple[str | None, str | None, int | None],
    output: Path | None,
    reveal: bool,
    limit: int,
    exit_zero: bool,
    stamped: str | None,
) -> int:
    """The ledger of supplementary services, in the same formats and with the same exit codes."""
    with asked(run, *when[:2], parts=when[2]) as (database, request):
        model = Model.asked(database.connection, request)
        found = services_ledger(model, classes, reveal=reveal)
        result = replace(found, county_name=run.settings.county_name)
        quarantined = documents(model).quarantined
        ends = stale(model)
    seen = _seen(request.period.id, when[1], result.rows, chosen)
    keep_shown(run, "gaps --services", seen, reveal=reveal)
    match chosen:
        case "json":
            data: str | bytes | Iterable[str] = services_json(result, stamped)
        case "csv":
            data = as_asked(run, table_csv(result.rows))
        case "xlsx":
            from analyser.report.services_workbook import services_xlsx

            data = services_xlsx(result, run.lang, stamped)
        case _:
            data = services_text(result, run.lang, width=run.width(), color=run.color(), limit=limit, asked=classes)
    write(data, output, private=reveal)
    say_stale(run, ends)
    say_settings(run)
    if result.refused:
        run.warn("narration.refused", count=result.refused)
    counts = dict(result.classes)
    return verdict_code(
        rows=sum(counts.values()),
        lacking=counts[RowClass.MISSING],
        undetermined=counts[RowClass.UNDETERMINED],
        quarantined=quarantined,
        refused=result.refused,
        exit_zero=exit_zero,
    )


def _seen(period: str, as_of: str | None, rows: pa.Table, chosen: str) -> dict[str, int | str | bool | None]:
    return {
        "period": period,
        "as_of": as_of,
        "rows": rows.num_rows,
        "persons": len(rows.column("person_key").unique()),
        "format": chosen,
    }
