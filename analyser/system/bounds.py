"""What a setting that is a number may be: finite, whole where its default is, and within its bounds."""

from __future__ import annotations

import math
from typing import Any

from analyser.messages.catalogue import Message
from analyser.messages.errors import UsageError

_SHARES = (
    "service_task_share", "municipality_share", "month_share", "edge_month_share", "sparse_share", "reference_share",
    "register_drop",
)  # fmt: skip
BOUNDS: dict[str, tuple[float, float]] = {
    **dict.fromkeys(_SHARES, (0, 1)),
    "active_months": (1, 12),
    "share_least": (1, math.inf),
}
"""Least and largest value; of a setting that is not here 0 and anything finite."""


def bounded(key: str, value: Any, default: float, place: Message | str, kind: Message) -> int | float:
    """The number that the value of a setting is, of the kind of its default. Raises UsageError with its place."""
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise UsageError("settings.wrong", key=key, place=place, kind=kind)
    whole = isinstance(default, int)
    if whole and number != int(number):
        raise UsageError("settings.not_whole", key=key, place=place)
    least, most = BOUNDS.get(key, (0, math.inf))
    if not least <= number <= most:
        if math.isinf(most):
            raise UsageError("settings.too_small", key=key, place=place, least=f"{least:g}")
        raise UsageError("settings.not_between", key=key, place=place, least=f"{least:g}", most=f"{most:g}")
    return int(number) if whole else number
