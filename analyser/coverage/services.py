"""The ledger of supplementary services: decisions and services of the register against what documents tell of them.

The same discipline as the episodes' ledger: every row of the period has one class, and every class but `archived` a
reason out of a closed set (`not-acknowledged` also stands on `archived`). There is no `partial`: a decision, or a
service, is evidenced, or it is not.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from analyser.coverage.carried import with_carried
from analyser.coverage.measure import refused
from analyser.coverage.model import Model
from analyser.coverage.result import Period, RowClass

SERVICES_SCHEMA = "kanta-gap/services/1"


class ServiceReason(StrEnum):
    """Why a decision or service is in its class; the first that holds is told."""

    EXCLUDED_FAMILY_LAW = "excluded-family-law"
    EXCLUDED_ORGANISER = "excluded-organiser"
    EXCLUDED_TASK = "excluded-task"
    NO_DATE = "no-date"
    """Undetermined: the row has neither a decision day nor a start."""
    END_BEFORE_START = "end-before-start"
    UNKNOWN_SERVICE_TASK = "unknown-service-task"
    VERSION_CONFLICT = "version-conflict"
    """Undetermined: documents with one version number and different content do not agree."""
    PARTIAL_DATE = "partial-date"
    UNKNOWN_OUTCOME = "unknown-outcome"
    """Undetermined: the decision's outcome is neither positive nor negative by its code."""
    REFUSED = "refused"
    """Missing: the archive refused a document that would bear the row out, or every client document of the person."""
    NOT_ACKNOWLEDGED = "not-acknowledged"
    """The same of documents without an answer, where one is required; also on archived rows whose document has none."""
    OTHER_OUTCOME = "other-outcome"
    """Missing: the same decision is archived with the opposite outcome."""
    DATES_OUTSIDE = "dates-outside"
    OTHER_SERVICE = "other-service"
    NO_SERVICE_TASK = "no-service-task"
    """Missing: documents tell of such services, but of other service tasks."""
    OTHER_ORGANISER = "other-organiser"
    QUARANTINED_DOCUMENT = "quarantined-document"
    NO_DOCUMENT = "no-document"
    NO_EVIDENCE = "no-evidence"
    """Missing: the person has documents, none of which tells of such a service."""


LEDGER = pa.schema(
    [
        ("source_id", pa.string()),
        ("person_key", pa.string()),
        ("person_id", pa.string()),
        ("person_id_root", pa.string()),
        ("kind", pa.string()),
        ("service_task", pa.string()),
        ("social_service", pa.string()),
        ("organiser", pa.string()),
        ("decided", pa.string()),
        ("start", pa.string()),
        ("end", pa.string()),
        ("class", pa.string()),
        ("reason", pa.string()),
        ("documents", pa.list_(pa.string())),
    ]
)
_REVEALED = ("person_id", "person_id_root")


@dataclass(frozen=True, slots=True)
class ServicesResult:
    """The services ledger of a period. `rows` is sorted by source_id; `revealed` says that it holds identifiers."""

    period: Period
    rows: pa.Table
    classes: tuple[tuple[RowClass, int], ...]
    """Rows of each class, whatever classes were asked for."""
    revealed: bool = False
    refused: int = 0
    """Rows of the county's list of services that could not be read, beside these."""
    refused_lists: tuple[tuple[str, int], ...] = ()
    """Of them those of other lists, by kind."""
    county_name: str = ""


def services(model: Model, classes: Collection[RowClass] = (), *, reveal: bool = False) -> ServicesResult:
    """The services ledger; with `classes` only rows of those."""
    rows = model.table("services", {"classes": [str(c) for c in classes]})
    counts = dict(model.rows("services-by-class"))
    unread = refused(model)
    return ServicesResult(
        period=model.period,
        rows=with_carried(
            model,
            rows.cast(LEDGER) if reveal else rows.cast(LEDGER).drop_columns(list(_REVEALED)),
            classes,
            "services",
        ),
        classes=tuple((c, counts.get(c.value, 0)) for c in RowClass if c is not RowClass.PARTIAL),
        revealed=reveal,
        refused=unread.beside_services,
        refused_lists=unread.lists,
    )
