"""`kanta-gap diff`: two databases or two saved ledgers or checks, and what changed between them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from analyser.cli.asking import request
from analyser.cli.options import ExitZero, Format, Output, Period, chosen_format
from analyser.cli.session import Session, session, write
from analyser.coverage.measure import gaps
from analyser.errors import ExitCode, UsageError
from analyser.report.json import dump
from analyser.store.database import open_database

app = typer.Typer(add_completion=False)
_LACKING = ("missing", "partial", "undetermined")


@app.command()
def command(
    before: Annotated[Path, typer.Argument(help="A database, or saved JSON of gaps or check.")],
    after: Annotated[Path, typer.Argument(help="The same kind, later.")],
    period: str | None = Period,
    format_: str = Format,
    output: Path | None = Output,
    exit_zero: bool = ExitZero,
) -> int:
    """Compare two databases or two saved JSON results: new, gone and changed findings.

    Example: kanta-gap gaps -f json -o before.json; …; kanta-gap diff before.json kanta-gap.duckdb
    """
    run = session()
    chosen = chosen_format(format_, ("text", "json"))
    one, other = _findings(before, run, period), _findings(after, run, period)
    new = sorted(key for key in other if key not in one)
    gone = sorted(key for key in one if key not in other)
    changed = sorted(key for key in one.keys() & other.keys() if one[key] != other[key])
    if chosen == "json":
        rows = [{"subject": key, "change": "new", "after": other[key]} for key in new]
        rows += [{"subject": key, "change": "gone", "before": one[key]} for key in gone]
        rows += [{"subject": k, "change": "changed", "before": one[k], "after": other[k]} for k in changed]
        write(dump({"schema": "kanta-gap/diff/1", "rows": rows}), output)
    else:
        lines = [f"new      {key}: {other[key]}" for key in new]
        lines += [f"gone     {key}: {one[key]}" for key in gone]
        lines += [f"changed  {key}: {one[key]} → {other[key]}" for key in changed]
        write("\n".join([*lines, f"{len(new)} new, {len(gone)} gone, {len(changed)} changed"]) + "\n", output)
    return ExitCode.DONE if exit_zero or not (new or changed) else ExitCode.FINDINGS


def _findings(path: Path, run: Session, period: str | None) -> dict[str, str]:
    """Findings by subject, told as class and reasons, or as rule."""
    if not path.is_file():
        raise UsageError(f"‘{path.name}’ does not exist", "name a database or saved JSON")
    with path.open("rb") as opened:
        saved = opened.read(1) == b"{"
    if saved:
        return _saved(path)
    with open_database(path, write=False) as database:
        rows = gaps(database, request(run, database, period)).rows.to_pylist()
    return _ledger(rows)


def _saved(path: Path) -> dict[str, str]:
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise UsageError(f"‘{path.name}’ is not JSON that can be read", "save it again with -f json") from None
    match document.get("schema"):
        case "kanta-gap/gaps/1":
            return _ledger(document["rows"])
        case "kanta-gap/check/1":
            return {
                f"{rule['code']} {row['subject']}": f"{rule['name']} (rule {rule['hash']})"
                for rule in document["rules"]
                for row in rule["rows"]
            }
    raise UsageError(f"‘{path.name}’ is no saved result of gaps or check of this version", "save it again with -f json")


def _ledger(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {r["source_id"]: f"{r['class']} ({', '.join(r['reasons'])})" for r in rows if r["class"] in _LACKING}
