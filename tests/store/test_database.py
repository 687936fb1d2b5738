"""A database is opened only when it is ours, known and free; whoever is refused is told why."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from analyser.messages.errors import ExitCode, UsageError
from analyser.store.database import open_database
from analyser.store.schema import migrations


def test_a_new_database_is_private_and_keeps_its_secret(tmp_path: Path) -> None:
    path = tmp_path / "k.duckdb"
    with open_database(path, write=True) as database:
        secret = database.secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with open_database(path, write=True) as database:
        assert database.secret == secret
    with open_database(path, write=False) as database:
        assert database.secret == secret


def test_two_databases_have_different_secrets(tmp_path: Path) -> None:
    with open_database(tmp_path / "a", write=True) as one, open_database(tmp_path / "b", write=True) as other:
        assert one.secret != other.secret


def test_a_missing_database_is_a_usage_error(tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match="no database") as refusal,
        open_database(tmp_path / "no", write=False),
    ):
        pass
    assert refusal.value.exit_code is ExitCode.USAGE
    assert refusal.value.hint("en")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"something else entirely" * 500)
    for write in (True, False):
        with pytest.raises(UsageError), open_database(tmp_path / "x", write=write):
            pass


def test_somebody_elses_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE theirs AS SELECT 1 AS one")
    for write in (True, False):
        with pytest.raises(UsageError, match="not one of kanta-gap"), open_database(path, write=write):
            pass
    with duckdb.connect(str(path)) as connection:
        assert connection.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("theirs",)]


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "k.duckdb"
    with open_database(path, write=True) as database:
        database.connection.execute("UPDATE meta SET value = '9999' WHERE key = 'schema_version'")
    for write in (True, False):
        with pytest.raises(UsageError, match="newer kanta-gap"), open_database(path, write=write):
            pass


def test_a_second_writer_is_told_who_holds_the_database(tmp_path: Path) -> None:
    path = tmp_path / "k.duckdb"
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from analyser.store.database import open_database\n"
            "with open_database(Path(sys.argv[1]), write=True): print('held', flush=True); sys.stdin.read()",
            str(path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        for write in (True, False):
            with pytest.raises(UsageError, match=str(holder.pid)), open_database(path, write=write):
                pass
    finally:
        holder.communicate("")


def test_every_step_of_the_schema_has_a_number_of_its_own() -> None:
    """Two steps with one number: whoever has taken the one would never take the other."""
    numbers = [number for number, _ in migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_results_of_one_row_are_read_to_their_end() -> None:
    """DuckDB 2 refuses other work on a connection with a result that is not; `first_row` reads it."""
    code = sorted((Path(__file__).parents[2] / "analyser").rglob("*.py"))
    assert len(code) > 100
    assert [path.name for path in code if ".fetchone(" in path.read_text(encoding="utf-8")] == []
