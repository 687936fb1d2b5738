"""Fills the HTML templates: every value is escaped, and one that is missing is an error.

Pages hold their style and a few lines of script. The policy of a page names its script by hash and allows no other, so
that a text of the data that got through all the same would not be run; and no request is allowed at all.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup


def filled(name: str, **values: object) -> str:
    """The template of this name below `templates/`, with its values."""
    script = {"script": Markup(_script()), "script_source": _source()}  # noqa: S704  a file of this project
    return _environment().get_template(name).render(**script, **values)


@cache
def _environment() -> Environment:
    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(_written),
    )


def _written(name: str) -> str:
    return (files("analyser.report") / "templates" / name).read_text(encoding="utf-8")


@cache
def _script() -> str:
    """What sorts, filters and searches the tables of a page; without it they stand as they are."""
    return _written("page.js")


def _source() -> Markup:
    """The script as a source of the page's policy."""
    digest = b64encode(sha256(_script().encode()).digest()).decode()
    return Markup(f"'sha256-{digest}'")  # noqa: S704  letters, digits, + / =
