"""Makes schemas/results/settings.schema.json from the settings as the program knows them."""

from __future__ import annotations

import json
import math
from dataclasses import fields
from typing import Any

from analyser.messages.catalogue import has_text, text
from analyser.settings import _CHOICES, Settings
from analyser.system.bounds import BOUNDS
from analyser.system.limits import LIMITS

_ABOVE = {"type": ["integer", "string"], "minimum": 0, "pattern": r"^\s*[0-9]+([.,][0-9]+)?\s*%\s*$"}


def settings_schema() -> str:
    """The schema."""
    known = {entry.name: _setting(entry.name, entry.default) for entry in fields(Settings) if entry.name != "tables"}
    rule = {"severity": {"enum": ["error", "warning", "info"]}, "error_above": _ABOVE, "warning_above": _ABOVE}
    tables: dict[str, Any] = {
        "rule": _tables({"properties": rule, "additionalProperties": {"type": "number", "minimum": 0}}),
        "limits": {
            "type": "object",
            "properties": {name: {"type": "integer", "minimum": 1} for name in LIMITS},
            "additionalProperties": False,
        },
        "source": _tables({}),
        "register": _tables({}),
    }
    dated = {"old": {"type": "string"}, "new": {"type": "string"}, "from": {"type": "string", "format": "date"}}
    links = {"type": "object", "properties": dated, "required": list(dated), "additionalProperties": False}
    names = {"old": {"type": "string"}, "new": {"type": "string"}}
    renamed = {"type": "object", "properties": names, "required": list(names), "additionalProperties": False}
    tables["succession"] = {
        "type": "object",
        "properties": {
            "organisers": {"type": "array", "items": links},
            "units": {"type": "array", "items": links},
            "ids": {"anyOf": [{"type": "string"}, {"type": "array", "items": renamed}]},
        },
        "additionalProperties": False,
    }
    if "waiver" in Settings().tables:
        texts = {name: {"type": "string"} for name in ("rule", "subject", "pattern", "reason", "owner", "expires")}
        waiver = {"properties": texts, "required": ["rule", "reason", "owner", "expires"]}
        tables["waiver"] = {"type": "array", "items": {"type": "object", **waiver, "additionalProperties": False}}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "kanta-gap settings",
        "description": "kanta-gap.toml, or [tool.kanta-gap] of pyproject.toml",
        "type": "object",
        "properties": known | tables,
        "additionalProperties": False,
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _tables(one: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": {"type": "object", **one}}


def _setting(name: str, default: Any) -> dict[str, Any]:
    schema: dict[str, Any]
    match default:
        case bool():
            schema = {"type": "boolean"}
        case tuple():
            schema = {"type": "array", "items": {"type": "string", "pattern": r"\S"}}
        case int() | float():
            least, most = BOUNDS.get(name, (0, math.inf))
            schema = {"type": "integer" if isinstance(default, int) else "number", "minimum": least}
            schema |= {"maximum": most} if math.isfinite(most) else {}
        case _:
            schema = {"type": "string"}
    if name in _CHOICES:
        schema["enum"] = list(_CHOICES[name])
    if name == "organiser":
        schema["pattern"] = r"^([0-2](\.(0|[1-9][0-9]*))+)?$"
    if name == "organisers":
        schema["items"]["pattern"] = r"^[0-2](\.(0|[1-9][0-9]*))*\.?$"
    schema["default"] = list(default) if isinstance(default, tuple) else default
    if has_text("en", f"setting.{name}"):
        schema["description"] = text("en", f"setting.{name}")
    return schema
