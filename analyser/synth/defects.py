"""What can be wrong in a synthetic county: a closed set, each with its meaning and how often it occurs."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from analyser.errors import UsageError


class Defect(StrEnum):
    """One thing that is wrong with one person's documents or register rows, or with the archive."""

    # Files that cannot be used.
    BROKEN_XML = "broken-xml"
    """The client-relationship document breaks off in the middle of an element."""
    BROKEN_JSON = "broken-json"
    """The client-relationship document's content is cut off JSON."""
    BAD_BASE64 = "bad-base64"
    """The client-relationship document's content is no Base64."""
    PDF_ONLY = "pdf-only"
    """The client-relationship document is a PDF without content."""
    HEALTHCARE_DOCUMENT = "healthcare-document"
    """A healthcare document among the person's own."""
    NOT_XML = "not-xml"
    """A text file among the documents."""
    ENTITY_BOMB = "entity-bomb"
    """A file that declares entities upon entities."""
    FRAME_WITHOUT_DOCUMENT = "frame-without-document"
    """A transfer frame whose document is not in the archive."""

    # Versions and moments.
    VERSION_CONFLICT = "version-conflict"
    """Two documents with one set id and version, and different periods."""
    VOID_BY_EMPTY_VERSION = "void-by-empty-version"
    """The newest version has no body: the document is voided."""
    VOIDED = "voided"
    """A transfer frame voids the client-relationship document."""
    SUPERSEDED = "superseded"
    """The newest version covers fewer days than the one before."""
    CHAIN_GAP = "chain-gap"
    """The third version stands in the archive, the second does not."""
    STORED_LATE = "stored-late"
    """The documents were stored long after the period."""

    # Dates.
    PARTIAL_DATES = "partial-dates"
    """The archived period starts in a month, on a day that is not told."""
    REVERSED_PERIOD = "reversed-period"
    """The archived period ends before it starts."""
    DATES_OUTSIDE = "dates-outside"
    """The archived period starts later than the register's episode."""
    PURCHASED_SERVICE = "purchased-service"
    """The unit's period ends where the bought service starts; only the producer's period goes on."""
    DATES_DIFFER = "dates-differ"
    """The archived period covers more than the register's episode."""
    END_BEFORE_START = "end-before-start"
    """The register's episode ends before it starts."""

    # What is archived at all.
    NOT_ARCHIVED = "not-archived"
    """The archive has nothing of the person."""
    NO_CLIENT_DOCUMENT = "no-client-document"
    """The archive has a case document and an entry, but no client-relationship document."""
    NO_SERVICE_TASK = "no-service-task"
    """The client-relationship document names another service task only."""
    UNIT_WITHOUT_TASK = "unit-without-task"
    """The client-relationship document has first-phase periods without a service task."""
    CHILD_PROTECTION_WITHOUT_DATES = "child-protection-without-dates"
    """The service task is archived, the child-protection client relationship is not."""
    OLD_RELATIONSHIP = "old-relationship"
    """Only a document marked vanha_asiakkuus covers the episode."""
    NO_CASE_DOCUMENT = "no-case-document"
    """No case document of the service task."""
    OTHER_ORGANISER = "other-organiser"
    """The client-relationship document is another organiser's."""
    TEMPORARY_ID_ONLY = "temporary-id-only"
    """The person is archived under a temporary identifier, which the register joins to the henkilötunnus."""
    ARCHIVED_ONLY = "archived-only"
    """The archive has an episode that the register lacks."""

    # The register.
    WRONG_CHECK_CHARACTER = "wrong-check-character"
    """The register's henkilötunnus has a wrong check character, so that it finds no document."""
    UNKNOWN_TASK = "unknown-task"
    """The register's service task is none that is known."""
    FAMILY_LAW = "family-law"
    """An episode of family law, which the register does not collect in its first phase."""
    EXCLUDED_ORGANISER = "excluded-organiser"
    """An episode of an organiser outside the settings' scope."""
    EXCLUDED_TASK = "excluded-task"
    """An episode of a service task that the codes file marks as not collected."""

    # Peculiarities of real documents that change no class.
    TEMPORARY_ID_TOO = "temporary-id-too"
    """Both identifiers; the temporary one has a wrong check character and another birth date."""
    FORMER_UNIT = "former-unit"
    """The unit carries the OID of the municipality that had it before the county."""


# Persons of 200. The rest, about four of five, have everything in order.
WEIGHTS: dict[Defect, int] = dict.fromkeys(Defect, 1) | {
    Defect.NOT_ARCHIVED: 3,
    Defect.PURCHASED_SERVICE: 3,
    Defect.NO_CASE_DOCUMENT: 2,
    Defect.DATES_OUTSIDE: 2,
    Defect.TEMPORARY_ID_TOO: 3,
    Defect.FORMER_UNIT: 2,
    Defect.FAMILY_LAW: 2,
}


def chosen(names: Sequence[str] | None) -> tuple[Defect, ...]:
    """The defects that are asked for: all for None or `all`. Raises UsageError for an unknown name."""
    if names is None or "all" in names:
        return tuple(Defect)
    known = {defect.value: defect for defect in Defect}
    for name in names:
        if name not in known:
            raise UsageError(f"there is no defect ‘{name}’", f"known are: all, {', '.join(known)}")
    return tuple(defect for defect in Defect if defect.value in names)


def block(size: int, defects: Sequence[Defect]) -> list[Defect | None]:
    """Who has which defect among `size` persons (None: everything in order), before shuffling.

    Each defect occurs at least once when there is a person for it.
    """
    once: list[Defect | None] = list(defects)
    more = [defect for defect in defects for _ in range(WEIGHTS[defect] * size // 200 - 1)]
    mixed = (once + more)[:size]
    return mixed + [None] * (size - len(mixed))
