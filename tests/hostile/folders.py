"""Hostile folders: what is no file, cannot be read, or has a name that steers a terminal."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from tests.archive.build import document
from tests.hostile.cases import Case


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe.xml")


def _socket(folder: Path) -> None:
    here = os.getcwd()
    os.chdir(folder)  # the path of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind("s.xml")
    finally:
        os.chdir(here)


def _loop(folder: Path) -> None:
    (folder / "inner").mkdir()
    (folder / "inner" / "again").symlink_to(folder)
    (folder / "itself.xml").symlink_to("itself.xml")


def _links(folder: Path) -> None:
    (folder / "out.xml").symlink_to("/etc/passwd")
    (folder / "device.zip").symlink_to("/dev/zero")
    (folder / "nowhere.xml").symlink_to("nowhere")


def _deep(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    for _ in range(1800):
        os.mkdir("d", dir_fd=handle)
        inner = os.open("d", os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    last = os.open("x.xml", os.O_WRONLY | os.O_CREAT, dir_fd=handle)
    os.write(last, document(oid="1.2.3.70").encode())
    os.close(last)
    os.close(handle)


def _unlistable(folder: Path) -> None:
    name = "d" * 250
    handle = os.open(folder, os.O_RDONLY)
    for _ in range(20):  # too deep for a path, not for the file system; unlike rights, this holds for root as well
        os.mkdir(name, dir_fd=handle)
        inner = os.open(name, os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    os.close(handle)


def _sparse(folder: Path) -> None:
    with (folder / "hole.xml").open("wb") as hole:
        hole.truncate(2**31)
    with (folder / "hole.zip").open("wb") as hole:
        hole.write(b"PK\x03\x04")
        hole.truncate(2**31)


def _names(folder: Path) -> None:
    for number, name in enumerate(
        (
            b"line\nbreak.xml",
            b"\x1b[2J\x1b]0;owned\x07.xml",
            b"\xff\xfe\xe4.xml",
            "\u202egnp.lmx".encode(),
            b"=cmd().xml",
        )
    ):
        with open(os.fsencode(folder) + b"/" + name, "wb") as odd:
            odd.write(b"?" * (number + 1))


def _identifier(folder: Path) -> None:
    (folder / "140312A907T.xml").write_bytes(b"?")


CASES = [
    Case("folder", "pipe", _pipe, ("special-file",)),
    Case("folder", "socket", _socket, ("special-file",)),
    Case("folder", "links-in-a-circle", _loop, ("special-file",) * 2),
    Case("folder", "links-out", _links, ("special-file",) * 3),
    Case("folder", "folders-1800-deep", _deep, (), 1),
    Case("folder", "folder-that-cannot-be-listed", _unlistable, ("unreadable",)),
    Case("folder", "sparse-files", _sparse, ("bad-container", "too-large")),
    Case("folder", "names", _names, ("not-xml",) * 5),
    Case("folder", "a-name-that-is-an-identifier", _identifier, ("not-xml",)),
]
