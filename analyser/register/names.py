"""Names of columns: lower case, trimmed, each once, and no more than a register has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from analyser.errors import UsageError
from analyser.identity import redacted
from analyser.limits import Limits


def column_names(found: Sequence[str], file: str, limits: Limits) -> list[str]:
    """The names of a header. Raises UsageError."""
    if len(found) > limits.register_columns:
        raise UsageError(
            f"‘{file}’ has {len(found)} columns; the limit register_columns is {limits.register_columns}",
            "export only the columns of a register file",
        )
    names = [column.strip().strip("\ufeff").lower() for column in found]
    twice = sorted(column for column, times in Counter(names).items() if column and times > 1)
    if twice:
        raise UsageError(
            f"‘{file}’ has a column twice: {', '.join(map(redacted, twice))}", "rename or remove one of them"
        )
    return names
