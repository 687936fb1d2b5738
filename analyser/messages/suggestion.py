"""What somebody may have meant who mistyped a name of a closed set."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from analyser.messages.catalogue import Message

_FEW = 12
"""Names that are listed in full; of a longer list nobody would read to the end."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like this one, in whatever letter case and with whatever joins its words."""
    plain = {_plain(one): one for one in reversed(list(known))}
    found = difflib.get_close_matches(_plain(name), plain, 1)
    if found:
        return plain[found[0]]
    begun = [one for key, one in plain.items() if len(_plain(name)) > 1 and key.startswith(_plain(name))]
    return begun[-1] if begun else None


def meant(name: str, known: Iterable[str], also: Mapping[str, str] | None = None) -> Message | None:
    """A hint that names the nearest known name, or what `also` calls otherwise; None when nothing is near."""
    near = (also or {}).get(name.strip().lower()) or nearest(name, known)
    return did_you_mean(near) if near else None


def suggestion(name: str, known: Iterable[str], otherwise: Message | None = None) -> Message | None:
    """A hint: the nearest known name, else `otherwise`, else all names when they are few."""
    names = list(known)
    if near := meant(name, names):
        return near
    if otherwise is not None or not 0 < len(names) <= _FEW:
        return otherwise
    return Message("errors.hints.known", {"names": names})


def did_you_mean(name: str) -> Message:
    """The hint that names one thing."""
    return Message("errors.hints.did_you_mean", {"name": name})


def _plain(name: str) -> str:
    return name.strip().lower().replace("_", "-").replace(" ", "-").lstrip("-")
