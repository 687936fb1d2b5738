"""`kanta-gap config validate`: everything that the settings say is tried, and every fault told with its line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from analyser.cli.rulebook import all_rules
from analyser.cli.session import Session
from analyser.delivery.reading import read_profile
from analyser.messages.errors import ExitCode, UsageError
from analyser.messages.toml_lines import line_of
from analyser.national.identifiers import redacted
from analyser.national.municipalities import municipalities_of
from analyser.register.layouts import layout
from analyser.register.sources import source
from analyser.register.tasks import known_tasks
from analyser.rules.aside import waivers
from analyser.rules.policy import policies
from analyser.system.ordinary_files import ordinary_text


def validate(run: Session) -> ExitCode:
    """Tell every fault that is left when the settings as such could be read. Nothing is asked of any database."""
    faults = list(_faults(run))
    for name, error in faults:
        sys.stderr.write(f"kanta-gap: error: {_place(run, name)}{redacted(error.told(run.lang))}\n")
        if hint := error.hint(run.lang):
            sys.stderr.write(f"  {redacted(hint)}\n")
    if faults:
        return ExitCode.USAGE
    if run.loaded.file is None:
        run.say("narration.config.no_file")
    else:
        run.say("narration.config.valid", file=run.loaded.file.name)
    return ExitCode.DONE


def _faults(run: Session) -> Iterator[tuple[str, UsageError]]:
    """Faults, each with the dotted name of what it is a fault of."""
    settings, here = run.settings, Path.cwd()
    tables = settings.tables
    tasks = known_tasks([])
    try:
        everything = all_rules(run, [])
    except UsageError as error:
        yield "rules", error
        everything = []
    for code, table in tables["rule"].items() if everything else ():
        try:
            policies(everything, {code: table})
        except UsageError as error:
            yield _name(f"rule.{code}", error), error
    for number, waiver in enumerate(tables["waiver"] if everything else (), 1):
        try:
            waivers([waiver], everything)
        except UsageError as error:
            yield "waiver", UsageError(error.key, hint=error.own_hint, **error.values | {"number": number})
    for name in tables["register"]:
        try:
            layout(name, tables["register"], here, tasks)
        except UsageError as error:
            yield _name(f"register.{name}", error), error
    for name in tables["source"]:
        try:
            source(name, tables["source"], here, tasks)
        except UsageError as error:
            yield _name(f"source.{name}", error), error
    try:
        read_profile(settings.profile)
    except UsageError as error:
        yield "profile", error
    if settings.county:
        try:
            municipalities_of(settings.county, 2025)
        except UsageError as error:
            yield "county", error


def _name(table: str, error: UsageError) -> str:
    """The dotted name of what an error of a table is about: as far as it says."""
    if error.key == "rules.severity":
        return f"{table}.severity"
    told = [value for value in error.values.values() if isinstance(value, str)]
    whole = [value for value in told if value.startswith(f"{table}.")]
    return max(whole, key=len) if whole else f"{table}.{error.values.get('key') or error.values.get('column') or ''}"


def _place(run: Session, name: str) -> str:
    """The settings file and the line of an entry, where it stands in one."""
    path = run.loaded.file
    if path is None:
        return ""
    line = line_of(ordinary_text(path), name, "tool.kanta-gap" if path.name == "pyproject.toml" else "")
    return f"{path.name}:{line}: " if line else ""
