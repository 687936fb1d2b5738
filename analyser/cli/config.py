"""`kanta-gap config`: every setting, its value and where that came from."""

from __future__ import annotations

import os
from dataclasses import asdict, fields
from pathlib import Path
from typing import Annotated

import typer

from analyser.cli.formats import formats_of
from analyser.cli.options import Format, Output, chosen_format
from analyser.cli.session import session, write
from analyser.messages.catalogue import has_text, text
from analyser.messages.errors import ExitCode, UsageError
from analyser.national.identifiers import redacted
from analyser.register.sources import SHOWN
from analyser.report.json import dump
from analyser.settings import KEY_VARIABLE, Settings
from analyser.system.limits import Limits

app = typer.Typer(add_completion=False)


@app.command()
def command(
    action: Annotated[str | None, typer.Argument(metavar="init|validate")] = None,
    format_: str = Format,
    output: Path | None = Output,
) -> int:
    """Show every setting and where it came from; init writes a settings file, validate tries all of it."""
    if action is not None:
        if chosen_format(action, ("init", "validate"), "word") == "validate":
            from analyser.cli.validating import validate

            return validate(session())
        return _init(output or Path("kanta-gap.toml"))
    loaded, lang = session().loaded, session().lang
    chosen = chosen_format(format_, formats_of("config"))
    values = {
        entry.name: (getattr(loaded.settings, entry.name), loaded.origins[entry.name])
        for entry in fields(loaded.settings)
        if entry.name != "tables"
    }
    tables = loaded.settings.tables
    for code, entries in sorted(tables["rule"].items()):
        values |= {
            f"rule.{code}.{key}": (value, loaded.origins[f"rule.{code}.{key}"]) for key, value in entries.items()
        }
    for name, table in sorted(tables["source"].items()):
        origin = loaded.origins[f"source.{name}"]
        # No password can stand here; what is not known to be harmless is not repeated all the same.
        values |= {
            f"source.{name}.{key}": (redacted(_plain(value)) if key in SHOWN else "…", origin)
            for key, value in table.items()
        }
    for name, table in sorted(tables["register"].items()):
        origin = loaded.origins[f"register.{name}"]
        values |= {f"register.{name}.{key}": (redacted(_plain(value)), origin) for key, value in table.items()}
    values |= {
        f"succession.{kind}": (redacted(_plain(told)), loaded.origins[f"succession.{kind}"])
        for kind, told in tables["succession"].items()
    }
    for number, waiver in enumerate(tables["waiver"], 1):
        origin = loaded.origins[f"waiver.{number}"]
        values |= {f"waiver.{number}.{key}": (redacted(_plain(value)), origin) for key, value in waiver.items()}
    limits = asdict(Limits(**tables["limits"]))
    values |= {
        f"limits.{key}": (limit, loaded.origins.get(f"limits.{key}", "default")) for key, limit in limits.items()
    }
    values["key"] = _key(loaded.settings)
    # What somebody typed into a file or as the name of a table may be anybody's identifier.
    values = {redacted(name): (_masked(value), redacted(origin)) for name, (value, origin) in values.items()}
    if chosen == "json":
        rows = {name: {"value": value, "origin": origin} for name, (value, origin) in values.items()}
        write(dump({"schema": "kanta-gap/config/1", "settings": rows}), output)
    else:
        lines = []
        for name, (value, origin) in values.items():
            lines.append(f"{name:25} {_shown(value):32} {origin}")
            if has_text(lang, f"setting.{name}"):
                lines.append(f"    {text(lang, f'setting.{name}')}")
        write("\n".join(lines) + "\n", output)
    return ExitCode.DONE


def _init(path: Path) -> int:
    """A file that is there is never written over: it holds somebody's decisions."""
    from analyser.cli.starter import starter

    run = session()
    written = starter(run.lang)
    try:
        with path.open("x", encoding="utf-8") as opened:
            opened.write(written)
    except FileExistsError:
        raise UsageError("cli.file_exists", file=path.name) from None
    run.say("narration.config.written", file=path.name)
    return ExitCode.DONE


def _key(settings: Settings) -> tuple[str, str]:
    """Whether a key is given, and by what; never the key."""
    by = [
        name
        for name, given in (
            ("key_file", settings.key_file),
            (KEY_VARIABLE, os.environ.get(KEY_VARIABLE)),
            ("keyring", settings.keyring),
        )
        if given
    ]
    return ("set", by[0]) if by else ("not set", "default")


def _plain(value: object) -> str:
    """A value of a table in one line, as the settings write it."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_plain(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_plain, value)) + "]"
    return " ".join(str(value).split())


def _masked(value: object) -> object:
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, list | tuple):
        return type(value)(map(_masked, value))
    if isinstance(value, dict):
        return {redacted(str(key)): _masked(one) for key, one in value.items()}
    return value


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "–"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if value != "" else "–"
