"""`kanta-gap info`: what is installed, what is set, how the database stands; for a support ticket, without any data."""

from __future__ import annotations

import locale
import platform
import sys
import zoneinfo
from dataclasses import asdict, fields
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typer

from analyser import __version__
from analyser.archive.reader import READER
from analyser.cli.formats import formats_of
from analyser.cli.options import Format, Output, chosen_format
from analyser.cli.session import Session, session, write
from analyser.messages.errors import ExitCode, UsageError
from analyser.register.reader import REGISTER_READER
from analyser.report.json import dump
from analyser.settings import KEY_VARIABLE, cores
from analyser.store.encryption import extension, is_encrypted
from analyser.store.kept import size
from analyser.store.schema import migrations
from analyser.store.state import state
from analyser.system.limits import Limits

app = typer.Typer(add_completion=False)
INFO_SCHEMA = "kanta-gap/info/1"
_LIBRARIES = (
    "duckdb", "fastexcel", "isal", "jinja2", "jsonschema-rs", "lxml", "orjson", "polars", "pyarrow", "pybase64", "rich",
    "textual", "typer", "tzdata", "xlsxwriter", "xmlschema", "zstandard",
)  # fmt: skip
_EXTRAS = {"dask": "distributed", "keyring": "keyring", "postgresql": "psycopg"}
"""Optional parts, and the module that each stands or falls with."""


@app.command()
def command(format_: str = Format, output: Path | None = Output) -> int:
    """Tell versions, optional parts, limits and the state of the database, without any data."""
    run = session()
    chosen = chosen_format(format_, formats_of("info"))
    facts = _facts(run)
    write(dump(facts) if chosen == "json" else _text(facts), output)
    return ExitCode.DONE


def _facts(run: Session) -> dict[str, Any]:
    loaded = run.loaded
    changed = {
        name: "file" if origin.endswith(".toml") else "variable" if origin.isupper() else origin
        for name, origin in sorted(loaded.origins.items())
        if origin != "default"
    }
    return {
        "schema": INFO_SCHEMA,
        "tool_version": __version__,
        "reader": READER,
        "register_reader": REGISTER_READER,
        "database_schema": migrations()[-1][0],
        "python": platform.python_version(),
        "system": {"name": platform.system(), "release": platform.release(), "machine": platform.machine()},
        "cores": cores(),
        "language": run.lang,
        "encoding": {"stdout": sys.stdout.encoding, "files": locale.getpreferredencoding(False)},
        "time_zones": _zones(),
        "libraries": {name: _version(name) for name in _LIBRARIES},
        "extras": {
            "encryption": extension() is not None,
            **{name: find_spec(module) is not None for name, module in _EXTRAS.items()},
        },
        # Which settings differ from their defaults, and by what kind of place; never what they say.
        "settings": changed,
        "key": bool(run.settings.key_file or run.settings.keyring or run.environ.get(KEY_VARIABLE)),
        "limits": asdict(Limits(**run.settings.tables["limits"])),
        "database": _database(run),
    }


def _database(run: Session) -> dict[str, Any]:
    """How the database stands; one that cannot be opened is a fact like the others."""
    path = run.database
    told: dict[str, Any] = {
        "present": path.exists(),
        "encrypted": is_encrypted(path),
        "bytes": path.stat().st_size if path.is_file() else None,
        "schema": None,
        "read_by_older_reader": None,
        "rows_read_by_older_reader": None,
        "persons_forgotten": None,
        "kept_bytes": size(path),
        "error": None,
    }
    if not told["present"]:
        return told
    try:
        found = state(path)
    except UsageError as error:
        return told | {"error": error.key}
    return told | {entry.name: getattr(found, entry.name) for entry in fields(found)}


def _zones() -> str:
    """Where the table of time zones comes from."""
    system = any(Path(place, "Europe/Helsinki").is_file() for place in zoneinfo.TZPATH)
    return "system" if system else "tzdata"


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _text(facts: dict[str, Any]) -> str:
    lines = []
    for name, value in facts.items():
        if name == "schema":
            continue
        if isinstance(value, dict):
            lines.append(f"{name}:")
            lines += [f"  {key:24} {_shown(one)}" for key, one in value.items()]
        else:
            lines.append(f"{name:26} {_shown(value)}")
    return "\n".join(lines) + "\n"


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    return str(value).lower() if isinstance(value, bool) else str(value)
