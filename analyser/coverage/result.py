"""The one Result: what a comparison found, immutable, in the contract's words. Faces only show it.

Figures per row are in docs/counting.md. The ledger may hold a million rows, so it stays an Arrow table.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

import pyarrow as pa

from analyser.coverage.condition_values import Condition
from analyser.coverage.names import Names
from analyser.coverage.published import References
from analyser.coverage.shares import share
from analyser.coverage.two_sources import TwoSources

COVERAGE_SCHEMA = "kanta-gap/coverage/1"
GAPS_SCHEMA = "kanta-gap/gaps/1"
QUARANTINE_SCHEMA = "kanta-gap/quarantine/1"


class Layer(StrEnum):
    """What an episode is an episode of."""

    SERVICE_TASK = "service-task"
    """A client of a service task."""
    CHILD_PROTECTION = "child-protection"
    """A child-protection client relationship, reported beside the service task."""


class RowClass(StrEnum):
    """How a register row ends, in order of precedence. Each row of a period has exactly one."""

    EXCLUDED = "excluded"
    """Not of the register: family law, another organiser, or a task marked out."""
    UNDETERMINED = "undetermined"
    """Two readings of the data give different classes: a person decides."""
    ARCHIVED = "archived"
    """Every day of the row inside the period is in the archive."""
    PARTIAL = "partial"
    """Some days are."""
    MISSING = "missing"
    """No day is."""


class Reason(StrEnum):
    """Why a row is in its class; members stand in the order in which they are told."""

    NO_DOCUMENT = "no-document"
    NO_CLIENT_DOCUMENT = "no-client-document"
    QUARANTINED_DOCUMENT = "quarantined-document"
    TEMPORARY_ID_ONLY = "temporary-id-only"
    OTHER_ORGANISER = "other-organiser"
    VOIDED = "voided"
    REFUSED = "refused"
    NOT_ACKNOWLEDGED = "not-acknowledged"
    SUPERSEDED = "superseded"
    NO_SERVICE_TASK = "no-service-task"
    UNIT_WITHOUT_TASK = "unit-without-task"
    DATES_OUTSIDE = "dates-outside"
    AFTER_AS_OF = "after-as-of"
    OLD_RELATIONSHIP_ONLY = "old-relationship-only"
    DATES_DIFFER = "dates-differ"
    NO_CASE_DOCUMENT = "no-case-document"
    EXCLUDED_FAMILY_LAW = "excluded-family-law"
    EXCLUDED_ORGANISER = "excluded-organiser"
    EXCLUDED_TASK = "excluded-task"
    PARTIAL_DATE = "partial-date"
    END_BEFORE_START = "end-before-start"
    VERSION_CONFLICT = "version-conflict"
    UNKNOWN_SERVICE_TASK = "unknown-service-task"


class Acknowledgements(StrEnum):
    """What the archive's answers decide (setting `acknowledgements`)."""

    WHEN_PRESENT = "when-present"
    """A refused document does not count; one without an answer does, and that is told."""
    REQUIRED = "required"
    """Where a sender got answers in a month, its documents of that month count only when they are acknowledged."""
    IGNORE = "ignore"
    """Nothing, as if none had been read."""


class CellStatus(StrEnum):
    """What a cell of the coverage table says at a glance."""

    COVERED = "covered"
    """Every row of the denominator is archived."""
    GAP = "gap"
    """At least one row is partial or missing."""
    NO_BASIS = "no-basis"
    """No row that could be archived: nothing to divide by."""
    UNDETERMINED = "undetermined"
    """No gap, but at least one row a person must decide."""
    SUPPRESSED = "suppressed"
    """Left out of a report that is shared; null in JSON."""


class Dimension(StrEnum):
    """What coverage can be broken down by (`--by`)."""

    SERVICE_TASK = "service-task"
    MUNICIPALITY = "municipality"
    UNIT = "unit"
    PRODUCER = "producer"
    AGE_GROUP = "age-group"
    LAYER = "layer"

    @property
    def key(self) -> str:
        """The JSON key and SQL column of the dimension."""
        return self.value.replace("-", "_")


@dataclass(frozen=True, slots=True)
class Period:
    """A follow-up period. `assumed` when it is a calendar quarter and not from the user's periods file."""

    id: str
    start: dt.date
    end: dt.date
    deadline: dt.date | None = None
    assumed: bool = True


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of rows, days and persons, and the three coverages (None when the denominator is 0)."""

    rows: int = 0
    excluded: int = 0
    undetermined: int = 0
    archived: int = 0
    partial: int = 0
    missing: int = 0
    archived_only: int = 0
    days_expected: int = 0
    days_archived: int = 0
    persons_expected: int = 0
    persons_archived: int = 0

    @property
    def coverage_rows(self) -> float | None:
        """Archived rows of those that are archived, partial or missing."""
        return share(self.archived, self.archived + self.partial + self.missing)

    @property
    def coverage_days(self) -> float | None:
        """Archived days of the days expected."""
        return share(self.days_archived, self.days_expected)

    @property
    def coverage_persons(self) -> float | None:
        """Persons all of whose rows are archived, of the persons expected."""
        return share(self.persons_archived, self.persons_expected)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the coverage table: its place in the dimensions asked for, its totals, its status."""

    place: tuple[tuple[str, str | None], ...]
    totals: Totals
    status: CellStatus


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many rows of a class carry a reason."""

    row_class: RowClass
    reason: Reason
    rows: int


@dataclass(frozen=True, slots=True)
class Documents:
    """What became of the documents; the standings add up to `ingested`.

    Documents stored after the as-of date count as not ingested.
    """

    ingested: int
    current: int
    superseded: int
    voided: int
    quarantined: int
    refused: int = 0
    """Never archived, by the archive's own answer."""
    not_acknowledged: int = 0
    """Without an answer, where the setting asks for one."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Documents that the archive refused with one code (AE, AR …) and the code of its first detail."""

    code: str
    detail: str | None
    documents: int


@dataclass(frozen=True, slots=True)
class Answers:
    """What the archive answered; the four counts of documents are all that are not quarantined."""

    setting: Acknowledgements
    read: int
    """Answers read, each counted once."""
    to_unknown: int
    """Of them those to a message that no frame here has."""
    unproving: int
    """Of them those whose code proves nothing: CA, and codes that are not known."""
    disagreeing: int
    """Messages with answers that contradict each other; the latest stands."""
    acknowledged: int
    refused: int
    unanswered: int
    no_answers: int
    """Documents of a sender and month without any answer."""
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class SeparateDelivery:
    """Whether anything must be delivered separately, and how many episodes."""

    needed: bool
    episodes: int
    undetermined: int
    refused: int
    """Rows of the county's lists that could not be read, of this period as far as is known: they have no class."""
    period: Condition
    service_tasks: Condition
    population: Condition
    refused_lists: tuple[tuple[str, int], ...] = ()
    """Of them those of other lists than the episodes, by kind: identities, codes, periods, units …"""


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """What a result came from, 16 hex characters each: why another one is another (coverage/fingerprints.py)."""

    tool: str
    """The SQL of the comparison and of what rules read, and the versions of the reader that read the documents."""
    settings: str
    """What was asked, and how the documents were read: open ends, checks."""
    data: str
    """What was read and loaded."""


@dataclass(frozen=True, slots=True)
class Stale:
    """What the comparison rests on and ends before the period does."""

    documents: dt.date | None = None
    """Day on which the newest document was stored, when that is before the period's last day."""
    lists: tuple[tuple[str, dt.date], ...] = ()
    """Lists of episodes loaded while the period went on: the file, and the day in Finland."""
    newest: dt.date | None = None
    """Day on which the newest document was stored, whenever that was."""
    begun: dt.date | None = None
    """The newest start in the county's list of episodes: how far its extract reaches."""


@dataclass(frozen=True, slots=True)
class CoverageResult:
    """Everything a coverage report shows."""

    period: Period
    as_of: dt.date | None
    organisers: tuple[str, ...]
    by: tuple[Dimension, ...]
    separate_delivery: SeparateDelivery
    totals: Totals
    cells: tuple[Cell, ...]
    reasons: tuple[ReasonCount, ...]
    documents: Documents
    names: Names
    register_errors: int
    """Register rows that could not be loaded, over all files."""
    answers: Answers
    sources: TwoSources | None = None
    """What Kanta and the separate deliveries bring to the register."""
    shared: int | None = None
    """For a report to be shared: counts below this are left out (coverage/sharing.py)."""
    county_name: str = ""
    """What the county is called in titles; empty: not said."""
    settings: tuple[tuple[str, str], ...] = ()
    """Settings that decide what is counted and are not as they come (cli/deciding.py): name and value."""
    fingerprints: Fingerprints | None = None
    """What it came from; None where nobody asked."""
    reference: References | None = None
    """None when no published figures are loaded."""
    beyond_limit: tuple[str, ...] = ()
    """Rows that are undetermined because there are more readings of their person's documents than are gone through."""
    stale: Stale = Stale()
    """What ends before the period does."""


# The ledger's columns, in the contract's order.
LEDGER_SCHEMA = pa.schema(
    [
        ("source_id", pa.string()),
        ("person_key", pa.string()),
        ("layer", pa.string()),
        ("service_task", pa.string()),
        ("organiser", pa.string()),
        ("unit", pa.string()),
        ("municipality", pa.string()),
        ("start", pa.string()),
        ("end", pa.string()),
        ("class", pa.string()),
        ("reasons", pa.list_(pa.string())),
        ("days_expected", pa.int64()),
        ("days_archived", pa.int64()),
        ("documents", pa.list_(pa.string())),
    ]
)
# With --reveal-ids these follow person_key.
REVEALED_COLUMNS = ("person_id", "person_id_root")

ARCHIVED_ONLY_SCHEMA = pa.schema(
    [
        ("person_key", pa.string()),
        ("layer", pa.string()),
        ("service_task", pa.string()),
        ("start", pa.string()),
        ("end", pa.string()),
        ("documents", pa.list_(pa.string())),
    ]
)


@dataclass(frozen=True, slots=True)
class GapsResult:
    """The ledger of a period. `rows` is sorted by source_id; `revealed` says that it holds identifiers."""

    period: Period
    rows: pa.Table
    archived_only: pa.Table
    revealed: bool = False
    names: Names = field(default_factory=Names)
    refused: int = 0
    """Rows of the county's lists that could not be read, beside these."""
    refused_lists: tuple[tuple[str, int], ...] = ()
    """Of them those of other lists than the episodes, by kind."""
    county_name: str = ""
    as_of: dt.date | None = None
    settings: tuple[tuple[str, str], ...] = ()
    """Settings that decide what is counted and are not as they come (cli/deciding.py): name and value."""
    fingerprints: Fingerprints | None = None
    """What it came from; None where nobody asked."""
    beyond_limit: tuple[str, ...] = ()
    """Rows that are undetermined because there are more readings of their person's documents than are gone through."""
    narrowed_by: tuple[str, ...] = ()
    """What the rows were narrowed to, beside their class; no identifiers."""
    stale: Stale = Stale()
    """What ends before the period does."""
