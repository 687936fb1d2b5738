"""What DuckDB needs to read and write an encrypted file.

DuckDB encrypts a file, its log and its overflow with AES-GCM. It reads such a file by itself; to write one it needs the
extension `httpfs`, which the extra `encryption` brings as a package. Only its cryptography is used: every connection is
shut against other files and the network before SQL of a user's runs.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import duckdb

from analyser.messages.errors import UsageError
from analyser.system.keys import DatabaseKey, current

INSTALL = "pip install 'kanta-gap[encryption]'"
_PACKAGE = "duckdb_extension_httpfs"


def is_encrypted(path: Path) -> bool:
    """Whether the file is an encrypted DuckDB database, by the flag in its header; False for anything else."""
    if not path.is_file():  # a pipe would be waited for
        return False
    try:
        with path.open("rb") as opened:
            head = opened.read(28)
    except OSError:
        return False
    return head[8:12] == b"DUCK" and len(head) == 28 and bool(head[20] & 1)


def key_for(path: Path) -> DatabaseKey | None:
    """The key to open or create the file with, None for a plain one. Raises UsageError when the two do not agree."""
    key = current()
    if not path.exists():
        return key
    if is_encrypted(path):
        if key is None:
            raise UsageError("store.encrypted_no_key", file=path.name)
        return key
    if key is not None:
        raise UsageError("store.key_for_plain", origin=key.origin, file=path.name)
    return None


def extension() -> Path | None:
    """The extension that encrypts, if the package for this DuckDB is installed."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"
    return path if path.is_file() else None


def prepare(connection: duckdb.DuckDBPyConnection, *, write: bool) -> None:
    """Make a connection fit for an encrypted file. Raises UsageError when it is to be written and the extra is missing.

    Without the extra reading works; what does not fit into memory is then not put on the disk at all.
    """
    found = extension()
    if found is None:
        if write:
            raise UsageError("store.no_encryption_package", install=INSTALL)
        connection.execute("SET max_temp_directory_size = '0KB'")
        return
    connection.execute("LOAD '" + str(found).replace("'", "''") + "'")  # a file's name cannot be bound
    connection.execute("SET temp_file_encryption = true")
