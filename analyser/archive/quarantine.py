"""Why a member could not be used: a closed set of codes, and the one exception that carries them inside this room.

Messages name what is wrong and the remedy. They never quote content, because content may be a person's.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath

from analyser.messages.catalogue import text


class Stage(StrEnum):
    """How far reading came."""

    READ = "read"
    """The bytes could not be had."""
    CONTAINER = "container"
    """The container could not be opened or gave something unsafe."""
    PARSE = "parse"
    """The bytes are no well-formed, harmless XML."""
    CLASSIFY = "classify"
    """Well-formed, but not a client document or frame."""
    HEADER = "header"
    """The header lacks what a document cannot do without."""
    BODY = "body"
    """The body cannot be decoded."""
    CONTENT = "content"
    """The decoded content cannot be understood."""
    WORKER = "worker"
    """Reading itself failed: a defect of the program, or a process that died."""


class Code(StrEnum):
    """What is wrong. The texts of it are in `texts/*/quarantine.toml`."""

    UNREADABLE = "unreadable"
    SPECIAL_FILE = "special-file"
    CHANGED = "changed-while-read"
    TOO_MUCH_MEMORY = "too-much-memory"
    EMPTY_FILE = "empty-file"
    TOO_LARGE = "too-large"
    BAD_CONTAINER = "bad-container"
    ENCRYPTED_MEMBER = "encrypted-member"
    UNSUPPORTED_COMPRESSION = "unsupported-compression"
    UNSUPPORTED_CONTAINER = "unsupported-container"
    OVERLAPPING_MEMBER = "overlapping-member"
    SPARSE_MEMBER = "sparse-member"
    EXPANSION = "expansion"
    NESTED_TOO_DEEP = "nested-too-deep"
    TOO_MANY_MEMBERS = "too-many-members"
    NOT_XML = "not-xml"
    MALFORMED_XML = "malformed-xml"
    FORBIDDEN_XML = "forbidden-xml"
    UNKNOWN_ENCODING = "unknown-encoding"
    TOO_DEEP = "too-deep"
    TOO_MANY_ELEMENTS = "too-many-elements"
    UNKNOWN_XML = "unknown-xml"
    HEALTHCARE_DOCUMENT = "healthcare-document"
    FRAME_WITHOUT_SUBJECT = "frame-without-subject"
    ANSWER_WITHOUT_MESSAGE = "answer-without-message"
    MISSING_ID = "missing-id"
    SCHEMA_INVALID = "schema-invalid"
    NO_BODY = "no-body"
    PDF_BODY = "pdf-body"
    BAD_BASE64 = "bad-base64"
    BAD_JSON = "bad-json"
    TOO_MANY_VALUES = "too-many-values"
    DUPLICATE_KEY = "duplicate-key"
    SEVERAL_CONTENTS = "several-contents"
    UNKNOWN_CONTENT = "unknown-content"
    BAD_DATE = "bad-date"
    TOO_SLOW = "too-slow"
    WORKER_DIED = "worker-died"
    READER_FAILED = "reader-failed"


_STAGES: dict[Code, Stage] = {
    Code.UNREADABLE: Stage.READ,
    Code.SPECIAL_FILE: Stage.READ,
    Code.CHANGED: Stage.READ,
    Code.TOO_MUCH_MEMORY: Stage.READ,
    Code.EMPTY_FILE: Stage.READ,
    Code.TOO_LARGE: Stage.READ,
    Code.BAD_CONTAINER: Stage.CONTAINER,
    Code.ENCRYPTED_MEMBER: Stage.CONTAINER,
    Code.UNSUPPORTED_COMPRESSION: Stage.CONTAINER,
    Code.UNSUPPORTED_CONTAINER: Stage.CONTAINER,
    Code.OVERLAPPING_MEMBER: Stage.CONTAINER,
    Code.SPARSE_MEMBER: Stage.CONTAINER,
    Code.EXPANSION: Stage.CONTAINER,
    Code.NESTED_TOO_DEEP: Stage.CONTAINER,
    Code.TOO_MANY_MEMBERS: Stage.CONTAINER,
    Code.NOT_XML: Stage.PARSE,
    Code.MALFORMED_XML: Stage.PARSE,
    Code.FORBIDDEN_XML: Stage.PARSE,
    Code.UNKNOWN_ENCODING: Stage.PARSE,
    Code.TOO_DEEP: Stage.PARSE,
    Code.TOO_MANY_ELEMENTS: Stage.PARSE,
    Code.UNKNOWN_XML: Stage.CLASSIFY,
    Code.HEALTHCARE_DOCUMENT: Stage.CLASSIFY,
    Code.FRAME_WITHOUT_SUBJECT: Stage.CLASSIFY,
    Code.ANSWER_WITHOUT_MESSAGE: Stage.CLASSIFY,
    Code.MISSING_ID: Stage.HEADER,
    Code.SCHEMA_INVALID: Stage.HEADER,
    Code.NO_BODY: Stage.BODY,
    Code.PDF_BODY: Stage.BODY,
    Code.BAD_BASE64: Stage.BODY,
    Code.BAD_JSON: Stage.BODY,
    Code.TOO_MANY_VALUES: Stage.BODY,
    Code.DUPLICATE_KEY: Stage.CONTENT,
    Code.SEVERAL_CONTENTS: Stage.CONTENT,
    Code.UNKNOWN_CONTENT: Stage.CONTENT,
    Code.BAD_DATE: Stage.CONTENT,
    Code.TOO_SLOW: Stage.WORKER,
    Code.WORKER_DIED: Stage.WORKER,
    Code.READER_FAILED: Stage.WORKER,
}


# Reasons that do not lie in the bytes. A file with such a member is read again though it has not changed: at every
# ingest when rights, memory or another writer stood in the way, under other terms when a limit or this program did.
TRANSIENT = (Code.UNREADABLE, Code.CHANGED, Code.TOO_MUCH_MEMORY, Code.WORKER_DIED)
BY_TERMS = (
    Code.TOO_LARGE,
    Code.EXPANSION,
    Code.NESTED_TOO_DEEP,
    Code.TOO_MANY_MEMBERS,
    Code.TOO_DEEP,
    Code.TOO_MANY_ELEMENTS,
    Code.TOO_MANY_VALUES,
    Code.TOO_SLOW,
    Code.SCHEMA_INVALID,
    Code.READER_FAILED,
)
# Reasons that say nothing of the bytes though they were had: another reading of them may end otherwise.
PASSING = (*TRANSIENT, Code.TOO_SLOW, Code.READER_FAILED)
# A run that may read one of these again does not read it in its own process.
HARMFUL = (Code.WORKER_DIED, Code.TOO_SLOW)


class Trouble(Exception):
    """A member cannot be used. Raised inside the archive room, and always ends as a quarantine row."""

    def __init__(self, code: Code, place: str | None = None) -> None:
        super().__init__(code.value)
        self.code = code
        self.place = place

    @property
    def stage(self) -> Stage:
        """How far reading came."""
        return _STAGES[self.code]

    @property
    def told(self) -> str:
        """What is wrong and what to do, in one line, as data outputs say it; faces tell the code in their language."""
        return text("en", f"quarantine.{self.code}")


_PACKAGE = __name__.partition(".")[0]


def failed(error: Exception) -> Trouble:
    """The trouble that a defect of this program is: class and line, nothing of what was read."""
    line = trace = error.__traceback__
    while trace is not None:
        if _PACKAGE in PurePath(trace.tb_frame.f_code.co_filename).parts:
            line = trace
        trace = trace.tb_next
    told = type(error).__name__
    if line is not None:
        *_, room, module = PurePath(line.tb_frame.f_code.co_filename).parts
        told = f"{told} at {room}/{module}:{line.tb_lineno}"
    return Trouble(Code.READER_FAILED, told)
