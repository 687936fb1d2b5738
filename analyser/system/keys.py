"""The key of an encrypted database: from a file, from KANTA_GAP_KEY, or from the keyring of the operating system.

It never stands on the command line, in a setting, in a log or in an error, and it is looked for only when a database is
opened.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from analyser.messages.errors import UsageError

SHORTEST = 32
"""Characters of a key: DuckDB makes the AES key by a plain hash, so the text itself must be hard to guess."""


@dataclass(frozen=True, slots=True)
class DatabaseKey:
    """A key and where it came from, for messages."""

    text: str = field(repr=False)
    origin: str


Provider = Callable[[], DatabaseKey | None]
_provider: list[Provider] = []


def unlock(provider: Provider) -> None:
    """Let databases of this process be opened with the key that `provider` gives when one is opened."""
    _provider[:] = [provider]


def current() -> DatabaseKey | None:
    """The key of this run, None without one. Raises UsageError when it is asked for and cannot be had."""
    return _provider[0]() if _provider else None


def find_key(key_file: str, keyring: str, environ: Mapping[str, str]) -> DatabaseKey | None:
    """The key by file, by KANTA_GAP_KEY, or by the keyring of the system, in this order. Raises UsageError."""
    if key_file:
        return read_key(Path(key_file))
    if environ.get("KANTA_GAP_KEY"):
        return _sound(environ["KANTA_GAP_KEY"].strip(), "KANTA_GAP_KEY")
    if keyring:
        return _from_keyring(keyring)
    return None


def read_key(path: Path) -> DatabaseKey:
    """A key file's key. Raises UsageError when it cannot be read, others may read it, or it is too short."""
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise UsageError("key.open_to_others", file=path.name)
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise UsageError("key.unreadable", file=path.name) from None
    return _sound(text, path.name)


def make_key(path: Path) -> None:
    """Write a new random key, for its owner alone. Raises UsageError when the file exists."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError("key.exists", file=path.name) from None
    except OSError as error:
        raise UsageError("key.unwritable", file=path.name, told=error.strerror) from None
    with os.fdopen(handle, "w") as opened:
        opened.write(secrets.token_urlsafe(48) + "\n")


def _sound(text: str, origin: str) -> DatabaseKey:
    if len(text) < SHORTEST:
        raise UsageError("key.too_short", origin=origin, least=SHORTEST)
    return DatabaseKey(text, origin)


def _from_keyring(name: str) -> DatabaseKey:
    if find_spec("keyring") is None:
        raise UsageError("key.no_keyring_package")
    keyring = import_module("keyring")
    try:
        text = keyring.get_password("kanta-gap", name)
    except keyring.errors.KeyringError:
        text = None
    if not text:
        raise UsageError("key.no_keyring_entry", name=name)
    return _sound(text.strip(), "keyring")
