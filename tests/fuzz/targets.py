"""What is fuzzed, and what must hold: bytes in, records or a quarantine reason out; never another exception.

A target takes bytes and raises `Finding` when the invariant breaks. Limits are small, so that one input is quick and
so that going beyond a limit is found with small inputs.
"""

from __future__ import annotations

import base64
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from analyser.archive.files.discover import shards, survey
from analyser.archive.files.entries import Shard, ShardEntry
from analyser.archive.quarantine import Code
from analyser.archive.settings import ReadSettings
from analyser.archive.shard import read_shard
from analyser.messages.errors import KantaGapError
from analyser.register import files, sheets
from analyser.register.kinds import RegisterKind
from analyser.register.load import read_register
from analyser.register.several_files import agreed
from analyser.system.limits import Limits

SEEDS = Path(__file__).parents[2] / "fixtures" / "fuzz"
LIMITS = Limits(
    document_bytes=1_000_000,
    elements=2_000,
    depth=60,
    container_members=60,
    container_bytes=8_000_000,
    expansion_free=2_000_000,
    expansion=50,
    nesting=3,
    nested_bytes=1_000_000,
    register_rows=20_000,
    register_columns=200,
    register_bytes=10_000_000,
)
_SETTINGS = {level: ReadSettings(b"k" * 32, validate=level, limits=LIMITS) for level in ("off", "structure")}
_HOME = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else None


def _sheet_here(path: Path, name: str, layout: Any, kind: Any, limits: Limits) -> Any:
    """As `read_sheet`, without the process that it starts for every file: too slow here."""
    found = sheets._read(path, name, layout, kind, limits)
    if isinstance(found, KantaGapError):
        raise found
    return found


class Finding(Exception):
    """The invariant does not hold."""


def document(data: bytes) -> None:
    """A document or frame, without and with the schema."""
    for settings in _SETTINGS.values():
        _settled(read_shard(Shard((_entry(data),)), settings))


def content(data: bytes) -> None:
    """The structured content: the first byte chooses the document group, the rest is JSON."""
    group = b"12589x"[data[0] % 6 : data[0] % 6 + 1] if data else b"1"
    document(_ENVELOPE % (group, base64.b64encode(data[1:])))


def container(data: bytes) -> None:
    """A container in memory, and as a file of a source."""
    _settled(read_shard(Shard((_entry(data),)), _SETTINGS["off"]))
    with tempfile.TemporaryDirectory(dir=_HOME) as folder:
        name = "x.zip" if data.startswith(b"PK") else "x.tar.gz"
        (Path(folder) / name).write_bytes(data)
        for shard in shards(survey([Path(folder)]), _SETTINGS["off"]):
            _settled(read_shard(shard, _SETTINGS["off"]))


def register(data: bytes) -> None:
    """A register file of any kind and form: the first byte chooses the kind."""
    kinds: list[RegisterKind | None] = [None, *RegisterKind]
    kind = kinds[data[0] % len(kinds)] if data else None
    with tempfile.TemporaryDirectory(dir=_HOME) as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(data[1:])
        try:
            with patch.object(files, "read_sheet", _sheet_here):  # while this lasts: other tests prove the process
                read = read_register(path, kind, b"k" * 32, LIMITS)
            (load,) = agreed([read])
        except KantaGapError:
            return
    rows_in_error = {row for row in load.errors.column("row").to_pylist() if row is not None}
    told = load.table.num_rows + len(rows_in_error) + load.repeated
    if told < load.rows_read:
        raise Finding(f"{load.rows_read} rows read, {told} loaded, in error or repeated")


TARGETS: dict[str, Callable[[bytes], None]] = {
    "document": document,
    "content": content,
    "container": container,
    "register": register,
}

_ENVELOPE = (
    b'<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="1.2.3.4"/><recordTarget><patientRole>'
    b'<id root="1.2.246.21" extension="140312A907T"/></patientRole></recordTarget>'
    b'<f:localSocialHeader xmlns:f="urn:hl7finland"><f:documentGroup code="%s"/></f:localSocialHeader>'
    b'<component><nonXMLBody><f:json xmlns:f="urn:hl7finland">%s</f:json></nonXMLBody></component></ClinicalDocument>'
)


def _entry(data: bytes) -> ShardEntry:
    return ShardEntry("s", "m", "m", "source", "member", len(data), data=data)


def _settled(tables: dict[str, Any]) -> None:
    """Every member ended in exactly one way, and none because of a defect."""
    members = tables["member"]
    keys = members.column("member_key").to_pylist()
    if not keys or len(keys) != len(set(keys)):
        raise Finding(f"{len(keys)} member rows, {len(set(keys))} of them different")
    aside = [key for key, how in zip(keys, members.column("outcome").to_pylist(), strict=True) if how == "quarantine"]
    if sorted(aside) != sorted(tables["quarantine"].column("member_key").to_pylist()):
        raise Finding("quarantine and members do not tie")
    codes = tables["quarantine"].column("code").to_pylist()
    if Code.READER_FAILED in codes:
        raise Finding("the reader failed")
