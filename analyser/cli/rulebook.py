"""Which rules a run uses: those of the project and of the user's folders, chosen by name, set by the settings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from analyser.cli.session import Session
from analyser.messages.errors import UsageError
from analyser.rules.catalogue import Rule, nearest, rules
from analyser.rules.policy import Policy, policies

Folders = typer.Option([], "--rules", metavar="DIR")
Select = typer.Option(None, "--select", metavar="CODE,…")
Ignore = typer.Option(None, "--ignore", metavar="CODE,…")


def all_rules(run: Session, folders: Sequence[Path]) -> list[Rule]:
    """Every rule there is, the broken ones too."""
    return rules([*map(Path, run.settings.rules), *folders])


def chosen(
    run: Session, folders: Sequence[Path], select: str | None = None, ignore: str | None = None
) -> tuple[list[Policy], list[Rule]]:
    """The rules chosen, with what the settings say of them, and all there are. Raises UsageError for a name of none."""
    everything = all_rules(run, folders)
    judged = policies(everything, run.settings.tables.get("rule", {}))
    wanted, unwanted = _names(select, "--select", everything), _names(ignore, "--ignore", everything)
    left = [
        policy
        for policy in judged
        if (not wanted or any(policy.rule.named(name) for name in wanted))
        and not any(policy.rule.named(name) for name in unwanted)
    ]
    if not left:
        raise UsageError("rules.none_left")
    return left, everything


def _names(told: str | None, option: str, everything: Sequence[Rule]) -> list[str]:
    names = [name.strip() for name in (told or "").split(",") if name.strip()]
    for name in names:
        if not any(rule.named(name) for rule in everything):
            raise UsageError("rules.no_rule_in_option", hint=nearest(name, everything), option=option, name=name)
    return names
