"""Settings, and where each value came from: defaults, file, environment, command line, in rising order.

A file is `kanta-gap.toml`, or `[tool.kanta-gap]` in `pyproject.toml`. What the authority has not published
(deadlines, codes, thresholds) is the user's to fill in; defaults of such values are this project's own.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from analyser.messages.catalogue import Message
from analyser.messages.errors import UsageError
from analyser.messages.suggestion import meant, suggestion
from analyser.messages.toml_lines import line_of
from analyser.national.dates import OPEN_ENDS
from analyser.national.identifiers import redacted
from analyser.succession import succession
from analyser.system.bounds import bounded
from analyser.system.limits import LIMITS
from analyser.system.ordinary_files import ordinary_text
from analyser.system.required_version import assert_version
from analyser.system.waiting import SECONDS


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default."""

    db: str = "kanta-gap.duckdb"
    """Database file."""
    key_file: str = ""
    """File with the key of an encrypted database; also KANTA_GAP_KEY holds a key, never a setting."""
    keyring: str = ""
    """Entry of the operating system's keyring with the key (service kanta-gap)."""
    organisers: tuple[str, ...] = ()
    """OIDs or dot-bounded prefixes whose episodes count; empty: the organisers of the register rows."""
    organiser: str = ""
    """OID for register rows that name no organiser."""
    county_name: str = ""
    """What the county is called, for whoever reads its reports."""
    producer_periods_cover: bool = False
    """Whether periods of producers and implementers cover days."""
    acknowledgements: str = "when-present"
    """What the archive's answers decide: when-present, required or ignore."""
    accepting_codes: tuple[str, ...] = ()
    """Codes of answers that accept a document, beside AA."""
    refusing_codes: tuple[str, ...] = ()
    """Codes of answers that refuse it, beside AE, AR, CE and CR."""
    lang: str = ""
    """fi, sv or en; empty: from the locale."""
    color: str = "auto"
    """auto, always or never."""
    csv_for: str = "plain"
    """plain, or excel: semicolons, a byte order mark and decimal commas."""
    wait: float = SECONDS
    """Seconds to wait for a database that another process holds."""
    workers: int = 0
    """Reading processes; 0: one for each core."""
    profile: str = "plain"
    """Delivery profile."""
    correct_doubles: bool = False
    """Whether corrections tell of rows that are in Kanta since, where they differ from what was sent."""
    voiding_codes: tuple[str, ...] = ()
    """Codes of service requests that void a document, from the national code service."""
    voiding_words: tuple[str, ...] = ()
    """Further parts of a voiding request's display name, beside the built-in Finnish and Swedish ones."""
    pass_over: tuple[str, ...] = ()
    """Further names of files and members that are no documents and are only counted; `*` stands for anything."""
    open_ends: tuple[str, ...] = OPEN_ENDS
    """Days (YYYY-MM-DD) that mean "no end yet" where an end is due, in documents and register."""
    service_task_share: float = 1.0
    """Archived share from which a service task counts as covered (this project's own)."""
    municipality_share: float = 1.0
    """Archived share from which a municipality counts as covered (this project's own)."""
    month_share: float = 0.5
    """Share of its earlier monthly level below which a unit's month counts as silent (this project's own)."""
    edge_month_share: float = 0.25
    """The same for the first and the last month of a period (this project's own)."""
    active_months: int = 6
    """Months with documents, of the twelve before, from which a unit has an earlier level (this project's own)."""
    least_level: float = 5.0
    """Documents a month below which a level is too small to judge by (this project's own)."""
    sparse_share: float = 0.25
    """Share of the clients to be expected below which a municipality stands out (this project's own)."""
    least_expected: float = 5.0
    """Clients to be expected from which a municipality can stand out (this project's own)."""
    reference_share: float = 0.1
    """Share of a published figure from which the difference to the own count is told (this project's own)."""
    county: str = ""
    """Two-digit number of the wellbeing services county, whose municipalities the population base should hold."""
    remember_runs: bool = True
    """Whether commands that ask about a period keep what they saw, for the burn-down and for continuity."""
    keep_comparison: str = "when-slow"
    """Whether a comparison is kept beside the database for the next question: when-slow, always or never."""
    keep_megabytes: int = 2_000
    """Megabytes that all kept comparisons may take together."""
    register_drop: float = 0.2
    """Share of its source's rows that a whole extract may lack before it has to be confirmed (this project's own)."""
    share_least: int = 5
    """Counts below this are left out of a report that is made with --share (this project's own)."""
    required_version: str = ""
    """Which versions of this program may be used here, as `0.1.*` or `>=0.1,<0.3`; empty: any."""
    rules: tuple[str, ...] = ()
    """Folders with rules of your own."""
    rule_time_limit: float = 60.0
    """Seconds that one rule may run."""
    tables: Mapping[str, Any] = field(
        default_factory=lambda: {
            **{name: {} for name in ("rule", "limits", "source", "register", "succession")},
            "waiver": [],
        }
    )
    """`[rule.G01] severity = …` (error_above, warning_above, its parameters) for single rules, `[limits]
    document_bytes = …` for what is read, `[source.NAME]` for register data that live in databases, `[register.NAME]`
    for register files of another shape, `[succession]` for who came after whom, `[[waiver]]` for findings that are left
    alone for a time."""


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The settings, and the origin of each: `default`, a file's name, a variable's name or `command line`."""

    settings: Settings
    origins: Mapping[str, str]
    """By setting; entries of tables by their dotted name."""
    ignored: tuple[str, ...] = ()
    """Variables that look like settings and are none."""
    file: Path | None = None
    """The settings file, if there is one."""


_KNOWN = {entry.name: entry for entry in fields(Settings) if entry.name != "tables"}
_CHOICES = {
    "lang": ("", "fi", "sv", "en"),
    "color": ("auto", "always", "never"),
    "csv_for": ("plain", "excel"),
    "acknowledgements": ("when-present", "required", "ignore"),
    "keep_comparison": ("when-slow", "always", "never"),
}
_ACCEPTING, _REFUSING = frozenset({"AA"}), frozenset({"AE", "AR", "CE", "CR"})
"""Codes of the archive's answers whose meaning no setting changes."""
_OID = re.compile(r"[0-2](\.(0|[1-9]\d*))*")
"""An OID or the beginning of one, which ends before a dot."""
_PREFIX = "KANTA_GAP_"
_COMMAND_LINE = "command line"
"""The origin of what an option says."""
KEY_VARIABLE = "KANTA_GAP_KEY"
"""Holds the key itself: no setting, and shown nowhere."""


def load_settings(
    config: Path | None, environ: Mapping[str, str], cwd: Path, overrides: Mapping[str, Any]
) -> LoadedSettings:
    """Collect the settings. Raises UsageError for an unknown key or a value of the wrong kind, with its place."""
    values: dict[str, Any] = {}
    origins = dict.fromkeys(_KNOWN, "default")
    ignored: list[str] = []
    found, place, path = _from_file(config, cwd)
    try:
        tables: dict[str, Any] = {
            "rule": _rule_table(found.pop("rule", {}), place),
            "limits": _limits_table(found.pop("limits", {}), place),
            "source": _named_tables(found.pop("source", {}), "source", place),
            "register": _named_tables(found.pop("register", {}), "register", place),
            "succession": _succession(found.pop("succession", {}), place, path),
            "waiver": _waivers(found.pop("waiver", []), place),
        }
        for key, value in found.items():
            known = _known(key, _KNOWN, place, also=tables)  # the tables themselves were taken out before
            values[known] = _typed(known, value, place)
            origins[key] = place
    except UsageError as error:
        raise with_line(error, path) from None
    origins |= dict.fromkeys((f"rule.{code}.{key}" for code, entry in tables["rule"].items() for key in entry), place)
    origins |= dict.fromkeys((f"source.{name}" for name in tables["source"]), place)
    origins |= dict.fromkeys((f"register.{name}" for name in tables["register"]), place)
    origins |= dict.fromkeys((f"limits.{key}" for key in tables["limits"]), place)
    origins |= dict.fromkeys((f"succession.{kind}" for kind in tables["succession"]), place)
    origins |= {f"waiver.{number}": place for number, _ in enumerate(tables["waiver"], 1)}
    for name in sorted(environ):
        key = name.removeprefix(_PREFIX).lower()
        if not name.startswith(_PREFIX):
            continue
        if name == KEY_VARIABLE:
            continue
        if key in _KNOWN:
            values[key] = _typed(key, environ[name], name)
            origins[key] = name
        else:
            ignored.append(name)
    for key, value in overrides.items():
        if value is not None:
            values[key] = _typed(key, value, _COMMAND_LINE)
            origins[key] = _COMMAND_LINE
    _assert_one_meaning(values, origins)
    # Reports show these: an identifier in the wrong place is shown by none of them.
    if county := values.get("county_name"):
        values["county_name"] = redacted(county)
    if organisers := values.get("organisers"):
        values["organisers"] = tuple(map(redacted, organisers))
    assert_version(str(values.get("required_version", "")))
    return LoadedSettings(Settings(**values, tables=tables), origins, tuple(ignored), path)


def _assert_one_meaning(values: Mapping[str, Any], origins: Mapping[str, str]) -> None:
    accepting, refusing = (frozenset(values.get(key, ())) for key in ("accepting_codes", "refusing_codes"))
    twice = (accepting & (refusing | _REFUSING)) | (refusing & _ACCEPTING)
    if twice:
        told = next(key for key in ("accepting_codes", "refusing_codes") if twice & set(values.get(key, ())))
        raise UsageError("settings.two_meanings", code=min(twice), place=_where(origins[told]))


def with_line(error: UsageError, path: Path | None) -> UsageError:
    """The same error with the line of the settings file in its place, where that can be found."""
    key = str(error.values.get("key", ""))
    name = {
        "settings.limit": f"limits.{key}",
        "settings.rule_value": f"rule.{error.values.get('code')}.{key}",
        "settings.rule_tables": "rule",
        "settings.limits_table": "limits",
        "settings.named_tables": str(error.values.get("what")),
        "settings.open_ends": "open_ends",
    }.get(error.key, key)
    if path is None or not name or error.values.get("place") != path.name:
        return error
    under = "tool.kanta-gap" if path.name == "pyproject.toml" else ""
    if (line := line_of(ordinary_text(path), name, under)) is None:
        return error
    return UsageError(error.key, hint=error.own_hint, **error.values | {"place": f"{path.name}:{line}"})


def _from_file(config: Path | None, cwd: Path) -> tuple[dict[str, Any], str, Path | None]:
    """What the file says, what it is called, and where it is."""
    if config is not None:
        if not config.is_file():
            raise UsageError("settings.no_file", file=config.name)
        return _toml(config), config.name, config
    own = cwd / "kanta-gap.toml"
    if own.is_file():
        return _toml(own), own.name, own
    project = cwd / "pyproject.toml"
    if project.is_file():
        table = _toml(project).get("tool", {}).get("kanta-gap", {})
        return dict(table), project.name, project
    return {}, "default", None


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(ordinary_text(path))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        place = f": {error}" if isinstance(error, tomllib.TOMLDecodeError) else ""
        raise UsageError("settings.not_toml", file=path.name, place=place) from None


def _known(key: str, names: Collection[str], place: str, table: str = "", also: Collection[str] = ()) -> str:
    """The key; `also`: what else is meant perhaps by one that is unknown."""
    if key in names:
        return key
    near = [f"{table}{name}" for name in (*names, *also)]
    hint = suggestion(f"{table}{key}", near, Message("errors.settings.see_config"))
    raise UsageError("settings.unknown", hint=hint, key=f"{table}{key}", place=place)


def _rule_table(found: Any, place: str) -> dict[str, dict[str, Any]]:
    """What is set for single rules. Which rules, parameters and severities exist is the catalogue's to say."""
    if not isinstance(found, dict) or not all(isinstance(entry, dict) for entry in found.values()):
        raise UsageError("settings.rule_tables", place=place)
    for code, entry in found.items():
        for key, value in entry.items():
            if isinstance(value, str):  # a text can only be one of these; numbers are a rule's own parameters
                _known(key, ("severity", "error_above", "warning_above"), place, f"rule.{code}.")
            elif not isinstance(value, int | float) or isinstance(value, bool):
                raise UsageError("settings.rule_value", code=code, key=key, place=place)
    return found


def _named_tables(found: Any, what: str, place: str) -> dict[str, dict[str, Any]]:
    """Where register data are read from, and how; register/sources.py and layouts.py say what each key means."""
    if not isinstance(found, dict) or not all(isinstance(entry, dict) for entry in found.values()):
        raise UsageError("settings.named_tables", what=what, place=place)
    return found


def _succession(found: Any, place: str, path: Path | None) -> dict[str, Any]:
    """Who came after whom. Tried at once: a comparison that follows a circle has no answer."""
    if not isinstance(found, dict):
        raise UsageError("settings.succession_table", place=place)
    succession(found, place, path.parent if path is not None else Path())
    return found


def _waivers(found: Any, place: str) -> list[dict[str, Any]]:
    """Findings that are left alone for a time; rules/aside.py says what each key means."""
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise UsageError("settings.waivers", place=place)
    return found


def _limits_table(found: Any, place: str) -> dict[str, int]:
    if not isinstance(found, dict):
        raise UsageError("settings.limits_table", place=place)
    for key, value in found.items():
        _known(key, LIMITS, place, "limits.")
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise UsageError("settings.limit", key=key, place=place)
    return found


def _typed(key: str, value: Any, place: str) -> Any:
    default = _KNOWN[key].default
    wrong = UsageError("settings.wrong", key=key, place=_where(place), kind=_named(default))
    if isinstance(default, bool):
        if isinstance(value, str) and value.lower() in ("true", "false", "1", "0", "yes", "no"):
            return value.lower() in ("true", "1", "yes")
        if isinstance(value, bool):
            return value
        raise wrong
    if isinstance(default, tuple):
        items = [item.strip() for item in value.split(",") if item.strip()] if isinstance(value, str) else value
        if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
            raise wrong
        if not all(item.strip() for item in items):
            raise UsageError("settings.empty_entry", key=key, place=_where(place))
        if key == "open_ends" and not all(map(_is_day, items)):
            raise UsageError("settings.open_ends", place=_where(place))
        if key == "organisers":
            items = [item.removesuffix(".") for item in items]  # a beginning, however its end is written
            if not all(map(_OID.fullmatch, items)):
                raise UsageError("settings.no_oid_beginning", key=key, place=_where(place))
        return tuple(items)
    if isinstance(default, int | float):
        return bounded(key, value, default, _where(place), _named(default))
    if not isinstance(value, str):
        raise wrong
    if key == "db" and not value:
        raise UsageError("settings.empty", key=key, place=_where(place))
    if key == "organiser" and value and not ("." in value and _OID.fullmatch(value)):
        raise UsageError("settings.no_oid", key=key, place=_where(place))
    allowed = _CHOICES.get(key)
    if allowed and value not in allowed:
        known = [one for one in allowed if one]
        raise UsageError("settings.none_of", hint=meant(value, known), key=key, place=_where(place), known=known)
    return value


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _where(place: str) -> Message | str:
    return Message("errors.settings.command_line") if place == _COMMAND_LINE else place


def _named(default: object) -> Message:
    kinds = ((bool, "flag"), (tuple, "list"), (int | float, "number"), (object, "text"))
    return Message(f"errors.settings.kind.{next(name for kind, name in kinds if isinstance(default, kind))}")


def cores() -> int:
    """Processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
