"""The errors a user may see: one line each, a hint, and an exit code of the contract.

Anything else that escapes is a defect of the program and is shown as such.
"""

from __future__ import annotations

from enum import IntEnum

from analyser.messages.catalogue import Message, has_text


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

    It carries the key of its texts in `texts/*/errors/` and what is put into them, so that it can be told in the
    language of whom it reaches. Neither may hold a person's identifier, name, address or birth date.
    """

    exit_code: ExitCode = ExitCode.USAGE

    def __init__(self, key: str, /, *, hint: Message | None = None, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.own_hint = hint
        self.values = values

    @property
    def what(self) -> Message:
        """What is wrong."""
        return Message(f"errors.{self.key}.told", self.values)

    @property
    def remedy(self) -> Message | None:
        """What to do; None when nothing helps."""
        key = f"errors.{self.key}.hint"
        return self.own_hint or (Message(key, self.values) if has_text("en", key) else None)

    def told(self, lang: str) -> str:
        """What is wrong, in a language."""
        return self.what.text(lang)

    def hint(self, lang: str) -> str:
        """What to do, in a language; empty when nothing helps."""
        return self.remedy.text(lang) if self.remedy else ""

    def __str__(self) -> str:
        return self.told("en")


class UsageError(KantaGapError):
    """Wrong arguments, settings, files or a database that cannot be opened: exit 2."""


class NothingToCheckError(KantaGapError):
    """No register rows in the period: exit 4."""

    exit_code = ExitCode.NOTHING


class NothingReadableError(KantaGapError):
    """Documents were given and none of them can be read: exit 3."""

    exit_code = ExitCode.UNCHECKED


class BrokenSumError(KantaGapError):
    """Figures that must tie do not: a defect of the program, never shown as a warning."""

    exit_code = ExitCode.UNCHECKED
