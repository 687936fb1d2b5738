"""What a run mends on the way and tells its user: rooms that know no terminal say it here."""

from __future__ import annotations

from collections.abc import Callable

Tell = Callable[[str, str], None]
"""Takes the key of a text and the name of the file that it is about."""
_tellers: list[Tell] = []
_end: list[tuple[int, str]] = []


def tell_with(tell: Tell) -> None:
    """Let this tell what is noticed in the run."""
    _tellers[:] = [tell]


def notice(key: str, file: str) -> None:
    """Tell it, when somebody listens."""
    for tell in _tellers:
        tell(key, file)


def end_of_trail(number: int, chain: str) -> None:
    """Keep which row of the audit trail this run wrote last, and its chain."""
    _end[:] = [(number, chain)]


def written_end() -> tuple[int, str] | None:
    """That row, once; None when the run wrote none."""
    return _end.pop() if _end else None
