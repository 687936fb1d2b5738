"""How far the SQL of a rule reaches: whether it counts, orders or asks anything beyond one person's material.

Read off the syntax tree that DuckDB gives of it, and of the populations that it names. What is put together is a person's
own where it is by a key of a person, a document or a row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import duckdb

from analyser.rules.catalogue import Rule
from analyser.system.resources import queries

_OWN = frozenset(
    ("person_key", "person_no", "identity_key", "document_key", "member_key", "frame_key", "source_id", "oid", "set_id",
     "row_no", "case_id", "evidence_no", "document", "subject")
)  # fmt: skip
"""Columns each of whose values stands for one person's material."""
_BEFORE = frozenset(("scope_organiser",))
"""What is computed of the whole before the county is cut: any part may ask for it."""
_OF_THE_WHOLE = (
    "reference_day", "unit_month", "register_population", "register_error", "archived_municipality", "archived_month",
    "register_identity", "quarantine", "frame",
)  # fmt: skip
"""What is dated, counted or compared by the whole county."""


def beyond(rule: Rule) -> set[str]:
    """By what the rule reaches beyond one person's material; empty for one that does not."""
    texts = [rule.sql, *_views_of(rule)]
    found = {table for text in (*texts, rule.of_sql) for table in _OF_THE_WHOLE if _reads(text, table)}
    with duckdb.connect() as connection:
        for text in texts:
            found |= set(_of_statement(_tree(connection, text)))
        counted = _tree(connection, rule.of_sql)
        found |= set(_of_statement(counted, denominator=counted["statements"][0]["node"]))
    return found


def _views_of(rule: Rule) -> Iterator[str]:
    """The populations that the rule names, and that they name."""
    views, read = dict(_populations()), rule.sql + rule.of_sql
    while named := [name for name in views if re.search(rf"\b{name}\b", read)]:
        for name in named:
            read += "\n" + views[name]
            yield views.pop(name)


@cache
def _populations() -> dict[str, str]:
    files = sorted((queries("rules", "tables")).glob("5?-*populations.sql"))
    assert len(files) > 1
    written = "\n".join(path.read_text(encoding="utf-8") for path in files)
    views = dict(re.findall(r"TEMP (?:VIEW|TABLE) (\w+) AS\n(.*?);", written, re.DOTALL))
    assert len(views) == written.count("CREATE")
    return views


def _reads(text: str, table: str) -> bool:
    return re.search(rf"\b(FROM|JOIN) {table}\b", text) is not None


def _tree(connection: duckdb.DuckDBPyConnection, text: str) -> Any:
    sql = re.sub(r"\$\w+", "1", text.strip().rstrip(";"))
    (found,) = connection.execute("SELECT json_serialize_sql($sql)", {"sql": sql}).fetchone() or ("{}",)
    tree = json.loads(found)
    assert not tree["error"], tree
    return tree


def _of_statement(tree: Any, denominator: Any = None) -> Iterator[str]:
    for select in (node for node in _nodes(tree) if node.get("type") == "SELECT_NODE"):
        grouped = select.get("group_expressions")
        told = [*_nodes(select["select_list"], inside=False)]
        if grouped and not _names(_nodes(grouped, inside=False)) & _OWN:
            yield "GROUP BY"
        distinct = any(modifier["type"] == "DISTINCT_MODIFIER" for modifier in select["modifiers"])
        if distinct and not _names(told) & _OWN and not any(node.get("class") == "STAR" for node in told):
            yield "DISTINCT"
        called = {node["function_name"] for node in told if node.get("class") == "FUNCTION"}
        if called & _aggregates() and not grouped and select is not denominator:
            yield "aggregate of all"
    for node in _nodes(tree):
        if node.get("class") == "WINDOW" and not _names(_nodes(node["partitions"])) & _OWN:
            yield "OVER"
        if node.get("class") == "SUBQUERY" and node["subquery_type"] == "EXISTS":
            inner = node["subquery"]["node"]
            tables = {one["table_name"] for one in _nodes(inner) if one.get("type") == "BASE_TABLE"}
            bound = any(len(one["column_names"]) > 1 for one in _nodes(inner["where_clause"] or {}) if _is_column(one))
            if not bound and not tables <= _BEFORE:
                yield "EXISTS"


def _nodes(tree: Any, *, inside: bool = True) -> Iterator[dict[str, Any]]:
    """All nodes below; without `inside` not those of queries within."""
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            if inside or not (isinstance(value, dict) and value.get("type") == "SELECT_NODE"):
                yield from _nodes(value, inside=inside)
    elif isinstance(tree, list):
        for value in tree:
            yield from _nodes(value, inside=inside)


def _is_column(node: dict[str, Any]) -> bool:
    return node.get("class") == "COLUMN_REF"


def _names(nodes: Any) -> set[str]:
    return {node["column_names"][-1] for node in nodes if _is_column(node)}


@cache
def _aggregates() -> frozenset[str]:
    with duckdb.connect() as connection:
        found = connection.execute("SELECT function_name FROM duckdb_functions() WHERE function_type = 'aggregate'")
        return frozenset(name for (name,) in found.fetchall())
