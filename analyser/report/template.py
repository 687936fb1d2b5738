"""Fills the HTML templates: every value is escaped, and one that is missing is an error."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment, StrictUndefined


def filled(name: str, **values: object) -> str:
    """The template of this name below `templates/`, with its values."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    written = (files("analyser.report") / "templates" / name).read_text(encoding="utf-8")
    return environment.from_string(written).render(**values)
