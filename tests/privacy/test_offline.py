"""Nothing leaves the machine: every command runs where the network cannot be used, watched from inside and from outside.

The one exception stands in docs/security.md: a PostgreSQL server that the settings name as a source of the register.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from analyser.cli.commands import COMMANDS
from analyser.coverage.model import Request
from analyser.coverage.periods import parse_period
from analyser.rules.sandbox import apart
from analyser.store.database import connect_memory, open_database
from analyser.store.shared import SharedDatabase
from tests.fixtures.make_county import COUNTY
from tests.privacy.offline import watched

_P = "--period 2025Q1"
LINES = [
    "", "--version", "--help", "demo", "synth made --persons 12 --container tar.zst", "synth packed --persons 12 --container zip",
     "ingest archive made packed --workers 2 --validate structure",
    "ingest archive --workers 1 --validate full --sosmeta definitions", "register episodes-1.csv episodes-2.csv codes.csv identities.csv",
    "register --source lite", "register sheet.xlsx", *(f"coverage {_P} -f {name}" for name in ("text", "html", "xlsx -o c.xlsx")),
    f"coverage {_P} --share --conditions --by municipality,age-group", *(f"gaps {_P} -f {name}" for name in ("text", "xlsx -o g.xlsx")), f"gaps {_P} --reveal-ids -f csv -o r.csv",
    *(f"check {_P} -f {name}" for name in ("text",)), f"check {_P} --rules own",
    f"deliver {_P} --out d", "deliver --check d", "deliver --mark-sent d", f"deliver {_P} --status", "explain G01", "explain", "rules", "rules -f json", "selftest --select D01",
    f"worklist {_P} --split-by unit --out lists --pages", "period close 2025Q1", "period list", "handover", "handover -f html", "info", "schema", "schema coverage", "config validate", f"combine Own=kanta-gap.duckdb {_P}", f"export tables {_P}", f"diff kanta-gap.duckdb kanta-gap.duckdb {_P}", "trace 1.2.3", "quarantine", "quarantine -f csv", f"dashboard --once {_P}", "periods", "config", "config init -o new.toml", "log", "log -f json",
    "man", "completion bash", "completion zsh", "completion fish", "db key k.key", "db encrypt --key-file k.key", f"coverage {_P} --key-file k.key",
    "db decrypt --key-file k.key", "forget packed", "db verify", "db forget-person R000101-1 --yes", "db forget-persons",
]  # fmt: skip
_INTERNET = re.compile(r"AF_INET6?\b|AF_NETLINK|AF_PACKET")


def _furnish(folder: Path) -> Path:
    import sqlite3

    import polars as pl

    shutil.copytree(COUNTY, folder, dirs_exist_ok=True)
    (folder / "definitions").mkdir()
    (folder / "own").mkdir()
    pl.read_csv(folder / "episodes-1.csv", infer_schema_length=0, separator=";").write_excel(folder / "sheet.xlsx")
    with sqlite3.connect(folder / "lite.db") as lite:
        lite.execute("CREATE TABLE codes (code TEXT, key TEXT)")
    lite.close()
    with (folder / "kanta-gap.toml").open("a") as settings:
        settings.write('[source.lite]\nengine = "sqlite"\nfile = "lite.db"\nquery = "SELECT code, key FROM codes"\n')
    return folder


def _run(folder: Path, lines: Sequence[str], *before: str) -> tuple[dict[str, int], str]:
    """Exit codes of the lines, and what they used of the network as seen from inside."""
    done = subprocess.run(
        [*before, sys.executable, "-c", "from tests.privacy.offline import main; main()"],
        input="\n".join(lines), capture_output=True, text=True, cwd=folder, timeout=240, check=False,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TMPDIR": str(folder), **watched(folder)},
    )  # fmt: skip
    used = (folder / "network").read_text()
    return (json.loads(done.stdout) if done.returncode == 0 else {"": done.returncode}), used + done.stderr


def _strace(folder: Path) -> tuple[str, ...]:
    """What runs a command so that all that its processes ask the system for is written down; nothing where it cannot."""
    if not (found := shutil.which("strace")):
        return ()
    traced = (found, "-f", "--seccomp-bpf", "-qq", "-e", "trace=network", "-o", str(folder / "trace"))
    works = subprocess.run(
        [*traced, sys.executable, "-c", "import socket; socket.socketpair()"], check=False, capture_output=True
    )
    return traced if works.returncode == 0 and "AF_UNIX" in (folder / "trace").read_text() else ()


def _alone() -> tuple[str, ...]:
    """What runs a command where there is no network at all, not even a loopback interface; nothing where it cannot."""
    alone = ("unshare", "--net")
    possible = (
        shutil.which("unshare") and not subprocess.run([*alone, "true"], check=False, capture_output=True).returncode
    )
    return alone if possible else ()


def test_every_command_runs_without_a_word_to_the_network(tmp_path: Path) -> None:
    """Watched from inside, and with strace from outside too, where code in other languages is seen as well. Without
    strace all of it runs where there is no network, if that can be had."""
    before = _strace(_furnish(tmp_path))
    codes, heard = _run(tmp_path, LINES, *(before or _alone()))
    assert heard == ""
    assert {line.split()[0] for line in LINES if line and not line.startswith("-")} == set(COMMANDS)
    assert {line: code for line, code in codes.items() if code not in (0, 1, 3)} == {"trace 1.2.3": 2}
    assert len(codes) == len(set(LINES))
    if before:
        trace = (tmp_path / "trace").read_text()
        assert "AF_UNIX" in trace, "nothing was seen at all, not even between our own processes"
        assert [line for line in trace.splitlines() if _INTERNET.search(line)] == []


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('localhost', 9)",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
        "import subprocess, sys; sys.exit(subprocess.run([sys.executable, '-c', 'import socket; socket.create_connection((\"::1\", 9))']).returncode)",
    ],
)
def test_the_watch_sees_what_it_is_for(tmp_path: Path, code: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], env=watched(tmp_path), check=False)
    assert done.returncode == 97
    assert (tmp_path / "network").read_text().startswith(("socket.", "urllib."))


def test_strace_sees_what_it_is_for(tmp_path: Path) -> None:
    if not (before := _strace(tmp_path)):
        pytest.skip("strace is not installed, or may not be used here")
    code = "import ctypes; ctypes.CDLL(None).socket(2, 1, 0)"  # no socket of Python's
    subprocess.run([*before, sys.executable, "-c", code], check=True)
    assert _INTERNET.search((tmp_path / "trace").read_text())


_SQL = (
    "INSTALL httpfs",
    "INSTALL json FROM 'http://127.0.0.1:9/'",
    "LOAD httpfs",
    "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
    "SELECT * FROM 'http://127.0.0.1:9/x.parquet'",
    "SELECT * FROM read_text('/etc/hostname')",
    "COPY (SELECT 1) TO 'stolen.csv'",
    "ATTACH 'http://127.0.0.1:9/x.duckdb' AS other",
    "ATTACH 'postgres:host=127.0.0.1 port=9' AS other (TYPE postgres)",
    "SET enable_external_access = true",
)


def _assert_shut(connection: duckdb.DuckDBPyConnection) -> None:
    for name in ("autoinstall_known_extensions", "autoload_known_extensions", "enable_external_access"):
        assert connection.execute(f"SELECT current_setting('{name}')").fetchone() == (False,), name
    for sql in _SQL:
        with pytest.raises(duckdb.Error):
            connection.execute(sql)


def test_no_connection_fetches_loads_or_reaches_anything(tmp_path: Path) -> None:
    path = tmp_path / "k.duckdb"
    for write in (True, False):
        with open_database(path, write=write) as database:
            _assert_shut(database.connection)
    shared = SharedDatabase(path)
    with shared.reading(shared.cursor()) as cursor:
        _assert_shut(cursor)
    shared.close()
    with connect_memory() as memory:
        _assert_shut(memory)  # where the self-test runs rules of a user's own
    with open_database(path, write=False) as database:
        _assert_shut(apart(database.connection, Request(parse_period("2025Q1"))))
