"""Which version of the program a project asks for: `required_version` of the settings, so that a build says when the
yardstick is another one."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

from analyser import __version__
from analyser.messages.errors import UsageError

_PART = re.compile(r"(>=|<=|==|!=|<|>|)\s*(\d+(?:\.\d+)*)(\.\*)?")
_COMPARE: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "<": operator.lt,
    ">": operator.gt,
}


def assert_version(required: str, here: str = __version__) -> None:
    """Raise UsageError unless this version is one of those asked for: `0.3`, `0.3.*`, `>=0.2,<0.4`; empty: any.

    A version alone is that one; `.*` behind it stands for any that begins so.
    """
    own = _numbers(here)
    for part in filter(None, (part.strip() for part in required.split(","))):
        match = _PART.fullmatch(part)
        if match is None:
            raise UsageError("settings.required_version_form", written=part)
        sign, told, any_ = match.groups()
        wanted = _numbers(told)
        if any_:
            same = own[: len(wanted)] == wanted
            holds = same if sign in ("", "==") else not same if sign == "!=" else None
            if holds is None:
                raise UsageError("settings.required_version_form", written=part)
        else:
            width = max(len(own), len(wanted))
            one, other = own + (0,) * (width - len(own)), wanted + (0,) * (width - len(wanted))
            holds = one == other if sign in ("", "==") else one != other if sign == "!=" else _COMPARE[sign](one, other)
        if not holds:
            raise UsageError("settings.required_version", required=required, here=here)


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(map(int, found[0].split("."))) if found else ()
