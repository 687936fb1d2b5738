"""What the readers remember of earlier documents, and when they forget it.

The same few hundred codes, roots and dates stand in all documents, so each is read once. A cache counts entries and not
their bytes: documents made to harm, each with a value of megabytes, would fill the memory of the process that reads
them, and cost the documents after them. So all that is remembered is dropped after so many bytes of documents.
"""

from __future__ import annotations

from functools import _lru_cache_wrapper
from types import ModuleType

from analyser.archive.documents import content, document, moments
from analyser.archive.documents import pseudonyms as guard
from analyser.national import identifiers as identity
from analyser.national import redaction

_REMEMBERED = 256 * 2**20
"""Bytes of documents after which everything is forgotten: some ten thousand real ones."""
_MODULES: tuple[ModuleType, ...] = (identity, redaction, content, document, guard, moments)
_read = [0]


def count_read(size: int) -> None:
    """A document of `size` bytes is about to be read."""
    _read[0] += size
    if _read[0] > _REMEMBERED:
        _read[0] = size
        for module in _MODULES:
            for value in vars(module).values():
                # Those without a bound hold the program's own tables.
                if isinstance(value, _lru_cache_wrapper) and value.cache_parameters()["maxsize"] is not None:
                    value.cache_clear()
