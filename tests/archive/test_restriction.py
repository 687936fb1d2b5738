"""What stands at a safety restriction restricts unless it is clearly a no, in whatever is legible of a body."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from analyser.archive.documents.restriction import restriction_of, tells_of_restriction
from analyser.system.limits import Limits

_YES: list[Any] = [
    *(True, 1, 1.0, 2, "1", "true", "TRUE", " Kyllä ", "ja", "yes", "on", "K", "?"),
    *({"code": "true"}, {"code": 1, "display": "ei tietoa"}, {"value": "true"}, {"system": "x", "display": "Kyllä"}),
    *([True], [False, "kyllä"], {"code": True}),
]
_NO: list[Any] = [
    False,
    0,
    0.0,
    "0",
    "false",
    "False",
    "EI",
    " nej ",
    {"code": "false"},
    {"code": 0},
    [False],
    {"value": "ei"},
]
_NOTHING: list[Any] = [None, "", "  ", {}, [], {"system": "x"}, {"code": None}]


def _body(value: Any, key: str = "turvakielto") -> str:
    return json.dumps({"asiakkuusasiakirja": {"asiakas": {key: value, "kotikunta": {"kunta": {"code": "092"}}}}})


def _packed(text: str, encoding: str = "utf-8") -> str:
    return base64.b64encode(text.encode(encoding)).decode()


@pytest.mark.parametrize(("values", "said"), [(_YES, True), (_NO, False), (_NOTHING, None)])
def test_a_value_restricts_unless_it_is_clearly_a_no(values: list[Any], said: bool | None) -> None:
    assert [value for value in values if restriction_of(value) is not said] == []
    for value in values:
        assert tells_of_restriction(_packed(_body(value)), Limits()) is (said or False)
        # Where the rest cannot be read, only a plain no is clear; a yes is one as ever.
        plainly = not isinstance(value, list | dict | float) or value == {"code": "false"}
        if plainly or said:
            assert tells_of_restriction(_packed(_body(value)[:-3]), Limits()) is (True if said else None), value


def test_whatever_is_legible_of_a_body_is_looked_at() -> None:
    told, free = _body(True), _body(False)
    packed = _packed(told)
    half = len(packed) // 2
    escaped = told.replace("turvakielto", "\\u0074urvakielto")[:-2]
    at = told.index("true")
    spoiled = {
        "cut JSON": told[:-2],
        "cut inside the value": told[: at + 2],
        "cut after the key": told[:at],
        "cut Base64": packed[:-3],
        "a character too many": packed[:half] + "%" + packed[half:],
        "a character that lacks": packed[:9] + packed[10:],
        "filled in the middle": _packed("{") + packed,
        "other alphabet": packed[:-3].replace("+", "-").replace("/", "_"),
        "sixteen bits": _packed(told[:-2], "utf-16-le"),
        "escaped": _packed(escaped),
        "a string in a string": json.dumps({"a": told})[:-2],
        "text before it": "x" + told,
        "HTML": told.replace('"', "&quot;"),
        "an end alone": _packed(_body("2030-01-01", "turvakiellon_paattymispaiva")[:-2]),
    }
    assert [name for name, text in spoiled.items() if tells_of_restriction(text, Limits()) is not True] == []
    for text in (free[:-2], _packed(free)[:-3], _packed(_body(None)[:-2]), "", "nothing", _packed("no JSON")):
        assert tells_of_restriction(text, Limits()) is None
