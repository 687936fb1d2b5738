"""Every text is used: a key that no code can ask for is dead, and would be translated in vain."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from analyser.messages.catalogue import catalogue

PACKAGE = Path(__file__).parents[2] / "analyser"
_FAMILIES = ("report", "reason", "welcome", "narration", "delivery", "conditions", "errors")
"""Catalogues whose keys stand in the code as they are; the others are asked for by names of columns, settings, keys."""
_WORDS = re.compile(r"words\('([\w.-]+)'(?: ~ [\w.]+)?")


def _keys(node: ast.expr) -> Iterator[str]:
    """The key that an error is raised with, as an expression."""
    if isinstance(node, ast.Constant):
        yield re.escape(str(node.value))
    elif isinstance(node, ast.JoinedStr):
        yield "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"\w+" for p in node.values)


def _patterns() -> Iterator[str]:
    """What the code can ask for, as expressions; parts that are put in match anything."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and (named.endswith("Error") or named == "super().__init__") and node.args:
                yield from (f"errors\\.{key}\\.(told|hint)" for key in _keys(node.args[0]))
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "wrong" and len(node.args) > 1:
                yield from (f"errors\\.profile\\.wrong\\.{key}" for key in _keys(node.args[1]))
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
    dead = [key for key in catalogue("en") if key.partition(".")[0] in _FAMILIES and not asked.fullmatch(key)]
    assert dead == []
