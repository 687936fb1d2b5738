"""Reads rule files: a TOML header in the leading comment, then one SELECT.

A file that is no rule does not stop the others: it becomes a rule that ends in error, with file and reason.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from analyser.resources import queries

COLUMNS = ("subject", "person_key", "service_task", "municipality", "document", "place")
_HEADER = re.compile(r"\s*/\*(.*?)\*/", re.DOTALL)
_NAME = re.compile(r"([A-Z]\d{2})-([a-z0-9-]+)")


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    """Fails a check."""
    WARNING = "warning"
    """Fails a check that is asked to be strict."""
    INFO = "info"
    """Told, never failed on."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `broken` says why its file cannot be run, when it cannot."""

    code: str
    name: str
    severity: Severity
    basis: str
    fixed_by: str
    defect: str
    of_sql: str
    sql: str
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    broken: str | None = None

    def text(self, kind: str, lang: str) -> str:
        """title, guidance or of in a language; English when that is missing, else the name."""
        texts = self.texts.get(kind, {})
        return texts.get(lang) or texts.get("en") or self.name

    @property
    def hash(self) -> str:
        """Changes whenever the rule does."""
        return sha256(f"{self.severity}{self.of_sql}{self.sql}".encode()).hexdigest()[:12]


def rules(folders: Sequence[Path] = ()) -> list[Rule]:
    """The project's rules and those of further folders, by code."""
    files = sorted(queries("rules").glob("*.sql")) + [f for folder in folders for f in sorted(folder.glob("*.sql"))]
    found: dict[str, Rule] = {}
    for path in files:
        rule = read_rule(path)
        if rule.code in found:
            rule = _broken(path, f"{path.stem}!", f"{path.name}: the code {rule.code} is taken by another rule")
        found[rule.code] = rule
    return [found[code] for code in sorted(found)]


def read_rule(path: Path) -> Rule:
    """Read one rule file."""
    stem = _NAME.fullmatch(path.stem)
    code = stem[1] if stem else path.stem
    try:
        text = path.read_text(encoding="utf-8")
        header = _HEADER.match(text)
        if header is None:
            return _broken(path, code, f"{path.name}, line 1: no header in a leading comment")
        told = tomllib.loads(header[1])
        return Rule(
            code=told["code"],
            name=told["name"],
            severity=Severity(told["severity"]),
            basis=told.get("basis", ""),
            fixed_by=told.get("fixed_by", ""),
            defect=told.get("defect", ""),
            of_sql=told.get("of_sql", "SELECT 1"),
            sql=text[header.end() :].strip(),
            texts={kind: told.get(kind, {}) for kind in ("title", "guidance", "of")},
        )
    except KeyError as error:
        return _broken(path, code, f"{path.name}: the header lacks {error}")
    except (tomllib.TOMLDecodeError, ValueError, OSError) as error:
        return _broken(path, code, f"{path.name}: {error}")


def _broken(path: Path, code: str, why: str) -> Rule:
    return Rule(code, path.stem, Severity.ERROR, "", "", "", "", "", broken=why)
