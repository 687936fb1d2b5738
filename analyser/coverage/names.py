"""What service tasks, units and producers are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TaskName:
    """How a service task is called, for faces. `service_task` is its name in results."""

    service_task: str
    key: str | None
    name_fi: str | None
    name_sv: str | None


@dataclass(frozen=True, slots=True)
class UnitName:
    """How a service unit or a producer is called: by the county's own list, else by documents."""

    name_fi: str | None
    name_sv: str | None
    contact: str | None
    listed: bool
    """Whether the county's own list has it."""


@dataclass(frozen=True, slots=True)
class Names:
    """How service tasks, units and producers are called, for faces."""

    tasks: tuple[TaskName, ...] = ()
    units: Mapping[str, UnitName] = field(default_factory=dict)
    """By OID."""

    def listed(self, oid: str | None) -> bool:
        """Whether the county's own list has a unit: one that only documents name gets no column for that."""
        found = self.units.get(oid or "")
        return found is not None and found.listed
