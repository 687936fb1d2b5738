"""The languages, and which one is spoken. Loads nothing, so that the help can ask it at no cost."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES = ("fi", "sv", "en")


def language(setting: str, environ: Mapping[str, str]) -> str:
    """The setting, else the locale's language, else English."""
    if setting:
        return setting
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name):
            return value[:2] if value[:2] in LANGUAGES else "en"
    return _of_the_system()


_PRIMARY = {0x0B: "fi", 0x1D: "sv"}
"""Windows' numbers of languages, without those of their countries."""


def _of_the_system() -> str:
    """The language of the user's screen where no variable says it, as on Windows; English elsewhere."""
    if sys.platform == "win32":
        import ctypes

        return _PRIMARY.get(ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF, "en")
    return "en"
