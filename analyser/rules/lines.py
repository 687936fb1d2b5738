"""Where a finding can be clicked on: a file of the repository, and a line and column in it.

A finding about a row of the county's lists has its file and row already. One about a document has a place inside it:
the line is looked for in the file as it lies when the finding is written. Where the file is not at hand, the finding
is at its beginning.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from analyser.archive.again import contents, is_packed, outer
from analyser.archive.documents.positions import Position, Sought, positions
from analyser.rules.catalogue import FILE, LINE
from analyser.rules.findings import ROW, Row
from analyser.system.limits import Limits

_FILE, _LINE, _PLACE, _DOCUMENT = (ROW.index(name) for name in (FILE, LINE, "place", "document"))


@dataclass(frozen=True, slots=True)
class Base:
    """The folder in which the sources lie."""

    folder: Path | None = None
    """None: no file is looked at."""
    prefix: str = ""
    """Its path from the repository's root; empty for the root itself."""
    limits: Limits = field(default_factory=Limits)

    def uri(self, file: str) -> str:
        """A file of a source as the repository has it. What lies in a container is told with it, being no file."""
        path = file if is_packed(file) else outer(file)
        return str(PurePosixPath(self.prefix) / path) if self.prefix else path


NO_FILES = Base()
"""No file is looked at."""


class Lines:
    """Lines of the findings of one report."""

    def __init__(self, base: Base, rows: Iterable[Row]) -> None:
        self.base = base
        wanted: dict[str, set[Sought]] = {}
        for row in rows:
            file = row[_FILE]
            if file and not row[_LINE]:
                wanted.setdefault(file, set()).add(Sought(row[_PLACE], row[_DOCUMENT]))
        self._found: dict[tuple[str, Sought], Position] = {}
        if base.folder is not None:
            for file, data in contents(base.folder, wanted, base.limits):
                self._found.update(((file, one), at) for one, at in positions(data, wanted[file]).items())
        looked_at = {file for file, _ in self._found}
        self.absent = sorted({outer(file) for file in wanted if file not in looked_at})
        """Files that are not at hand."""

    def position(self, row: Row) -> Position:
        """The line and column of a finding."""
        if line := row[_LINE]:
            return Position(int(line))
        return self._found.get((row[_FILE] or "", Sought(row[_PLACE], row[_DOCUMENT])), Position())
