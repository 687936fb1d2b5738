"""A figure that is left out of a shared report: a number to every face, and no number to any reader."""

from __future__ import annotations

from typing import Any


class Suppressed(int):
    """Stands where a count stood and holds nothing of it; whatever is computed with it is left out as well."""

    def __add__(self, _: Any) -> Suppressed:
        return self

    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __add__

    def __bool__(self) -> bool:
        return True

    def __format__(self, _: str) -> str:
        return SIGN

    def __str__(self) -> str:
        return SIGN

    __repr__ = __str__


SIGN = "•"
"""How it is shown; JSON has null."""
SUPPRESSED = Suppressed(0)
