"""Names of columns: lower case, trimmed, each once, and no more than a register has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from analyser.messages.errors import UsageError
from analyser.national.identifiers import redacted
from analyser.system.limits import Limits


def column_names(found: Sequence[str], file: str, limits: Limits) -> list[str]:
    """The names of a header. Raises UsageError."""
    if len(found) > limits.register_columns:
        raise UsageError("register.too_many_columns", file=file, columns=len(found), limit=limits.register_columns)
    names = [column.strip().strip("\ufeff").lower() for column in found]
    twice = sorted(column for column, times in Counter(names).items() if column and times > 1)
    if twice:
        raise UsageError("register.column_twice", file=file, columns=[redacted(name) for name in twice])
    return names
