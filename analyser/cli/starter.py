"""A settings file to begin with: every setting explained, each at its default and commented out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from analyser.messages.catalogue import text
from analyser.settings import Settings


def starter(lang: str) -> str:
    """The text of a kanta-gap.toml that changes nothing until its user does."""
    lines = [f"# {text(lang, 'setting.intro')}", ""]
    for entry in fields(Settings):
        if entry.name == "tables":
            continue
        lines += [f"# {text(lang, f'setting.{entry.name}')}", f"# {entry.name} = {_toml(entry.default)}", ""]
    lines += [f"# {text(lang, 'setting.table_rule')}", "# [rule.G14]", '# severity = "info"', ""]
    lines += [f"# {text(lang, 'setting.table_limits')}", "# [limits]", "# document_bytes = 67108864", ""]
    lines += [f"# {text(lang, 'setting.table_source')}", f"# {text(lang, 'setting.table_register')}"]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Mapping):
        raise TypeError("a table has lines of its own")
    return f'"{value}"'
