"""Texts in Finnish, Swedish and English, and numbers and dates as each language writes them.

Catalogues are `texts/<language>/<file>.toml`; a key is the file's name and the path inside it, joined by dots.
Keys and codes of data outputs are never translated.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("fi", "sv", "en")


def language(setting: str, environ: Mapping[str, str]) -> str:
    """The setting, else the locale's language, else English."""
    if setting:
        return setting
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name):
            return value[:2] if value[:2] in LANGUAGES else "en"
    return "en"


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """All texts of a language by key."""
    texts: dict[str, str] = {}
    for entry in (files("analyser") / "texts" / lang).iterdir():
        if entry.name.endswith(".toml"):
            table = tomllib.loads(entry.read_text(encoding="utf-8"))
            texts.update(_flat(table, entry.name.removesuffix(".toml")))
    return texts


def text(lang: str, key: str, **values: object) -> str:
    """The text of a key with its values put in."""
    return catalogue(lang)[key].format(**values)


def counted(lang: str, key: str, count: int) -> str:
    """A text about a number of things, with `{count}` in it. Where one reads otherwise, its key ends in `_one`."""
    one = f"{key}_one"
    return text(lang, one if count == 1 and has_text(lang, one) else key, count=number(lang, count))


def has_text(lang: str, key: str) -> bool:
    """Whether there is a text for the key."""
    return key in catalogue(lang)


def number(lang: str, value: int) -> str:
    """A whole number with thousands set apart."""
    grouped = f"{value:,}"
    return grouped if lang == "en" else grouped.replace(",", "\u00a0")


def decimal(lang: str, value: float) -> str:
    """A number with one decimal, or none when it is whole."""
    shown = f"{value:,.1f}".removesuffix(".0")
    return shown if lang == "en" else shown.replace(",", "\u00a0").replace(".", ",")


def percent(lang: str, share: float | None) -> str:
    """A share as a percentage with one decimal; a dash when there is none. Never rounded up to 100 or down to 0."""
    if share is None:
        return "–"
    shown = round(share * 100, 1)
    if shown == 100 and share < 1:
        shown = 99.9
    if shown == 0 and share > 0:
        shown = 0.1
    written = f"{shown:.1f}"
    return f"{written}%" if lang == "en" else f"{written.replace('.', ',')} %"


def day(lang: str, value: dt.date) -> str:
    """A day as the language writes it."""
    return value.isoformat() if lang == "en" else f"{value.day}.{value.month}.{value.year}"


def date_text(lang: str, written: str | None) -> str:
    """A date as data write it, whole or partial (`2024-05-17`, `2024-05`, `2024`), as the language writes it."""
    parts = (written or "").split("-")
    if lang == "en" or not all(part.isdigit() for part in parts):
        return written or ""
    return ".".join(part if place == len(parts) - 1 else str(int(part)) for place, part in enumerate(reversed(parts)))


def moment_text(lang: str, written: str) -> str:
    """A moment as data write it (`2025-01-17T13:06:52`), to the minute, as the language writes it."""
    date, _, time = written.partition("T")
    hour, minute = time[:2], time[3:5]
    clock = f"{hour}:{minute}" if lang == "en" else f"{int(hour)}.{minute}"
    return f"{date_text(lang, date)} {clock}"


def _flat(table: Mapping[str, Any], prefix: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found.update(_flat(value, f"{prefix}.{key}"))
        else:
            found[f"{prefix}.{key}"] = str(value)
    return found
