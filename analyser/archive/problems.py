"""Defects of a document that reading tolerates: a closed set, kept with the document for the rules to find."""

from __future__ import annotations

from enum import StrEnum


class Problem(StrEnum):
    """What is odd about a document that is used all the same."""

    MISSING_SET_ID = "missing-set-id"
    """No setId: the document is a set of its own."""
    MISSING_VERSION = "missing-version"
    """No version number that can be read: one more than the replaced version, else 1."""
    MISSING_ORGANISER = "missing-organiser"
    """No organiser in the header or the content, and no custodian."""
    ID_WITH_NULL_FLAVOR = "id-with-null-flavor"
    """The document's id is marked as absent and is there."""
    SEVERAL_CLIENTS = "several-clients"
    """More than one recordTarget."""
    PERSON_WITHOUT_IDENTIFIER = "person-without-identifier"
    """A client without any identifier: lawful, but cannot be matched."""
    CONTENT_ID_DIFFERS = "content-id-differs"
    """Header and content give the client different henkilötunnus; the header's counts."""
    BIRTH_DATE_DIFFERS = "birth-date-differs"
    """Header and content give the client different birth dates; the header's counts."""
    RELATIONSHIP_ID_DIFFERS = "relationship-id-differs"
    """Header and content name different client relationships; the header's counts."""
    DUPLICATE_KEY = "duplicate-key"
    """The content says the same thing twice: under one key, or in several `json` elements."""
    WRONG_CODE_SYSTEM = "wrong-code-system"
    """A service task with a code of another code system than 1221."""
    PERIOD_WITHOUT_START = "period-without-start"
    """A period that has no start covers nothing."""
    PERIOD_REVERSED = "period-reversed"
    """A period that ends before it starts covers nothing."""
    OPEN_END = "open-end"
    """A date that means "no end yet" stands where an end is due, and is read as an open end."""
    OPEN_END_AS_START = "open-end-as-start"
    """Such a date, or a year that nobody lives to see, stands where a start is due, and is read as no start."""
    DEFINITION_NOT_AVAILABLE = "definition-not-available"
    """Validation was asked for, and the content's definition is not in the folder given."""
