"""The languages, and which one is spoken. Loads nothing, so that the help can ask it at no cost."""

from __future__ import annotations

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
    return "en"
