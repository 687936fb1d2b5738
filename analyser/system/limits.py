"""Bounds for what comes from outside. Whatever is beyond them is set aside and named, never read.

They are settings (`[limits]` in kanta-gap.toml, shown by `kanta-gap config`), safe as they stand: every real document
and register is far below them, and nothing within them takes a machine down.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Limits:
    """Every limit with its default."""

    document_bytes: int = 64 * 2**20
    """Largest document or frame, after decompression."""
    elements: int = 200_000
    """Elements in one document."""
    depth: int = 256
    """Nesting of elements."""
    values: int = 500_000
    """Values in one document's structured content."""
    document_seconds: int = 60
    """Seconds that reading one document may take."""
    container_members: int = 2_000_000
    """Members of one container."""
    container_bytes: int = 2 * 2**40
    """Bytes that one container may give, nested ones included."""
    expansion: int = 200
    """Bytes a container may give for each of its own, beyond the first `expansion_free` bytes."""
    expansion_free: int = 256 * 2**20
    nesting: int = 4
    """Containers inside containers."""
    nested_bytes: int = 512 * 2**20
    """Largest container inside a container; beyond 16 MiB it goes through a private file."""
    zstd_window: int = 128 * 2**20
    """Largest window that a zstd stream may ask for, and memory that an xz stream may."""
    process_memory: int = 4 * 2**30
    """Bytes of memory for one reading process, where the system can bound it."""
    register_bytes: int = 2**30
    """Largest register file; for .xlsx also what it unpacks to."""
    register_rows: int = 10_000_000
    """Rows of one register file."""
    register_columns: int = 1_000
    """Columns of one register file."""


LIMITS = tuple(entry.name for entry in fields(Limits))
