"""Reads rule files: a TOML header in the leading comment, then one SELECT.

A file that is no rule does not stop the others: it becomes a rule that ends in error, with file, line and reason.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

from analyser.messages.catalogue import Message
from analyser.messages.errors import UsageError
from analyser.messages.suggestion import did_you_mean, suggestion
from analyser.messages.suggestion import nearest as closest
from analyser.national.identifiers import redacted
from analyser.rules.denominator import count_of
from analyser.system.ordinary_files import NoOrdinaryFileError, ordinary_text
from analyser.system.resources import queries

COLUMNS = ("subject", "person_key", "service_task", "municipality", "document", "place")
"""What every rule returns of a failing row: what it is about, whom, where, the document's OID, the place inside it."""
FILE = "file"
LINE = "line"
"""A seventh column, for rules that know the file themselves; else it is the file that holds the document."""
TEXTS = ("title", "why", "guidance", "numerator", "of", "basis", "fixed_by")
"""Texts of a header, each a table by language."""
WHY_ALL = "all_why"
"""A further text: why a rule is not limited to the period."""
_HEADER = re.compile(r"\s*/\*(.*?)\*/", re.DOTALL)
_STEM = re.compile(r"([A-Z]\d{2})-([a-z0-9-]+)")
_CODE = re.compile(r"[A-Z]\d{2}")
_TYPED = re.compile(r"([A-Za-z])(\d{1,4})")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_STATEMENT = ("sql", "counts")
"""Beside the texts of `of`: how the denominator is reckoned."""
_LISTS = {"consequences", "follows_from", "aliases"}
_KEYS = {"code", "name", "severity", "applies", "scope", "all", "parameters", "defect", WHY_ALL, *_LISTS, *TEXTS}


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    """Fails a check."""
    WARNING = "warning"
    """Fails a check that is asked to be strict."""
    INFO = "info"
    """Told, never failed on."""


class RuleScope(StrEnum):
    """What a rule must see to be answered."""

    PERSON = "person"
    """One person's material at a time: the answers of parts of the county, put together, are the whole's."""
    WHOLE = "whole"
    """The whole county's: it compares, counts or dates by it."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number in a rule that a user may set; `$name` in its SQL."""

    name: str
    default: int | float
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Applies:
    """The days a rule is meant for. A rule applies to a period that touches them."""

    first: dt.date | None = None
    last: dt.date | None = None

    def touches(self, start: dt.date, end: dt.date) -> bool:
        """Whether the period has a day of the range."""
        return (self.first is None or self.first <= end) and (self.last is None or self.last >= start)

    def __str__(self) -> str:
        return f"{self.first or ''}..{self.last or ''}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `broken` says why its file cannot be run, when it cannot."""

    code: str
    name: str
    severity: Severity = Severity.ERROR
    sql: str = ""
    of_sql: str = ""
    file: str = ""
    """File name without its path."""
    sql_line: int = 1
    """Line of the file on which the SELECT begins."""
    of_line: int = 1
    """Line of the file on which the denominator begins, as near as the header tells."""
    applies: Applies = field(default_factory=Applies)
    scope: RuleScope = RuleScope.WHOLE
    all: bool = False
    """It looks at everything, not only at what touches the period; its text `all_why` says why."""
    consequences: tuple[str, ...] = ()
    """Codes of rules that may find the same defect too."""
    follows_from: tuple[str, ...] = ()
    """Codes of rules whose finding of a person, document or row explains this rule's: there the work is, not here."""
    aliases: tuple[str, ...] = ()
    """Codes and names that this rule had once."""
    parameters: tuple[Parameter, ...] = ()
    defect: Mapping[str, Any] = field(default_factory=dict)
    """How the self-test spoils a clean county, see selftest.py."""
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    broken: Message | None = None
    own: bool = True
    """A user's own: it runs in a process apart. False for those that come with the project."""

    def text(self, kind: str, lang: str) -> str:
        """A text of the header in a language; without one in English or any other, and without any the name."""
        texts = self.texts.get(kind, {})
        return texts.get(lang) or texts.get("en") or next(iter(texts.values()), self.name if kind == "title" else "")

    @property
    def hash(self) -> str:
        """Changes whenever what the rule finds, or how it weighs, may change."""
        facts = (self.severity, self.applies, [(p.name, p.default) for p in self.parameters], self.of_sql, self.sql)
        return sha256("\x1f".join(map(str, facts)).encode()).hexdigest()[:12]

    def named(self, name: str) -> bool:
        """Whether the name is this rule's code, name or alias, or a prefix of its code."""
        wanted = name.strip()
        return bool(wanted) and (
            self.code.startswith(wanted.upper()) or wanted.lower() == self.name or self.was(wanted)
        )

    def was(self, name: str) -> bool:
        """Whether the rule had this code or name once."""
        return name.lower() in (alias.lower() for alias in self.aliases)


def rules(folders: Sequence[Path] = ()) -> list[Rule]:
    """The project's rules and those of further folders, by code. Raises UsageError when a folder is missing."""
    for folder in folders:
        if not folder.is_dir():
            raise UsageError("rules.no_folder", folder=folder.name)
    found: dict[str, Rule] = {}
    further = (path for folder in folders for path in sorted(folder.glob("*.sql")))
    for path, rule in chain(_own_rules(), ((path, read_rule(path)) for path in further)):
        if rule.code in found:
            rule = _broken(
                path,
                f"{path.stem}!",
                1,
                Message("errors.rule.code_taken", {"code": rule.code, "file": found[rule.code].file}),
            )
        found[rule.code] = rule
    return [found[code] for code in sorted(found)]


@cache
def _own_rules() -> tuple[tuple[Path, Rule], ...]:
    """The project's rules and their files: read once, since nobody changes them while the program runs."""
    return tuple((path, read_rule(path)) for path in sorted(queries("rules").glob("*.sql")))


def find_rule(name: str, known: Iterable[Rule]) -> Rule:
    """The rule with this code, name or alias. Raises UsageError with the nearest one otherwise."""
    everything = list(known)
    for rule in everything:
        if name.upper() == rule.code or name.lower() == rule.name:
            return rule
    for rule in everything:
        if rule.was(name):
            return rule
    raise UsageError("rules.no_rule", hint=nearest(name, everything), name=name)


def nearest(name: str, known: Collection[Rule]) -> Message | None:
    """A hint that names the rule most like the name."""
    codes = {rule.code for rule in known}
    if typed := _TYPED.fullmatch(name.strip()):  # G8 is G08; a code that does not exist is like no other
        code = f"{typed[1].upper()}{int(typed[2]):02}"
        return did_you_mean(code) if code in codes else Message("errors.rules.see_codes")
    return suggestion(
        name, [text for rule in known for text in (rule.code, rule.name)], Message("errors.rules.see_codes")
    )


class _Flaw(Exception):
    """What is wrong with a header, and on which line."""

    def __init__(self, line: int, why: Message) -> None:
        super().__init__()
        self.why = why
        self.line = line


def read_rule(path: Path) -> Rule:
    """Read one rule file."""
    stem = _STEM.fullmatch(path.stem)
    code = stem[1] if stem else path.stem
    try:
        text = ordinary_text(path)
    except NoOrdinaryFileError:
        return _broken(path, code, 1, Message("errors.rule.no_ordinary_file"))
    except (OSError, UnicodeDecodeError):
        return _broken(path, code, 1, Message("errors.rule.not_utf8"))
    header = _HEADER.match(text)
    if header is None:
        return _broken(path, code, 1, Message("errors.rule.no_header"))
    # Lines of the header keep their numbers, so that what TOML complains of is found in the file.
    raw = "\n" * text[: header.start(1)].count("\n") + header[1]
    try:
        told = tomllib.loads(raw)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        return _broken(path, code, int(at[1]) if at else 1, Message("errors.rule.not_toml", {"told": str(error)}))
    try:
        return _rule(told, text, header.end(), path)
    except _Flaw as flaw:
        return _broken(path, code, flaw.line, flaw.why)


def _rule(told: dict[str, Any], text: str, body: int, path: Path) -> Rule:
    lines = text.split("\n")

    def line_of(key: str) -> int:
        found = re.compile(rf"\s*\[?{re.escape(key)}\b")
        return next((number for number, line in enumerate(lines, 1) if found.match(line)), 1)

    for key in told:
        if key not in _KEYS:
            near = closest(key, _KEYS)
            meant = f" (‘{near}’?)" if near else ""
            raise _Flaw(line_of(key), Message("errors.rule.unknown_key", {"key": key, "meant": meant}))
    for key in ("code", "name", "severity", "title", "of"):
        if key not in told:
            raise _Flaw(1, Message("errors.rule.lacking", {"key": key}))
    code, name = told["code"], told["name"]
    if not (isinstance(code, str) and _CODE.fullmatch(code)):
        raise _Flaw(line_of("code"), Message("errors.rule.code"))
    if not (isinstance(name, str) and _NAME.fullmatch(name)):
        raise _Flaw(line_of("name"), Message("errors.rule.name"))
    if path.stem != f"{code}-{name}":
        raise _Flaw(line_of("code"), Message("errors.rule.file_name", {"name": f"{code}-{name}.sql"}))
    if told["severity"] not in tuple(Severity):
        raise _Flaw(line_of("severity"), Message("errors.rule.severity", {"known": list(Severity)}))
    if told.get("scope", "whole") not in tuple(RuleScope):
        raise _Flaw(line_of("scope"), Message("errors.rule.scope", {"known": list(RuleScope)}))
    if not isinstance(told.get("all", False), bool):
        raise _Flaw(line_of("all"), Message("errors.rule.all"))
    texts = {}
    for kind in (*TEXTS, WHY_ALL):
        table = told.get(kind, {})
        if not isinstance(table, dict) or not all(isinstance(entry, str) for entry in table.values()):
            raise _Flaw(line_of(kind), Message("errors.rule.texts", {"key": kind}))
        texts[kind] = {lang: " ".join(entry.split()) for lang, entry in table.items() if lang not in _STATEMENT}
    sql = text[body:].strip().removesuffix(";").rstrip()
    of_sql, counted = _of(told["of"], sql, line_of("of"))
    sql_line = text.count("\n", 0, body + len(text[body:]) - len(text[body:].lstrip())) + 1
    return Rule(
        own=path.parent != queries("rules"),
        code=code,
        name=name,
        severity=Severity(told["severity"]),
        sql=sql,
        of_sql=of_sql,
        file=redacted(path.name),
        sql_line=sql_line,
        of_line=sql_line
        if counted
        else next((n for n in range(line_of("of"), len(lines) + 1) if lines[n - 1].startswith("sql")), 1),
        applies=_applies(told.get("applies", ".."), line_of("applies")),
        scope=RuleScope(told.get("scope", RuleScope.WHOLE)),
        all=told.get("all", False),
        consequences=_names(told, "consequences", line_of),
        follows_from=_names(told, "follows_from", line_of),
        aliases=_names(told, "aliases", line_of),
        parameters=_parameters(told.get("parameters", {}), line_of),
        defect=told.get("defect", {}),
        texts=texts,
    )


def _of(table: dict[str, str], sql: str, line: int) -> tuple[str, bool]:
    """The statement of the denominator, and whether it counts rows that the rule's own statement collects."""
    own, name = table.get("sql", "").strip(), table.get("counts", "").strip()
    if bool(own) == bool(name):
        raise _Flaw(line, Message("errors.rule.no_count"))
    if own:
        return own.removesuffix(";").rstrip(), False
    if (found := count_of(name, sql)) is None:
        raise _Flaw(line, Message("errors.rule.no_expression", {"name": name}))
    return found, True


def _applies(told: Any, line: int) -> Applies:
    first, dots, last = told.partition("..") if isinstance(told, str) else ("", "", "")
    try:
        if not dots:
            raise ValueError
        return Applies(dt.date.fromisoformat(first) if first else None, dt.date.fromisoformat(last) if last else None)
    except ValueError:
        raise _Flaw(line, Message("errors.rule.applies")) from None


def _names(told: dict[str, Any], key: str, line_of: Any) -> tuple[str, ...]:
    names = told.get(key, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise _Flaw(line_of(key), Message("errors.rule.list_of_codes", {"key": key}))
    return tuple(names)


def _parameters(told: Any, line_of: Any) -> tuple[Parameter, ...]:
    found = []
    for name, entry in told.items() if isinstance(told, dict) else ():
        default = entry.get("default") if isinstance(entry, dict) else None
        if not isinstance(default, int | float) or isinstance(default, bool):
            raise _Flaw(line_of(f"parameters.{name}"), Message("errors.rule.parameter", {"name": name}))
        texts = {lang: " ".join(str(text).split()) for lang, text in entry.items() if lang != "default"}
        found.append(Parameter(name, default, texts))
    return tuple(found)


def _broken(path: Path, code: str, line: int, why: Message) -> Rule:
    file = redacted(path.name)
    return Rule(
        redacted(code),
        redacted(path.stem.removeprefix(f"{code}-")),
        file=file,
        broken=Message("errors.rule.at", {"file": file, "line": line, "why": why}),
    )
