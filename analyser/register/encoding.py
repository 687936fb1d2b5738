"""In which encoding a whole text file is written: one for all of it, told, and never half a file.

UTF-8 proves itself. What is no UTF-8 anywhere is a one-byte encoding; which one shows in the letters that Finnish and
Swedish have. A file in which both stand was put together from several, and no reading of it would be right.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from analyser.messages.errors import UsageError

_BLOCK = 2**20
_MARKS = (
    (codecs.BOM_UTF8, "UTF-8", "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "UTF-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "UTF-16", "utf-16"),
)
KNOWN = {
    "utf-8": ("UTF-8", "utf-8-sig"),
    "utf8": ("UTF-8", "utf-8-sig"),
    "utf-16": ("UTF-16", "utf-16"),
    "windows-1252": ("Windows-1252", "cp1252"),
    "cp1252": ("Windows-1252", "cp1252"),
    "iso-8859-1": ("ISO-8859-1", "iso-8859-1"),
    "latin-1": ("ISO-8859-1", "iso-8859-1"),
    "iso-8859-15": ("ISO-8859-15", "iso-8859-15"),
    "cp850": ("CP850", "cp850"),
    "mac-roman": ("Mac Roman", "mac-roman"),
}
"""What the settings may say, and how it is called and read."""
_UTF8_LETTER = re.compile(rb"\xc3[\x80-\xbf]|\xe2\x80[\x90-\xba]|\xe2\x82\xac")
"""A letter or a dash of UTF-8: in a one-byte encoding it would be Ã or â and a sign, which no word has."""
_LATIN = re.compile(rb"[\xc4\xc5\xd6\xe4\xe5\xf6]")
"""Ä Å Ö ä å ö of ISO-8859-1 and Windows-1252."""
_OTHERS = re.compile(rb"[A-Za-z][\x80-\x82\x84-\x89\x8b\x8f\x90\x93-\x95\x98\x99\x9b\x9d][A-Za-z]")
"""Inside a word, what is no letter in Windows-1252: in CP850 and others ä, å or ö stands there."""
_RARE = re.compile(rb"[A-Za-z][\x8a\x8c\x8e\x9a\x9c\x9e\x9f][A-Za-z]")
"""Š, Œ, Ž and the like: ä, å and ö of Mac Roman, where a file has no ä, å or ö of Windows-1252."""
_CONTROLS = re.compile(rb"[\x80-\x9f]")
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_PLACES = 3
"""Places that are told."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file's letters are written."""

    name: str
    """As it is told."""
    codec: str


def encoding_of(path: Path, file: str, said: str | None = None) -> Encoding:
    """The encoding of a whole file. Raises UsageError where there is not one, with the first places."""
    if said is not None:
        encoding = Encoding(*KNOWN[said.lower()])
        _reads(path, encoding, file)
        return encoding
    with path.open("rb") as raw:
        head = raw.read(4096)
        for mark, name, codec in _MARKS:
            if head.startswith(mark):
                encoding = Encoding(name, codec)
                if name == "UTF-16":
                    _reads(path, encoding, file)
                    return encoding
        if (wide := _unmarked_utf16(head)) is not None:
            _reads(path, wide, file)
            return wide
        raw.seek(0)
        if _whole_utf8(raw):
            return Encoding("UTF-8", "utf-8-sig")
        raw.seek(0)
        return _one_byte(raw, file)


def _whole_utf8(raw: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := raw.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _unmarked_utf16(head: bytes) -> Encoding | None:
    """UTF-16 without its mark: every other byte of a text in Latin letters is nothing."""
    pairs = len(head) // 2
    if pairs < 4:
        return None
    even, odd = head[0 : pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
    if odd > pairs * 0.7 and not even:
        return Encoding("UTF-16", "utf-16-le")
    if even > pairs * 0.7 and not odd:
        return Encoding("UTF-16", "utf-16-be")
    return None


def _reads(path: Path, encoding: Encoding, file: str) -> None:
    """Raise UsageError when the file is not in this encoding from its beginning to its end."""
    decoder = codecs.getincrementaldecoder(encoding.codec)()
    line = 1
    with path.open("rb") as raw:
        try:
            while block := raw.read(_BLOCK):
                line += decoder.decode(block).count("\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            line += error.object[: error.start].replace(b"\0", b"").count(b"\n")
            raise UsageError("register.not_encoded", file=file, encoding=encoding.name, line=line) from None


def _one_byte(raw: BinaryIO, file: str) -> Encoding:
    """ISO-8859-1 or Windows-1252, when nothing speaks against it."""
    utf8: list[int] = []
    single: list[int] = []
    strange: list[int] = []
    rare: list[int] = []
    latin = controls = undefined = False
    for number, line in enumerate(raw, 1):
        if line.isascii():
            continue
        if _is_utf8(line):
            utf8.append(number)
            continue
        if _UTF8_LETTER.search(line):
            utf8.append(number)
        single.append(number)
        latin = latin or _LATIN.search(line) is not None
        controls = controls or _CONTROLS.search(line) is not None
        undefined = undefined or _UNDEFINED.search(line) is not None
        if _OTHERS.search(line):
            strange.append(number)
        if _RARE.search(line):
            rare.append(number)
        if len(utf8) >= _PLACES and len(single) >= _PLACES:
            break
    if utf8 or (strange and latin):
        raise UsageError("register.several_encodings", file=file, lines=_told(utf8, single, strange))
    if strange or undefined or (rare and not latin):
        raise UsageError("register.unknown_encoding", file=file, lines=_told(strange or rare or single))
    return Encoding("Windows-1252", "cp1252") if controls else Encoding("ISO-8859-1", "iso-8859-1")


def _told(*kinds: list[int]) -> str:
    """The first lines of each kind, in the file's order, so that both sides of the contradiction are shown."""
    firsts = sorted({numbers[0] for numbers in kinds if numbers})
    rest = sorted({number for numbers in kinds for number in numbers} - set(firsts))
    return ", ".join(map(str, sorted((firsts + rest)[:_PLACES])))


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
