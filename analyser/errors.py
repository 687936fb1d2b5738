"""The errors a user may see: one line each, a hint, and an exit code of the contract.

Anything else that escapes is a defect of the program and is shown as such.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every command. Never a count."""

    DONE = 0
    """Done, nothing to deliver or fix."""
    FINDINGS = 1
    """Something is to be delivered separately, or a check failed."""
    USAGE = 2
    """Wrong usage or configuration."""
    UNCHECKED = 3
    """Something could not be checked: a quarantined document, a rule in error, an undetermined row."""
    NOTHING = 4
    """Nothing to check."""
    INTERRUPTED = 130
    """Stopped by the user."""


class KantaGapError(Exception):
    """A failure told to the user as one line: what, where, and in the hint what to do.

    Neither text may hold a person's identifier, name, address or birth date.
    """

    exit_code: ExitCode = ExitCode.USAGE

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(KantaGapError):
    """Wrong arguments, settings, files or a database that cannot be opened: exit 2."""


class NothingToCheckError(KantaGapError):
    """No register rows in the period: exit 4."""

    exit_code = ExitCode.NOTHING


class BrokenSumError(KantaGapError):
    """Figures that must tie do not: a defect of the program, never shown as a warning."""

    exit_code = ExitCode.UNCHECKED
