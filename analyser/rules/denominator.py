"""What a rule looked at, where its failing rows are chosen from rows that the rule itself collects.

The rule names that common table expression, and the denominator cannot drift from the rule.
"""

from __future__ import annotations

import re

_PIECES = re.compile(
    r"""--[^\n]* | /\*.*?\*/ | '(?:[^']|'')*' | "(?:[^"]|"")*" | (?P<sign>[()]) | (?P<word>[A-Za-z_]\w*) | .""",
    re.DOTALL | re.VERBOSE,
)


def count_of(name: str, statement: str) -> str | None:
    """The statement that counts the rows of this expression of a rule's WITH clause; None where there is none."""
    depth, words = 0, list[str]()
    wanted = False
    for piece in _PIECES.finditer(statement):
        if piece["word"] and depth == 0:
            words.append(piece["word"].upper())
            if words[0] == "SELECT":  # the WITH clause has ended
                return None
        elif piece["sign"] == "(":
            if depth == 0:
                wanted = [word for word in words if word not in ("WITH", "RECURSIVE")][:2] == [name.upper(), "AS"]
            depth += 1
        elif piece["sign"] == ")":
            depth -= 1
            words = []
            if wanted and depth == 0:
                return f"{statement[: piece.end()]}\nSELECT count(*) FROM {name}"
    return None
