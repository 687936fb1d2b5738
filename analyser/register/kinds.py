"""The kinds of register files: their columns, and the table and key each has in the store."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a kind: those a file must have, and those it may have."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    table: str
    key: tuple[str, ...]

    @property
    def known(self) -> tuple[str, ...]:
        """All columns that are read."""
        return self.required + self.optional


class RegisterKind(StrEnum):
    """What a register file holds."""

    EPISODES = "episodes"
    """Client episodes: what the coverage is counted on."""
    SERVICES = "services"
    """Decisions and services received: the supplementary part."""
    POPULATION = "population"
    """Population by municipality, year and age group."""
    IDENTITIES = "identities"
    """Two identifiers of one person."""
    CODES = "codes"
    """Service tasks: national codes, own keys, names, whether the register collects them."""
    PERIODS = "periods"
    """Follow-up periods with their deadlines."""
    UNITS = "units"
    """Service units and producers: what they are called, whom to ask, and when they work."""
    REFERENCE = "reference"
    """Published figures, to set own counts beside."""

    @property
    def columns(self) -> Columns:
        """The columns of this kind."""
        return _COLUMNS[self]

    @property
    def table(self) -> str:
        """Its table in the store."""
        return _COLUMNS[self].table

    @property
    def key(self) -> tuple[str, ...]:
        """The table's natural key: a row with a known key replaces the one before."""
        return _COLUMNS[self].key


_COLUMNS = {
    RegisterKind.EPISODES: Columns(
        ("source_id", "person_id", "start", "organiser"),
        (
            "person_id_root",
            "layer",
            "service_task",
            "end",
            "unit",
            "producer",
            "municipality",
            "birth_date",
            "safety_restricted",
        ),
        "register_episode",
        ("source_id",),
    ),
    RegisterKind.SERVICES: Columns(
        ("source_id", "person_id", "kind", "organiser"),
        ("person_id_root", "service_task", "social_service", "decided", "start", "end"),
        "register_service",
        ("source_id",),
    ),
    RegisterKind.POPULATION: Columns(
        ("municipality", "year", "population"),
        ("age_group",),
        "register_population",
        ("municipality", "year", "age_group"),
    ),
    RegisterKind.IDENTITIES: Columns(
        ("person_id", "same_as_id"),
        ("person_id_root", "same_as_root", "from"),
        "register_identity",
        ("identity_key", "same_as_key"),
    ),
    RegisterKind.CODES: Columns(
        ("code", "key"), ("name_fi", "name_sv", "in_register"), "register_code", ("code", "key")
    ),
    RegisterKind.PERIODS: Columns(("period", "start", "end"), ("deadline",), "register_period", ("period",)),
    RegisterKind.UNITS: Columns(
        ("oid",), ("name_fi", "name_sv", "kind", "contact", "start", "end"), "register_unit", ("oid",)
    ),
    RegisterKind.REFERENCE: Columns(
        ("period", "indicator", "value"),
        ("layer", "service_task", "municipality", "source"),
        "register_reference",
        ("period", "layer", "service_task", "municipality", "indicator", "origin"),
    ),
}
# What tells the kinds apart: the first whose columns are all there. `services` has all that `episodes` has and more.
RECOGNISED_BY: dict[RegisterKind, frozenset[str]] = {
    RegisterKind.SERVICES: frozenset({"source_id", "person_id", "kind"}),
    RegisterKind.EPISODES: frozenset({"source_id", "person_id", "start"}),
    RegisterKind.IDENTITIES: frozenset({"person_id", "same_as_id"}),
    RegisterKind.POPULATION: frozenset({"municipality", "population"}),
    RegisterKind.PERIODS: frozenset({"period", "start", "end"}),
    RegisterKind.CODES: frozenset({"code", "key"}),
    RegisterKind.REFERENCE: frozenset({"period", "indicator", "value"}),
    RegisterKind.UNITS: frozenset({"oid"}),
}
KNOWN_COLUMNS = tuple(dict.fromkeys(name for kind in RegisterKind for name in kind.columns.known))
"""Columns of any kind: no other is ever held in memory."""
AGE_GROUPS = frozenset({"0-17", "18-64", "65-74", "75-84", "85+"})
SERVICE_KINDS = frozenset({"decision-positive", "decision-negative", "service"})
INDICATORS = frozenset({"clients", "episodes"})
UNIT_KINDS = frozenset({"unit", "producer"})
LAYERS = frozenset({"service-task", "child-protection"})
YES = frozenset({"yes", "y", "t", "kyllä", "ja", "true", "1"})
NO = frozenset({"no", "n", "f", "ei", "nej", "false", "0"})
