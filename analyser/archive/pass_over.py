"""What stands in a source and is no document by its name: left there by file managers, or the tool's own.

Such files are passed over and counted, never set aside: nobody has to mend them.
"""

from __future__ import annotations

from collections.abc import Callable
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
        return _FOLDER in parts or self._of_file(parts[-1])

    def _of_file(self, last: str) -> bool:
        """The same by the file's own name, in small letters."""
        return (
            last in _NAMES
            or last.startswith(_BEGINNINGS)
            or (bool(self.names) and any(fnmatch(last, name.lower()) for name in self.names))
        )

    def among(self, folder: str) -> Callable[[str], bool]:
        """`name` of `folder` and what lies in it, by its name there: a folder is looked at once, and not for each of a
        million files."""
        inside = _FOLDER in folder.replace("\\", "/").lower().split("/")

        def passed_over(name: str) -> bool:
            if inside:
                return True
            return self.name(folder + name) if "\\" in name or "/" in name else self._of_file(name.lower())

        return passed_over

    def is_own(self, path: str) -> bool:
        """Whether this is the database in use or belongs to it."""
        return (
            bool(self.own) and path.startswith(self.own) and path[len(self.own) : len(self.own) + 1] in ("", ".", "/")
        )
