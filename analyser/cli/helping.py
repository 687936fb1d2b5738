"""The help page of one command, in the user's language."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from analyser.cli.help import _OPTIONS, page_texts
from analyser.cli.reference import CommandReference, Option
from analyser.messages.catalogue import text

_LEFT = 22
"""Columns of the names; a longer name has a line of its own."""
_WIDEST = 100


def command_help(told: CommandReference, lang: str, width: int) -> str:
    """What `kanta-gap COMMAND --help` prints."""
    width = min(width, _WIDEST)

    def word(key: str) -> str:
        return text(lang, f"help.common.{key}")

    lines = [f"{word('usage')}: {told.usage}"]
    for paragraph in told.about:
        lines += ["", *textwrap.wrap(paragraph, width, initial_indent="  ", subsequent_indent="  ")]
    for heading, entries in ((word("arguments"), told.arguments), (word("options"), told.options)):
        if entries:
            lines += ["", f"{heading}:", *_table(entries, lang, width)]
    if told.examples:
        lines += ["", f"{word('examples')}:"]
        for command, purpose in told.examples:
            lines += [f"    {command}", f"        {purpose}"]
    lines += ["", word("every"), *(f"  {options}" for options in _OPTIONS)]
    lines += textwrap.wrap(page_texts(lang)["exit_codes"], width)
    return "\n".join(lines) + "\n"


def _table(entries: Iterable[Option], lang: str, width: int) -> Iterable[str]:
    """Names to the left, words to the right."""
    for entry in entries:
        names = ", ".join(entry.names)
        left = f"  {names} {entry.metavar}".rstrip() if names else f"  {entry.metavar}"
        words = entry.help
        if entry.default:
            words += f"  [{text(lang, 'help.common.default', value=entry.default)}]"
        right = textwrap.wrap(words, width - _LEFT - 2)
        if len(left) > _LEFT:
            yield left
        else:
            yield f"{left:{_LEFT}}  {right.pop(0)}"
        yield from (" " * (_LEFT + 2) + line for line in right)
