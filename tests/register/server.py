"""A PostgreSQL server of the tests' own: started on a free port of this machine, thrown away afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PASSWORD = "sala-ä'sana"  # of a server that lives for seconds


@dataclass(frozen=True)
class Server:
    """Where it listens."""

    port: int
    user: str = "county"


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, None where there is no server."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return folders[-1].parent if folders else None


def missing() -> str:
    """Why no server can be started here; empty when one can."""
    if programs() is None:
        return "no PostgreSQL server on this machine (apt-get install postgresql)"
    if os.getuid() == 0 and _somebody() is None:
        return "a PostgreSQL server does not run as root, and there is no user postgres"
    return ""


def _somebody() -> str | None:
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return None


@contextmanager
def server() -> Iterator[Server]:
    """A server with a user who may log in with a password alone."""
    folder = Path(tempfile.mkdtemp(prefix="kanta-gap-postgresql-"))
    user = _somebody() if os.getuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    bin_ = programs()
    assert bin_ is not None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def call(*command: str) -> None:
        subprocess.run(
            command, user=user, cwd=folder, check=True, capture_output=True, text=True, timeout=120,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PGPASSWORD": PASSWORD},
        )  # fmt: skip

    secret = folder / "secret"
    secret.write_text(PASSWORD + "\n", encoding="utf-8")
    if user:
        shutil.chown(secret, user)
    data = str(folder / "data")
    try:
        call(
            str(bin_ / "initdb"),
            "-D",
            data,
            "-U",
            "county",
            "-E",
            "UTF8",
            "-A",
            "scram-sha-256",
            f"--pwfile={secret}",
            "-N",
        )
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c datestyle=German"
        call(str(bin_ / "pg_ctl"), "-D", data, "-l", str(folder / "log"), "-w", "-o", options, "start")
        try:
            yield Server(port)
        finally:
            call(str(bin_ / "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
