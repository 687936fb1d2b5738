"""`rules.lock`: the rules as they were when somebody looked at them, so that a change of the yardstick is told.

A rule is known by the hash of its file. The lock is text, a rule a line, and is kept with the settings; `check`
compares, tells on stderr what changed, and judges by the rules as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from analyser.messages.errors import UsageError
from analyser.rules.catalogue import Rule
from analyser.system.ordinary_files import ordinary_text

NAME = "rules.lock"
_HEAD = "# kanta-gap/rules-lock/1: code and hash of each rule; written by `kanta-gap rules -f lock`\n"


def lock_text(rules: Sequence[Rule]) -> str:
    """The lock of these rules."""
    return _HEAD + "".join(f"{rule.code} {rule.hash}\n" for rule in sorted(rules, key=lambda rule: rule.code))


def lock_of(settings: Path | None) -> Path | None:
    """The lock that lies beside the settings, or in the folder at hand where there are none; None without one."""
    place = (settings.parent if settings is not None else Path()) / NAME
    return place if place.is_file() else None


def locked_changes(lock: Path, rules: Sequence[Rule]) -> Mapping[str, list[str]]:
    """Codes of rules that changed, are new or are gone since the lock was written. Raises UsageError for no lock."""
    locked: dict[str, str] = {}
    for number, line in enumerate(ordinary_text(lock).splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        code, _, hashed = line.partition(" ")
        if not hashed.strip() or " " in hashed.strip():
            raise UsageError("rules.no_lock", file=lock.name, line=number)
        locked[code] = hashed.strip()
    now = {rule.code: rule.hash for rule in rules}
    found = {
        "changed": sorted(code for code in now.keys() & locked.keys() if now[code] != locked[code]),
        "new": sorted(now.keys() - locked.keys()),
        "gone": sorted(locked.keys() - now.keys()),
    }
    return {key: codes for key, codes in found.items() if codes}
