"""What a run mends on the way and tells its user: rooms that know no terminal say it here."""

from __future__ import annotations

from collections.abc import Callable

Tell = Callable[..., None]
"""Takes the key of a text and, by name, what is put into it."""
_tellers: list[Tell] = []
_end: list[tuple[int, str, bool]] = []


def tell_with(tell: Tell) -> None:
    """Let this tell what is noticed in the run, which begins now."""
    _tellers[:] = [tell]
    _end.clear()


def notice(key: str, **values: object) -> None:
    """Tell it, when somebody listens."""
    for tell in _tellers:
        tell(key, **values)


def end_of_trail(number: int, chain: str, *, written: bool) -> None:
    """Keep which row of the audit trail this run added last, its chain, and whether the run wrote anything else."""
    _end[:] = [(number, chain, written or any(before for _, _, before in _end))]


def written_end() -> tuple[int, str, bool] | None:
    """That row, once; None when the run added none."""
    return _end.pop() if _end else None
