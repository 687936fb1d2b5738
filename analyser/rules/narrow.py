"""A check of some of the files only: findings elsewhere are left out of the verdict, and their number is told.

What the rules looked at stays everything: one vendor's documents are judged among those of the others, and the coverage
is the county's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analyser.national.identifiers import redacted
from analyser.rules.aside import QUARANTINED, REFUSED, UNDETERMINED, Known
from analyser.rules.catalogue import FILE
from analyser.rules.check import Check, Elsewhere
from analyser.rules.findings import ROW, Row, fingerprint, rows_of
from analyser.rules.run import Measured, Outcome, judge

_FILE, _SUBJECT = ROW.index(FILE), ROW.index("subject")
_SIGN = re.compile(r"\*\*/|\*\*|\*|\?")
_MEANT = {"**/": "(?:.*[/!])?", "**": ".*", "*": "[^/!]*", "?": "[^/!]"}
"""What the signs of a pattern stand for; a member of a container lies in it as in a folder."""

Left = Mapping[str, Counter[str]]
"""By rule, the fingerprints of the findings that were left out."""


@dataclass(frozen=True, slots=True)
class Where:
    """The files that a check looks at."""

    paths: tuple[str, ...]
    sources: tuple[str, ...]
    told: tuple[re.Pattern[str], ...]

    def holds(self, file: str | None) -> bool:
        """Whether a finding at this file is looked at; one without a file is about no file in particular."""
        if not file:
            return False
        source, _, member = file.partition("/")
        if self.sources and source.partition("!")[0] not in self.sources:
            return False
        return not self.told or any(one.fullmatch(member or file) or one.fullmatch(file) for one in self.told)


def patterns(paths: Sequence[str], sources: Sequence[str]) -> Where | None:
    """What --path and --source say; None when they say nothing. Identifiers in them are masked as in names of files."""
    if not paths and not sources:
        return None
    shown = tuple(map(redacted, paths))
    return Where(shown, tuple(map(redacted, sources)), tuple(map(_pattern, shown)))


def _pattern(path: str) -> re.Pattern[str]:
    """A pattern of paths: `*` and `?` within one name, `**` over any number of folders."""
    written, at = "", 0
    path = path.replace("\\", "/").removeprefix("./")
    if path.endswith("/"):
        path += "**"
    for sign in _SIGN.finditer(path):
        written += re.escape(path[at : sign.start()]) + _MEANT[sign[0]]
        at = sign.end()
    return re.compile(written + re.escape(path[at:]))


def narrow(check: Check, where: Where) -> tuple[Check, Left]:
    """The check of the findings there, and the fingerprints of those elsewhere."""
    left: dict[str, Counter[str]] = {}
    gone: dict[str, list[Row]] = {}
    outcomes = []
    for outcome in check.outcomes:
        code = outcome.rule.code
        there = [row for row in outcome.rows if where.holds(row[_FILE])]
        if len(there) == len(outcome.rows):
            outcomes.append(outcome)
            continue
        gone[code] = [row for row in outcome.rows if not where.holds(row[_FILE])]
        left[code] = Counter(fingerprint(code, dict(zip(ROW, row, strict=True))) for row in gone[code])
        outcomes.append(_judged(outcome, there))
    open_rows = {row[_SUBJECT] for outcome in outcomes if outcome.rule.code in UNDETERMINED for row in outcome.rows}
    elsewhere = Elsewhere(
        where.paths,
        where.sources,
        sum(map(len, gone.values())),
        sum(len(gone.get(code, ())) for code in QUARANTINED),
        len({row[_SUBJECT] for code in UNDETERMINED for row in gone.get(code, ())} - open_rows),
        len(gone.get(REFUSED, ())),
    )
    return replace(check, outcomes=tuple(outcomes), elsewhere=elsewhere), left


def _judged(outcome: Outcome, rows: Sequence[Row]) -> Outcome:
    return judge(outcome.policy, Measured(outcome.of, rows_of(rows)))


def without(known: Known, left: Left) -> Known:
    """A baseline without what was left out: it is not missed."""
    return {
        code: {
            key: (count - left.get(code, Counter())[key], subject)
            for key, (count, subject) in entries.items()
            if count > left.get(code, Counter())[key]
        }
        for code, entries in known.items()
    }
