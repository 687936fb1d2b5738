"""What a spreadsheet takes for a formula and runs instead of showing it."""

from __future__ import annotations

import re

INVISIBLE = "[\u00ad\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060-\u2064\ufeff]*"
"""What may stand before a sign unseen: a spreadsheet drops a byte order mark, and then reads the sign first."""
SIGNS = "[=+\\-@\\t\\r\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212]"
"""Also in full width and as small forms, which some spreadsheets fold."""
_FORMULA = re.compile(INVISIBLE + SIGNS)


def like_a_formula(value: str | None) -> bool:
    """Whether a spreadsheet would run the value instead of showing it."""
    return value is not None and _FORMULA.match(value) is not None
