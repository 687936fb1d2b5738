"""Validation on request: the envelope against a schema by libxml2, the content against its definition.

libxml2 judges in bulk; a document that fails is told by line and element, never by value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
from lxml import etree

from analyser.archive.quarantine import Code, Trouble
from analyser.archive.settings import ReadSettings, Strictness
from analyser.messages.errors import UsageError
from analyser.system.resources import schemas


def strictness(settings: ReadSettings) -> Strictness:
    """How strictly these settings check. Schemas that the user's own refers to by another folder are not followed."""
    if settings.validate == "off":
        return Strictness(None, None)
    envelope = schemas("archive", "envelope.xsd")
    structure = [envelope] if settings.xsd is None else [settings.xsd, *settings.xsd.parent.glob("*.xsd")]
    content = settings.sosmeta.glob("*.json") if settings.validate == "full" and settings.sosmeta else None
    return Strictness(_hash(structure), None if content is None else _hash(content))


def _hash(paths: Iterable[Any]) -> str:
    told = blake2b(digest_size=16)
    try:
        for path in sorted(set(paths), key=lambda path: str(path.name)):
            told.update(blake2b(path.name.encode() + b"\0" + path.read_bytes()).digest())
    except OSError:
        pass  # whoever reads it for checking says so
    return told.hexdigest()


@lru_cache(maxsize=4)
def _schema(path: Path) -> etree.XMLSchema:
    try:
        return etree.XMLSchema(etree.parse(str(path), etree.XMLParser(no_network=True, resolve_entities=False)))
    except (etree.XMLSyntaxError, etree.XMLSchemaParseError, OSError):
        raise UsageError("archive.bad_xsd", file=path.name) from None


_PLAIN_KEY = re.compile(r"[a-z0-9_]{1,100}")


def validate_envelope(root: etree._Element, settings: ReadSettings) -> None:
    """Raise Trouble when the document does not follow the schema."""
    schema = _schema(settings.xsd or schemas("archive", "envelope.xsd"))
    if schema.validate(root):
        return
    line = f"line {schema.error_log[0].line}"
    if settings.xsd is None:
        # libxml2 is quick, but tells a line; the few that fail are looked at once more for their path.
        for error in _explainer().iter_errors(root):
            raise Trouble(Code.SCHEMA_INVALID, f"{line}, {error.path}")
    raise Trouble(Code.SCHEMA_INVALID, line)


@cache
def _explainer() -> Any:
    import xmlschema

    return xmlschema.XMLSchema(str(schemas("archive", "envelope.xsd")), allow="local", defuse="always")


@lru_cache(maxsize=512)
def _definition(folder: Path, specification: str) -> Any:
    path = folder / f"{specification}.json"
    if not path.is_file():
        return None
    try:
        return jsonschema_rs.validator_for(orjson.loads(path.read_bytes()), retriever=_refuse)
    except (orjson.JSONDecodeError, jsonschema_rs.ValidationError, ValueError, OSError):
        raise UsageError("archive.bad_definition", file=path.name) from None


def _refuse(address: str) -> Any:
    """Definitions stand for themselves: nothing is fetched from anywhere."""
    raise ValueError(address)


def validate_content(content: Any, specification: str | None, settings: ReadSettings) -> bool:
    """Raise Trouble when the content does not follow its definition; False when the definition is not at hand."""
    if settings.sosmeta is None or not specification or "/" in specification:
        return False
    definition = _definition(settings.sosmeta, specification)
    if definition is None:
        return False
    for error in definition.iter_errors(content):
        # A key that no definition writes may be a person's.
        pointer = "/".join(part if _PLAIN_KEY.fullmatch(part) else "…" for part in map(str, error.instance_path))
        raise Trouble(Code.SCHEMA_INVALID, f"/{pointer}")
    return True
