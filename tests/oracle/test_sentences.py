"""Each sentence of the contract's ledger has a case that SQL and oracle both answer as reasoned out by hand."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from analyser.store.database import connect_memory
from tests.oracle.asked import by_oracle, by_sql
from tests.oracle.sentences import CASES, counties

_ROOT = Path(__file__).parents[2]
_NEARLY_ALWAYS = {"no-case-document", "dates-differ"}


@cache
def _answers(who: str) -> dict[str, dict[str, Any]]:
    found = {}
    with connect_memory() as connection:
        for county in counties():
            rows, *_ = by_sql(connection, county) if who == "SQL" else by_oracle(county)
            found |= {row["source_id"]: row for row in rows}
    return found


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("who", ["SQL", "oracle"])
def test_a_sentence_of_the_contract_holds(who: str, name: str) -> None:
    case, row = CASES[name], _answers(who)[name]
    assert row["class"] == case.ends_as
    assert (row["days_archived"], row["days_expected"]) == case.days
    if case.reasons is not None:
        assert tuple(reason for reason in row["reasons"] if reason not in _NEARLY_ALWAYS) == case.reasons


def test_the_page_names_every_case_and_only_tests_that_exist() -> None:
    page = (_ROOT / "docs" / "counting.md").read_text(encoding="utf-8")
    table = page.split("## The contract's sentences and their tests")[1].split("\n## ")[0]
    named = [
        cell
        for line in table.splitlines()
        if line.startswith("|")
        for cell in re.findall(r"`([^`]+)`", line.split("|")[-2])
    ]
    cases = [name for name in named if "::" not in name]
    assert sorted(cases) == sorted(CASES), set(cases) ^ set(CASES)
    for test in set(named) - set(cases):
        file, function = test.split("::")
        tree = ast.parse((_ROOT / "tests" / file).read_text(encoding="utf-8"))
        assert function in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, test
