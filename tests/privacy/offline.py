"""Runs command lines, one after another, where every use of a socket that could leave the machine ends the process.

`main` takes lines on stdin and gives exit codes as JSON on stdout. Every process that it starts is under the same watch, because Python looks for a module `sitecustomize` when it starts, and finds the one beside this.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import socket
import sys
from pathlib import Path
from typing import Any

WATCH = Path(__file__).parent / "offline_start"
"""The folder that a watched process has on its path."""
_TOLD = "OFFLINE_TOLD"
"""Variable with the file that a use of the network is told in."""
_EVENTS = ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname",
           "socket.gethostbyaddr", "socket.getnameinfo", "urllib.Request", "http.client.connect", "ftplib.connect")  # fmt: skip


def watched(folder: Path) -> dict[str, str]:
    """The variables under which a process is watched; what it does is told in the file `network` of the folder."""
    (folder / "network").touch()
    return {_TOLD: str(folder / "network"), "PYTHONPATH": f"{WATCH}{os.pathsep}{Path(__file__).parents[2]}"}


def watch() -> None:
    """Begin: no audit hook can be taken away again."""
    if _TOLD in os.environ:
        sys.addaudithook(_heard)


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in _EVENTS or (arguments and getattr(arguments[0], "family", None) == socket.AF_UNIX):
        return
    with open(os.environ[_TOLD], "a") as told:
        told.write(f"{event}\n")
    os._exit(97)


def main() -> None:
    """Run the lines that stand on stdin."""
    from analyser.cli.app import run

    codes = {}
    for line in sys.stdin.read().splitlines():
        out = io.TextIOWrapper(io.BytesIO())
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            codes[line] = int(run(shlex.split(line)))
    sys.stdout.write(json.dumps(codes))
