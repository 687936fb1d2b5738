"""Why a member could not be used: a closed set of codes, and the one exception that carries them inside this room.

Messages name what is wrong and the remedy. They never quote content, because content may be a person's.
"""

from __future__ import annotations

from enum import StrEnum


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
    """What is wrong."""

    UNREADABLE = "unreadable"
    SPECIAL_FILE = "special-file"
    CHANGED = "changed-while-read"
    TOO_MUCH_MEMORY = "too-much-memory"
    EMPTY_FILE = "empty-file"
    TOO_LARGE = "too-large"
    BAD_CONTAINER = "bad-container"
    ENCRYPTED_MEMBER = "encrypted-member"
    UNSUPPORTED_COMPRESSION = "unsupported-compression"
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


_TOLD: dict[Code, tuple[Stage, str]] = {
    Code.UNREADABLE: (Stage.READ, "the file cannot be read; check that it exists and that you may read it"),
    Code.SPECIAL_FILE: (
        Stage.READ,
        "a link out of the folder, a pipe or a device; copy the document itself here",
    ),
    Code.CHANGED: (
        Stage.READ,
        "it changed while it was read; ingest it again when nothing writes to it",
    ),
    Code.TOO_MUCH_MEMORY: (
        Stage.READ,
        "needs more memory than the limits zstd_window and process_memory; if it is sound, raise them",
    ),
    Code.EMPTY_FILE: (Stage.READ, "the file is empty; fetch it anew from where it came"),
    Code.TOO_LARGE: (
        Stage.READ,
        "larger than the limit document_bytes (a container: nested_bytes); if it is sound, raise the limit",
    ),
    Code.BAD_CONTAINER: (
        Stage.CONTAINER,
        "damaged or cut off here; what came before was read, fetch the container anew",
    ),
    Code.ENCRYPTED_MEMBER: (
        Stage.CONTAINER,
        "the member is encrypted; give the container without a password",
    ),
    Code.UNSUPPORTED_COMPRESSION: (
        Stage.CONTAINER,
        "packed in a way that is not read here; pack it anew as an ordinary zip (stored or deflated)",
    ),
    Code.OVERLAPPING_MEMBER: (
        Stage.CONTAINER,
        "shares its bytes with another member, as only made-up containers do; fetch the container anew",
    ),
    Code.SPARSE_MEMBER: (
        Stage.CONTAINER,
        "a sparse file, which no document is; pack it anew without sparse files",
    ),
    Code.EXPANSION: (
        Stage.CONTAINER,
        "gives far more bytes than it has (limit expansion); unpack it by hand if it is sound",
    ),
    Code.NESTED_TOO_DEEP: (
        Stage.CONTAINER,
        "containers inside containers beyond the limit nesting; unpack the outer ones",
    ),
    Code.TOO_MANY_MEMBERS: (
        Stage.CONTAINER,
        "more members than the limit container_members; split the container",
    ),
    Code.NOT_XML: (
        Stage.PARSE,
        "not an XML document; if it is no document at all, keep it out of the source",
    ),
    Code.MALFORMED_XML: (Stage.PARSE, "not well-formed XML here; fetch the document anew or tell its vendor"),
    Code.FORBIDDEN_XML: (
        Stage.PARSE,
        "declares a document type or entities, which no archived document does",
    ),
    Code.UNKNOWN_ENCODING: (
        Stage.PARSE,
        "declares a text encoding that no archived document has; fetch the document anew as UTF-8",
    ),
    Code.TOO_DEEP: (Stage.PARSE, "nested deeper than the limit depth"),
    Code.TOO_MANY_ELEMENTS: (Stage.PARSE, "more elements than the limit elements"),
    Code.UNKNOWN_XML: (
        Stage.CLASSIFY,
        "XML, but neither a client document nor a transfer frame; keep it out of the source",
    ),
    Code.HEALTHCARE_DOCUMENT: (
        Stage.CLASSIFY,
        "a healthcare document, not one of social welfare; keep it out of the source",
    ),
    Code.FRAME_WITHOUT_SUBJECT: (
        Stage.CLASSIFY,
        "a transfer frame that names no document; check what was sent with it",
    ),
    Code.MISSING_ID: (Stage.HEADER, "the document has no id; tell its vendor"),
    Code.SCHEMA_INVALID: (Stage.HEADER, "does not follow the schema here; tell its vendor"),
    Code.NO_BODY: (Stage.BODY, "the first version has no body; fetch the document anew or tell its vendor"),
    Code.PDF_BODY: (
        Stage.BODY,
        "the body is a PDF without structured content; its dates must be checked by a person",
    ),
    Code.BAD_BASE64: (
        Stage.BODY,
        "the structured content is no valid Base64; fetch the document anew or tell its vendor",
    ),
    Code.BAD_JSON: (Stage.BODY, "the structured content is no valid JSON; tell the document's vendor"),
    Code.TOO_MANY_VALUES: (Stage.BODY, "the structured content has more values than the limit values"),
    Code.DUPLICATE_KEY: (
        Stage.CONTENT,
        "the structured content says two different things under one key here; tell the document's vendor",
    ),
    Code.SEVERAL_CONTENTS: (
        Stage.CONTENT,
        "the document holds more than one structured content, and none says which counts; tell its vendor",
    ),
    Code.UNKNOWN_CONTENT: (
        Stage.CONTENT,
        "the structured content has another shape than its definition here; tell its vendor",
    ),
    Code.BAD_DATE: (
        Stage.CONTENT,
        "no date of the form YYYY, YYYY-MM or YYYY-MM-DD; correct it and archive a new version",
    ),
    Code.TOO_SLOW: (
        Stage.WORKER,
        "reading it takes longer than the limit document_seconds; look at it, and if it is sound, raise the limit",
    ),
    Code.WORKER_DIED: (
        Stage.WORKER,
        "reading it killed the reading process; look at it apart from the others",
    ),
    Code.READER_FAILED: (
        Stage.WORKER,
        "reading it failed in a way that nobody foresaw; report it as a defect of this program",
    ),
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
        return _TOLD[self.code][0]

    @property
    def told(self) -> str:
        """What is wrong and what to do, in one line."""
        return _TOLD[self.code][1]
