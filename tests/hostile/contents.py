"""Hostile bodies: Base64 that is none, JSON that explodes, contradicts itself or is of another shape."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

from tests.archive.build import content, document
from tests.hostile.cases import Case, file

_TEXT = json.dumps(content())


def _body(text: str | bytes) -> bytes:
    raw = text.encode() if isinstance(text, str) else text
    return document(base64.b64encode(raw).decode(), oid="1.2.3.78").encode()


def _packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _elements(*texts: str) -> bytes:
    """A body with a `json` element for each of the texts."""
    elements = "".join(f'<f:json xmlns:f="urn:hl7finland">{text}</f:json>' for text in texts)
    return document(json_element=elements, oid="1.2.3.78").encode()


def _case(name: str, data: bytes | str | Callable[[], bytes], *codes: str) -> Case:
    return Case("json", name, file("x.xml", data), codes, 0 if codes else 1)


def _within(text: str) -> bytes:
    """The text as one more member of the content."""
    return _body(_TEXT[:-2] + f', "muu": {text}' + "}}")


_RESTRICTED = '{"asiakkuusasiakirja": {"asiakas": {"turvakielto": true}, "asiakas": {"turvakielto": false}}}'

CASES = [
    _case("base64-garbage", document("!!!! not base64 ####"), "bad-base64"),
    _case("base64-cut", document(base64.b64encode(_TEXT.encode()).decode()[:-3]), "bad-base64"),
    _case("base64-of-the-web", document("-_-_" * 20), "bad-base64"),
    _case("base64-of-noise", _body(bytes(range(256)) * 20), "bad-json"),
    _case("base64-of-base64", _body(base64.b64encode(_TEXT.encode())), "bad-json"),
    _case("base64-of-nothing", document("===="), "bad-base64"),
    _case("depth-of-100000", lambda: _body('{"a":' * 100_000 + "1" + "}" * 100_000), "too-deep"),
    _case("arrays-of-depth-100000", lambda: _within("[" * 100_000 + "]" * 100_000), "too-deep"),
    _case("a-million-arrays", lambda: _within("[" + "[]," * 1_000_000 + "[]]"), "too-many-values"),
    _case("a-million-objects", lambda: _within("[" + '{"a":1},' * 1_000_000 + "{}]"), "too-many-values"),
    _case("a-million-keys", lambda: _within("{" + ",".join(f'"k{n}":1' for n in range(1_000_000)) + "}"), "too-many-values"),
    _case("a-string-of-20-megabytes", lambda: _within(json.dumps("x" * 20_000_000))),
    _case("a-key-twice-with-one-value", _body(_TEXT[:-2] + ', "a": [1, {"b": 2}], "a": [1, {"b": 2}]}}')),
    _case("a-key-twice-with-two-values", _body(_TEXT[:-2] + ', "a": 1, "a": 2}}'), "duplicate-key"),
    _case("a-client-twice", _body(_TEXT[:-2] + ', "asiakas": {"henkilotunnus": {"value": "140312A909W"}}}}'), "duplicate-key"),
    _case("a-key-twice-by-an-escape", _body(_TEXT[:-2] + ', "a": 1, "\\u0061": 2}}'), "duplicate-key"),
    _case("a-restriction-contradicted", _body(_RESTRICTED), "duplicate-key"),
    _case("the-root-twice", _body(_TEXT[:-1] + ', "asiakkuusasiakirja": {}}'), "duplicate-key"),
    _case("nan", _within("NaN"), "bad-json"),
    _case("infinity", _within("-Infinity"), "bad-json"),
    _case("a-number-beyond-measure", _within("1e999"), "bad-json"),
    _case("a-number-of-5000-digits", _within("9" * 5000), "bad-json"),
    _case("a-number-as-a-code", _body(_TEXT.replace('"24"', "9" * 30))),
    _case("lone-surrogate", _within('"\\ud800"'), "bad-json"),
    _case("surrogates-in-the-wrong-order", _within('"\\udc00\\ud800"'), "bad-json"),
    _case("nul-in-a-string", _within('"\\u0000"')),
    _case("raw-nul", _within('"\0"'), "bad-json"),
    _case("invalid-utf-8", _body(_TEXT.encode().replace(b"Aino", b"\xff\xfe")), "bad-json"),
    _case("utf-16", _body(_TEXT.encode("utf-16")), "bad-json"),
    _case("a-comment", _body(_TEXT + " // nothing"), "bad-json"),
    _case("two-texts", _body(_TEXT + _TEXT), "bad-json"),
    _case("two-roots", _body(_TEXT[:-1] + ', "asia_asiakirja": {"asian_tiedot": {}}}'), "several-contents"),
    _case("an-empty-root-first", _body('{"asia_asiakirja": {}, ' + _TEXT[1:]), "several-contents"),
    _case("a-root-that-is-a-list-first", _body('{"asia_asiakirja": [{}], ' + _TEXT[1:]), "several-contents"),
    _case("values-beside-the-root", _body('{"$schema": "x", "versio": 1, "muu": null, "tyhja": [], ' + _TEXT[1:])),
    _case("two-contents", _elements(_TEXT, _TEXT.replace("2025-01-17", "2025-01-18")), "several-contents"),
    _case("two-contents-the-first-broken", _elements("{", _TEXT), "several-contents"),
    _case("one-content-twice", _elements(_TEXT, _packed(_TEXT), " ")),
    _case("an-array-at-the-root", _body("[1, 2]"), "unknown-content"),
    _case("null", _body("null"), "unknown-content"),
    _case("an-empty-object", _body("{}"), "unknown-content"),
    _case("a-client-that-is-a-number", _body('{"asiakkuusasiakirja": {"asiakas": 5}}'), "unknown-content"),
    _case("a-date-that-is-none", _body(_TEXT.replace("2025-01-17", "2025-02-30")), "bad-date"),
    _case("a-date-of-another-age", _body(_TEXT.replace("2025-01-17", "99999-01-01")), "bad-date"),
    _case("a-date-that-is-a-list", _body(_TEXT.replace('"2025-01-17"', '["2025-01-17"]')), "bad-date"),
    _case("escapes-for-a-terminal", _body(_TEXT.replace('"24"', '"\\u001b[31m\\u202e24"'))),
]  # fmt: skip
