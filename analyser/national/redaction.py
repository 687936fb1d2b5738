"""What looks like a person's identifier, wherever it stands: the one definition for names, texts, cells and proofs.

People and programs write an identifier in many ways: with a dash of another kind, an underscore, a space or `%2D`, with
characters that nobody sees, in full width, without its sign, glued to a date or a word; with the sign as XML, JSON or
mail write it (`&#45;`, `\\u002d`, `=2D`); with the birth date written as a date, another sign between the groups, or a
space after each character. A text is first *folded*: what cannot be seen is left out, everything else is the plain
character that it stands for. Identifiers are sought in the folded text and taken out of the text itself.

What is nobody's must stay readable: OIDs, hashes, UUIDs, days with a time. So an identifier without its sign counts
only where its day exists and its check character agrees; one with its sign counts whatever its check character, because
temporary identifiers have none that must be right, but not where a date or a longer number is the better reading.
A looser spelling counts only where the check character agrees, and where dates, amounts and clocks are written that way
too, only where it is a letter.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache

CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"
"""The check character of a henkilötunnus, by the remainder of its nine digits divided by 31."""
DASHES = (
    "\u00ad\u02d7\u058a\u05be\u1400\u1806\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u207b\u208b\u2212\u2796\u2e3a\u2e3b"
    "\u2e40\u301c\u3030\u30a0\ufe31\ufe32\ufe58\ufe63\uff0d"
)
"""What people and programs write for `-`, the soft hyphen among them."""
INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0"
"""Letters and marks that show nothing, beside all that Unicode calls format, control and combining characters."""
_UNSEEN = frozenset({"Cf", "Cc", "Mn", "Me", "Cn", "Co", "Cs"})

_DAY = r"(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2}"
_SIGN = r"[-+_ ]{1,3}| {0,2}[A-FU-Ya-fu-y] {0,2}|"
_SHAPE = rf"{_DAY}(?:{_SIGN})[0-9][0-9A-Za-z]{{3}}"
# Looser spellings. The birth date written as a date, or with its century; the groups apart by other signs.
_D, _M, _Y = r"(?:0[1-9]|[12][0-9]|3[01])", r"(?:0[1-9]|1[0-2])", r"(?:18|19|20)"
_WRITTEN_DAY = rf"(?:0?[1-9]|[12][0-9]|3[01])[-./ ] ?(?:0?[1-9]|1[0-2])[-./ ] ?{_Y}?[0-9]{{2}}"
_LONG_DAY = rf"{_D}{_M}(?:{_Y})?[0-9]{{2}}|{_Y}[0-9]{{2}}[-.]?{_M}[-.]?{_D}"
_BETWEEN = r" {0,8}[-+_./,:;|~*=()#A-FU-Ya-fu-y\\]{0,2} {0,8}(?:<[^<>]{0,20}>)?"
_NUMBER = r"[0-9]{3}[- .]?[0-9A-Za-z]"
_APART = r"[0-9](?: [0-9]){5} (?:[-+_A-FU-Ya-fu-y] )?[0-9](?: [0-9]){2} [0-9A-Za-z]"
_LOOSE_SHAPE = rf"(?:(?:^\.?|[^0-9]\.|[^0-9.]){_WRITTEN_DAY}|{_LONG_DAY}){_BETWEEN}{_NUMBER}|{_APART}"
_OF_ADDRESSES = r"(?:%(?:25)*[0-9A-Fa-f]{2})+"
_OF_TEXTS = (
    r"&(?:amp;)*(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,16});"
    r"|\\+u[0-9A-Fa-f]{4}|\\+x[0-9A-Fa-f]{2}|_x[0-9A-Fa-f]{4}_|=(?:2[A-F]|5F)"
)
_ESCAPES = f"{_OF_ADDRESSES}|{_OF_TEXTS}"
"""Ways to write a character: of addresses, of XML and HTML, of JSON, of programs, of workbooks, of mail."""
PERSONAL_CANDIDATE = rf"[^\x20-\x7e]|{_ESCAPES}|{_SHAPE}|{_LOOSE_SHAPE}"
"""For SQL and columns: every text with an identifier matches it, and many others do; `holds_identifier` judges."""
_CANDIDATE = re.compile(rf"(?=({_DAY})({_SIGN})([0-9][0-9A-Za-z]{{2}})([0-9A-Za-z]))")
_SHAPES = re.compile(_SHAPE)
_LOOSE_SHAPES = re.compile(_LOOSE_SHAPE)
_LOOSE = re.compile(
    rf"(?<![0-9])(?=((?<![0-9]\.){_WRITTEN_DAY}|{_LONG_DAY})({_BETWEEN})([0-9]{{3}})([- .]?)([0-9A-Za-z])(?![0-9]))"
)
_SPREAD = re.compile(rf"(?<![0-9A-Za-z])(?<![0-9] )(?=({_APART})(?![0-9A-Za-z]))")
_DIGIT_ENOUGH = re.compile(r"[-+_A-FU-Y/]?", re.IGNORECASE)
"""What may stand before a number whose check character is a digit: anything else stands in amounts and times."""
_ESCAPE = re.compile(_ESCAPES)
_NO_NUMBER = r"(?:%(?:25)*(?:[0-9][A-Fa-f]|[89A-Fa-f][0-9A-Fa-f]))+"
_SURE_ESCAPE = re.compile(f"{_NO_NUMBER}|{_OF_TEXTS}")
"""Escapes that cannot be a sign before a day of a month."""
_SIGNS_OF_ESCAPES = frozenset("%&\\_=")
_SIGNLESS = 10
"""Characters of an identifier without its sign."""
_ESCAPED = re.compile(rb"%(?:25)+(?=[0-9A-Fa-f]{2})")
_OID = re.compile(r"(?<![0-9A-Za-z.])[0-9]+(?:\.[0-9]+){3,}")
_HASH = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32}|[0-9a-f]{16})(?![0-9A-Za-z])")
_UUID = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Za-z])")
_DATE_BEFORE = re.compile(r"(?<![0-9])(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?(?![0-9])")
_HENKILOTUNNUS_ARCS = "1.2.246.21."
_LETTERS = 3
"""Letters from which a word of hexadecimal digits is a hash: an identifier has two at most."""


def holds_identifier(text: str) -> bool:
    """Whether anything in the text looks like a person's identifier."""
    return bool(identifiers_in(text))


def redacted(text: str) -> str:
    """The text with everything shaped like a henkilötunnus replaced, and control characters shown as `�`.

    For names that come from outside (files, archive members) before they are kept or shown.
    """
    return plain(masked(text, "[id]"))


def masked(text: str, mark: str) -> str:
    """The text with `mark` in the place of everything that looks like an identifier."""
    parts, at = [], 0
    for start, end in identifiers_in(text):
        parts += [text[at:start], mark]
        at = end
    return "".join((*parts, text[at:]))


_BLANKS = "\u00a0\u202f"
"""Spaces that do not break, which stand in numbers of thousands: they steer nothing."""


def plain(text: str) -> str:
    """The text with everything that would steer a terminal or turn the direction of text around shown as `�`."""
    return text if text.isprintable() else "".join(c if c.isprintable() or c in _BLANKS else "\ufffd" for c in text)


def identifiers_in(text: str) -> list[tuple[int, int]]:
    """Where identifiers stand in the text: starts and ends, in order, none inside another."""
    escaped = not _SIGNS_OF_ESCAPES.isdisjoint(text) and _ESCAPE.search(text) is not None
    plainly = text.isascii() and text.isprintable() and not escaped
    if plainly and _SHAPES.search(text) is None and _LOOSE_SHAPES.search(text) is None:
        return []
    found = _identifiers_in(*_folded(text))
    if escaped:
        # What looks like an escape may be a sign before an identifier, as in `100%010190`.
        for escapes in ((), _SURE_ESCAPE.finditer(text)):
            found += _identifiers_in(*_mapped(text, escapes))
        return _together(found)
    return found


def _together(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places in order, those that meet as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _identifiers_in(folded: str, starts: range | list[int], ends: range | list[int]) -> list[tuple[int, int]]:
    """The places of the text in which identifiers of its folded form stand."""
    found: list[tuple[int, int]] = []
    passed_over: list[tuple[int, int]] | None = None
    for match in _CANDIDATE.finditer(folded):
        first, last = match.start(1), match.end(4)
        if passed_over is None:
            passed_over = _nobodys(folded)
        if not _lies_in(passed_over, first, last, len(folded)) and _is_identifier(folded, match):
            found.append((starts[first], ends[last - 1]))
    for match in _LOOSE.finditer(folded):
        first, last = match.start(1), match.end(5)
        if passed_over is None:
            passed_over = _nobodys(folded)
        if not _lies_in(passed_over, first, last, len(folded)) and _is_loosely(folded, match):
            found.append((starts[first], ends[last - 1]))
    for match in _SPREAD.finditer(folded):
        told = match[1].replace(" ", "")
        signed = len(told) > _SIGNLESS or told[-1].isalpha()
        if signed and re.match(_DAY, told) and _agrees(told[:6], told[-4:-1], told[-1]):
            found.append((starts[match.start(1)], ends[match.end(1) - 1]))
    return _together(found)


def _lies_in(words: list[tuple[int, int]], first: int, last: int, length: int) -> bool:
    place = bisect_right(words, (first, length)) - 1
    return place >= 0 and last <= words[place][1]


def _is_loosely(folded: str, match: re.Match[str]) -> bool:
    """Whether a spelling that dates, amounts and tables have as well is an identifier: its check character agrees."""
    written, between, number, apart, check = match.groups()
    if not any(_agrees(day, number, check) for day in _days(written)):
        return False
    if check.isalpha():
        return not folded[match.end(5) : match.end(5) + 1].isalpha()
    sign = between.strip(" ")
    after = folded[match.end(5) : match.end(5) + 2]
    if apart or len(sign) > 1 or not _DIGIT_ENOUGH.fullmatch(sign) or after[:1].isalnum() or after[1:].isdigit():
        return False
    if written[:4].isdigit() and len(written) > len("ddmmyy"):
        return False  # a file of a day, and its number
    short = re.fullmatch(r"[0-9]{2}", re.split(r"[-./ ]+", written)[-1]) is not None
    return bool(sign) or (short and not _CLOCK.match(folded, match.start(3)))


def _days(written: str) -> list[str]:
    """A birth date as an identifier has it, from the ways of writing it that these digits may be."""
    parts = [part for part in re.split(r"[-./ ]+", written) if part]
    if len(parts) == 3 and len(parts[0]) < 3:
        return [f"{int(parts[0]):02}{int(parts[1]):02}{parts[2][-2:]}"]
    digits = "".join(parts)
    if len(digits) == 6:
        return [digits]
    return [digits[:4] + digits[6:], digits[6:] + digits[4:6] + digits[2:4]]


def _is_identifier(folded: str, match: re.Match[str]) -> bool:
    """Whether this candidate is an identifier rather than a date, a time or a part of a longer number."""
    day, sign, number, check = match.groups()
    first, last = match.start(1), match.end(4)
    sign = sign.strip(" ") or sign
    real = _agrees(day, number, check)
    if not sign:
        return real
    digit_before = first > 0 and folded[first - 1].isdigit()
    after = folded[last : last + 1]
    if digit_before and first > 1 and _DATE_BEFORE.match(folded, first - 2):
        # A day with a time is a day with a time; with anything else after it only what is surely an identifier is one.
        return real and not _CLOCK.match(folded, match.start(3))
    if real:
        return True
    if len(sign) == 1 and sign not in "_ ":
        if not digit_before and not after.isalnum():
            return True
        return number.isdigit() and (check.isalpha() or not (digit_before or after.isdigit()))
    return number.isdigit() and check.upper() in CHECK[10:] and not after.isalpha()


def _agrees(day: str, number: str, check: str) -> bool:
    """Whether the day exists in some century, the number is one that is given, and the check character agrees."""
    if not number.isdigit() or int(number) < 2:
        return False
    if day[:4] in ("3002", "3102", "3104", "3106", "3109", "3111") or (day[:4] == "2902" and int(day[4:]) % 4):
        return False
    return CHECK[int(day + number) % 31] == check.upper()


def _nobodys(folded: str) -> list[tuple[int, int]]:
    """Words that are nobody's, whatever digits they hold: OIDs, hashes, UUIDs."""
    words = [match.span() for match in _UUID.finditer(folded)]
    words += [match.span() for match in _HASH.finditer(folded) if sum(sign.isalpha() for sign in match[0]) >= _LETTERS]
    words += [match.span() for match in _OID.finditer(folded) if not match[0].startswith(_HENKILOTUNNUS_ARCS)]
    return sorted(words)


def _folded(text: str) -> tuple[str, range | list[int], range | list[int]]:
    """The text as plain characters, and where in the text each of them starts and ends."""
    if text.isascii() and text.isprintable() and _ESCAPE.search(text) is None:
        return text, range(len(text)), range(1, len(text) + 1)
    return _mapped(text, _ESCAPE.finditer(text))


def _mapped(text: str, escapes: Iterable[re.Match[str]]) -> tuple[str, list[int], list[int]]:
    signs: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def put(told: str, start: int, end: int) -> None:
        for sign in told:
            if sign_of := _sign(sign):
                signs.append(sign_of)
                starts.append(start)
                ends.append(end)

    at = 0
    for match in escapes:
        for place in range(at, match.start()):
            put(text[place], place, place + 1)
        put(_unescaped(match[0]), match.start(), match.end())
        at = match.end()
    for place in range(at, len(text)):
        put(text[place], place, place + 1)
    return "".join(signs), starts, ends


def _unescaped(text: str) -> str:
    """What an escape stands for, escaped once or more often; itself when it is no text."""
    if text.startswith("%"):
        raw = _ESCAPED.sub(b"%", text.encode())
        try:
            return bytes.fromhex(raw.decode().replace("%", "")).decode()
        except UnicodeDecodeError:
            return text
    if text.startswith("&"):
        return html.unescape(text.replace("amp;", ""))
    return chr(int(text.strip("_").lstrip("\\=uUxX"), 16))


@lru_cache(maxsize=4096)
def _sign(sign: str) -> str:
    """The plain character that this one stands for, nothing for one that cannot be seen."""
    if sign.isspace():
        return " "
    if sign in DASHES or unicodedata.category(sign) == "Pd":
        return "-"
    if sign.isascii():
        return sign if sign.isprintable() else ""
    if sign in INVISIBLE or unicodedata.category(sign) in _UNSEEN:
        return ""
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    told = unicodedata.normalize("NFKC", sign)
    return told if len(told) == 1 and told.isascii() else sign
