"""The catalogue and single rules as pages: text, JSON and Markdown, with SQL that runs as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analyser.messages.catalogue import text
from analyser.national.deadlines import deadlines
from analyser.report.calendar import archiving, archiving_title, archiving_told
from analyser.report.check.text import told
from analyser.report.json import dump
from analyser.report.page import Page, printable
from analyser.rules.catalogue import WHY_ALL
from analyser.rules.policy import Policy

RULES_SCHEMA = "kanta-gap/rules/1"
EXPLAIN_SCHEMA = "kanta-gap/explain/1"
TABLES_FILE = "tables.duckdb"
_OF_ROWS = "G"
"""Rules about register rows that Kanta lacks: beside them stands since when it had to have them."""
_TEXTS = ("why", "guidance", "numerator", "of", "basis", "fixed_by")


def shell_statements(policy: Policy) -> str:
    """SQL for the DuckDB shell that lists the rule's failing rows, on a file that `check --tables` wrote."""
    rule = policy.rule
    used = [(name, value) for name, value in policy.parameters.items() if f"${name}" in rule.sql]
    if not used:
        return f"{rule.sql};\n"
    values = ", ".join(f"{name} := {value}" for name, value in used)
    name = f"{rule.code.lower()}_rows"
    return f"PREPARE {name} AS\n{rule.sql};\nEXECUTE {name}({values});\n"


def rule_facts(policy: Policy, lang: str, *, sql: bool) -> dict[str, Any]:
    """One rule as JSON-ready facts."""
    rule = policy.rule
    facts: dict[str, Any] = {
        "code": rule.code,
        "name": rule.name,
        "severity": policy.severity.value,
        "title": told(policy, "title", lang),
        **{kind: told(policy, kind, lang) for kind in _TEXTS},
        "applies": str(rule.applies),
        "scope": rule.scope.value,
        "all": rule.all,
        "all_why": told(policy, WHY_ALL, lang),
        "consequences": list(rule.consequences),
        "follows_from": list(rule.follows_from),
        "aliases": list(rule.aliases),
        "parameters": [
            {
                "name": entry.name,
                "value": policy.parameters[entry.name],
                "default": entry.default,
                "text": entry.texts.get(lang) or entry.texts.get("en", ""),
            }
            for entry in rule.parameters
        ],
        "thresholds": {f"{severity.value}_above": str(limit) for severity, limit in sorted(policy.limits.items())},
        "hash": rule.hash,
        "broken": rule.broken and str(rule.broken),
    }
    if sql and rule.code.startswith(_OF_ROWS):
        facts["archiving"] = archiving()
    if sql:
        facts |= {"sql": rule.sql, "of_sql": rule.of_sql, "shell": shell_statements(policy)}
    return facts


def rules_json(policies: Sequence[Policy], lang: str) -> str:
    """The catalogue."""
    return dump({"schema": RULES_SCHEMA, "rules": [rule_facts(policy, lang, sql=False) for policy in policies]})


def rules_text(policies: Sequence[Policy], lang: str, *, width: int) -> str:
    """The catalogue, a rule a line."""
    page = Page(width, color=False)
    for policy in policies:
        rule = policy.rule
        what = rule.broken.text(lang) if rule.broken else told(policy, "title", lang)
        page.line(
            f"{rule.code}  {text(lang, f'rules.level.{policy.severity}'):8} {rule.name:38} {printable(what)}", hang=6
        )
    return page.text()


def rules_markdown(policies: Sequence[Policy], lang: str) -> str:
    """The catalogue as a page: docs/rules.md is this, in English."""
    lines = [f"# {text(lang, 'rules.page.title')}", "", text(lang, "rules.page.made"), ""]
    lines += [
        f"| {' | '.join(text(lang, f'rules.table.{name}') for name in ('rule', 'status', 'told'))} |",
        "|---|---|---|",
    ]
    for policy in policies:
        rule = policy.rule
        level = text(lang, f"rules.level.{policy.severity}")
        lines.append(
            f"| [{rule.code} {rule.name}](#{rule.code.lower()}-{rule.name}) | {level} | {told(policy, 'title', lang)} |"
        )
    for policy in policies:
        lines += ["", *_section(policy, lang)]
    return "\n".join(lines) + "\n"


def _section(policy: Policy, lang: str) -> list[str]:
    rule = policy.rule
    lines = [f"## {rule.code} {rule.name}", "", f"**{told(policy, 'title', lang)}**", ""]
    if rule.broken:
        return [*lines, f"{text(lang, 'rules.page.broken')}: {rule.broken.text(lang)}"]
    lines += [told(policy, "why", lang), ""] if told(policy, "why", lang) else []
    lines += [f"- {name}: {words}" for name, words in _facts(policy, lang)]
    return lines


def _facts(policy: Policy, lang: str) -> list[tuple[str, str]]:
    rule = policy.rule

    def word(key: str) -> str:
        return text(lang, f"rules.page.{key}")

    facts = [
        (word("severity"), text(lang, f"rules.level.{policy.severity}")),
        (word("applies"), word("always") if str(rule.applies) == ".." else str(rule.applies)),
        (word("material"), _material(policy, lang)),
        (word("scope"), text(lang, f"rules.scope.{rule.scope}")),
        (word("denominator"), told(policy, "of", lang)),
        (word("numerator"), told(policy, "numerator", lang)),
        (word("guidance"), told(policy, "guidance", lang)),
        (word("basis"), told(policy, "basis", lang)),
        (word("fixed_by"), told(policy, "fixed_by", lang)),
    ]
    for entry in rule.parameters:
        default = text(lang, "rules.page.default", default=f"{entry.default:.12g}")
        words = entry.texts.get(lang) or entry.texts.get("en", "")
        value = policy.parameters[entry.name]
        facts.append((word("parameters"), f"`[rule.{rule.code}] {entry.name} = {value:.12g}` {words} ({default})"))
    if rule.consequences:
        facts.append((word("consequences"), ", ".join(rule.consequences)))
    if rule.follows_from:
        facts.append((word("follows_from"), ", ".join(rule.follows_from)))
    if rule.aliases:
        facts.append((word("aliases"), ", ".join(rule.aliases)))
    return [(name, words) for name, words in facts if words]


def _material(policy: Policy, lang: str) -> str:
    """What the rule looks at: what touches the period, or everything, and why."""
    if not policy.rule.all:
        return text(lang, "rules.page.of_period")
    why = told(policy, WHY_ALL, lang)
    return text(lang, "rules.page.of_all") + (f" ({why})" if why else "")


def explain_text(policy: Policy, lang: str, *, width: int, color: bool) -> str:
    """One rule as a page, with its SQL and how to run it in the DuckDB shell."""
    rule = policy.rule
    page = Page(width, color)
    page.heading(f"{rule.code} {rule.name}")
    page.line(told(policy, "title", lang))
    if rule.broken:
        page.line(f"{text(lang, 'rules.page.broken')}: {printable(rule.broken.text(lang))}")
        return page.text()
    if told(policy, "why", lang):
        page.gap()
        page.line(told(policy, "why", lang))
    page.gap()
    if rule.code.startswith(_OF_ROWS):
        regime = deadlines().regimes[-1]
        page.line(archiving_title(regime, lang))
        page.pairs(archiving_told(regime, lang))
        page.gap()
    page.pairs([*_facts(policy, lang), (text(lang, "rules.page.parameters"), text(lang, "rules.page.thresholds"))])
    head = page.text()
    made, shell = text(lang, "rules.page.shell_how"), text(lang, "rules.page.shell")
    return (
        f"{head}\n{text(lang, 'rules.page.sql')}\n\n{rule.sql};\n\n"
        f"{text(lang, 'rules.page.denominator')}\n\n{rule.of_sql};\n\n"
        f"{shell}: {made}\n\n"
        f"  kanta-gap check --tables {TABLES_FILE}\n  duckdb {TABLES_FILE}\n\n{shell_statements(policy)}"
    )


def explain_markdown(policy: Policy, lang: str) -> str:
    """One rule as a Markdown page."""
    lines = _section(policy, lang)
    if policy.rule.broken:
        return "\n".join(lines) + "\n"
    lines += ["", f"### {text(lang, 'rules.page.sql')}", "", "```sql", policy.rule.sql + ";", "```"]
    lines += ["", f"### {text(lang, 'rules.page.denominator')}", "", "```sql", policy.rule.of_sql + ";", "```"]
    lines += ["", f"### {text(lang, 'rules.page.shell')}", "", text(lang, "rules.page.shell_how"), ""]
    lines += ["```", f"kanta-gap check --tables {TABLES_FILE}", f"duckdb {TABLES_FILE}", "```", ""]
    lines += ["```sql", shell_statements(policy).rstrip(), "```"]
    return "\n".join(lines) + "\n"


def explain_json(policy: Policy, lang: str) -> str:
    """One rule with its SQL."""
    return dump({"schema": EXPLAIN_SCHEMA, "rule": rule_facts(policy, lang, sql=True)})
