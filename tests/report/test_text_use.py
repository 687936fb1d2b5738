"""Every text is used: a key that no code can ask for is dead, and would be translated in vain."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from analyser.language import catalogue

PACKAGE = Path(__file__).parents[2] / "analyser"
_FAMILIES = ("report", "reason", "welcome", "narration", "delivery", "conditions")
"""Catalogues whose keys stand in the code as they are; the others are asked for by names of columns, settings, keys."""
_WORDS = re.compile(r"words\('([\w.-]+)'(?: ~ [\w.]+)?")


def _patterns() -> Iterator[str]:
    """What the code can ask for, as expressions; parts that are put in match anything."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
                yield re.escape(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [re.escape(p.value) if isinstance(p, ast.Constant) else ".+" for p in node.values]
                pattern = "".join(map(str, parts))
                if re.match(r"[a-z_]+\\\.[a-z_]", pattern) or re.match(r"(reason|conditions)\\\.\.\+", pattern):
                    yield pattern
    for path in PACKAGE.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        for found in _WORDS.finditer(page):
            yield "report." + re.escape(found[1]) + (".+" if "~" in found[0] else "")


def test_no_text_is_there_in_vain() -> None:
    asked = re.compile("|".join(set(_patterns())))
    dead = [
        key
        for key in catalogue("en")
        if key.partition(".")[0] in _FAMILIES and not asked.fullmatch(key.removesuffix("_one"))
    ]
    assert dead == []
