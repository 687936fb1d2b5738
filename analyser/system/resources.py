"""Where queries/ and schemas/ stand: at the top of the checkout, or shipped inside the wheel."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from analyser.messages.errors import UsageError


@cache
def _top() -> Path:
    package = Path(str(files("analyser")))
    if not package.is_dir():  # a zip file: SQL, schemas and rules are read, and handed on, as files
        raise UsageError("cli.zipped")
    shipped = package / "_shipped"
    return shipped if shipped.is_dir() else package.parent


def queries(*parts: str) -> Path:
    """A file or folder below queries/."""
    return _top().joinpath("queries", *parts)


@cache
def query(folder: str, name: str) -> str:
    """The SQL of `queries/FOLDER/NAME.sql`, read once."""
    return queries(*folder.split("/"), f"{name}.sql").read_text(encoding="utf-8")


def schemas(*parts: str) -> Path:
    """A file or folder below schemas/."""
    return _top().joinpath("schemas", *parts)
