"""Whatever a rule file holds, it ends in one status with its reason, sees no identifier and no file, and the others go on."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analyser.rules import run as run_module
from analyser.rules.run import OutcomeReason, Status
from tests.command import run as run_apart
from tests.command import run_here as run
from tests.rules.room import outcome_of

HEADER = """/*
code = "X01"
name = "own"
severity = "error"

[title]
en = "own"

[of]
en = "things"
sql = "SELECT 1000"
*/
"""
COLUMNS = (
    "'s' AS subject, NULL AS person_key, NULL AS service_task, NULL AS municipality, NULL AS document, NULL AS place"
)


def test_a_rule_that_finds_rows_fails_and_one_that_finds_none_passes(tmp_path: Path) -> None:
    assert outcome_of(tmp_path, f"{HEADER}SELECT {COLUMNS}").status is Status.FAILED
    assert outcome_of(tmp_path, f"{HEADER}SELECT {COLUMNS} LIMIT 0").status is Status.PASSED


def test_nothing_to_look_at_is_not_passed(tmp_path: Path) -> None:
    found = outcome_of(tmp_path, f"{HEADER}SELECT {COLUMNS} LIMIT 0".replace("SELECT 1000", "SELECT 0"))
    assert (found.status, found.reason) == (Status.NOT_APPLICABLE, OutcomeReason.NOTHING)


def test_a_rule_is_not_asked_about_periods_it_is_not_meant_for(tmp_path: Path) -> None:
    text = HEADER.replace('severity = "error"', 'severity = "error"\napplies = "2026-01-01.."')
    found = outcome_of(tmp_path, f"{text}SELECT {COLUMNS}")
    assert (found.status, found.reason) == (Status.NOT_APPLICABLE, OutcomeReason.PERIOD)


_BROKEN = {
    "no header": (f"SELECT {COLUMNS}", "line 1: no header"),
    "a header that is no TOML": ('/*\ncode = "X01"\nname = \n*/ SELECT 1', "line 3: the header is not TOML"),
    "a header without a name": ('/*\ncode = "X01"\nseverity = "error"\n*/ SELECT 1', "lacks ‘name’"),
    "an unknown severity": (HEADER.replace('"error"', '"awful"') + "SELECT 1", "line 4: the severity is none of"),
    "an unknown key": (HEADER.replace("[title]", "[titel]") + "SELECT 1", "line 6: the header has an unknown key"),
    "a name that is not the file's": (HEADER.replace("X01", "X02") + "SELECT 1", "must be called X02-own.sql"),
    "a denominator without SQL": (HEADER.replace('sql = "SELECT 1000"', "") + "SELECT 1", "‘of’ has either ‘sql’"),
    "a range that is none": (HEADER.replace("[title]", 'applies = "2025"\n[title]') + "SELECT 1", "range of days"),
}


@pytest.mark.parametrize(("text", "told"), _BROKEN.values(), ids=_BROKEN.keys())
def test_a_file_that_is_no_rule_is_an_error_with_file_and_line(tmp_path: Path, text: str, told: str) -> None:
    found = outcome_of(tmp_path, text)
    assert (found.status, found.reason) == (Status.ERROR, OutcomeReason.BROKEN)
    assert "X01-own.sql, line " in str(found.values["told"])
    assert told in str(found.values["told"])


_REFUSED = {
    "two statements": (f"SELECT {COLUMNS}; SELECT 1", "must be one statement"),
    "a write": ("DELETE FROM ledger", "must be a SELECT"),
    "a new table": ("CREATE TABLE stolen AS FROM ledger", "must be a SELECT"),
    "a file written": ("COPY ledger TO 'stolen.csv'", "must be a SELECT"),
    "another database": ("ATTACH 'kanta-gap.duckdb' AS other", "must be a SELECT"),
    "a setting": ("SET enable_external_access = true", "must be a SELECT"),
    "an extension": ("INSTALL httpfs", "must be a SELECT"),
    "no SQL": ("this is no SQL", "syntax error"),
    "an unknown table": (f"SELECT {COLUMNS}\nFROM nowhere", "nowhere"),
    "a parameter that the header lacks": (f"SELECT {COLUMNS} WHERE $days > 1", "does not declare"),
    "a file read": (f"SELECT {COLUMNS} FROM read_csv('/etc/passwd')", "disabled"),
    "a file read as text": (f"SELECT {COLUMNS} FROM read_text('/etc/passwd')", "disabled"),
    "a file named as a table": (f"SELECT {COLUMNS} FROM '/etc/passwd'", "does not exist"),
    "a folder listed": (f"SELECT {COLUMNS} FROM glob('/*')", "disabled"),
    "the network": (f"SELECT {COLUMNS} FROM read_csv('https://example.org/a.csv')", ""),
    "identifiers": (f"SELECT {COLUMNS} FROM person_identity", "does not exist"),
    "identifiers by their full name": (f"SELECT {COLUMNS} FROM memory.main.person_identity", "does not exist"),
    "identifiers by a detour": (f"SELECT {COLUMNS} FROM query('FROM memory.main.person_identity')", ""),
    "the key of the hashes": (f"SELECT {COLUMNS} FROM meta", "does not exist"),
}


@pytest.mark.parametrize(("sql", "told"), _REFUSED.values(), ids=_REFUSED.keys())
def test_a_rule_reads_what_it_may_and_nothing_else(tmp_path: Path, sql: str, told: str) -> None:
    found = outcome_of(tmp_path, HEADER + sql)
    assert (found.status, found.reason) == (Status.ERROR, OutcomeReason.REFUSED)
    assert told in str(found.values["told"])
    assert found.values["file"] == "X01-own.sql"
    assert int(found.values["line"]) >= HEADER.count("\n") + 1


def test_the_line_of_an_error_is_the_file_s_own(tmp_path: Path) -> None:
    found = outcome_of(tmp_path, f"{HEADER}SELECT {COLUMNS}\nFROM ledger\nWHERE nothing_of_that_name")
    assert int(found.values["line"]) == HEADER.count("\n") + 3


def test_an_error_never_quotes_the_data(tmp_path: Path) -> None:
    found = outcome_of(tmp_path, f"{HEADER}SELECT {COLUMNS} FROM identity_fact WHERE root::INTEGER = 1")
    assert found.reason is OutcomeReason.REFUSED
    assert "1.2.246.21" not in str(found.values["told"])


_LATE = "CASE WHEN range = 900000 THEN 'a name' ELSE '1' END"


@pytest.mark.parametrize("subject", [f"{_LATE}::INTEGER", f"{_LATE}::DOUBLE"])
def test_an_error_at_a_late_row_ends_the_rule_alone_and_quotes_nothing(tmp_path: Path, subject: str) -> None:
    text = HEADER.replace("SELECT 1000", "SELECT 1000000")
    found = outcome_of(tmp_path, text + "SELECT " + COLUMNS.replace("'s'", subject) + " FROM range(1000000)")
    assert (found.status, found.reason) == (Status.ERROR, OutcomeReason.REFUSED)
    assert "ConversionException" in str(found.values["told"])
    assert "a name" not in str(found.values["told"])


def test_what_is_no_text_is_told_as_before(tmp_path: Path) -> None:
    subjects = {
        "1.50::DECIMAL(4, 2)": "1.50",
        "true": "True",
        "DATE '2025-01-02'": "2025-01-02",
        "7": "7",
        "['a']": "['a']",
    }
    for subject, told in subjects.items():
        found = outcome_of(tmp_path, HEADER + "SELECT " + COLUMNS.replace("'s'", subject))
        assert [row[0] for row in found.rows] == [told], subject


def test_other_columns_than_the_protocol_s_are_an_error(tmp_path: Path) -> None:
    found = outcome_of(tmp_path, f"{HEADER}SELECT 1 AS one")
    assert (found.status, found.reason, found.values["columns"]) == (Status.ERROR, OutcomeReason.COLUMNS, "one")


def test_more_rows_than_were_looked_at_are_an_error(tmp_path: Path) -> None:
    found = outcome_of(tmp_path, f"{HEADER}SELECT {COLUMNS} FROM range(1001)")
    assert (found.status, found.reason) == (Status.ERROR, OutcomeReason.MORE_THAN_ALL)


def test_a_rule_that_runs_too_long_is_stopped(tmp_path: Path) -> None:
    slow = f"{HEADER}SELECT {COLUMNS} FROM range(10000000) AS a, range(10000000) AS b WHERE a.range * b.range = -1"
    found = outcome_of(tmp_path, slow, seconds=0.3)
    assert (found.status, found.reason) == (Status.ERROR, OutcomeReason.TIME)


def test_an_interrupt_that_falls_between_two_statements_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute = run_module._execute

    def late(*asked: Any) -> Any:
        time.sleep(0.3)  # the time passes while nothing is there to interrupt
        return execute(*asked)

    monkeypatch.setattr(run_module, "_execute", late)
    slow = f"{HEADER}SELECT {COLUMNS} FROM range(200000) AS a, range(200000) AS b WHERE a.range * b.range = -1"
    found = outcome_of(tmp_path, slow, seconds=0.1)
    assert (found.status, found.reason) == (Status.ERROR, OutcomeReason.TIME)


@pytest.mark.parametrize(("stopped", "told"), [(2, "ConversionException"), (99, "InterruptException")])
def test_who_is_stopped_before_its_time_is_asked_again_and_never_called_slow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped: int, told: str
) -> None:
    execute, times = run_module._execute, iter(range(stopped))

    def stop(*asked: Any) -> Any:
        if next(times, None) is not None:
            raise duckdb.InterruptException("another thread failed")
        return execute(*asked)

    monkeypatch.setattr(run_module, "_execute", stop)
    text = HEADER + "SELECT " + COLUMNS.replace("'s'", f"{_LATE}::INTEGER") + " FROM range(899500, 900100)"
    found = outcome_of(tmp_path, text)
    assert (found.status, found.reason) == (Status.ERROR, OutcomeReason.REFUSED)
    assert told in str(found.values["told"])


def test_a_broken_rule_of_the_user_stops_nobody_else(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "X01-own.sql").write_text("SELECT 1")
    (folder / "X02-two.sql").write_text(HEADER.replace("X01", "X02").replace('"own"', '"two"', 1) + f"SELECT {COLUMNS}")
    (folder / "D05-mine.sql").write_text(
        HEADER.replace("X01", "D05").replace('"own"', '"mine"', 1) + f"SELECT {COLUMNS}"
    )
    (tmp_path / "episodes.csv").write_text(
        "source_id,person_id,service_task,start,end,organiser\nR1,010190-900P,24,2025-01-01,,1.2.246.10.99999901.10.0\n"
    )
    run(tmp_path, "register", "episodes.csv")
    done = run(tmp_path, "check", "--period", "2025Q1", "--rules", "own", "-f", "json")
    told = {rule["code"]: (rule["status"], rule["reason"]) for rule in json.loads(done.out)["rules"]}
    assert done.code == 3
    assert told["X01"][0] == "error"
    assert "X01-own.sql, line 1" in told["X01"][1]
    assert told["X02"][0] == "failed"
    assert told["D05"][0] in ("passed", "not-applicable")
    assert "is taken by D05-period-reversed.sql" in told["D05-mine!"][1]


_HOSTILE = {
    # what DuckDB would do although its walls stand
    **{f"call {name}": f"SELECT {COLUMNS} FROM {name}" for name in (
        "enable_logging()", "enable_logging(storage = 'stdout')", "enable_profiling()", "disable_logging()",
        "enable_profiling(save_location = 'stolen.json')", "truncate_duckdb_logs()", "checkpoint()", "force_checkpoint()",
        "duckdb_settings()", "duckdb_secrets()", "duckdb_logs()", "duckdb_functions()", "duckdb_databases()",
        "duckdb_tables()", "duckdb_temporary_files()", "duckdb_memory()", "duckdb_variables()", "pragma_version()",
        "pragma_database_size()", "pragma_table_info('ledger')", "pragma_storage_info('ledger')", "pragma_platform()",
        "read_csv('episodes.csv')", "read_text('/etc/passwd')", "read_blob('/etc/passwd')", "read_json('x.json')",
        "read_parquet('x.parquet')", "parquet_metadata('x')", "parquet_schema('x')", "sniff_csv('episodes.csv')",
        "glob('/*')", "query('SELECT 1')", "query_table('ledger')", "json_execute_serialized_sql('{}')", "seq_scan('x')",
        "arrow_scan(1, 2, 3)", "pandas_scan(1)", "python_map_function()", "read_duckdb('kanta-gap.duckdb')",
        "repeat_row(1, num_rows = 9)", "summary((FROM ledger))", "test_all_types()", "duckdb_logs_parsed('x')",
        "duckdb_settings", "duckdb_tables", "sqlite_master", "pragma_database_list", "pg_catalog.pg_class",
        "information_schema.tables", "information_schema.columns", "system.information_schema.tables",
        "(SHOW ALL TABLES)", "(DESCRIBE ledger)", "(SUMMARIZE ledger)", "'episodes.csv'", "memory.main.person_identity",
        "person_identity", "meta", "kanta-gap.meta",
    )},
    **{f"ask {name}": "SELECT " + COLUMNS.replace("'s'", f"({name})::VARCHAR") for name in (
        "current_setting('temp_directory')", "getvariable('x')", "getenv('HOME')", "version()", "pg_sleep(1)", "sleep_ms(9)",
        "current_database()", "write_log('x')", "txid_current()", "nextval('x')", "json_serialize_sql('SELECT 1')",
        "current_query()", "pg_conf_load_time()", "system.main.current_setting('threads')", "'threads'.current_setting()",
        "list_transform([1], lambda x: current_setting('threads'))", "(SELECT current_setting('threads'))",
        "COLUMNS('x')::VARCHAR || getenv('HOME')", "in_search_path('a', 'b')", "stats(1)", "session_user()",
    )},
    "aggregate": f"SELECT {COLUMNS} FROM range(3) WHERE range = 1 ORDER BY current_setting('threads')",
    "with": f"WITH duckdb_settings AS (SELECT 1) SELECT {COLUMNS} FROM duckdb_settings()",
    "setting": "SET threads = 1", "pragma": "PRAGMA enable_profiling", "call": "CALL enable_logging()",
    "attach": "ATTACH 'other.duckdb' AS other", "copy": "COPY (SELECT 1) TO 'stolen.csv'", "install": "INSTALL httpfs",
    "load": "LOAD 'stolen.so'", "export": "EXPORT DATABASE 'stolen'", "two": f"SELECT {COLUMNS}; CALL enable_logging()",
    "checkpoint": "CHECKPOINT", "explain": "EXPLAIN ANALYZE SELECT 1", "prepare": "PREPARE p AS SELECT 1",
    "macro": "CREATE MACRO m() AS 1", "drop": "DROP TABLE ledger", "begin": "BEGIN", "use": "USE memory", "vacuum": "VACUUM",
    "nested": f"SELECT {COLUMNS.replace(chr(39) + 's' + chr(39), '(' * 900 + '1' + ')' * 900)} FROM nothing",
    # what takes everything there is
    "memory": "SELECT " + COLUMNS.replace("'s'", "length(string_agg(repeat('x', 100000000), ''))::VARCHAR") + " FROM range(200)",
    "time": f"SELECT {COLUMNS} FROM range(10000000) AS a, range(10000000) AS b WHERE a.range * b.range = -1",
    "endless": f"WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i FROM n) SELECT {COLUMNS} FROM n",
}  # fmt: skip


def test_no_sql_of_a_user_leaves_its_room_or_stops_another_rule(tmp_path: Path) -> None:
    """Every one ends as its own error, and stdout is data."""
    folder = tmp_path / "own"
    folder.mkdir()
    for number, sql in enumerate(_HOSTILE.values()):
        code, name = f"{'XYZ'[number // 100]}{number % 100:02}", f"own-{number}"
        header = HEADER.replace("X01", code).replace('"own"', f'"{name}"', 1)
        (folder / f"{code}-{name}.sql").write_text(header + sql)
    (folder / "W01-good.sql").write_text(
        HEADER.replace("X01", "W01").replace('"own"', '"good"', 1) + f"SELECT {COLUMNS}"
    )
    (folder / "W02-table.sql").write_text(
        HEADER.replace("X01", "W02")
        .replace('"own"', '"table"', 1)
        .replace("SELECT 1000", "SELECT count(*) FROM ledger")
        + "SELECT source_id AS subject, person_key, service_task, NULL AS municipality, NULL AS document, NULL AS place FROM ledger"
    )
    (tmp_path / "episodes.csv").write_text(
        "source_id,person_id,service_task,start,end,organiser\nR1,010190-900P,24,2025-01-01,,1.2.246.10.99999901.10.0\n"
    )
    (tmp_path / "kanta-gap.toml").write_text('rule_time_limit = 3\nkeep_comparison = "never"\n')
    assert run(tmp_path, "register", "episodes.csv").code == 0
    before = sorted(path.name for path in tmp_path.iterdir())
    done = run(tmp_path, "check", "--period", "2025Q1", "--rules", "own", "-f", "json")
    told = {rule["code"]: rule for rule in json.loads(done.out)["rules"]}
    assert done.code == 3
    names = list(_HOSTILE)
    escaped = {
        name: told[f"{'XYZ'[number // 100]}{number % 100:02}"]["status"]
        for number, name in enumerate(names)
        if told[f"{'XYZ'[number // 100]}{number % 100:02}"]["status"] != "error"
    }
    assert escaped == {}
    assert [(told[code]["status"], len(told[code]["rows"])) for code in ("W01", "W02")] == [
        ("failed", 1),
        ("failed", 1),
    ]
    assert sum(rule["status"] == "error" for rule in told.values()) == len(names)
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    print(f"{len(names)} hostile rules, {len(escaped)} escaped, 0 checks stopped")


def test_a_pipe_in_the_place_of_a_file_is_told_and_never_waited_for(tmp_path: Path) -> None:
    for name in ("X32-fifo.sql", "mine.sql", "query.sql", "map.csv"):
        os.mkfifo(tmp_path / name)
    (tmp_path / "X33-folder.sql").mkdir()
    (tmp_path / "mine.toml").write_text('name = "mine"\n')
    (tmp_path / "e.csv").write_text("source_id;person_id;organiser;service_task;start;end\n")
    (tmp_path / "kanta-gap.toml").write_text(
        '[source.q]\nengine = "sqlite"\nfile = "e.csv"\nquery_file = "query.sql"\n'
        '[register.m]\nkind = "episodes"\n[register.m.values]\nservice_task = "map.csv"\n'
    )
    for arguments, code, told in (
        ("explain X32 --rules .", 0, "X32-fifo.sql, line 1: this is no ordinary file"),
        ("explain X33 --rules .", 0, "X33-folder.sql, line 1: this is no ordinary file"),
        ("register e.csv --as m", 2, "the mapping file ‘map.csv’"),
        ("register --source q", 2, "the query file ‘query.sql’"),
        ("deliver --period 2025Q1 --out o --profile mine.toml", 2, "mine.sql is no ordinary file"),
    ):
        done = run_apart(tmp_path, *arguments.split())
        assert (done.code, told in " ".join((done.out + done.err).split())) == (code, True), done
