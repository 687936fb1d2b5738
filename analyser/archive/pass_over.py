"""What stands in a source and is no document by its name: left there by file managers, or the tool's own.

Such files are passed over and counted, never set aside: nobody has to mend them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatch

_NAMES = frozenset({".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx"})
_BEGINNINGS = ("._", "~$", ".~lock.")
_FOLDER = "__macosx"


@dataclass(frozen=True, slots=True)
class PassOver:
    """Names that are passed over beside those that everybody has."""

    names: tuple[str, ...] = ()
    """Names of files, `*` and `?` standing for anything, in any case of letters."""
    own: str = ""
    """The whole path of the database in use: it, its log and its overflow may lie in a source."""

    def name(self, path: str) -> bool:
        """Whether a file or member of this name is passed over."""
        parts = path.replace("\\", "/").lower().rstrip("/").split("/")
        last = parts[-1]
        return (
            last in _NAMES
            or last.startswith(_BEGINNINGS)
            or (len(parts) > 1 and _FOLDER in parts)
            or (bool(self.names) and any(fnmatch(last, name.lower()) for name in self.names))
        )

    def is_own(self, path: str) -> bool:
        """Whether this is the database in use or belongs to it."""
        return (
            bool(self.own) and path.startswith(self.own) and path[len(self.own) : len(self.own) + 1] in ("", ".", "/")
        )
