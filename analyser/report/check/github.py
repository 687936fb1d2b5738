"""What a check found as workflow commands of GitHub: annotations beside the files, as many as are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from analyser.messages.catalogue import text
from analyser.report.check.text import aside_counts, coverage_told, elsewhere_told, expired_told, reason, row_told, told
from analyser.rules.catalogue import FILE, Severity
from analyser.rules.check import Check, Reached
from analyser.rules.findings import ROW, Row
from analyser.rules.lines import NO_FILES, Base, Lines
from analyser.rules.run import Status

_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
ANNOTATIONS = 10
"""Annotations of one level that GitHub shows of a step."""


class _Finding(NamedTuple):
    level: str
    title: str
    message: str
    row: Row


def check_github(
    check: Check, lang: str, base: Base = NO_FILES, not_at_hand: Callable[[list[str]], None] | None = None
) -> str:
    """Workflow commands: an annotation for each rule that failed, at its first finding, and for each that could not be
    run; then one for each further finding, as many of a level as are shown. The last line says how many have none.

    `base`: where the sources lie, for the lines of findings; `not_at_hand` is told the files that do not lie there.
    """
    lines: list[str | _Finding] = []
    shown: Counter[str] = Counter()
    further: list[_Finding] = []
    for outcome in check.outcomes:
        title = f"{outcome.rule.code} {outcome.rule.name}"
        if outcome.status is Status.ERROR:
            lines.append(_annotation("error", title, reason(outcome, lang)))
        elif outcome.status is Status.FAILED and outcome.level is not None:
            level, name = _LEVEL[outcome.level], told(outcome.policy, "title", lang)
            what = f"{name}: {len(outcome.open)} / {outcome.of}. {told(outcome.policy, 'guidance', lang)}"
            lines.append(_Finding(level, title, what, outcome.open[0]))
            further += [
                _Finding(level, title, f"{name}: {row_told(row, persons=False)}", row)
                for row in outcome.open[1 : ANNOTATIONS + 1]
            ]
            shown[level] += 1
    left = sum(len(outcome.open) - 1 for outcome in check.outcomes if outcome.status is Status.FAILED)
    for finding in further:
        if shown[finding.level] < ANNOTATIONS:
            lines.append(finding)
            shown[finding.level] += 1
            left -= 1
    places = Lines(base, (line.row for line in lines if isinstance(line, _Finding)))
    if places.absent and not_at_hand is not None:
        not_at_hand(places.absent)
    written = [_at(line, places) if isinstance(line, _Finding) else line for line in lines]
    if check.counted.refused:
        refused = text(lang, "rules.check.refused", count=check.counted.refused)
        written.append(_annotation("error", "register", refused))
    written += [_annotation("error", "waiver", line) for line in expired_told(check, lang)]
    if check.compared:
        compared = text(lang, "rules.check.baseline", **aside_counts(check))
        written.append(_annotation("notice", "baseline", compared))
    if check.elsewhere is not None:
        written.append(_annotation("notice", "kanta-gap", elsewhere_told(check.elsewhere, lang)))
    if check.reached in (Reached.FAILED, Reached.NO_BASIS):
        written.append(_annotation("error", "coverage", " ".join(coverage_told(check, lang)[:2])))
    if left:
        written.append(_annotation("notice", "kanta-gap", text(lang, "rules.check.not_annotated", count=left)))
    return "".join(line + "\n" for line in written)


def _at(finding: _Finding, places: Lines) -> str:
    """An annotation at a finding's file and line; in a container or without a file it has no line."""
    file = finding.row[ROW.index(FILE)]
    if not file:
        return _annotation(finding.level, finding.title, finding.message)
    line, column = places.position(finding.row)
    return _annotation(
        finding.level, finding.title, finding.message, file=places.base.uri(file), line=str(line), col=str(column)
    )


def _annotation(level: str, title: str, message: str, **place: str) -> str:
    """A workflow command, escaped as the runner wants it: properties also lose colons and commas."""
    properties = ",".join(
        f"{name}={_escaped(value).replace(':', '%3A').replace(',', '%2C')}"
        for name, value in {"title": title, **place}.items()
    )
    return f"::{level} {properties}::{_escaped(message)}"


def _escaped(words: str) -> str:
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
