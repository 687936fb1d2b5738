"""Places in SQL whose answer may depend on the order of rows that are equal, read off the parsed statements.

DuckDB breaks ties as threads, joins and arrival have it, and each of two windows in its own way. So every window over
an order, `first`, `any_value`, `arg_min`, `list` and LIMIT either is total by its form (the value itself ends the key,
a list is sorted) or says in a comment beside it why no two rows have one place: `-- total: one row a start`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import duckdb

_CREATED = re.compile(
    r"^CREATE\s+(?:OR\s+REPLACE\s+)?(?:TEMP\s+|TEMPORARY\s+)?(?:TABLE|VIEW|MACRO)\s+(?:IF\s+NOT\s+EXISTS\s+)?"
    r"[\w.]+\s*(?:\([^)]*\))?\s+AS\s+(?:TABLE\s+)?",
    re.IGNORECASE,
)
_INSERTED = re.compile(r"^INSERT\s+(?:OR\s+\w+\s+)?INTO\s+[\w.]+\s*(?:BY\s+NAME\s*|\([^)]*\)\s*)?", re.IGNORECASE)
_SELECTS = re.compile(r"^\s*(?:WITH|SELECT|FROM|VALUES)\b", re.IGNORECASE)
_RETURNING = re.compile(r"\bRETURNING\b[^)]*;?\s*$", re.IGNORECASE)
_LIMIT = re.compile(r"\bLIMIT\b", re.IGNORECASE)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_PICKS = {"first", "last", "any_value", "arbitrary", "arg_min", "arg_max", "min_by", "max_by", "mode"}
_GATHERS = {"list", "array_agg", "string_agg", "group_concat", "listagg"}
# Equal rows have equal ranks, and totals over all of a partition do not ask for an order.
_WITHOUT_ORDER = {"WINDOW_RANK", "WINDOW_RANK_DENSE", "WINDOW_PERCENT_RANK", "WINDOW_CUME_DIST"}
_MARK = "-- total:"


class Doubtful(NamedTuple):
    """A place that needs a total order and does not say that it has one."""

    line: int
    """Line of the SQL text, from 1."""
    what: str


def doubtful(sql: str) -> list[Doubtful]:
    """Places of the text that may depend on ties. Raises ValueError for a statement that cannot be read for them."""
    lines = sql.splitlines()
    found = []
    with duckdb.connect() as connection:
        for start, query in _statements(sql):
            body = _body(query)
            if body is None:
                continue
            offset = len(query) - len(body)  # negative where a SELECT was put in front
            answer = connection.execute("SELECT json_serialize_sql($sql)", {"sql": body}).fetchone()
            tree = json.loads(answer[0]) if answer else {"error": True}
            if tree["error"]:
                raise ValueError(f"a statement that cannot be read for its order: {query[:80]!r}: {tree}")
            places = list(_places(tree))
            if any(what.startswith("LIMIT") for _, what in places):
                # A limit is told without its place: every one of the statement is asked.
                what = next(what for _, what in places if what.startswith("LIMIT"))
                places = [place for place in places if not place[1].startswith("LIMIT")]
                places += [(match.start(), what) for match in _LIMIT.finditer(_COMMENT.sub(_blank, body))]
            for place, what in places:
                line = sql.count("\n", 0, start + offset + place)
                if not any(_MARK in text for text in lines[max(0, line - 2) : line + 1]):
                    found.append(Doubtful(line + 1, what))
    return sorted(found)


def _blank(comment: re.Match[str]) -> str:
    return " " * len(comment[0])


def _statements(sql: str) -> Iterator[tuple[int, str]]:
    """Where each statement begins, and its text without the comments in front of it."""
    at = 0
    for statement in duckdb.extract_statements(sql):
        query = statement.query
        begun = sql.index(query, at)
        at = begun + len(query)
        stripped = query
        while True:
            stripped = stripped.lstrip()
            comment = _COMMENT.match(stripped)
            if comment is None:
                break
            stripped = stripped[comment.end() :]
        yield begun + len(query) - len(stripped), stripped


def _body(query: str) -> str | None:
    """What a statement selects, with the place it has in the text; None for one that selects nothing."""
    for prefix in (_CREATED, _INSERTED):
        if match := prefix.match(query):
            query = _RETURNING.sub(_blank, query[match.end() :])
            if not _SELECTS.match(_COMMENT.sub(" ", query)):
                # An expression of a macro: the same text, selected, in as many characters.
                return None if prefix is _INSERTED else "SELECT " + query
            return query
    if _SELECTS.match(query):
        return query
    if re.match(r"^COMMENT ON\b", query):  # words about a table, which may be any
        return None
    if re.match(r"^(?:DROP|CREATE|PRAGMA|SET|UPDATE|DELETE|ALTER|CALL)\b", query, re.IGNORECASE):
        if _MARK not in query and re.search(r"\b(?:OVER|LIMIT|first|any_value|arg_min|arg_max|list)\s*\(", query):
            raise ValueError(f"an order inside a statement that is not read for it: {query[:80]!r}")
        return None
    raise ValueError(f"a statement of an unknown kind: {query[:80]!r}")


def _places(node: Any, parents: tuple[str, ...] = ()) -> Iterator[tuple[int, str]]:
    if isinstance(node, list):
        for item in node:
            yield from _places(item, parents)
        return
    if not isinstance(node, dict):
        return
    name = str(node.get("function_name") or "").lower()
    if node.get("class") == "WINDOW":
        if not _total_window(node):
            yield node.get("query_location", 0), f"window {name or node['type']}"
    elif node.get("class") == "FUNCTION" and name in _PICKS | _GATHERS and not _total_function(node, name, parents):
        yield node.get("query_location", 0), name
    kinds = [modifier["type"] for modifier in node.get("modifiers") or []]
    for modifier in node.get("modifiers") or []:
        if modifier["type"] in ("LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER"):
            yield 0, "LIMIT" if "ORDER_MODIFIER" in kinds else "LIMIT without an order"
        if modifier["type"] == "DISTINCT_MODIFIER" and modifier.get("distinct_on_targets"):
            yield _location(modifier["distinct_on_targets"]), "DISTINCT ON"
    inner = (*parents, name) if node.get("class") == "FUNCTION" else parents
    for value in node.values():
        yield from _places(value, inner)


def _total_window(node: dict[str, Any]) -> bool:
    if node["type"] in _WITHOUT_ORDER:
        return True
    name = str(node.get("function_name") or "").lower()
    if node["type"] != "WINDOW_AGGREGATE":
        return False
    return not node.get("orders") and name not in _PICKS | _GATHERS


def _total_function(node: dict[str, Any], name: str, parents: tuple[str, ...]) -> bool:
    value = _bare(node["children"][0]) if node.get("children") else None
    ordered = [_bare(order["expression"]) for order in (node.get("order_bys") or {}).get("orders", [])]
    if value in ordered:
        return True
    if name in ("arg_min", "arg_max", "min_by", "max_by"):
        key = node["children"][1]
        parts = key.get("children") or [key]
        return value in [_bare(part) for part in parts]
    if name in _GATHERS:
        return bool(parents) and (
            parents[-1] in ("list_sort", "array_sort") or parents[-2:] == ("list_sort", "list_distinct")
        )
    return False


def _bare(node: Any) -> str:
    """An expression without the places where it stands, to compare with another."""
    if isinstance(node, dict):
        kept = {key: json.loads(_bare(value)) for key, value in node.items() if key not in ("query_location", "alias")}
        return json.dumps(kept, sort_keys=True)
    if isinstance(node, list):
        return json.dumps([json.loads(_bare(item)) for item in node])
    return json.dumps(node)


def _location(node: Any) -> int:
    if isinstance(node, dict):
        if isinstance(node.get("query_location"), int) and node["query_location"] < 2**40:
            return int(node["query_location"])
        return next((place for value in node.values() if (place := _location(value))), 0)
    if isinstance(node, list):
        return next((place for item in node if (place := _location(item))), 0)
    return 0
