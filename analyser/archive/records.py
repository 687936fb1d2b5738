"""The records that leave the archive room, as Arrow schemas: the border between parsers and store.

One shard of input gives one table per schema. Column meanings stand here and nowhere else; the
store's tables have the same names and columns (a test holds them together).

Conventions: `document_key` is the first half of the SHA-256 of the document's bytes in hex, so equal bytes are
one document wherever they lie. A date is three columns, `x_text` (ISO, as precise as known), `x_lo` and
`x_hi` (first and last possible day); all three null when the document gives none. `pointer` is a JSON
pointer into the document's JSON. Moments are kept as Finnish local time (Europe/Helsinki).
"""

from __future__ import annotations

import pyarrow as pa

_TEXT = pa.string()
_DAY = pa.date32()
_MOMENT = pa.timestamp("s")
_FLAG = pa.bool_()
_INT = pa.int32()


def _date(name: str) -> list[tuple[str, pa.DataType]]:
    return [(f"{name}_text", _TEXT), (f"{name}_lo", _DAY), (f"{name}_hi", _DAY)]


_TASK = [
    ("task_system", _TEXT),  # code system OID without version arc, null when not given
    ("task_code", _TEXT),
    ("task_display", _TEXT),
]

SCHEMAS: dict[str, pa.Schema] = {
    # One row for every file or container member that was looked at, whatever became of it.
    "member": pa.schema(
        [
            ("source_key", _TEXT),  # hash of the source's absolute path: never the path itself
            ("member_key", _TEXT),  # hash of source_key and the member's real name
            ("file_key", _TEXT),  # member_key of the outermost file it lies in (itself for a plain file)
            ("source", _TEXT),  # name of the SOURCE as shown: last path part, redacted
            ("member", _TEXT),  # path inside it as shown: `folder/a.zip!inner/x.xml`, redacted
            ("size", pa.int64()),  # bytes
            ("mtime_ns", pa.int64()),  # null for a container's member
            # SHA-256 of the bytes, first half; null for what is unreadable and for a container in a container.
            ("content_hash", _TEXT),
            ("outcome", _TEXT),  # container | document | frame | acknowledgement | quarantine | passed-over
            # When the file was last touched, by the system's own clock; null: the next ingest looks at its bytes.
            ("ctime_ns", pa.int64()),
        ]
    ),
    # One row for every readable client document.
    "document": pa.schema(
        [
            ("document_key", _TEXT),
            ("oid", _TEXT),  # ClinicalDocument/id/@root
            # setId/@root, else oid, and versionNumber, else replaced version + 1, else 1, as the reader gives them.
            # The store puts in its place what does not say its own (queries/store/placed-documents.sql).
            ("set_id", _TEXT),
            ("version", _INT),
            ("kind", _TEXT),  # client-relationship | case | client | permission | refusal | other
            ("document_group", _TEXT),  # code 1505
            ("general_type", _TEXT),  # code 1506 of ClinicalDocument/code
            ("specific_type", _TEXT),  # code 1506 of specificDocumentType
            ("content_specification", _TEXT),  # Sosmeta definition OID
            ("json_root", _TEXT),  # root key of the JSON content, null without content
            ("body", _TEXT),  # json | none (a voiding version: no readable body)
            ("effective_at", _MOMENT),
            ("created_at", _MOMENT),  # localSocialHeader/creationTime
            ("custodian", _TEXT),  # controller
            ("organiser", _TEXT),  # outsourcingServiceCustomer, else JSON operating unit, else custodian
            ("organiser_origin", _TEXT),  # header | content | custodian
            ("unit", _TEXT),  # service unit of the header
            ("relationship_id", _TEXT),  # encompassingClientRelationship/@root
            ("case_id", _TEXT),  # encompassingEncounter/id/@root
            ("record_status", _TEXT),  # code 40154
            ("replaces_oid", _TEXT),  # relatedDocument[@typeCode='RPLC'] parentDocument/id
            ("replaces_set_id", _TEXT),
            ("replaces_version", _INT),
            ("old_relationship", _FLAG),  # vanha_asiakkuus
            *_date("relationship_start"),  # sosiaalihuollon_asiakkuus
            *_date("relationship_end"),
            ("family_law", _FLAG),  # the document type belongs to family law
            ("size", pa.int64()),
            ("problems", pa.list_(_TEXT)),  # codes of tolerated defects, for the rules
        ]
    ),
    # Whom a document is about; one row per identifier and place it stands in.
    "document_person": pa.schema(
        [
            ("document_key", _TEXT),
            ("identity_key", _TEXT),
            ("slot", _INT),  # which client of the document, 0-based: identifiers in one slot are one person
            ("origin", _TEXT),  # header | content
            ("municipality", _TEXT),  # kotikunta, three digits
            ("safety_restricted", _FLAG),  # the document tells of a turvakielto, whenever it ends
            *_date("joined"),  # joint case: asiaan_liittymishetki
            *_date("left"),  # asiasta_poistumishetki
            ("pointer", _TEXT),  # JSON pointer or XPath of the identifier
            ("safety_ends", _DAY),  # last possible day of turvakiellon_paattymispaiva; null: not known to end
            ("birth_date", _DAY),  # as this document tells it: in the header, else in the content
        ]
    ),
    # The identifiers themselves: the only table that holds them. Birth dates stand with what told them, in
    # document_person and register_episode; here is one only in databases of before, the smallest ever read.
    "person_identity": pa.schema(
        [
            ("identity_key", _TEXT),
            ("root", _TEXT),
            ("value", _TEXT),
            ("birth_date", _DAY),  # the store leaves it empty
        ]
    ),
    # Service-task blocks of client-relationship documents, also those without any period.
    "service_task_block": pa.schema([("document_key", _TEXT), ("ordinal", _INT), *_TASK, ("pointer", _TEXT)]),
    # Every dated period of a client-relationship document.
    "client_period": pa.schema(
        [
            ("document_key", _TEXT),
            # unit | first-phase-unit | producer | implementer | child-protection
            ("role", _TEXT),
            ("block", _INT),  # ordinal of the service-task block; null for first-phase-unit, child-protection
            *_TASK,
            ("unit", _TEXT),  # organisation OID
            ("services", pa.list_(_TEXT)),  # codes 1222 of a producer's period
            *_date("start"),
            *_date("end"),
            ("pointer", _TEXT),
        ]
    ),
    # Facts of case documents.
    "case_fact": pa.schema(
        [
            ("document_key", _TEXT),
            ("case_id", _TEXT),  # asiatunnus
            ("name_code", _TEXT),  # code 1265
            ("state", _TEXT),  # code 1501
            ("joint", _FLAG),
            *_TASK,
            *_date("opened"),
            *_date("closed"),
            ("pointer", _TEXT),
        ]
    ),
    # Evidence in other client documents that a service was decided or received.
    "service_evidence": pa.schema(
        [
            ("document_key", _TEXT),
            # decision | decision-end | service-start | service-end | plan | received | agreement | payment-commitment |
            # assessment | summary | entry
            ("kind", _TEXT),
            ("outcome", _TEXT),  # code 1248 of a decision: 1 positive, 2 negative
            *_TASK,
            ("service_code", _TEXT),  # code 1222
            ("service_display", _TEXT),
            *_date("decided"),
            *_date("start"),
            *_date("end"),
            ("pointer", _TEXT),
        ]
    ),
    # A henkilötunnus that the content gives a client in place of the header's: whose the document is does not change.
    "content_identity": pa.schema([("document_key", _TEXT), ("identity_key", _TEXT), ("pointer", _TEXT)]),
    # What a client-relationship document calls its service units; free text, as far as it can be shown (unit_names.py).
    "unit_name": pa.schema([("document_key", _TEXT), ("oid", _TEXT), ("name", _TEXT)]),
    # functionCode of the header: service tasks a client document names.
    "document_task": pa.schema([("document_key", _TEXT), *_TASK, ("pointer", _TEXT)]),
    # Transfer frames: one row per document a frame names.
    "frame": pa.schema(
        [
            ("frame_key", _TEXT),  # SHA-256 of the frame's bytes, first half
            ("member_key", _TEXT),
            ("created_at", _MOMENT),
            ("interaction", _TEXT),
            ("request_code", _TEXT),  # service request, code 1503
            ("request_display", _TEXT),
            ("voiding", _FLAG),  # the request is a voiding one, by the table of voiding requests
            ("oid", _TEXT),
            ("set_id", _TEXT),
            ("version", _INT),
            ("message_root", _TEXT),  # the frame's own id, by which it is answered
            ("message_extension", _TEXT),
            ("sender", _TEXT),  # sender/device/id: `root` or `root:extension`
            ("replaces_oid", _TEXT),  # clinicalDocument/relatedDocument[@typeCode='RPLC'], or replacementOf
            ("replaces_set_id", _TEXT),
            ("replaces_version", _INT),
        ]
    ),
    # Answers of the archive: one row per `acknowledgement`.
    "acknowledgement": pa.schema(
        [
            ("answer_key", _TEXT),  # SHA-256 of the answer's bytes, first half
            ("member_key", _TEXT),
            ("ordinal", _INT),  # which of the answers in the message, from 1
            ("created_at", _MOMENT),
            ("interaction", _TEXT),
            ("type_code", _TEXT),  # AA | AE | AR | CA | CE | CR, or another; null: none given
            ("target_root", _TEXT),  # the id of the message that is answered
            ("target_extension", _TEXT),
        ]
    ),
    # What the archive says beside an answer's code.
    "acknowledgement_detail": pa.schema(
        [
            ("answer_key", _TEXT),
            ("member_key", _TEXT),
            ("ordinal", _INT),  # of the answer in the message
            ("place", _INT),  # of the detail in the answer, from 1
            ("type_code", _TEXT),  # E | W | I
            ("detail_code", _TEXT),
            ("detail_system", _TEXT),
            ("detail_text", _TEXT),  # only words that tell of no person, see analyser/archive/documents/wording.py
            ("detail_place", _TEXT),  # likewise
        ]
    ),
    # What could not be used, and why. The identifiers below are known when the header could be read.
    "quarantine": pa.schema(
        [
            ("member_key", _TEXT),
            ("content_hash", _TEXT),
            ("source", _TEXT),
            ("member", _TEXT),
            ("stage", _TEXT),  # read | container | parse | classify | header | body | content
            ("code", _TEXT),  # kebab-case, closed set, see analyser/archive/quarantine.py
            ("message", _TEXT),  # what and the remedy; free of identifiers
            ("place", _TEXT),  # line, XPath or JSON pointer; may be null
            ("oid", _TEXT),
            ("set_id", _TEXT),
            ("version", _INT),
            ("kind", _TEXT),  # document kind, when known
            ("organiser", _TEXT),
            ("stored_at", _MOMENT),  # header creationTime, else effectiveTime
            ("terms", _TEXT),  # hash of the limits, the level of validation and the version it was read under
        ]
    ),
    "quarantine_person": pa.schema(
        [
            ("member_key", _TEXT),
            ("identity_key", _TEXT),
            ("safety_restricted", _FLAG),  # the body tells of a turvakielto, as far as it can be read
        ]
    ),
}
