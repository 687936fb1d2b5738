"""Names that Windows keeps for its devices: no file can be called so there, whatever its ending."""

from __future__ import annotations

import re

_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\s*\..*)?", re.IGNORECASE | re.DOTALL)


def is_ordinary(name: str) -> bool:
    """Whether a file of this name can lie on every system: no device's name, and no dot or space at its end, which
    Windows drops."""
    return not _DEVICE.fullmatch(name.rstrip(". ")) and name == name.rstrip(". ")
