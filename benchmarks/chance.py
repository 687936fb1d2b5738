"""How often rules that compare shares and counts find something where there is nothing but chance.

Counties in which the same share of rows is archived everywhere, and every unit stores documents as evenly as chance lets
it: whatever a rule finds there is false. `python -m benchmarks.chance [COUNTIES]` prints the share of checks with a false
finding, by rule.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator

import duckdb

from analyser.rules.catalogue import Rule, rules
from analyser.system.resources import queries

SHARE = 0.9
"""Of all rows, in every municipality and age group, that is archived."""
MUNICIPALITIES = 12
ROWS = (20, 100)
"""Fewest and most rows of a municipality."""
UNITS = 30
MONTHLY = (0.4, 12.0)
"""Fewest and most documents that a unit stores in a month, on average."""
_AGES = ("0-17", "18-64", "65-74", "75-84", "85+")
_MONTHS = [f"{2024 + month // 12}-{month % 12 + 1:02}-01" for month in range(15)]
LOOKED_AT = ("P01", "P02", "P03", "A08", "A09")


def false_findings(counties: int, seed: int = 1, *, chance: float | None = None) -> dict[str, float]:
    """Share of the counties in which each rule finds something. `chance`: the setting of that name for all rules."""
    chosen = [rule for rule in rules() if rule.code in LOOKED_AT]
    found: Counter[str] = Counter()
    dice = random.Random(seed)
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        _furnish(connection)
        for _ in range(counties):
            _county(connection, dice)
            found.update(rule.code for rule in chosen if _rows(connection, rule, chance))
    return {rule.code: found[rule.code] / counties for rule in chosen}


def _furnish(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "CREATE TABLE run AS SELECT DATE '2025-01-01' AS period_start, DATE '2025-03-31' AS period_end, NULL::DATE AS as_of"
    )
    connection.execute("CREATE TABLE reference_day AS SELECT DATE '2025-03-31' AS day")
    connection.execute(
        "CREATE TABLE ledger (source_id VARCHAR, layer VARCHAR, class VARCHAR, municipality VARCHAR, age_group VARCHAR)"
    )
    connection.execute("CREATE VIEW register_episode AS SELECT source_id, municipality FROM ledger")
    connection.execute(queries("rules", "tables", "55-shares.sql").read_text(encoding="utf-8"))
    connection.execute("CREATE TABLE unit_month (unit VARCHAR, kind VARCHAR, month DATE, documents BIGINT)")
    connection.execute("CREATE TABLE register_unit (oid VARCHAR, valid_from DATE, valid_to DATE)")
    connection.execute(queries("rules", "tables", "54-unit-populations.sql").read_text(encoding="utf-8"))
    connection.execute(
        "CREATE TABLE register_population AS SELECT 'm' || range AS municipality, 2025 AS year FROM range(12)"
    )
    connection.execute(
        "CREATE VIEW archived_municipality AS SELECT DISTINCT municipality FROM ledger WHERE class = 'archived'"
    )


def _county(connection: duckdb.DuckDBPyConnection, dice: random.Random) -> None:
    connection.execute("DELETE FROM ledger")
    connection.execute("DELETE FROM unit_month")
    ledger = list(_ledger(dice))
    months = list(_months(dice))
    for table, rows in (("ledger", ledger), ("unit_month", months)):
        columns = [list(column) for column in zip(*rows, strict=True)]
        marks = ", ".join(f"unnest(${number + 1})" for number in range(len(columns)))
        connection.execute(f"INSERT INTO {table} SELECT {marks}", columns)


def _ledger(dice: random.Random) -> Iterator[tuple[str, ...]]:
    for municipality in range(MUNICIPALITIES):
        for row in range(dice.randint(*ROWS)):
            state = "archived" if dice.random() < SHARE else "missing"
            yield f"{municipality}-{row}", "service-task", state, f"m{municipality}", dice.choice(_AGES)


def _months(dice: random.Random) -> Iterator[tuple[str, str, str, int]]:
    for unit in range(UNITS):
        usual = dice.uniform(*MONTHLY)
        for month in _MONTHS:
            if stored := _poisson(dice, usual):
                yield f"u{unit}", "client", month, stored


def _poisson(dice: random.Random, mean: float) -> int:
    """How many come in a month when `mean` come on average."""
    count, time = 0, dice.expovariate(mean)
    while time < 1:
        count, time = count + 1, time + dice.expovariate(mean)
    return count


def _rows(connection: duckdb.DuckDBPyConnection, rule: Rule, chance: float | None) -> int:
    used = {parameter.name: parameter.default for parameter in rule.parameters if f"${parameter.name}" in rule.sql}
    if chance is not None and "chance" in used:
        used["chance"] = chance
    return len(connection.execute(rule.sql, used or None).fetchall())


if __name__ == "__main__":
    for code, share in false_findings(int(sys.argv[1]) if len(sys.argv) > 1 else 1000).items():
        print(f"{code}  {share:.1%}")
