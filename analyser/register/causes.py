"""Refused rows by their cause: forty thousand rows with one fault are one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from analyser.messages.catalogue import Message
from analyser.register.table import SHEET_STEP

_RANGES = 8
"""Ranges of rows that a line shows; the rest is counted."""


def causes(
    refusals: Iterable[tuple[int, str, Message]], labels: Sequence[str]
) -> list[tuple[tuple[str, str, str], list[tuple[int, Message]]]]:
    """Refusals by sheet, column and reason, each with its rows."""
    keyed = [
        ((row // SHEET_STEP, column, str(reason)), row % SHEET_STEP, reason) for row, column, reason in set_of(refusals)
    ]
    keyed.sort(key=lambda one: (one[0], one[1]))
    return [
        ((labels[sheet], column, told), [(row, reason) for _, row, reason in rows])
        for (sheet, column, told), rows in groupby(keyed, key=lambda one: one[0])
    ]


def set_of(refusals: Iterable[tuple[int, str, Message]]) -> Iterable[tuple[int, str, Message]]:
    """Each refusal once: a row that was split into several is refused as one."""
    return {(row, column, str(reason)): (row, column, reason) for row, column, reason in refusals}.values()


def ranges(rows: Sequence[int]) -> str:
    """`2–5, 9, 11–20, …`"""
    found: list[list[int]] = []
    for row in rows:
        if found and row == found[-1][1] + 1:
            found[-1][1] = row
        else:
            found.append([row, row])
    shown = [f"{first}–{last}" if last > first else f"{first}" for first, last in found[:_RANGES]]
    return ", ".join([*shown, "…"] if len(found) > _RANGES else shown)
