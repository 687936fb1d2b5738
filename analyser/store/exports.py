"""The folder of an export: written aside and put in its place whole; what is not an export of ours is never replaced.

Files are for their owner alone, also without identifiers: rows of single persons stand in them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

import duckdb
import orjson
import pyarrow as pa

from analyser.messages.errors import UsageError
from analyser.store.database import CONFIG, quoted
from analyser.store.overflow import overflow
from analyser.system.private_files import private_files

MANIFEST = "export.json"
EXPORT_SCHEMA = "kanta-gap/export/1"


def assert_replaceable(out: Path) -> None:
    """Raise UsageError unless the folder is new, empty, or an export of ours as it was written."""
    if not out.name or not out.absolute().parent.is_dir():
        raise UsageError("store.export_no_parent", folder=out.name)
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise UsageError("store.export_foreign", folder=out.name, file=out.name)
    if not out.exists():
        return
    files = {path.name: path for path in out.iterdir()}
    known = _known(files.get(MANIFEST))
    for name, path in sorted(files.items()):
        if path.is_symlink() or not path.is_file() or (name != MANIFEST and _hash(path) != known.get(name)):
            raise UsageError("store.export_foreign", folder=out.name, file=name)
    if files and MANIFEST not in files:
        raise UsageError("store.export_foreign", folder=out.name, file=sorted(files)[0])


def _known(manifest: Path | None) -> dict[str, str]:
    """Files of an earlier export with their hashes; none when the manifest is not ours."""
    if manifest is None or not manifest.is_file() or manifest.is_symlink():
        return {}
    try:
        told = orjson.loads(manifest.read_bytes())
        if told["schema"] != EXPORT_SCHEMA:
            return {}
        return {entry["name"]: entry["sha256"] for entry in told["files"]}
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return {}


def put_export(out: Path, files: Mapping[str, bytes], facts: Mapping[str, object]) -> None:
    """Write the files, and a manifest of `facts` and of their hashes. Raises UsageError as `assert_replaceable`."""
    assert_replaceable(out)
    aside = out.absolute().parent / f".{out.name}.unfinished-{os.getpid()}"
    aside.mkdir(mode=0o700)
    try:
        hashes = [{"name": name, "sha256": sha256(data).hexdigest()} for name, data in sorted(files.items())]
        manifest = orjson.dumps(
            {"schema": EXPORT_SCHEMA, **facts, "files": hashes}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        )
        for name, data in (*files.items(), (MANIFEST, manifest)):
            handle = os.open(aside / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as opened:
                opened.write(data)
                opened.flush()
                os.fsync(opened.fileno())
        assert_replaceable(out)
        if out.exists():
            before = aside.with_suffix(".before")
            out.rename(before)
            aside.rename(out)
            shutil.rmtree(before)
        else:
            aside.rename(out)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise


def database_bytes(out: Path, tables: Iterable[tuple[str, str, pa.Table, Mapping[str, str]]]) -> bytes:
    """A DuckDB file with these tables (name, meaning, rows, meaning of each column), made beside `out`."""
    made = out.absolute().parent / f".{out.name}.making-{os.getpid()}.duckdb"
    try:
        with (
            private_files(),
            duckdb.connect(str(made), config=CONFIG | {"temp_directory": overflow(made)}) as connection,
        ):
            for name, comment, rows, comments in tables:
                connection.from_arrow(rows).create(name)
                # Names are those of our own queries; neither they nor words can be bound in this statement.
                connection.execute(f"COMMENT ON TABLE {name} IS {quoted(comment)}")
                for column, words in comments.items():
                    connection.execute(f'COMMENT ON COLUMN {name}."{column}" IS {quoted(words)}')
            connection.execute("CHECKPOINT")
        return made.read_bytes()
    finally:
        for left in made.parent.glob(f"{made.name}*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)


def _hash(path: Path) -> str:
    with path.open("rb") as opened:
        digest = sha256()
        while block := opened.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
