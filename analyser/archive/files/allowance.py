"""How much a container may give: bytes and members, shared with the containers inside it.

Without the sharing a container of a few kilobytes could hold a thousand others, each of which gives all that one may.
"""

from __future__ import annotations

from analyser.system.limits import Limits

# What a container inside a container may give beyond what its own size allows.
_SMALL = 2**16


class Pool:
    """Bytes and members that a container may still give, those of the containers inside it included."""

    def __init__(self, limits: Limits, left: int) -> None:
        self._left = min(left, limits.container_bytes)
        self._members = limits.container_members

    @classmethod
    def of(cls, size: int, limits: Limits) -> Pool:
        """The pool of a container of `size` bytes that lies in none."""
        return cls(limits, limits.expansion_free + size * limits.expansion)

    @property
    def left(self) -> int:
        """Bytes that may still be given."""
        return self._left

    def give(self, count: int) -> bool:
        """Take `count` bytes of a member; False when that is more than is left."""
        self._left -= count
        return self._left >= 0

    def member(self) -> bool:
        """Take a member; False when there were as many as there may be."""
        self._members -= 1
        return self._members >= 0


class Shares:
    """How much of a container's pool each container inside it may give, so that together they stay within it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._pool = limits.expansion_free

    def of(self, size: int, packed: int) -> int:
        """The share of a member of `size` bytes, before which `packed` more bytes of the outer file were used up."""
        self._pool += packed * self._limits.expansion
        share = max(0, min(self._pool // 2, size * self._limits.expansion + _SMALL))
        self._pool -= share
        return share
