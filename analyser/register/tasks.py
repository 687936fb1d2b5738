"""What a list may call a service task: its code, our own key, or its name in Finnish or Swedish.

The meaning itself is the model's (queries/model/30-service-tasks.sql); here it is only asked beforehand, so that who
maps words, or lets a file be explained, is told what nobody will understand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

PUBLISHED = (
    ("24", "families", "Lapsiperheiden palvelut", "Tjänster för barnfamiljer"),
    (None, "working_age", "Työikäisten palvelut", "Tjänster för personer i arbetsför ålder"),
    (None, "elderly", "Iäkkäiden palvelut", "Tjänster för äldre"),
    ("15", "substance", "Päihdehuolto", "Missbrukarvård"),
    ("20", "disability", "Vammaispalvelut", "Service för personer med funktionsnedsättning"),
    ("10", "child_protection", "Lastensuojelu", "Barnskydd"),
    (None, "family_law", "Perheoikeudelliset palvelut", "Familjerättsliga tjänster"),
)
"""Code, key, name in Finnish and in Swedish, as the model has them."""
KEYS = tuple(key for _, key, _, _ in PUBLISHED)


def plain_name(name: str) -> str:
    """A name as the model compares it: no case, single spaces, no code in front."""
    return re.sub(r"^\s*\d+\s*[-–:]?\s+", "", re.sub(r"\s+", " ", name)).strip().lower()


def known_tasks(loaded: Iterable[tuple[str | None, str | None, str | None, str | None]] = ()) -> frozenset[str]:
    """Everything a service task may be called, names in their plain spelling. `loaded`: rows of the codes file."""
    called: set[str] = set()
    for code, key, *names in (*PUBLISHED, *loaded):
        called |= {word.strip().lower() for word in (code, key) if word}
        called |= {plain_name(name) for name in names if name}
    return frozenset(called)


def is_task(word: str, known: frozenset[str]) -> bool:
    """Whether the model will know what is meant."""
    return word.strip().lower() in known or plain_name(word) in known
