"""How long a command waits for a database that another process holds, and whom it tells that it waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

SECONDS = 2.0
"""Long enough for a command that has answered to remember what it saw, short enough not to look hung."""


@dataclass(frozen=True, slots=True)
class Patience:
    """For one run."""

    seconds: float = SECONDS
    tell: Callable[[str], None] | None = None
    """Called once, with the name of the holder, when the wait begins to be felt."""


_current = [Patience()]


def be(patience: Patience) -> None:
    """Make this the patience of the run."""
    _current[:] = [patience]


def patience() -> Patience:
    """The patience of the run."""
    return _current[0]
