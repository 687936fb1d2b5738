"""What a check found, for people: text, Markdown for a step summary, annotations for GitHub."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from analyser.coverage.shares import share
from analyser.messages.catalogue import day, percent, text
from analyser.report.page import Page, printable
from analyser.report.words import extracted, of_county
from analyser.rules.catalogue import COLUMNS, FILE, LINE, Severity
from analyser.rules.check import Check, Elsewhere, Reached
from analyser.rules.findings import ROW, machine_fields
from analyser.rules.folding import followers, own
from analyser.rules.policy import Policy
from analyser.rules.run import FindingState, Outcome, OutcomeReason, Status

_STYLE = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: ""}
GOALS = (90.0, 95.0, 98.0, 99.0, 100.0)
"""Coverages, in per cent, for which it is told what they would need."""
_PARAMETER = re.compile(r"\$(\w+)")


def told(policy: Policy, kind: str, lang: str) -> str:
    """A text of the rule with its parameters put in."""
    return _PARAMETER.sub(
        lambda match: f"{policy.parameters[match[1]]:.12g}" if match[1] in policy.parameters else match[0],
        policy.rule.text(kind, lang),
    )


def reason(outcome: Outcome, lang: str) -> str:
    """Why a rule ended as it did; empty where that is plain."""
    if outcome.reason is None:
        return ""
    values: dict[str, object] = dict(outcome.values)
    match outcome.reason:
        case OutcomeReason.NOTHING:
            values = {"of": told(outcome.policy, "of", lang)}
        case OutcomeReason.TOLERATED:
            values = {"failed": len(outcome.open), "of": outcome.of}
        case OutcomeReason.ASIDE:
            values = {"failed": len(outcome.rows), "of": outcome.of}
        case OutcomeReason.COLUMNS:
            values["wanted"] = ", ".join(COLUMNS)
        case _:
            pass
    return text(lang, f"rules.reason.{outcome.reason}", **values)


def aside_counts(check: Check) -> dict[str, int]:
    """New, known, waived and gone findings over all rules."""
    found = {state.value: sum(outcome.count(state) for outcome in check.outcomes) for state in FindingState}
    return found | {"gone": sum(gone.count for outcome in check.outcomes for gone in outcome.gone)}


def aside_told(check: Check, lang: str) -> list[str]:
    """What was set aside: by a baseline, by waivers, by what is allowed."""
    lines = []
    found = aside_counts(check)
    if check.elsewhere is not None:
        lines.append(elsewhere_told(check.elsewhere, lang))
    if check.compared:
        lines.append(text(lang, "rules.check.baseline", **found))
    for waiver in check.waivers:
        key = "rules.check.waiver_expired" if waiver.expired else "rules.check.waiver"
        lines.append(
            text(
                lang,
                key,
                rule=waiver.rule,
                subject=waiver.subject,
                reason=waiver.reason,
                owner=waiver.owner,
                expires=waiver.expires,
                count=waiver.findings,
            )
        )
    allowed = check.allowed
    if allowed.quarantined or allowed.undetermined or allowed.refused:
        values = {"quarantined": allowed.quarantined, "undetermined": allowed.undetermined, "refused": allowed.refused}
        lines.append(text(lang, "rules.check.allowed", **values))
    return lines


def expired_told(check: Check, lang: str) -> list[str]:
    """The waivers that have expired, a line each."""
    before = int(check.compared) + int(check.elsewhere is not None)
    told = zip(check.waivers, aside_told(check, lang)[before:], strict=False)
    return [line for waiver, line in told if waiver.expired]


def elsewhere_told(left: Elsewhere, lang: str) -> str:
    """What a check that looks at some files only leaves out."""
    where = ", ".join((*left.paths, *left.sources))
    return text(lang, "rules.check.elsewhere", where=where, count=left.findings)


def counts(check: Check) -> Mapping[Status, int]:
    """How many rules ended in each status."""
    found = Counter(outcome.status for outcome in check.outcomes)
    return {status: found[status] for status in Status}


def coverage_told(check: Check, lang: str) -> list[str]:
    """Coverage, whether what was asked for is reached, and what the next steps would need."""
    counted = check.counted
    if not counted.judged:
        return [text(lang, "rules.check.coverage_none")]
    lines = [
        text(
            lang,
            "rules.check.coverage",
            share=percent(lang, counted.coverage),
            archived=counted.archived,
            judged=counted.judged,
        )
    ]
    if check.min_coverage is not None:
        needed = counted.needed(check.min_coverage)
        verdict = text(lang, f"rules.check.{'not_' if check.reached is Reached.FAILED else ''}reached", count=needed)
        lines.append(text(lang, "rules.check.required", percent=_wanted(lang, check.min_coverage), verdict=verdict))
    lines += [
        text(lang, "rules.check.needed", percent=_wanted(lang, goal), count=counted.needed(goal))
        for goal in GOALS
        if counted.needed(goal)
    ]
    return lines


def check_text(check: Check, lang: str, *, width: int, color: bool, limit: int, county: str = "") -> str:
    """Findings by weight, then what could not be run or had nothing to look at, then coverage and counts.

    `limit`: rows shown of each rule; 0 shows all.
    """
    page = Page(width, color)
    period = check.period
    head = text(lang, "rules.check.head", period=period.id, start=day(lang, period.start), end=day(lang, period.end))
    page.heading(of_county(county, head))
    if reach := extracted(check.stale, lang):
        page.line(reach, "dim")
    failed = [outcome for outcome in check.outcomes if outcome.status is Status.FAILED]
    folded = [outcome for outcome in failed if sum(followers(outcome.open).values()) == len(outcome.open)]
    for severity in Severity:
        for outcome in failed:
            if outcome.level is severity and outcome not in folded:
                _finding(page, outcome, lang, limit)
    if folded:
        page.heading(text(lang, "rules.check.folded"))
        for outcome in folded:
            title = printable(told(outcome.policy, "title", lang))
            page.line(f"{outcome.rule.code} {outcome.rule.name}: {title}: {follows_told(outcome)}", hang=4)
    for heading, chosen in (
        ("tolerated", [o for o in check.outcomes if o.reason is OutcomeReason.TOLERATED]),
        ("aside", [o for o in check.outcomes if o.reason is OutcomeReason.ASIDE]),
        ("error", [o for o in check.outcomes if o.status is Status.ERROR]),
        ("not_applicable", [o for o in check.outcomes if o.status is Status.NOT_APPLICABLE]),
    ):
        if chosen:
            page.heading(text(lang, f"rules.check.{heading}"))
            for outcome in chosen:
                page.line(f"{outcome.rule.code} {outcome.rule.name}: {printable(reason(outcome, lang))}", hang=4)
    page.gap()
    for line in coverage_told(check, lang):
        page.line(line, hang=2)
    counted = check.counted
    if counted.undetermined or counted.quarantined:
        told_of = {"count": counted.undetermined, "quarantined": counted.quarantined}
        page.line(text(lang, "rules.check.undetermined", **told_of), hang=2)
    if counted.refused:
        page.line(text(lang, "rules.check.refused", count=counted.refused), hang=2)
    for line in aside_told(check, lang):
        page.line(printable(line), hang=2)
    found = {status.value.replace("-", "_"): count for status, count in counts(check).items()}
    page.line(text(lang, "rules.check.counts", **found), hang=2)
    levels = Counter(outcome.level for outcome in failed)
    page.line(text(lang, "rules.check.levels", **{s.value: levels[s] for s in Severity}), hang=2)
    return page.text()


def _finding(page: Page, outcome: Outcome, lang: str, limit: int) -> None:
    rule, policy = outcome.rule, outcome.policy
    level = outcome.level or Severity.INFO
    found = text(
        lang,
        "rules.check.found",
        failed=len(outcome.open),
        of=outcome.of,
        share=percent(lang, share(len(outcome.open), outcome.of)),
    )
    page.heading(f"{rule.code} {rule.name}  {text(lang, f'rules.level.{level}')}  {found}")
    page.line(told(policy, "title", lang), style=_STYLE[level], hang=2)
    page.line(text(lang, "rules.check.looked_at", of=told(policy, "of", lang)), hang=2)
    page.line(text(lang, "rules.check.fix", guidance=told(policy, "guidance", lang)), hang=2)
    page.line(text(lang, "rules.check.who", fixed_by=told(policy, "fixed_by", lang)), hang=2)
    following = sum(followers(outcome.open).values())
    shown = own(outcome.open, limit)
    for row in shown:
        page.line("  " + row_told(row), hang=6)
    if following:
        told_of = {"count": following, "roots": follows_told(outcome)}
        page.line("  " + text(lang, "rules.check.follows", **told_of), hang=4)
    if len(outcome.open) > len(shown) + following:
        more = len(outcome.open) - len(shown) - following
        page.line("  " + text(lang, "rules.check.more", count=more, code=rule.code), hang=4)


def follows_told(outcome: Outcome) -> str:
    """How many of the rows follow from which rules' findings: `G06 3, D01 1`; empty without any."""
    return ", ".join(f"{code} {count}" for code, count in followers(outcome.open).items())


def row_told(row: tuple[str | None, ...], *, persons: bool = True) -> str:
    """A failing row on one line: its subject, then what else is told of it, nothing twice.

    `persons`: also the person_key and a row's pseudonym, which are others in every database.
    """
    fields = dict(zip(ROW, row, strict=True))
    if not persons:
        fields |= machine_fields(fields)
    if fields[FILE] and fields[LINE]:
        fields[FILE] = f"{fields[FILE]}:{fields[LINE]}"
    said: list[str] = []
    for name in ("subject", "person_key", "service_task", "municipality", "document", FILE, "place"):
        value = fields[name]
        if name == "person_key" and not persons:
            continue
        if value and not any(value in earlier.split(" ") or value == earlier for earlier in said):
            said.append(value)
    return printable("  ".join(said))


def _wanted(lang: str, goal: float) -> str:
    written = f"{goal:g}"
    return f"{written}%" if lang == "en" else f"{written.replace('.', ',')} %"


def check_markdown(check: Check, lang: str, county: str = "") -> str:
    """A step summary: coverage, a table of what failed and could not be run, and how many passed."""
    found = {status.value.replace("-", "_"): count for status, count in counts(check).items()}
    lines = [f"## {_cell(of_county(county, f'kanta-gap check {check.period.id}'))}", ""]
    if reach := extracted(check.stale, lang):
        lines += [_cell(reach), ""]
    lines += [f"{line}  " for line in coverage_told(check, lang)]
    if check.counted.refused:
        lines.append(f"{text(lang, 'rules.check.refused', count=check.counted.refused)}  ")
    lines += [f"{_cell(line)}  " for line in aside_told(check, lang)]
    lines += [text(lang, "rules.check.counts", **found), ""]
    told_too = (OutcomeReason.TOLERATED, OutcomeReason.ASIDE)
    listed = [o for o in check.outcomes if o.status in (Status.FAILED, Status.ERROR) or o.reason in told_too]
    if listed:
        head = (
            text(lang, f"rules.table.{name}")
            for name in ("rule", "status", "rows", "of", "follows", "told", "fixed_by")
        )
        lines += [f"| {' | '.join(head)} |", "|---|---|---:|---:|---|---|---|"]
        for outcome in listed:
            state = outcome.level or outcome.status
            word = text(lang, f"rules.{'level' if outcome.level else 'status'}.{state}")
            what = reason(outcome, lang) or told(outcome.policy, "title", lang)
            who = told(outcome.policy, "fixed_by", lang)
            cells = (
                f"{outcome.rule.code} {outcome.rule.name}",
                word,
                str(len(outcome.open)),
                str(outcome.of),
                follows_told(outcome),
                what,
                who,
            )
            lines.append(f"| {' | '.join(map(_cell, cells))} |")
        lines.append("")
    skipped = [o for o in check.outcomes if o.status is Status.NOT_APPLICABLE]
    if skipped:
        lines += ["<details><summary>" + text(lang, "rules.check.not_applicable") + f": {len(skipped)}</summary>", ""]
        lines += [f"- {o.rule.code} {o.rule.name}: {_cell(reason(o, lang))}" for o in skipped]
        lines += ["", "</details>"]
    return "\n".join(lines).rstrip() + "\n"


def _cell(words: str) -> str:
    """A text that stays in its table cell and is no markup."""
    plain = printable(" ".join(words.split()))
    return re.sub(r"([\\|<>`*_\[\]])", r"\\\1", plain)
