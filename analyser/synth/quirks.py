"""What contents of some systems have that the published definitions do not say, and that must be read all the same.

A quirk changes nobody's story: only how a few persons' documents write it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum
from typing import Any

from analyser.synth.envelope import Draft

_PREFIX = "urn:oid:"


class Quirk(StrEnum):
    """A way of writing that some systems have."""

    BARE_IDENTIFIER_SYSTEM = "bare-identifier-system"
    """The henkilötunnus names its system without `urn:oid:`."""
    BARE_TASK_SYSTEM = "bare-task-system"
    """The service task names its code system without `urn:oid:`: the published definitions refuse it."""


_KEYS = {Quirk.BARE_IDENTIFIER_SYSTEM: "henkilotunnus", Quirk.BARE_TASK_SYSTEM: "palvelutehtava"}
_SHARE = {Quirk.BARE_IDENTIFIER_SYSTEM: 5, Quirk.BARE_TASK_SYSTEM: 7}
"""Every so many persons' documents are written so."""


def as_written(draft: Draft, quirks: Collection[Quirk]) -> Draft:
    """The draft as a system with those quirks writes it."""
    keys = {_KEYS[quirk] for quirk in quirks if draft.people[0].number % _SHARE[quirk] == 0}
    return replace(draft, content=_bare(draft.content, keys)) if keys and draft.content else draft


def _bare(value: Any, keys: Collection[str]) -> Any:
    """The same value, anew: templates are shared between documents."""
    if isinstance(value, list):
        return [_bare(entry, keys) for entry in value]
    if not isinstance(value, dict):
        return value
    told = {key: _bare(entry, keys) for key, entry in value.items()}
    for key in keys:
        coded = told.get(key)
        if isinstance(coded, dict) and "system" in coded:
            coded["system"] = coded["system"].removeprefix(_PREFIX)
    return told
