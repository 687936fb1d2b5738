"""What SQL of a user may do: one SELECT, over the tables of its room, with functions of their arguments alone.

DuckDB's own walls keep files and the network out of reach. They do not keep a SELECT from switching on logging
or profiling, or from reading settings and the catalog: that is what the list of functions is for. It says what is
allowed, so that a function which a later DuckDB brings is refused until somebody has looked at it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import duckdb
import orjson

from analyser.messages.catalogue import Message
from analyser.store.first_row import first_row

_NAME = re.compile(r"[A-Za-z_]\w*")
_TABLE_FUNCTIONS = frozenset({"range", "generate_series", "unnest", "json_each", "json_tree"})
_SCHEMAS = frozenset({"", "main"})
_CATALOGS = frozenset({"", "temp", "memory", "rules", "system"})
"""`system.main` is where DuckDB's own functions are; its views are kept out by name."""


@cache
def _functions() -> frozenset[str]:
    text = (files("analyser.store") / "functions.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.lower().split())


@cache
def _internal() -> frozenset[str]:
    """DuckDB's own views, which are in reach without a schema before their name."""
    with duckdb.connect(":memory:") as connection:
        found = connection.execute(
            "SELECT view_name FROM duckdb_views() WHERE internal AND schema_name <> 'information_schema'"
        ).fetchall()
    return frozenset(name.lower() for (name,) in found)


def objection(sql: str, *, own_schemas: bool = False) -> Message | None:
    """Why SQL that is one SELECT may not be run; None when it may, or when DuckDB itself will say why not.

    `own_schemas`: what is read is a database of the user's own, which may have schemas.
    """
    with duckdb.connect(":memory:") as connection:
        row = first_row(connection.execute("SELECT json_serialize_sql($sql::VARCHAR)", {"sql": sql}))
    try:
        tree = orjson.loads(row[0]) if row else {}
    except orjson.JSONDecodeError:
        return Message("errors.rule.not_understood")
    if tree.get("error"):
        # Where DuckDB does not read it either, its own words say what is wrong.
        return None if tree.get("error_type") == "parser" else Message("errors.rule.not_understood")
    for node in _nodes(tree):
        if (found := _objection(node, own_schemas)) is not None:
            return found
    return None


def _objection(node: dict[str, Any], own_schemas: bool) -> Message | None:
    name = str(node.get("function_name", "")).lower()
    if name and _NAME.fullmatch(name) and (name not in _functions() or node.get("schema", "") not in _SCHEMAS):
        return Message("errors.rule.function", {"name": name})
    match node.get("type"):
        case "SHOW_REF":
            return Message("errors.rule.show")
        case "TABLE_FUNCTION":
            called = str(node["function"].get("function_name", "")).lower()
            if called not in _TABLE_FUNCTIONS:
                return Message("errors.rule.function", {"name": called})
        case "BASE_TABLE":
            table = str(node.get("table_name", "")).lower()
            outside = node.get("schema_name") not in _SCHEMAS or node.get("catalog_name") not in _CATALOGS
            if (outside and not own_schemas) or table in _internal():
                return Message("errors.rule.relation", {"name": table})
    return None


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    left = [tree]
    while left:
        node = left.pop()
        if isinstance(node, dict):
            yield node
            left.extend(node.values())
        elif isinstance(node, list):
            left.extend(node)
