"""The last look before rows leave the parsers: a field for a code, an OID or a term may hold anything, also a person.

What has the form of a code stays as it is, and so do the terms that the tool knows. Anything else is kept as a mark, a
keyed hash: two fields with the same text still agree, terms of the codes file still match by SQL (macro `text_mark` in
queries/model/), and nobody can read a name, an address or a birth date off it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256

import pyarrow as pa
import pyarrow.compute as pc

from analyser.national.identifiers import holds_identifier

# Columns whose fields are of these kinds, in whichever table.
CODES = (
    "oid", "set_id", "document_group", "general_type", "specific_type", "content_specification", "custodian",
    "organiser", "unit", "relationship_id", "case_id", "record_status", "replaces_oid", "replaces_set_id",
    "task_system", "task_code", "service_code", "name_code", "state", "outcome", "request_code",
    "message_root", "message_extension", "sender", "target_root", "target_extension", "type_code", "detail_code",
    "detail_system", "interaction",
)  # fmt: skip
_IDENTITIES = ("root", "value")  # of the table person_identity
LISTS = ("services",)  # of codes
TERMS = ("task_display", "service_display", "request_display")
_CODE = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9._:/\-]{0,127}")
# Codes of answers and their details that have no digit; HL7's table AcknowledgementDetailCode.
_LETTERS = re.compile(r"[A-Z]{1,2}|INTERR|NOSTORE|RTEDEST|RTUDEST|RTWDEST|SYN")
_DATE = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2}|(?:18|19|20)[0-9]{6}")
# More arcs than a date has parts, and none of the signs of an identifier; or a UUID, as messages have: by far the most
# values, each another.
_NOBODYS = r"^(?:[0-9]+(?:\.[0-9]+){4,}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$"
_LONGEST = pa.scalar(128, pa.int32())
_SPACES = re.compile("[\t\n\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
"""What RE2 calls white space, and separators of Unicode."""
_KNOWN_TERMS = frozenset(
    {
        "lapsiperheiden palvelut", "työikäisten palvelut", "iäkkäiden palvelut", "päihdehuolto", "vammaispalvelut",
        "lastensuojelu", "perheoikeudelliset palvelut", "tjänster för barnfamiljer",
        "tjänster för personer i arbetsför ålder", "tjänster för äldre", "missbrukarvård",
        "service för personer med funktionsnedsättning", "barnskydd", "familjerättsliga tjänster",
    }
)  # fmt: skip
"""Plain names of the service tasks in queries/model/30-service-tasks.sql (a test holds the two together)."""


def guarded(tables: Mapping[str, pa.Table], secret: bytes) -> dict[str, pa.Table]:
    """The tables with every field for a code or a term in a form that tells of no person."""
    return {name: table if name == "member" else _guarded(table, secret) for name, table in tables.items()}


def _guarded(table: pa.Table, secret: bytes) -> pa.Table:
    if not table.num_rows:
        return table
    for place, name in enumerate(table.column_names):
        if name in _IDENTITIES:
            table = _bounded(table, place, secret)
        elif name in CODES:
            column = table.column(place)
            nobodys = pc.and_(
                pc.match_substring_regex(column, _NOBODYS), pc.less_equal(pc.binary_length(column), _LONGEST)
            )
            if pc.all(nobodys).as_py():
                continue
            others = column.filter(pc.invert(nobodys)).unique().to_pylist()
            marks = {text: mark for text in others if (mark := _code(secret, text)) != text}
            if marks:
                told = [marks.get(value, value) for value in column.to_pylist()]
                table = table.set_column(place, table.schema.field(place), pa.array(told, pa.string()))
        elif name in LISTS:
            lists = [items and [_code(secret, item) for item in items] for items in table.column(place).to_pylist()]
            table = table.set_column(place, table.schema.field(place), pa.array(lists, pa.list_(pa.string())))
        elif name in TERMS:
            told = [_term(secret, value) for value in table.column(place).to_pylist()]
            table = table.set_column(place, table.schema.field(place), pa.array(told, pa.string()))
    return table


def _bounded(table: pa.Table, place: int, secret: bytes) -> pa.Table:
    """An identifier or its root that is longer than any is gives way to a mark; its key is still that of the whole."""
    column = table.column(place)
    if pc.all(pc.less_equal(pc.binary_length(column), _LONGEST)).as_py():
        return table
    told = [
        text_mark(secret, value) if len(value.encode()) > _LONGEST.as_py() else value for value in column.to_pylist()
    ]
    return table.set_column(place, table.schema.field(place), pa.array(told, pa.string()))


@lru_cache(maxsize=16384)
def _code(secret: bytes, text: str) -> str:
    personal = _DATE.fullmatch(text) or holds_identifier(text)
    of_codes = _CODE.fullmatch(text) or _LETTERS.fullmatch(text)
    return text if of_codes and not personal else text_mark(secret, text)


@lru_cache(maxsize=16384)
def _term(secret: bytes, text: str | None) -> str | None:
    return text if text is None or plain_name(text) in _KNOWN_TERMS else text_mark(secret, text)


@lru_cache(maxsize=16384)
def text_mark(secret: bytes, text: str) -> str:
    """A keyed hash of the plain text, as the SQL macro `text_mark` makes it."""
    key = sha256(b"text" + secret.hex().encode()).hexdigest()
    return "text-" + sha256(f"{key}{plain_name(text)}".encode()).hexdigest()[:16]


def plain_name(name: str) -> str:
    """As the SQL macro `plain_name`: lower case, single spaces, composed letters, without a code repeated in front."""
    joined = _SPACES.sub(" ", unicodedata.normalize("NFC", name))
    return re.sub(r"^[\t\n\f\r ]*[0-9]+[\t\n\f\r ]*[-–:]?[\t\n\f\r ]+", "", joined).strip(" ").lower()
