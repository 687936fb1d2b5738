"""`coverage --periods A..B`: several periods beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from analyser.cli.asking import asked, verdict_code
from analyser.cli.formats import formats_of
from analyser.cli.options import chosen_format
from analyser.cli.session import Session, write
from analyser.cli.spreadsheet import as_asked
from analyser.coverage.model import Model
from analyser.coverage.periods import parse_series
from analyser.coverage.trend import Trend, trend
from analyser.messages.errors import UsageError
from analyser.report.trend import trend_csv, trend_json, trend_markdown, trend_text


def tell_trend(
    run: Session,
    periods: str,
    as_of: str | None,
    parts: int | None,
    form: str,
    output: Path | None,
    when: str | None,
    others: Mapping[str, object],
    *,
    exit_zero: bool,
) -> int:
    """Write the trend; the exit code is that of all periods together. `others`: options of a single period's report,
    none of which may be given."""
    chosen = chosen_format(form, formats_of("coverage"))
    if given := [name for name, value in others.items() if value not in (None, False)]:
        raise UsageError("period.series_only", options=given)
    newest = periods.rpartition("..")[2].strip()
    if not newest or periods.count("..") != 1:
        raise UsageError("period.no_series", periods=periods)
    with asked(run, newest, as_of, parts=parts) as (database, request):
        first, *following = parse_series(periods, database.connection)
        model = Model.told(database.connection, replace(request, period=first))
        found = trend(model, following, run.settings.county_name)
    write(_told(found, run, chosen, when), output)
    return verdict_code(
        rows=sum(one.totals.rows for one in found.periods),
        lacking=sum(one.totals.partial + one.totals.missing for one in found.periods),
        undetermined=sum(one.totals.undetermined for one in found.periods),
        quarantined=found.quarantined,
        refused=sum(one.refused for one in found.periods),
        exit_zero=exit_zero,
    )


def _told(found: Trend, run: Session, chosen: str, when: str | None) -> str | bytes | Iterable[str]:
    match chosen:
        case "json":
            return trend_json(found, when)
        case "csv":
            return as_asked(run, trend_csv(found))
        case "html":
            from analyser.report.trend_pages import trend_html

            return trend_html(found, run.lang, when)
        case "xlsx":
            from analyser.report.trend_pages import trend_xlsx

            return trend_xlsx(found, run.lang, when)
        case "markdown":
            told = trend_markdown(found, run.lang)
            return f"{told}\n{when}\n" if when else told
        case _:
            told = trend_text(found, run.lang, width=run.width(), color=run.color())
            return f"{when}\n{told}" if when else told
