"""Shares, as every figure of coverage tells them."""

from __future__ import annotations

from analyser.coverage.suppressed import Suppressed


def share(part: int, whole: int) -> float | None:
    """part ÷ whole to six decimals, None when there is nothing to divide by (never 0 or 1), or nothing is told."""
    if isinstance(part, Suppressed) or isinstance(whole, Suppressed):
        return None
    return round(part / whole, 6) if whole else None
