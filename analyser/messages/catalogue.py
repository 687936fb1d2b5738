"""Texts in Finnish, Swedish and English, and numbers and dates as each language writes them.

Catalogues are `texts/<language>/<file>.toml`; a key is the file's name and the path inside it, joined by dots. Where
words hang on a number, the text holds both forms: see Count.
Keys and codes of data outputs are never translated.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Message:
    """Something to be told, before anybody knows in which language: the key of its text, and what is put in."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, lang: str) -> str:
        """The text in a language."""
        return text(lang, self.key, **self.values)

    def __str__(self) -> str:
        """In the language of data outputs."""
        return self.text("en")


@dataclass(frozen=True, slots=True)
class Count:
    """A number of things, put into a text with the form of the word that goes with it.

    `{rows:row|rows}` is „1 row“ and „2 rows“; `{rows:-is|are}` is the word alone; `{rows:d}` the bare digits.
    """

    lang: str
    value: int

    def __format__(self, forms: str) -> str:
        if forms == "d":
            return str(self.value)
        shown = number(self.lang, self.value)
        if not forms:
            return shown
        one, many = forms.removeprefix("-").split("|")
        word = one if self.value == 1 else many
        return word if forms.startswith("-") else f"{shown} {word}"


def catalogue(lang: str) -> Mapping[str, str]:
    """All texts of a language by key."""
    texts: dict[str, str] = {}
    for entry in (files("analyser") / "texts" / lang).iterdir():
        parts = [entry.name] if entry.is_file() else [f"{entry.name}/{part.name}" for part in entry.iterdir()]
        for part in parts:
            texts.update(_part(lang, part.removesuffix(".toml")))
    return texts


def sources(lang: str) -> Iterator[str]:
    """The files of a language as they are written."""
    for entry in (files("analyser") / "texts" / lang).iterdir():
        for part in [entry] if entry.is_file() else entry.iterdir():
            yield part.read_text(encoding="utf-8")


@cache
def _part(lang: str, name: str) -> Mapping[str, str]:
    """The texts of one file, so that who needs few does not read all."""
    entry = files("analyser") / "texts" / lang / f"{name}.toml"
    return _flat(tomllib.loads(entry.read_text(encoding="utf-8")), name.replace("/", "."))


_FOLDERS = ("errors", "help")
"""Catalogues that are folders of files."""


def _found(lang: str, key: str) -> str | None:
    name, _, rest = key.partition(".")
    if name in _FOLDERS:
        name = f"{name}/{rest.partition('.')[0]}"
    try:
        return _part(lang, name).get(key)
    except FileNotFoundError:
        return None


def text(lang: str, key: str, /, **values: object) -> str:
    """The text of a key with its values put in. Lists are joined by commas; a Told is told in the same language."""
    found = _found(lang, key)
    if found is None:
        raise KeyError(key)
    return found.format(**{name: _put(lang, value) for name, value in values.items()})


def _put(lang: str, value: object) -> object:
    if isinstance(value, Message):
        return value.text(lang)
    if isinstance(value, int) and not isinstance(value, bool):
        return Count(lang, value)
    if isinstance(value, list | tuple):
        return ", ".join(format(_put(lang, one)) for one in value)
    return value


def has_text(lang: str, key: str) -> bool:
    """Whether there is a text for the key."""
    return _found(lang, key) is not None


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
